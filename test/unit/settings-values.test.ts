import { createRequire } from 'node:module'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { readSettings } from '../../src/settings/read-settings.ts'
import { valueFaults } from '../../src/settings/value-faults.ts'
import { settingsError } from '../settings-error.ts'

/** Better Auth's own copy of Zod. */
const z = createRequire(import.meta.resolve('better-auth'))('zod') as {
  email: () => { safeParse: (value: string) => { success: boolean } }
}

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
})

/** Functions that return a settings file with a value, by the path of the value. */
const FILES: Readonly<Record<string, (value: string) => object>> = {
  'email_provider.host': (host) => ({ email_provider: { type: 'standard', host } }),
  'email_provider.username': (username) => ({ email_provider: { type: 'standard', username } }),
  'email_provider.password': (password) => ({ email_provider: { type: 'standard', password } }),
  'oauth_providers.github.client_id': (client_id) => ({
    oauth_providers: { github: { client_id, client_secret: 'a-secret' } },
  }),
  'oauth_providers.github.client_secret': (client_secret) => ({
    oauth_providers: { github: { client_id: 'an-id', client_secret } },
  }),
  'oauth_providers.microsoft.microsoft_tenant_id': (microsoft_tenant_id) => ({
    oauth_providers: { microsoft: { client_id: 'i', client_secret: 's', microsoft_tenant_id } },
  }),
  'webhook.webhook_url': (webhook_url) => ({ webhook: { enabled: true, webhook_url } }),
  'users[0].email': (email) => ({ users: [{ email }] }),
  'users[0].password': (password) => ({ users: [{ email: 'a@b.co', password }] }),
  'users[0].name': (name) => ({ users: [{ email: 'a@b.co', name }] }),
  'users[0].roles[0]': (role) => ({ users: [{ email: 'a@b.co', roles: [role] }] }),
  'delete_users[0]': (id) => ({ delete_users: [id] }),
  test_email: (test_email) => ({ test_email }),
  name: (name) => ({ name }),
}
const fileWith = (path: string, value: string): string => JSON.stringify(FILES[path]?.(value))

describe('a pasted value', () => {
  it.each([
    ['email_provider.host', 'smtp://smtp.example.com', 'has a scheme'],
    ['email_provider.host', 'https://smtp.example.com/', 'has a scheme'],
    ['email_provider.host', 'smtp.example.com:587', 'has a port'],
    ['email_provider.host', 'smtp.example.com/mail', 'has a path'],
    ['email_provider.host', 'me@smtp.example.com', 'has a user name or is an email address'],
    ['email_provider.host', 'smtp.example.com\n', 'ends with a line break'],
    ['email_provider.host', 'smtp example', 'is not a host name'],
    ['email_provider.host', 'smtp..example', 'is not a host name'],
    ['email_provider.username', ' preview', 'starts with whitespace'],
    ['email_provider.username', '\tpreview', 'starts with whitespace'],
    ['email_provider.password', '\u00a0x\u200by', 'starts with whitespace'],
    ['email_provider.password', 'abc\u200bdefgh', 'contains an invisible character'],
    ['email_provider.password', 'abc\u2028defgh', 'contains an invisible character'],
    ['email_provider.password', 'abc\u2029defgh', 'contains an invisible character'],
    ['email_provider.username', 'abc\u3164defgh', 'contains an invisible character'],
    ['oauth_providers.github.client_id', 'abc\ufe0fdefgh', 'contains an invisible character'],
    ['email_provider.host', '[127.0.0.1]', 'is not a host name'],
    ['email_provider.username', 'line\nline', 'contains a line break'],
    ['oauth_providers.github.client_id', 'Iv1.abc\n', 'ends with a line break'],
    ['oauth_providers.github.client_id', 'Iv1 abc', 'contains a space'],
    ['oauth_providers.github.client_id', '"Iv1.abc"', 'is wrapped in quotes'],
    ['oauth_providers.github.client_secret', '\r\nabcdef', 'starts with a line break'],
    ['oauth_providers.github.client_id', 'abc\tdef', 'contains a tab'],
    ['oauth_providers.github.client_secret', 'abcdef\n', 'ends with a line break'],
    ['oauth_providers.microsoft.microsoft_tenant_id', 'common ', 'ends with whitespace'],
    ['webhook.webhook_url', 'hooks.example.com/x', 'does not start with `https://` or `http://`'],
    [
      'webhook.webhook_url',
      'POST https://hooks.example/x',
      'does not start with `https://` or `http://`',
    ],
    ['webhook.webhook_url', 'https://hooks.example/my hook', 'contains a space'],
    ['webhook.webhook_url', 'https://hooks.example:99999/x', 'is not a URL'],
    ['webhook.webhook_url', 'https://hooks.example/x\n', 'ends with a line break'],
    ['users[0].password', 'short', 'is 5 characters long; at least 8 are required'],
    ['users[0].password', 'x'.repeat(129), 'is 129 characters long; at most 128 are allowed'],
    ['users[0].password', '😀'.repeat(65), 'is 130 characters long; at most 128 are allowed'],
    ['users[0].password', '😀😀😀', 'is 6 characters long; at least 8 are required'],
    ['users[0].password', 'correct-horse\n', 'ends with a line break'],
    [
      'users[0].email',
      'Ada <ada@example.com>',
      'has a display name or angle brackets; use only the address',
    ],
    [
      'users[0].email',
      'ada@example.com,bob@example.com',
      'contains a space, comma, or semicolon; use only one address',
    ],
    ['users[0].email', 'ada@localhost', 'needs a domain such as `example.com`'],
    ['users[0].email', 'ada@sub.example.c0', 'needs a domain such as `example.com`'],
    ['users[0].email', 'ada..b@example.com', 'has a misplaced dot'],
    ['users[0].email', '.ada@example.com', 'has a misplaced dot'],
    ['users[0].email', 'ada.@example.com', 'has a misplaced dot'],
    ['users[0].email', 'jürgen@example.com', 'contains a character that is not ASCII'],
    ['users[0].email', 'ada.b!x@example.com', 'is not an address that Better Auth accepts'],
    ['users[0].email', 'ada@b..example.com', 'is not an address that Better Auth accepts'],
    ['users[0].email', `${'a'.repeat(256)}@example.com`, 'is 268 characters long; at most 256'],
    ['users[0].name', 'x'.repeat(256), 'is 256 characters long; at most 255 are allowed'],
    ['users[0].name', 'Ada\nLovelace', 'contains a line break'],
    ['users[0].roles[0]', '  ', 'is empty'],
    ['delete_users[0]', '.', 'is not an ID'],
    ['delete_users[0]', '..', 'is not an ID'],
    ['delete_users[0]', '7f1d6a9e-0000\n', 'ends with a line break'],
    ['test_email', 'qa@', 'is not an address: one side of the `@` is empty'],
    ['name', '  ', 'is empty'],
    ['name', 'Shop\u2028Preview', 'has the wrong format'],
  ])('is refused with a message that does not show it: %s: %j', (path, value, words) => {
    const message = settingsError(fileWith(path, value))
    expect(message).toContain(`- \`${path}\` ${words}`)
    if (value.trim().length > 5) expect(message).not.toContain(value.trim())
    const messageWithVariable = settingsError(fileWith(path, '${SOME_VALUE}'), {
      SOME_VALUE: value,
    })
    expect(messageWithVariable).toMatch(/\(from \$\{SOME_VALUE\}\)$/m)
    expect(messageWithVariable).toContain(`- \`${path}\` ${words}`)
  })

  it.each([
    ['email_provider.host', 'smtp.example.com'],
    ['email_provider.host', 'localhost'],
    ['email_provider.host', '127.0.0.1'],
    ['email_provider.host', '2001:db8::25'],
    ['email_provider.host', '[2001:db8::25]'],
    ['email_provider.host', 'post.müller.example'],
    ['email_provider.password', 'with spaces inside "and quotes"'],
    ['oauth_providers.github.client_id', 'an-"id"'],
    ['oauth_providers.github.client_id', '"an"-id'],
    ['delete_users[0]', '..an.id..'],
    ['oauth_providers.github.client_secret', 'first line\nsecond "line"\nthird'],
    ['webhook.webhook_url', 'http://localhost:3000/hook'],
    ['users[0].password', '😀😀😀😀'],
    ['users[0].password', '😀'.repeat(64)],
    ['users[0].password', 'x'.repeat(128)],
    ['users[0].email', "o'neil+test@sub.example.com"],
    ['users[0].name', 'x'.repeat(255)],
    ['name', '😀'.repeat(256)],
  ])('is accepted: %s: %j', (path, value) => {
    expect(settingsError(fileWith(path, value))).toBe('')
  })

  it('is accepted as an address exactly if Better Auth accepts it', () => {
    const part = fc.string({ unit: fc.constantFrom(..."ab9.-_+'!é@ "), maxLength: 6 })
    const address = fc.tuple(part, part, fc.constantFrom('', '.co', '.c', '.c0m', '.'))
    fc.assert(
      fc.property(
        fc.oneof(
          address.map(([a, b, c]) => `${a}@${b}${c}`),
          fc.emailAddress(),
        ),
        (email) => {
          const refused = valueFaults({ users: [{ email }] }).length > 0
          expect(refused).toBe(!z.email().safeParse(email).success)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('needs quotes if it is a number or a boolean that is meant as text', () => {
    const text = 'users: [{ email: a@b.co, password: 0123456789012 }]\nname: true'
    const message = settingsError(text)
    expect(message).toContain(
      '`users[0].password` must be a string; found a number (not shown); put it in quotes',
    )
    expect(message).toContain('`name` must be a string; found true; put it in quotes')
    expect(message).not.toContain('123456789012')
  })

  it.each([
    ['name: [a]', '`name` must be a string; found a list'],
    ['name:', '`name` must be a string; found nothing'],
    ['allow_localhost: 3', '`allow_localhost` must be true or false; found 3'],
    ['allow_localhost: " "', '`allow_localhost` must be true or false; found an empty string'],
    [
      'allow_localhost: hunter2-no',
      '`allow_localhost` must be true or false; found a string (not shown)',
    ],
    [
      'allow_localhost: no-hunter2',
      '`allow_localhost` must be true or false; found a string (not shown)',
    ],
    [
      'webhook: { enabled: false, timeout_seconds: 999999 }',
      '`webhook.timeout_seconds` must be at most 10; found 999999; allowed: 1 to 10 (seconds)',
    ],
    [
      'webhook: { enabled: false, timeout_seconds: 1000000 }',
      '`webhook.timeout_seconds` must be at most 10; found a number (not shown); allowed: 1 to 10 (seconds)',
    ],
    [
      'email_provider: { type: standrad }',
      '`email_provider.type` must be one of shared, standard; found a string (not shown); did you mean standard?',
    ],
    [
      'email_provider: { type: smtp }',
      '`email_provider.type` must be one of shared, standard; found a string (not shown)',
    ],
    [
      'email_provider: { type: true }',
      '`email_provider.type` must be one of shared, standard; found true',
    ],
    [
      'email_provider: { type: shared, port: 25 }',
      '`email_provider.port` is not allowed with `type: shared`',
    ],
    [`users: [${'{ email: a@b.co }, '.repeat(10)}{ name: Ada }]`, '`users[10].email` is missing'],
  ])('is reported once, with the hints that apply: %s', (text, fault) => {
    const lines = settingsError(text).split('\n')
    expect(lines.filter((line) => line.startsWith('- '))).toEqual([`- ${fault}`])
  })
})

const USER = 'users: [{ email: a@b.co, password: correct-horse }]'
const PHONE = 'plugins: { phone_number: { enabled: true } }'
const HOOK = 'webhook_url: "https://h.example"'

describe('the check for contradictions', () => {
  it.each<[string, string, boolean, RegExp]>([
    [
      'a user with a password while password sign-in is off',
      `${USER}\nemail_and_password: { enabled: false }`,
      false,
      /`users\[0\]\.password`: .*`email_and_password\.enabled: false` turns off/,
    ],
    [
      'verification links with the shared provider',
      'email_provider: { type: shared }\nemail_and_password: { email_verification_method: link }',
      false,
      /`email_provider\.type: shared` selects Neon's shared provider/,
    ],
    [
      'verification links with isolate',
      'email_and_password: { email_verification_method: link }',
      true,
      /`isolate: true` selects Neon's shared provider/,
    ],
    [
      'a webhook without a URL',
      'webhook: { enabled: true }',
      false,
      /needs `webhook\.webhook_url`/,
    ],
    ['a test email with isolate', 'test_email: qa@example.com', true, /cannot be tested/],
  ])('refuses %s', (_, text, isolate, words) => {
    expect(settingsError(text, {}, isolate)).toMatch(words)
  })

  it.each<[string, string, boolean]>([
    [
      'a user without a password',
      'users: [{ email: a@b.co }]\nemail_and_password: { enabled: false }',
      false,
    ],
    [
      'links with an SMTP server and isolate',
      'email_provider: { type: standard }\nemail_and_password: { email_verification_method: link }',
      true,
    ],
    [
      'links if the provider is unknown',
      'email_and_password: { email_verification_method: link }',
      false,
    ],
    ['codes with isolate', 'email_and_password: { email_verification_method: otp }', true],
    ['a webhook that is off', 'webhook: { enabled: false }', false],
  ])('accepts %s', (_, text, isolate) => {
    expect(settingsError(text, {}, isolate)).toBe('')
  })

  it.each<[string, string, boolean, RegExp | undefined]>([
    [
      'phone numbers, webhook off',
      `${PHONE}\nwebhook: { enabled: false }`,
      false,
      /the webhook is off/,
    ],
    ['phone numbers with isolate', PHONE, true, /the webhook is off/],
    [
      'phone numbers, no send.otp',
      `${PHONE}\nwebhook: { enabled: true, ${HOOK}, enabled_events: [user.created] }`,
      false,
      /does not receive `send\.otp`/,
    ],
    [
      'phone numbers, send.otp',
      `${PHONE}\nwebhook: { enabled: true, ${HOOK}, enabled_events: [send.otp] }`,
      true,
      undefined,
    ],
    ['phone numbers, webhook not mentioned', PHONE, false, undefined],
    [
      'a webhook without events',
      `webhook: { enabled: true, ${HOOK}, enabled_events: [] }`,
      false,
      /receives nothing/,
    ],
    ['a webhook with all events', `webhook: { enabled: true, ${HOOK} }`, false, undefined],
    [
      '300 minutes',
      'plugins: { magic_link: { expires_in: 300 } }',
      false,
      /means 300 minutes \(5 hours\); if you mean seconds, write 5$/,
    ],
    ['a day', 'plugins: { magic_link: { expires_in: 1440 } }', false, undefined],
    ['two hours', 'plugins: { magic_link: { expires_in: 120 } }', false, undefined],
  ])('warns only about settings that are most likely a mistake: %s', (_, text, isolate, words) => {
    const warnings: string[] = []
    readSettings(text, {}, { isolate, warn: (sentence) => warnings.push(sentence) })
    expect(warnings).toHaveLength(words ? 1 : 0)
    if (words) expect(warnings[0]).toMatch(words)
  })
})
