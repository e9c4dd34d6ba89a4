import { describe, expect, it } from 'vitest'
import type { Desired, PlannedChange } from '../../src/auth/plan.ts'
import {
  readConfig,
  withRestoredConfig,
  writtenSettingName,
} from '../../src/auth/restored-settings.ts'
import { newConfig } from '../local-neon/auth-schema.ts'

const configRow = (more: object = {}): Record<string, unknown> => ({
  ...newConfig('Shop', 'ep-1'),
  ...more,
})
const desired = (more: Partial<Desired> = {}): Desired => ({
  trustedDomains: ['https://pr-2.shop.example'],
  pruneDomains: false,
  ...more,
})

describe('reading a configuration row', () => {
  it('understands every field of a fresh row', async () => {
    const { settings, unread } = await readConfig(configRow())
    expect(unread).toEqual([])
    expect(settings).toMatchObject({
      name: 'Shop',
      allow_localhost: true,
      email_provider: { type: 'shared' },
      oauth_providers: { google: 'shared', github: 'absent' },
      plugins: { magic_link: { enabled: false } },
      webhook: { enabled: false },
    })
  })

  it('returns credentials, and names the incomplete ones', async () => {
    const { settings, secrets, unread } = await readConfig(
      configRow({
        social_providers: [
          { id: 'github', client_id: 'id', client_secret: 'gh-secret' },
          { id: 'vercel', client_id: 'id', client_secret: '' },
          { id: 'myspace' },
          null,
        ],
        email_provider: { type: 'standard', host: 'smtp.example', port: 25, username: 'me' },
      }),
    )
    expect(settings.oauth_providers).toMatchObject({
      google: 'absent',
      github: { client_id: 'id', client_secret: 'gh-secret' },
    })
    expect(settings).not.toHaveProperty('email_provider')
    expect(secrets).toEqual(['gh-secret'])
    expect(unread).toEqual(['email_provider', 'the credentials of vercel', 'the provider myspace'])
  })

  it('returns only what is set', async () => {
    const server = { type: 'standard', host: 'smtp.example', port: 25, password: 'hunter2-hunter2' }
    const sender = { sender_email: 'a@shop.example', sender_name: 'Shop' }
    const microsoft = { client_id: 'id', client_secret: 'ms-secret' }
    const read = async (email_provider: object, provider: object) =>
      (
        await readConfig(
          configRow({
            email_provider,
            social_providers: [
              { id: 'google', client_id: '', client_secret: '' },
              { id: 'microsoft', ...provider },
            ],
          }),
        )
      ).settings
    const own = await read(
      { ...server, ...sender, username: '', sender_name: null },
      { ...microsoft, microsoft_tenant_id: null },
    )
    const { sender_email } = sender
    expect(own.email_provider).toStrictEqual({ ...server, sender_email })
    expect(own.oauth_providers?.microsoft).toStrictEqual(microsoft)
    expect(own.oauth_providers?.google).toBe('shared')
    const tenant = { ...microsoft, microsoft_tenant_id: 'tenant-1' }
    const shared = await read({ type: 'shared', ...sender }, tenant)
    expect(shared.email_provider).toStrictEqual({ type: 'shared', ...sender })
    expect(shared.oauth_providers?.microsoft).toStrictEqual(tenant)
  })

  it('names a provider that Neon would refuse', async () => {
    const github = { id: 'github', client_id: 'id', client_secret: ' ' }
    const { settings, unread } = await readConfig(configRow({ social_providers: [github] }))
    expect(settings.oauth_providers).not.toHaveProperty('github')
    expect(unread).toEqual(['the credentials of github'])
  })

  it('omits the fields that it does not understand, names them, and returns the rest', async () => {
    const { settings, domains, unread } = await readConfig({
      name: 'Shop',
      allow_localhost: 'yes',
      email_provider: null,
      trusted_origins: [{ domain: 'https://a.example' }, 'https://b.example'],
      plugin_configs: { organization: { surprise: 1 }, magic_link: { enabled: true } },
    })
    expect(settings).toEqual({
      name: 'Shop',
      oauth_providers: {},
      plugins: { magic_link: { enabled: true } },
    })
    expect(domains).toEqual(['https://a.example', 'https://b.example'])
    expect(unread).toEqual([
      'allow_localhost',
      'email_and_password',
      'webhook',
      'oauth_providers',
      'plugins.organization',
      'plugins.phone_number',
    ])
  })

  it('reports a missing row', async () => {
    const unread = [expect.stringContaining('no configuration row')]
    expect(await readConfig(undefined)).toEqual({ settings: {}, domains: [], secrets: [], unread })
  })
})

describe('the name of the setting that a refused change writes', () => {
  it.each<[PlannedChange, string | undefined]>([
    [{ change: 'set_name', name: 'Shop' }, 'name'],
    [{ change: 'update_email_and_password', set: { enabled: true } }, 'email_and_password'],
    [{ change: 'set_email_provider', provider: { type: 'shared' } }, 'email_provider'],
    [
      { change: 'update_plugin', plugin: 'magic_link', set: { enabled: true } },
      'plugins.magic_link',
    ],
    [{ change: 'remove_oauth_provider', provider: 'github' }, 'oauth_providers.github'],
    [{ change: 'set_webhook', webhook: { enabled: false } }, 'webhook'],
    [{ change: 'set_allow_localhost', allow: true }, 'allow_localhost'],
    [
      { change: 'trust_domain', domain: 'https://old.example' },
      'the trusted domain https://old.example',
    ],
    [{ change: 'disable_auth', deleteData: false }, undefined],
  ])('%j: %s', (change, name) => {
    expect(writtenSettingName(change)).toBe(name)
  })
})

describe('the restored settings that a run applies', () => {
  const old = { trusted_origins: ['https://old.example', 'https://former.example'] }

  it('are merged with its own settings, which take precedence', async () => {
    const settings = { name: 'Mine', plugins: { magic_link: { enabled: true } } }
    const wanted = withRestoredConfig(desired({ settings }), await readConfig(configRow(old)))
    expect(wanted.restoredSettings).toContain('allow_localhost')
    expect(wanted.settings).toMatchObject({
      name: 'Mine',
      plugins: { magic_link: { enabled: true }, organization: { enabled: true } },
    })
    expect(wanted.trustedDomains).toEqual([
      'https://pr-2.shop.example',
      'https://old.example',
      'https://former.example',
    ])
  })

  it("keep the providers and password rules that the run's own do not name", async () => {
    const settings = {
      oauth_providers: { github: 'absent' as const },
      email_and_password: { enabled: true },
    }
    const restored = {
      oauth_providers: { google: 'shared' as const },
      email_and_password: { disable_sign_up: true },
    }
    const config = { settings: restored, domains: [], secrets: [], unread: [] }
    const wanted = withRestoredConfig(desired({ settings }), config)
    expect(wanted.settings).toEqual({
      oauth_providers: { google: 'shared', github: 'absent' },
      email_and_password: { enabled: true, disable_sign_up: true },
    })
  })

  it('omit a domain that deployments no longer use', async () => {
    const formerDomains = ['https://former.example']
    const wanted = withRestoredConfig(desired({ formerDomains }), await readConfig(configRow(old)))
    expect(wanted.trustedDomains).toEqual(['https://pr-2.shop.example', 'https://old.example'])
  })

  it('omit other spellings of a domain that deployments no longer use, or that the run trusts', async () => {
    const domains = [
      'https://former.example/',
      'https://PR-2.shop.example/app',
      'https://old.example/',
    ]
    const config = await readConfig(configRow({ trusted_origins: domains }))
    const wanted = withRestoredConfig(
      desired({ formerDomains: ['https://former.example'] }),
      config,
    )
    expect(wanted.trustedDomains).toEqual(['https://pr-2.shop.example', 'https://old.example/'])
  })

  it.each([{ isolate: true }, { pruneDomains: true }])(
    'include no domain with %o',
    async (more) => {
      const wanted = withRestoredConfig(desired(more), await readConfig(configRow(old)))
      expect(wanted.trustedDomains).toEqual(['https://pr-2.shop.example'])
    },
  )

  it('omit what `isolate` removes', async () => {
    const webhook_config = { enabled: true, webhook_url: 'https://hooks.example' }
    const { settings } = withRestoredConfig(
      desired({ isolate: true }),
      await readConfig(configRow({ webhook_config })),
    )
    expect(settings).not.toHaveProperty('webhook')
    expect(settings).not.toHaveProperty('allow_localhost')
    expect(settings).not.toHaveProperty('email_provider')
  })

  const SMTP = { type: 'standard', host: 'smtp.example' } as never
  it.each([
    ['link', {}, undefined],
    ['otp', {}, 'otp'],
    ['link', { email_provider: SMTP }, 'link'],
    ['link', { email_provider: { type: 'shared' as const } }, undefined],
  ])(
    'with `isolate`, verify addresses by %s only if that works without the old mail server: %j',
    async (email_verification_method, own, expected) => {
      const email_and_password = { enabled: true, email_verification_method }
      const { settings } = withRestoredConfig(
        desired({ isolate: true, settings: own }),
        await readConfig(configRow({ email_and_password })),
      )
      expect(settings?.email_and_password?.email_verification_method).toBe(expected)
    },
  )

  it('use the shared OAuth app with `oauth: shared`, unless the run sets the provider itself', async () => {
    const credentials = { client_id: 'id', client_secret: 'gh-secret' }
    const social_providers = ['google', 'github'].map((id) => ({ id, ...credentials }))
    const row = configRow({ social_providers })
    const providersFor = async (sharedOauth: boolean | undefined, more: Partial<Desired> = {}) =>
      withRestoredConfig(desired(more), await readConfig(row, sharedOauth)).settings
        ?.oauth_providers
    for (const unshared of [false, undefined])
      expect(await providersFor(unshared)).toMatchObject({
        google: credentials,
        github: credentials,
      })
    const shared = { google: 'shared', github: credentials, vercel: 'absent' }
    expect(await providersFor(true)).toMatchObject(shared)
    const settings = { oauth_providers: { google: credentials } }
    expect(await providersFor(true, { settings })).toMatchObject({ google: credentials })
  })

  it('are listed, unless the run sets them itself', async () => {
    const settings = { name: 'Mine', email_and_password: { enabled: true } }
    const { restoredSettings = [] } = withRestoredConfig(
      desired({ settings, allowLocalhost: true }),
      await readConfig(configRow(old)),
    )
    expect(restoredSettings).toContain('webhook')
    expect(restoredSettings).toContain('oauth_providers.google')
    expect(restoredSettings).toContain('plugins.magic_link')
    expect(restoredSettings).toContain('the trusted domain https://old.example')
    // The run itself sets only a part of it. If Neon refuses the merged value, the run sends its own part alone.
    expect(restoredSettings).toContain('email_and_password')
    expect(restoredSettings).not.toContain('name')
    expect(restoredSettings).not.toContain('allow_localhost')
  })

  it('omit what Neon has refused, except what the run sets itself', async () => {
    const refused = new Set([
      'webhook',
      'email_and_password',
      'oauth_providers.google',
      'the trusted domain https://old.example',
    ])
    const settings = { email_and_password: { enabled: true } }
    const wanted = withRestoredConfig(
      desired({ settings }),
      await readConfig(configRow(old)),
      refused,
    )
    expect(wanted.settings).not.toHaveProperty('webhook')
    expect(wanted.settings).not.toHaveProperty('oauth_providers.google')
    expect(wanted.settings).toHaveProperty('oauth_providers.github', 'absent')
    expect(wanted.settings?.email_and_password).toEqual({ enabled: true })
    expect(wanted.trustedDomains).toEqual(['https://pr-2.shop.example', 'https://former.example'])
    expect(wanted.restoredSettings).not.toContain('webhook')
  })
})
