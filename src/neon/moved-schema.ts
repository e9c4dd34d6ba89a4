import type { Database } from './client.ts'
import { MOVED_PREFIX } from './moved-name.ts'
import { expectText, optionalText } from './response-checks.ts'
import { expectOid, SQL_REQUEST, type Sql } from './sql.ts'
import { doBlock, quoteName, quoteText } from './sql-text.ts'

const ACTION_NAME = 'neon-auth-for-preview-branches'

/** The JSON in the comment on a moved schema. */
export interface Marker {
  /** The ID of the schema's branch. A child branch inherits the marker, but has a different ID. */
  readonly branch: string
  /** The workflow run that moved it. */
  readonly run: string
  /**
   * `moved`: its rows are not copied yet. `kept`: its rows are copied, but it has other data or objects, or other
   * objects depend on it.
   */
  readonly step: 'moved' | 'kept'
  /** When it was moved, as an ISO timestamp. */
  readonly at: string
}

/** A schema with a branch's auth data that a restore moved aside. */
export interface MovedSchema extends Marker {
  readonly database: Database
  readonly oid: string
  readonly name: string
}

const parseMarker = (text: string | undefined): Marker | undefined => {
  try {
    const { by, branch, run, step, at }: Record<string, unknown> = Object(JSON.parse(text ?? ''))
    if (by !== ACTION_NAME || typeof branch !== 'string') return undefined
    if (step !== 'moved' && step !== 'kept') return undefined
    return { branch, run: String(run), step, at: String(at) }
  } catch {
    return undefined
  }
}

/** PL/pgSQL that waits for other runs that move or copy a schema. */
const LOCK = `PERFORM pg_advisory_xact_lock(hashtext('neon_auth_restore'));`

/** Returns the statement that marks a moved schema. */
export const markerStatement = (name: string, marker: Marker): string =>
  `COMMENT ON SCHEMA ${quoteName(name)} IS ${quoteText(JSON.stringify({ by: ACTION_NAME, ...marker }))};`

/**
 * Returns a statement that runs `body` if the schema still has this name. Other runs wait until it ends.
 * `declare` contains the variables of `body`.
 */
export const ifStillNamed = (oid: string, name: string, declare: string, body: string): string =>
  doBlock(`DECLARE ${declare} BEGIN
    ${LOCK}
    IF EXISTS (SELECT FROM pg_namespace WHERE oid = ${oid} AND nspname = ${quoteText(name)}) THEN
      ${body}
    END IF;
  END`)

/** Returns the schemas in a database that a restore moved aside on a branch. Throws like {@link Sql}. */
export const findMoved = async (
  branchId: string,
  { database, sql }: { database: Database; sql: Sql },
): Promise<MovedSchema[]> => {
  const rows = await sql(
    `SELECT oid::text AS oid, nspname::text AS name, obj_description(oid, 'pg_namespace') AS marker
     FROM pg_namespace WHERE starts_with(nspname, ${quoteText(MOVED_PREFIX)})`,
  )
  return rows.flatMap((row) => {
    const marker = parseMarker(optionalText(SQL_REQUEST, row, 'marker'))
    if (marker?.branch !== branchId) return []
    return [
      { ...marker, database, oid: expectOid(row), name: expectText(SQL_REQUEST, row, 'name') },
    ]
  })
}

/** Renames and marks the schema in one statement. Does nothing if it is no longer named `neon_auth`. */
export const moveAside = async (
  sql: Sql,
  { oid, name, ...marker }: Omit<MovedSchema, 'database'>,
): Promise<void> => {
  await sql(
    ifStillNamed(
      oid,
      'neon_auth',
      '',
      `ALTER SCHEMA neon_auth RENAME TO ${quoteName(name)};
       ${markerStatement(name, marker)}`,
    ),
  )
}

/** Renames a moved schema back to `neon_auth`. Does nothing if another schema has that name. */
export const moveBack = async (sql: Sql, { oid, name }: MovedSchema): Promise<void> => {
  await sql(
    ifStillNamed(
      oid,
      name,
      '',
      `IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'neon_auth') THEN
         ALTER SCHEMA ${quoteName(name)} RENAME TO neon_auth;
         COMMENT ON SCHEMA neon_auth IS NULL;
       END IF;`,
    ),
  )
}
