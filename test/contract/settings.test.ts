import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { readSettings } from '../../src/settings/read-settings.ts'
import { isSecret } from '../../src/settings/schema-faults.ts'
import { validate } from '../../src/settings/validate.generated.js'
import { readDescription } from './neon-api.ts'
import { read, yamlBlocks } from './project.ts'

/** The parts of JSON Schema that the published schema and the vendor's description use. */
interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly else?: Schema
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly discriminator?: {
    readonly propertyName: string
    readonly mapping: Readonly<Record<string, string>>
  }
}

const published = JSON.parse(read('settings.schema.json')) as Schema & {
  readonly $defs: Readonly<Record<string, Schema>>
}

const { components } = readDescription() as {
  components: { schemas: Readonly<Record<string, Schema>> }
}

const lookUp = (schemas: Readonly<Record<string, Schema>>, ref: string): Schema => {
  const schema = schemas[ref.split('/').at(-1) ?? '']
  if (!schema) throw new Error(`there is no ${ref}`)
  return schema
}

const vendor = (name: string): Schema => lookUp(components.schemas, name)
const resolved = (schema: Schema): Schema => (schema.$ref ? vendor(schema.$ref) : schema)

/** Returns the object schema of a settings key. A key that may also be a word has it in `else`. */
const objectOf = (schema: Schema): Schema => {
  const target = schema.$ref ? lookUp(published.$defs, schema.$ref) : schema
  return target.items ?? target.else ?? target
}

/** Returns the schema at a path of keys, skipping list items. */
const schemaAt = (path: string): Schema =>
  path
    .split('.')
    .reduce<Schema>((schema, key) => objectOf(schema).properties?.[key] ?? {}, published)

interface Key {
  readonly path: string
  readonly schema: Schema
}

const keysOf = (schema: Schema, above = ''): Key[] =>
  Object.entries(objectOf(schema).properties ?? {}).flatMap(([key, value]) => [
    { path: `${above}${key}`, schema: value },
    ...keysOf(value, `${above}${key}.`),
  ])

const keys = keysOf(published)
const keyNames = (schema: Schema): string[] => Object.keys(objectOf(schema).properties ?? {}).sort()

beforeEach(() => {
  // Values from the environment are masked, which prints to stdout.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
})
afterEach(() => {
  vi.restoreAllMocks()
})

const docs = read('docs/settings.md')

/** Returns the text under a heading, up to the next heading of any level. */
const sectionOf = (heading: string): string => {
  const [, following = ''] = docs.split(new RegExp(`^#+ \`${heading.replace('.', '\\.')}\`$`, 'm'))
  return following.split(/^#{2,4} /m)[0] ?? ''
}

/** Returns the heading that describes a key: its own, or that of its group. */
const headingOf = (path: string): string => {
  const parts = path.split('.')
  return parts[0] === 'plugins' && parts.length > 2 ? parts.slice(0, 2).join('.') : (parts[0] ?? '')
}

test('the code masks exactly the secrets of the settings', () => {
  const secrets = keys.filter(({ schema }) =>
    /environment: \$\{NAME\}/.test(schema.description ?? ''),
  )
  expect(secrets.length).toBeGreaterThan(3)
  const masked = keys.filter(({ path, schema }) => schema.type === 'string' && isSecret(path))
  expect(masked).toEqual(secrets)
})

describe('docs/settings.md', () => {
  test('is compared with a schema that has keys', () => {
    expect(keys.length).toBeGreaterThan(40)
  })

  test.each(keys.map(({ path, schema }) => [path, schema] as const))(
    'describes %s',
    (path, schema) => {
      const key = path.split('.').at(-1) ?? ''
      if (key === '$schema') return expect(docs).toContain('`$schema`')
      const description = sectionOf(headingOf(path))
      if (headingOf(path) !== path) expect(description).toContain(`\`${key}\``)
      const { enum: values, minimum, maximum, type } = schema.items ?? schema
      for (const value of values ?? []) expect(description).toContain(`\`${value}\``)
      if (minimum !== undefined) expect(description).toContain(`${minimum} to ${maximum}`)
      expect(description, `the section of ${headingOf(path)}, for a ${type}`).not.toBe('')
    },
  )

  test('describes only keys of the schema', () => {
    const described = [...docs.matchAll(/^#{3,4} `([\w.]+)`$/gm)].map((match) => match[1])
    const tabled = keys.map(({ path }) => path.split('.').at(-1))
    expect(described.filter((path) => !keys.some((key) => key.path === path))).toEqual([])
    const rows = [...docs.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1])
    expect(rows.filter((key) => !tabled.includes(key))).toEqual([])
  })
})

/** Returns the settings in a YAML block: the block itself, or the strings in its workflow or steps. */
const settingsIn = (block: string): string[] => {
  if (!/^(jobs:|- uses:.*)$/m.test(block)) return [block]
  const settings: string[] = []
  parse(block, (key, value: unknown) => {
    if (key === 'settings' && typeof value === 'string' && value.includes('\n'))
      settings.push(value)
    return value
  })
  return settings
}

const examples = ['docs/settings.md', 'README.md'].flatMap((path) =>
  yamlBlocks(read(path))
    .flatMap(settingsIn)
    .map((text, index) => [`${path}, no. ${index + 1}`, text] as const),
)

/** Returns a value for every `${NAME}` of a text, long enough for a password. */
const environmentOf = (text: string): NodeJS.ProcessEnv =>
  Object.fromEntries(
    [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name, `value-of-${name}`]),
  )

describe('the examples of settings', () => {
  test('exist in the README and in docs/settings.md', () => {
    expect(examples.length).toBeGreaterThan(12)
    expect(examples.filter(([name]) => name.startsWith('README'))).toHaveLength(1)
    expect(examples.filter(([, text]) => text.includes('name: Shop')).length).toBeGreaterThan(2)
  })

  test.each(examples)('%s is valid', (_, text) => {
    const settings = readSettings(text, environmentOf(text))
    expect(validate(settings), JSON.stringify(validate.errors)).toBe(true)
    expect(Object.keys(settings)).not.toEqual([])
  })

  test('would fail that test with a misspelled key', () => {
    expect(() => readSettings('webhook: { enabeld: true }', {})).toThrow(
      /enabeld.*is not a known setting; did you mean `enabled`/,
    )
  })

  test('have every top-level key, every provider with its keys, and every key of the webhook', () => {
    const used = new Set<string>()
    for (const [, text] of examples) parse(text, (key) => used.add(String(key)))
    const missing = keys
      .filter(({ path }) => /^(\w+|oauth_providers\.\w+(\.\w+)?|webhook\.\w+)$/.test(path))
      .map(({ path }) => path.split('.').at(-1) ?? '')
      .filter((key) => !used.has(key))
    expect(missing).toEqual([])
  })
})

/**
 * Returns the vendor's fields for a key of the settings. In the description of the older client package,
 * the `type` of an email server is a discriminator, not a field. In the types of the newer SDK, it is a
 * field of both kinds. Both list the same four OAuth providers.
 */
const fieldsOf = (schema: Schema): Record<string, Schema> => {
  const { discriminator, allOf = [], oneOf = [], properties } = resolved(schema)
  return Object.assign(
    {},
    ...[...allOf, ...oneOf].map((part) => fieldsOf(part)),
    discriminator && {
      [discriminator.propertyName]: { type: 'string', enum: Object.keys(discriminator.mapping) },
    },
    properties,
  )
}

const without = (fields: Record<string, Schema>, name: string): Record<string, Schema> =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name))

const oauthFields = fieldsOf(vendor('NeonAuthUpdateOAuthProviderRequest'))
const ownFields = without(oauthFields, 'microsoft_tenant_id')

/** The groups of settings, and the fields of their requests. */
const GROUPS: readonly (readonly [string, Record<string, Schema>])[] = [
  ['email_and_password', fieldsOf(vendor('NeonAuthEmailAndPasswordConfigUpdate'))],
  ['plugins.organization', fieldsOf(vendor('NeonAuthOrganizationConfigUpdate'))],
  ['plugins.magic_link', fieldsOf(vendor('NeonAuthMagicLinkConfigUpdate'))],
  ['plugins.phone_number', fieldsOf(vendor('NeonAuthPhoneNumberConfigUpdate'))],
  ['webhook', fieldsOf(vendor('NeonAuthWebhookConfig'))],
  ['email_provider', fieldsOf(vendor('NeonAuthEmailServerConfig'))],
  // According to the SDK's types, the tenant "has no effect for other provider types".
  ...(vendor('NeonAuthOauthProviderId').enum ?? []).map((id): [string, Record<string, Schema>] => [
    `oauth_providers.${id}`,
    id === 'microsoft' ? oauthFields : ownFields,
  ]),
  [
    'users',
    {
      ...fieldsOf(vendor('CreateBranchNeonAuthNewUserRequest')),
      ...fieldsOf(vendor('UpdateNeonAuthUserRoleRequest')),
      // Not a field of the management API. The auth service signs up a user with a password.
      password: { type: 'string' },
    },
  ],
]

/** The fields outside of groups. */
const SINGLE = {
  name: vendor('NeonAuthConfigUpdate').properties?.['name'] ?? {},
  allow_localhost:
    vendor('UpdateNeonAuthAllowLocalhostRequest').properties?.['allow_localhost'] ?? {},
  // The newer request, which only the SDK's types know, has the same field.
  test_email: fieldsOf(vendor('SendNeonAuthTestEmailRequest'))['recipient_email'] ?? {},
}

const FIELDS = [
  ...Object.entries(SINGLE).map(([path, field]) => [path, resolved(field)] as const),
  ...GROUPS.flatMap(([group, fields]) =>
    Object.entries(fields).map(([name, field]) => [`${group}.${name}`, resolved(field)] as const),
  ),
]

/** The fields that a group requires in addition to the one that is tried. */
const REQUIRED: Record<string, object> = {
  webhook: { enabled: true },
  email_provider: { type: 'standard' },
  users: { email: 'a@b.co' },
}

/** Returns whether the settings accept `value` at a path. */
const accepts = (path: string, value: unknown): boolean => {
  const parts = path.split('.')
  const key = parts.pop() ?? ''
  const group = { ...REQUIRED[parts.join('.')], [key]: value }
  const settings = parts.reduceRight<object>(
    (inner, part) => ({ [part]: part === 'users' ? [inner] : inner }),
    group,
  )
  return validate(settings)
}

/** Returns a value of a field's type with this size, length, or number of items. */
const valueOfSize = ({ type, format }: Schema, size: number): unknown => {
  if (type === 'integer') return size
  if (type === 'array') return Array.from({ length: size }, (_, index) => `item ${index}`)
  return format === 'email' ? `${'a'.repeat(size - 5)}@b.co` : 'a'.repeat(size)
}

/** Returns the minimum and maximum in the description. The format int32 implies a maximum. */
const limitsOf = (field: Schema): { minimum?: number; maximum?: number } => {
  const minimum = field.minimum ?? field.minLength ?? field.minItems
  const maximum =
    field.maximum ?? field.maxLength ?? (field.format === 'int32' ? 2 ** 31 - 1 : undefined)
  return {
    // No valid email address has only one character.
    ...(minimum !== undefined && field.format !== 'email' && { minimum }),
    ...(maximum !== undefined && { maximum }),
  }
}

const limitedFields = FIELDS.filter(([, field]) => Object.keys(limitsOf(field)).length > 0)
const ranges = limitedFields.flatMap(([path, field]) => {
  const { minimum, maximum } = limitsOf(field)
  return [
    ...(minimum === undefined ? [] : [[path, 'minimum', field, minimum, minimum - 1] as const]),
    ...(maximum === undefined ? [] : [[path, 'maximum', field, maximum, maximum + 1] as const]),
  ]
})

const enums = FIELDS.map(
  ([path, field]) => [path, (resolved(field.items ?? field).enum ?? []) as unknown[]] as const,
).filter(([, values]) => values.length > 0)

describe("the schema, compared with Neon's API description", () => {
  test.each(GROUPS)('gives %s the fields of its request', (group, fields) => {
    expect(keyNames(schemaAt(group))).toEqual(Object.keys(fields).sort())
  })

  test('has the OAuth providers that Neon has', () => {
    expect(keyNames(schemaAt('oauth_providers'))).toEqual(
      [...(vendor('NeonAuthOauthProviderId').enum ?? [])].sort(),
    )
  })

  test('has the plugins that Neon has', () => {
    const own = new Set(Object.keys(published.properties ?? {}))
    const all = Object.keys(vendor('NeonAuthPluginConfigs').properties ?? {})
    expect(keyNames(schemaAt('plugins'))).toEqual(all.filter((name) => !own.has(name)).sort())
  })

  test.each(FIELDS)('gives %s the same type', (path, field) => {
    const { type, enum: values } = schemaAt(path)
    expect(type ?? (values ? 'string' : undefined)).toBe(field.type)
  })

  test.each(enums)('allows %s the same values', (path, values) => {
    const { enum: own, items } = schemaAt(path)
    expect([...(own ?? items?.enum ?? [])].sort()).toEqual([...values].sort())
  })

  test.each(ranges)('gives %s the same %s', (path, _, field, valid, invalid) => {
    expect([valid, accepts(path, valueOfSize(field, valid))]).toEqual([valid, true])
    expect([invalid, accepts(path, valueOfSize(field, invalid))]).toEqual([invalid, false])
  })

  test('is compared in these fields', () => {
    expect(enums.map(([path]) => path)).toEqual([
      'email_and_password.email_verification_method',
      'plugins.organization.creator_role',
      'webhook.enabled_events',
      'email_provider.type',
    ])
    expect(new Set(limitedFields.map(([path]) => path))).toEqual(
      new Set([
        'name',
        'test_email',
        'plugins.organization.organization_limit',
        'plugins.organization.membership_limit',
        'plugins.magic_link.expires_in',
        'plugins.phone_number.otp_expires_in',
        'webhook.timeout_seconds',
        'users.email',
        'users.name',
        'users.roles',
      ]),
    )
  })

  test('requires the fields that its requests require', () => {
    expect(schemaAt('webhook').required).toEqual(vendor('NeonAuthWebhookConfig').required)
    expect(objectOf(schemaAt('users')).required).toEqual(
      vendor('CreateBranchNeonAuthNewUserRequest').required,
    )
    expect(schemaAt('email_provider').required).toEqual([
      vendor('NeonAuthEmailServerConfig').discriminator?.propertyName,
    ])
  })
})
