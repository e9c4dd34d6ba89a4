import { messageOf, Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { FoundBranch } from './branches.ts'
import type { Database, NeonClient } from './client.ts'
import { UnexpectedResponseError, withContext } from './errors.ts'
import { expectText, optionalText } from './response-checks.ts'
import { openDatabase, SQL_REQUEST, type Sql, type SqlContext } from './sql.ts'

/** A `neon_auth` schema: where it is, and which one it is, as Postgres numbers it. */
export interface AuthSchema {
  readonly database: Database
  readonly oid: string
  /** The compute that its configuration row names. Absent: it has no such row. */
  readonly endpointId?: string
}

const schemaIn = async (database: Database, sql: Sql): Promise<AuthSchema[]> => {
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

const sqlProblem = (error: unknown, branch: FoundBranch): unknown =>
  error instanceof Error && error.name === 'NeonDbError'
    ? new Problem({
        what: `Could not read or drop the neon_auth schema on branch ${branch.name} (${branch.id}) over SQL.`,
        response: `Postgres said: "${oneLine(messageOf(error))}"`,
        why: "the branch's compute cannot be reached from this runner, or the database's owner may not drop the schema",
        fix: 'run `DROP SCHEMA neon_auth CASCADE` on that branch in the Neon Console (SQL Editor), then run this again',
        cause: error,
      })
    : error

const severalHold = (holding: readonly AuthSchema[], branch: FoundBranch): Problem =>
  new Problem({
    what: `Several databases of branch ${branch.name} (${branch.id}) hold a neon_auth schema: ${holding.map(({ database }) => database.name).join(', ')}.`,
    fix: 'say which one auth lives in with the input `database`',
  })

/** What looking for a schema needs to know. */
export interface SchemaOptions extends SqlContext {
  /** The one database to look in. Absent: all of them. */
  readonly database: string | undefined
}

const findSchema = async (
  neon: NeonClient,
  branch: FoundBranch,
  { database, ...context }: SchemaOptions,
): Promise<AuthSchema | undefined> => {
  const all = await neon.listDatabases(branch.id)
  const candidates = all.filter(({ name }) => database === undefined || name === database)
  const look = async (one: Database): Promise<AuthSchema[]> =>
    schemaIn(one, await openDatabase(neon, branch, one, context))
  const holding = (await Promise.all(candidates.map(look))).flat()
  if (holding.length > 1) throw severalHold(holding, branch)
  return holding[0]
}

const overSql = async <T>(branch: FoundBranch, what: string, work: () => Promise<T>): Promise<T> =>
  withContext(`Could not ${what} on branch ${branch.name} (${branch.id}).`, async () => {
    try {
      return await work()
    } catch (error) {
      throw sqlProblem(error, branch)
    }
  })

/**
 * Finds the `neon_auth` schema of a branch over SQL, and the compute that its configuration row
 * names. Throws {@link Problem} if several databases hold one, and if Postgres refuses.
 */
export const findAuthSchema = (
  neon: NeonClient,
  branch: FoundBranch,
  options: SchemaOptions,
): Promise<AuthSchema | undefined> =>
  overSql(branch, 'look for a neon_auth schema', async () => {
    const schema = await findSchema(neon, branch, options)
    if (!schema) return undefined
    const endpointId = await endpointIdIn(
      await openDatabase(neon, branch, schema.database, options),
    )
    return { ...schema, ...(endpointId !== undefined && { endpointId }) }
  })

/** What dropping a schema needs to know. */
export interface DropOptions extends SchemaOptions {
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
  overSql(branch, 'delete the leftover neon_auth schema', async () => {
    const schema = await findSchema(neon, branch, options)
    if (!schema) return 'none'
    const send: DropOptions['send'] = (call) => options.send({ ...call, beforeAttempt: beforeDrop })
    await drop(await openDatabase(neon, branch, schema.database, { ...options, send }), schema.oid)
    return 'dropped'
  })
