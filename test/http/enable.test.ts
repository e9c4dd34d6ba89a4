import nock from 'nock'
import { describe, expect, it, vi } from 'vitest'
import {
  BASE_URL,
  branch,
  branchReads,
  created,
  domains,
  error,
  github,
  integration,
  listing,
  mockAuthOff,
  mockAuthOn,
  mockBranch,
  mockHealthyService,
  mockSettings,
  neon,
  neonAlways,
  OPENED,
  PREVIEW,
  type Reply,
  requests,
  runAction,
  service,
  serviceAlways,
  useNock,
  writes,
} from './harness.ts'
import { mockGitHub, TOKEN } from './mock-github.ts'

useNock()

const TRUST = `POST /auth/domains {"domain":"${PREVIEW}","auth_provider":"better_auth"}`
const OK: Reply = [200, { ok: true }]
const KEYS: Reply = [200, { keys: [{ kid: '1' }] }]

describe('converge: a run that enables auth', () => {
  it('reads, enables, trusts, reads back, and verifies, without any other request', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [201, created()])
    neon('post', '/auth/domains', [201])
    mockAuthOn(PREVIEW)
    mockHealthyService(1)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW, verify: 'true' })
    expect(report).toMatchObject({
      action: 'enabled',
      trustedDomains: [PREVIEW],
      proof: { isServing: true, domains: [PREVIEW] },
    })
    expect(report?.created).toMatchObject({ auth_provider_project_id: 'ap-1' })
    expect(writes()).toEqual(['POST /auth {"auth_provider":"better_auth"}', TRUST])
    expect(requests[0]).toBe('GET /branches')
    expect(requests.at(-1)).toMatch(/sign-out|jwks|ok/)
    expect(branchReads.size).toBe(0)
  })

  it.each([
    [
      'enabled',
      () => {
        mockAuthOff()
        neon('post', '/auth', [201, created()])
      },
    ],
    ['updated', () => mockAuthOn()],
  ])('verifies while Neon is still slow to show the auth: %s', async (action, mockStart) => {
    mockBranch()
    mockStart()
    neon('post', '/auth/domains', [201])
    mockAuthOff()
    mockAuthOn(PREVIEW)
    mockHealthyService(1)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW, verify: 'true' })
    expect(report?.action).toBe(action)
    expect(requests.indexOf('GET /ok')).toBeLessThan(requests.lastIndexOf('GET /auth'))
    expect(requests.filter((request) => request === 'GET /ok')).toHaveLength(1)
  })

  it('reports no proof with `verify: false`, and nothing created in a second run', async () => {
    mockBranch()
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(report).toMatchObject({ action: 'unchanged', changes: [] })
    expect(report).not.toHaveProperty('proof')
    expect(report).not.toHaveProperty('created')
  })

  it.each([
    ['base_url', 'https://ep-old.neonauth.test/neondb/auth', 1],
    ['jwks_url', 'https://ep-old.neonauth.test/jwks.json', 2],
  ])('verifies again if reading back returns another %s', async (name, url, times) => {
    const old = nock('https://ep-old.neonauth.test').persist()
    old
      .get(/./)
      .optionally()
      .reply(200, { ok: true, keys: [{}] })
    old.post(/./).optionally().reply(200, {})
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [201, created({ [name]: url })])
    neon('post', '/auth/domains', [201])
    mockAuthOn(PREVIEW)
    service('get', '/.well-known/jwks.json', ...Array.from({ length: 3 - times }, () => KEYS))
    service('get', '/ok', ...Array.from({ length: times }, () => OK))
    service('post', '/sign-out', ...Array.from({ length: times }, () => OK))
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW, verify: 'true' })
    expect(report?.proof).toEqual({ isServing: true, domains: [PREVIEW] })
  })

  it('writes nothing in a second run', async () => {
    mockBranch()
    mockAuthOn(PREVIEW)
    mockHealthyService(1)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW, verify: 'true' })
    expect(report).toMatchObject({ action: 'unchanged', changes: [] })
    expect(writes()).toEqual([])
  })

  it('only updates inherited auth, one write at a time', async () => {
    mockBranch()
    mockAuthOn('https://prod.example.com')
    neon(
      'get',
      '/auth/allow_localhost',
      [200, { allow_localhost: true }],
      [200, { allow_localhost: false }],
    )
    neon('patch', '/auth/allow_localhost', [200, { allow_localhost: false }])
    neon('post', '/auth/domains', [201])
    neon('delete', '/auth/domains', [200])
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, {
      trusted_domains: PREVIEW,
      allow_localhost: 'false',
      prune_domains: 'true',
    })
    expect(report?.action).toBe('updated')
    expect(writes()).toEqual([
      'PATCH /auth/allow_localhost {"allow_localhost":false}',
      TRUST,
      'DELETE /auth/domains {"auth_provider":"better_auth","domains":[{"domain":"https://prod.example.com"}]}',
    ])
  })

  it('sends the input `database`', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [201, created()])
    neon('get', '/auth', [200, integration({ db_name: 'app' })])
    neon('get', '/auth/domains', domains())
    mockSettings({ oauth_providers: [{ id: 'google', type: 'shared' }] })
    const { report } = await runAction(OPENED, { database: 'app' })
    expect(writes()).toEqual(['POST /auth {"auth_provider":"better_auth","database_name":"app"}'])
    expect(report?.auth?.oauthProviders).toEqual(['google'])
  })

  it('only says what would change in a dry run', async () => {
    mockBranch()
    mockAuthOff()
    const { report, log } = await runAction(OPENED, { trusted_domains: PREVIEW, dry_run: 'true' })
    expect(report).toEqual({
      action: 'planned',
      branch: expect.objectContaining({ name: 'preview/pr-2' }),
      changes: [{ change: 'enable_auth' }, { change: 'trust_domain', domain: PREVIEW }],
    })
    expect(log).toContain(`Would: Enable Neon Auth.\nWould: Trust ${PREVIEW}.`)
    expect(writes()).toEqual([])
  })
})

describe('oauth_preflight', () => {
  it.each<[string, object, object | undefined]>([
    ['checks the providers', { oauth_preflight: 'true' }, []],
    ['checks nothing in a dry run', { oauth_preflight: 'true', dry_run: 'true' }, undefined],
    ['checks nothing by default', {}, undefined],
  ])('%s', async (_, inputs, expected) => {
    mockBranch()
    mockAuthOn()
    const { report, log } = await runAction(OPENED, inputs)
    expect(report?.oauth).toEqual(expected)
    expect(log.includes('this branch has no OAuth provider')).toBe(expected !== undefined)
  })

  it('does nothing in a dry run on a branch whose auth is off', async () => {
    mockBranch()
    mockAuthOff()
    const { report } = await runAction(OPENED, { oauth_preflight: 'true', dry_run: 'true' })
    expect(report).not.toHaveProperty('oauth')
  })
})

describe('a dry run on a branch whose auth is on', () => {
  it('reports the state of auth and plans a test email', async () => {
    mockBranch()
    mockAuthOn(PREVIEW)
    neon('get', '/auth/email_provider', [200, { type: 'standard' }])
    const inputs = { trusted_domains: PREVIEW, settings: 'test_email: qa@shop.example' }
    const { report, log } = await runAction(OPENED, { ...inputs, dry_run: 'true' })
    expect(report).toMatchObject({
      action: 'planned',
      changes: [],
      auth: { baseUrl: BASE_URL, oauthProviders: [], ownOauthProviders: [] },
      trustedDomains: [PREVIEW],
      requestedDomains: [PREVIEW],
    })
    expect(log).toContain('Would: Send a test email to qa@shop.example.')
    expect(writes()).toEqual([])
  })
})

describe('decide a 409 by reading', () => {
  const CONFLICT = error(
    'The `neon_auth` schema already exists and cannot be automatically provisioned. Please drop the existing `neon_auth` schema before provisioning Neon Auth.',
  )

  it('GET 200: sends the secrets of the settings', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [409, CONFLICT])
    neon('get', '/auth', [200, integration()])
    mockAuthOn()
    neon('patch', '/auth/email_provider', [200, {}])
    neon('get', '/auth', [200, integration()])
    neon('get', '/auth/domains', domains())
    const server = 'type: standard, host: smtp.shop.example, port: 2525, username: shop'
    const sender = 'sender_email: a@shop.example, sender_name: Shop'
    mockSettings({ email_provider: { type: 'standard', host: 'smtp.shop.example', port: 2525 } })
    const settings = `email_provider: { ${server}, ${sender}, password: hunter2-hunter2 }`
    const { failure } = await runAction(OPENED, { settings })
    expect(failure).toBe('')
    expect(writes().at(-1)).toMatch(/^PATCH \/auth\/email_provider .*"password":"hunter2-hunter2"/)
  })

  it('GET 200: treats auth as on, whatever the message of the 409 says, and plans again', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [409, CONFLICT])
    neon('get', '/auth', [200, integration()])
    mockAuthOn()
    neon('post', '/auth/domains', [201])
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(report?.action).toBe('updated')
  })

  it('GET 200 without URLs: waits, and repeats what another run undoes in the meantime', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [201, {}])
    neon('post', '/auth/domains', [201], [201])
    neon('get', '/auth', [200, integration({ base_url: undefined })])
    neon('get', '/auth', ...Array.from({ length: 2 }, (): Reply => [200, integration()]))
    neon('get', '/auth/domains', domains(PREVIEW), domains(), domains(PREVIEW))
    for (let read = 0; read < 3; read++) mockSettings()
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(report).toMatchObject({ action: 'enabled', trustedDomains: [PREVIEW] })
    expect(writes().slice(1)).toEqual([TRUST, TRUST])
  })

  it('GET 200 without URLs: waits for the URLs of auth that another run has just enabled', async () => {
    const bare = integration({ base_url: undefined, jwks_url: '' })
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [409, CONFLICT])
    neon('get', '/auth', [200, bare], [200, bare])
    neon('get', '/auth/domains', [200, { domains: [] }])
    mockSettings()
    mockAuthOn()
    const { report } = await runAction(OPENED)
    expect(report).toMatchObject({ action: 'unchanged', auth: { baseUrl: integration().base_url } })
  })

  it('GET 200 without URLs: waits for the URLs of new auth, on a branch of any age', async () => {
    const created_at = new Date(Date.now() - 5_000).toISOString()
    mockBranch()
    neon('get', '/auth', [200, integration({ base_url: undefined, created_at })])
    neon('get', '/auth/domains', domains())
    mockSettings()
    mockAuthOn()
    const { report } = await runAction(OPENED)
    expect(report).toMatchObject({ action: 'unchanged', auth: { baseUrl: BASE_URL } })
  })

  const mockReadsOff = (times: number) =>
    neon('get', '/auth', ...Array.from({ length: times }, (): Reply => [404, error('off')]))

  it('GET 404: fails with instructions for a leftover schema and deletes nothing', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [409, CONFLICT])
    mockReadsOff(3)
    const { failure } = await runAction(OPENED)
    expect(failure).toContain('neon_auth` schema already exists')
    expect(failure).toContain('[request ID req-77]')
    expect(failure).toMatch(/on_orphan_schema: recreate[\s\S]*DROP SCHEMA neon_auth CASCADE/)
    expect(writes()).toEqual(['POST /auth {"auth_provider":"better_auth"}'])
  })

  it('recreate deletes the leftover schema, then enables auth', async () => {
    mockBranch()
    mockAuthOff()
    mockGitHub()
    neon('post', '/auth', [409, CONFLICT], [201, created()])
    mockReadsOff(5)
    neon('delete', '/auth', [200])
    mockAuthOn()
    const { report } = await runAction(OPENED, { ...TOKEN, on_orphan_schema: 'recreate' })
    expect(report?.action).toBe('enabled')
    expect(report?.changes.map(({ change }) => change)).toEqual([
      'delete_orphan_schema',
      'enable_auth',
    ])
    expect(writes()[1]).toBe('DELETE /auth {"delete_data":true}')
  })

  it('recreate deletes nothing if another run is enabling auth', async () => {
    mockGitHub()
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [409, CONFLICT])
    mockReadsOff(1)
    neon('get', '/auth', [200, integration()])
    mockAuthOn()
    const { report } = await runAction(OPENED, { ...TOKEN, on_orphan_schema: 'recreate' })
    expect(report?.action).toBe('unchanged')
    expect(writes()).toHaveLength(1)
  })

  it('recreate deletes nothing that another run has recreated at the last moment', async () => {
    mockGitHub()
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [409, CONFLICT], [409, CONFLICT])
    mockReadsOff(4)
    neon('get', '/auth', [200, integration()], [200, integration()])
    mockAuthOn()
    const { report } = await runAction(OPENED, { ...TOKEN, on_orphan_schema: 'recreate' })
    expect(report).toMatchObject({ action: 'unchanged', changes: [] })
    expect(writes().filter((write) => write.startsWith('DELETE'))).toEqual([])
  })
})

describe('reconcile lost responses by reading: a run that enables auth', () => {
  it('does not repeat a POST that worked before its response was lost', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', 'reset')
    neon('get', '/auth', [200, integration()])
    mockAuthOn()
    const { report } = await runAction(OPENED)
    expect(report?.action).toBe('enabled')
  })

  it.each([500, 502, 504])('repeats a POST that got %i and had no effect', async (status) => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [status, '<html>Bad Gateway</html>'], [201, created()])
    neon('get', '/auth', [404, error('off')])
    mockAuthOn()
    const { report } = await runAction(OPENED)
    expect(report?.action).toBe('enabled')
    expect(requests.filter((request) => request.startsWith('POST'))).toHaveLength(2)
  })

  it('looks for a domain in the list before it repeats the request', async () => {
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [500, error('boom')])
    neon('get', '/auth/domains', domains(PREVIEW))
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(report?.action).toBe('updated')
    expect(writes()).toHaveLength(1)
  })

  it.each([423, 429, 503])('retries a GET and a POST that get %i', async (status) => {
    neon('get', '/branches', [status, error('later'), { 'retry-after': '0' }], listing(branch()))
    mockAuthOff()
    neon('post', '/auth', [status, error('later')], [status, error('later')], [201, created()])
    mockAuthOn()
    const { report, log } = await runAction(OPENED)
    expect(report?.action).toBe('enabled')
    expect(log).toMatch(
      new RegExp(`the response was ${status}: {[^\\n]*"message":"later"}; retrying in 0\\.1 s`),
    )
  })

  it.each<[string, Reply]>([
    ['500', [500, '<html>']],
    ['502', [502, '<html>']],
    ['504', [504, '<html>']],
    ['a lost connection', 'reset'],
  ])('repeats a read that ends in %s', async (_, reply) => {
    neon('get', '/branches', reply, listing(branch()))
    mockAuthOn()
    expect((await runAction(OPENED)).report?.action).toBe('unchanged')
  })

  it.each([400, 401, 403, 422, 501])('never retries %i', async (status) => {
    neon('get', '/branches', [status, error('no')])
    const { failure } = await runAction(OPENED)
    expect(failure).toContain(`Neon answered ${status}`)
  })

  it('waits at least 0.1 s before each retry, even with Retry-After: 0', async () => {
    neon(
      'get',
      '/branches',
      ...Array.from({ length: 8 }, (): Reply => [429, error('later'), { 'retry-after': '0' }]),
      listing(branch()),
    )
    mockAuthOn()
    const started = performance.now()
    await runAction(OPENED)
    expect(performance.now() - started).toBeGreaterThanOrEqual(800)
  })

  it('does not wait for a Retry-After beyond the deadline', async () => {
    neon('get', '/branches', [429, error('later'), { 'retry-after': '3600' }])
    const { failure } = await runAction(OPENED)
    expect(failure).toMatch(/Neon answered 429[\s\S]*fewer of these jobs/)
  })

  it('does not follow redirects with the key', async () => {
    neon('get', '/branches', [302, '', { location: 'https://evil.example/' }])
    expect((await runAction(OPENED)).failure).toMatch(/does not follow[\s\S]*`api_host`/)
  })
})

describe('resolve the branch before trusting a 404: a run that looks for its branch', () => {
  it('does not take a 404 for the project to mean that auth is off', async () => {
    neon('get', '/branches', [404, error('project not found')])
    const { failure } = await runAction(OPENED)
    expect(failure).toMatch(/scoped to another project[\s\S]*`project_id`/)
  })

  it('follows the cursor, and stops at a cursor that repeats', async () => {
    const page = (next: string | undefined, ...branches: unknown[]): [number, unknown] => [
      200,
      { branches, annotations: {}, pagination: { next } },
    ]
    neon(
      'get',
      '/branches',
      page('c1', branch({ id: 'br-a', name: 'a' })),
      page('c2', branch()),
      page('c2', branch({ id: 'br-b', name: 'b' })),
    )
    mockAuthOn()
    expect((await runAction(OPENED)).report?.branch?.name).toBe('preview/pr-2')
  })

  it('waits for a branch that is just being created', async () => {
    neon('get', '/branches', listing(), listing(), listing(branch()))
    mockAuthOn()
    const { report, log } = await runAction(OPENED)
    expect(report?.action).toBe('unchanged')
    expect(log).toContain('Waiting for the branch of pull request #2')
  })

  it('names what it looked for and the most similar branches if none appears', async () => {
    neonAlways('get', '/branches', listing(branch({ name: 'preview/pr-22' })))
    const { failure } = await runAction(OPENED, { timeout: '1' })
    expect(failure).toMatch(
      /preview\/pr-2-changes, preview\/pr-2, pr-2-changes, pr-2, preview\/changes/,
    )
    expect(failure).toMatch(/Nearest of the 1 branches there: preview\/pr-22/)
  })

  it.each([
    ['default', { default: true }, /default branch/],
    ['protected', { protected: true }, /protected branch/],
  ])('does not touch the %s branch without allow_protected', async (_, flags, message) => {
    mockBranch(flags)
    const { failure } = await runAction(OPENED)
    expect(failure).toMatch(message)
    expect(failure).toContain('allow_protected: true')
    expect(requests).toEqual(['GET /branches'])
  })

  it('changes the default branch with allow_protected', async () => {
    mockBranch({ default: true })
    mockAuthOn()
    neon('post', '/auth/domains', [201])
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, {
      allow_protected: 'true',
      trusted_domains: PREVIEW,
    })
    expect(report?.action).toBe('updated')
  })
})

describe('verify what was promised: a run that trusts a domain', () => {
  it('repeats a write that another run undid', async () => {
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [201], [201])
    mockAuthOn()
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(report?.trustedDomains).toEqual([PREVIEW])
  })

  it('fails the step if a domain is accepted but never listed', async () => {
    mockBranch()
    for (let round = 0; round < 5; round++) mockAuthOn()
    neon('post', '/auth/domains', [201], [201], [201], [201])
    const { failure, journal } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(failure).toMatch(
      /are still missing:\n- Trust https:\/\/pr-2\.example\.com\.[\s\S]*concurrency/,
    )
    expect(journal.applied).not.toEqual([])
  })

  it('accepts a duplicate (409) that is listed, and does not report it as a change', async () => {
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [409, error('already exists')])
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(report).toMatchObject({ action: 'unchanged', changes: [] })
  })

  it('accepts a duplicate that Neon refuses with 400 if the list contains the domain', async () => {
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [400, error('domain exists')])
    neon('get', '/auth/domains', [200, { domains: [{ domain: PREVIEW }] }])
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(report).toMatchObject({ action: 'unchanged', trustedDomains: [PREVIEW] })
  })

  it('accepts a 400 for a domain that the run has added and the list is slow to show', async () => {
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [201], [400, error('domain exists')])
    mockAuthOn()
    neon('get', '/auth/domains', domains(), domains(), domains(PREVIEW))
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(report).toMatchObject({ action: 'updated', trustedDomains: [PREVIEW] })
  })

  it("fails the step with Neon's message if a domain is refused with 400 and not listed", async () => {
    mockBranch()
    neon('get', '/auth', [200, integration()])
    neonAlways('get', '/auth/domains', domains())
    mockSettings()
    neon('post', '/auth/domains', [400, error('domain already exists')])
    const { failure } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(failure).toMatch(/Trust https:\/\/pr-2\.example\.com\.[\s\S]*domain already exists/)
  })

  const REFUSED: [number, unknown] = [403, { message: 'Invalid origin', code: 'INVALID_ORIGIN' }]
  const VERIFY = { trusted_domains: PREVIEW, verify: 'true' }

  it('retries 403 INVALID_ORIGIN until the origin is trusted', async () => {
    mockBranch()
    mockAuthOn(PREVIEW)
    mockHealthyService()
    service('post', '/sign-out', REFUSED, REFUSED, [200, {}])
    expect((await runAction(OPENED, VERIFY)).report?.action).toBe('unchanged')
  })

  it('fails the step if the origin is not trusted at the deadline', async () => {
    mockBranch()
    mockAuthOn(PREVIEW)
    mockHealthyService()
    serviceAlways('post', '/sign-out', REFUSED)
    const { failure } = await runAction(OPENED, { ...VERIFY, timeout: '1' })
    expect(failure).toMatch(
      /pr-2\.example\.com is trusted[\s\S]*INVALID_ORIGIN[\s\S]*verify: false/,
    )
  })

  it.each([429, 404, 500])(
    'warns about a response that proves nothing and names its status (%i)',
    async (status) => {
      vi.spyOn(performance, 'now').mockImplementation(() => Date.now() * 20)
      mockBranch()
      mockAuthOn(PREVIEW)
      mockHealthyService()
      serviceAlways('post', '/sign-out', [status, {}])
      const { report, log } = await runAction(OPENED, { ...VERIFY, timeout: '100' })
      expect(report?.action).toBe('unchanged')
      expect(log).toMatch(
        new RegExp(`warning: Could not verify that ${PREVIEW} is trusted.*${status}`),
      )
    },
  )
})

describe('fail loudly, explain fully: a run that enables auth', () => {
  it.each([
    ['no base_url', { base_url: undefined }, /read-write compute/],
    ['another provider', { auth_provider: 'stack' }, /provider stack/],
  ])('fails if the auth has %s', async (_, more, message) => {
    mockBranch()
    neon('get', '/auth', [200, integration(more)])
    neon('get', '/auth/domains', domains())
    mockSettings()
    expect((await runAction(OPENED)).failure).toMatch(message)
  })

  it('fails before the first write if auth uses another database than the requested one', async () => {
    mockBranch()
    mockAuthOn()
    const { failure } = await runAction(OPENED, { database: 'app', trusted_domains: PREVIEW })
    expect(failure).toMatch(/in the database neondb, but the input `database` is app/)
    expect(writes()).toEqual([])
  })

  it.each([
    ['not JSON', '<html>login</html>', /not JSON/],
    ['another shape', { branches: 'many' }, /`branches` is not a list/],
    ['a branch without a name', { branches: [{ id: 'br-1' }] }, /`name` is missing/],
  ])('explains a response that Neon does not document: %s', async (_, body, message) => {
    neon('get', '/branches', [200, body])
    const { failure } = await runAction(OPENED)
    expect(failure).toMatch(/not what Neon documents/)
    expect(failure).toMatch(message)
  })

  it('only warns about unreadable settings that it does not need', async () => {
    mockBranch()
    neon('get', '/auth', [200, integration()])
    neon('get', '/auth/domains', domains())
    neon('get', '/auth/plugins', [403, error('no')])
    neon('get', '/auth/webhooks', [200, { enabled: false }])
    const { report, log } = await runAction(OPENED)
    expect(report?.action).toBe('unchanged')
    expect(log).toMatch(/warning: .*callback_urls/)
  })
})

describe('a response in a shape that Neon does not document', () => {
  const MISSHAPEN: [string, object, object, RegExp][] = [
    [
      'a map of providers',
      { oauth_providers: { 0: 'google' } },
      {},
      /`oauth_providers` is not a list/,
    ],
    ['a provider', { oauth_providers: [{ id: 7, type: 'shared' }] }, {}, /`id` is missing/],
    ['an email provider', { email_provider: 'text' }, {}, /`email_provider` is not a JSON object/],
    ['events', {}, { enabled_events: [7] }, /`enabled_events` is not a list of strings/],
    ['a URL', {}, { webhook_url: 7 }, /`webhook_url` is missing, empty, or not a string/],
  ]

  it.each(MISSHAPEN)(
    'causes a warning if the run does not need these settings: %s',
    async (_, plugins, webhook, message) => {
      mockBranch()
      neon('get', '/auth', [200, integration()])
      neon('get', '/auth/domains', domains())
      mockSettings(plugins, { enabled: true, ...webhook })
      const { report, log } = await runAction(OPENED)
      expect(report?.action).toBe('unchanged')
      expect(log).toMatch(/warning: .*callback_urls[\s\S]*not what Neon documents/)
      expect(log).toMatch(message)
    },
  )

  it.each(MISSHAPEN)(
    'fails the run before the first write if it needs these settings: %s',
    async (_, plugins, webhook, message) => {
      mockBranch()
      neon('get', '/auth', [200, integration()])
      neon('get', '/auth/domains', domains())
      mockSettings(plugins, { enabled: true, ...webhook })
      const settings = 'oauth_providers: { google: shared }'
      const { failure } = await runAction(OPENED, { settings })
      expect(failure).toMatch(/not what Neon documents/)
      expect(failure).toMatch(message)
      expect(writes()).toEqual([])
    },
  )

  it('adds nothing but strings to what the run reports about new auth', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [201, created({ secret_server_key: 7, schema_name: null })])
    mockAuthOn()
    const { report } = await runAction(OPENED)
    expect(report?.created).toMatchObject({ base_url: BASE_URL })
    expect(report?.created).not.toHaveProperty('secret_server_key')
    expect(report?.created).not.toHaveProperty('schema_name')
  })

  it.each([{}, { oauth: 'shared' }])(
    'is accepted if fields are missing or null, with %o',
    async (inputs) => {
      mockBranch()
      neon('get', '/auth', [200, integration()])
      neon('get', '/auth/domains', domains())
      mockSettings(
        { oauth_providers: null, email_provider: null },
        { enabled: false, webhook_url: null },
      )
      const { failure, log } = await runAction(OPENED, inputs)
      expect(failure).toBe('')
      expect(log).not.toMatch(/warning: (?!There is no `github_token`)/)
    },
  )
})

describe('never resurrect a closed pull request: a run that enables auth', () => {
  it('skips a pull request that is closed at GitHub', async () => {
    mockBranch()
    github('closed')
    const { report } = await runAction(OPENED, TOKEN)
    expect(report).toMatchObject({ action: 'skipped', skipped: { reason: 'pull_request_closed' } })
    expect(requests).toEqual(['GET /branches'])
  })

  it('skips a pull request that closes while the run waits for its branch', async () => {
    neon('get', '/branches', listing(), listing(branch()))
    github('open')
    github('closed')
    expect((await runAction(OPENED, TOKEN)).report).toMatchObject({ action: 'skipped' })
    expect(writes()).toEqual([])
  })

  it('warns without a token that it cannot recognize a closed pull request', async () => {
    mockBranch()
    mockAuthOn()
    const { log } = await runAction(OPENED)
    expect(log).toMatch(/warning: There is no `github_token`.*A late run can enable auth/)
  })

  it('continues without the permission to read pull requests and names it', async () => {
    mockBranch()
    github(403)
    mockAuthOn()
    const { report, log } = await runAction(OPENED, TOKEN)
    expect(report?.action).toBe('unchanged')
    expect(log).toMatch(/Resource not accessible by integration.*pull-requests: read/)
    expect(log).not.toContain('There is no `github_token`')
  })

  const mockOff = () => {
    for (let read = 0; read < 3; read++) mockAuthOff()
  }

  it('does not enable auth again if another run disables it during the run', async () => {
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [404, error('Neon Auth is not enabled for this branch')])
    neon('get', '/auth', [404, error('off')])
    mockOff()
    const { failure } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(failure).toMatch(/was disabled on .* while this run was in progress/)
    expect(writes()).toEqual([TRUST])
  })

  it('does not enable auth again if it is off when read back', async () => {
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [201])
    mockOff()
    const { failure } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(failure).toMatch(/was disabled on .* while this run was in progress/)
    expect(writes()).toEqual([TRUST])
  })

  it('waits if Neon is slow to show the auth that this run enabled', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [201, created()])
    neon('post', '/auth/domains', [201])
    for (let read = 0; read < 5; read++) mockAuthOff()
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(report?.action).toBe('enabled')
    expect(writes()).toHaveLength(2)
  })

  it.each<[string, Reply]>([
    ['a 423 to the enabling request', [423, error('locked')]],
    ['a lost response to the enabling request', 'reset'],
  ])('does not retry after %s if the pull request closes', async (_, reply) => {
    mockBranch()
    mockAuthOff()
    github('open')
    neon('post', '/auth', reply)
    if (reply === 'reset') neon('get', '/auth', [404, error('off')])
    github('closed')
    const { report } = await runAction(OPENED, TOKEN)
    expect(report).toMatchObject({ action: 'skipped', skipped: { reason: 'pull_request_closed' } })
  })

  it('retries after an error of GitHub and accepts a minimal response', async () => {
    mockBranch()
    github(502)
    github('closed', {})
    expect((await runAction(OPENED, TOKEN)).report?.action).toBe('skipped')
  })
})

describe('incomplete responses', () => {
  it('are completed by a later read if enabling returned no body', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [201])
    mockAuthOn()
    expect((await runAction(OPENED)).report).toMatchObject({
      action: 'enabled',
      auth: { baseUrl: BASE_URL },
    })
  })

  it('are completed with the URLs from enabling if no later read returns them', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [201, created()])
    neon('get', '/auth', [200, integration({ base_url: undefined })])
    neon('get', '/auth/domains', domains())
    mockSettings()
    expect((await runAction(OPENED)).report?.auth?.baseUrl).toBe(BASE_URL)
  })
})

describe('recreate after the response to the deletion is lost', () => {
  it('continues if the schema turns out to be gone', async () => {
    mockGitHub()
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [409, error('schema exists')], [201, created()])
    neon('get', '/auth', ...Array.from({ length: 6 }, (): Reply => [404, error('off')]))
    neon('delete', '/auth', 'reset', [404, error('off')])
    neon('get', '/branches/databases', [200, { databases: [] }])
    mockAuthOn()
    const { report } = await runAction(OPENED, { ...TOKEN, on_orphan_schema: 'recreate' })
    expect(report?.action).toBe('enabled')
  })
})
