import { expect, it } from 'vitest'
import type { ChangeContext } from '../../src/auth/context.ts'
import { moveAside, PLANNED_NAME } from '../../src/auth/move-schema.ts'
import { findMovedSchemas } from '../../src/neon/auth-schema-restore.ts'
import type { NeonClient } from '../../src/neon/client.ts'
import { findMoved } from '../../src/neon/moved-schema.ts'
import type { Send } from '../../src/network/messages.ts'
import { fakeDeadline, SILENT_LOG } from '../fakes.ts'

const BRANCH = {
  id: 'br-cool-sun-1234',
  name: 'preview/pr-2',
  isDefault: false,
  isProtected: false,
}

const MARKER = {
  by: 'neon-auth-for-preview-branches',
  branch: BRANCH.id,
  run: '1',
  step: 'moved',
  at: '2026-11-26',
}

/** The day on which a restore moved the schema that was kept after its rows were copied. */
const KEPT_ON = '2026-11-28'

/** The days on which restores moved schemas aside, by database. */
const MOVED_ON: Readonly<Record<string, readonly string[]>> = {
  first: ['2026-11-24', '2026-11-26'],
  second: ['2026-11-25', KEPT_ON, '2026-11-27'],
}

const neon = {
  listDatabases: async () => Object.keys(MOVED_ON).map((name) => ({ name, owner: 'owner' })),
  getConnectionUri: async (_: string, { name }: { name: string }) =>
    `postgresql://owner:password1@${name}.localhost:8080/${name}`,
} as unknown as NeonClient

const send: Send = async ({ url }) => {
  const [database = ''] = new URL(url).hostname.split('.')
  const fields = ['oid', 'name', 'marker'].map((name) => ({ name, dataTypeID: 25 }))
  const rows = MOVED_ON[database]?.map((at) => {
    const step = at === KEPT_ON ? 'kept' : 'moved'
    const marker = JSON.stringify({ ...MARKER, step, at })
    return ['1', 'neon_auth_restore_1', marker]
  })
  const text = JSON.stringify({
    fields,
    rows,
    rowAsArray: true,
    command: 'SELECT',
    rowCount: rows?.length,
  })
  return { status: 200, headers: {}, text }
}

it('the schemas of unfinished restores are listed newest first, across all databases', async () => {
  const context = { send, deadline: fakeDeadline({}), log: SILENT_LOG, database: undefined }
  const moved = await findMovedSchemas(neon, BRANCH, context)
  expect(moved.map(({ at, database }) => `${at} ${database.name}`)).toEqual([
    '2026-11-27 second',
    '2026-11-26 first',
    '2026-11-25 second',
    '2026-11-24 first',
  ])
})

it.each([
  ['a marker', {}, 1],
  ['a marker of something else', { by: 'somebody' }, 0],
  ['a marker of another branch', { branch: 'br-parent-0001' }, 0],
  ['a step that no restore takes', { step: 'planned' }, 0],
])('a schema with %s %j is found: %i', async (_, change, found) => {
  const marker = JSON.stringify({ ...MARKER, ...change })
  const sql = async () => [{ oid: '1', name: 'neon_auth_restore_1', marker }]
  const database = { name: 'neondb', owner: 'owner' }
  expect(await findMoved(BRANCH.id, { database, sql })).toHaveLength(found)
})

it.each([
  ['neondb', { database: 'neondb' }],
  [undefined, {}],
])(
  'a move aside in progress names its database if that is known: %s',
  async (database, expected) => {
    const tracked: unknown[] = []
    const track = async (change: object) => void tracked.push(change)
    const context = { log: SILENT_LOG, track }
    await moveAside(context as unknown as ChangeContext, database)
    const change = { change: 'move_auth_data_aside', schema: PLANNED_NAME, ...expected }
    expect(tracked).toStrictEqual([change])
  },
)
