import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Column, planCopy, type Table } from '../../src/neon/copy-plan.ts'

const column = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  type: 'text',
  isGenerated: false,
  ...more,
})
const table = (name: string, columns: readonly (string | Column)[], more: Partial<Table> = {}) => ({
  name,
  columns: columns.map((item) => (typeof item === 'string' ? column(item) : item)),
  primaryKey: ['id'],
  references: [],
  ...more,
})

describe('the plan for copying the rows of one schema into another', () => {
  it('copies a table after the tables that it references', () => {
    const tables = [
      table('account', ['id'], { references: ['user', 'a table of another schema'] }),
      table('member', ['id'], { references: ['user', 'organization'] }),
      table('organization', ['id']),
      table('user', ['id']),
    ]
    const names = planCopy(tables, tables).tables.map(({ name }) => name)
    expect(names).toEqual(['user', 'account', 'organization', 'member'])
  })

  it('never copies the configuration row or the signing keys', () => {
    const tables = [table('jwks', ['id']), table('project_config', ['id']), table('user', ['id'])]
    const { tables: copied, unshared } = planCopy(tables, tables)
    expect(copied.map(({ name }) => name)).toEqual(['user'])
    expect(unshared).toEqual([])
    expect(planCopy(tables, [table('user', ['id'])]).unshared).toEqual([])
  })

  it('copies the columns that both schemas have and lists the others', () => {
    const from = [table('user', ['id', 'email', 'old']), table('wallet', ['id'])]
    const to = [table('user', ['id', 'email', 'new']), table('passkey', ['id'])]
    const plan = planCopy(from, to)
    expect(plan.tables).toEqual([
      { name: 'user', columns: [{ name: 'id' }, { name: 'email' }], key: ['id'] },
    ])
    expect(plan.unshared).toEqual([{ table: 'user', column: 'old' }, { table: 'wallet' }])
  })

  it('converts a column whose type has changed, and lists one that Postgres now computes', () => {
    const from = [table('user', ['id', column('role', { type: 'old.role' }), 'initials'])]
    const to = [
      table('user', [
        'id',
        column('role', { type: 'neon_auth.role' }),
        column('initials', { isGenerated: true }),
      ]),
    ]
    const { tables, unshared } = planCopy(from, to)
    expect(tables[0]?.columns).toEqual([{ name: 'id' }, { name: 'role', castTo: 'neon_auth.role' }])
    expect(unshared).toEqual([{ table: 'user', column: 'initials' }])
  })

  it('ignores a primary key that is only partly copied', () => {
    const primaryKey = ['id', 'email']
    const to = [table('user', ['id', 'email'], { primaryKey })]
    const [copy] = planCopy([table('user', ['email'])], to).tables
    expect(copy?.key).toEqual([])
  })

  it('does not copy a table without a shared column, and lists it', () => {
    const plan = planCopy([table('user', ['old'])], [table('user', ['new'])])
    expect(plan).toEqual({ tables: [], unshared: [{ table: 'user' }] })
  })

  it('copies each shared table once, even with circular references', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const references = fc.array(fc.subarray(names), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(references, (lists) => {
        const tables = names.map((name, index) =>
          table(name, ['id'], { references: lists[index] ?? [] }),
        )
        const copied = planCopy(tables, tables).tables.map(({ name }) => name)
        expect([...copied].sort()).toEqual(names)
      }),
    )
  })
})
