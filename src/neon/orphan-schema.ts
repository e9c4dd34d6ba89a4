import { Problem } from '../core/problem.ts'
import type { FoundBranch } from './branches.ts'
import type { Database, NeonClient } from './client.ts'
import { UnexpectedResponseError } from './errors.ts'
import {
  type DatabasesContext,
  type OpenDatabase,
  openDatabases,
  overSql,
} from './open-databases.ts'
import { expectText, optionalText } from './response-checks.ts'
import { openDatabase, SQL_REQUEST, type Sql } from './sql.ts'

/** A `neon_auth` schema: its database, and its `oid` in Postgres. */
export interface AuthSchema {
  readonly database: Database
  readonly oid: string
  /** The compute that its configuration row names. Absent: it has no such row. */
  readonly endpointId?: string
}

const schemaIn = async ({ database, sql }: OpenDatabase): Promise<AuthSchema[]> => {
  const [row] = await sql("SELECT oid::text FROM pg_namespace WHERE nspname = 'neon_auth'")
  if (!row) return []
  const oid = expectText(SQL_REQUEST, row, 'oid')
  if (!/^\d+$/.test(oid)) throw new UnexpectedResponseError(SQL_REQUEST, '`oid` is not a number')
  return [{ database, oid }]
}

const endpointIdIn = async (sql: Sql): Promise<string | undefined> => {
  const [table] = await sql("SELECT to_regclass('neon_auth.project_config')::text AS name")
  if (!table || optionalText(SQL_REQUEST, table, 'name') === undefined) return undefined
  const [row] = await sql('SELECT endpoint_id::text FROM neon_auth.project_config LIMIT 1')
  return row && optionalText(SQL_REQUEST, row, 'endpoint_id')
}

/** Drops that very schema or none: another run may have replaced it by a new one of the same name. */
const drop = (sql: Sql, oid: string): Promise<unknown> =>
  sql(`DO $$ BEGIN
     IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'neon_auth' AND oid = ${oid}) THEN
       DROP SCHEMA IF EXISTS neon_auth CASCADE;
     END IF;
   END $$`)

const severalHold = (holding: readonly AuthSchema[], branch: FoundBranch): Problem =>
  new Problem({
    what: `Several databases of branch ${branch.name} (${branch.id}) hold a neon_auth schema: ${holding.map(({ database }) => database.name).join(', ')}.`,
    fix: 'say which one auth lives in with the input `database`',
  })

/** Finds the one `neon_auth` schema of a branch, without its configuration row. Throws as {@link findAuthSchema}. */
export const findSchema = async (
  neon: NeonClient,
  branch: FoundBranch,
  context: DatabasesContext,
): Promise<AuthSchema | undefined> => {
  const open = await openDatabases(neon, branch, context)
  const holding = (await Promise.all(open.map(schemaIn))).flat()
  if (holding.length > 1) throw severalHold(holding, branch)
  return holding[0]
}

const orphanOverSql = <T>(
  { name, id }: FoundBranch,
  what: string,
  work: () => Promise<T>,
): Promise<T> =>
  overSql(
    `Could not ${what} on branch ${name} (${id}).`,
    {
      what: `Could not read or drop the neon_auth schema on branch ${name} (${id}) over SQL.`,
      why: "the branch's compute cannot be reached from this runner, or the database's owner may not drop the schema",
      fix: 'run `DROP SCHEMA neon_auth CASCADE` on that branch in the Neon Console (SQL Editor), then run this again',
    },
    work,
  )

/**
 * Finds the `neon_auth` schema of a branch over SQL, and the compute that its configuration row
 * names. Throws {@link Problem} if several databases hold one, and if Postgres refuses.
 */
export const findAuthSchema = (
  neon: NeonClient,
  branch: FoundBranch,
  options: DatabasesContext,
): Promise<AuthSchema | undefined> =>
  orphanOverSql(branch, 'look for a neon_auth schema', async () => {
    const schema = await findSchema(neon, branch, options)
    if (!schema) return undefined
    const endpointId = await endpointIdIn(
      await openDatabase(neon, branch, schema.database, options),
    )
    return { ...schema, ...(endpointId !== undefined && { endpointId }) }
  })

/** What dropping a schema needs to know. */
export interface DropOptions extends DatabasesContext {
  /** Awaited right before every attempt to drop. What it throws ends the attempt. */
  readonly beforeDrop: () => Promise<void>
}

/**
 * Drops the `neon_auth` schema that a disabled integration left on `branch`: in `database`, or in
 * the one database that holds one. Its users and sessions are gone after that, so call it only if
 * the user spelled that out. A schema that another run made in its place meanwhile has another `oid`
 * and is not touched. `none`: no database holds one. Throws {@link Problem} if several databases hold
 * one, and if Postgres refuses.
 */
export const dropAuthSchema = (
  neon: NeonClient,
  branch: FoundBranch,
  { beforeDrop, ...options }: DropOptions,
): Promise<'dropped' | 'none'> =>
  orphanOverSql(branch, 'delete the leftover neon_auth schema', async () => {
    const schema = await findSchema(neon, branch, options)
    if (!schema) return 'none'
    const send: DropOptions['send'] = (call) => options.send({ ...call, beforeAttempt: beforeDrop })
    await drop(await openDatabase(neon, branch, schema.database, { ...options, send }), schema.oid)
    return 'dropped'
  })
