import { Problem } from '../core/problem.ts'
import type { FoundBranch } from './branches.ts'
import type { NeonClient } from './client.ts'
import {
  type DatabasesContext,
  type OpenDatabase,
  openDatabases,
  type WriteContext,
  withBeforeWrite,
  withSqlContext,
} from './open-databases.ts'
import { optionalText } from './response-checks.ts'
import { expectOid, openDatabase, SQL_REQUEST, type Sql } from './sql.ts'

interface FoundSchema extends OpenDatabase {
  /** Its ID in Postgres. A new schema with the same name has a different ID. */
  readonly oid: string
}

/** A `neon_auth` schema. */
export interface AuthSchema extends Omit<FoundSchema, 'sql'> {
  /** The compute that its configuration row names. Absent if there is no such row. */
  readonly endpointId?: string
}

const readSchemas = async ({ database, sql }: OpenDatabase): Promise<FoundSchema[]> => {
  const rows = await sql("SELECT oid::text FROM pg_namespace WHERE nspname = 'neon_auth'")
  return rows.map((row) => ({ database, sql, oid: expectOid(row) }))
}

const readEndpointId = async (sql: Sql): Promise<string | undefined> => {
  const [table] = await sql("SELECT to_regclass('neon_auth.project_config')::text AS name")
  if (!table || optionalText(SQL_REQUEST, table, 'name') === undefined) return undefined
  const [row] = await sql('SELECT endpoint_id::text FROM neon_auth.project_config LIMIT 1')
  return row && optionalText(SQL_REQUEST, row, 'endpoint_id')
}

/** Drops `neon_auth` if it still has this `oid`. Another run may have created a new one. */
const dropByOid = (sql: Sql, oid: string): Promise<unknown> =>
  sql(`DO $$ BEGIN
     IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'neon_auth' AND oid = ${oid}) THEN
       DROP SCHEMA IF EXISTS neon_auth CASCADE;
     END IF;
   END $$`)

const severalSchemasProblem = (schemas: readonly FoundSchema[], branch: FoundBranch): Problem =>
  new Problem({
    what: `Several databases of branch ${branch.name} (${branch.id}) hold a neon_auth schema: ${schemas.map(({ database }) => database.name).join(', ')}.`,
    fix: 'set `database` to the one that auth uses',
  })

/**
 * Finds the `neon_auth` schema of a branch without reading its configuration row. Throws {@link Problem} if
 * several databases have one, and otherwise the errors of {@link NeonClient} and {@link Sql}.
 */
export const findSchemaWithoutConfig = async (
  neon: NeonClient,
  branch: FoundBranch,
  context: DatabasesContext,
): Promise<FoundSchema | undefined> => {
  const databases = await openDatabases(neon, branch, context)
  const schemas = (await Promise.all(databases.map(readSchemas))).flat()
  if (schemas.length > 1) throw severalSchemasProblem(schemas, branch)
  return schemas[0]
}

const withOrphanContext = <T>(
  { name, id }: FoundBranch,
  task: string,
  work: () => Promise<T>,
): Promise<T> =>
  withSqlContext(
    `Could not ${task} on branch ${name} (${id}).`,
    {
      what: `Could not read or drop the neon_auth schema on branch ${name} (${id}) over SQL.`,
      why: "the branch's compute cannot be reached from this runner, or the database's owner may not drop the schema",
      fix: 'run `DROP SCHEMA neon_auth CASCADE` on that branch in the Neon Console (SQL Editor), then run the job again',
    },
    work,
  )

/**
 * Finds the `neon_auth` schema of a branch over SQL, and the compute that its configuration row names. Throws
 * {@link Problem} if Neon or Postgres refuses, or if several databases have one.
 */
export const findAuthSchema = (
  neon: NeonClient,
  branch: FoundBranch,
  context: DatabasesContext,
): Promise<AuthSchema | undefined> =>
  withOrphanContext(branch, 'look for a neon_auth schema', async () => {
    const schema = await findSchemaWithoutConfig(neon, branch, context)
    if (!schema) return undefined
    const { database, sql, oid } = schema
    const endpointId = await readEndpointId(sql)
    return { database, oid, ...(endpointId !== undefined && { endpointId }) }
  })

/**
 * Drops the `neon_auth` schema that a disabled integration left on `branch`. This deletes all users and
 * sessions, so call it only if an input allows that. Does not drop a new schema that another run created in
 * its place. Returns `none` if there is no such schema. Throws {@link Problem} if Neon or Postgres refuses, or
 * if several databases have one.
 */
export const dropAuthSchema = (
  neon: NeonClient,
  branch: FoundBranch,
  context: WriteContext,
): Promise<'dropped' | 'none'> =>
  withOrphanContext(branch, 'delete the leftover neon_auth schema', async () => {
    const schema = await findSchemaWithoutConfig(neon, branch, context)
    if (!schema) return 'none'
    const sql = await openDatabase(neon, branch, schema.database, withBeforeWrite(context))
    await dropByOid(sql, schema.oid)
    return 'dropped'
  })
