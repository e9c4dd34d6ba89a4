import { describe, expect, it } from 'vitest'
import { inheritedRisks } from '../../src/settings/inherited.ts'
import type { Settings, StoredSettings } from '../../src/settings/settings.ts'

const BASE = 'https://auth.test/db/auth'
const SERVER = { type: 'standard', host: 'smtp.shop.example' }
const HOOK = { enabled: true, webhook_url: 'https://hook.shop.example/in?token=1' }
const GOOGLE = { id: 'google', type: 'standard' }

const risksOf = (plugins: object, webhook: object = { enabled: false }, settings: object = {}) =>
  inheritedRisks({ plugins, webhook } as StoredSettings, settings as Settings, BASE)

describe('the risks of inherited settings', () => {
  it.each<[string, string[], string[]]>([
    [
      'a webhook, by its host only',
      risksOf({}, HOOK),
      ["its webhook sends this preview's events to hook.shop.example"],
    ],
    [
      'a webhook whose URL Neon does not show',
      risksOf({}, { enabled: true }),
      ["its webhook sends this preview's events to an unknown receiver"],
    ],
    [
      'a webhook whose URL is masked',
      risksOf({}, { enabled: true, webhook_url: '********' }),
      ["its webhook sends this preview's events to an unknown receiver"],
    ],
    [
      'an SMTP server',
      risksOf({ email_provider: SERVER }),
      ['its emails go out to real people through smtp.shop.example'],
    ],
    [
      'an SMTP server whose host Neon does not show',
      risksOf({ email_provider: { type: 'standard' } }),
      ['its emails go out to real people through an SMTP server'],
    ],
    [
      'a provider with its own credentials',
      risksOf({ oauth_providers: [GOOGLE, { id: 'github', type: 'shared' }] }),
      [
        `sign-in with google does not work here until ${BASE}/callback/google is registered with google`,
      ],
    ],
  ])('include %s', (_, risks, expected) => {
    expect(risks).toEqual(expected)
  })

  it.each<[string, string[]]>([
    ['a webhook that is off', risksOf({}, { ...HOOK, enabled: false })],
    ['a webhook that `settings` sets', risksOf({}, HOOK, { webhook: { enabled: true } })],
    ["Neon's shared email provider", risksOf({ email_provider: { type: 'shared' } })],
    [
      'an SMTP server that `settings` sets',
      risksOf({ email_provider: SERVER }, undefined, { email_provider: SERVER }),
    ],
    [
      'a provider that `settings` sets',
      risksOf({ oauth_providers: [GOOGLE] }, undefined, { oauth_providers: { google: 'shared' } }),
    ],
  ])('do not include %s', (_, risks) => {
    expect(risks).toEqual([])
  })

  it('include a provider that `settings` does not set next to one that it does', () => {
    const oauth_providers = [GOOGLE, { id: 'github', type: 'standard' }]
    const risks = risksOf({ oauth_providers }, undefined, { oauth_providers: { google: 'absent' } })
    expect(risks).toEqual([expect.stringContaining('sign-in with github')])
  })
})
