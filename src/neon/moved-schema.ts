import type { Database } from './client.ts'
import { UnexpectedResponseError } from './errors.ts'
import { MOVED_PREFIX } from './moved-name.ts'
import { expectText, optionalText } from './response-checks.ts'
import { SQL_REQUEST, type Sql } from './sql.ts'
import { doBlock, quoteName, quoteText } from './sql-text.ts'

const MADE_BY = 'neon-auth-for-preview-branches'

/** The JSON in the comment on a moved schema. */
export interface Marker {
  /** The ID of the branch where it was moved. A child branch that copied the schema has another ID. */
  readonly branch: string
  /** The workflow run that moved it. */
  readonly run: string
  /** `moved`: its rows are not copied yet. `kept`: they are, but it has other content, or other objects need it. */
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

const markerText = (marker: Marker): string => JSON.stringify({ by: MADE_BY, ...marker })

const parseMarker = (text: string | undefined): Marker | undefined => {
  try {
    const { by, branch, run, step, at }: Record<string, unknown> = Object(JSON.parse(text ?? ''))
    const isOurs = by === MADE_BY && (step === 'moved' || step === 'kept')
    if (!isOurs || typeof branch !== 'string') return undefined
    return { branch, run: String(run), step, at: String(at) }
  } catch {
    return undefined
  }
}

/** PL/pgSQL that keeps two runs from moving or copying the same schema at once. */
const LOCK = `PERFORM pg_advisory_xact_lock(hashtext('neon_auth_restore'));`

/** Returns an SQL condition that is true while the schema with this `oid` has this name. */
const hasNameSql = (oid: string, name: string): string =>
  `EXISTS (SELECT FROM pg_namespace WHERE oid = ${oid} AND nspname = ${quoteText(name)})`

/** Returns the statement that marks a moved schema. */
export const commentStatement = (name: string, marker: Marker): string =>
  `COMMENT ON SCHEMA ${quoteName(name)} IS ${quoteText(markerText(marker))};`

/** Returns PL/pgSQL that runs `body` if the schema still has this name, while no other run does the same. */
export const ifStillNamed = (oid: string, name: string, declare: string, body: string): string =>
  doBlock(`DECLARE ${declare} BEGIN
    ${LOCK}
    IF ${hasNameSql(oid, name)} THEN
      ${body}
    END IF;
  END`)

/** Returns the schemas that a restore moved aside on a branch, newest first. Throws like {@link Sql}. */
export const findMoved = async (
  branchId: string,
  { database, sql }: { database: Database; sql: Sql },
): Promise<MovedSchema[]> => {
  const rows = await sql(
    `SELECT oid::text AS oid, nspname::text AS name, obj_description(oid, 'pg_namespace') AS marker
     FROM pg_namespace WHERE starts_with(nspname, ${quoteText(MOVED_PREFIX)})`,
  )
  const moved = rows.flatMap((row) => {
    const marker = parseMarker(optionalText(SQL_REQUEST, row, 'marker'))
    if (marker?.branch !== branchId) return []
    const oid = expectText(SQL_REQUEST, row, 'oid')
    if (!/^\d+$/.test(oid)) throw new UnexpectedResponseError(SQL_REQUEST, '`oid` is not a number')
    return [{ ...marker, database, oid, name: expectText(SQL_REQUEST, row, 'name') }]
  })
  return moved.sort((a, b) => b.at.localeCompare(a.at))
}

/** Renames `neon_auth` and marks it in one statement, unless another schema has that name by now. */
export const moveAside = async (
  sql: Sql,
  { oid, name, ...marker }: Omit<MovedSchema, 'database'>,
): Promise<void> => {
  const { branch, run, step, at } = marker
  await sql(
    ifStillNamed(
      oid,
      'neon_auth',
      '',
      `ALTER SCHEMA neon_auth RENAME TO ${quoteName(name)};
       ${commentStatement(name, { branch, run, step, at })}`,
    ),
  )
}

/** Renames a moved schema back to `neon_auth`, unless another schema has that name by now. */
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
