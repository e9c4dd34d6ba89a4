import { describe, expect, it } from 'vitest'
import { type Desired, planEnable } from '../../src/auth/plan.ts'
import { messageOf } from '../../src/core/problem.ts'
import type { SettingsChange } from '../../src/settings/changes.ts'
import { hasSameMeaning } from '../../src/settings/compare.ts'
import { planSettings } from '../../src/settings/plan-settings.ts'
import { preflight } from '../../src/settings/preflight.ts'
import { isShownAsApplied, storedDifferentlyWarnings } from '../../src/settings/read-back.ts'
import { type Settings, type StoredSettings, withIsolation } from '../../src/settings/settings.ts'
import { collectingLog } from '../fakes.ts'

const OFF = { enabled: false }

const stored = (plugins: StoredSettings['plugins'] = {}, more: object = {}): StoredSettings => ({
  plugins,
  webhook: OFF,
  ...more,
})

const desired = (settings: Settings, more: Partial<Desired> = {}): Desired => ({
  trustedDomains: [],
  pruneDomains: false,
  settings,
  ...more,
})

const plannedChanges = (settings: Settings, state: StoredSettings, more: Partial<Desired> = {}) =>
  planEnable(desired(settings, more), { auth: 'on', trustedDomains: [], settings: state }).map(
    ({ change }) => change,
  )

const STANDARD = { type: 'standard', host: 'smtp.example.com', port: 587 } as const

const HIDDEN: [string, Settings, StoredSettings][] = [
  ['an absent name', { name: 'Shop' }, stored()],
  ['an empty name', { name: 'Shop' }, stored({}, { name: '' })],
  ['an absent plugin', { plugins: { magic_link: { enabled: true } } }, stored()],
  [
    'an absent field of a plugin',
    { plugins: { magic_link: { enabled: true, expires_in: 15 } } },
    stored({ magic_link: { enabled: true } as never }),
  ],
  [
    'a field of a plugin that is null',
    { plugins: { magic_link: { enabled: true, expires_in: 15 } } },
    stored({ magic_link: { enabled: true, expires_in: null } as never }),
  ],
  [
    'a webhook timeout that is not returned',
    { webhook: { enabled: true, webhook_url: 'https://a.example/h', timeout_seconds: 3 } },
    stored({}, { webhook: { enabled: true, webhook_url: 'https://a.example/h' } }),
  ],
  [
    'a webhook URL that is masked except for its origin',
    { webhook: { enabled: true, webhook_url: 'https://a.example/h' } },
    stored({}, { webhook: { enabled: true, webhook_url: 'https://a.example/********' } }),
  ],
  ['absent password rules', { email_and_password: { disable_sign_up: true } }, stored()],
  [
    'a masked user name',
    { email_provider: { ...STANDARD, username: 'shop' } },
    stored({ email_provider: { ...STANDARD, username: '******' } as never }),
  ],
  [
    'an absent client ID',
    { oauth_providers: { github: { client_id: 'a', client_secret: 'b' } } },
    stored({ oauth_providers: [{ id: 'github', type: 'standard' }] }),
  ],
]

describe('a value that Neon does not show', () => {
  it.each(HIDDEN)('causes no change by itself: %s', (_, settings, state) => {
    expect(plannedChanges(settings, state)).toEqual([])
  })

  it.each(HIDDEN)('is sent once, with another change: %s', (_, settings, state) => {
    const more = { trustedDomains: ['https://pr-7.example.com'] }
    expect(plannedChanges(settings, state, more)).toHaveLength(2)
    expect(plannedChanges(settings, state, { ...more, writeOnlySent: true })).toEqual([
      'trust_domain',
    ])
  })

  it.each(HIDDEN)(
    'is not sent with a domain that every run adds because of its spelling: %s',
    (_, settings, state) => {
      const wanted = desired(settings, { trustedDomains: ['https://pr-7.example.com'] })
      const listed = ['https://pr-7.example.com/']
      const changes = planEnable(wanted, { auth: 'on', trustedDomains: listed, settings: state })
      expect(changes.map(({ change }) => change)).toEqual(['trust_domain'])
    },
  )

  it.each(HIDDEN)('is sent if secrets must be sent again: %s', (_, settings, state) => {
    expect(plannedChanges(settings, state, { resendSecrets: true })).toHaveLength(1)
  })

  it.each(HIDDEN)('is sent if the run enables auth: %s', (_, settings) => {
    const changes = planEnable(desired(settings), { auth: 'off' })
    expect(changes.length).toBeGreaterThan(1)
  })

  it('is never overwritten with its mask', () => {
    const masked = { enabled: true, webhook_url: 'https://a.example/***' }
    const changes = planSettings({ webhook: { enabled: false } }, stored({}, { webhook: masked }), {
      resend: false,
      writeOnly: 'skip',
    })
    expect(changes).toEqual([{ change: 'set_webhook', webhook: { enabled: false } }])
  })

  it('is sent once per run if it is an SMTP server that no read shows', () => {
    const settings: Settings = { email_provider: STANDARD }
    expect(plannedChanges(settings, stored())).toEqual(['set_email_provider'])
    expect(plannedChanges(settings, stored(), { writeOnlySent: true })).toEqual([])
  })
})

describe('the comparison of values by meaning', () => {
  it.each([
    ['webhook_url', 'https://a.example', 'https://a.example/', true],
    ['webhook_url', 'https://A.example:443/h', 'https://a.example/h', true],
    ['webhook_url', 'https://a.example/h', 'https://a.example/h/', false],
    ['webhook_url', 'https://a.example/h?a=1', 'https://a.example/h', false],
    ['host', 'SMTP.Example.com.', 'smtp.example.com', true],
    ['host', 'bücher.example', 'xn--bcher-kva.example', true],
    ['host', 'smtp.example.com', 'smtp2.example.com', false],
    ['sender_email', 'Shop@Example.com', 'shop@example.com', true],
    ['sender_email', 'straße@example.com', 'strasse@example.com', false],
    ['name', ' Shop ', 'Shop', true],
    ['name', 'Shop', 'shop', false],
    ['port', 587, '587', true],
    ['port', 587, 25, false],
    ['enabled', true, 'true', true],
    ['enabled', true, false, false],
    ['enabled_events', ['a', 'b'], ['b', 'a'], true],
    ['enabled_events', ['a'], [], false],
    ['enabled_events', ['a'], ['b'], false],
  ])('%s: %j and %j: %s', (key, a, b, same) => {
    expect(hasSameMeaning(key, a, b)).toBe(same)
  })

  it('finds no difference in another spelling', () => {
    const settings: Settings = {
      name: ' Shop ',
      webhook: { enabled: true, webhook_url: 'https://hooks.example.com' },
      email_provider: { ...STANDARD, host: 'SMTP.example.com', sender_email: 'A@example.com' },
    }
    const state: StoredSettings = {
      name: 'Shop',
      webhook: { enabled: true, webhook_url: 'https://hooks.example.com/' },
      plugins: { email_provider: { ...STANDARD, sender_email: 'a@example.com' } as never },
    }
    expect(plannedChanges(settings, state)).toEqual([])
  })
})

const NAMED: SettingsChange = { change: 'set_name', name: 'A very long name' }

describe('a value that Neon stores in its own way', () => {
  const state = stored({}, { name: 'A very long' })

  it('causes a warning with both values after it has been sent twice', () => {
    expect(storedDifferentlyWarnings(NAMED, [], state)).toEqual([])
    expect(storedDifferentlyWarnings(NAMED, [NAMED], state)).toEqual([])
    expect(storedDifferentlyWarnings(NAMED, [NAMED, NAMED], state)).toEqual([
      expect.stringMatching(/`name` = "A very long name" 2 times, but stores "A very long"/),
    ])
  })

  it('counts as sent even if it was first sent together with others', () => {
    const first = { magic_link: { enabled: true, expires_in: 300 } }
    const written = [
      { change: 'update_plugin', plugin: 'magic_link', set: first.magic_link },
      { change: 'update_plugin', plugin: 'magic_link', set: { expires_in: 300 } },
    ] as const
    const state = stored({ magic_link: { enabled: true, expires_in: 60 } as never })
    expect(storedDifferentlyWarnings(written[1], written, state)).toEqual([
      expect.stringContaining('`plugins.magic_link.expires_in` = 300 2 times, but stores 60'),
    ])
  })

  it('does not count as sent with another value, or in another setting', () => {
    const other: SettingsChange = { change: 'set_name', name: 'Another name' }
    expect(storedDifferentlyWarnings(NAMED, [other, other], state)).toEqual([])
    const planned: SettingsChange = {
      change: 'update_plugin',
      plugin: 'magic_link',
      set: { expires_in: 300 },
    }
    const phone: SettingsChange = {
      change: 'update_plugin',
      plugin: 'phone_number',
      set: { otp_expires_in: 300 },
    }
    const shown = stored({ magic_link: { enabled: true, expires_in: 60 } as never })
    expect(storedDifferentlyWarnings(planned, [phone, phone], shown)).toEqual([])
  })

  it('is found if it is a client ID among several providers', () => {
    const change: SettingsChange = {
      change: 'add_oauth_provider',
      provider: 'github',
      credentials: { client_id: 'Iv1.ABC', client_secret: 's' },
    }
    const shown = stored({
      oauth_providers: [
        { id: 'google', type: 'shared' },
        { id: 'github', type: 'standard', client_id: 'Iv1.abc' },
      ],
    })
    expect(storedDifferentlyWarnings(change, [change, change], shown)).toEqual([
      expect.stringContaining(
        '`oauth_providers.github.client_id` = "Iv1.ABC" 2 times, but stores "Iv1.abc"',
      ),
    ])
    expect(storedDifferentlyWarnings(change, [change, change], stored())).toEqual([])
  })

  it('is shown completely if it is a name, even one that looks like a URL', () => {
    const change: SettingsChange = { change: 'set_name', name: 'https://shop.example/preview' }
    const shown = stored({}, { name: 'https://shop.example/pre' })
    expect(storedDifferentlyWarnings(change, [change, change], shown)).toEqual([
      expect.stringMatching(/"https:\/\/shop\.example\/preview".*"https:\/\/shop\.example\/pre"/),
    ])
  })

  it.each<[string, SettingsChange, StoredSettings]>([
    [
      'a switch',
      { change: 'update_email_and_password', set: { disable_sign_up: true } },
      stored({ email_and_password: { disable_sign_up: false } as never }),
    ],
    [
      'the type of mail server',
      { change: 'set_email_provider', provider: { type: 'shared' } },
      stored({ email_provider: STANDARD as never }),
    ],
  ])('is not suspected if it is %s, which Neon cannot spell differently', (_, change, state) => {
    expect(storedDifferentlyWarnings(change, [change, change, change], state)).toEqual([])
  })

  it('is shown without secrets', () => {
    const change: SettingsChange = {
      change: 'set_webhook',
      webhook: { enabled: true, webhook_url: 'https://hooks.example.com/T0/secret' },
    }
    const shown = stored({}, { webhook: { enabled: true, webhook_url: 'https://b.example/other' } })
    const [warning = ''] = storedDifferentlyWarnings(change, [change, change], shown)
    expect(warning).toContain('`webhook.webhook_url` = "https://hooks.example.com"')
    expect(warning).not.toMatch(/secret|other"/)
    const provider: SettingsChange = {
      change: 'set_email_provider',
      provider: { ...STANDARD, port: 2525, password: 'hunter2-hunter2' },
    }
    const mail = stored({ email_provider: { ...STANDARD, password: '' } as never })
    expect(storedDifferentlyWarnings(provider, [provider, provider], mail).join()).not.toContain(
      'hunter2',
    )
  })
})

describe('a write whose response was lost', () => {
  it.each<[string, SettingsChange, StoredSettings, boolean]>([
    [
      'was applied if the new value is shown',
      NAMED,
      stored({}, { name: 'A very long name ' }),
      true,
    ],
    ['was not applied if the old value is shown', NAMED, stored(), false],
    [
      'was not applied if only one of two values is shown',
      { change: 'update_plugin', plugin: 'magic_link', set: { enabled: true, expires_in: 15 } },
      stored({ magic_link: { enabled: true, expires_in: 60 } as never }),
      false,
    ],
    [
      'is sent again if it has a secret, which Neon does not show',
      { change: 'set_email_provider', provider: { ...STANDARD, password: 'p' } },
      stored({ email_provider: STANDARD as never }),
      false,
    ],
    ...(['add_oauth_provider', 'update_oauth_provider'] as const).map(
      (change): [string, SettingsChange, StoredSettings, boolean] => [
        `is sent again if it has a client secret, which Neon does not show: ${change}`,
        { change, provider: 'github', credentials: { client_id: 'a', client_secret: 'new' } },
        stored({ oauth_providers: [{ id: 'github', type: 'standard', client_id: 'a' }] }),
        false,
      ],
    ),
    [
      'was applied if the removed provider is gone',
      { change: 'remove_oauth_provider', provider: 'github' },
      stored({ oauth_providers: [{ id: 'google', type: 'shared' }] }),
      true,
    ],
    [
      'was not applied if the removed provider is still there',
      { change: 'remove_oauth_provider', provider: 'google' },
      stored({ oauth_providers: [{ id: 'google', type: 'shared' }] }),
      false,
    ],
    [
      'was applied if the added shared provider is shown',
      { change: 'add_oauth_provider', provider: 'google' },
      stored({ oauth_providers: [{ id: 'google', type: 'shared' }] }),
      true,
    ],
  ])('%s', (_, change, state, isApplied) => {
    expect(isShownAsApplied(change, state)).toBe(isApplied)
  })
})

const LINKS = stored({
  email_and_password: { enabled: true, email_verification_method: 'link' } as never,
  email_provider: STANDARD as never,
})

describe('shared email and verification links', () => {
  const options = { resend: false, writeOnly: 'skip' } as const

  it('isolate switches to codes before it sets the shared provider', () => {
    const changes = planSettings(withIsolation({}, LINKS), LINKS, options)
    expect(changes).toEqual([
      { change: 'update_email_and_password', set: { email_verification_method: 'otp' } },
      { change: 'set_email_provider', provider: { type: 'shared' } },
    ])
  })

  it.each<[string, Settings, StoredSettings]>([
    ['the file has a standard provider', { email_provider: STANDARD }, LINKS],
    ['the branch uses codes', {}, stored({ email_and_password: { enabled: true } as never })],
  ])('isolate leaves the method alone if %s', (_, file, state) => {
    expect(withIsolation(file, state).email_and_password).toBeUndefined()
  })

  it("isolate keeps the file's own method", () => {
    const file: Settings = { email_and_password: { email_verification_method: 'link' } }
    expect(withIsolation(file, LINKS).email_and_password).toEqual(file.email_and_password)
  })

  it('sets a standard provider before links', () => {
    const file: Settings = {
      email_provider: STANDARD,
      email_and_password: { email_verification_method: 'link' },
    }
    const shared = stored({
      email_provider: { type: 'shared' },
      email_and_password: { email_verification_method: 'otp' } as never,
    })
    expect(planSettings(file, shared, options).map(({ change }) => change)).toEqual([
      'set_email_provider',
      'update_email_and_password',
    ])
  })
})

const runPreflight = async (
  file: Settings,
  state: StoredSettings | undefined,
  {
    isolate = false,
    seconds = 180,
    provider = undefined as string | undefined,
    signsInAsNewUser = false,
  } = {},
) => {
  const { log, warnings } = collectingLog()
  const failure = await preflight({
    file,
    wanted: isolate ? withIsolation(file, state) : file,
    stored: state,
    signsInAsNewUser,
    emailProviderType: async () => provider,
    seconds,
    log,
  }).then(() => '', messageOf)
  return { failure, warnings }
}

const ADA = { email: 'ada@example.com', password: 'correct horse' }
const PASSWORDS_OFF = stored({ email_and_password: { enabled: false } as never })

describe('the preflight of settings', () => {
  it.each<[string, Settings, StoredSettings | undefined, RegExp | '']>([
    [
      'inherited password sign-in that is off',
      { users: [ADA] },
      PASSWORDS_OFF,
      /ada@example\.com[\s\S]*is off/,
    ],
    ['a file that turns it off', { users: [ADA], email_and_password: OFF }, undefined, /is off/],
    [
      'a file that turns it on',
      { users: [ADA], email_and_password: { enabled: true } },
      PASSWORDS_OFF,
      '',
    ],
    ['users without passwords', { users: [{ email: 'x@example.com' }] }, PASSWORDS_OFF, ''],
    ['password sign-in that is not shown', { users: [ADA] }, stored(), ''],
    ['a test email on new auth', { test_email: 'qa@example.com' }, undefined, /shared provider/],
    [
      'a test email on a branch with shared mail',
      { test_email: 'qa@example.com' },
      stored({ email_provider: { type: 'shared' } }),
      /qa@example\.com[\s\S]*shared provider[\s\S]*type: standard/,
    ],
    [
      'a test email on a branch without an email provider',
      { test_email: 'qa@example.com' },
      stored(),
      /shared/,
    ],
    ['a test email through an inherited server', { test_email: 'qa@example.com' }, LINKS, ''],
    [
      'a test email through the server of the file',
      { test_email: 'qa@example.com', email_provider: STANDARD },
      undefined,
      '',
    ],
  ])('checks %s', async (_, file, state, message) => {
    const { failure } = await runPreflight(file, state)
    if (message === '') expect(failure).toBe('')
    else expect(failure).toMatch(message)
  })

  it.each<[string, Settings, StoredSettings | undefined, RegExp | '']>([
    ['inherited password sign-in that is off', {}, PASSWORDS_OFF, /is off[\s\S]*\{ enabled: true/],
    ['a file that turns it on', { email_and_password: { enabled: true } }, PASSWORDS_OFF, ''],
    ['a file that turns it off', { email_and_password: OFF }, undefined, /sign in[\s\S]*is off/],
    [
      'inherited verification',
      {},
      stored({ email_and_password: { enabled: true, require_email_verification: true } as never }),
      /requires email verification[\s\S]*\{ require_email_verification: false/,
    ],
    ['new auth', {}, undefined, ''],
  ])(
    'checks whether the new user of e2e_session can sign in: %s',
    async (_, file, state, message) => {
      const { failure } = await runPreflight(file, state, { signsInAsNewUser: true })
      if (message === '') expect(failure).toBe('')
      else expect(failure).toMatch(message)
      expect((await runPreflight(file, state)).failure).toBe('')
    },
  )

  it('accepts a test email if only the provider endpoint shows the server', async () => {
    const { failure } = await runPreflight({ test_email: 'qa@example.com' }, stored(), {
      provider: 'standard',
    })
    expect(failure).toBe('')
  })

  it('warns if isolate turns links into codes', async () => {
    const { warnings } = await runPreflight({}, LINKS, { isolate: true })
    expect(warnings).toEqual([expect.stringMatching(/from links to one-time codes/)])
  })

  it.each<[string, Settings, StoredSettings | undefined]>([
    ['auth is new', {}, undefined],
    ['Neon shows no method', {}, stored()],
    [
      'the branch uses codes already',
      {},
      stored({ email_and_password: { email_verification_method: 'otp' } as never }),
    ],
    [
      'the file sets codes',
      { email_and_password: { email_verification_method: 'otp' } },
      stored({ email_and_password: { email_verification_method: 'otp' } as never }),
    ],
    [
      'the file replaces links with codes',
      { email_and_password: { email_verification_method: 'otp' } },
      LINKS,
    ],
  ])('does not warn that isolate turns links into codes if %s', async (_, file, state) => {
    expect(await runPreflight(file, state, { isolate: true })).toEqual({
      failure: '',
      warnings: [],
    })
  })

  it.each<[string, Settings, StoredSettings, boolean]>([
    ['inherited links', {}, LINKS, false],
    [
      'links in the file',
      { email_and_password: { email_verification_method: 'link' } },
      stored(),
      false,
    ],
    [
      'links in the file, with isolate,',
      { email_and_password: { email_verification_method: 'link' } },
      LINKS,
      true,
    ],
  ])(
    'warns if the file sets the shared email provider with %s',
    async (_, file, state, isolate) => {
      const { warnings } = await runPreflight(
        { ...file, email_provider: { type: 'shared' } },
        state,
        { isolate },
      )
      expect(warnings).toEqual([expect.stringContaining('email_verification_method: otp')])
    },
  )

  it.each([
    [54, 180, false],
    [54, 170, true],
    [60, 180, true],
    [3, 5, false],
    [4, 5, true],
  ])(
    'warns if there is too little time for users with passwords (%i users in %i seconds: %s)',
    async (count, seconds, warns) => {
      const users = Array.from({ length: count }, (_, index) => ({
        ...ADA,
        email: `u${index}@example.com`,
      }))
      const { warnings } = await runPreflight({ users }, undefined, { seconds })
      expect(warnings).toHaveLength(warns ? 1 : 0)
      if (warns) expect(warnings[0]).toMatch(/Raise `timeout`/)
    },
  )
})
