import fc from 'fast-check'
import { expect, it } from 'vitest'
import { copyStatement, prepareCopy } from '../../src/neon/copy-rows.ts'
import { movedName } from '../../src/neon/moved-name.ts'
import { moveAside } from '../../src/neon/moved-schema.ts'
import { BRANCH_ID, usePostgres } from '../postgres.ts'

const NAMES = ['user', 'account', 'Weird "name"', "it's", 'organization']

const { sql, exec, movedSchemas } = usePostgres()

/** Which of the two schemas has a table or a column. */
type Side = 'both' | 'old' | 'new'

interface RandomColumn {
  readonly side: Side
  readonly type: 'text' | 'integer' | 'boolean' | 'jsonb' | 'neon_auth.mood'
}

interface RandomTable {
  readonly side: Side
  readonly columns: readonly RandomColumn[]
  /** A value for each column of each row, possibly `null`. */
  readonly rows: readonly (readonly (number | null)[])[]
  /** Whether it references the table created before it, if both schemas have that table. */
  readonly hasReference: boolean
}

const side = fc.oneof({ weight: 4, arbitrary: fc.constant('both') }, fc.constantFrom('old', 'new'))
const tables = fc.array(
  fc.record({
    side,
    columns: fc.array(
      fc.record({
        side,
        type: fc.constantFrom('text', 'integer', 'boolean', 'jsonb', 'neon_auth.mood'),
      }),
      { maxLength: 4 },
    ),
    rows: fc.array(fc.array(fc.option(fc.nat(3)), { minLength: 4, maxLength: 4 }), {
      maxLength: 4,
    }),
    hasReference: fc.boolean(),
  }) as fc.Arbitrary<RandomTable>,
  { minLength: NAMES.length, maxLength: NAMES.length },
)

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const VALUES: Readonly<Record<RandomColumn['type'], readonly string[]>> = {
  text: [`''`, `'a''b'`, `E'\\\\n'`, `'$$'`],
  integer: ['0', '1', '-1', '2147483647'],
  boolean: ['true', 'false', 'true', 'false'],
  jsonb: [`'null'`, `'{"a": 1}'`, `'[]'`, `'"x"'`],
  'neon_auth.mood': [`'fine'`, `'sad'`, `'fine'`, `'sad'`],
}

/** Returns the index of the table that this one references, if any. */
const referencedTable = (
  all: readonly RandomTable[],
  order: readonly number[],
  index: number,
): number | undefined => {
  const before = order[order.indexOf(index) - 1]
  const exists = before !== undefined && all[before]?.side === 'both'
  return exists && all[index]?.hasReference ? before : undefined
}

/** Returns the SQL that creates one of the two schemas, with its tables in this order. */
const createSql = (all: readonly RandomTable[], order: readonly number[], schema: Side): string => {
  const statements = order.flatMap((index) => {
    const table = all[index]
    if (!table || (table.side !== 'both' && table.side !== schema)) return []
    const columns = table.columns.flatMap((column, place) =>
      column.side === 'both' || column.side === schema ? [`c${place} ${column.type}`] : [],
    )
    const referenced = referencedTable(all, order, index)
    const link =
      referenced === undefined ? '' : ` REFERENCES neon_auth.${quoted(NAMES[referenced] ?? '')}`
    const parts = ['id text PRIMARY KEY', `link text${link}`, ...columns]
    return [`CREATE TABLE neon_auth.${quoted(NAMES[index] ?? '')} (${parts.join(', ')});`]
  })
  return `CREATE SCHEMA neon_auth; CREATE TYPE neon_auth.mood AS ENUM ('fine', 'sad');
    CREATE TABLE neon_auth.jwks (id text); CREATE TABLE neon_auth.project_config (id text);
    INSERT INTO neon_auth.jwks VALUES ('${schema}'); INSERT INTO neon_auth.project_config VALUES ('${schema}');
    ${statements.join('\n')}`
}

/** Returns the SQL that fills the old schema. */
const insertSql = (all: readonly RandomTable[], order: readonly number[]): string =>
  order
    .flatMap((index) => {
      const table = all[index]
      if (!table || table.side === 'new') return []
      const referenced = referencedTable(all, order, index)
      const hasTarget = referenced !== undefined && (all[referenced]?.rows.length ?? 0) > 0
      return table.rows.map((row, number) => {
        const cells = table.columns.flatMap((column, place) => {
          const value = row[place] ?? null
          return column.side === 'new' || value === null
            ? []
            : [[`c${place}`, VALUES[column.type][value] ?? 'NULL'] as const]
        })
        const names = ['id', 'link', ...cells.map(([name]) => name)]
        const values = [
          `'${number}'`,
          hasTarget ? `'0'` : 'NULL',
          ...cells.map(([, value]) => value),
        ]
        return `INSERT INTO neon_auth.${quoted(NAMES[index] ?? '')} (${names.join(', ')}) VALUES (${values.join(', ')});`
      })
    })
    .join('\n')

/** Returns the rows of the shared tables: their shared columns, as text. */
const sharedRows = async (all: readonly RandomTable[]): Promise<unknown[]> =>
  Promise.all(
    all.flatMap((table, index) => {
      if (table.side !== 'both') return []
      const columns = table.columns.flatMap((column, place) =>
        column.side === 'both' ? [`c${place}::text`] : [],
      )
      const list = ['id', 'link', ...columns].join(', ')
      return [sql(`SELECT ${list} FROM neon_auth.${quoted(NAMES[index] ?? '')} ORDER BY id`)]
    }),
  )

/** Returns whether the old schema has data that the new one has no table or column for. */
const leavesData = (all: readonly RandomTable[]): boolean =>
  all.some((table) => {
    if (table.side !== 'both') return table.side === 'old' && table.rows.length > 0
    return table.rows.some((row) =>
      table.columns.some(({ side }, place) => side === 'old' && (row[place] ?? null) !== null),
    )
  })

/** Moves the old schema aside, as a restore does. */
const moveOldSchema = async (): Promise<void> => {
  const [row] = await sql(`SELECT oid::text FROM pg_namespace WHERE nspname = 'neon_auth'`)
  const oid = String(row?.['oid'])
  const marker = { branch: BRANCH_ID, run: '1', step: 'moved', at: '' } as const
  await moveAside(sql, { oid, name: movedName('1', oid), ...marker })
}

it('restores every row that the new schema has a place for, and keeps the old schema if it has more', async () => {
  const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 })
  await fc.assert(
    fc.asyncProperty(tables, order, async (all, creation) => {
      await exec(`DROP SCHEMA IF EXISTS neon_auth CASCADE;
        ${createSql(all, creation, 'old')} ${insertSql(all, creation)}`)
      const before = await sharedRows(all)
      await moveOldSchema()
      await exec(createSql(all, creation, 'new'))
      const [moved] = await movedSchemas()
      if (!moved) throw new Error('the schema was not moved')
      await sql(copyStatement(moved, await prepareCopy(sql, moved)))
      expect(await sharedRows(all)).toEqual(before)
      expect(await sql('SELECT * FROM neon_auth.jwks')).toEqual([{ id: 'new' }])
      expect(await sql('SELECT * FROM neon_auth.project_config')).toEqual([{ id: 'new' }])
      const kept = (await movedSchemas()).map(({ step }) => step)
      expect(kept).toEqual(leavesData(all) ? ['kept'] : [])
      await exec(`DROP SCHEMA IF EXISTS ${moved.name} CASCADE`)
    }),
    { numRuns: 40 },
  )
}, 60_000)
