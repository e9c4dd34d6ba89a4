import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LocalNeon, startLocalNeon } from './local-neon.ts'

// What Neon's own end-to-end suite expects of the live service. What its client sees is covered by
// test/process/official-client.test.ts. Source, in neondatabase/neon-pkgs: tests/e2e-harness/src/auth.ts,
// packages/auth/e2e/endpoints.e2e.test.ts, and the routes of packages/auth/src/server/endpoints.ts.

const TIMEOUT_MS = 60_000
let local: LocalNeon

beforeAll(async () => {
  local = await startLocalNeon({ rateLimit: false })
}, TIMEOUT_MS)

afterAll(async () => {
  await local.close()
  expect(local.contractBreaches).toEqual([])
}, TIMEOUT_MS)

const api = async (method: string, path: string, body: object): Promise<Response> =>
  fetch(
    `${local.apiHost}/projects/${local.projectId}/branches/${local.defaultBranch.id}/auth${path}`,
    {
      method,
      headers: { authorization: `Bearer ${local.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    },
  )

describe("the auth routes in the vendor's test suite", () => {
  let baseUrl = ''
  beforeAll(async () => {
    const created = await local.createBranch({ name: 'preview/routes' })
    ;({ baseUrl } = await local.enableAuth(created.id))
  })

  const statusOf = async (method: string, path: string): Promise<number> => {
    const response = await fetch(`${baseUrl}/${path}`, {
      method,
      headers: { 'content-type': 'application/json', origin: 'http://localhost:3000' },
      ...(method === 'POST' && { body: '{}' }),
    })
    await response.text()
    return response.status
  }

  test.each([
    ['GET', 'get-session'],
    ['POST', 'get-access-token'],
    ['GET', 'list-sessions'],
    ['POST', 'revoke-session'],
    ['POST', 'revoke-sessions'],
    ['POST', 'revoke-other-sessions'],
    ['POST', 'refresh-token'],
    ['POST', 'sign-in/email'],
    ['POST', 'sign-in/social'],
    ['POST', 'sign-in/email-otp'],
    ['POST', 'sign-up/email'],
    ['POST', 'sign-out'],
    ['GET', 'list-accounts'],
    ['GET', 'account-info'],
    ['POST', 'update-user'],
    ['POST', 'change-password'],
    ['POST', 'send-verification-email'],
    ['POST', 'reset-password'],
    ['POST', 'request-password-reset'],
    ['GET', 'token'],
    ['POST', 'admin/create-user'],
    ['GET', 'admin/list-users'],
    ['POST', 'admin/set-role'],
    ['POST', 'admin/set-user-password'],
    ['POST', 'organization/create'],
    ['GET', 'organization/list'],
    ['POST', 'email-otp/send-verification-otp'],
    ['POST', 'email-otp/verify-email'],
    ['POST', 'email-otp/reset-password'],
  ])(
    'include %s %s',
    async (method, path) => {
      const status = await statusOf(method, path)
      expect(status).not.toBe(404)
      expect(status).toBeLessThan(500)
    },
    TIMEOUT_MS,
  )

  test.each([
    ['POST', 'revoke-all-sessions'],
    ['GET', 'jwt'],
    ['POST', 'email-otp/passcode'],
  ])('do not include %s %s', async (method, path) => {
    expect(await statusOf(method, path)).toBe(404)
  })
})

const setUpAndTearDown = async (): Promise<void> => {
  const created = await api('POST', '', { auth_provider: 'better_auth' })
  expect(created.status).toBe(201)
  const { base_url, jwks_url } = (await created.json()) as { base_url: string; jwks_url: string }
  const settings = { require_email_verification: false, disable_sign_up: false }
  expect((await api('PATCH', '/email_and_password', settings)).status).toBe(200)
  expect((await api('PATCH', '/allow_localhost', { allow_localhost: true })).status).toBe(200)

  const user = { email: 'ada@example.com', password: 'TestPassword123!', name: 'Ada' }
  const headers = { 'content-type': 'application/json', origin: 'http://localhost:3000' }
  const body = JSON.stringify(user)
  const signedUp = await fetch(`${base_url}/sign-up/email`, { method: 'POST', headers, body })
  expect(signedUp.status).toBe(200)
  expect(await (await fetch(jwks_url)).json()).toMatchObject({ keys: [{ alg: 'EdDSA' }] })

  expect((await api('DELETE', '', { delete_data: true })).status).toBe(200)
  expect([404, 410]).toContain((await api('DELETE', '', { delete_data: true })).status)
}

test(
  "the setup and teardown of the vendor's test suite work without waiting",
  setUpAndTearDown,
  TIMEOUT_MS,
)
