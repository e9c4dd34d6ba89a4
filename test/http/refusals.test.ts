import { describe, expect, it } from 'vitest'
import { failureOutputs } from '../../src/report/outputs.ts'
import {
  CLOSED,
  cancelRun,
  created,
  error,
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
import { mockGitHub, TOKEN } from './mock-github.ts'

useNock()

/** A proxy's own 404. */
const PAGE: Reply = [404, '<html><h1>404 Not Found</h1></html>']
const ON: Reply = [200, { auth_provider: 'better_auth' }]
const OUTSIDE = 'not allowed to perform actions outside the project this key is scoped to'

describe('resolve the branch before trusting a 404: a run', () => {
  it('fails a close if a proxy returns its own 404 page, which says nothing about auth', async () => {
    mockBranch()
    neonAlways('get', '/auth', PAGE)
    const { report, failure } = await runAction(CLOSED, { delete_data: 'true' })
    expect(report).toBeUndefined()
    expect(failure).toMatch(/the response was 404: <html>[\s\S]*proxy or firewall[\s\S]*`api_host`/)
    expect(requests.filter((request) => request === 'GET /auth').length).toBeGreaterThan(1)
  })

  it("reads again after a proxy's 404 page, and disables auth", async () => {
    mockBranch()
    // One more read right before the removal, because the run waited after the first one.
    neon('get', '/auth', PAGE, ON, ON)
    neon('delete', '/auth', [200])
    expect((await runAction(CLOSED)).report?.action).toBe('disabled')
  })

  it("reads again if the response to disabling auth is a proxy's 404 page", async () => {
    mockBranch()
    mockGitHub({ 2: { state: 'closed' } })
    neon('get', '/auth', ON)
    neon('delete', '/auth', PAGE, [200])
    neon('get', '/auth', ON, ON)
    expect((await runAction(CLOSED, TOKEN)).report?.action).toBe('disabled')
    expect(writes()).toHaveLength(2)
  })

  it.each([OUTSIDE, 'you do not have access to this branch'])(
    'fails a close on a 404 with "%s", and explains the key',
    async (message) => {
      mockBranch()
      neonAlways('get', '/auth', [404, error(message)])
      const { failure } = await runAction(CLOSED)
      expect(failure).toContain(message)
      expect(failure).toContain('use a key made for this project')
    },
  )
})

describe('a refused write', () => {
  it('fails the run with the error of the next read if that is refused too', async () => {
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [404, error('branch not found')])
    neon('get', '/auth', [403, error('forbidden')])
    const { failure } = await runAction(OPENED, { trusted_domains: 'https://a.example.com' })
    expect(failure).toMatch(/^Failed on branch[^\n]*\nNeon answered 403[\s\S]*Fix: use a key/)
  })

  it('names the input `database` and the databases that exist', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [404, error('database not found')])
    neon('get', '/branches/databases', [
      200,
      { databases: [{ name: 'neondb', owner_name: 'neon' }] },
    ])
    const { failure } = await runAction(OPENED, { database: 'shop' })
    expect(failure).toMatch(/no database named "shop".*`database`.*\n- neondb\n.*404/)
    expect(failure).not.toContain('project_id')
  })

  it.each<[string, Reply]>([
    ['names a database that exists', [200, { databases: [{ name: 'shop', owner_name: 'neon' }] }]],
    ['cannot be looked up', [403, error('no')]],
  ])('keeps its own reason if the input `database` %s', async (_, databases) => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [422, error('the compute is not ready')])
    neon('get', '/branches/databases', databases)
    const { failure } = await runAction(OPENED, { database: 'shop' })
    expect(failure).toContain('Neon answered 422')
    expect(failure).toContain('the compute is not ready')
  })
})

describe('a refusal to enable auth in a database', () => {
  it.each([
    [401, 'the key was revoked'],
    [402, 'out of quota'],
    [403, 'not allowed'],
  ])('causes no lookup of the databases if it is a %i', async (status, message) => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [status, error(message)])
    const { failure } = await runAction(OPENED, { database: 'shop' })
    expect(failure).toMatch(`Neon answered ${status}`)
    expect(failure).toContain(message)
    expect(requests.at(-1)).toMatch(/^POST/)
  })

  it('is not reported if the run is canceled during the lookup of the databases', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [422, error('the compute is not ready')])
    neon('get', '/branches/databases', [403, cancelRun])
    const { failure } = await runAction(OPENED, { database: 'shop' })
    expect(failure).toMatch(/was canceled \(SIGTERM\) while/)
  })
})

describe('keep secrets secret: a run', () => {
  it('hides the server key from an error right after enabling, and still outputs it', async () => {
    mockBranch()
    mockAuthOff()
    const keys = { secret_server_key: 'ssk_once_only', pub_client_key: 'pck_once_only' }
    neon('post', '/auth', [201, created(keys)])
    neon('get', '/auth', [400, error('the key ssk_once_only is not known')])
    neonAlways('get', '/auth/domains', [200, { domains: [] }])
    neonAlways('get', '/auth/plugins', [200, {}])
    neonAlways('get', '/auth/webhooks', [200, { enabled: false }])
    const { failure, log, journal } = await runAction(OPENED)
    expect(failure).toContain('the key *** is not known')
    expect(log).not.toContain('ssk_once_only')
    expect(failureOutputs(journal)).toMatchObject({ changed: 'true', ...keys })
  })
})
