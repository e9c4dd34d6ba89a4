import { describe, expect, it } from 'vitest'
import { checkOauth } from '../../src/auth/oauth-preflight.ts'
import { RunAborted } from '../../src/core/deadline.ts'
import { messageOf } from '../../src/core/problem.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import type { CheckedRequest, HttpResponse } from '../../src/network/messages.ts'
import { collectingLog, fakeDeadline } from '../fakes.ts'

const BASE = 'https://ep-cool-sun.neonauth.test/neondb/auth'
const PREVIEW = 'https://pr-7.example.com'
const redirect = (client: string, uri = `${BASE}/callback/google`): object => ({
  url: `https://accounts.google.com/o/oauth2/auth?client_id=${client}&redirect_uri=${encodeURIComponent(uri)}`,
  redirect: false,
})

type Reply = readonly [status: number, body: object] | 'lost' | 'end of the run'

/** Checks sign-in with an auth service that gives these replies, and then repeats the last one. */
const runPreflight = async (
  replies: readonly Reply[],
  { own = true, domains = [PREVIEW] as readonly string[], provider = 'google' } = {},
) => {
  const remaining = [...replies]
  const sent: CheckedRequest[] = []
  const { log, warnings } = collectingLog()
  let waited = 0
  const send = async (request: CheckedRequest): Promise<HttpResponse> => {
    sent.push(request)
    const reply = (remaining.length > 1 ? remaining.shift() : remaining[0]) ?? 'lost'
    if (reply === 'end of the run') throw new RunAborted({ what: 'The end.' })
    if (reply === 'lost') throw new LostResponseError(request, 'reset')
    return { status: reply[0], headers: {}, text: JSON.stringify(reply[1]) }
  }
  const result = await checkOauth({
    baseUrl: BASE,
    jwksUrl: `${BASE}/jwks`,
    oauthProviders: [provider],
    ownOauthProviders: own ? [provider] : [],
    domains,
    http: { firstSent: Promise.resolve(), once: send, retrying: send },
    deadline: fakeDeadline({
      remaining: () => 60_000 - waited,
      sleep: async (ms) => {
        waited += ms
      },
    }),
    log,
  }).then(
    (checks) => ({ checks, failure: '' }),
    (error: unknown) => ({ checks: [], failure: messageOf(error) }),
  )
  return { ...result, sent, warnings }
}

const refusal = (code: string): Reply => [403, { code, message: code }]

describe('the OAuth preflight', () => {
  it('starts a sign-in that returns to the preview, and contacts no provider', async () => {
    const { sent, checks } = await runPreflight([[200, redirect('shop')]])
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      method: 'POST',
      url: `${BASE}/sign-in/social`,
      headers: { origin: PREVIEW },
    })
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      provider: 'google',
      callbackURL: PREVIEW,
      disableRedirect: true,
    })
    expect(checks).toEqual([
      expect.objectContaining({
        app: 'own',
        clientId: 'shop',
        redirectUri: `${BASE}/callback/google`,
        console: 'https://console.cloud.google.com/apis/credentials',
      }),
    ])
  })

  it("warns about the project's own OAuth app, but not about Neon's shared one", async () => {
    const own = await runPreflight([[200, redirect('shop')]])
    expect(own.warnings.join()).toContain(
      `the OAuth app shop lists the redirect URI ${BASE}/callback`,
    )
    const shared = await runPreflight([[200, redirect('neon')]], { own: false })
    expect(shared.checks).toMatchObject([{ app: 'shared', clientId: 'neon' }])
    expect(shared.warnings).toEqual([])
  })

  it.each(['INVALID_CALLBACK_URL', 'INVALID_CALLBACKURL', 'INVALID_ORIGIN'])(
    'verify what was promised: %s fails the run if it lasts, but not if it is temporary',
    async (code) => {
      const lasting = await runPreflight([refusal(code)])
      expect(lasting.failure).toMatch(/does not accept it as a callback URL[\s\S]*403/)
      // The check has its own time limit, so a longer `timeout` would not help.
      expect(lasting.failure).not.toContain('`timeout`')
      const temporary = await runPreflight([refusal(code), [200, redirect('shop')]])
      expect(temporary.checks).toHaveLength(1)
    },
  )

  it('quotes the last response if the run ends during a retry', async () => {
    const { failure } = await runPreflight([refusal('INVALID_CALLBACK_URL'), 'end of the run'])
    expect(failure).toBe(
      `The end.\nLast failure: The auth service answered 403 INVALID_CALLBACK_URL INVALID_CALLBACK_URL to POST ${BASE}/sign-in/social`,
    )
  })

  it.each<[string, Reply]>([
    ['an unknown provider', [404, { code: 'PROVIDER_NOT_FOUND', message: 'Provider not found' }]],
    ['a response without a URL', [200, {}]],
    ['a URL without the expected parameters', [200, { url: 'https://accounts.google.com/' }]],
    [
      'a URL without a client ID',
      [200, { url: 'https://a.example/?redirect_uri=https://b.example' }],
    ],
    ['a URL without a redirect URI', [200, { url: 'https://a.example/?client_id=shop' }]],
    ['an error with a URL', [500, redirect('shop')]],
    ['an invalid URL', [200, { url: 'javascript' }]],
    ['a lost response', 'lost'],
  ])('warns, but does not fail, about %s', async (_, reply) => {
    const { checks, failure, warnings } = await runPreflight([reply])
    expect({ checks, failure }).toEqual({ checks: [], failure: '' })
    expect(warnings.join()).toContain('Could not check sign-in with google')
  })

  it('checks a provider that this version of the action does not know', async () => {
    const { checks } = await runPreflight([[200, redirect('shop')]], { provider: 'newcomer' })
    expect(checks).toMatchObject([{ provider: 'newcomer', app: 'own', clientId: 'shop' }])
  })

  it('sends no request without an exact origin', async () => {
    const { sent, checks, warnings } = await runPreflight([], {
      domains: ['https://*.preview.example.com'],
    })
    expect({ sent, checks }).toEqual({ sent: [], checks: [] })
    expect(warnings.join()).toContain('knows no exact URL')
  })
})
