import type { Fields } from '../core/fields.ts'
import {
  type CopyPlan,
  planCopy,
  type Table,
  type TableCopy,
  type UnsharedPart,
} from './copy-plan.ts'
import { UnexpectedResponseError } from './errors.ts'
import { ifStillNamed, type MovedSchema, markerStatement } from './moved-schema.ts'
import { expectText } from './response-checks.ts'
import { SQL_REQUEST, type Sql } from './sql.ts'
import { quoteName, quoteText } from './sql-text.ts'

/** The number of rows, by table. */
export type RowCounts = Readonly<Record<string, number>>

const queryJson = async (sql: Sql, statement: string): Promise<unknown> => {
  const [row] = await sql(statement)
  if (!row) throw new UnexpectedResponseError(SQL_REQUEST, 'it has no row')
  try {
    return JSON.parse(expectText(SQL_REQUEST, row, 'json'))
  } catch {
    throw new UnexpectedResponseError(SQL_REQUEST, '`json` is not JSON')
  }
}

/** Returns the tables of a schema, or an empty array if there is no such schema. Throws like {@link Sql}. */
export const readTables = async (sql: Sql, schema: string): Promise<Table[]> => {
  const tables = await queryJson(
    sql,
    `SELECT coalesce(json_agg(json_build_object(
       'name', c.relname,
       'columns', (SELECT coalesce(json_agg(json_build_object('name', a.attname,
           'type', format_type(a.atttypid, a.atttypmod), 'isGenerated', a.attgenerated <> '',
           'sequence', pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname))
           ORDER BY a.attnum), '[]')
         FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
       'primaryKey', (SELECT coalesce(json_agg(a.attname), '[]')
         FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
         WHERE i.indrelid = c.oid AND i.indisprimary),
       'references', (SELECT coalesce(json_agg(DISTINCT r.relname), '[]')
         FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid
         WHERE k.conrelid = c.oid AND k.contype = 'f' AND r.relnamespace = n.oid))
       ORDER BY c.relname), '[]')::text AS json
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ${quoteText(schema)} AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
  )
  return tables as Table[]
}

const qualifiedTable = (schema: string, table: string): string =>
  `${quoteName(schema)}.${quoteName(table)}`

/** Counts the rows of `tables` in one statement. Throws like {@link Sql}. */
export const countRows = async (
  sql: Sql,
  schema: string,
  tables: readonly string[],
): Promise<RowCounts> => {
  if (tables.length === 0) return {}
  const counts = tables.map(
    (table) =>
      `SELECT ${quoteText(table)} AS name, count(*) AS count FROM ${qualifiedTable(schema, table)}`,
  )
  const json = await queryJson(
    sql,
    `SELECT json_object_agg(name, count)::text AS json FROM (${counts.join(' UNION ALL ')}) AS counted`,
  )
  return json as RowCounts
}

const hasDataSql = (schema: string, { table, column }: UnsharedPart): string => {
  const where = column === undefined ? '' : ` WHERE ${quoteName(column)} IS NOT NULL`
  return `EXISTS (SELECT FROM ${qualifiedTable(schema, table)}${where})`
}

/** Returns the unshared parts that hold data, which the copy would lose. */
const findPartsWithData = async (
  sql: Sql,
  schema: string,
  unshared: readonly UnsharedPart[],
): Promise<UnsharedPart[]> => {
  if (unshared.length === 0) return []
  const conditions = unshared.map((part) => hasDataSql(schema, part))
  const json = await queryJson(
    sql,
    `SELECT array_to_json(ARRAY[${conditions.join(', ')}])::text AS json`,
  )
  return unshared.filter((_, index) => (json as boolean[])[index])
}

/** Returns PL/pgSQL that advances a sequence past the copied values. */
const advanceSequence = (target: string, column: string, sequence: string): string =>
  `PERFORM setval(${quoteText(sequence)}, greatest((SELECT max(${quoteName(column)}) FROM ${target}),
     (SELECT last_value FROM ${sequence})));`

/** Returns PL/pgSQL that copies one table, and raises an exception if a row is missing afterward. */
const copyTable = (from: string, { name, columns, key }: TableCopy): string => {
  const source = qualifiedTable(from, name)
  const target = qualifiedTable('neon_auth', name)
  const names = columns.map((column) => quoteName(column.name)).join(', ')
  // An enum in the moved schema is not the same type as its namesake in the new one, so cast through text.
  const values = columns.map(({ name: column, castTo }) =>
    castTo === undefined ? `o.${quoteName(column)}` : `o.${quoteName(column)}::text::${castTo}`,
  )
  const keysMatch = key.map(
    (column) => `n.${quoteName(column)}::text = o.${quoteName(column)}::text`,
  )
  const countMissing =
    key.length > 0
      ? `SELECT count(*) INTO missing FROM ${source} o WHERE NOT EXISTS (SELECT FROM ${target} n WHERE ${keysMatch.join(' AND ')});`
      : `SELECT count(*) - copied INTO missing FROM ${source};`
  const advanceSequences = columns.flatMap(({ name: column, sequence }) =>
    sequence === undefined ? [] : [advanceSequence(target, column, sequence)],
  )
  return `INSERT INTO ${target} (${names}) OVERRIDING SYSTEM VALUE
      SELECT ${values.join(', ')} FROM ${source} o ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS copied = ROW_COUNT;
    ${countMissing}
    IF missing > 0 THEN
      RAISE EXCEPTION '% rows of the table % are not in neon_auth after copying', missing, ${quoteText(name)};
    END IF;
    ${advanceSequences.join('\n')}`
}

/**
 * Returns PL/pgSQL that points foreign keys of the app's own tables back to `neon_auth`. They followed the
 * schema when it was renamed.
 */
const repointForeignKeys = ({ oid, name }: MovedSchema, { tables }: CopyPlan): string => {
  const tableNames = tables.map((table) => quoteText(table.name)).join(', ')
  const oldReference = quoteText(`REFERENCES ${name}.`)
  return `PERFORM set_config('search_path', '', true);
    FOR item IN
      SELECT k.conname AS name, k.conrelid::regclass::text AS owner, pg_get_constraintdef(k.oid) AS definition
      FROM pg_constraint k
        JOIN pg_class target ON target.oid = k.confrelid
        JOIN pg_class source ON source.oid = k.conrelid
      WHERE k.contype = 'f' AND k.conparentid = 0 AND target.relnamespace = ${oid}
        AND source.relnamespace <> ${oid} AND target.relname = ANY (ARRAY[${tableNames}]::text[])
    LOOP
      EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s', item.owner, item.name,
        item.name, replace(item.definition, ${oldReference}, 'REFERENCES neon_auth.'));
    END LOOP;`
}

/**
 * Returns PL/pgSQL that drops the moved schema with its tables and types. If it contains other objects, or
 * other objects depend on it, runs `markAsKept` instead.
 */
const dropOrKeep = (
  { oid, name }: MovedSchema,
  tables: readonly Table[],
  markAsKept: string,
): string => {
  const tableList = tables.map((table) => qualifiedTable(name, table.name)).join(', ')
  return `BEGIN
      ${tableList && `DROP TABLE ${tableList};`}
      FOR item IN
        SELECT typname FROM pg_type WHERE typnamespace = ${oid} AND typtype IN ('e', 'd')
      LOOP
        EXECUTE format('DROP TYPE %I.%I', ${quoteText(name)}, item.typname);
      END LOOP;
      DROP SCHEMA ${quoteName(name)};
    EXCEPTION WHEN dependent_objects_still_exist THEN
      ${markAsKept}
    END;`
}

/** The plan for copying a moved schema back, and what the copy leaves behind. */
export interface PreparedCopy {
  readonly plan: CopyPlan
  /** The tables of the moved schema. */
  readonly movedTables: readonly Table[]
  /** The parts with data that only the moved schema has. */
  readonly leftBehind: readonly UnsharedPart[]
}

/** Reads both schemas and plans the copy. Throws like {@link Sql}. */
export const prepareCopy = async (sql: Sql, { name }: MovedSchema): Promise<PreparedCopy> => {
  const [movedTables, newTables] = await Promise.all([
    readTables(sql, name),
    readTables(sql, 'neon_auth'),
  ])
  const plan = planCopy(movedTables, newTables)
  return { plan, movedTables, leftBehind: await findPartsWithData(sql, name, plan.unshared) }
}

/**
 * Returns one atomic statement that copies the rows of a moved schema into `neon_auth`, checks that every row
 * arrived, and drops the moved schema. If that schema has other data (`leftBehind`) or objects, marks it as kept
 * instead.
 */
export const copyStatement = (
  schema: MovedSchema,
  { plan, movedTables, leftBehind }: PreparedCopy,
): string => {
  const { branch, run, at, name, oid } = schema
  const copies = plan.tables.map((table) => copyTable(name, table)).join('\n')
  const markAsKept = markerStatement(name, { branch, run, at, step: 'kept' })
  const cleanUp = leftBehind.length > 0 ? markAsKept : dropOrKeep(schema, movedTables, markAsKept)
  // Row security could hide rows from the copy. With `off`, Postgres raises an error instead.
  return ifStillNamed(
    oid,
    name,
    'missing bigint; copied bigint; item record;',
    `IF obj_description(${oid}, 'pg_namespace')::json ->> 'step' = 'moved' THEN
       PERFORM set_config('row_security', 'off', true);
       ${copies}
       ${repointForeignKeys(schema, plan)}
       ${cleanUp}
     END IF;`,
  )
}

/** Returns the configuration row of a schema, or `undefined` if it has none. Throws like {@link Sql}. */
export const readConfigRow = async (sql: Sql, schema: string): Promise<Fields | undefined> => {
  const table = qualifiedTable(schema, 'project_config')
  const [lookup] = await sql(`SELECT to_regclass(${quoteText(table)})::text AS name`)
  if (typeof lookup?.['name'] !== 'string') return undefined
  const [row] = await sql(`SELECT row_to_json(c)::text AS json FROM ${table} c LIMIT 1`)
  if (!row) return undefined
  return JSON.parse(expectText(SQL_REQUEST, row, 'json')) as Fields
}
