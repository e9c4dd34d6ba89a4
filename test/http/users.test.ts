import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { pastSentence } from '../../src/auth/plan.ts'
import { describePartialChanges } from '../../src/report/failure.ts'
import {
  BASE_URL,
  cancelRun,
  domains,
  error,
  github,
  integration,
  mockBranch,
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
import { TOKEN } from './mock-github.ts'

useNock()

const PREVIEW = 'https://pr-2.shop.example'
const ADA = { email: 'ada@shop.example', password: 'correct horse battery' }
const GUEST = { email: 'guest@shop.example' }

/** Runs with these settings on a branch whose auth is on, with these password settings and trusted domains. */
const runWith = (
  settings: object,
  email_and_password: object = { enabled: true },
  trusted: readonly string[] = [PREVIEW],
  trusted_domains = '',
) => {
  mockBranch()
  neonAlways('get', '/auth', [200, integration()])
  neonAlways('get', '/auth/domains', domains(...trusted))
  neonAlways('get', '/auth/plugins', [200, { email_and_password }])
  neonAlways('get', '/auth/webhooks', [200, { enabled: false }])
  return runAction(OPENED, { settings: JSON.stringify(settings), trusted_domains })
}

/** The response of Better Auth to a sign-up with a taken address. */
const TAKEN: Reply = [422, { code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL' }]
const SIGNED_UP: Reply = [200, { token: 't', user: { id: 'u1' } }]
const UNKNOWN: Reply = [401, { code: 'INVALID_EMAIL_OR_PASSWORD' }]
const CLOSED: Reply = [400, { code: 'EMAIL_PASSWORD_SIGN_UP_DISABLED' }]
const UNTRUSTED: Reply = [403, { code: 'INVALID_ORIGIN', message: 'Invalid origin' }]

describe('a user without a password', () => {
  it('is created by the Neon API, named like the address, and gets its roles', async () => {
    neon('post', '/auth/users', [201, { id: 'u1' }])
    neon('put', '/auth/users/u1/role', [200, {}])
    const { report, failure } = await runWith({ users: [{ ...GUEST, roles: ['admin'] }] })
    expect(failure).toBe('')
    expect(writes()).toEqual([
      'POST /auth/users {"email":"guest@shop.example","name":"guest@shop.example"}',
      'PUT /auth/users/u1/role {"roles":["admin"]}',
    ])
    expect(report?.changes).toStrictEqual([{ change: 'create_user', email: GUEST.email, id: 'u1' }])
  })

  it('does not change, and gets no roles, if the address is taken', async () => {
    neon('post', '/auth/users', [409, error('user already exists')])
    const { report, log } = await runWith({ users: [{ ...GUEST, roles: ['admin'] }] })
    expect(report).toMatchObject({ action: 'unchanged', changes: [] })
    expect(log).toContain('The user guest@shop.example already exists')
  })

  it('may have been created if the address is taken after a lost response', async () => {
    neon('post', '/auth/users', 'reset', [409, error('user already exists')])
    const { report } = await runWith({ users: [GUEST] })
    const change = { change: 'create_user', email: GUEST.email, may_have_existed: true } as const
    expect(report?.changes).toStrictEqual([change])
    expect(pastSentence(change)).toMatch(/^May have created the user guest@shop\.example: /)
  })

  it('fails the run if it needs roles and the response with its ID was lost', async () => {
    neon('post', '/auth/users', 'reset', [409, error('user already exists')])
    const { failure, journal } = await runWith({ users: [{ ...GUEST, roles: ['admin', 'qa'] }] })
    expect(failure).toMatch(
      /guest@shop\.example may have been created, but without the roles admin, qa/,
    )
    expect(journal.applied).toStrictEqual([
      { change: 'create_user', email: GUEST.email, may_have_existed: true },
    ])
  })
})

describe('a user to delete', () => {
  it('is deleted before users are created', async () => {
    neon('delete', '/auth/users/u9', [204])
    neon('post', '/auth/users', [201, { id: 'u1' }])
    const { report } = await runWith({ users: [GUEST], delete_users: ['u9'] })
    expect(writes().map((write) => write.split(' ').slice(0, 2).join(' '))).toEqual([
      'DELETE /auth/users/u9',
      'POST /auth/users',
    ])
    expect(report?.changes).toStrictEqual([
      { change: 'delete_user', id: 'u9' },
      { change: 'create_user', email: GUEST.email, id: 'u1' },
    ])
  })

  it.each<[string, Reply[], string]>([
    ['changes nothing if it is gone', [[404, error('user not found')]], 'unchanged'],
    [
      'counts as deleted if it is gone after a lost response',
      ['reset', [404, error('user not found')]],
      'updated',
    ],
  ])('%s', async (_, replies, action) => {
    neon('delete', '/auth/users/u9', ...replies)
    const { report } = await runWith({ delete_users: ['u9'] })
    expect(report?.action).toBe(action)
    expect(report?.changes).toHaveLength(action === 'updated' ? 1 : 0)
  })
})

describe('verify what was promised: auth that is disabled or replaced while users are created', () => {
  const REPLACED: Reply = [
    200,
    integration({ auth_provider_project_id: 'ap-2', created_at: '2026-11-26T12:00:00Z' }),
  ]
  const OFF: Reply = [404, error('Neon Auth is not enabled for this branch')]
  const CLOSING = { email_and_password: { disable_sign_up: true } }

  /**
   * Creates a user on a branch whose auth is on at the first read, and then as `first` and `final` show it. With
   * `isClosed`, the third read of the settings shows that sign-up is closed.
   */
  const runCreating = (
    { first = [], final, isClosed = false }: { first?: Reply[]; final: Reply; isClosed?: boolean },
    settings: object,
    inputs: Record<string, string> = {},
  ) => {
    neon('get', '/auth', [200, integration()], ...first)
    neonAlways('get', '/auth', final)
    service('post', '/sign-up/email', SIGNED_UP)
    mockBranch()
    neonAlways('get', '/auth/domains', domains(PREVIEW))
    const plugins = (disable_sign_up: boolean): Reply => [
      200,
      { email_and_password: { enabled: true, disable_sign_up } },
    ]
    if (isClosed) neon('get', '/auth/plugins', plugins(false), plugins(false))
    neonAlways('get', '/auth/plugins', plugins(isClosed))
    neonAlways('get', '/auth/webhooks', [200, { enabled: false }])
    if (settings === CLOSING) neonAlways('patch', '/auth/email_and_password', [200, {}])
    return runAction(OPENED, { settings: JSON.stringify({ users: [ADA], ...settings }), ...inputs })
  }

  it.each<[string, Reply, object, RegExp]>([
    ['replaced', REPLACED, {}, /disabled and enabled again on branch preview\/pr-2/],
    ['replaced, before sign-up is closed', REPLACED, CLOSING, /disabled and enabled again/],
    ['disabled', OFF, {}, /was disabled on branch preview\/pr-2/],
    ['disabled, before sign-up is closed', OFF, CLOSING, /was disabled on branch preview\/pr-2/],
  ])('fails the run: %s', async (_, reply, settings, message) => {
    const { report, failure } = await runCreating({ final: reply }, settings)
    expect(failure).toMatch(message)
    expect(report).toBeUndefined()
    expect(writes()).not.toContainEqual(expect.stringMatching(/^POST \/auth/))
  })

  it('fails the run: replaced, while sign-up is closed', async () => {
    const first: Reply[] = [[200, integration()]]
    const replies = { first, final: REPLACED, isClosed: true }
    const { report, failure } = await runCreating(replies, CLOSING)
    expect(failure).toMatch(/disabled and enabled again on branch preview\/pr-2/)
    expect(report).toBeUndefined()
  })

  it.each<[string, Reply, object]>([
    ['replaced', REPLACED, {}],
    ['disabled', OFF, {}],
    ['disabled, before sign-up is closed', OFF, CLOSING],
  ])('skips the run if the pull request was closed: %s', async (_, reply, settings) => {
    github('open')
    github('closed')
    const { report } = await runCreating({ final: reply }, settings, TOKEN)
    expect(report).toMatchObject({ action: 'skipped', skipped: { reason: 'pull_request_closed' } })
  })

  it.each([{}, CLOSING])('is not concluded from one read: %j', async (settings) => {
    const final: Reply = [200, integration()]
    const { failure, journal } = await runCreating({ first: [OFF], final }, settings)
    expect(failure).not.toMatch(/was disabled/)
    expect(journal.applied).toContainEqual(expect.objectContaining({ change: 'create_user' }))
  })

  it('is not looked for if no user was created', async () => {
    service('post', '/sign-up/email', TAKEN)
    const { failure } = await runWith({ users: [ADA] })
    expect(failure).toBe('')
    expect(requests.filter((request) => request === 'GET /auth')).toHaveLength(1)
  })
})

describe('a user who cannot be changed', () => {
  const CHANGES: [string, 'post' | 'delete', string, object, RegExp][] = [
    ['created', 'post', '/auth/users', { users: [GUEST] }, /Create the user guest@shop\.example/],
    ['deleted', 'delete', '/auth/users/u9', { delete_users: ['u9'] }, /Delete the user u9/],
  ]

  it.each(CHANGES)(
    'is named in the error, with the branch: %s',
    async (_, method, path, settings, words) => {
      neon(method, path, [403, error('not allowed')])
      const { failure } = await runWith(settings)
      expect(failure).toMatch(words)
      expect(failure).toMatch(/^Failed on branch preview\/pr-2 \(br-cool-sun-1234\)/)
      expect(failure).toContain('not allowed')
    },
  )

  it.each(CHANGES)(
    'is listed as in progress if the run is canceled: %s',
    async (_, method, path, settings, words) => {
      neon(method, path, [503, cancelRun])
      const { journal } = await runWith(settings)
      expect(describePartialChanges(journal)).toMatch(/^In progress when the run stopped/m)
      expect(describePartialChanges(journal)).toMatch(words)
    },
  )

  const REFUSED: Reply = [422, { code: 'FAILED_TO_CREATE_USER' }]
  it.each<[string, Reply[], Reply[]]>([
    ['a second sign-up is lost', [UNKNOWN], ['reset']],
    ['a second sign-up is refused', [UNKNOWN], [REFUSED]],
    ['a sign-in proves nothing and a second sign-up is refused', [[404, 'Not found']], [REFUSED]],
    ['no sign-in gets a response', Array.from({ length: 5 }, () => 'reset'), []],
  ])('is listed as in progress after a lost sign-up if %s', async (_, signIns, signUps) => {
    service('post', '/sign-up/email', 'reset')
    service('post', '/sign-in/email', ...signIns)
    service('post', '/sign-up/email', ...signUps)
    const { journal, failure } = await runWith({ users: [ADA] })
    expect(failure).toMatch(/the user ada@shop\.example/)
    expect([...journal.inFlight]).toEqual([{ change: 'create_user', email: ADA.email }])
  })

  it('is reported with the changes made before the failure', async () => {
    neon('delete', '/auth/users/u9', [204])
    neon('post', '/auth/users', [201, { id: 'u1' }], [403, error('not allowed')])
    const { journal } = await runWith({
      delete_users: ['u9'],
      users: [GUEST, { email: 'eve@shop.example' }],
    })
    const text = describePartialChanges(journal)
    expect(text).toContain('Deleted the user u9.')
    expect(text).toContain('Created the user guest@shop.example.')
    expect(text).not.toContain('eve@shop.example')
  })
})

describe('a user with a password', () => {
  it('does not change if the address is taken', async () => {
    service('post', '/sign-up/email', TAKEN)
    const { report, failure } = await runWith({ users: [ADA] })
    expect(failure).toBe('')
    expect(report).toMatchObject({ action: 'unchanged', changes: [] })
  })

  it('gets its roles if a lost sign-up creates it only after a sign-in has failed', async () => {
    service('post', '/sign-up/email', 'reset', TAKEN)
    const date = new Date().toUTCString()
    const user = { id: 'u1', createdAt: new Date(date).toISOString() }
    service('post', '/sign-in/email', UNKNOWN, [200, { token: 't', user }, { date }])
    neon('put', '/auth/users/u1/role', [200, {}])
    const { report, failure } = await runWith({ users: [{ ...ADA, roles: ['admin'] }] })
    expect(failure).toBe('')
    expect(report?.changes).toStrictEqual([{ change: 'create_user', email: ADA.email, id: 'u1' }])
  })

  it('signs up after the run opens sign-up, and the run closes it again', async () => {
    service('post', '/sign-up/email', CLOSED, CLOSED, SIGNED_UP)
    service('post', '/sign-in/email', UNKNOWN)
    neon('patch', '/auth/email_and_password', [200, {}], [200, {}])
    const { report, failure } = await runWith(
      { users: [ADA] },
      { enabled: true, disable_sign_up: true },
    )
    expect(failure).toBe('')
    expect(report?.changes).toContainEqual({ change: 'create_user', email: ADA.email, id: 'u1' })
    expect(writes().filter((write) => write.startsWith('PATCH'))).toEqual([
      'PATCH /auth/email_and_password {"disable_sign_up":false}',
      'PATCH /auth/email_and_password {"disable_sign_up":true}',
    ])
  })

  it.each<[string, Reply[], number]>([
    ['once, if the origin is trusted only later', [UNTRUSTED, UNTRUSTED, UNTRUSTED, SIGNED_UP], 1],
    ['not at all, if the origin is trusted', [SIGNED_UP], 0],
  ])('waits until its origin is trusted, and the log says so %s', async (_, replies, times) => {
    service('post', '/sign-up/email', ...replies)
    const { log, report } = await runWith({ users: [ADA] })
    expect(log.split(`${PREVIEW} is not trusted yet`)).toHaveLength(times + 1)
    expect(report?.changes).toHaveLength(1)
  })

  it.each<[string, string[], string, string]>([
    ["the preview's", ['https://a.example', PREVIEW], PREVIEW, PREVIEW],
    ['another that is trusted', ['https://a.example'], '', 'https://a.example'],
    ['one with http', ['http://a.example'], '', 'http://a.example'],
    [
      'one that matches a wildcard',
      ['https://*.a.example'],
      '',
      'https://neon-auth-sample.a.example',
    ],
    [
      'the first that a browser can send',
      [
        'exp://a.example',
        'ftp://a.example',
        'https://',
        'https://a.example/x',
        'https://b.example',
      ],
      '',
      'https://b.example',
    ],
    ["the auth service's own", ['exp://a.example'], '', new URL(BASE_URL).origin],
  ])(
    'signs up from an origin that the service trusts: %s',
    async (_, list, requested, expected) => {
      let origin: string | null = null
      nock(new URL(BASE_URL).origin)
        .post('/neondb/auth/sign-up/email')
        .reply((request: Request) => {
          origin = request.headers.get('origin')
          return [200, { token: 't', user: { id: 'u1' } }]
        })
      const { failure } = await runWith({ users: [ADA] }, undefined, list, requested)
      expect(failure).toBe('')
      expect(origin).toBe(expected)
    },
  )

  it('causes a warning if verification is required, even if another user has no password', async () => {
    service('post', '/sign-in/email', [403, { code: 'EMAIL_NOT_VERIFIED' }])
    neon('post', '/auth/users', [409, error('user already exists')])
    const { log } = await runWith(
      { users: [GUEST, ADA] },
      { enabled: true, require_email_verification: true },
    )
    expect(log).toMatch(/warning: .*require_email_verification: false/)
  })

  it('is not tried again after the search for missing users', async () => {
    serviceAlways('post', '/sign-in/email', [200, { token: 't', user: { id: 'u1' } }])
    serviceAlways('post', '/sign-up/email', TAKEN)
    const users = ['a', 'b', 'c', 'd'].map((name) => ({ ...ADA, email: `${name}@shop.example` }))
    const { report } = await runWith({ users })
    expect(report?.action).toBe('unchanged')
    const sent = requests.filter((request) => request.startsWith('POST /sign-'))
    expect(sent.map((text) => text.replace(/^POST \/sign-(in|up)\/.*"(.)@.*$/, '$1 $2'))).toEqual([
      // The search for missing users, by sign-in.
      'in c',
      'in d',
      // The others, by sign-in and sign-up in turn, because each path has its own rate limit.
      'in a',
      'up b',
    ])
  })
})
