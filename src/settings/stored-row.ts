import { type Fields, fieldsOf, isFields } from '../core/fields.ts'
import { withoutUndefined } from '../core/optional.ts'
import { oneLine } from '../core/text.ts'
import { OAUTH_PROVIDER_IDS, OAUTH_PROVIDERS, oauthProvider } from './oauth-providers.ts'
import { PLUGINS } from './plugins.ts'
import type { Settings } from './settings.ts'

/** The readable content of a configuration row. */
export interface RowSettings {
  readonly settings: Settings
  /** The trusted domains, verbatim. */
  readonly domains: readonly string[]
  /** The passwords and client secrets in `settings`, for masking. */
  readonly secrets: readonly string[]
  /** The names of the parts that could not be read. */
  readonly unread: readonly string[]
}

/** Returns whether settings match the schema of the settings file. */
export type FitsSchema = (settings: Fields) => boolean

/** Returns the fields that are set. The row stores an unset value as `null` or as an empty string. */
const withoutUnset = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ''))

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** Returns the setting for a stored provider. Incomplete credentials do not match the schema. */
const providerSetting = ({ client_id, client_secret, microsoft_tenant_id }: Fields): unknown => {
  if (!isText(client_id) && !isText(client_secret)) return 'shared'
  return { client_id, client_secret, ...(isText(microsoft_tenant_id) && { microsoft_tenant_id }) }
}

/** Returns the settings of all providers. A missing provider is `absent`, because enabling may add it. */
const readOauth = (
  value: unknown,
  unread: string[],
  fits: FitsSchema,
  prefersShared: boolean,
): Fields => {
  if (!Array.isArray(value)) {
    unread.push('oauth_providers')
    return {}
  }
  const stored = value.filter(isFields)
  const settings: Fields = {}
  for (const id of OAUTH_PROVIDER_IDS) {
    const provider = stored.find((candidate) => candidate['id'] === id)
    const isShared = provider && prefersShared && OAUTH_PROVIDERS[id].hasSharedApp
    const setting = isShared ? 'shared' : provider ? providerSetting(provider) : 'absent'
    if (fits({ oauth_providers: { [id]: setting } })) settings[id] = setting
    else unread.push(`the credentials of ${id}`)
  }
  const unknownIds = stored.map(({ id }) => String(id)).filter((id) => !oauthProvider(id))
  unread.push(...unknownIds.map((id) => `the provider ${oneLine(id, 60)}`))
  return settings
}

/** Returns the email provider, or `undefined` for an SMTP server without a password, which could not send. */
const readEmailProvider = (value: Fields): Fields | undefined => {
  const { type, sender_email, sender_name, ...server } = withoutUnset(value)
  const sender = withoutUndefined({ sender_email, sender_name })
  if (type === 'shared') return { type, ...sender }
  return isText(server['password']) ? { type, ...server, ...sender } : undefined
}

const readDomains = (value: unknown): string[] | undefined => {
  if (!Array.isArray(value)) return undefined
  const domains = value.map((entry) => (isFields(entry) ? entry['domain'] : entry))
  return domains.every(isText) ? domains : undefined
}

const collectSecrets = (settings: Fields): string[] => {
  const { password } = fieldsOf(settings['email_provider'])
  const providers = Object.values(fieldsOf(settings['oauth_providers'])).map(fieldsOf)
  return [password, ...providers.map(({ client_secret }) => client_secret)].filter(isText)
}

/**
 * The settings without an entry in {@link COLUMNS}. The first two are read part by part. A restore copies users
 * as rows. The last three affect only one run.
 */
type SettingWithoutColumn =
  | 'oauth_providers'
  | 'plugins'
  | 'users'
  | 'delete_users'
  | 'test_email'
  | 'resend_secrets'

/** The column of each remaining setting, and how to read it. A missing setting is a type error here. */
const COLUMNS: Readonly<
  Record<
    Exclude<keyof Settings, SettingWithoutColumn>,
    { readonly column: string; readonly read: (value: Fields) => Fields | undefined }
  >
> = {
  name: { column: 'name', read: withoutUnset },
  allow_localhost: { column: 'allow_localhost', read: withoutUnset },
  email_and_password: { column: 'email_and_password', read: withoutUnset },
  email_provider: { column: 'email_provider', read: readEmailProvider },
  webhook: { column: 'webhook_config', read: withoutUnset },
}

const readColumns = (row: Fields, unread: string[], fits: FitsSchema): Fields => {
  const settings: Fields = {}
  for (const [key, { column, read }] of Object.entries(COLUMNS)) {
    const stored = row[column]
    // The setting was never set.
    if (stored === null) continue
    const value = isFields(stored) ? read(stored) : stored
    if (value !== undefined && fits({ [key]: value })) settings[key] = value
    else unread.push(key)
  }
  return settings
}

const readPlugins = (stored: unknown, unread: string[], fits: FitsSchema): Fields => {
  const plugins: Fields = {}
  for (const plugin of PLUGINS) {
    const value = fieldsOf(stored)[plugin]
    const settings = isFields(value) ? withoutUnset(value) : value
    if (settings !== undefined && fits({ plugins: { [plugin]: settings } }))
      plugins[plugin] = settings
    else unread.push(`plugins.${plugin}`)
  }
  return plugins
}

/**
 * Reads a row of `neon_auth.project_config`, which Neon does not document, as settings. Skips each part that
 * does not match the schema of the settings file (`fits`), and names it in `unread`. With `prefersShared`,
 * providers use Neon's shared OAuth app if there is one. Pure.
 */
export const readRowSettings = (
  row: Fields,
  fits: FitsSchema,
  prefersShared: boolean,
): RowSettings => {
  const unread: string[] = []
  const settings = {
    ...readColumns(row, unread, fits),
    oauth_providers: readOauth(row['social_providers'], unread, fits, prefersShared),
    plugins: readPlugins(row['plugin_configs'], unread, fits),
  }
  const domains = readDomains(row['trusted_origins'])
  if (!domains) unread.push('the trusted domains')
  return {
    settings: settings as Settings,
    domains: domains ?? [],
    secrets: collectSecrets(settings),
    unread,
  }
}
