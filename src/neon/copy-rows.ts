import { type CopyPlan, planCopy, type Table, type TableCopy, type Unshared } from './copy-plan.ts'
import { UnexpectedResponseError } from './errors.ts'
import { commentStatement, type MovedSchema, whileNamed } from './moved-schema.ts'
import { expectText } from './response-checks.ts'
import { SQL_REQUEST, type Sql } from './sql.ts'
import { quoteName, quoteText } from './sql-text.ts'

/** How many rows each table holds, by its name. */
export type RowCounts = Readonly<Record<string, number>>

const jsonOf = async (sql: Sql, statement: string): Promise<unknown> => {
  const [row] = await sql(statement)
  if (!row) throw new UnexpectedResponseError(SQL_REQUEST, 'it has no row')
  try {
    return JSON.parse(expectText(SQL_REQUEST, row, 'json'))
  } catch {
    throw new UnexpectedResponseError(SQL_REQUEST, '`json` is not JSON')
  }
}

/** Returns the tables of the schema with this name; none if there is no such schema. */
export const readTables = async (sql: Sql, schema: string): Promise<Table[]> => {
  const tables = await jsonOf(
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

const tableIn = (schema: string, table: string): string =>
  `${quoteName(schema)}.${quoteName(table)}`

/** Counts the rows of these tables in one statement. */
export const countRows = async (
  sql: Sql,
  schema: string,
  tables: readonly string[],
): Promise<RowCounts> => {
  if (tables.length === 0) return {}
  const counts = tables.map(
    (table) =>
      `SELECT ${quoteText(table)} AS name, count(*) AS count FROM ${tableIn(schema, table)}`,
  )
  const json = await jsonOf(
    sql,
    `SELECT json_object_agg(name, count)::text AS json FROM (${counts.join(' UNION ALL ')}) AS counted`,
  )
  return json as RowCounts
}

const holdsSomething = (schema: string, { table, column }: Unshared): string =>
  `EXISTS (SELECT FROM ${tableIn(schema, table)}${column === undefined ? '' : ` WHERE ${quoteName(column)} IS NOT NULL`})`

/** Returns those that hold something: copying the rest leaves nothing behind. */
const withContent = async (
  sql: Sql,
  schema: string,
  unshared: readonly Unshared[],
): Promise<Unshared[]> => {
  if (unshared.length === 0) return []
  const flags = unshared.map((one) => holdsSomething(schema, one))
  const json = await jsonOf(sql, `SELECT array_to_json(ARRAY[${flags.join(', ')}])::text AS json`)
  return unshared.filter((_, index) => (json as boolean[])[index])
}

/** Keeps a sequence from giving a copied number once more. PL/pgSQL. */
const advanceSequence = (target: string, column: string, sequence: string): string =>
  `PERFORM setval(${quoteText(sequence)}, greatest((SELECT max(${quoteName(column)}) FROM ${target}),
     (SELECT last_value FROM ${sequence})));`

/** Copies one table and stops everything unless each of its rows is there afterwards. PL/pgSQL. */
const copyTable = (from: string, { name, columns, key }: TableCopy): string => {
  const source = tableIn(from, name)
  const target = tableIn('neon_auth', name)
  const names = columns.map((column) => quoteName(column.name)).join(', ')
  // An enum of the old schema is another type than its namesake in the new one.
  const values = columns.map(({ name: column, castTo }) =>
    castTo === undefined ? `o.${quoteName(column)}` : `o.${quoteName(column)}::text::${castTo}`,
  )
  const same = key.map((column) => `n.${quoteName(column)}::text = o.${quoteName(column)}::text`)
  const missing =
    key.length > 0
      ? `SELECT count(*) INTO missing FROM ${source} o WHERE NOT EXISTS (SELECT FROM ${target} n WHERE ${same.join(' AND ')});`
      : `SELECT count(*) - copied INTO missing FROM ${source};`
  const advance = columns.flatMap(({ name: column, sequence }) =>
    sequence === undefined ? [] : [advanceSequence(target, column, sequence)],
  )
  return `INSERT INTO ${target} (${names}) OVERRIDING SYSTEM VALUE
      SELECT ${values.join(', ')} FROM ${source} o ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS copied = ROW_COUNT;
    ${missing}
    IF missing > 0 THEN
      RAISE EXCEPTION '% rows of the table % are not in neon_auth after copying', missing, ${quoteText(name)};
    END IF;
    ${advance.join('\n')}`
}

/**
 * Points foreign keys of the user's own tables, which followed the schema when it was moved, to the
 * copied tables again. PL/pgSQL.
 */
const redirectForeignKeys = ({ oid, name }: MovedSchema, { tables }: CopyPlan): string => {
  const names = tables.map((table) => quoteText(table.name)).join(', ')
  const from = quoteText(`REFERENCES ${name}.`)
  return `PERFORM set_config('search_path', '', true);
    FOR link IN
      SELECT k.conname AS name, k.conrelid::regclass::text AS owner, pg_get_constraintdef(k.oid) AS definition
      FROM pg_constraint k
        JOIN pg_class target ON target.oid = k.confrelid
        JOIN pg_class source ON source.oid = k.conrelid
      WHERE k.contype = 'f' AND k.conparentid = 0 AND target.relnamespace = ${oid}
        AND source.relnamespace <> ${oid} AND target.relname = ANY (ARRAY[${names}]::text[])
    LOOP
      EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s', link.owner, link.name,
        link.name, replace(link.definition, ${from}, 'REFERENCES neon_auth.'));
    END LOOP;`
}

/** Drops the schema with what restoring knows of. Anything else in it, or that needs it, keeps it. PL/pgSQL. */
const dropOrKeep = (
  { oid, name, branch, run, at }: MovedSchema,
  tables: readonly Table[],
): string => {
  const keep = commentStatement(name, { branch, run, at, step: 'kept' })
  const all = tables.map((table) => tableIn(name, table.name)).join(', ')
  return `BEGIN
      ${all && `DROP TABLE ${all};`}
      FOR link IN
        SELECT typname FROM pg_type WHERE typnamespace = ${oid} AND typtype IN ('e', 'd')
      LOOP
        EXECUTE format('DROP TYPE %I.%I', ${quoteText(name)}, link.typname);
      END LOOP;
      DROP SCHEMA ${quoteName(name)};
    EXCEPTION WHEN dependent_objects_still_exist THEN
      ${keep}
    END;`
}

/** What copying a moved schema back needs to know beforehand. */
export interface CopyPreview {
  readonly plan: CopyPlan
  readonly moved: readonly Table[]
  /** What only the moved schema has, and is not empty. */
  readonly left: readonly Unshared[]
}

/** Reads both schemas and plans how to copy. Throws as {@link Sql} does. */
export const previewCopy = async (sql: Sql, { name }: MovedSchema): Promise<CopyPreview> => {
  const [moved, fresh] = await Promise.all([readTables(sql, name), readTables(sql, 'neon_auth')])
  const plan = planCopy(moved, fresh)
  return { plan, moved, left: await withContent(sql, name, plan.unshared) }
}

/**
 * Returns the one statement that copies the rows of a moved schema into `neon_auth`, checks that each
 * of them is there, and drops the moved schema. If that holds something else (`left`), it is marked
 * as kept instead. Postgres runs the statement whole or not at all.
 */
export const copyStatement = (schema: MovedSchema, { plan, moved, left }: CopyPreview): string => {
  const { branch, run, at, name, oid } = schema
  const copies = plan.tables.map((table) => copyTable(name, table)).join('\n')
  const end =
    left.length > 0
      ? commentStatement(name, { branch, run, at, step: 'kept' })
      : dropOrKeep(schema, moved)
  // Row security would hide rows from the copy: an error is better.
  return whileNamed(
    oid,
    name,
    'missing bigint; copied bigint; link record;',
    `IF obj_description(${oid}, 'pg_namespace')::json ->> 'step' = 'moved' THEN
       PERFORM set_config('row_security', 'off', true);
       ${copies}
       ${redirectForeignKeys(schema, plan)}
       ${end}
     END IF;`,
  )
}

/** Returns the configuration row of a schema as JSON. `undefined` if it has none. */
export const readConfigRow = async (
  sql: Sql,
  schema: string,
): Promise<Record<string, unknown> | undefined> => {
  const table = tableIn(schema, 'project_config')
  const [found] = await sql(`SELECT to_regclass(${quoteText(table)})::text AS name`)
  if (!found || typeof found['name'] !== 'string') return undefined
  const [row] = await sql(`SELECT row_to_json(c)::text AS json FROM ${table} c LIMIT 1`)
  if (!row) return undefined
  return JSON.parse(expectText(SQL_REQUEST, row, 'json')) as Record<string, unknown>
}
