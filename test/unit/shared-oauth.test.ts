import { describe, expect, it } from 'vitest'
import { planSettings } from '../../src/settings/plan-settings.ts'
import { type StoredSettings, withSharedOauth } from '../../src/settings/settings.ts'

const GOOGLE_SHARED = { id: 'google', type: 'shared' } as const

describe('the input `oauth` set to shared', () => {
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
      "replaces the project's own app",
      {},
      stored(['google']),
      ['remove_oauth_provider google', 'add_oauth_provider google'],
    ],
    [
      'adds a provider that only the parent has',
      {},
      stored([], ['google']),
      ['add_oauth_provider google'],
    ],
    [
      'leaves providers without a shared app alone',
      {},
      stored(['github', 'vercel', 'microsoft']),
      [],
    ],
    [
      'does not add a provider that the settings remove',
      { oauth_providers: { google: 'absent' } },
      stored(['google']),
      ['remove_oauth_provider google'],
    ],
    ['leaves a provider that is newer than this action alone', {}, stored(['myspace']), []],
  ])('%s', (_, settings, state, expected) => {
    expect(changes(settings, state)).toEqual(expected)
  })

  it.each<[string, StoredSettings | undefined]>([
    ['auth is off', undefined],
    ['there is no provider', { plugins: {}, webhook: { enabled: false } }],
    [
      "Google already uses Neon's app",
      { plugins: { oauth_providers: [GOOGLE_SHARED] }, webhook: { enabled: false } },
    ],
  ])('changes no setting if %s', (_, state) => {
    expect(withSharedOauth({ name: 'Shop' }, state)).toEqual({ name: 'Shop' })
  })
})
