import { describe, expect, it } from 'vitest'
import {
  branchReads,
  CLOSED,
  created,
  domains,
  error,
  integration,
  mockAuthOff,
  mockAuthOn,
  mockBranch,
  mockSettings,
  neon,
  neonAlways,
  OPENED,
  PREVIEW,
  type Reply,
  requests,
  runAction,
  service,
  useNock,
  writes,
} from './harness.ts'
import { mockGitHub, TOKEN } from './mock-github.ts'

useNock()

const OTHER = 'https://prod.example.com'
const OFF: Reply = [404, error('off')]

describe('reconcile lost responses by reading: a write whose response is lost', () => {
  it.each([
    ['a list of other domains', domains(OTHER)],
    ['an empty list', domains()],
  ])('is repeated for a domain that is missing from %s', async (_, list) => {
    mockBranch()
    mockAuthOn(OTHER)
    neon('post', '/auth/domains', [502], [201])
    neon('get', '/auth/domains', list)
    mockAuthOn(OTHER, PREVIEW)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(report?.action).toBe('updated')
    expect(writes()).toHaveLength(2)
  })

  it('is not repeated for a domain that is listed with others', async () => {
    mockBranch()
    mockAuthOn(OTHER)
    neon('post', '/auth/domains', [502])
    neon('get', '/auth/domains', domains(OTHER, PREVIEW))
    mockAuthOn(OTHER, PREVIEW)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(report?.changes).toEqual([{ change: 'trust_domain', domain: PREVIEW }])
    expect(writes()).toHaveLength(1)
  })

  const TRUST_PREVIEW = { change: 'trust_domain', domain: PREVIEW }

  it.each<[string, Reply]>([
    ['refuses it as a duplicate', [409, error('already exists')]],
    ['adds it', [201]],
  ])(
    'is repeated if Neon lists the domain only in another spelling, and counts if Neon %s',
    async (_, reply) => {
      mockBranch()
      mockAuthOn()
      neon('post', '/auth/domains', [502], reply)
      neon('get', '/auth/domains', domains(`${PREVIEW}/`))
      mockAuthOn(`${PREVIEW}/`)
      const { report } = await runAction(OPENED, { trusted_domains: PREVIEW })
      expect(report?.changes).toEqual([TRUST_PREVIEW])
      expect(writes()).toHaveLength(2)
    },
  )

  it("counts as this run's change if the repeat finds the domain in the list", async () => {
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [502], [409, error('already exists')])
    neon('get', '/auth/domains', domains())
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(report).toMatchObject({ action: 'updated', changes: [TRUST_PREVIEW] })
  })

  it.each<[string, Reply, object]>([
    ["counts as this run's change if the repeat adds it", [201], { changes: [TRUST_PREVIEW] }],
    ['changes nothing if the repeat is refused', [409, error('already exists')], { changes: [] }],
  ])('for a domain that was listed in another spelling before %s', async (_, reply, expected) => {
    mockBranch()
    mockAuthOn(`${PREVIEW}/`)
    service('post', '/sign-out', [403, error('Invalid origin', 'INVALID_ORIGIN')])
    neon('post', '/auth/domains', [502], reply)
    neon('get', '/auth/domains', domains(`${PREVIEW}/`))
    mockAuthOn(`${PREVIEW}/`)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(report).toMatchObject(expected)
    expect(writes()).toHaveLength(2)
  })

  it('stops the run if auth is disabled in the meantime', async () => {
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [502], OFF)
    neon('get', '/auth/domains', OFF)
    neon('get', '/auth', OFF)
    for (let read = 0; read < 3; read++) mockAuthOff()
    const { failure } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(failure).toMatch(/was disabled on .* while this run was in progress/)
  })

  const allowing = (allow: boolean): Reply => [200, { allow_localhost: allow }]

  it.each([
    ['is not repeated if it took effect', false, 1],
    ['is repeated if it did not take effect', true, 2],
  ])('that sets allow_localhost %s', async (_, read, attempts) => {
    mockBranch()
    mockAuthOn()
    neon('get', '/auth/allow_localhost', allowing(true))
    neon('patch', '/auth/allow_localhost', ...([[504], [200]] as Reply[]).slice(0, attempts))
    neon('get', '/auth/allow_localhost', allowing(read))
    mockAuthOn()
    neon('get', '/auth/allow_localhost', allowing(false))
    const { report } = await runAction(OPENED, { allow_localhost: 'false' })
    expect(report?.changes).toEqual([{ change: 'set_allow_localhost', allow: false }])
    expect(writes()).toHaveLength(attempts)
  })

  it.each([
    ['is not repeated if none of them is left', [PREVIEW], 1],
    ['is not repeated if the list is empty', [], 1],
    ['is repeated if one of them is left', [PREVIEW, OTHER], 2],
  ])('that removes domains %s', async (_, remaining, attempts) => {
    mockBranch()
    mockAuthOn(PREVIEW, OTHER, 'https://old.example.com')
    neon('delete', '/auth/domains', ...([[500], [200]] as Reply[]).slice(0, attempts))
    neon('get', '/auth/domains', domains(...remaining))
    mockAuthOn(PREVIEW)
    await runAction(OPENED, { trusted_domains: PREVIEW, prune_domains: 'true' })
    expect(writes()).toHaveLength(attempts)
  })
})

describe('converge: writes', () => {
  it('remove domains provider by provider, and no other domains', async () => {
    mockBranch()
    neon('get', '/auth', [200, integration()])
    const entry = (domain: string, auth_provider: string) => ({ domain, auth_provider })
    neon('get', '/auth/domains', [
      200,
      {
        domains: [
          entry('https://a.example', 'better_auth'),
          entry('https://b.example', 'stack'),
          entry(PREVIEW, 'better_auth'),
        ],
      },
    ])
    mockSettings()
    neon('delete', '/auth/domains', [200], [200])
    mockAuthOn(PREVIEW)
    await runAction(OPENED, { trusted_domains: PREVIEW, prune_domains: 'true' })
    expect(writes()).toEqual([
      'DELETE /auth/domains {"auth_provider":"better_auth","domains":[{"domain":"https://a.example"}]}',
      'DELETE /auth/domains {"auth_provider":"stack","domains":[{"domain":"https://b.example"}]}',
    ])
  })

  it('stop if one of them finds auth off', async () => {
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', OFF)
    neon('get', '/auth', OFF)
    for (let read = 0; read < 3; read++) mockAuthOff()
    await runAction(OPENED, { trusted_domains: `${PREVIEW}, ${OTHER}` })
    expect(writes()).toHaveLength(1)
  })

  it('prune nothing on a branch whose auth was just enabled', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [201, created()])
    neon('post', '/auth/domains', [201])
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, { prune_domains: 'true', trusted_domains: PREVIEW })
    expect(report?.changes.map(({ change }) => change)).toEqual(['enable_auth', 'trust_domain'])
    expect(writes()).toHaveLength(2)
  })

  it('treat a 404 for the domains as an empty list if auth is on', async () => {
    mockBranch()
    neon('get', '/auth', [200, integration()])
    neon('get', '/auth/domains', OFF)
    mockSettings()
    const { report } = await runAction(OPENED, { prune_domains: 'true' })
    expect(report).toMatchObject({ action: 'unchanged', trustedDomains: [] })
  })

  it('set a plugin only if it differs, and treat a missing webhook as off', async () => {
    const settings = 'plugins: { organization: { enabled: true } }\nwebhook: { enabled: false }'
    const mockRead = (enabled: boolean) => {
      neon('get', '/auth', [200, integration()])
      neon('get', '/auth/domains', domains())
      neon('get', '/auth/plugins', [200, { organization: { enabled } }])
      neon('get', '/auth/webhooks', OFF)
    }
    mockBranch()
    mockRead(false)
    neon('patch', '/auth/plugins/organization', [200])
    mockRead(true)
    const { report } = await runAction(OPENED, { settings })
    expect(report?.action).toBe('updated')
    expect(writes()).toEqual(['PATCH /auth/plugins/organization {"enabled":true}'])
  })
})

describe('fail loudly, explain fully: a run fails', () => {
  it('if a domain is refused, without reading the list', async () => {
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [403, error('not allowed')])
    const { failure } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(failure).toMatch(
      /Failed on branch preview\/pr-2 .*Trust https:\/\/pr-2[\s\S]*not allowed/,
    )
    expect(requests.at(-1)).toMatch(/^POST \/auth\/domains/)
  })

  it.each([404, 410])('if the request to enable auth gets %i', async (status) => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [status, error('no such branch')])
    expect((await runAction(OPENED)).failure).toMatch(/Enable Neon Auth[\s\S]*no such branch/)
    expect(requests.at(-1)).toMatch(/^POST \/auth/)
  })

  it('if the request for a domain gets a 404 while auth is on', async () => {
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [404, error('no such thing')])
    neon('get', '/auth', [200, integration()])
    expect((await runAction(OPENED, { trusted_domains: PREVIEW })).failure).toMatch(/no such thing/)
  })

  it.each([{ settings: 'webhook: { enabled: false }' }, { isolate: 'true' }, { oauth: 'shared' }])(
    'before the first write if settings that %j needs are missing',
    async (inputs) => {
      mockBranch()
      neon('get', '/auth', [200, integration()])
      neon('get', '/auth/domains', domains())
      neon('get', '/auth/plugins', OFF)
      neon('get', '/auth/webhooks', OFF)
      if ('isolate' in inputs) neon('get', '/auth/allow_localhost', OFF)
      const { failure } = await runAction(OPENED, inputs)
      expect(failure).toMatch(/is on for branch preview\/pr-2 .*, but Neon returns no settings/)
      for (const name of Object.keys(inputs)) expect(failure).toMatch(new RegExp(`Fix: .*${name}`))
      expect(writes()).toEqual([])
    },
  )

  it('before the first write if reading needed settings is refused', async () => {
    mockBranch()
    neon('get', '/auth', [200, integration()])
    neon('get', '/auth/domains', domains())
    neon('get', '/auth/plugins', [403, error('not allowed')])
    neon('get', '/auth/webhooks', [200, { enabled: true }])
    const { failure } = await runAction(OPENED, { settings: 'webhook: { enabled: false }' })
    expect(failure).toMatch(/Could not read the state of Neon Auth[\s\S]*not allowed/)
    expect(writes()).toEqual([])
  })

  it('if auth was enabled but never becomes visible, after a few reads', async () => {
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [201, created()])
    for (const path of ['', '/domains', '/plugins', '/webhooks'])
      neonAlways('get', `/auth${path}`, OFF)
    const { failure } = await runAction(OPENED, { timeout: '3' })
    expect(failure).toMatch(/accepted the request to enable auth .* but still reports it as off/)
    expect(writes()).toHaveLength(1)
    const reads = requests.filter((request) => request === 'GET /auth').length
    expect(reads).toBeGreaterThan(1)
    expect(reads).toBeLessThanOrEqual(7)
  })

  it('and lists the trusted domains if an accepted domain is never listed', async () => {
    mockBranch()
    neonAlways('get', '/auth', [200, integration()])
    neonAlways('get', '/auth/domains', domains(OTHER, 'https://b.example'))
    neonAlways('get', '/auth/plugins', [200, {}])
    neonAlways('get', '/auth/webhooks', [200, { enabled: false }])
    neonAlways('post', '/auth/domains', [201])
    const { failure } = await runAction(OPENED, { trusted_domains: PREVIEW })
    expect(failure).toContain('These changes are still missing:\n- Trust https://pr-2.example.com.')
    expect(failure).toContain(`Trusted domains that Neon lists: ${OTHER}, https://b.example`)
    expect(writes()).toHaveLength(4)
  })
})

describe('check again right before you remove: the branch', () => {
  it.each([
    [1, { prune_domains: 'true' }],
    [1, { isolate: 'true' }],
    [0, { prune_domains: 'true', dry_run: 'true' }],
    [0, {}],
  ])('is read %i times together with its auth: %j', async (times, inputs) => {
    mockBranch()
    mockAuthOn(PREVIEW)
    if ('isolate' in inputs) neon('get', '/auth/allow_localhost', [200, { allow_localhost: false }])
    const { failure } = await runAction(OPENED, { ...inputs, trusted_domains: PREVIEW })
    expect(failure).toBe('')
    expect(writes()).toEqual([])
    expect(branchReads.get('br-cool-sun-1234') ?? 0).toBe(times)
  })
})

describe('check again right before you remove: the pull request', () => {
  it('is not read again for each attempt of a write while GitHub refuses to show it', async () => {
    const gitHub = mockGitHub()
    gitHub.refusedPaths = /pulls/
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [423, error('busy')], [423, error('busy')], [201])
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, { ...TOKEN, trusted_domains: PREVIEW })
    expect(report?.action).toBe('updated')
    expect(branchReads.get('br-cool-sun-1234')).toBe(2)
    expect(gitHub.requests).toEqual(['GET /pulls/2', 'GET /pulls/2'])
  })

  it('is read again for each attempt of a write while GitHub shows it', async () => {
    const gitHub = mockGitHub()
    mockBranch()
    mockAuthOn()
    const close = () => {
      gitHub.pulls = { 2: { state: 'closed' } }
    }
    neon('post', '/auth/domains', [423, error('busy')], [423, close])
    const { report } = await runAction(OPENED, { ...TOKEN, trusted_domains: PREVIEW })
    expect(report).toMatchObject({ skipped: { reason: 'pull_request_closed' } })
    expect(writes()).toHaveLength(2)
  })
})

describe('delete only what was named: inherited domains', () => {
  const PARENT = '/api/v2/projects/p1/branches/br-main/auth/domains'
  const parent = { parent_id: 'br-main' }

  it("are removed by isolate, which keeps the branch's own", async () => {
    const mockRead = (...names: string[]) => {
      mockAuthOn(...names)
      neon('get', '/auth/allow_localhost', [200, { allow_localhost: false }])
      neon('get', PARENT, domains(OTHER))
    }
    mockBranch(parent)
    mockRead(OTHER, 'https://own.example')
    neon('delete', '/auth/domains', [200])
    mockRead('https://own.example')
    await runAction(OPENED, { isolate: 'true' })
    expect(writes().filter((write) => write.startsWith('DELETE'))).toEqual([
      'DELETE /auth/domains {"auth_provider":"better_auth","domains":[{"domain":"https://prod.example.com"}]}',
    ])
  })

  it('are not looked up without isolate', async () => {
    mockBranch(parent)
    mockAuthOn(OTHER)
    expect((await runAction(OPENED)).report?.action).toBe('unchanged')
  })
})

describe('the report', () => {
  it('lists no domains for a closed branch', async () => {
    mockBranch()
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    expect((await runAction(CLOSED)).report?.trustedDomains).toEqual([])
    mockBranch()
    neon('get', '/auth', OFF)
    expect((await runAction(CLOSED)).report?.trustedDomains).toEqual([])
  })

  it('is unchanged with the input `database` if Neon does not name the database', async () => {
    mockBranch()
    neon('get', '/auth', [200, integration({ db_name: undefined })])
    neon('get', '/auth/domains', domains())
    mockSettings()
    const { report } = await runAction(OPENED, { database: 'app' })
    expect(report).toMatchObject({ action: 'unchanged', changes: [] })
  })
})
