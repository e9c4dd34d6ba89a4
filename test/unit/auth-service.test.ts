import { describe, expect, it } from 'vitest'
import { urlsOf } from '../../src/auth/urls.ts'
import { createAuthService } from '../../src/auth-service/client.ts'
import type { HttpRequest } from '../../src/network/messages.ts'
import { callbackUrls } from '../../src/report/report.ts'
import { inheritedRisks } from '../../src/settings/inherited.ts'

const BASE = 'https://auth.test/db/auth'

describe('the URLs of an auth service', () => {
  it.each([BASE, 'http://localhost:4000/auth', 'http://127.0.0.1:4000/auth', 'http://[::1]/auth'])(
    'are usable: %s',
    (url) => {
      expect(urlsOf({ base_url: url, jwks_url: url })).toEqual({ baseUrl: url, jwksUrl: url })
    },
  )

  it.each([
    undefined,
    '',
    'auth.test/db/auth',
    'http://auth.test/db/auth',
    'ftp://auth.test/db/auth',
    ` ${BASE}`,
    `${BASE}\n`,
    'https://auth.test/db auth',
  ])('are not usable: %j', (url) => {
    expect(urlsOf({ base_url: url as string, jwks_url: BASE })).toBeUndefined()
    expect(urlsOf({ base_url: BASE, jwks_url: url as string })).toBeUndefined()
  })
})

describe('a request to the auth service', () => {
  const serviceAt = (baseUrl: string) => {
    const calls: HttpRequest[] = []
    const send = async (call: HttpRequest) => {
      calls.push(call)
      return { status: 200, headers: {}, text: '{}' }
    }
    return { calls, service: createAuthService(send, { baseUrl, jwksUrl: `${BASE}/jwks` }) }
  }

  it.each(['', '/', '//'])('has one slash after a base URL that ends in "%s"', async (end) => {
    const { calls, service } = serviceAt(`${BASE}${end}`)
    await service.checkHealth()
    expect(calls.map(({ url }) => url)).toEqual([`${BASE}/ok`])
  })

  it.each([
    ['fetchSession', 'get-session'],
    ['fetchToken', 'token'],
  ] as const)("by %s carries the session's cookies and origin", async (method, path) => {
    const { calls, service } = serviceAt(BASE)
    const headers = { cookie: 'session_token=abc', origin: 'https://pr-7.example.com' }
    await service[method](headers)
    expect(calls).toMatchObject([{ method: 'GET', url: `${BASE}/${path}`, headers }])
  })
})

it.each(['', '/', '//'])(
  'callback URLs that the action prints have one slash after a base URL that ends in "%s"',
  (end) => {
    const baseUrl = `${BASE}${end}`
    const shown = callbackUrls({ auth: { baseUrl, oauthProviders: ['google'] } } as never)
    expect(shown).toEqual({ google: `${BASE}/callback/google` })
    const plugins = { oauth_providers: [{ id: 'google', type: 'standard' }] } as never
    const [risk] = inheritedRisks({ plugins, webhook: { enabled: false } }, {}, baseUrl)
    expect(risk).toContain(` ${BASE}/callback/google `)
  },
)
