import { describe, expect, it } from 'vitest'
import type { NeonClient } from '../../src/neon/client.ts'
import { readTables } from '../../src/neon/copy-rows.ts'
import { expectOid, openDatabase } from '../../src/neon/sql.ts'
import { BRANCH, fakeDeadline, SILENT_LOG } from '../fakes.ts'

const neon = {
  getConnectionUri: async () => 'postgresql://owner:password1@neondb.localhost:8080/neondb',
} as unknown as NeonClient

describe('a malformed response to a statement', () => {
  it.each([
    ['<html>', /not JSON/],
    ['{"rows": []}', /`fields` is not a list of objects/],
    ['{"fields": [{}], "rows": []}', /`name` is missing/],
    ['{"fields": []}', /`rows` is not a list of lists/],
    ['{"fields": [], "rows": [{}]}', /`rows` is not a list of lists/],
  ])('is an error that says why: %s', async (text, fault) => {
    const send = async () => ({ status: 200, headers: {}, text })
    const context = { send, deadline: fakeDeadline(), log: SILENT_LOG }
    const sql = await openDatabase(neon, BRANCH, { name: 'neondb', owner: 'owner' }, context)
    await expect(sql('SELECT 1')).rejects.toMatchObject({
      name: 'UnexpectedResponseError',
      message: expect.stringMatching(fault),
    })
  })
})

it.each([
  [[], 'it has no row'],
  [[{ json: '[' }], '`json` is not JSON'],
])('a result without valid JSON is an error that says why: %j', async (rows, fault) => {
  await expect(readTables(async () => rows, 'neon_auth')).rejects.toThrow(fault)
})

it.each(['1; DROP', 'a1', ''])(
  'an oid that is not a number is rejected before it gets into SQL: "%s"',
  (oid) => {
    expect(() => expectOid({ oid })).toThrow('`oid`')
    expect(expectOid({ oid: '16385' })).toBe('16385')
  },
)
