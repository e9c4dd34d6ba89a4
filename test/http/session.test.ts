import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import nock from 'nock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REPOSITORY } from '../payloads.ts'
import {
  CLOSED,
  cancelRun,
  changeBranch,
  domains,
  error,
  integration,
  mockAuthOn,
  mockBranch,
  mockHealthyService,
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

describe('the session of e2e_session', () => {
  const HOST = 'https://ep-cool-sun.neonauth.test'
  const COOKIE = 'session_token=token-of-a-session.signature'
  const SETTINGS = 'users: [{ email: Ada@shop.example, password: correct horse battery }]'
  const ADA = { e2e_session: 'ada@shop.example', settings: SETTINGS }
  const NEW = { e2e_session: 'true' }
  const temp = mkdtempSync(join(tmpdir(), 'session-'))
  afterAll(() => rmSync(temp, { recursive: true }))
  let keys: CryptoKeyPair
  let jwk: object
  beforeAll(async () => {
    keys = await generateKeyPair('EdDSA')
    jwk = { ...(await exportJWK(keys.publicKey)), kid: '1' }
  })
  const signJwt = (issuer: string): Promise<string> =>
    new SignJWT({ iss: issuer, exp: Date.now() / 1000 + 900 })
      .setProtectedHeader({ alg: 'EdDSA', kid: '1' })
      .sign(keys.privateKey)

  /** Mocks a branch whose auth is on, and its auth service. Returns the headers of the latest request by path. */
  const mockAuthService = async (more: {
    readonly issuer?: string
    readonly cookie?: string
    readonly signIn?: [status: number, body: object]
    readonly session?: [status: number, body: object]
    readonly token?: [status: number, body: object]
    readonly onSignUp?: () => void
  }) => {
    mockBranch()
    neonAlways('get', '/auth', [200, integration()])
    neonAlways('get', '/auth/domains', domains(PREVIEW))
    neonAlways('get', '/auth/plugins', [200, {}])
    neonAlways('get', '/auth/webhooks', [200, { enabled: false }])
    const token = await signJwt(more.issuer ?? HOST)
    const seen: Record<string, { cookie: string | null; origin: string | null }> = {}
    let email = ''
    let signUps = 0
    const replies: Record<string, () => [status: number, body: object]> = {
      '/sign-up/email': () => {
        more.onSignUp?.()
        return [200, { token: 't', user: { id: `u${++signUps}` } }]
      },
      '/sign-in/email': () => more.signIn ?? [200, { token: 't', user: { id: 'u1' } }],
      '/get-session': () => more.session ?? [200, { user: { email: email.toLowerCase() } }],
      '/token': () => more.token ?? [200, { token }],
      '/.well-known/jwks.json': () => [200, { keys: [jwk] }],
    }
    const reply = async (request: Request) => {
      const path = new URL(request.url).pathname.replace('/neondb/auth', '')
      const { headers } = request
      seen[path] = { cookie: headers.get('cookie'), origin: headers.get('origin') }
      if (path.startsWith('/sign-')) email = (await request.json()).email
      const [status, body] = replies[path]?.() ?? [404, {}]
      const cookie = more.cookie ?? `${COOKIE}; Path=/; Secure; HttpOnly`
      const set = path === '/sign-in/email' && cookie ? { 'set-cookie': cookie } : {}
      return [status, JSON.stringify(body), set as Record<string, string>] as const
    }
    const api = nock(HOST).persist()
    const paths =
      /^\/neondb\/auth\/(sign-(up|in)\/email|get-session|token|\.well-known\/jwks\.json)$/
    api.get(paths).optionally().reply(reply)
    api.post(paths).optionally().reply(reply)
    return seen
  }
  const openSession = (inputs: object) =>
    runAction(OPENED, { trusted_domains: PREVIEW, ...inputs }, {}, { RUNNER_TEMP: temp })

  it('is opened for a new user, verified, and written for Playwright', async () => {
    const seen = await mockAuthService({})
    const { report, failure, log } = await openSession(NEW)
    expect(failure).toBe('')
    const user = report?.session?.user ?? ''
    expect(user).toMatch(/^neon-auth-e2e-pr2-local-[0-9a-f]{8}@example\.com$/)
    expect(report).toMatchObject({ action: 'updated', changes: [{ change: 'create_user' }] })
    const { cookies } = JSON.parse(readFileSync(report?.session?.storageState ?? '', 'utf8'))
    expect(cookies.map(({ domain }: { domain: string }) => domain)).toEqual([
      new URL(HOST).hostname,
      new URL(PREVIEW).hostname,
    ])
    expect(log).toContain(`Signed in as ${user} from ${PREVIEW}. The session and its JWT work.`)
    expect(log).not.toContain('Would: Sign in')
    const headers = { cookie: COOKIE, origin: PREVIEW }
    expect(seen).toMatchObject({ '/get-session': headers, '/token': headers })
  })

  it('is opened for a user in `settings`, with the address as `settings` spells it', async () => {
    const seen = await mockAuthService({})
    const { report, failure } = await openSession(ADA)
    expect(failure).toBe('')
    expect(report?.session?.user).toBe('Ada@shop.example')
    expect(seen).toHaveProperty('/sign-in/email')
    expect(report?.changes).toMatchObject([{ change: 'create_user' }])
  })

  it.each<[string, Parameters<typeof mockAuthService>[0], RegExp]>([
    [
      'a sign-in that is refused',
      { signIn: [401, { code: 'INVALID_EMAIL_OR_PASSWORD' }] },
      /Could not sign in as Ada@shop\.example from https:\/\/pr-2[\s\S]*another password/,
    ],
    [
      'a sign-in if password sign-in is off',
      { signIn: [400, { code: 'EMAIL_PASSWORD_DISABLED' }] },
      /Could not sign in as [\s\S]*email and password is off[\s\S]*email_and_password: \{ enabled: true/,
    ],
    [
      'a session of nobody',
      { session: [200, {}] },
      /session of Ada@shop\.example does not work[\s\S]*does not accept the cookies/,
    ],
    ['a session of somebody else', { session: [200, { user: { email: 'eve@x' } }] }, /not work/],
    [
      'a refused session',
      { session: [403, { user: { email: 'ada@shop.example' } }] },
      /does not work[\s\S]*403/,
    ],
    [
      'no response',
      { signIn: [502, {}] },
      /Could not open a session for Ada@shop\.example from https:\/\/pr-2[\s\S]*POST \S+ failed: /,
    ],
    ['no JWT', { token: [200, {}] }, /got no JWT[\s\S]*issues no JWTs/],
    ['a refused JWT', { token: [403, { token: 'a.b.c' }] }, /got no JWT[\s\S]*403/],
    [
      'a JWT of another branch',
      { issuer: 'https://ep-prod.neonauth.test' },
      /The JWT of Ada@shop\.example is not valid: its issuer[\s\S]*\/token[\s\S]*jwks\.json/,
    ],
  ])('is not opened, and the run fails: %s', async (_, more, says) => {
    await mockAuthService(more)
    const { failure, report } = await openSession(ADA)
    expect(failure).toMatch(says)
    expect(report).toBeUndefined()
  })

  it('is not opened, and the error says why, if the sign-in sets no cookie', async () => {
    const seen = await mockAuthService({ cookie: '', session: [401, {}] })
    expect((await openSession(ADA)).failure).toContain('set no cookies on sign-in')
    expect(seen['/get-session']?.cookie ?? '').toBe('')
  })

  it('has the cookies of `vercel_bypass` for the preview', async () => {
    await mockAuthService({})
    const secrets: (string | null)[] = []
    nock(PREVIEW)
      .persist()
      .get('/')
      .reply((request: Request) => {
        secrets.push(request.headers.get('x-vercel-protection-bypass'))
        const hasSecret = request.headers.has('x-vercel-protection-bypass')
        const cookie = { 'set-cookie': '_vercel_jwt=opens-the-preview; Path=/; Secure; HttpOnly' }
        return [hasSecret ? 307 : 401, '', { server: 'Vercel', ...(hasSecret && cookie) }] as const
      })
    const { report, failure } = await openSession({ ...NEW, vercel_bypass: 'secret-of-vercel' })
    expect(failure).toBe('')
    expect(secrets).toEqual([null, 'secret-of-vercel'])
    const { cookies } = JSON.parse(readFileSync(report?.session?.storageState ?? '', 'utf8'))
    expect(cookies).toContainEqual(
      expect.objectContaining({ name: '_vercel_jwt', domain: new URL(PREVIEW).hostname }),
    )
  })

  it('is not opened, and nothing is changed, if a new user could not sign in', async () => {
    mockBranch()
    neonAlways('get', '/auth', [200, integration()])
    neonAlways('get', '/auth/domains', domains())
    const email_and_password = { enabled: true, require_email_verification: true }
    neonAlways('get', '/auth/plugins', [200, { email_and_password }])
    neonAlways('get', '/auth/webhooks', [200, { enabled: false }])
    expect((await openSession(NEW)).failure).toContain('the branch requires email verification')
    expect(writes()).toEqual([])
  })

  it('is only planned in a dry run', async () => {
    const seen = await mockAuthService({})
    const { report, failure, log } = await openSession({ ...ADA, dry_run: 'true' })
    expect(failure).toBe('')
    expect(report).not.toHaveProperty('session')
    expect(log).toContain(`Would: Sign in as Ada@shop.example from ${PREVIEW}.`)
    expect(seen).toEqual({})
  })

  it('needs a user with a password, which is checked before the first request', async () => {
    const { failure } = await openSession({ ...ADA, e2e_session: 'eve@shop.example' })
    expect(failure).toContain('eve@shop.example is not one of the `users`')
    expect(requests).toEqual([])
  })

  it.each(['', 'https://*.preview.example.com'])(
    'needs an exact origin, which is checked before the first write: "%s"',
    async (trusted_domains) => {
      mockBranch()
      const { failure } = await openSession({ ...NEW, trusted_domains })
      expect(failure).toMatch(/needs the exact URL of the preview[\s\S]*Fix: set `e2e_session`/)
      expect(requests).toEqual(['GET /branches'])
    },
  )

  it.each([
    ["the project's default branch", { default: true }],
    ['a protected branch', { protected: true }],
  ])('protect production: is not opened on %s, even with allow_protected', async (kind, flags) => {
    mockBranch(flags)
    const { failure } = await openSession({ ...NEW, allow_protected: 'true' })
    expect(failure).toMatch(
      `opens no session on preview/pr-2 (br-cool-sun-1234), because it is ${kind}`,
    )
    expect(writes()).toEqual([])
  })

  it('protect production: is not opened on a branch that becomes the default branch', async () => {
    const seen = await mockAuthService({ onSignUp: () => changeBranch({ default: true }) })
    const { failure } = await openSession({ ...ADA, allow_protected: 'true' })
    expect(failure).toMatch(/is the project's default branch/)
    expect(seen).not.toHaveProperty('/sign-in/email')
  })

  it('never resurrect a closed pull request: is not opened if it closes during the run', async () => {
    const gitHub = mockGitHub()
    const seen = await mockAuthService({
      onSignUp: () => {
        gitHub.pulls = { 2: { state: 'closed' } }
      },
    })
    const { report } = await openSession({ ...ADA, ...TOKEN })
    expect(report).toMatchObject({ skipped: { reason: 'pull_request_closed' } })
    expect(seen).not.toHaveProperty('/sign-in/email')
  })
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

describe('a close that deletes the users of e2e_session', () => {
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

  it('disables auth without a token too, although that is its second removal', async () => {
    mockUsers(200, 'u1')
    mockDisabling()
    neon('delete', '/auth/users/u1', [204])
    const { report, failure } = await runAction(CLOSED, INPUTS)
    expect(failure).toBe('')
    expect(report?.action).toBe('disabled')
  })

  it('does not claim that nothing was removed if it stops afterwards', async () => {
    mockUsers(200, 'u1')
    neon('delete', '/auth/users/u1', [204])
    neon('delete', '/auth', [423, error('locked')])
    const { failure, journal } = await runAction(CLOSED, INPUTS)
    expect(failure).toMatch(/^The run stopped: it could not confirm that pull request #2 is still/)
    expect(journal.applied).toEqual([{ change: 'delete_user', id: 'u1' }])
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

  it('ends at once if the run is canceled', async () => {
    mockUsers(200, 'u1')
    neon('delete', '/auth/users/u1', [503, cancelRun])
    const { failure, log } = await runAction(CLOSED, INPUTS)
    expect(failure).toMatch(/was canceled \(SIGTERM\)/)
    expect(log).not.toContain('test users')
  })

  it('never turns off auth if the pull request is reopened during the deletion', async () => {
    mockUsers(200, 'u1', 'u2')
    neon('delete', '/auth/users/u1', [204])
    mockGitHub({ 2: { state: 'open' } })
    const { report, log } = await runAction(CLOSED, { ...INPUTS, ...TOKEN })
    expect(report).toMatchObject({
      skipped: { reason: 'pull_request_reopened' },
      changes: [{ change: 'delete_user', id: 'u1' }],
    })
    expect(log).not.toContain('test users')
    expect(writes()).toEqual(['DELETE /auth/users/u1'])
  })

  it('turns off auth for an open pull request too if `mode` says so', async () => {
    mockUsers(200, 'u1')
    neon('delete', '/auth/users/u1', [204])
    mockGitHub({ 2: { state: 'open' } })
    mockDisabling()
    const { report } = await runAction(OPENED, { ...INPUTS, ...TOKEN, mode: 'disable' })
    expect(report?.action).toBe('disabled')
  })

  it.each<[string, Reply]>([
    ['deleted', [204]],
    ['found to be gone', [404, error('user not found')]],
  ])(
    'never turns off auth if the pull request is reopened while the only user is %s',
    async (_, reply) => {
      mockUsers(200, 'u1')
      neon('delete', '/auth/users/u1', reply)
      mockGitHub({ 2: { state: 'open' } })
      const { report } = await runAction(CLOSED, { ...INPUTS, ...TOKEN })
      expect(report).toMatchObject({ skipped: { reason: 'pull_request_reopened' } })
      expect(writes()).toEqual(['DELETE /auth/users/u1'])
    },
  )

  it('does not look for the users if it deletes all auth data', async () => {
    mockBranch()
    neonAlways('get', '/auth', [200, integration()])
    mockDisabling()
    const { report } = await runAction(CLOSED, { ...INPUTS, delete_data: 'true' })
    expect(report?.action).toBe('disabled')
    expect(requests.filter((request) => request.includes('databases'))).toEqual([])
  })

  it('deletes them with `on_close: untrust` too, where `delete_data` has no effect', async () => {
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

  describe('if Neon does not name the database of auth', () => {
    const MISSING: [number, object] = [
      400,
      { message: 'relation "neon_auth.user" does not exist', code: '42P01' },
    ]
    const rowsOf = (...ids: string[]): [number, object] => {
      const fields = [{ name: 'id', dataTypeID: 25 }]
      return [200, { fields, rows: ids.map((id) => [id]), command: 'SELECT', rowCount: 1 }]
    }

    /** Mocks a branch whose auth is on and whose databases `a` and `b` reply to SQL like this. */
    const mockDatabases = (replies: Record<'a' | 'b', [number, object][]>): void => {
      mockBranch()
      neonAlways('get', '/auth', [200, integration({ db_name: undefined })])
      const databases = ['a', 'b'].map((name) => ({ name, owner_name: 'o' }))
      neon('get', '/branches/databases', [200, { databases }])
      nock('https://console.neon.tech')
        .get('/api/v2/projects/p1/connection_uri')
        .query(true)
        .times(2)
        .reply((request: Request) => {
          const name = new URL(request.url).searchParams.get('database_name')
          return [200, { uri: `postgresql://o:password1@${name}.localhost:8080/${name}` }] as const
        })
      for (const [name, sent] of Object.entries(replies))
        for (const [status, body] of sent)
          nock(`http://${name}.localhost:8080`).post('/sql').reply(status, body)
    }

    it('ignores a database without users', async () => {
      mockDatabases({ a: [MISSING], b: [rowsOf('u1')] })
      neon('delete', '/auth/users/u1', [204])
      mockDisabling()
      const { log } = await runAction(CLOSED, INPUTS)
      expect(writes()).toHaveLength(2)
      expect(log).not.toContain('warning')
    })

    it('searches again if a database is busy', async () => {
      mockDatabases({
        a: [MISSING, MISSING],
        b: [[503, { message: 'not now' }], rowsOf('u1')],
      })
      neon('delete', '/auth/users/u1', [204])
      mockDisabling()
      await runAction(CLOSED, INPUTS)
      expect(writes()).toHaveLength(2)
    })

    it('unknown is not none: warns if no database has users', async () => {
      mockDatabases({ a: [MISSING], b: [MISSING] })
      mockDisabling()
      const { log, failure } = await runAction(CLOSED, INPUTS)
      expect(failure).toBe('')
      expect(log).toMatch(/warning: .*test users[\s\S]*neon_auth\.user\\?" does not exist/)
    })
  })

  it('plans the deletion in a dry run', async () => {
    mockUsers(200, 'u1')
    const { report } = await runAction(CLOSED, { ...INPUTS, dry_run: 'true' })
    expect(report?.changes).toEqual([
      { change: 'delete_user', id: 'u1' },
      { change: 'disable_auth', deleteData: false },
    ])
    expect(writes()).toEqual([])
  })

  it('reads the state of auth after looking up the users, not together with the branch', async () => {
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
