import nock from 'nock'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  BASE_URL,
  branch,
  domains,
  error,
  integration,
  listing,
  mockBranch,
  neon,
  neonAlways,
  OPENED,
  type Reply,
  runAction,
  service,
  serviceAlways,
  useNock,
  writes,
} from './harness.ts'
import { mockComment } from './mock-comment.ts'

useNock()

const PREVIEW = 'https://pr-2.shop.example'
const BY_HAND: [string] = ['workflow_dispatch']
const INPUTS = { mode: 'doctor', branch: 'preview/pr-2', trusted_domains: PREVIEW }

let visited: string[] = []
/** The URLs of site requests that carried a key or a cookie. */
let withCredentials: string[] = []

beforeEach(() => {
  visited = []
  withCredentials = []
  mockBranch()
  neon('get', '/auth', [200, integration()])
  neon('get', '/auth/plugins', [200, { email_and_password: { enabled: true } }])
  neon('get', '/auth/allow_localhost', [200, { allow_localhost: false }])
})

/** Mocks the auth service of a healthy branch. */
const mockService = (): void => {
  service('get', '/ok', [200, { ok: true }])
  service('get', '/.well-known/jwks.json', [200, { keys: [{ kid: '1' }] }])
}

/** Mocks a healthy branch, apart from its auth service. */
const mockHealthy = (): void => {
  neon('get', '/auth/domains', domains(PREVIEW))
  neon('get', '/auth/webhooks', [200, { enabled: false }])
  mockService()
}

const mockAcceptedOrigins = (): void => serviceAlways('post', '/sign-out', [200, { success: true }])

/** Mocks one response of a site, and records the request. */
const mockPage = (url: string, status: number, body = '', headers: Record<string, string> = {}) => {
  const { origin, pathname, search } = new URL(url)
  nock(origin)
    .get(`${pathname}${search}`)
    .reply((request: Request) => {
      visited.push(url)
      if (/napi_secret|cookie|authorization/i.test(JSON.stringify([...request.headers])))
        withCredentials.push(url)
      return [status, body, headers] as const
    })
}

/** Mocks an app that does not proxy auth requests. */
const mockNoProxy = (origin = PREVIEW): void => mockPage(`${origin}/api/auth/get-session`, 404)

const examine = async (inputs: Parameters<typeof runAction>[1] = {}) => {
  const { report, failure, log } = await runAction(BY_HAND, { ...INPUTS, ...inputs })
  const findings = report?.diagnosis?.findings ?? []
  const ids = (severity: string) =>
    findings.filter((finding) => finding.severity === severity).map(({ id }) => id)
  expect(writes()).toEqual([])
  expect(withCredentials).toEqual([])
  return { report, failure, log, findings, ids }
}

describe('the doctor', () => {
  it("finds the auth URL in the site's own scripts, and reads no others", async () => {
    mockHealthy()
    mockAcceptedOrigins()
    mockPage(
      `${PREVIEW}/`,
      200,
      `<script src="/a.js?v=1&amp;w=2"></script><script src="https://cdn.example/x.js"></script>
       <link rel="modulepreload" href="./b.js"><script src='/a.js?v=1&amp;w=2'></script>`,
    )
    mockPage(`${PREVIEW}/a.js?v=1&w=2`, 200, 'nothing')
    mockPage(`${PREVIEW}/b.js`, 200, `client("${BASE_URL}")`)
    mockNoProxy()
    const { report, ids, log } = await examine()
    expect(log).not.toContain('warning')
    expect(ids('ok')).toContain('auth_url_of_this_branch')
    expect(ids('risk')).toEqual(['third_party_cookies'])
    expect(report).toMatchObject({ action: 'status', changes: [] })
    expect(report?.diagnosis?.verdict).toBe('healthy')
    expect(visited).toHaveLength(4)
  })

  it('reads at most 20 scripts, and none over 2 MB', async () => {
    mockHealthy()
    mockAcceptedOrigins()
    const names = Array.from({ length: 25 }, (_, index) => `/s${index}.js`)
    mockPage(`${PREVIEW}/`, 200, names.map((name) => `<script src="${name}"></script>`).join(''))
    for (const name of names.slice(0, 19)) mockPage(`${PREVIEW}${name}`, 200, '')
    mockPage(`${PREVIEW}/s19.js`, 200, `${' '.repeat(2_000_001)}${BASE_URL}`)
    mockNoProxy()
    const { findings, ids } = await examine()
    expect(ids('unknown')).toEqual(['auth_url_not_found'])
    expect(JSON.stringify(findings)).toContain('19 of its 25 scripts were read')
  })

  it('follows a redirect to an origin that the branch trusts and reads the page there', async () => {
    const www = 'https://www.shop.example'
    neon('get', '/auth/domains', domains(PREVIEW, www))
    neon('get', '/auth/webhooks', [200, { enabled: false }])
    mockService()
    mockAcceptedOrigins()
    mockPage(`${PREVIEW}/`, 301, '', { location: `${www}/` })
    mockPage(`${www}/`, 200, `<i data-url="${BASE_URL}">`)
    mockNoProxy(www)
    const { ids, findings } = await examine()
    expect(ids('broken')).toEqual([])
    expect(findings.map(({ title }) => title)).toContain(`The auth service accepts ${www}`)
    expect(visited).toContain(`${www}/`)
  })

  it.each([
    ['a stranger', 'https://evil.example/'],
    ['the metadata service', 'http://169.254.169.254/latest/meta-data'],
    ['this machine', 'http://127.0.0.1:8080/'],
    ['the same host without TLS', 'http://pr-2.shop.example/'],
  ])('does not follow a redirect to %s', async (_, location) => {
    mockHealthy()
    service('post', '/sign-out', [200, { success: true }])
    service('post', '/sign-out', [403, { code: 'INVALID_ORIGIN', message: 'Invalid origin' }])
    mockPage(`${PREVIEW}/`, 302, '', { location })
    const { ids } = await examine()
    expect(visited).toEqual([`${PREVIEW}/`])
    expect(ids('broken')).toEqual(['redirect_untrusted'])
    expect(ids('unknown')).toEqual(['preview_unreadable'])
  })

  it.each(['https://app.localhost:8443', 'https://localhost.:8443', 'https://10.0.0.1'])(
    'does not follow a redirect to %s, even if the branch trusts it',
    async (origin) => {
      neon('get', '/auth/domains', domains(PREVIEW, origin))
      neon('get', '/auth/webhooks', [200, { enabled: false }])
      mockService()
      mockAcceptedOrigins()
      mockPage(`${PREVIEW}/`, 302, '', { location: `${origin}/` })
      const { ids } = await examine()
      expect(visited).toEqual([`${PREVIEW}/`])
      expect(ids('unknown')).toEqual(['preview_unreadable'])
    },
  )

  it('gives up after five redirects', async () => {
    mockHealthy()
    mockAcceptedOrigins()
    for (let hop = 0; hop < 6; hop++)
      mockPage(`${PREVIEW}/${hop || ''}`, 302, '', { location: `/${hop + 1}` })
    expect((await examine()).ids('unknown')).toEqual(['preview_unreadable'])
  })

  it('reports a redirect to a native app, which has no origin', async () => {
    mockHealthy()
    mockAcceptedOrigins()
    mockPage(`${PREVIEW}/`, 302, '', { location: 'myapp://open' })
    const { failure, ids } = await examine()
    expect(failure).toBe('')
    expect(ids('unknown')).toEqual(['preview_unreadable'])
  })

  it.each([
    ['401', 401, {}],
    ["a redirect to the host's login", 302, { location: 'https://vercel.com/sso-api?url=x' }],
  ])('recognizes a preview behind a login: %s', async (_, status, headers) => {
    mockHealthy()
    mockAcceptedOrigins()
    mockPage(`${PREVIEW}/`, status, '', headers as Record<string, string>)
    const { ids } = await examine()
    expect(ids('unknown')).toEqual(['preview_protected'])
    expect(ids('broken')).toEqual([])
  })

  it.each([
    ['a page', 200, '<html>', []],
    ['JSON', 200, 'null', ['proxy_works']],
    ['an error in JSON', 500, '{"code":"NETWORK_REFUSED"}', ['proxy_fails']],
    ['JSON of another backend', 200, '{"ok":true}', []],
    ['an error of another backend', 500, '{"message":"Internal Server Error"}', []],
    ['a refusal in JSON', 404, '{"error":"not found"}', []],
  ])(
    'recognizes from %s whether the app proxies auth requests',
    async (_, status, body, expected) => {
      mockHealthy()
      mockAcceptedOrigins()
      mockPage(`${PREVIEW}/`, 200, `<i data-url="${BASE_URL}">`)
      mockPage(`${PREVIEW}/api/auth/get-session`, status, body)
      const { findings } = await examine()
      const ids = findings.map(({ id }) => id).filter((id) => id.startsWith('proxy'))
      expect(ids).toEqual(expected)
    },
  )

  it('unknown is not none: continues if Neon refuses a request, and does not report healthy', async () => {
    neon('get', '/auth/domains', [403, error('not permitted')])
    neon('get', '/auth/webhooks', [403, error('not permitted')])
    mockService()
    mockAcceptedOrigins()
    mockPage(`${PREVIEW}/`, 200, `<i data-url="${BASE_URL}">`)
    mockNoProxy()
    const { report, findings, log } = await examine()
    expect(report?.diagnosis?.verdict).toBe('could_not_tell')
    expect(log).toMatch(/^warning: /m)
    const unread = findings.filter(({ id }) => id === 'unread')
    expect(unread).toHaveLength(2)
    expect(JSON.stringify(unread)).toContain('Neon answered 403')
  })

  it('counts an accepted origin only if the service refuses an untrusted one', async () => {
    nock.cleanAll()
    neonAlways('get', '/branches', listing(branch()))
    neonAlways('get', '/auth', [200, integration()])
    neonAlways('get', '/auth/plugins', [200, {}])
    neonAlways('get', '/auth/allow_localhost', [200, { allow_localhost: false }])
    neonAlways('get', '/auth/domains', domains())
    neonAlways('get', '/auth/webhooks', [200, { enabled: false }])
    serviceAlways('get', '/ok', [200, { ok: true }])
    serviceAlways('get', '/.well-known/jwks.json', [200, { keys: [{}] }])
    nock(new URL(BASE_URL).origin).persist().post('/neondb/auth/sign-out').reply(200, {})
    mockPage(`${PREVIEW}/`, 200, `<i data-url="${BASE_URL}">`)
    mockNoProxy()
    expect((await examine()).ids('broken')).toEqual(['domain_untrusted'])
    nock.cleanAll()
  })

  it('fails if the branch does not exist', async () => {
    nock.cleanAll()
    neon('get', '/branches', listing(), listing())
    const { failure } = await examine()
    expect(failure).toMatch(/has no branch for this run[\s\S]*preview\/pr-2/)
  })
})

describe('the report of the doctor', () => {
  /** Mocks any number of reads of a branch, and a healthy auth service. */
  const mockReads = (more: { auth?: Reply; plugins?: Reply; domains?: Reply } = {}): void => {
    nock.cleanAll()
    neonAlways('get', '/branches', listing(branch()))
    neonAlways('get', '/auth', more.auth ?? [200, integration()])
    neonAlways('get', '/auth/plugins', more.plugins ?? [200, {}])
    neonAlways('get', '/auth/domains', more.domains ?? domains(PREVIEW))
    neonAlways('get', '/auth/webhooks', [200, { enabled: false }])
    neonAlways('get', '/auth/allow_localhost', [200, { allow_localhost: false }])
    serviceAlways('get', '/ok', [200, { ok: true }])
    serviceAlways('get', '/.well-known/jwks.json', [200, { keys: [{}] }])
    nock(new URL(BASE_URL).origin)
      .persist()
      .post('/neondb/auth/sign-out')
      .reply(({ headers }: Request) =>
        headers.get('origin')?.endsWith('.invalid') ? [403, { code: 'INVALID_ORIGIN' }] : [200, {}],
      )
  }
  const INTEGRATION = integration()
  const NO_OAUTH = {
    baseUrl: BASE_URL,
    jwksUrl: INTEGRATION.jwks_url,
    integration: INTEGRATION,
    oauthProviders: [],
    ownOauthProviders: [],
  }
  const oauth_providers = [
    { id: 'google', type: 'standard' },
    { id: 'github', type: 'shared' },
  ]
  const OFF: Reply = [404, error('off')]

  it.each<[string, Parameters<typeof mockReads>[0], object, string[]]>([
    ['auth that is on', {}, { auth: NO_OAUTH, trustedDomains: [PREVIEW] }, []],
    [
      'its providers',
      { plugins: [200, { oauth_providers }] },
      {
        auth: { ...NO_OAUTH, oauthProviders: ['google', 'github'], ownOauthProviders: ['google'] },
      },
      [],
    ],
    ['no providers if Neon refuses them', { plugins: [403, error('no')] }, { auth: NO_OAUTH }, []],
    [
      'no domains if Neon refuses them',
      { domains: [403, error('no')] },
      { auth: NO_OAUTH },
      ['trustedDomains'],
    ],
    ['nothing about auth that is off', { auth: OFF }, {}, ['auth', 'trustedDomains']],
    [
      'nothing about auth without URLs',
      { auth: [200, integration({ base_url: undefined })] },
      {},
      ['auth', 'trustedDomains'],
    ],
  ])('shows %s', async (_, more, expected, absent) => {
    mockReads(more)
    const { report, failure } = await examine({ trusted_domains: '' })
    expect(failure).toBe('')
    expect(report).toMatchObject({ action: 'status', ...expected })
    for (const name of absent) expect(report).not.toHaveProperty(name)
    nock.cleanAll()
  })

  it("covers the branch's functions with `discover_functions`", async () => {
    mockReads()
    const shop = 'https://br-cool-sun-1234-shop.compute.c-1.us-east-2.aws.neon.tech'
    const fn = { id: 'fn-1', slug: 'shop', name: 'shop', invocation_url: shop }
    const at = '/api/v2/projects/p1/branches/br-cool-sun-1234'
    const api = nock('https://console.neon.tech')
    api
      .get(`${at}/functions`)
      .query(true)
      .reply(200, { functions: [fn], pagination: {} })
    const none = { custom_domains: [], pagination: {} }
    api.get(`${at}/custom-domains`).query(true).reply(200, none)
    mockPage(`${shop}/`, 200, `<i data-url="${BASE_URL}">`)
    mockNoProxy(shop)
    const { findings } = await examine({ trusted_domains: '', discover_functions: 'true' })
    expect(JSON.stringify(findings)).toContain(shop)
    expect(visited).toEqual([`${shop}/`, `${shop}/api/auth/get-session`])
    nock.cleanAll()
  })

  it("keeps the deployments in the comment's record", async () => {
    mockReads()
    const deployed = [{ environment: 'Preview', origin: PREVIEW, sha: 'abc' }]
    const named = { id: 'br-cool-sun-1234', name: 'preview/pr-2' }
    const writtenRecord = mockComment({ run: 0, attempt: 0, branch: named, deployed })
    const inputs = { ...INPUTS, trusted_domains: '', github_token: 'ghs_1', comment: 'true' }
    const { failure } = await runAction(OPENED, inputs)
    expect(failure).toBe('')
    expect(writtenRecord()).toMatchObject({ branch: named, deployed })
    expect(writes()).toEqual([])
    nock.cleanAll()
  })
})
