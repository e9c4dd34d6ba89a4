import type { FoundBranch } from './branches.ts'
import type { Database } from './client.ts'
import { UnexpectedResponseError } from './errors.ts'
import { MOVED_PREFIX } from './moved-name.ts'
import { expectText, optionalText } from './response-checks.ts'
import { SQL_REQUEST, type Sql } from './sql.ts'
import { doBlock, quoteName, quoteText } from './sql-text.ts'

const MADE_BY = 'neon-auth-for-preview-branches'

/** What the comment on a moved schema says, as JSON. */
export interface Marker {
  /** The branch it was moved on. A child branch that copied the schema has another ID. */
  readonly branch: string
  /** The workflow run that moved it. */
  readonly run: string
  /** `moved`: its rows are still to be copied. `kept`: they were, and something else is in there. */
  readonly step: 'moved' | 'kept'
  /** When it was moved, as an ISO timestamp. */
  readonly at: string
}

/** The auth data of a branch, moved aside to be restored. */
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

/** Two runs never move or copy the same schema at once. PL/pgSQL. */
const LOCK = `PERFORM pg_advisory_xact_lock(hashtext('neon_auth_restore'));`

/** PL/pgSQL that is true while the schema has this name. */
const isNamed = (oid: string, name: string): string =>
  `EXISTS (SELECT FROM pg_namespace WHERE oid = ${oid} AND nspname = ${quoteText(name)})`

/** Marks a moved schema. PL/pgSQL. */
export const commentStatement = (name: string, marker: Marker): string =>
  `COMMENT ON SCHEMA ${quoteName(name)} IS ${quoteText(markerText(marker))};`

/** Wraps PL/pgSQL that runs only while no other run is at it and the schema has this name. */
export const whileNamed = (oid: string, name: string, declare: string, body: string): string =>
  doBlock(`DECLARE ${declare} BEGIN
    ${LOCK}
    IF ${isNamed(oid, name)} THEN
      ${body}
    END IF;
  END`)

/** Returns the schemas that a restore on this very branch has moved aside, the newest first. */
export const findMoved = async (
  { id }: Pick<FoundBranch, 'id'>,
  { database, sql }: { database: Database; sql: Sql },
): Promise<MovedSchema[]> => {
  const rows = await sql(
    `SELECT oid::text AS oid, nspname::text AS name, obj_description(oid, 'pg_namespace') AS marker
     FROM pg_namespace WHERE starts_with(nspname, ${quoteText(MOVED_PREFIX)})`,
  )
  const moved = rows.flatMap((row) => {
    const marker = parseMarker(optionalText(SQL_REQUEST, row, 'marker'))
    if (marker?.branch !== id) return []
    const oid = expectText(SQL_REQUEST, row, 'oid')
    if (!/^\d+$/.test(oid)) throw new UnexpectedResponseError(SQL_REQUEST, '`oid` is not a number')
    return [{ ...marker, database, oid, name: expectText(SQL_REQUEST, row, 'name') }]
  })
  return moved.sort((a, b) => b.at.localeCompare(a.at))
}

/** Renames `neon_auth` and marks it, in one statement, unless it is another schema by now. */
export const moveAside = async (
  sql: Sql,
  { oid, name, ...marker }: Omit<MovedSchema, 'database'>,
): Promise<void> => {
  const { branch, run, step, at } = marker
  await sql(
    whileNamed(
      oid,
      'neon_auth',
      '',
      `ALTER SCHEMA neon_auth RENAME TO ${quoteName(name)};
       ${commentStatement(name, { branch, run, step, at })}`,
    ),
  )
}

/** Gives a moved schema its name back, unless another `neon_auth` is there by now. */
export const moveBack = async (
  sql: Sql,
  { oid, name }: Pick<MovedSchema, 'oid' | 'name'>,
): Promise<void> => {
  await sql(
    whileNamed(
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
