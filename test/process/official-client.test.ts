import { createAuthClient } from '@neondatabase/auth'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterEach, expect, it, vi } from 'vitest'
import { PASSWORD, PREVIEW } from '../preview.ts'
import { useServices } from '../services.ts'
import { createCookieJar } from './cookie-jar.ts'

// Tests the outputs of a run with Neon's own client. The checks are those of Neon's end-to-end suite for
// the client against the live service (neondatabase/neon-pkgs, packages/auth/e2e/session.e2e.test.ts).

// Each test starts several processes and a database.
vi.setConfig({ testTimeout: 90_000 })

const services = useServices()
const ADA = { email: 'ada@example.com', password: PASSWORD }

afterEach(() => {
  vi.unstubAllGlobals()
})

/** Returns Neon's client, as a page on `origin` uses it. */
const clientOn = (origin: string, baseUrl = '') => {
  const jar = createCookieJar(origin)
  vi.stubGlobal('fetch', jar.fetch)
  return { auth: createAuthClient(baseUrl), jar }
}

it("Neon's client signs up, out, and in with the outputs of a run, and gets a valid JWT", async () => {
  const { outputs } = await services.run('opened', { trusted_domains: PREVIEW })
  const { auth, jar } = clientOn(PREVIEW, outputs.base_url)

  const signedUp = await auth.signUp.email({ ...ADA, name: 'Ada' })
  expect(signedUp).toMatchObject({ error: null, data: { user: { email: ADA.email } } })
  expect((await auth.signOut()).error).toBeNull()
  expect((await auth.getSession()).data).toBeNull()
  const signedIn = await auth.signIn.email(ADA)
  expect(signedIn).toMatchObject({ error: null, data: { user: { email: ADA.email } } })

  // The client replaces Better Auth's opaque token with the JWT, which only the header contains.
  const { data } = await auth.getSession()
  const token = data?.session.token ?? ''
  expect(jar.answers.at(-1)).toMatchObject({ status: 200, jwt: token })
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'EdDSA', kid: expect.any(String) })

  const keys = createRemoteJWKSet(new URL(outputs.jwks_url ?? ''))
  const { payload } = await jwtVerify(token, keys, { issuer: outputs.issuer ?? '' })
  expect(payload.sub).toBe(data?.user.id)
  // The client caches a token by this claim.
  expect(payload.exp).toBeGreaterThan(Date.now() / 1000)

  expect((await auth.signOut()).error).toBeNull()
  expect((await auth.getSession()).data).toBeNull()
})

it("Neon's client gets Neon's cookies when it signs in", async () => {
  const { outputs } = await services.run('opened', { trusted_domains: PREVIEW })
  const { auth, jar } = clientOn(PREVIEW, outputs.base_url)
  await auth.signUp.email({ ...ADA, name: 'Ada' })
  await auth.signIn.email(ADA)
  const { cookies } = jar.answers.at(-1) ?? {}
  // Neon sets the second cookie under the misspelled name too.
  for (const name of ['session_token', 'session_challenge', 'session_challange']) {
    const cookie = cookies?.find((line) => line.split('=')[0]?.endsWith(`neon-auth.${name}`))
    expect(cookie).toMatch(/; HttpOnly; Secure; SameSite=None; Partitioned/)
  }
  await auth.signOut()
})

it("Neon's client is refused before a run trusts the origin, and after the close", async () => {
  const { outputs } = await services.run('opened')
  const before = clientOn(PREVIEW, outputs.base_url)
  const signUp = before.auth.signUp.email({ ...ADA, name: 'Ada' })
  // The client throws, with its own text for an unexpected status.
  await expect(signUp).rejects.toMatchObject({ status: 403, message: 'Invalid origin' })
  expect(before.jar.answers.at(-1)?.cookies).toEqual([])

  vi.unstubAllGlobals()
  await services.run('closed')
  const after = clientOn(PREVIEW, outputs.base_url)
  await expect(after.auth.signIn.email(ADA)).rejects.toMatchObject({ status: 404 })
})
