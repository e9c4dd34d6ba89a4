import { Problem } from '../core/problem.ts'
import type { Send } from '../network/messages.ts'
import { pollUntil } from '../network/poll.ts'
import type { FoundBranch } from './branches.ts'
import type { NeonClient } from './client.ts'
import type { Unshared } from './copy-plan.ts'
import {
  type CopyPreview,
  copyStatement,
  countRows,
  previewCopy,
  type RowCounts,
  readConfigRow,
  readTables,
} from './copy-rows.ts'
import { movedName } from './moved-name.ts'
import * as moved from './moved-schema.ts'
import { type DatabasesContext, openDatabases, overSql } from './open-databases.ts'
import { type AuthSchema, findSchema } from './orphan-schema.ts'
import { openDatabase, type Sql } from './sql.ts'

/** Dependencies for a statement that changes something. */
export interface WriteContext extends DatabasesContext {
  /** Awaited right before every attempt of that statement. What it throws ends the attempt. */
  readonly beforeWrite: () => Promise<void>
}

const restoring = <T>(
  { name, id }: FoundBranch,
  what: string,
  fix: string,
  work: () => Promise<T>,
): Promise<T> => {
  const failed = `Could not ${what} on branch ${name} (${id}).`
  const why =
    "the branch's compute cannot be reached from this runner, or the database's owner may not change the schema neon_auth"
  return overSql(failed, { what: failed, why, fix }, work)
}

/** The same context, whose statements await `beforeWrite` right before every attempt. */
const confirming = ({ beforeWrite, ...context }: WriteContext): DatabasesContext => ({
  ...context,
  send: (call) => context.send({ ...call, beforeAttempt: beforeWrite }),
})

const RECREATE = 'use `on_orphan_schema: recreate` if the data may go, or'

/**
 * Finds what a restore has moved aside on this branch and not finished, the newest first. Throws
 * `Problem` if Neon or Postgres refuses.
 */
export const findMovedSchemas = (
  neon: NeonClient,
  branch: FoundBranch,
  context: DatabasesContext,
): Promise<moved.MovedSchema[]> =>
  restoring(
    branch,
    'look for auth data that a restore has moved aside',
    'run the job again, or set `on_orphan_schema: fail`',
    async () => {
      const open = await openDatabases(neon, branch, context)
      const found = await Promise.all(open.map((one) => moved.findMoved(branch, one)))
      return found.flat().filter(({ step }) => step === 'moved')
    },
  )

/**
 * Renames the leftover `neon_auth` schema of a branch, with a marker for the runs that come after.
 * A schema that another run made in its place meanwhile is not touched. `undefined`: there is none.
 * Throws `Problem` if Neon or Postgres refuses, and if several databases hold one.
 */
export const moveSchemaAside = (
  neon: NeonClient,
  branch: FoundBranch,
  run: string,
  context: WriteContext,
): Promise<moved.MovedSchema | undefined> =>
  restoring(
    branch,
    'move the leftover neon_auth schema aside',
    `${RECREATE} delete the branch and create it again`,
    async () => {
      const schema: AuthSchema | undefined = await findSchema(neon, branch, context)
      if (!schema) return undefined
      const { database, oid } = schema
      const name = movedName(run, oid)
      const marker = {
        branch: branch.id,
        run,
        step: 'moved',
        at: new Date().toISOString(),
      } as const
      const sql = await openDatabase(neon, branch, database, confirming(context))
      await moved.moveAside(sql, { oid, name, ...marker })
      const reading = await openDatabase(neon, branch, database, context)
      const found = await moved.findMoved(branch, { database, sql: reading })
      return found.find((one) => one.oid === oid)
    },
  )

/**
 * Gives a moved schema its name back. `false`: it still has the other one, as there is a new
 * `neon_auth` schema. Throws `Problem` if Neon or Postgres refuses.
 */
export const moveSchemaBack = (
  neon: NeonClient,
  branch: FoundBranch,
  schema: moved.MovedSchema,
  context: WriteContext,
): Promise<boolean> =>
  restoring(
    branch,
    `rename the schema ${schema.name} back to neon_auth`,
    `run this job again with \`on_orphan_schema: restore\`. Nothing is lost: the data is in the schema ${schema.name} of the database ${schema.database.name}`,
    async () => {
      const { database, oid } = schema
      await moved.moveBack(await openDatabase(neon, branch, database, confirming(context)), schema)
      const reading = await openDatabase(neon, branch, database, context)
      const found = await moved.findMoved(branch, { database, sql: reading })
      return !found.some((one) => one.oid === oid)
    },
  )

/** What a moved schema holds. */
export interface MovedContent {
  readonly rows: RowCounts
  /** The configuration row. Absent: it has none. */
  readonly config?: Record<string, unknown>
}

/** Reads what a moved schema holds. Throws `Problem` if Neon or Postgres refuses. */
export const readMovedSchema = (
  neon: NeonClient,
  branch: FoundBranch,
  { database, name }: moved.MovedSchema,
  context: DatabasesContext,
): Promise<MovedContent> =>
  restoring(branch, `read the schema ${name}`, 'run the job again', async () => {
    const sql = await openDatabase(neon, branch, database, context)
    const tables = (await readTables(sql, name)).map((table) => table.name)
    const [rows, config] = await Promise.all([
      countRows(sql, name, tables),
      readConfigRow(sql, name),
    ])
    return { rows, ...(config && { config }) }
  })

/** The tables that every Neon Auth has, once it is set up. */
const CORE_TABLES: ReadonlySet<string> = new Set(['user', 'account', 'session', 'verification'])

const missingIn = ({ left }: CopyPreview): Unshared[] =>
  left.filter(({ table, column }) => column === undefined && CORE_TABLES.has(table))

/** How long Neon may take to set up the tables of auth that was just enabled, in ms. */
const SET_UP_MS = 30_000

/** Plans how to copy, once the new schema has its tables. */
const previewOnceSetUp = async (
  sql: Sql,
  schema: moved.MovedSchema,
  branch: FoundBranch,
  { deadline }: DatabasesContext,
): Promise<CopyPreview> => {
  const { name, database } = schema
  const { value: preview } = await pollUntil({
    attempt: async () => {
      const value = await previewCopy(sql, schema)
      return { done: missingIn(value).length === 0, value }
    },
    deadline,
    patienceMs: SET_UP_MS,
    waitingFor: 'waiting for the tables of Neon Auth',
  })
  const missing = missingIn(preview)
  if (missing.length === 0) return preview
  throw new Problem({
    what: `Could not copy the auth data back on branch ${branch.name} (${branch.id}): the new neon_auth schema in the database ${database.name} has no table ${missing.map(({ table }) => table).join(', ')}.`,
    why: 'Neon is still setting it up, or auth was enabled in another database',
    fix: `run this job again in a minute. Nothing is lost: the data from before the close is in the schema ${name} of the database ${database.name}`,
  })
}

/** How copying ended. `kept`: the moved schema is still there, as `left` or something else needs it. */
export interface Restored {
  readonly how: 'dropped' | 'kept'
  readonly left: readonly Unshared[]
}

/**
 * Copies the rows of a moved schema into `neon_auth` and drops it, in one transaction: what Postgres
 * refuses leaves both as they are. Throws `Problem` if Neon or Postgres refuses, also because a row
 * did not arrive.
 */
export const restoreRows = (
  neon: NeonClient,
  branch: FoundBranch,
  schema: moved.MovedSchema,
  context: WriteContext,
): Promise<Restored> =>
  restoring(
    branch,
    `copy the auth data back from the schema ${schema.name}`,
    `run this job again. If it fails again, look at that schema in the Neon Console (SQL Editor). Nothing is lost: the data from before the close is in the schema ${schema.name} of the database ${schema.database.name}. To give it up, drop that schema; then run this job again`,
    async () => {
      const { database, oid } = schema
      const reading = await openDatabase(neon, branch, database, context)
      const preview = await previewOnceSetUp(reading, schema, branch, context)
      // Neon may cancel a statement whose request is given up, so give it time.
      const send: Send = (call) => context.send({ ...call, takesLong: true })
      const copying = confirming({ ...context, send })
      const sql = await openDatabase(neon, branch, database, copying)
      await sql(copyStatement(schema, preview))
      const found = await moved.findMoved(branch, { database, sql: reading })
      const isKept = found.some((one) => one.oid === oid)
      return { how: isKept ? 'kept' : 'dropped', left: preview.left }
    },
  )
