import { describe, expect, it } from 'vitest'
import { checkOauth } from '../../src/auth/oauth-preflight.ts'
import { RunAborted } from '../../src/core/deadline.ts'
import { messageOf } from '../../src/core/problem.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import type { CheckedRequest, HttpResponse } from '../../src/network/messages.ts'
import { planSettings } from '../../src/settings/plan-settings.ts'
import { type StoredSettings, withSharedOauth } from '../../src/settings/settings.ts'
import { collectingLog, fakeDeadline } from '../fakes.ts'

const BASE = 'https://ep-cool-sun.neonauth.test/neondb/auth'
const PREVIEW = 'https://pr-7.example.com'
const redirect = (client: string, uri = `${BASE}/callback/google`): object => ({
  url: `https://accounts.google.com/o/oauth2/auth?client_id=${client}&redirect_uri=${encodeURIComponent(uri)}`,
  redirect: false,
})

type Reply = readonly [status: number, body: object] | 'lost' | 'end of the run'

/** Checks Google against an auth service that gives these replies, and repeats the last one. */
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
  it('starts a sign-in that returns to the preview, and follows no redirect', async () => {
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

  it("warns about the user's own OAuth app, but not about Neon's shared one", async () => {
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
      // The check has its own time limit.
      expect(lasting.failure).not.toContain('`timeout`')
      const temporary = await runPreflight([refusal(code), [200, redirect('shop')]])
      expect(temporary.checks).toHaveLength(1)
    },
    40_000,
  )

  it('quotes the last response if the run ends during a retry', async () => {
    const { failure } = await runPreflight([refusal('INVALID_CALLBACK_URL'), 'end of the run'])
    expect(failure).toBe(
      `The end.\nLast failure: The auth service answered 403 INVALID_CALLBACK_URL INVALID_CALLBACK_URL to POST ${BASE}/sign-in/social`,
    )
  })

  it.each<[string, Reply]>([
    ['no such provider', [404, { code: 'PROVIDER_NOT_FOUND', message: 'Provider not found' }]],
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

  it('checks a provider that this version does not know', async () => {
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

const GOOGLE_SHARED = { id: 'google', type: 'shared' } as const

describe('an inherited provider with oauth shared', () => {
  const stored = (ids: readonly string[], inherited: readonly 'google'[] = []): StoredSettings => ({
    plugins: { oauth_providers: ids.map((id) => ({ id, type: 'standard' })) } as never,
    webhook: { enabled: false },
    inheritedOauth: inherited,
  })
  const changes = (settings: object, state: StoredSettings) =>
    planSettings(withSharedOauth(settings, state), state, { resend: false, writeOnly: 'skip' }).map(
      (change) => `${change.change} ${'provider' in change ? change.provider : ''}`,
    )

  it.each<[string, object, StoredSettings, string[]]>([
    [
      'Google with its own app',
      {},
      stored(['google']),
      ['remove_oauth_provider google', 'add_oauth_provider google'],
    ],
    [
      'a provider that only the parent has',
      {},
      stored([], ['google']),
      ['add_oauth_provider google'],
    ],
    ['providers without a shared app', {}, stored(['github', 'vercel', 'microsoft']), []],
    [
      'a provider that the settings remove',
      { oauth_providers: { google: 'absent' } },
      stored(['google']),
      ['remove_oauth_provider google'],
    ],
    ['a provider that is newer than this action', {}, stored(['myspace']), []],
  ])('plans the right changes for %s', (_, settings, state, expected) => {
    expect(changes(settings, state)).toEqual(expected)
  })

  it.each<[string, StoredSettings | undefined]>([
    ['auth is off', undefined],
    ['there is no provider', { plugins: {}, webhook: { enabled: false } }],
    [
      "Google uses Neon's app already",
      { plugins: { oauth_providers: [GOOGLE_SHARED] }, webhook: { enabled: false } },
    ],
  ])('changes no setting if %s', (_, state) => {
    expect(withSharedOauth({ name: 'Shop' }, state)).toEqual({ name: 'Shop' })
  })
})
