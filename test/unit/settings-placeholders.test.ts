import { beforeEach, describe, expect, it, vi } from 'vitest'
import { readSettings } from '../../src/settings/read-settings.ts'
import { settingsError } from '../settings-error.ts'

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
})

const refusal = (file: object, env: NodeJS.ProcessEnv = {}): string =>
  settingsError(JSON.stringify(file), env)
const withPassword = (password: string) => ({ users: [{ email: 'a@b.co', password }] })

/** Placeholders that no setting may contain. */
const ANYWHERE = [
  '${{ secrets.E2E_PASSWORD }}',
  'x-${{ secrets.E2E_PASSWORD }}',
  '${E2E_PASSWORD:-fallback-1}',
  '${E2E_PASSWORD-fallback-1}',
  '${secrets.E2E_PASSWORD}',
  '${E2E-PASSWORD}',
  '${E2E_PASSWORD',
  '$E2E_PASSWORD',
  '$env:E2E_PASSWORD',
  '$(pass show e2e)',
  '{{ E2E_PASSWORD }}',
  '{% e2e_password %}',
  '<%= ENV["E2E_PASSWORD"] %>',
  '#{E2E_PASSWORD}',
  '%E2E_PASSWORD%',
  '!E2E_PASSWORD!',
  'env(E2E_PASSWORD)',
  'secret(E2E_PASSWORD)',
  'var( "E2E_PASSWORD" )',
  'op://vault/e2e/password',
  'ref+vault://secret/e2e',
]

/** Placeholders that may be text elsewhere, but not in credentials. */
const IN_CREDENTIALS = [
  'vault:secret/data/e2e#password',
  'secret:e2e-password',
  'gcpsm:e2e-password',
  'awssm:e2e-password',
  'keyvault:e2e-password',
  'env.E2E_PASSWORD',
  'process.env.E2E_PASSWORD',
  'secrets.E2E_PASSWORD',
  'steps.secrets.outputs.password',
  'arn:aws:secretsmanager:eu-1:1:secret:e2e',
  'arn:aws-cn:secretsmanager:cn-1:1:secret:e2e',
  'prefix-$(pass show e2e)',
  'prefix-$E2E_PASSWORD',
  'prefix-$Env:E2E_PASSWORD-suffix',
  'prefix-%E2E_PASSWORD%',
  '@@E2E_PASSWORD@@',
  '__E2E_PASSWORD__',
  '[[ E2E_PASSWORD ]]',
  '$[ E2E_PASSWORD ]',
  '<your password>',
  '********',
  'undefined',
  '[object Object]',
  'change_me',
  'changeme',
]

const CREDENTIALS: readonly (readonly [string, (value: string) => object])[] = [
  ['users[0].password', withPassword],
  ['email_provider.host', (host) => ({ email_provider: { type: 'standard', host } })],
  ['email_provider.username', (username) => ({ email_provider: { type: 'standard', username } })],
  [
    'oauth_providers.github.client_id',
    (client_id) => ({ oauth_providers: { github: { client_id, client_secret: 'a-secret' } } }),
  ],
  ['delete_users[0]', (id) => ({ delete_users: [id] })],
  ['users[0].email', (email) => ({ users: [{ email }] })],
]

describe('a placeholder that is not ${NAME}', () => {
  const cases = CREDENTIALS.flatMap(([path, file]) =>
    [...ANYWHERE, ...IN_CREDENTIALS].map((value) => [path, value, file] as const),
  )
  it.each(cases)('in %s is refused: %s', (path, value, file) => {
    const message = refusal(file(value))
    expect(message).toContain(`- \`${path}\` contains `)
    expect(message).toMatch(/write `\$\{NAME\}`, and set NAME in the `env` of the step/)
    expect(message.match(/^- /gm)).toHaveLength(1)
  })

  it.each(ANYWHERE)('is refused even in a name if it is unmistakable: %s', (name) => {
    expect(refusal({ name })).toContain('- `name` contains ')
    expect(refusal({ users: [{ email: 'a@b.co', roles: [name] }] })).toContain(
      '`users[0].roles[0]` contains ',
    )
  })

  it('is described in the error by its syntax', () => {
    expect(refusal(withPassword('${secrets.E2E_PASSWORD}'))).toContain('a `${…}` that is not')
    expect(refusal(withPassword('${E2E_PASSWORD?x}'))).toContain('a default (`${NAME:-…}`)')
  })

  it.each([
    'Save 50%',
    'Shop (preview)',
    'A $5 shop',
    'env. test',
    'secrets: a blog',
    '<3 shop>',
    'A $(beta) shop',
    'A shop $(beta)',
    '$(beta) shop',
    '$shop for all',
    'A %SHOP%',
    '%SHOP% of mine',
    'My env(shop)',
    'env(shop) of mine',
    'A shop at op://here',
  ])('is not found in the name %s', (name) => {
    expect(refusal({ name })).toBe('')
  })

  // Text around the syntax of a placeholder makes it a password like any other.
  const SURROUNDED = [
    '@@NAME@@',
    '[[name]]',
    '$[name]',
    'steps.deploy.outputs',
    'env.NAME',
    'vault:name',
    '<a-password>',
    '********',
    'undefined',
    '[object Object]',
  ]
  it.each([
    ...SURROUNDED.map((text) => `correct-${text}`),
    ...SURROUNDED.filter((text) => text !== 'vault:name').map((text) => `${text} correct`),
    'a-word-arn:aws:iam',
    'a-word-@Microsoft.KeyVault(x',
    'word-$AB-12345',
    'correct-horse',
    'Tr0ub4dor&3$x',
    '50%of%all',
    'a{b}c{d}e',
    '$2b$10$abcdefgh',
    'pa$$word{1}',
  ])('is not found in the password %s', (password) => {
    expect(refusal(withPassword(password))).toBe('')
  })

  it('is reported instead of a wrong type', () => {
    const file = { email_provider: { type: 'standard', port: '${PORT:-587}' } }
    expect(refusal(file)).toContain('- `email_provider.port` contains a default (`${NAME:-…}`)')
  })

  it.each([
    ['$${NAME}-12345', '${NAME}-12345'],
    ['$${{ secrets.NAME }}', '${{ secrets.NAME }}'],
    ['$${NAME:-fallback}', '${NAME:-fallback}'],
    ['$${a.b}-12345', '${a.b}-12345'],
    ['$${$(a)}-12345', '${$(a)}-12345'],
    ['$${12345-$(a)', '${12345-$(a)'],
    ['$${{ "}$(a)" }}', '${{ "}$(a)" }}'],
  ])('is literal text after $$: %s', (password, text) => {
    const settings = readSettings(JSON.stringify(withPassword(password)), {})
    expect(settings.users?.[0]?.password).toBe(text)
  })

  it.each([
    '${{ secrets.X }}',
    'op://vault/e2e/password',
    '{{ X }}',
    '***',
    'undefined',
    '[object Object]',
    '<%= ENV["X"] %>',
    'ref+vault://secret/e2e',
    ' undefined\n',
  ])('is refused as the value of a variable, which the error names: %j', (value) => {
    expect(refusal(withPassword('${E2E_PASSWORD}'), { E2E_PASSWORD: value })).toContain(
      '- `users[0].password` is an unresolved placeholder; set the variable E2E_PASSWORD',
    )
  })

  const IN_VARIABLES = ['${a}', '{{ a }}', '<% a %>', '[object Object]', 'undefined', '***']
  it.each([
    '$E2E_PASSWORD',
    'pa%SSW%ord',
    'a${b}c-12345',
    '<secret-value>',
    'correct-op://vault/e2e',
    ...IN_VARIABLES.flatMap((text) => [`correct-${text}`, `${text}-correct`]),
  ])('is accepted in a variable if it may be a password: %s', (value) => {
    expect(refusal(withPassword('${E2E_PASSWORD}'), { E2E_PASSWORD: value })).toBe('')
  })
})
