import { beforeEach, describe, expect, it } from 'vitest'
import { type ChangeContext, PullRequestClosed } from '../../src/auth/context.ts'
import { undoMove } from '../../src/auth/move-schema.ts'
import { restoreAuthData, withLeftover, withRestored } from '../../src/auth/restore.ts'
import { RunAborted } from '../../src/core/deadline.ts'
import type { SendChecked } from '../../src/network/messages.ts'
import { BRANCH, collectingLog, fakeDeadline } from '../fakes.ts'
import { newConfig } from '../local-neon/auth-schema.ts'

const MARKER = {
  by: 'neon-auth-for-preview-branches',
  branch: BRANCH.id,
  run: '1',
  step: 'moved',
  at: '2026-11-26T00:00:00Z',
} as const
const OLDER = 'neon_auth_restore_1'
const NEWER = 'neon_auth_restore_2'
const CHANGE = {
  change: 'restore_auth_data',
  schema: OLDER,
  database: 'neondb',
  users: 1,
  rows: 1,
} as const

const table = (name: string) => ({
  name,
  columns: [{ name: 'id', type: 'text', isGenerated: false }],
  primaryKey: ['id'],
  references: [],
})

/**
 * Returns a context whose database has two moved schemas, until a copy drops one. Also returns its state, and what it
 * copied and warned about.
 */
const createContext = () => {
  const state = {
    schemas: [NEWER, OLDER],
    /** The tables of the moved schemas. */
    tables: ['user'],
    /** Whether Postgres keeps a schema after the copy. */
    isKept: false,
    config: { ...newConfig('Shop', 'ep-1') } as object,
    integration: { db_name: 'neondb' } as object | undefined,
    /** Called with each statement. If it returns a message, Postgres fails with that message. */
    before: (_statement: string): string | undefined => undefined,
  }
  const copied: string[] = []
  const rowsFor = (statement: string): Record<string, string>[] => {
    if (statement.includes('starts_with'))
      return state.schemas.map((name) => {
        const step = state.isKept && copied.length > 0 ? 'kept' : 'moved'
        return { oid: name.slice(-1), name, marker: JSON.stringify({ ...MARKER, step }) }
      })
    if (statement.includes("nspname = 'neon_auth'")) return [{ oid: '9' }]
    if (statement.includes('to_regclass')) return [{ name: 'project_config' }]
    if (statement.includes('row_to_json')) return [{ json: JSON.stringify(state.config) }]
    if (statement.includes('json_object_agg')) return [{ json: '{"user": 1}' }]
    if (statement.includes('array_to_json')) return [{ json: '[true]' }]
    if (statement.includes('pg_class') && !statement.startsWith('DO')) {
      const names = statement.includes("'neon_auth'") ? ['user'] : state.tables
      return [{ json: JSON.stringify(names.map(table)) }]
    }
    if (!state.isKept)
      state.schemas = state.schemas.filter((name) => !statement.includes(`DROP SCHEMA "${name}"`))
    return []
  }
  const retrying: SendChecked = async ({ body, beforeAttempt }) => {
    await beforeAttempt?.()
    const { query: statement } = JSON.parse(body ?? '') as { query: string }
    const message = state.before(statement)
    if (message) return { status: 400, headers: {}, text: JSON.stringify({ message }) }
    if (beforeAttempt) copied.push(statement)
    const rows = rowsFor(statement)
    const fields = Object.keys(rows[0] ?? {}).map((name) => ({ name, dataTypeID: 25 }))
    const result = { fields, rows: rows.map((row) => Object.values(row)), rowAsArray: true }
    const text = JSON.stringify({ ...result, command: 'SELECT', rowCount: rows.length })
    return { status: 200, headers: {}, text }
  }
  const { log, warnings } = collectingLog()
  const context = {
    branch: BRANCH,
    deadline: fakeDeadline(),
    http: { retrying },
    log,
    neon: {
      getAuth: async () => state.integration,
      getConnectionUri: async () => 'postgresql://owner:password1@neondb.localhost:8080/neondb',
      listDatabases: async () => [{ name: 'neondb', owner: 'owner' }],
    },
    preconditions: { beforeWrite: async () => {} },
    assertKnownOpen: async () => {},
  }
  return { context: context as unknown as ChangeContext, state, copied, warnings }
}

let { context, state, copied, warnings } = createContext()
beforeEach(() => {
  ;({ context, state, copied, warnings } = createContext())
})

describe('restoring a moved schema', () => {
  it('copies the schema that the change names, and drops it without a warning', async () => {
    expect(await restoreAuthData(CHANGE, context)).toBe('applied')
    expect(copied).toEqual([expect.stringContaining(`FROM "${OLDER}"."user"`)])
    expect(warnings).toEqual([])
  })

  it.each([
    [['user', 'invitation'], 'no place for invitation.'],
    [['user'], 'Something else in the database needs it'],
  ])('warns if the schema with the tables %j is kept', async (tables, reason) => {
    Object.assign(state, { tables, isKept: true })
    expect(await restoreAuthData(CHANGE, context)).toBe('applied')
    expect(warnings).toEqual([expect.stringMatching(`${OLDER} .*was kept.*${reason}`)])
  })

  it('does nothing if another run has restored the schema', async () => {
    state.schemas = [NEWER]
    expect(await restoreAuthData(CHANGE, context)).toBe('already_applied')
    expect(copied).toEqual([])
  })

  it('warns about nothing if another run drops the schema while this run reads it', async () => {
    state.tables = []
    state.config = {}
    expect(await restoreAuthData(CHANGE, context)).toBe('applied')
    expect(warnings).toEqual([])
  })

  it.each<[object | undefined, number]>([
    [{ db_name: 'neondb' }, 1],
    [{}, 1],
    [{ db_name: 'other' }, 0],
    [undefined, 0],
  ])('copies only into auth that is on in the same database: %j', async (integration, copies) => {
    state.integration = integration
    const outcome = await restoreAuthData(CHANGE, context).catch(String)
    expect(outcome).toMatch(copies ? /^applied$/ : /Neon Auth is not on in that database/)
    expect(copied).toHaveLength(copies)
  })

  it('fails if Postgres refuses and the run cannot tell whether another run restored the schema', async () => {
    let wasRefused = false
    state.before = (statement) => {
      wasRefused ||= statement.includes('json_object_agg')
      return wasRefused ? 'permission denied' : undefined
    }
    await expect(restoreAuthData(CHANGE, context)).rejects.toThrow('permission denied')
  })

  it('stops for a closed pull request, even if another run has restored the schema', async () => {
    const assertKnownOpen = async () => {
      state.schemas = []
      throw new PullRequestClosed()
    }
    await expect(restoreAuthData(CHANGE, { ...context, assertKnownOpen })).rejects.toThrow(
      PullRequestClosed,
    )
  })
})

describe('planning a restore', () => {
  const desired = { trustedDomains: [], pruneDomains: false }

  it('adds nothing, not even settings, if no schema is moved', async () => {
    state.schemas = []
    expect(await withRestored(desired, context)).toBe(desired)
  })

  it('adds nothing if another run restores the schemas at the same time', async () => {
    state.before = (statement) => {
      if (!statement.includes('json_object_agg')) return undefined
      state.schemas = []
      return 'relation does not exist'
    }
    expect(await withRestored(desired, context)).toBe(desired)
  })

  it('fails in a dry run that cannot read the leftover schema', async () => {
    state.schemas = []
    state.before = (statement) =>
      statement.includes('json_object_agg') ? 'permission denied' : undefined
    const branch = { ...BRANCH, createdAt: 0 }
    const planned = withLeftover(desired, { ...context, branch })
    await expect(planned).rejects.toThrow('permission denied')
  })
})

describe('undoing a move', () => {
  const database = { name: 'neondb', owner: 'owner' }
  const moved = { ...MARKER, database, oid: '1', name: OLDER }
  const error = new Error('out of quota')
  const aborted = new RunAborted({ what: 'The run timed out.' })
  /** Runs `undoMove`, with `moveBack` in place of the move back. Also returns the failure, if any. */
  const undo = async (reason: Error, moveBack: () => Promise<unknown>) => {
    const tried: string[] = []
    const made: string[] = []
    const track = ({ change }: { change: string }) => {
      tried.push(change)
      return moveBack()
    }
    const record = ({ change }: { change: string }) => void made.push(change)
    const tracking = { ...context, track, record } as unknown as ChangeContext
    const failure = await undoMove(moved, reason, tracking).catch((thrown: unknown) => thrown)
    return { tried, made, failure }
  }

  it('tries nothing if the run was aborted', async () => {
    const { tried, failure } = await undo(aborted, async () => true)
    expect({ tried, failure }).toEqual({ tried: [], failure: undefined })
  })

  it('says where the data is if there is a new schema, and records no move', async () => {
    const { made, failure } = await undo(error, async () => false)
    expect(String(failure)).toMatch(
      /out of quota[\s\S]*in the schema neon_auth_restore_1 .*Nothing is lost[\s\S]*a new neon_auth schema/,
    )
    expect(made).toEqual([])
  })

  it('rethrows the abort if the run is aborted during the move', async () => {
    const { failure } = await undo(error, () => Promise.reject(aborted))
    expect(failure).toBe(aborted)
  })
})
