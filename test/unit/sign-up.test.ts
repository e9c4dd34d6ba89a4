import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAuthService } from '../../src/auth-service/client.ts'
import { RunAborted } from '../../src/core/deadline.ts'
import { keepWarnings } from '../../src/core/log.ts'
import { messageOf } from '../../src/core/problem.ts'
import type { NeonClient } from '../../src/neon/client.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import type { HttpRequest, HttpResponse } from '../../src/network/messages.ts'
import type { SettingsUser } from '../../src/settings/settings.ts'
import { seedUsers, type UserChange, type UsersContext } from '../../src/settings/users.ts'
import { fakeDeadline, SILENT_LOG } from '../fakes.ts'

const BASE = 'https://auth.test/db/auth'
const ORIGIN = 'https://pr-7.example.com'

type Reply = readonly [status: number, body: unknown] | 'lost' | 'lost read' | 'end of the run'

const SIGNED_UP: Reply = [200, { token: 't', user: { id: 'u1' } }]
const WITHOUT_SESSION: Reply = [200, { token: null, user: { id: 'invented' } }]
const refusal = (status: number, code: string): Reply => [status, { code, message: code }]

const UNKNOWN = refusal(401, 'INVALID_EMAIL_OR_PASSWORD')
const UNVERIFIED = refusal(403, 'EMAIL_NOT_VERIFIED')
const TAKEN = refusal(422, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL')
const CLOSED = refusal(400, 'EMAIL_PASSWORD_SIGN_UP_DISABLED')
const CLOSED_IN_1_4 = refusal(400, 'EMAIL_AND_PASSWORD_SIGN_UP_IS_NOT_ENABLED')

const ADA: SettingsUser = { email: 'ada@example.com', password: 'correct horse' }

interface Script {
  readonly signUp?: readonly Reply[]
  readonly signIn?: readonly Reply[]
  readonly requiresVerification?: boolean
  readonly users?: readonly SettingsUser[]
}

/** Creates users at an auth service that gives these replies, and then repeats the last one. */
const createUsers = async ({ users = [ADA], requiresVerification = false, ...script }: Script) => {
  const remaining: Record<string, Reply[]> = {
    '/sign-up/email': [...(script.signUp ?? [])],
    '/sign-in/email': [...(script.signIn ?? [])],
  }
  const calls: string[] = []
  const { log, warnings } = keepWarnings(SILENT_LOG)
  const changes: UserChange[] = []
  let waited = 0
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    const path = request.url.slice(BASE.length)
    calls.push(path)
    const replies = remaining[path] ?? []
    const reply = replies.length > 1 ? replies.shift() : replies[0]
    if (reply === undefined) throw new Error(`unexpected request: ${request.url}`)
    if (reply === 'end of the run') throw new RunAborted({ what: 'The end.' })
    // A read that must precede the request, such as that of the preconditions.
    if (reply === 'lost read')
      throw new LostResponseError({ method: 'GET', path: '/branches/br-1' }, 'reset')
    if (reply === 'lost') throw new LostResponseError(request, 'reset')
    const [status, body] = reply
    const headers = { date: new Date(10_000).toUTCString() }
    return { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) }
  }
  const neon = {
    setRoles: async (_: string, id: string) => void calls.push(`roles of ${id}`),
    createUser: async () => 'created-by-api',
  } as unknown as NeonClient
  const context: UsersContext = {
    neon,
    branch: { id: 'br-1', name: 'preview/pr-7' } as UsersContext['branch'],
    service: createAuthService(send, { baseUrl: BASE, jwksUrl: `${BASE}/jwks` }),
    origin: ORIGIN,
    requiresVerification,
    deadline: fakeDeadline({
      remaining: () => 60_000 - waited,
      sleep: async (ms) => {
        waited += ms
      },
    }),
    log,
    openSignUp: async () => void calls.push('open'),
    track: (_, work) => work(),
    record: (change) => void changes.push(change),
  }
  // A process that has run for a while, so that a time cannot pass for a duration.
  vi.spyOn(performance, 'now').mockImplementation(() => 100_000_000 + waited)
  const failure = await seedUsers({ users }, context).then(() => '', messageOf)
  return { calls, warnings, changes, failure, waited }
}

const created = (id?: string): UserChange[] => [
  { change: 'create_user', email: ADA.email, ...(id !== undefined && { id }) },
]

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('a sign-up', () => {
  it('counts if it opens a session', async () => {
    const { changes, calls } = await createUsers({ signUp: [SIGNED_UP] })
    expect(changes).toEqual(created('u1'))
    expect(calls).toEqual(['/sign-up/email'])
  })

  it('does not count as sent if a read before it was lost', async () => {
    const { failure, calls } = await createUsers({ signUp: ['lost read'] })
    expect(failure).toContain('GET /branches/br-1')
    expect(calls).toEqual(['/sign-up/email'])
  })

  it.each<[string, Script, UserChange[]]>([
    [
      'created, if the user only lacks verification afterward',
      { requiresVerification: true, signIn: [UNKNOWN, UNVERIFIED] },
      created('invented'),
    ],
    [
      'existed, if the user could sign in before',
      { requiresVerification: true, signIn: [[200, { token: 't', user: { id: 'u1' } }]] },
      [],
    ],
    [
      'existed, if the user only lacked verification before',
      { requiresVerification: true, signIn: [UNVERIFIED] },
      [],
    ],
    [
      'existed with another password, if signing in is still refused',
      { requiresVerification: true, signIn: [UNKNOWN, UNKNOWN] },
      [],
    ],
    [
      'existed with another password, even if the verification setting is unknown',
      { signIn: [UNKNOWN] },
      [],
    ],
    [
      'created, even if the verification setting is unknown',
      { signIn: [UNVERIFIED] },
      created('invented'),
    ],
    [
      'created, if the user who can sign in has the returned ID',
      { signIn: [[200, { token: 't', user: { id: 'invented' } }]] },
      created('invented'),
    ],
    ['existed, if the ID differs', { signIn: [[200, { token: 't', user: { id: 'u1' } }]] }, []],
  ])('without a session means: %s', async (_, script, expected) => {
    const { changes, failure } = await createUsers({ signUp: [WITHOUT_SESSION], ...script })
    expect(failure).toBe('')
    expect(changes).toEqual(expected)
  })

  it('gives no roles to a user whose ID was invented, and warns', async () => {
    const { calls, warnings } = await createUsers({
      users: [{ ...ADA, roles: ['admin'] }],
      requiresVerification: true,
      signUp: [WITHOUT_SESSION],
      signIn: [UNKNOWN],
    })
    expect(calls).not.toContain('roles of invented')
    expect(warnings).toEqual([
      expect.stringMatching(/ada@example\.com already exists with another password/),
    ])
  })

  it('fails if verification is required and nothing shows whether the user was created', async () => {
    const { failure, changes } = await createUsers({
      requiresVerification: true,
      signUp: [WITHOUT_SESSION],
      signIn: [UNKNOWN, [500, {}]],
    })
    expect(failure).toMatch(/ada@example\.com[\s\S]*answered 500/)
    expect(changes).toEqual([])
  })

  it.each([
    ['a page', '<html>welcome</html>'],
    ['no user', { user: null }],
    ['a user without an ID', { user: {} }],
    ['nothing', ''],
  ])('does not count if the response is a 200 with %s', async (_, body) => {
    const { failure, changes } = await createUsers({ signUp: [[200, body]] })
    expect(failure).toMatch(
      /answered 200.*without a user ID[\s\S]*something other than the auth service/,
    )
    expect(changes).toEqual([])
  })

  it('is repeated after a lost response if signing in shows that the user does not exist', async () => {
    const repeated = await createUsers({ signUp: ['lost', SIGNED_UP], signIn: [UNKNOWN] })
    expect(repeated.changes).toEqual(created('u1'))
  })

  /** A sign-in 10 seconds after the Unix epoch, of a user who was created at `createdAt`, in ms. */
  const signedInAfter = (createdAt: number): Reply => [
    200,
    { token: 't', user: { id: 'u1', createdAt: new Date(createdAt).toISOString() } },
  ]
  const MAY_HAVE_EXISTED: UserChange[] = [
    { change: 'create_user', email: ADA.email, may_have_existed: true },
  ]
  it.each<[string, Script, UserChange[]]>([
    [
      'created, if the user is new by a clock that is at most 60 seconds ahead',
      { signIn: [signedInAfter(-50_000)] },
      created('u1'),
    ],
    ['existed, if the user is older', { signIn: [signedInAfter(-50_001)] }, []],
    [
      'maybe created, if no age is shown',
      { signIn: [[200, { token: 't', user: { id: 'u1' } }]] },
      MAY_HAVE_EXISTED,
    ],
    [
      'maybe created, if the user only lacks verification',
      { signIn: [UNVERIFIED] },
      MAY_HAVE_EXISTED,
    ],
    [
      'maybe created, if nothing shows whether the user could sign in before',
      { requiresVerification: true, signIn: [[404, {}], UNVERIFIED] },
      MAY_HAVE_EXISTED,
    ],
    [
      'maybe created, if nothing shows that before sign-up was opened',
      { signUp: [CLOSED, 'lost'], signIn: [[404, {}], UNVERIFIED] },
      MAY_HAVE_EXISTED,
    ],
    [
      'created, if the user could not sign in before',
      { requiresVerification: true, signIn: [UNKNOWN, UNVERIFIED] },
      created(),
    ],
    [
      'created, if the user could not sign in before sign-up was opened',
      { signUp: [CLOSED, 'lost'], signIn: [UNKNOWN, [200, { token: 't', user: { id: 'u1' } }]] },
      created('u1'),
    ],
  ])('without a response means: %s', async (_, script, expected) => {
    const { changes, failure } = await createUsers({ signUp: ['lost'], ...script })
    expect(failure).toBe('')
    expect(changes).toEqual(expected)
  })

  it.each<[string, Script, UserChange[]]>([
    ['created, if the user is new', { signIn: [UNKNOWN, signedInAfter(9_000)] }, created('u1')],
    ['existed, if the user is older', { signIn: [UNKNOWN, signedInAfter(-86_400_000)] }, []],
    ['existed, if the password differs', { signIn: [UNKNOWN] }, []],
    ['maybe created, if a sign-in proves nothing', { signIn: [[404, '']] }, MAY_HAVE_EXISTED],
    [
      'created, if the user could not sign in before',
      { requiresVerification: true, signIn: [UNKNOWN, UNKNOWN, UNVERIFIED] },
      created(),
    ],
    [
      'existed with another password, if no sign-in ever worked',
      { requiresVerification: true, signIn: [UNKNOWN] },
      [],
    ],
  ])(
    'without a response, before one that finds the email taken, means: %s',
    async (_, script, expected) => {
      const { changes, failure } = await createUsers({ signUp: ['lost', TAKEN], ...script })
      expect(failure).toBe('')
      expect(changes).toEqual(expected)
    },
  )

  it.each<[string, Script, UserChange[]]>([
    [
      'without a session, means: created, without an ID that may be invented',
      {
        requiresVerification: true,
        signUp: ['lost', WITHOUT_SESSION],
        signIn: [UNKNOWN, UNKNOWN, UNVERIFIED],
      },
      created(),
    ],
    [
      'without a session, means: created, with the ID of the sign-in',
      { signUp: ['lost', WITHOUT_SESSION], signIn: [UNKNOWN, signedInAfter(9_000)] },
      created('u1'),
    ],
    [
      'without a session, means: created, if the sign-in confirms the ID',
      {
        signUp: ['lost', [200, { token: null, user: { id: 'u1' } }]],
        signIn: [UNKNOWN, [200, { token: 't', user: { id: 'u1' } }]],
      },
      created('u1'),
    ],
    [
      'that finds sign-up closed, means: created, if the user is new',
      { signUp: ['lost', CLOSED], signIn: [UNKNOWN, signedInAfter(9_000)] },
      created('u1'),
    ],
  ])('without a response, before one %s', async (_, script, expected) => {
    const { changes, failure } = await createUsers(script)
    expect(failure).toBe('')
    expect(changes).toEqual(expected)
  })

  it('without a response gives roles only to a user who is new', async () => {
    const script = { users: [{ ...ADA, roles: ['admin'] }], signUp: ['lost'] } as const
    const isNew = await createUsers({ ...script, signIn: [signedInAfter(9_000)] })
    expect(isNew.calls).toContain('roles of u1')
    const existed = await createUsers({ ...script, signIn: [signedInAfter(-86_400_000)] })
    expect(existed).toMatchObject({ failure: '', changes: [] })
    expect(existed.calls).not.toContain('roles of u1')
    const unknown = await createUsers({
      ...script,
      signIn: [[200, { token: 't', user: { id: 'u1' } }]],
    })
    expect(unknown.failure).toMatch(
      /may have been created, but without the roles admin[\s\S]*does not show when the user u1 was created/,
    )
    expect(unknown.failure).not.toContain('the response with the user ID was lost')
    expect(unknown.calls).not.toContain('roles of u1')
    const withoutId = await createUsers({ ...script, signIn: [UNVERIFIED] })
    expect(withoutId.failure).toContain('the response with the user ID was lost')
  })

  const EXISTS: Reply = [200, { token: 't', user: { id: 'u1' } }]
  it.each<[string, Script]>([
    ['after a closed sign-up', { signUp: [CLOSED], signIn: ['lost', EXISTS] }],
    [
      'before a sign-up, if verification is required',
      { requiresVerification: true, signIn: ['lost', UNVERIFIED] },
    ],
    ['after a sign-up without a session', { signUp: [WITHOUT_SESSION], signIn: ['lost', EXISTS] }],
  ])('is not reported as new if only the response to a sign-in is lost: %s', async (_, script) => {
    const { changes, failure, calls } = await createUsers(script)
    expect(failure).toBe('')
    expect(changes).toEqual([])
    expect(calls).not.toContain('open')
  })

  it('fails if no sign-in gets a response', async () => {
    const { changes, failure } = await createUsers({ signUp: [CLOSED], signIn: ['lost'] })
    expect(failure).toMatch(/ada@example\.com[\s\S]*POST .*\/sign-in\/email failed: reset/)
    expect(changes).toEqual([])
  })
})

describe('required verification', () => {
  it('causes one warning, which names the setting, and none for users without a password', async () => {
    const script = { requiresVerification: true, signIn: [UNVERIFIED] }
    const grace = { ...ADA, email: 'grace@example.com' }
    const { warnings } = await createUsers({ ...script, users: [ADA, grace] })
    expect(warnings).toEqual([expect.stringContaining('require_email_verification: false')])
    expect(
      (await createUsers({ ...script, users: [{ email: 'x@example.com' }] })).warnings,
    ).toEqual([])
  })

  it('causes no warning about a user who exists and can sign in', async () => {
    const signIn: Reply[] = [[200, { token: 't', user: { id: 'u1' } }]]
    expect((await createUsers({ requiresVerification: true, signIn })).warnings).toEqual([])
  })

  it('causes a warning about a new user', async () => {
    const { warnings, changes } = await createUsers({
      requiresVerification: true,
      signUp: [WITHOUT_SESSION],
      signIn: [UNKNOWN, UNVERIFIED],
    })
    expect(changes).toEqual(created('invented'))
    expect(warnings).toEqual([expect.stringContaining('require_email_verification: false')])
  })
})

describe('closed sign-up', () => {
  it.each([
    ['1.5', CLOSED],
    ['1.4', CLOSED_IN_1_4],
  ])('is opened only if a new user needs it (Better Auth %s)', async (_, closed) => {
    const exists = await createUsers({
      signUp: [closed],
      signIn: [[200, { token: 't', user: { id: 'u1' } }]],
    })
    expect(exists.calls).not.toContain('open')
    const missing = await createUsers({ signUp: [closed, closed, SIGNED_UP], signIn: [UNKNOWN] })
    expect(missing.calls).toContain('open')
    expect(missing.changes).toEqual(created('u1'))
  })

  it.each([
    ['1.5', CLOSED, refusal(400, 'EMAIL_PASSWORD_DISABLED')],
    ['1.4', CLOSED_IN_1_4, refusal(400, 'EMAIL_AND_PASSWORD_IS_NOT_ENABLED')],
  ])('is not opened if password sign-in is off (Better Auth %s)', async (_, closed, off) => {
    const { calls, failure, waited } = await createUsers({ signUp: [closed], signIn: [off] })
    expect(calls).not.toContain('open')
    expect(waited).toBe(0)
    expect(failure).toMatch(
      /email and password is off[\s\S]*email_and_password: \{ enabled: true \}/,
    )
  })
})

describe('the error for a refused sign-up', () => {
  it.each<[string, Reply, RegExp]>([
    [
      'INVALID_ORIGIN',
      refusal(403, 'INVALID_ORIGIN'),
      /does not trust https:\/\/pr-7[\s\S]*trusted_domains`, or run the job again/,
    ],
    ['invalid domain', [403, { message: 'invalid domain' }], /does not trust https:\/\/pr-7/],
    ['MISSING_OR_NULL_ORIGIN', refusal(403, 'MISSING_OR_NULL_ORIGIN'), /does not trust/],
    ['INVALID_CALLBACKURL', refusal(403, 'INVALID_CALLBACKURL'), /does not trust/],
    ['INVALID_CALLBACK_URL', refusal(403, 'INVALID_CALLBACK_URL'), /does not trust/],
    ['INVALID_EMAIL', refusal(400, 'INVALID_EMAIL'), /does not accept this email address/],
    ['PASSWORD_TOO_LONG', refusal(400, 'PASSWORD_TOO_LONG'), /password is too long/],
    ['PASSWORD_TOO_SHORT', refusal(400, 'PASSWORD_TOO_SHORT'), /password is too short/],
    ['PASSWORD_COMPROMISED', refusal(400, 'PASSWORD_COMPROMISED'), /leaked/],
    ['SIGN_UP_REJECTED', refusal(403, 'SIGN_UP_REJECTED'), /user\.before_create/],
    ['429', [429, {}], /limits how many sign-ups/],
    ['503', [503, {}], /failed, or its compute is starting/],
    ['an unknown code', refusal(400, 'NEW_THING'), /a reason that this action does not know/],
  ])('explains %s', async (_, reply, cause) => {
    const { failure, changes } = await createUsers({ signUp: [reply] })
    expect(failure).toMatch(cause)
    expect(failure.match(/Likely cause/g)).toHaveLength(1)
    expect(changes).toEqual([])
  })

  it('does not appear if the origin becomes trusted in the meantime', async () => {
    const refused = refusal(403, 'INVALID_ORIGIN')
    const { changes } = await createUsers({ signUp: [refused, refused, SIGNED_UP] })
    expect(changes).toEqual(created('u1'))
  })
})

/**
 * Returns an auth service with Better Auth's rate limit of 3 requests per path in 10 seconds. Instead of refusing a
 * request, it sets its own clock forward.
 */
const rateLimitedService = (existing: Set<string>) => {
  let now = 0
  const buckets: Record<string, { count: number; last: number }> = {}
  const replyTo = (path: string, email: string): [number, unknown] => {
    if (path === '/sign-in/email')
      return existing.has(email)
        ? [200, { user: { id: email } }]
        : [401, { code: 'INVALID_EMAIL_OR_PASSWORD' }]
    if (existing.has(email)) return [422, { code: 'USER_ALREADY_EXISTS' }]
    existing.add(email)
    return [200, { token: 't', user: { id: email } }]
  }
  const send = async ({ url, body = '' }: HttpRequest): Promise<HttpResponse> => {
    const path = url.slice(BASE.length)
    const bucket = buckets[path] ?? { count: 0, last: Number.NEGATIVE_INFINITY }
    if (now - bucket.last >= 10_000) bucket.count = 0
    else if (bucket.count >= 3) {
      now = bucket.last + 10_000
      bucket.count = 0
    }
    buckets[path] = { count: bucket.count + 1, last: now }
    const [status, reply] = replyTo(path, (JSON.parse(body) as { email: string }).email)
    return { status, headers: {}, text: JSON.stringify(reply) }
  }
  return { send, seconds: () => now / 1000 }
}

describe("creating more users than the auth service's rate limit allows at once", () => {
  const users = Array.from({ length: 60 }, (_, index) => ({
    email: `user-${index}@example.com`,
    password: 'correct horse',
  }))

  const createAll = async (existing: Set<string>) => {
    const { send, seconds } = rateLimitedService(existing)
    const order: string[] = []
    const context = {
      branch: { id: 'br-1', name: 'preview/pr-7' },
      service: createAuthService(send, { baseUrl: BASE, jwksUrl: '' }),
      origin: ORIGIN,
      requiresVerification: false,
      deadline: { remaining: () => 1e9, sleep: async () => {} },
      log: SILENT_LOG,
      track: (_: UserChange, work: () => Promise<unknown>) => work(),
      record: (change: UserChange) => {
        if (change.change === 'create_user') order.push(`${change.email} at ${seconds()} s`)
      },
    } as unknown as UsersContext
    await seedUsers({ users }, context)
    return { order, seconds: seconds() }
  }

  it.each([50, 30, 57])('starts with the missing users: %i exist', async (count) => {
    const existing = new Set(users.slice(0, count).map(({ email }) => email))
    const { order } = await createAll(existing)
    expect(order).toHaveLength(60 - count)
    expect(order[0]).toMatch(new RegExp(`^user-${count}@example\\.com at [12]?\\d s`))
    expect(existing.size).toBe(60)
  })

  it('finishes within the default timeout if all exist', async () => {
    const { order, seconds } = await createAll(new Set(users.map(({ email }) => email)))
    expect(order).toEqual([])
    expect(seconds).toBeLessThan(150)
  })

  it('creates every user if none exists', async () => {
    const existing = new Set<string>()
    await createAll(existing)
    expect(existing.size).toBe(60)
  })
})

describe('one deadline covers everything: a run that ends while it signs a user up', () => {
  const end = 'end of the run'
  const refused = (code: string, path: string): string =>
    `The auth service answered ${code} ${code.slice(4)} to POST ${BASE}${path}`

  it.each<[string, Script, string]>([
    [
      'that the origin is not trusted yet',
      { signUp: [refusal(403, 'INVALID_ORIGIN'), end] },
      refused('403 INVALID_ORIGIN', '/sign-up/email'),
    ],
    [
      'that sign-up is not open yet',
      { signUp: [CLOSED, CLOSED, end], signIn: [UNKNOWN] },
      refused('400 EMAIL_PASSWORD_SIGN_UP_DISABLED', '/sign-up/email'),
    ],
    [
      'that the response to the sign-up was lost',
      { signUp: ['lost'], signIn: [end] },
      `POST ${BASE}/sign-up/email: reset`,
    ],
  ])('reports %s', async (_, script, expected) => {
    expect((await createUsers(script)).failure).toBe(`The end.\nLast failure: ${expected}`)
  })

  it('quotes no failure that it has recovered from', async () => {
    const script = { signUp: ['lost', WITHOUT_SESSION], signIn: [UNKNOWN, end] } as const
    expect((await createUsers(script)).failure).toBe('The end.')
  })
})
