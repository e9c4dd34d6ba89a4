import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { AuthService } from '../../src/auth-service/client.ts'
import { jwtFault } from '../../src/auth-service/jwt.ts'
import { startDeadline } from '../../src/core/deadline.ts'
import { messageOf } from '../../src/core/problem.ts'
import { maskWith } from '../../src/core/secrets.ts'
import { siteOf } from '../../src/domains/domain-ownership.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import type { HttpRequest, HttpResponse } from '../../src/network/messages.ts'
import { cookiesOf, parseSetCookie, type SetCookie } from '../../src/network/set-cookie.ts'
import { openSession } from '../../src/session/open.ts'
import { createStorageState, writeStorageState } from '../../src/session/storage-state.ts'
import { findSettingsUser, newUser } from '../../src/session/user.ts'
import { createdUsersPattern } from '../../src/session/user-address.ts'
import { getBypassCookies } from '../../src/session/vercel.ts'
import { collectingLog, SILENT_LOG } from '../fakes.ts'

const NOW = Date.parse('2026-11-26T00:00:00Z')
const TOKEN = '__Secure-neon-auth.session_token'
/** A cookie as Neon's auth service sets it. */
const HEADER = `${TOKEN}=abc.def%3D; Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=None; Partitioned`

describe('a Set-Cookie header', () => {
  it('is read with all its attributes and an unchanged value', () => {
    expect(parseSetCookie(HEADER, NOW)).toEqual({
      name: TOKEN,
      value: 'abc.def%3D',
      path: '/',
      expires: NOW / 1000 + 604_800,
      httpOnly: true,
      secure: true,
      sameSite: 'None',
      partitioned: true,
    })
  })

  it.each<[string, Partial<SetCookie>]>([
    ['a=b', { path: '/', sameSite: 'Lax', secure: false, httpOnly: false, partitioned: false }],
    ['a=b==; samesite=STRICT; path=/x', { value: 'b==', sameSite: 'Strict', path: '/x' }],
    [
      'a=b; Expires=Fri, 27 Nov 2026 00:00:00 GMT; Max-Age=60',
      { expires: NOW / 1000 + 60, value: 'b' },
    ],
    ['a=b; Expires=Fri, 27 Nov 2026 00:00:00 GMT', { expires: NOW / 1000 + 86_400 }],
    ['a=b; Max-Age=x60; Expires=Fri, 27 Nov 2026 00:00:00 GMT', { expires: NOW / 1000 + 86_400 }],
    ['a=b; Max-Age=60x; Expires=Fri, 27 Nov 2026 00:00:00 GMT', { expires: NOW / 1000 + 86_400 }],
    [' a = b ; Max-Age = 60 ', { name: 'a', value: 'b', expires: NOW / 1000 + 60 }],
  ])('is read: %s', (header, expected) => {
    expect(parseSetCookie(header, NOW)).toMatchObject(expected)
  })

  it.each([
    'a=; Max-Age=604800',
    'a=b; Max-Age=0',
    'a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    'nothing',
    '=b',
    ' =b',
  ])('is ignored if it deletes a cookie or sets none: %s', (header) => {
    expect(parseSetCookie(header, NOW)).toBeUndefined()
    expect(cookiesOf([header])).toEqual([])
  })

  it('without an expiry sets a session cookie', () => {
    expect(parseSetCookie('a=b', NOW)).not.toHaveProperty('expires')
  })
})

const AUTH = 'https://ep-cool-sun.neonauth.eu-central-1.aws.neon.tech/neondb/auth'
const AUTH_HOST = new URL(AUTH).hostname
const stateOf = async (previews: readonly string[], header = HEADER, bypass = new Map()) =>
  (await createStorageState({ baseUrl: AUTH, previews, session: cookiesOf([header]), bypass }))
    .cookies

describe('the storage state', () => {
  const previews = ['https://pr-7-shop.vercel.app', 'https://pr-7.shop.example.co.uk:8443']

  it('has the cookie on the auth host for each site of the preview, and on the preview itself', async () => {
    const cookies = await stateOf(previews)
    expect(cookies.map(({ domain, partitionKey }) => [domain, partitionKey])).toEqual([
      [AUTH_HOST, 'https://pr-7-shop.vercel.app'],
      [AUTH_HOST, 'https://example.co.uk'],
      ['pr-7-shop.vercel.app', undefined],
      ['pr-7.shop.example.co.uk', undefined],
    ])
    expect(cookies.filter(({ value }) => value !== 'abc.def%3D')).toEqual([])
    expect(cookies.every(({ secure, httpOnly }) => secure && httpOnly)).toBe(true)
    expect(cookies.map(({ sameSite }) => sameSite)).toEqual(['None', 'None', 'Lax', 'Lax'])
  })

  it('marks a partitioned cookie as cross-site only below a page of another site', async () => {
    const baseUrl = 'https://auth.shop.example.co.uk/neondb/auth'
    const parts = { baseUrl, previews, session: cookiesOf([HEADER]), bypass: new Map() }
    const { cookies } = await createStorageState(parts)
    const partitioned = cookies.filter(({ partitionKey }) => partitionKey !== undefined)
    expect(
      partitioned.map((cookie) => [cookie.partitionKey, cookie._crHasCrossSiteAncestor]),
    ).toEqual([
      ['https://pr-7-shop.vercel.app', true],
      ['https://example.co.uk', false],
    ])
  })

  it('has the cookie once if the preview and the auth service share a host', async () => {
    const session = cookiesOf([HEADER.replace('; Partitioned', '')])
    const local = { baseUrl: 'http://localhost:4000/auth', previews: ['http://localhost:3000'] }
    const state = await createStorageState({ ...local, session, bypass: new Map() })
    expect(state.cookies.map(({ domain }) => domain)).toEqual(['localhost'])
    expect(state.origins).toEqual([])
  })

  it('has one cookie on the auth host for all pages if the service does not partition it', async () => {
    const [first, ...others] = await stateOf(previews, HEADER.replace('; Partitioned', ''))
    expect(first).toMatchObject({ domain: AUTH_HOST, sameSite: 'None' })
    expect(first).not.toHaveProperty('partitionKey')
    expect(others.map(({ domain }) => domain)).not.toContain(AUTH_HOST)
  })

  it("limits Vercel's cookie to the preview that set it", async () => {
    const bypass = new Map([[previews[0], cookiesOf(['_vercel_jwt=x; Path=/; Secure; HttpOnly'])]])
    const cookies = await stateOf(previews, HEADER, bypass)
    expect(cookies.filter(({ name }) => name === '_vercel_jwt')).toEqual([
      expect.objectContaining({ domain: 'pr-7-shop.vercel.app', path: '/', expires: -1 }),
    ])
  })
})

it.each([
  ['https://pr-7.shop.example.com:8443', 'https://example.com'],
  ['https://pr-7-shop.vercel.app', 'https://pr-7-shop.vercel.app'],
  ['http://localhost:3000', 'http://localhost'],
  ['https://127.0.0.1:3000', 'https://127.0.0.1'],
])('the site of %s is %s', (origin, site) => {
  expect(siteOf(origin)).toBe(site)
})

describe('the file of a storage state', () => {
  const STATE = { cookies: [], origins: [] }

  const temporaryFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'session-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    return folder
  }

  it.each([
    ['RUNNER_TEMP', temporaryFolder],
    ["the machine's temporary folder if RUNNER_TEMP is empty", () => ''],
  ])('has the state, can be read only by its owner, and is in %s', (_, createFolder) => {
    const folder = createFolder()
    const path = writeStorageState(STATE, { RUNNER_TEMP: folder })
    onTestFinished(() => rmSync(path))
    expect(dirname(path)).toBe(folder || tmpdir())
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(STATE)
    // Windows has no such modes.
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('causes an error that explains why it cannot be written', () => {
    expect(() => writeStorageState(STATE, { RUNNER_TEMP: '/nowhere/at/all' })).toThrow(
      /ENOENT[\s\S]*RUNNER_TEMP/,
    )
  })
})

describe('the JWT of a session', () => {
  const issuer = new URL(AUTH).origin
  type Pair = Awaited<ReturnType<typeof generateKeyPair>>
  const pairs = new Map<string, Pair>()
  let keys: object[] = []
  beforeAll(async () => {
    for (const alg of ['EdDSA', 'ES256', 'ES512', 'RS256', 'PS256']) {
      const pair = await generateKeyPair(alg, { extractable: true })
      pairs.set(alg, pair)
      keys = [...keys, { ...(await exportJWK(pair.publicKey)), kid: alg }]
    }
  })

  const token = (alg: string, claims: JWTPayload = {}, kid = alg) =>
    new SignJWT({ iss: issuer, exp: NOW / 1000 + 900, ...claims })
      .setProtectedHeader({ alg, kid })
      .sign((pairs.get(alg) as Pair).privateKey)
  const fault = (jwt: string) => jwtFault(jwt, { keys, issuer, now: NOW })
  const header = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url')

  it.each(['EdDSA', 'ES256', 'ES512', 'RS256', 'PS256'])(
    'is valid if it is signed with %s',
    async (alg) => {
      expect(fault(await token(alg))).toBeUndefined()
    },
  )

  it('is valid for a minute after it expires, because clocks differ', async () => {
    expect(fault(await token('EdDSA', { exp: NOW / 1000 - 59 }))).toBeUndefined()
  })

  it('is not valid if its key cannot be used', async () => {
    const broken = { keys: [{ kid: 'EdDSA', kty: 'OKP', crv: 'Ed25519' }], issuer, now: NOW }
    expect(jwtFault(await token('EdDSA'), broken)).toMatch(/cannot be used/)
  })

  it("is not valid with a key on a curve other than its algorithm's, even if it is signed with that key", () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const signed = `${header({ alg: 'ES256', kid: 'P-384' })}.${header({ iss: issuer, exp: NOW })}`
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
    const jwt = `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'P-384' }
    expect(jwtFault(jwt, { keys: [jwk], issuer, now: NOW })).toBe(
      'its key in the JWKS is not for ES256',
    )
  })

  it('is not valid without a key ID, even if a published key has none either', async () => {
    const { kid: _, ...nameless } = keys[0] as { kid: string }
    const jwt = await token('EdDSA', {}, undefined as never)
    const unnamed = { keys: [null, nameless], issuer, now: NOW }
    expect(jwtFault(jwt.replace(/^[^.]+/, header({ alg: 'EdDSA' })), unnamed)).toBe(
      'its header has no `kid`',
    )
  })

  it('is not valid for another issuer, such as production, although its key is the same', async () => {
    expect(fault(await token('EdDSA', { iss: 'https://ep-prod.neonauth.test' }))).toBe(
      `its issuer is https://ep-prod.neonauth.test, not ${issuer}`,
    )
  })

  it.each<[string, () => Promise<string>, RegExp]>([
    ['that has expired', () => token('EdDSA', { exp: NOW / 1000 - 60 }), /expired/],
    [
      'whose expiry is a string',
      () => token('EdDSA', { exp: `${NOW}` as never }),
      /does not say when it expires/,
    ],
    [
      'without an expiry',
      () => token('EdDSA', { exp: undefined as never }),
      /does not say when it expires/,
    ],
    ['without an issuer', () => token('EdDSA', { iss: undefined as never }), /has no `iss` claim/],
    ['with an unknown key', () => token('EdDSA', {}, 'other'), /no key with its key ID/],
    ['whose key is for another algorithm', () => token('EdDSA', {}, 'ES256'), /not for EdDSA/],
    ['that was modified', async () => (await token('EdDSA')).replace(/\.eyJ/, '.eyK'), /signature/],
    [
      'without a signature',
      async () => `${await token('EdDSA')}`.replace(/\.[^.]+$/, '.'),
      /signature/,
    ],
    ['that is not a token', async () => 'not a token', /not a JWT/],
    ['whose header is not JSON', async () => 'a.b.c', /not a JWT/],
    ['with two parts', async () => (await token('EdDSA')).replace(/\.[^.]+$/, ''), /not a JWT/],
    ['with four parts', async () => `${await token('EdDSA')}.x`, /not a JWT/],
  ])('%s is not valid', async (_, createToken, message) => {
    expect(fault(await createToken())).toMatch(message)
  })

  it('is checked with the keys that exist once it was issued', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(NOW)
    const request = { method: 'GET', path: '/' } as const
    const response = { request, status: 200, ok: true, code: '', summary: '200', fields: {} }
    const user = { email: 'a@example.com', name: 'A', password: 'password-1' }
    const setCookie = ['session_token=a-token; Path=/']
    let isIssued = false
    const service = {
      signIn: async () => ({ ...response, setCookie, userId: 'u1', hasSession: true }),
      fetchSession: async () => ({ ...response, fields: { user }, setCookie: [] }),
      fetchToken: async () => {
        const jwt = await token('EdDSA')
        isIssued = true
        return { ...response, fields: { token: jwt } }
      },
      fetchJwks: async () => ({ ...response, keys: isIssued ? keys : [] }),
    } as unknown as AuthService
    const deadline = startDeadline(30, new AbortController().signal)
    const context = { service, origin: 'https://a.example', issuer, deadline, log: SILENT_LOG }
    const cookies = await openSession(user, context)
    expect(cookies.map(({ name }) => name)).toEqual(['session_token'])
  })

  const withHeader = (fields: object) => `${header(fields)}.${header({})}.`

  it.each(['none', 'constructor', '__proto__'])('is not valid with the algorithm %j', (alg) => {
    expect(fault(withHeader({ alg, kid: 'EdDSA' }))).toBe(
      `its algorithm is ${alg}, which this action cannot check`,
    )
  })

  it.each([{ toString: 1 }, '', undefined])(
    'is not valid if its header has the `alg` %j',
    (alg) => {
      expect(fault(withHeader({ alg, kid: 'EdDSA' }))).toBe('its header has no `alg`')
    },
  )
})

describe('the users of sessions', () => {
  const matches = (email: string, prNumber?: number): boolean => {
    const [start = '', end = ''] = createdUsersPattern(prNumber).split('%')
    return email.startsWith(start) && email.endsWith(end)
  }

  it('belong to the pull request in their address', () => {
    const [two, twenty, none] = [newUser(2, '77'), newUser(20, '77'), newUser(undefined, '77')]
    expect([two, twenty, none].map(({ email }) => matches(email, 2))).toEqual([true, false, false])
    expect([two, twenty, none].map(({ email }) => matches(email))).toEqual([false, false, true])
    expect(none.email).toMatch(/^neon-auth-e2e-branch-/)
  })

  it('differ even within one run, and have addresses of letters, digits, and dashes', () => {
    const [a, b] = [newUser(2, "7'; --"), newUser(2, "7'; --")]
    expect(a.email).not.toBe(b.email)
    expect(a.password).not.toBe(b.password)
    expect(a.email).toMatch(/^[a-z0-9-]+@example\.com$/)
  })
})

describe('the user that e2e_session names', () => {
  const eve = { email: 'eve@example.com' }
  const ada = { email: 'Ada@Example.com', password: 'correct horse' }

  it.each(['ada@example.com', 'ADA@EXAMPLE.COM'])('is found in any letter case: %s', (email) => {
    expect(findSettingsUser(email, { users: [eve, ada] })).toBe(ada)
  })

  it.each([
    ['it has no password', 'eve@example.com', { users: [ada, eve] }, 'has no password'],
    ['it is not listed', 'bob@example.com', { users: [ada, eve] }, 'is not one of the `users`'],
    ['there are no users', 'ada@example.com', {}, 'is not one of the `users`'],
    ['there are no settings', 'ada@example.com', undefined, 'is not one of the `users`'],
  ])('is rejected if %s', (_, email, settings, says) => {
    expect(() => findSettingsUser(email, settings)).toThrow(`\`e2e_session\`: ${email} ${says}`)
    expect(() => findSettingsUser(email, settings)).toThrow(/Nothing was changed in Neon$/)
  })
})

describe('vercel_bypass', () => {
  const SECRET_HEADER = 'x-vercel-protection-bypass'
  const answer = (status: number, headers: object, setCookie?: string[]): HttpResponse => ({
    status,
    headers: { server: 'Vercel', ...headers },
    text: '',
    ...(setCookie && { setCookie }),
  })
  /** Opens a preview that answers a request with the secret with `withSecret`, and any other with `withoutSecret`. */
  const open = async (
    withoutSecret: HttpResponse,
    withSecret: HttpResponse = withoutSecret,
    origin = 'https://a.example',
  ) => {
    const secrets: (string | undefined)[] = []
    const send = async ({ headers }: HttpRequest) => {
      secrets.push(headers?.[SECRET_HEADER])
      return headers?.[SECRET_HEADER] ? withSecret : withoutSecret
    }
    const { log, warnings } = collectingLog()
    const cookies = await getBypassCookies(origin, 'secret-1', { send, log })
    return { cookies: cookies.map(({ name }) => name), secrets, warnings: warnings.join('\n') }
  }

  const LOGIN = { location: 'https://vercel.com/sso-api?url=x' }
  const LOGIN_COOKIE = '_vercel_sso_nonce=login-page; Path=/; Secure; HttpOnly'
  const COOKIE = '_vercel_jwt=opens-the-preview; Path=/; Secure; HttpOnly'

  it.each<[string, HttpResponse]>([
    ['redirects within the app', answer(307, { location: '/en' })],
    ['redirects to another site', answer(307, { location: 'https://shop.example/login' })],
    ['names a platform console, but does not redirect', answer(200, LOGIN)],
    ['fails and names a platform console', answer(400, LOGIN)],
    ['sets a cookie of the app', answer(200, {}, ['shop_vercel=1; Path=/'])],
    ['fails and sets a cookie', answer(400, {}, [COOKIE])],
  ])('accepts a front page as an open preview if it %s', async (_, response) => {
    const { cookies, warnings } = await open(response)
    expect(cookies).toEqual([])
    expect(warnings).toContain('is open without `vercel_bypass`')
  })

  it.each<[string, HttpResponse]>([
    ['still answers with 401', answer(401, {})],
    ['still answers with 403', answer(403, {})],
    ['refuses with 401, even if it sets a cookie', answer(401, {}, [COOKIE])],
    ['still answers with its login', answer(302, LOGIN)],
    ['still answers with its login (300)', answer(300, LOGIN)],
    ['sets nothing but the cookie of its login', answer(302, LOGIN, [LOGIN_COOKIE])],
    ['shows its login on the preview itself', answer(200, {}, [LOGIN_COOKIE])],
  ])('fails if Vercel %s', async (_, response) => {
    await expect(open(response)).rejects.toThrow(/does not let this run/)
    const page = answer(200, {})
    await expect(open(response, page)).rejects.toThrow(/does not let this run/)
    await expect(open(page, response)).rejects.toThrow(/does not let this run/)
  })

  it.each(['_vercel_jwt', '__Secure-vercel_jwt', 'VERCEL_jwt'])(
    'gets the cookie %s',
    async (name) => {
      const { cookies, secrets } = await open(answer(401, {}), answer(307, {}, [`${name}=x`]))
      expect(cookies).toEqual([name])
      expect(secrets).toEqual([undefined, 'secret-1'])
    },
  )

  it.each<[string, object, string]>([
    ['without TLS', {}, 'http://a.example'],
    ['of another host', { server: 'nginx' }, 'https://a.example'],
    ['of an unknown host', { server: undefined }, 'https://a.example'],
    ["whose host's name starts like Vercel's", { server: 'Vercel-like' }, 'https://a.example'],
    ["whose host's name ends like Vercel's", { server: 'not Vercel' }, 'https://a.example'],
  ])('keep secrets secret: is not sent to a preview %s', async (_, headers, origin) => {
    const { cookies, secrets, warnings } = await open(answer(401, headers), undefined, origin)
    expect(cookies).toEqual([])
    expect(secrets).not.toContain('secret-1')
    expect(warnings).toContain(`\`vercel_bypass\` was not sent to ${origin}`)
  })

  it('keep secrets secret: masks its cookies, except values so short that masking would garble the log', async () => {
    const masked: string[] = []
    maskWith((secret) => masked.push(secret))
    const setCookie = ['_vercel_jwt=opens-the-preview; Path=/', '_vercel_share=1; Path=/']
    const { cookies } = await open(answer(401, {}), answer(307, {}, setCookie))
    expect(cookies).toHaveLength(2)
    maskWith(() => {})
    expect([...new Set(masked)]).toEqual(['opens-the-preview'])
  })

  it('fail loudly, explain fully: says that the preview does not respond, without advice about Neon', async () => {
    const lost = new LostResponseError({ method: 'GET', path: 'https://a.example' }, 'reset')
    const send = () => Promise.reject(lost)
    const cookies = getBypassCookies('https://a.example', 'secret-1', { send, log: SILENT_LOG })
    const failure = await cookies.then(String, messageOf)
    expect(failure).toMatch(/preview https:\/\/a\.example\.\nGET https:\/\/a\.example: reset\n/)
    expect(failure).not.toMatch(/neon|api_host/i)
  })

  it('fail loudly, explain fully: names a known fault of the network', async () => {
    const fault = { why: 'TLS inspection', fix: 'set NODE_EXTRA_CA_CERTS', isPermanent: true }
    const request = { method: 'GET', path: 'https://a.example' }
    const send = () => Promise.reject(new LostResponseError(request, 'reset', undefined, fault))
    const cookies = getBypassCookies('https://a.example', 'secret-1', { send, log: SILENT_LOG })
    await expect(cookies).rejects.toThrow(/TLS inspection[\s\S]*NODE_EXTRA_CA_CERTS/)
  })
})

describe('the cookies of a sign-in', () => {
  it('keep secrets secret: are masked, except for values so short that masking would garble the log', async () => {
    const masked: string[] = []
    maskWith((secret) => masked.push(secret))
    const request = { method: 'POST', path: '/' } as const
    const response = { request, status: 200, ok: true, code: '', summary: '200', fields: {} }
    const setCookie = [
      'locale=en-US-x; Path=/',
      'id=12345678; Path=/',
      'session_token=token-of-a-session.signature; Path=/',
    ]
    const service = {
      signIn: async () => ({ ...response, setCookie, userId: 'u1', hasSession: true }),
      fetchSession: async () => ({ ...response, setCookie: [] }),
    } as unknown as AuthService
    const user = { email: 'a@example.com', name: 'A', password: 'password-1' }
    const deadline = startDeadline(30, new AbortController().signal)
    const context = {
      service,
      origin: 'https://a.example',
      issuer: '',
      deadline,
      log: SILENT_LOG,
    }
    await expect(openSession(user, context)).rejects.toThrow(/does not work/)
    maskWith(() => {})
    expect([...new Set(masked)]).toEqual([
      '12345678',
      'token-of-a-session.signature',
      'token-of-a-session',
    ])
  })
})
