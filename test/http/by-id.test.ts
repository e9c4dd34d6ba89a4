import nock from 'nock'
import { describe, expect, it } from 'vitest'
import {
  BRANCH_ID,
  branch,
  branchReads,
  CLOSED,
  changeBranch,
  created,
  domains,
  error,
  integration,
  listing,
  mockAuthOff,
  mockAuthOn,
  mockBranch,
  neon,
  neonAlways,
  OPENED,
  PREVIEW,
  requests,
  runAction,
  useNock,
  writes,
} from './harness.ts'
import { mockGitHub, TOKEN } from './mock-github.ts'

useNock()

const BY_ID = { branch: BRANCH_ID }

// A mock of `neon` responds only once, so a second read of the same state fails these tests.
describe('a branch given by its ID', () => {
  it('needs no second read of its auth between the lookup and the write', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [201, created()])
    mockAuthOn()
    const { report } = await runAction(OPENED, BY_ID)
    expect(report?.action).toBe('enabled')
    expect(requests.findIndex((request) => request.startsWith('POST /auth'))).toBe(5)
  })

  it.each([{ default: true }, { protected: true }])(
    'protect production: is not changed if it is %j',
    async (flags) => {
      mockBranch(flags)
      mockAuthOff()
      const { failure } = await runAction(OPENED, BY_ID)
      expect(failure).toMatch(/allow_protected/)
      expect(writes()).toEqual([])
    },
  )

  it('resolve the branch before trusting a 404: is not "off" if it does not exist', async () => {
    neon('get', '/branches', listing())
    mockAuthOff()
    neon('get', '/branches', listing())
    const { failure } = await runAction(OPENED, BY_ID)
    expect(failure).toContain('has no branch for this run')
    expect(writes()).toEqual([])
  })

  it('is read again if another branch has this ID as its name', async () => {
    const other = 'br-other-moon-9999'
    mockBranch({ id: other, name: BRANCH_ID })
    mockAuthOff()
    for (const path of ['', '/domains', '/plugins', '/webhooks'])
      neon('get', `/api/v2/projects/p1/branches/${other}/auth${path}`, [404, error('off')])
    const { report } = await runAction(OPENED, { ...BY_ID, dry_run: 'true' })
    expect(report).toMatchObject({ action: 'planned', branch: { id: other } })
  })

  it('converge: is read again if the run had to wait during the lookup', async () => {
    neon('get', '/branches', [503, error('busy')], listing(branch()))
    mockAuthOff()
    // Another run enables auth during the wait.
    mockAuthOn()
    const { report } = await runAction(OPENED, { ...BY_ID, dry_run: 'true' })
    expect(report).toMatchObject({ action: 'planned', changes: [] })
  })

  it.each([{}, { discover_domains: 'true' }])(
    'is closed after one read of the list and one of its auth, with %j',
    async (inputs) => {
      mockBranch()
      neon('get', '/auth', [200, integration()])
      neon('delete', '/auth', [200, {}])
      const { report } = await runAction(CLOSED, { ...BY_ID, ...inputs })
      expect(report?.action).toBe('disabled')
      expect(branchReads.size).toBe(0)
    },
  )

  it('is read again in a close if it could not be read during the lookup', async () => {
    mockBranch()
    neon('get', '/auth', [403, error('not now')], [200, integration()])
    neon('delete', '/auth', [200, {}])
    expect((await runAction(CLOSED, BY_ID)).report?.action).toBe('disabled')
  })

  it('loses its domains after one read of its state, and a second read confirms the removal', async () => {
    mockBranch()
    neon('get', '/auth', [200, integration()], [200, integration()])
    neon('get', '/auth/domains', domains(PREVIEW), domains())
    neon('delete', '/auth/domains', [200])
    const untrust = { on_close: 'untrust', trusted_domains: PREVIEW }
    const { report } = await runAction(CLOSED, { ...BY_ID, ...untrust })
    expect(report).toMatchObject({ action: 'untrusted', trustedDomains: [] })
    expect(branchReads.size).toBe(0)
  })

  it('check again right before you remove: is read again if the event is not a close', async () => {
    mockBranch()
    neon('get', '/auth', [200, integration()], [200, integration()])
    neon('delete', '/auth', [200, {}])
    const { report } = await runAction(['push'], { ...BY_ID, mode: 'disable' })
    expect(report?.action).toBe('disabled')
    expect(branchReads.get(BRANCH_ID)).toBe(1)
  })

  it('check again right before you remove: is confirmed again before a request is repeated', async () => {
    const gitHub = mockGitHub({ 2: { state: 'open' } })
    mockBranch()
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [423, error('locked')])
    const { report } = await runAction(CLOSED, { ...BY_ID, ...TOKEN })
    expect(report?.skipped?.reason).toBe('pull_request_reopened')
    expect(branchReads.get(BRANCH_ID)).toBe(1)
    expect(gitHub.requests).toEqual(['GET /pulls/2'])
  })

  it('converge: is compared with its parent for `oauth: shared`', async () => {
    const google = { id: 'google', type: 'standard' }
    mockBranch({ parent_id: 'br-parent' })
    mockAuthOn()
    neon('get', '/api/v2/projects/p1/branches/br-parent/auth/plugins', [
      200,
      { oauth_providers: [google] },
    ])
    const { report } = await runAction(OPENED, { ...BY_ID, oauth: 'shared', dry_run: 'true' })
    expect(report?.changes).toEqual([{ change: 'add_oauth_provider', provider: 'google' }])
  })

  it('fail loudly, explain fully: fails a run whose session needs settings that cannot be read', async () => {
    mockBranch()
    neonAlways('get', '/auth', [200, integration()])
    neonAlways('get', '/auth/domains', domains(PREVIEW))
    neonAlways('get', '/auth/plugins', [403, error('no')])
    neonAlways('get', '/auth/webhooks', [200, { enabled: false }])
    const session = { e2e_session: 'true', trusted_domains: PREVIEW }
    const { failure } = await runAction(OPENED, { ...BY_ID, ...session })
    expect(failure).toMatch(/Could not read the state of Neon Auth/)
    expect(writes()).toEqual([])
  })
})

describe('check again right before you remove: a branch given by its ID is read again', () => {
  const api = () => nock('https://api.github.com')

  /** Returns a function for nock that returns this body and makes the branch the default branch. */
  const replyAndPromote = (body: nock.Body) => () => {
    changeBranch({ default: true })
    return body
  }

  /** Mocks the start of a close, when the branch is not the default branch yet. */
  const mockClose = () => {
    mockGitHub({ 2: { state: 'closed' } })
    mockBranch()
    neonAlways('get', '/auth', [200, integration()])
  }

  const expectRefusal = async (inputs: object) => {
    const { failure } = await runAction(CLOSED, { ...BY_ID, ...TOKEN, ...inputs })
    expect(failure).toMatch(/is the project's default branch/)
    expect(writes()).toEqual([])
  }

  it('after the comment is read', async () => {
    mockClose()
    const viewer = { login: 'github-actions[bot]' }
    api().persist().post('/graphql').reply(200, { data: { viewer } })
    const link = '<https://api.github.com/issues?page=2>; rel="next"'
    api()
      .get(/issues.2.comments/)
      .reply(200, [], { link })
    api()
      .get(/issues.2.comments.*page=2/)
      .reply(200, replyAndPromote([]))
    // The comment says why the run failed.
    api()
      .persist()
      .get(/issues.2.comments/)
      .reply(200, [])
    api()
      .persist()
      .post(/issues.2.comments/)
      .optionally()
      .reply(201, { id: 1 })
    await expectRefusal({ comment: 'true' })
  })

  it('after deployments are read', async () => {
    mockClose()
    neonAlways('get', '/auth/domains', domains(PREVIEW))
    api()
      .persist()
      .get(/deployments/)
      .reply(200, replyAndPromote([]))
    await expectRefusal({ on_close: 'untrust', discover_domains: 'true', trusted_domains: PREVIEW })
  })

  it('after the users of sessions are looked up', async () => {
    mockClose()
    neon('get', '/branches/databases', [200, { databases: [{ name: 'neondb', owner_name: 'o' }] }])
    const uri = 'postgresql://o:p@neondb.localhost:8080/neondb'
    nock('https://console.neon.tech')
      .get('/api/v2/projects/p1/connection_uri')
      .query(true)
      .reply(200, { uri })
    const fields = [{ name: 'id', dataTypeID: 25 }]
    const rows = { fields, rows: [['u1']], rowAsArray: true, command: 'SELECT', rowCount: 1 }
    nock('http://neondb.localhost:8080').post('/sql').reply(200, replyAndPromote(rows))
    await expectRefusal({ e2e_session: 'true' })
  })
})
