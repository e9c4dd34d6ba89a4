import { describe, expect, it } from 'vitest'
import { toOutputs } from '../../src/report/outputs.ts'
import {
  changeBranch,
  created,
  domains,
  error,
  integration,
  mockAuthOff,
  mockAuthOn,
  mockBranch,
  mockHealthyService,
  mockSettings,
  neon,
  neonAlways,
  OPENED,
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

const PREVIEW = 'https://pr-2.shop.example'
const SERVER = { type: 'standard', host: 'smtp.shop.example', port: 2525 }
const ADA = 'users: [{ email: ada@shop.example, password: correct horse battery }]'

/** Mocks any number of reads of a branch with auth on and these settings. */
const mockReads = (plugins: object, name?: string): void => {
  mockBranch()
  neonAlways('get', '/auth', [200, integration(name === undefined ? {} : { name })])
  neonAlways('get', '/auth/domains', domains(PREVIEW))
  neonAlways('get', '/auth/plugins', [200, plugins])
  neonAlways('get', '/auth/webhooks', [200, { enabled: false }])
}

/** Mocks one read of a branch with auth on, these settings, and no domains. */
const mockOnce = (plugins?: object): void => {
  mockBranch()
  neon('get', '/auth', [200, integration()])
  neon('get', '/auth/domains', domains())
  mockSettings(plugins)
}

describe('a value that Neon does not show', () => {
  it('is sent once, with another change, and does not fail the run', async () => {
    mockBranch()
    mockAuthOn()
    neon('patch', '/auth/config', [200, { name: 'Shop' }])
    neon('post', '/auth/domains', [201])
    mockAuthOn(PREVIEW)
    const { failure } = await runAction(OPENED, {
      settings: 'name: Shop',
      trusted_domains: PREVIEW,
    })
    expect(failure).toBe('')
    expect(writes()).toHaveLength(2)
  })

  it('is not sent by a run that changes nothing else', async () => {
    mockBranch()
    mockAuthOn(PREVIEW)
    const inputs = { settings: 'name: Shop', trusted_domains: PREVIEW }
    const { report } = await runAction(OPENED, inputs)
    expect(report?.action).toBe('unchanged')
    expect(writes()).toEqual([])
  })
})

describe('a secret, like a value that Neon does not show', () => {
  it('is sent once even if sign-up is closed after the users have signed up', async () => {
    mockBranch()
    neonAlways('get', '/auth', [200, integration()])
    neonAlways('get', '/auth/domains', domains(PREVIEW))
    neonAlways('get', '/auth/webhooks', [200, { enabled: false }])
    const plugins = (disable_sign_up: boolean): [number, object] => [
      200,
      { email_and_password: { enabled: true, disable_sign_up } },
    ]
    neon('get', '/auth/plugins', plugins(false), plugins(false), plugins(true))
    neon('patch', '/auth/config', [200, {}])
    neon('patch', '/auth/email_provider', [200, {}])
    neon('patch', '/auth/email_and_password', [200, {}])
    service('post', '/sign-up/email', [200, { token: 't', user: { id: 'u1' } }])
    const sender = { username: 'shop', sender_email: 'a@shop.example', sender_name: 'Shop' }
    const email_provider = { ...SERVER, ...sender, password: 'hunter2-hunter2' }
    const { failure } = await runAction(OPENED, {
      settings: JSON.stringify({
        name: 'Shop',
        email_and_password: { disable_sign_up: true },
        email_provider,
        users: [{ email: 'ada@shop.example', password: 'correct horse battery' }],
      }),
    })
    expect(failure).toBe('')
    expect(writes().map((write) => write.split(' ')[1])).toEqual([
      '/auth/email_provider',
      '/auth/config',
      '/sign-up/email',
      '/auth/email_and_password',
    ])
  })
})

describe('converge: `disable_sign_up` that Neon does not show', () => {
  const DISABLED = { email_and_password: { disable_sign_up: true } }
  const WITH_USER = { users: [{ email: 'ada@shop.example', password: 'correct horse battery' }] }
  const CLOSED: Reply = [400, { code: 'EMAIL_PASSWORD_SIGN_UP_DISABLED' }]
  const SIGNED_IN: Reply = [200, { token: 't', user: { id: 'u1' } }]
  const HIDDEN = { email_and_password: { enabled: true } }
  const NULL = { email_and_password: { enabled: true, disable_sign_up: null } }

  const runWith = (settings: object) =>
    runAction(OPENED, { settings: JSON.stringify(settings), trusted_domains: PREVIEW })
  const patches = () => writes().filter((write) => write.startsWith('PATCH'))
  const patch = (value: boolean) => `PATCH /auth/email_and_password {"disable_sign_up":${value}}`

  /** Mocks one read of the domains and settings for each of these lists of domains. */
  const mockDomainsAndSettings = (...lists: string[][]): void => {
    for (const list of lists) {
      neon('get', '/auth/domains', domains(...list))
      mockSettings()
    }
  }

  const mockExistingUser = (): void => {
    service('post', '/sign-up/email', CLOSED)
    service('post', '/sign-in/email', SIGNED_IN)
  }

  it.each([HIDDEN, NULL])('is not sent by a run that changes nothing (%j)', async (plugins) => {
    mockReads(plugins)
    const { failure, report } = await runWith(DISABLED)
    expect(failure).toBe('')
    expect(report?.action).toBe('unchanged')
    mockBranch()
    mockExistingUser()
    const withUser = await runWith({ ...DISABLED, ...WITH_USER })
    expect(withUser.failure).toBe('')
    expect(withUser.report?.action).toBe('unchanged')
    expect(patches()).toEqual([])
  })

  it('is sent with another change', async () => {
    neon('get', '/auth/domains', domains())
    mockReads(HIDDEN)
    neon('post', '/auth/domains', [201])
    mockExistingUser()
    neon('patch', '/auth/email_and_password', [200, {}])
    expect((await runWith({ ...DISABLED, ...WITH_USER })).failure).toBe('')
    expect(patches()).toEqual([patch(true)])
  })

  it('is sent by a run that sends secrets again', async () => {
    mockReads(HIDDEN)
    mockExistingUser()
    neon('patch', '/auth/email_and_password', [200, {}])
    const settings = { ...DISABLED, ...WITH_USER, resend_secrets: true }
    expect((await runWith(settings)).failure).toBe('')
    expect(patches()).toEqual([patch(true)])
  })

  it('is sent again to auth that replaced the one that accepted it', async () => {
    const replacement: Reply = [200, integration({ created_at: '2026-11-26T12:00:00Z' })]
    mockBranch()
    mockAuthOn()
    neon('patch', '/auth/email_and_password', [200, {}], [200, {}])
    neon('post', '/auth/domains', [201], [201])
    neon('get', '/auth', replacement, replacement)
    mockDomainsAndSettings([], [PREVIEW])
    expect((await runWith(DISABLED)).failure).toBe('')
    expect(patches()).toEqual([patch(true), patch(true)])
  })

  it('is sent again to auth that replaced the one that this run enabled', async () => {
    const replacement: Reply = [200, integration({ auth_provider_project_id: 'ap-2' })]
    mockBranch()
    mockAuthOff()
    neon('post', '/auth', [201, created()])
    neon('get', '/auth', replacement, replacement)
    neon('patch', '/auth/email_and_password', [200, {}], [200, {}])
    neon('post', '/auth/domains', [201], [201])
    mockDomainsAndSettings([], [PREVIEW])
    expect((await runWith(DISABLED)).failure).toBe('')
    expect(patches()).toEqual([patch(true), patch(true)])
  })

  it('is sent again to auth that replaced the one whose URLs the run waited for', async () => {
    const age = { created_at: new Date().toISOString() }
    const withoutUrls: Reply = [200, integration({ ...age, base_url: '', jwks_url: '' })]
    const replacement: Reply = [200, integration({ auth_provider_project_id: 'ap-2' })]
    mockBranch()
    neon('get', '/auth', withoutUrls, withoutUrls, replacement, replacement)
    neon('patch', '/auth/email_and_password', [200, {}], [200, {}])
    neon('post', '/auth/domains', [201], [201])
    mockDomainsAndSettings([], [PREVIEW], [], [PREVIEW])
    expect((await runWith(DISABLED)).failure).toBe('')
    expect(patches()).toEqual([patch(true), patch(true)])
  })

  it('is sent again to auth that another run has enabled in the meantime', async () => {
    const off: Reply = [404, error('Neon Auth is not enabled for this branch')]
    mockBranch()
    mockAuthOn()
    neon('patch', '/auth/email_and_password', [200, {}], [200, {}])
    neon('post', '/auth/domains', [201], off, [201])
    mockAuthOn()
    neon('get', '/auth', off)
    mockAuthOn()
    mockAuthOn(PREVIEW)
    expect((await runWith(DISABLED)).failure).toBe('')
    expect(writes().map((write) => write.split(' ')[1])).toEqual([
      '/auth/email_and_password',
      '/auth/domains',
      '/auth/domains',
      '/auth/email_and_password',
      '/auth/domains',
    ])
  })

  it.each([
    ['in the settings', DISABLED],
    ['inherited', {}],
  ])('is sent again after a sign-up for which the run turned it off (%s)', async (_, settings) => {
    mockReads(HIDDEN)
    neon('patch', '/auth/email_and_password', [200, {}], [200, {}])
    service('post', '/sign-up/email', CLOSED, SIGNED_IN)
    service('post', '/sign-in/email', [401, { code: 'INVALID_EMAIL_OR_PASSWORD' }])
    expect((await runWith({ ...settings, ...WITH_USER })).failure).toBe('')
    expect(patches()).toEqual([patch(false), patch(true)])
  })
})

describe('converge: sign-up that an earlier run may have left open, and Neon does not show it', () => {
  const USER = { email: 'ada@shop.example', password: 'correct horse battery' }
  const CLOSED: Reply = [400, { code: 'EMAIL_PASSWORD_SIGN_UP_DISABLED' }]
  const TAKEN: Reply = [422, { code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL' }]
  const INVENTED: Reply = [200, { token: null, user: { id: 'invented' } }]
  const CLOSE = 'PATCH /auth/email_and_password {"disable_sign_up":true}'

  /** Runs with a user who exists, and returns the writes to Neon. */
  const closingWrites = async (email_and_password: object, plugins: object = { enabled: true }) => {
    mockReads({ email_and_password: plugins })
    const settings = JSON.stringify({ email_and_password, users: [USER] })
    const { failure, report } = await runAction(OPENED, { settings, trusted_domains: PREVIEW })
    return { failure, report, patches: writes().filter((write) => write.startsWith('PATCH')) }
  }

  it('is closed if the auth service accepts sign-ups', async () => {
    service('post', '/sign-up/email', TAKEN)
    neon('patch', '/auth/email_and_password', [200, {}])
    const { failure, report, patches } = await closingWrites({ disable_sign_up: true })
    expect(failure).toBe('')
    expect(patches).toEqual([CLOSE])
    expect(report?.action).toBe('updated')
  })

  it('is closed even if a user is refused', async () => {
    service('post', '/sign-up/email', [400, { code: 'PASSWORD_COMPROMISED' }])
    neon('patch', '/auth/email_and_password', [200, {}])
    const { failure, patches } = await closingWrites({ disable_sign_up: true })
    expect(failure).toContain('leaked')
    expect(patches).toEqual([CLOSE])
  })

  it('is left alone if the settings do not close it', async () => {
    service('post', '/sign-up/email', TAKEN)
    expect(await closingWrites({})).toMatchObject({ failure: '', patches: [] })
  })

  const VERIFIED = { enabled: true, require_email_verification: true }
  it.each<[string, Reply, string[]]>([
    ['closed if that is accepted', INVENTED, [CLOSE]],
    ['closed if that gets no response', 'reset', [CLOSE]],
    ['closed if the answer proves nothing', [404, {}], [CLOSE]],
    ['left alone if that is refused', CLOSED, []],
    [
      'left alone if Better Auth 1.4 refuses that',
      [400, { code: 'EMAIL_AND_PASSWORD_SIGN_UP_IS_NOT_ENABLED' }],
      [],
    ],
  ])(
    'is tried with a user whose sign-in proved that they exist, and %s',
    async (_, reply, expected) => {
      service('post', '/sign-in/email', [200, { token: 't', user: { id: 'u1' } }])
      service('post', '/sign-up/email', reply)
      if (expected.length > 0) neon('patch', '/auth/email_and_password', [200, {}])
      const { failure, patches } = await closingWrites({ disable_sign_up: true }, VERIFIED)
      expect(failure).toBe('')
      expect(patches).toEqual(expected)
    },
  )

  /** Tries sign-up with a user whom auth no longer has, because it was replaced after the user's sign-in. */
  const signUpAtReplacedAuth = async (reply: Reply) => {
    const replaced = integration({ created_at: '2026-11-26T12:00:00Z' })
    mockBranch()
    neon('get', '/auth', [200, integration()])
    neonAlways('get', '/auth', [200, replaced])
    neonAlways('get', '/auth/domains', domains(PREVIEW))
    neonAlways('get', '/auth/plugins', [200, { email_and_password: VERIFIED }])
    neonAlways('get', '/auth/webhooks', [200, { enabled: false }])
    service('post', '/sign-in/email', [200, { token: 't', user: { id: 'u1' } }])
    service('post', '/sign-up/email', reply)
    neon('patch', '/auth/email_and_password', [200, {}])
    const settings = { email_and_password: { disable_sign_up: true }, users: [USER] }
    const inputs = { settings: JSON.stringify(settings), trusted_domains: PREVIEW }
    const { failure, journal } = await runAction(OPENED, inputs)
    expect(failure).toMatch(/disabled and enabled again/)
    return journal
  }

  it('is reported with the user whom the attempt creates at auth that was replaced', async () => {
    const { applied } = await signUpAtReplacedAuth([200, { token: 't', user: { id: 'u2' } }])
    expect(applied).toContainEqual({ change: 'create_user', email: USER.email, id: 'u2' })
  })

  it('is reported with the user whom the attempt may have created if the response is lost', async () => {
    const { applied, inFlight } = await signUpAtReplacedAuth('reset')
    expect([...inFlight]).toEqual([{ change: 'create_user', email: USER.email }])
    expect(applied).not.toContainEqual(expect.objectContaining({ change: 'create_user' }))
  })

  it('is not reported with a user if the attempt shows no session', async () => {
    const { applied, inFlight } = await signUpAtReplacedAuth(INVENTED)
    expect([...inFlight, ...applied].map(({ change }) => change)).not.toContain('create_user')
  })

  it('is not tried if Neon shows that it is closed', async () => {
    service('post', '/sign-in/email', [200, { token: 't', user: { id: 'u1' } }])
    const shown = { ...VERIFIED, disable_sign_up: true }
    const { patches } = await closingWrites({ disable_sign_up: true }, shown)
    expect(patches).toEqual([])
    expect(requests.some((request) => request.includes('/sign-up'))).toBe(false)
  })
})

describe('a value that Neon stores differently', () => {
  it('is sent twice and then causes a warning that names no cause', async () => {
    neon('get', '/auth/domains', domains())
    mockReads({}, 'A very long')
    neon('patch', '/auth/config', [200, {}], [200, {}])
    neon('post', '/auth/domains', [201])
    const inputs = { settings: 'name: A very long name', trusted_domains: PREVIEW }
    const { failure, log } = await runAction(OPENED, inputs)
    expect(failure).toBe('')
    expect(log).toMatch(
      /warning: Neon accepted `name` = "A very long name" 2 times, but stores "A very long"/,
    )
    expect(log).not.toMatch(/another run|concurrency/)
    expect(writes()).toHaveLength(3)
  })

  it('still fails the run if it is a boolean', async () => {
    mockReads({ email_and_password: { enabled: true } })
    neonAlways('patch', '/auth/email_and_password', [200, {}])
    const settings = 'email_and_password: { enabled: false }'
    expect((await runAction(OPENED, { settings })).failure).toMatch(
      /still missing:[\s\S]*Likely cause: Neon does not apply these values/,
    )
  })
})

describe('test_email', () => {
  const inputs = { settings: 'test_email: qa@shop.example', trusted_domains: 'https://new.example' }

  it('fails before the first write on a branch with the shared email provider', async () => {
    mockOnce({ email_provider: { type: 'shared' } })
    expect((await runAction(OPENED, inputs)).failure).toMatch(
      /qa@shop\.example[\s\S]*type: standard/,
    )
    expect(writes()).toEqual([])
  })

  it('fails before the first write on a branch without a mail server', async () => {
    mockOnce()
    neon('get', '/auth/email_provider', [404, { message: 'not configured' }])
    expect((await runAction(OPENED, inputs)).failure).toContain('type: standard')
    expect(writes()).toEqual([])
  })

  it.each<[Reply]>([[[504, 'gateway timeout']], ['reset']])(
    'names the host and port of the mail server if Neon does not answer: %s',
    async (reply) => {
      mockReads({ email_provider: SERVER })
      neon('post', '/auth/email_provider/test', reply)
      const { failure } = await runAction(OPENED, { settings: 'test_email: qa@shop.example' })
      expect(failure).toMatch(
        /Could not send a test email to qa@shop\.example through smtp\.shop\.example, port 2525/,
      )
      expect(failure).toMatch(/a firewall blocks it/)
      expect(failure).not.toContain('HTTPS_PROXY')
    },
  )

  const SENDER = { username: 'me', sender_email: 'a@shop.example', sender_name: 'Shop' }
  const OWN = { ...SERVER, ...SENDER, password: 'hunter2-hunter2' }
  const sendWith = (email_provider?: object) =>
    runAction(OPENED, {
      settings: JSON.stringify({ test_email: 'qa@shop.example', email_provider }),
    })

  it('sends one email', async () => {
    mockReads({ email_provider: SERVER })
    neon('post', '/auth/email_provider/test', [200, { success: true }])
    const { failure } = await runAction(OPENED, { settings: 'test_email: qa@shop.example' })
    expect(failure).toBe('')
    expect(writes()).toEqual([
      'POST /auth/email_provider/test {"recipient_email":"qa@shop.example"}',
    ])
  })

  it.each([404, 405])(
    'sends all settings of the mail server to an older API (%i)',
    async (status) => {
      mockReads({ email_provider: { ...OWN, password: '' } })
      neon('post', '/auth/email_provider/test', [status, error('not found')])
      neon('post', '/auth/send_test_email', [200, { success: true }])
      expect((await sendWith(OWN)).failure).toBe('')
      const [, body = ''] = writes().at(-1)?.split('/auth/send_test_email ') ?? []
      const { type: _, ...server } = OWN
      expect(JSON.parse(body)).toEqual({ ...server, recipient_email: 'qa@shop.example' })
    },
  )

  it.each([
    'host',
    'port',
    'username',
    'password',
    'sender_email',
    'sender_name',
    'email_provider',
  ])(
    'fails on an older API if a part of the mail server is missing in `settings`: %s',
    async (missing) => {
      mockReads({ email_provider: { ...OWN, password: '' } })
      neon('post', '/auth/email_provider/test', [404, error('not found')])
      const parts = Object.entries(OWN).filter(([key]) => key !== missing)
      const { failure } = await sendWith(
        missing === 'email_provider' ? undefined : Object.fromEntries(parts),
      )
      expect(failure).toMatch(
        /only if the request contains all of its settings[\s\S]*`type: standard` and all of its keys/,
      )
    },
  )

  it('does not name a mail server that Neon does not show', async () => {
    mockReads({})
    neonAlways('get', '/auth/email_provider', [200, { type: 'standard' }])
    neon('post', '/auth/email_provider/test', [200, { success: false }])
    const { failure } = await runAction(OPENED, { settings: 'test_email: qa@shop.example' })
    expect(failure).toMatch(/through the configured SMTP server\.[\s\S]*answered: \(nothing\)/)
  })

  it('names the host and port of a mail server that refuses', async () => {
    mockReads({ email_provider: SERVER })
    const refused = { success: false, error_message: '535 authentication failed' }
    neon('post', '/auth/email_provider/test', [200, refused])
    const { failure } = await runAction(OPENED, { settings: 'test_email: qa@shop.example' })
    expect(failure).toMatch(/smtp\.shop\.example, port 2525[\s\S]*535 authentication failed/)
  })
})

describe('users', () => {
  it('are signed up again after the time in x-retry-after', async () => {
    mockReads({})
    const limited: Reply = [429, {}, { 'x-retry-after': '9' }]
    service('post', '/sign-up/email', limited, [200, { token: 't', user: { id: 'u1' } }])
    const { report, failure } = await runAction(OPENED, { settings: ADA })
    expect(failure).toBe('')
    expect(report?.changes).toEqual([
      { change: 'create_user', email: 'ada@shop.example', id: 'u1' },
    ])
    expect(requests.filter((request) => request.includes('/sign-up'))).toHaveLength(2)
  })

  it('fail the run, which names the cause, if the limit leaves no time', async () => {
    mockReads({})
    serviceAlways('post', '/sign-up/email', [429, {}, { 'x-retry-after': '60' }])
    const { failure } = await runAction(OPENED, { settings: ADA })
    expect(failure).toMatch(/answered 429[\s\S]*limits how many sign-ups/)
    expect(requests.filter((request) => request.includes('/sign-up'))).toHaveLength(1)
  })

  it('cause a warning if the rate limit leaves too little time for them', async () => {
    mockBranch()
    mockAuthOn(PREVIEW)
    const users = Array.from({ length: 9 }, (_, index) => ({
      email: `user-${index}@shop.example`,
      password: 'correct horse battery',
    }))
    const inputs = { settings: JSON.stringify({ users }), dry_run: 'true', timeout: '20' }
    expect((await runAction(OPENED, inputs)).log).toMatch(
      /warning: 9 users .* may need 20 seconds .* only (19|20) seconds left/,
    )
  })

  it('do not make the run open sign-up if password sign-in is off', async () => {
    mockOnce({ email_and_password: { enabled: false } })
    const { failure } = await runAction(OPENED, { settings: ADA, trusted_domains: PREVIEW })
    expect(failure).toContain('email_and_password: { enabled: true }')
    expect(writes()).toEqual([])
  })
})

describe('protect production: sign-up that the run opened for a user', () => {
  /** Mocks a branch with closed sign-up. `change` happens after the run has opened it. */
  const mockOpening = (change: () => void): void => {
    mockReads({ email_and_password: { enabled: true, disable_sign_up: true } })
    service('post', '/sign-up/email', [400, { code: 'EMAIL_PASSWORD_SIGN_UP_DISABLED' }])
    service('post', '/sign-in/email', [401, { code: 'INVALID_EMAIL_OR_PASSWORD' }])
    service('post', '/sign-up/email', [429, change, { 'x-retry-after': '1' }])
  }

  it('stays open on a branch that became protected', async () => {
    mockOpening(() => changeBranch({ protected: true }))
    neon('patch', '/auth/email_and_password', [200, {}])
    const { failure, log } = await runAction(OPENED, { settings: ADA })
    expect(failure).toMatch(/is a protected branch/)
    expect(log).toMatch(/warning: Sign-up may still be open, because the run could not close it/)
  })

  it('is closed again for a pull request that was closed', async () => {
    const gitHub = mockGitHub()
    mockOpening(() => {
      gitHub.pulls = { 2: { state: 'closed' } }
    })
    neon('patch', '/auth/email_and_password', [200, {}], [200, {}])
    const { report } = await runAction(OPENED, { ...TOKEN, settings: ADA })
    expect(report).toMatchObject({ skipped: { reason: 'pull_request_closed' } })
    expect(writes().at(-1)).toBe('PATCH /auth/email_and_password {"disable_sign_up":true}')
  })

  it('is closed again even if Neon refused to open it, because it may be open anyway', async () => {
    mockReads({ email_and_password: { enabled: true, disable_sign_up: true } })
    service('post', '/sign-up/email', [400, { code: 'EMAIL_PASSWORD_SIGN_UP_DISABLED' }])
    service('post', '/sign-in/email', [401, { code: 'INVALID_EMAIL_OR_PASSWORD' }])
    neon('patch', '/auth/email_and_password', [403, error('not allowed')], [200, {}])
    const { failure } = await runAction(OPENED, { settings: ADA })
    expect(failure).toContain('not allowed')
    expect(writes().at(-1)).toBe('PATCH /auth/email_and_password {"disable_sign_up":true}')
  })
})

describe('verify what was promised: auth that is replaced between a write and reading back', () => {
  it('is verified again even if it lacks nothing', async () => {
    mockBranch()
    mockAuthOn()
    neon('post', '/auth/domains', [201])
    neon('get', '/auth', [200, integration({ created_at: '2026-11-26T12:00:00Z' })])
    neon('get', '/auth/domains', domains(PREVIEW))
    mockSettings()
    mockHealthyService(1)
    mockHealthyService(1)
    const inputs = { verify: 'true', trusted_domains: PREVIEW }
    expect((await runAction(OPENED, inputs)).failure).toBe('')
    expect(requests.filter((request) => request === 'GET /ok')).toHaveLength(2)
  })
})

describe('a dry run with users', () => {
  it('lists the changes in the order of a real run', async () => {
    mockReads({ email_and_password: { enabled: true, disable_sign_up: false } })
    const settings = `${ADA}\nemail_and_password: { disable_sign_up: true }`
    const { report } = await runAction(OPENED, { settings, dry_run: 'true' })
    expect(report?.changes.map(({ change }) => change)).toEqual([
      'create_user',
      'update_email_and_password',
    ])
    expect(writes()).toEqual([])
  })
})

describe('the output issuer', () => {
  it('is the origin of base_url', async () => {
    mockReads({})
    mockHealthyService()
    const { report } = await runAction(OPENED, { verify: 'true' })
    expect(report && toOutputs(report).issuer).toBe('https://ep-cool-sun.neonauth.test')
  })
})
