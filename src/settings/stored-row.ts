import { oneLine } from '../core/text.ts'
import { OAUTH_PROVIDER_IDS } from './oauth-providers.ts'
import { PLUGINS } from './plugins.ts'
import type { Settings } from './settings.ts'

type Fields = Record<string, unknown>

/** What a configuration row says, as far as it can be read. */
export interface RowSettings {
  readonly settings: Settings
  /** The trusted domains, verbatim. */
  readonly domains: readonly string[]
  /** Passwords and client secrets in `settings`, to be masked. */
  readonly secrets: readonly string[]
  /** What could not be read, each with a name of its own. */
  readonly unread: readonly string[]
}

/** Whether these settings fit the schema of the settings file. */
export type FitsSchema = (settings: Fields) => boolean

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Without what is stored as "nothing". */
const present = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ''))

const text = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** Credentials as the API takes them. `undefined`: the row has only a part of them. */
const wishOf = ({ client_id, client_secret, microsoft_tenant_id }: Fields): unknown => {
  if (!text(client_id) && !text(client_secret)) return 'shared'
  if (!text(client_id) || !text(client_secret)) return undefined
  return { client_id, client_secret, ...(text(microsoft_tenant_id) && { microsoft_tenant_id }) }
}

/** The providers that are there, and `absent` for those that were not: enabling may add some. */
const oauthOf = (value: unknown, unread: string[], fits: FitsSchema): Fields => {
  if (!Array.isArray(value)) {
    unread.push('oauth_providers')
    return {}
  }
  const stored = value.filter(isFields)
  const wishes: Fields = {}
  for (const id of OAUTH_PROVIDER_IDS) {
    const provider = stored.find((one) => one['id'] === id)
    const wish = provider ? wishOf(provider) : 'absent'
    if (wish !== undefined && fits({ oauth_providers: { [id]: wish } })) wishes[id] = wish
    else unread.push(`the credentials of ${id}`)
  }
  const unknown = stored
    .map((one) => String(one['id']))
    .filter((id) => !OAUTH_PROVIDER_IDS.some((known) => known === id))
  unread.push(...unknown.map((id) => `the provider ${oneLine(id, 60)}`))
  return wishes
}

/** An SMTP server without its password does not work: better none at all. */
const emailProviderOf = (value: Fields): Fields | undefined => {
  const { type, sender_email, sender_name, ...server } = present(value)
  const sender = present({ sender_email: sender_email ?? null, sender_name: sender_name ?? null })
  if (type === 'shared') return { type, ...sender }
  return text(server['password']) ? { type, ...server, ...sender } : undefined
}

const domainsOf = (value: unknown): string[] | undefined => {
  if (!Array.isArray(value)) return undefined
  const domains = value.map((entry) => (isFields(entry) ? entry['domain'] : entry))
  return domains.every(text) ? domains : undefined
}

const secretsOf = (settings: Fields): string[] => {
  const email = settings['email_provider']
  const oauth = settings['oauth_providers']
  const providers = isFields(oauth) ? Object.values(oauth).filter(isFields) : []
  const held = [
    isFields(email) && email['password'],
    ...providers.map((one) => one['client_secret']),
  ]
  return held.filter(text)
}

/**
 * Settings that are more than one column, or none: a restore copies the users as rows, and the last
 * three are about one run.
 */
type OtherSetting =
  | 'oauth_providers'
  | 'plugins'
  | 'users'
  | 'delete_users'
  | 'test_email'
  | 'resend_secrets'

/** Where the row has each other setting. A new setting is a type error here. */
const COLUMNS: Readonly<
  Record<
    Exclude<keyof Settings, OtherSetting>,
    { readonly column: string; readonly read: (value: Fields) => Fields | undefined }
  >
> = {
  name: { column: 'name', read: present },
  allow_localhost: { column: 'allow_localhost', read: present },
  email_and_password: { column: 'email_and_password', read: present },
  email_provider: { column: 'email_provider', read: emailProviderOf },
  webhook: { column: 'webhook_config', read: present },
}

const columnsOf = (row: Fields, unread: string[], fits: FitsSchema): Fields => {
  const settings: Fields = {}
  for (const [key, { column, read }] of Object.entries(COLUMNS)) {
    const stored = row[column]
    // Nothing was ever set there.
    if (stored === null) continue
    const value = isFields(stored) ? read(stored) : stored
    if (value !== undefined && fits({ [key]: value })) settings[key] = value
    else unread.push(key)
  }
  return settings
}

const pluginsOf = (stored: unknown, unread: string[], fits: FitsSchema): Fields => {
  const plugins: Fields = {}
  for (const plugin of PLUGINS) {
    const value = isFields(stored) ? stored[plugin] : undefined
    const set = isFields(value) ? present(value) : value
    if (set !== undefined && fits({ plugins: { [plugin]: set } })) plugins[plugin] = set
    else unread.push(`plugins.${plugin}`)
  }
  return plugins
}

/**
 * Reads a row of `neon_auth.project_config` as settings. Pure. The row is Neon's own and not
 * documented: a part that is not as the settings file would have it (`fits`) is named in `unread`
 * and otherwise ignored.
 */
export const settingsOfRow = (row: Fields, fits: FitsSchema): RowSettings => {
  const unread: string[] = []
  const settings = {
    ...columnsOf(row, unread, fits),
    oauth_providers: oauthOf(row['social_providers'], unread, fits),
    plugins: pluginsOf(row['plugin_configs'], unread, fits),
  }
  const domains = domainsOf(row['trusted_origins'])
  if (!domains) unread.push('the trusted domains')
  return {
    settings: settings as Settings,
    domains: domains ?? [],
    secrets: secretsOf(settings),
    unread,
  }
}
