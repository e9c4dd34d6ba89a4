import nock from 'nock'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  created,
  error,
  integration,
  mockAuthOff,
  mockAuthOn,
  mockBranch,
  neon,
  neonAlways,
  OPENED,
  type Reply,
  requests,
  runAction,
  useNock,
  writes,
} from './harness.ts'
import { type GitHubState, mockGitHub, TOKEN } from './mock-github.ts'

useNock()

const RECREATE = { ...TOKEN, on_orphan_schema: 'recreate' }
const CONFLICT: Reply = [409, error('schema exists')]
const OFF: Reply = [404, error('off')]
const ENABLE = 'POST /auth {"auth_provider":"better_auth"}'
const DELETE_DATA = 'DELETE /auth {"delete_data":true}'

const repeat = (count: number, reply: Reply): Reply[] => Array.from({ length: count }, () => reply)

/**
 * Mocks a run until it knows that a schema is left over: four reads, because it may delete data. `next` are
 * the replies to later reads.
 */
const mockOrphan = (...next: Reply[]) => {
  const github = mockGitHub()
  mockBranch()
  mockAuthOff()
  neon('post', '/auth', CONFLICT)
  neon('get', '/auth', ...repeat(4, OFF), ...next)
  return github
}

const mockDatabases = (...names: string[]) =>
  neon('get', '/branches/databases', [
    200,
    { databases: names.map((name) => ({ name, owner_name: `${name}_owner` })) },
  ])

/** Mocks the connection string of a database on loopback, where SQL uses plain http. */
const mockConnection = (name: string, password = 'p%40ss') =>
  nock('https://console.neon.tech')
    .get('/api/v2/projects/p1/connection_uri')
    .query({ branch_id: 'br-cool-sun-1234', database_name: name, role_name: `${name}_owner` })
    .reply(200, { uri: `postgresql://${name}_owner:${password}@${name}.localhost:8080/${name}` })

const statements: string[] = []

/** The result of a statement whose response is lost. */
const LOST = 'lost'

/** Mocks the responses of one database to SQL, in order: rows, a Postgres error, or {@link LOST}. */
const mockSql = (name: string, ...results: (object[] | string)[]) => {
  for (const result of results) {
    nock(`http://${name}.localhost:8080`)
      .post('/sql')
      .reply(async (request: Request) => {
        const { query } = (await request.json()) as { query: string }
        statements.push(`${name}: ${query}`)
        if (result === LOST) return [502, ''] as const
        if (typeof result === 'string') return [400, JSON.stringify({ message: result })] as const
        const fields = [{ name: 'oid', dataTypeID: 25 }]
        const body = { fields, rows: result.map(() => ['1']), rowAsArray: true, command: 'SELECT' }
        return [200, JSON.stringify({ ...body, rowCount: result.length })] as const
      })
  }
}

/** Mocks the search for the schema in a database that has it, and the `results` of later statements. */
const mockSchemaIn = (name: string, ...results: (object[] | string)[]) => {
  mockConnection(name)
  mockConnection(name)
  mockSql(name, [{}], ...results)
}

describe('one deadline covers everything: a conflict', () => {
  it('is quoted in the error if the run times out before it knows the cause', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', CONFLICT)
    neon('get', '/auth', ...repeat(2, OFF))
    // The pause before the third read would take 1.5 s, and 0.5 s are already over.
    const { failure } = await runAction(OPENED, { timeout: '2' })
    expect(failure).toMatch(
      /timed out after 2 seconds while confirming that Neon Auth is off\.\nLast failure: Neon answered 409 to POST \S+\/auth: "schema exists" \[request ID req-77\]/,
    )
  })
})

describe('delete only what was named: recreate', () => {
  it('keeps the data of a pull request that closed in the meantime', async () => {
    const github = mockGitHub()
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [409, () => Object.assign(github.pulls, { 2: { state: 'closed' } })])
    neon('get', '/auth', ...repeat(4, OFF))
    const { report } = await runAction(OPENED, RECREATE)
    expect(report).toMatchObject({ action: 'skipped', skipped: { reason: 'pull_request_closed' } })
    expect(writes()).toEqual([ENABLE])
  })

  it('unknown is not none: keeps the data if GitHub refuses to show the pull request', async () => {
    mockGitHub().refusedPaths = /pulls/
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', CONFLICT)
    neon('get', '/auth', ...repeat(5, OFF))
    const { failure } = await runAction(OPENED, RECREATE)
    expect(failure).toMatch(/could not confirm that pull request #2 is still open/)
    expect(writes()).toEqual([ENABLE])
  })

  it('does not delete auth that another run enables after a lost delete', async () => {
    mockOrphan(OFF)
    neon('delete', '/auth', 'reset')
    neon('get', '/auth', [200, integration()])
    neon('post', '/auth', CONFLICT)
    neon('get', '/auth', [200, integration()])
    mockAuthOn()
    const { report } = await runAction(OPENED, RECREATE)
    // Nobody knows whether the lost delete worked, but auth is on, so the leftover schema is gone.
    const changes = [{ change: 'delete_orphan_schema' }]
    expect(report).toMatchObject({ action: 'updated', changes })
    expect(writes()).toEqual([ENABLE, ENABLE])
  })

  it.each([
    [
      'the pull request closes',
      (github: GitHubState) => void Object.assign(github.pulls, { 2: { state: 'closed' } }),
      { skipped: { reason: 'pull_request_closed' }, changes: [] },
      '',
      1,
    ],
    [
      'GitHub no longer shows the pull request',
      (github: GitHubState) => void Object.assign(github, { refusedPaths: /pulls/ }),
      undefined,
      expect.stringContaining('could not confirm that pull request #2 is still open'),
      2,
    ],
  ])('says that a lost delete may have worked if %s', async (_, change, report, failure, reads) => {
    const github = mockOrphan(...repeat(reads, OFF))
    neon('delete', '/auth', [502, () => change(github)])
    const result = await runAction(OPENED, RECREATE)
    expect(result).toMatchObject({ failure, ...(report && { report }) })
    expect([...result.journal.inFlight]).toEqual([{ change: 'delete_orphan_schema' }])
    if (report) expect(result.log).toMatch(/warning: The responses .* lost, .*:\n- Delete .*schema/)
    expect(writes()).toEqual([ENABLE, DELETE_DATA])
  })

  it('does not count a lost read before the delete as a lost delete', async () => {
    mockOrphan()
    neonAlways('get', '/auth', 'reset')
    const { failure, journal } = await runAction(OPENED, RECREATE)
    expect(failure).toMatch(/GET \S+\/auth failed/)
    expect(journal).toMatchObject({ applied: [], inFlight: new Set() })
    expect(writes()).toEqual([ENABLE])
  })

  it('reports a deletion whose response is lost if the schema is gone', async () => {
    mockOrphan(OFF)
    neon('delete', '/auth', 'reset', OFF)
    neon('get', '/auth', OFF)
    mockDatabases('shop')
    mockConnection('shop')
    mockSql('shop', [])
    neon('post', '/auth', [201, created()])
    mockAuthOn()
    const { report } = await runAction(OPENED, RECREATE)
    expect(report?.changes).toEqual([{ change: 'delete_orphan_schema' }, { change: 'enable_auth' }])
  })

  it('says that a lost delete may have worked if the search for the schema then fails', async () => {
    mockOrphan(OFF)
    neon('delete', '/auth', 'reset', OFF)
    neon('get', '/auth', OFF)
    neon('get', '/branches/databases', [403, error('not allowed')])
    const { failure, journal } = await runAction(OPENED, RECREATE)
    expect(failure).toContain('not allowed')
    expect([...journal.inFlight]).toEqual([{ change: 'delete_orphan_schema' }])
  })

  it.each([400, 403])('sends no SQL if Neon refuses the deletion (%i)', async (status) => {
    mockOrphan(OFF)
    neon('delete', '/auth', [status, error('not on this plan')])
    const { failure } = await runAction(OPENED, RECREATE)
    expect(failure).toContain('not on this plan')
    expect(writes()).toEqual([ENABLE, DELETE_DATA])
  })

  it('fails if the schema still exists after it was deleted, and does not delete it twice', async () => {
    mockOrphan(OFF)
    neon('delete', '/auth', [200])
    neon('post', '/auth', CONFLICT)
    neon('get', '/auth', ...repeat(4, OFF))
    mockDatabases('shop')
    mockConnection('shop')
    mockSql('shop', [])
    const { failure, journal } = await runAction(OPENED, RECREATE)
    expect(failure).toMatch(/schema exists[\s\S]*`recreate` did not find the schema/)
    expect(writes()).toEqual([ENABLE, DELETE_DATA, ENABLE])
    expect(journal.applied).toEqual([{ change: 'delete_orphan_schema' }])
  })

  it('is not the default: after a conflict, the run reads three times and deletes nothing', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', CONFLICT)
    neon('get', '/auth', ...repeat(3, OFF))
    const { failure } = await runAction(OPENED)
    expect(failure).toMatch(/409[\s\S]*on_orphan_schema: recreate/)
    expect(writes()).toEqual([ENABLE])
  })
})

describe('decide a 409 by reading: a run on a branch that may inherit auth', () => {
  const young = { created_at: new Date().toISOString() }
  const mockConflict = (message: string, branch: Record<string, unknown> = young) => {
    mockGitHub()
    mockBranch(branch)
    neon('post', '/auth', [409, error(message)])
    for (const path of ['', '/domains', '/plugins', '/webhooks'])
      neonAlways('get', `/auth${path}`, OFF)
  }
  const mockComputes = (...ids: string[]) =>
    neon('get', '/branches/endpoints', [200, { endpoints: ids.map((id) => ({ id })) }])

  it('waits for inherited auth to become visible, and then fails', async () => {
    mockConflict('schema exists')
    const { failure, log } = await runAction(OPENED)
    expect(log).toContain('waiting for the auth that it may inherit')
    expect(failure).toMatch(/may not be visible yet[\s\S]*Fix: run the job again in a minute/)
    expect(writes()).toEqual([ENABLE])
  })

  it.each(['init', 'resetting', 'archived', 'a state of the future'])(
    'treats an old branch like a young one while it is not ready: %s',
    async (current_state) => {
      mockConflict('schema exists', { current_state })
      const { log } = await runAction(OPENED)
      expect(log).toContain('waiting for the auth that it may inherit')
      expect(writes()).toEqual([ENABLE])
    },
  )

  it('succeeds if the inherited auth becomes visible', async () => {
    mockBranch(young)
    mockAuthOff()
    neon('post', '/auth', CONFLICT)
    neon('get', '/auth', OFF, [200, integration()])
    mockAuthOn()
    expect((await runAction(OPENED)).report?.action).toBe('unchanged')
    expect(writes()).toEqual([ENABLE])
  })

  it.each(['already enabled for this branch', 'already set up and active'])(
    'reports a contradiction if the conflict says "%s" but auth is off',
    async (claim) => {
      mockConflict(`Neon Auth is ${claim}`)
      const { failure } = await runAction(OPENED, RECREATE)
      expect(failure).toMatch(/Neon contradicts itself/)
      expect(writes()).toEqual([ENABLE])
    },
  )

  it('does not recreate anything if no schema is found over SQL', async () => {
    mockConflict('schema exists')
    mockDatabases('shop')
    mockConnection('shop')
    mockSql('shop', [])
    mockComputes('ep-own')
    const { failure } = await runAction(OPENED, RECREATE)
    expect(failure).toMatch(/Nothing was changed[\s\S]*No neon_auth schema was found over SQL/)
    expect(writes()).toEqual([ENABLE])
  })

  it('does not recreate anything if the schema has no configuration row', async () => {
    mockConflict('schema exists')
    mockDatabases('shop')
    // The run opens the database once, and reads everything through it.
    mockConnection('shop')
    mockSql('shop', [{}], [])
    mockComputes()
    const { failure } = await runAction(OPENED, RECREATE)
    expect(failure).toMatch(/names no compute\. The computes of this branch: none/)
    expect(writes()).toEqual([ENABLE])
  })
})

describe('decide a 409 by reading: a conflict after a lost response', () => {
  it('counts as the effect of the lost request', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', 'reset', CONFLICT)
    neon('get', '/auth', OFF, [200, integration()])
    mockAuthOn()
    expect((await runAction(OPENED)).report?.action).toBe('enabled')
  })

  it.each<[string, Reply, RegExp]>([
    ['nothing shows what it means', CONFLICT, /not allowed/],
    ['Neon contradicts itself', [409, error('Neon Auth is already enabled')], /contradicts itself/],
  ])('is listed with the lost request as in progress if %s', async (_, conflict, message) => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', 'reset', conflict)
    if (conflict === CONFLICT) neon('get', '/auth', OFF, [403, error('not allowed')])
    else neon('get', '/auth', ...repeat(4, OFF))
    const { failure, journal } = await runAction(OPENED)
    expect(failure).toMatch(message)
    expect([...journal.inFlight]).toEqual([{ change: 'enable_auth' }])
  })

  it('does not list the request if the schema turns out to be left over', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', 'reset', CONFLICT)
    neon('get', '/auth', ...repeat(4, OFF))
    const { failure, journal } = await runAction(OPENED)
    expect(failure).toContain('its database holds a neon_auth schema')
    expect(journal.inFlight.size).toBe(0)
  })
})

describe('a schema that the API does not delete is dropped over SQL', () => {
  beforeEach(() => {
    statements.length = 0
  })

  const mockNothingToDelete = () => {
    mockOrphan(OFF)
    neon('delete', '/auth', OFF)
  }
  /** Mocks a DELETE that succeeds but leaves the schema in place. */
  const mockIneffectiveDelete = () => {
    mockOrphan(OFF)
    neon('delete', '/auth', [200])
    neon('post', '/auth', CONFLICT)
    neon('get', '/auth', ...repeat(4, OFF))
  }
  const mockReadOff = () => neon('get', '/auth', OFF)
  const mockEnabling = () => {
    neon('post', '/auth', [201, created()])
    mockAuthOn()
  }
  /** Returns everything that the run has written to stdout. */
  const written = () =>
    vi
      .mocked(process.stdout.write)
      .mock.calls.map(([text]) => String(text))
      .join('')
  const FIND = "SELECT oid::text FROM pg_namespace WHERE nspname = 'neon_auth'"
  /** Drops the found schema, identified by its OID. */
  const DROP =
    /^shop: DO .* nspname = 'neon_auth' AND oid = 1\).*DROP SCHEMA IF EXISTS neon_auth CASCADE/s

  it('in the database that has it, and in no other', async () => {
    mockNothingToDelete()
    mockDatabases('shop', 'other')
    mockSchemaIn('shop', [])
    mockConnection('other')
    mockSql('other', [])
    mockReadOff()
    mockEnabling()
    const { report } = await runAction(OPENED, RECREATE)
    expect(report?.action).toBe('enabled')
    expect(statements.slice(0, 2).sort()).toEqual([`other: ${FIND}`, `shop: ${FIND}`])
    expect(statements.slice(2)).toEqual([expect.stringMatching(DROP)])
  })

  it('even if Neon claims to have deleted it but still refuses to enable auth', async () => {
    mockIneffectiveDelete()
    mockDatabases('shop')
    mockSchemaIn('shop', [])
    mockReadOff()
    mockEnabling()
    const { report } = await runAction(OPENED, RECREATE)
    expect(report?.changes).toEqual([{ change: 'delete_orphan_schema' }, { change: 'enable_auth' }])
    expect(writes()).toEqual([ENABLE, DELETE_DATA, ENABLE, ENABLE])
    expect(statements).toEqual([`shop: ${FIND}`, expect.stringMatching(DROP)])
  })

  it('check again right before you remove: unless another run enables auth in the meantime', async () => {
    mockIneffectiveDelete()
    mockDatabases('shop')
    mockSchemaIn('shop')
    neon('get', '/auth', [200, integration()])
    neon('post', '/auth', CONFLICT)
    neon('get', '/auth', [200, integration()])
    mockAuthOn()
    const { report } = await runAction(OPENED, RECREATE)
    expect(report?.changes).toEqual([{ change: 'delete_orphan_schema' }])
    expect(statements).toEqual([`shop: ${FIND}`])
  })

  it('and counts as dropped if the response is lost and another run then enables auth', async () => {
    mockNothingToDelete()
    mockDatabases('shop')
    mockSchemaIn('shop', LOST)
    neon('get', '/auth', OFF, [200, integration()])
    neon('post', '/auth', CONFLICT)
    neon('get', '/auth', [200, integration()])
    mockAuthOn()
    const { report } = await runAction(OPENED, RECREATE)
    expect(report?.changes).toEqual([{ change: 'delete_orphan_schema' }])
    expect(statements).toEqual([`shop: ${FIND}`, expect.stringMatching(DROP)])
  })

  it('but is not reported as possibly dropped if only the search for it was lost', async () => {
    mockNothingToDelete()
    mockDatabases('shop')
    mockConnection('shop')
    mockSql('shop', LOST, LOST, LOST, LOST, LOST)
    const { failure, journal } = await runAction(OPENED, RECREATE)
    expect(failure).toContain('POST /sql')
    expect(journal).toMatchObject({ applied: [], inFlight: new Set() })
  })

  it('even if Neon refuses because auth is off', async () => {
    mockOrphan(OFF)
    neon('delete', '/auth', [409, error('auth is not enabled')])
    mockDatabases('shop')
    mockSchemaIn('shop', [])
    mockReadOff()
    mockEnabling()
    const { report } = await runAction(OPENED, RECREATE)
    expect(report?.action).toBe('enabled')
    expect(statements).toEqual([`shop: ${FIND}`, expect.stringMatching(DROP)])
  })

  it('in the database that the input names, and in no other', async () => {
    mockNothingToDelete()
    mockDatabases('shop', 'other')
    mockSchemaIn('shop', [])
    mockReadOff()
    neon('post', '/auth', [201, created()])
    neon('get', '/auth', [200, integration({ db_name: 'shop' })])
    neon('get', '/auth/domains', [200, { domains: [] }])
    neon('get', '/auth/plugins', [200, {}])
    neon('get', '/auth/webhooks', [200, { enabled: false }])
    const { report } = await runAction(OPENED, { ...RECREATE, database: 'shop' })
    expect(report?.changes).toEqual([
      { change: 'delete_orphan_schema', database: 'shop' },
      { change: 'enable_auth', database: 'shop' },
    ])
    expect(statements).toEqual([`shop: ${FIND}`, expect.stringMatching(DROP)])
  })

  it('unless two databases have one, because that would be a guess', async () => {
    mockNothingToDelete()
    mockDatabases('shop', 'other')
    mockConnection('shop')
    mockConnection('other')
    mockSql('shop', [{}])
    mockSql('other', [{}])
    const { failure } = await runAction(OPENED, RECREATE)
    expect(failure).toMatch(/Several databases .*: shop, other\.[\s\S]*`database`/)
    expect(statements).toHaveLength(2)
    expect(writes().filter((write) => write.startsWith('POST'))).toHaveLength(1)
  })

  it('but the step fails, with the statement to run, if Postgres refuses', async () => {
    mockNothingToDelete()
    mockDatabases('shop')
    mockSchemaIn('shop', 'must be owner of schema neon_auth')
    mockReadOff()
    const { failure } = await runAction(OPENED, RECREATE)
    expect(failure).toMatch(/over SQL\.\nPostgres said: "must be owner[\s\S]*DROP SCHEMA neon_auth/)
  })

  it('keep secrets secret: with masks for the connection string and both spellings of its password', async () => {
    mockNothingToDelete()
    mockDatabases('shop')
    mockConnection('shop')
    mockSql('shop', [])
    mockEnabling()
    await runAction(OPENED, RECREATE)
    expect(written()).toContain('::add-mask::p%2540ss')
    expect(written()).toContain('::add-mask::p@ss')
    expect(written()).toContain('::add-mask::postgresql://shop_owner')
  })

  it('unless no database has it, and then it is not reported as deleted', async () => {
    mockNothingToDelete()
    mockDatabases('shop')
    mockConnection('shop')
    mockSql('shop', [])
    neon('post', '/auth', CONFLICT)
    neon('get', '/auth', ...repeat(4, OFF))
    const { failure, journal } = await runAction(OPENED, RECREATE)
    expect(failure).toMatch(/did not find the schema/)
    expect(journal.applied).toEqual([])
  })

  it('with a mask for the raw password if it cannot be decoded', async () => {
    mockNothingToDelete()
    mockDatabases('shop')
    mockConnection('shop', 'pass50%')
    mockSql('shop', [])
    mockEnabling()
    expect((await runAction(OPENED, RECREATE)).report?.action).toBe('enabled')
    expect(written()).toContain('::add-mask::pass50%25')
  })

  it('but the step fails if the databases cannot be listed', async () => {
    mockNothingToDelete()
    neon('get', '/branches/databases', [403, error('not allowed')])
    const { failure } = await runAction(OPENED, RECREATE)
    expect(failure).toMatch(/Could not delete the leftover neon_auth schema[\s\S]*not allowed/)
    expect(requests.at(-1)).toBe('GET /branches/br-cool-sun-1234/databases')
  })
})
