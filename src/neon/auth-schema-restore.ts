import { Problem } from '../core/problem.ts'
import type { SendChecked } from '../network/messages.ts'
import { pollUntil } from '../network/poll.ts'
import type { FoundBranch } from './branches.ts'
import type { NeonClient } from './client.ts'
import type { UnsharedPart } from './copy-plan.ts'
import {
  copyStatement,
  countRows,
  type PreparedCopy,
  prepareCopy,
  type RowCounts,
  readConfigRow,
  readTables,
} from './copy-rows.ts'
import { movedName } from './moved-name.ts'
import * as moved from './moved-schema.ts'
import {
  type DatabasesContext,
  type OpenDatabase,
  openDatabases,
  type WriteContext,
  withBeforeWrite,
  withSqlContext,
} from './open-databases.ts'
import { findSchemaWithoutConfig } from './orphan-schema.ts'
import { openDatabase, type Sql } from './sql.ts'

const withRestoreContext = <T>(
  { name, id }: FoundBranch,
  task: string,
  fix: string,
  work: () => Promise<T>,
): Promise<T> => {
  const what = `Could not ${task} on branch ${name} (${id}).`
  const why =
    "the branch's compute cannot be reached from this runner, or the database's owner may not change the schema neon_auth"
  return withSqlContext(what, { what, why, fix }, work)
}

const findByOid = async (
  { id }: FoundBranch,
  database: OpenDatabase,
  oid: string,
): Promise<moved.MovedSchema | undefined> =>
  (await moved.findMoved(id, database)).find((schema) => schema.oid === oid)

/**
 * Finds the schemas of unfinished restores on this branch, newest first. Throws `Problem` if Neon or Postgres
 * refuses.
 */
export const findMovedSchemas = (
  neon: NeonClient,
  branch: FoundBranch,
  context: DatabasesContext,
): Promise<moved.MovedSchema[]> =>
  withRestoreContext(
    branch,
    'look for auth data that a restore has moved aside',
    'run the job again, or set `on_orphan_schema: fail`',
    async () => {
      const databases = await openDatabases(neon, branch, context)
      const schemas = await Promise.all(
        databases.map((database) => moved.findMoved(branch.id, database)),
      )
      return schemas
        .flat()
        .filter(({ step }) => step === 'moved')
        .sort((a, b) => b.at.localeCompare(a.at))
    },
  )

/**
 * Renames the leftover `neon_auth` schema of a branch, and marks it for later runs. Does not rename a new
 * schema that another run created in its place. Returns `undefined` if it renamed none. Throws `Problem` if Neon or
 * Postgres refuses, or if several databases have one.
 */
export const moveSchemaAside = (
  neon: NeonClient,
  branch: FoundBranch,
  run: string,
  context: WriteContext,
): Promise<moved.MovedSchema | undefined> =>
  withRestoreContext(
    branch,
    'move the leftover neon_auth schema aside',
    'use `on_orphan_schema: recreate` if the data can be deleted, or delete the branch and create it again',
    async () => {
      const schema = await findSchemaWithoutConfig(neon, branch, context)
      if (!schema) return undefined
      const { database, oid } = schema
      const name = movedName(run, oid)
      const marker = {
        branch: branch.id,
        run,
        step: 'moved',
        at: new Date().toISOString(),
      } as const
      const sql = await openDatabase(neon, branch, database, withBeforeWrite(context))
      await moved.moveAside(sql, { oid, name, ...marker })
      const found = await findByOid(branch, schema, oid)
      // Under another name, another run has moved it.
      return found?.name === name ? found : undefined
    },
  )

/**
 * Renames a moved schema back to `neon_auth`, unless it is gone. Returns `false` if there is a new `neon_auth` schema,
 * which keeps the name. Throws `Problem` if Neon or Postgres refuses.
 */
export const moveSchemaBack = (
  neon: NeonClient,
  branch: FoundBranch,
  schema: moved.MovedSchema,
  context: WriteContext,
): Promise<boolean> =>
  withRestoreContext(
    branch,
    `rename the schema ${schema.name} back to neon_auth`,
    `run this job again with \`on_orphan_schema: restore\`. Nothing is lost: the data is in the schema ${schema.name} of the database ${schema.database.name}`,
    async () => {
      const { database, oid } = schema
      const sql = await openDatabase(neon, branch, database, withBeforeWrite(context))
      await moved.moveBack(sql, schema)
      const readSql = await openDatabase(neon, branch, database, context)
      return (await findByOid(branch, { database, sql: readSql }, oid)) === undefined
    },
  )

/** The content of a moved schema. */
export interface MovedContent {
  readonly rows: RowCounts
  /** The configuration row, if the schema has one. */
  readonly config?: Record<string, unknown>
}

/** Reads the content of a moved schema. Throws `Problem` if Neon or Postgres refuses. */
export const readMovedSchema = (
  neon: NeonClient,
  branch: FoundBranch,
  { database, name }: moved.MovedSchema,
  context: DatabasesContext,
): Promise<MovedContent> =>
  withRestoreContext(branch, `read the schema ${name}`, 'run the job again', async () => {
    const sql = await openDatabase(neon, branch, database, context)
    const tables = (await readTables(sql, name)).map((table) => table.name)
    const [rows, config] = await Promise.all([
      countRows(sql, name, tables),
      readConfigRow(sql, name),
    ])
    return { rows, ...(config && { config }) }
  })

/** The tables that Neon Auth always has after its setup. */
const CORE_TABLES: ReadonlySet<string> = new Set(['user', 'account', 'session', 'verification'])

const missingCoreTables = ({ leftBehind }: PreparedCopy): UnsharedPart[] =>
  leftBehind.filter(({ table, column }) => column === undefined && CORE_TABLES.has(table))

/** How long to wait for Neon to create the tables after auth was enabled, in ms. */
const SETUP_MS = 30_000

/**
 * Waits until the new schema has every core table for which there is data to copy, and plans the copy. Throws
 * `Problem` if one stays missing.
 */
const prepareWhenReady = async (
  sql: Sql,
  schema: moved.MovedSchema,
  branch: FoundBranch,
  { deadline }: DatabasesContext,
): Promise<PreparedCopy> => {
  const { name, database } = schema
  const { value: prepared } = await pollUntil({
    attempt: async () => {
      const value = await prepareCopy(sql, schema)
      return { done: missingCoreTables(value).length === 0, value }
    },
    deadline,
    patienceMs: SETUP_MS,
    waitingFor: 'waiting for the tables of Neon Auth',
  })
  const missing = missingCoreTables(prepared)
  if (missing.length === 0) return prepared
  throw new Problem({
    what: `Could not copy the auth data back on branch ${branch.name} (${branch.id}): the new neon_auth schema in the database ${database.name} lacks the tables that the data needs: ${missing.map(({ table }) => table).join(', ')}.`,
    why: 'Neon is still setting it up, or auth was enabled in another database',
    fix: `run this job again in a minute. Nothing is lost: the data from before the close is in the schema ${name} of the database ${database.name}`,
  })
}

/** The result of copying the rows of a moved schema. */
export interface RestoreResult {
  /** `kept` if the moved schema has data or objects that were not copied, or if other objects depend on it. */
  readonly outcome: 'dropped' | 'kept'
  /** The tables and columns with data that was not copied. */
  readonly leftBehind: readonly UnsharedPart[]
}

/**
 * Copies the rows of a moved schema into `neon_auth` and drops the moved schema, in one transaction. If
 * Postgres refuses, both schemas stay unchanged. Throws `Problem` if Neon or Postgres refuses, or if a row
 * is missing after the copy.
 */
export const restoreRows = (
  neon: NeonClient,
  branch: FoundBranch,
  schema: moved.MovedSchema,
  context: WriteContext,
): Promise<RestoreResult> =>
  withRestoreContext(
    branch,
    `copy the auth data back from the schema ${schema.name}`,
    `run this job again. If it fails again, look at that schema in the Neon Console (SQL Editor). Nothing is lost: the data from before the close is in the schema ${schema.name} of the database ${schema.database.name}. To discard the data, drop that schema and run this job again`,
    async () => {
      const { database, oid } = schema
      const readSql = await openDatabase(neon, branch, database, context)
      const prepared = await prepareWhenReady(readSql, schema, branch, context)
      // Neon may cancel the statement if the request times out, so give it most of the remaining time.
      const send: SendChecked = (request) => context.send({ ...request, isLongRunning: true })
      const sql = await openDatabase(neon, branch, database, withBeforeWrite({ ...context, send }))
      await sql(copyStatement(schema, prepared))
      const kept = await findByOid(branch, { database, sql: readSql }, oid)
      return { outcome: kept ? 'kept' : 'dropped', leftBehind: prepared.leftBehind }
    },
  )
