import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { REPOSITORY } from '../payloads.ts'
import {
  CLOSED,
  changeBranch,
  error,
  integration,
  mockAuthOn,
  mockBranch,
  mockHealthyService,
  neon,
  neonAlways,
  OPENED,
  requests,
  runAction,
  service,
  useNock,
  writes,
} from './harness.ts'

useNock()

const PREVIEW = 'https://pr-2.example.com'

describe('e2e_session', () => {
  it.each([{}, { e2e_session: 'false' }, { e2e_session: '' }])(
    'sends no extra request if it is off: %j',
    async (inputs) => {
      mockBranch()
      mockAuthOn(PREVIEW)
      mockHealthyService(1)
      await runAction(OPENED, { trusted_domains: PREVIEW, verify: 'true', ...inputs })
      expect(requests.filter((request) => /sign-(in|up)|session|token/.test(request))).toEqual([])
      expect(writes()).toEqual([])
    },
  )
})

describe('a user of e2e_session', () => {
  it('never resurrect a closed pull request: is not signed up if it closes while the run waits', async () => {
    let state = 'open'
    nock('https://api.github.com')
      .persist()
      .get(`/repos/${REPOSITORY}/pulls/2`)
      .reply(() => [200, { state, head: { ref: 'x', repo: { id: 1 } }, base: { repo: { id: 1 } } }])
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [201, {}])
    mockAuthOn(PREVIEW)
    mockHealthyService()
    service('post', '/sign-out', [403, { code: 'INVALID_ORIGIN' }])
    nock('https://ep-cool-sun.neonauth.test')
      .post('/neondb/auth/sign-out')
      .reply(() => {
        state = 'closed'
        return [200, { success: true }]
      })
    const inputs = { trusted_domains: PREVIEW, verify: 'true', e2e_session: 'true' }
    const { report, failure } = await runAction(OPENED, { ...inputs, github_token: 'ghs_1' })
    expect(failure).toBe('')
    expect(report?.skipped?.reason).toBe('pull_request_closed')
    expect(requests.join()).not.toContain('sign-up')
  })
})

describe('deleting the users of e2e_session on close', () => {
  const INPUTS = { e2e_session: 'true', branch: 'preview/pr-2' }

  /** Mocks a branch whose auth is on and whose database returns these users, or an error. */
  const mockUsers = (status: number, ...ids: string[]): void => {
    mockBranch()
    neonAlways('get', '/auth', [200, integration()])
    neon('get', '/branches/databases', [200, { databases: [{ name: 'neondb', owner_name: 'o' }] }])
    nock('https://console.neon.tech')
      .get('/api/v2/projects/p1/connection_uri')
      .query(true)
      .reply(200, { uri: 'postgresql://owner:password1@db.localhost:8080/neondb' })
    const field = { name: 'id', dataTypeID: 25 }
    const rows = { fields: [field], rows: ids.map((id) => [id]), command: 'SELECT', rowCount: 1 }
    nock('http://db.localhost:8080')
      .persist()
      .post('/sql')
      .reply(status, status === 200 ? rows : { message: 'not now' })
  }
  const mockDisabling = () => neon('delete', '/auth', [200, {}])

  it('gone is done: disables auth even if Neon refuses to delete a user', async () => {
    mockUsers(200, 'u1')
    mockDisabling()
    neon('delete', '/auth/users/u1', [403, error('not allowed')])
    const { report, failure, log } = await runAction(CLOSED, INPUTS)
    expect(failure).toBe('')
    expect(report?.action).toBe('disabled')
    expect(log).toMatch(/warning: .*test users/)
  })

  it('disables auth even without a token to confirm a second removal', async () => {
    mockUsers(200, 'u1')
    mockDisabling()
    neon('delete', '/auth/users/u1', [204])
    const { report, failure } = await runAction(CLOSED, INPUTS)
    expect(failure).toBe('')
    expect(report?.action).toBe('disabled')
  })

  it('one deadline covers everything: leaves time to disable auth if the database is busy', async () => {
    mockUsers(503)
    mockDisabling()
    const start = performance.now()
    const { report, failure, log } = await runAction(CLOSED, { ...INPUTS, timeout: '180' })
    expect(failure).toBe('')
    expect(report?.action).toBe('disabled')
    expect(log).toMatch(/warning: .*test users/)
    expect(performance.now() - start).toBeLessThan(90_000)
  })

  it('is skipped, without a look-up, if all auth data is deleted', async () => {
    mockBranch()
    neonAlways('get', '/auth', [200, integration()])
    mockDisabling()
    const { report } = await runAction(CLOSED, { ...INPUTS, delete_data: 'true' })
    expect(report?.action).toBe('disabled')
    expect(requests.filter((request) => request.includes('databases'))).toEqual([])
  })

  it('happens with `on_close: untrust` too, where `delete_data` has no effect', async () => {
    mockUsers(200, 'u1')
    neonAlways('get', '/auth/domains', [200, { domains: [] }])
    neon('delete', '/auth/users/u1', [204])
    const { report } = await runAction(CLOSED, {
      ...INPUTS,
      on_close: 'untrust',
      delete_data: 'true',
    })
    expect(report?.action).toBe('untrusted')
    expect(writes()).toHaveLength(1)
  })

  it('is planned in a dry run', async () => {
    mockUsers(200, 'u1')
    const { report } = await runAction(CLOSED, { ...INPUTS, dry_run: 'true' })
    expect(report?.changes).toEqual([
      { change: 'delete_user', id: 'u1' },
      { change: 'disable_auth', deleteData: false },
    ])
    expect(writes()).toEqual([])
  })

  it('reads the state after looking up the users, not together with the branch', async () => {
    mockUsers(200)
    mockDisabling()
    const { report } = await runAction(CLOSED, { ...INPUTS, branch: 'br-cool-sun-1234' })
    expect(report?.action).toBe('disabled')
    expect(requests.filter((request) => request === 'GET /auth')).toHaveLength(2)
  })

  it('check again right before you remove: stops if the branch has been promoted', async () => {
    mockUsers(200, 'u1')
    changeBranch({ default: true })
    const { failure } = await runAction(CLOSED, INPUTS)
    expect(failure).toMatch(/default branch/)
    expect(writes()).toEqual([])
  })
})
