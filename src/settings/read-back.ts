import { oneLine } from '../core/text.ts'
import { originOf } from '../domains/origin.ts'
import { isHidden, sameMeaning } from './compare.ts'
import type { SettingsChange } from './plan-settings.ts'
import type { StoredSettings } from './settings.ts'

/** A value that a change sends. */
interface SentValue {
  /** The path in the settings file. */
  readonly path: string
  /** The last part of the path. */
  readonly key: string
  readonly value: unknown
}

const valuesAt = (path: string, values: object): SentValue[] =>
  Object.entries(values).map(([key, value]) => ({ path: `${path}.${key}`, key, value }))

/** Returns the values that a change sends, without the secrets, which Neon never returns. */
const sentValues = (change: SettingsChange): SentValue[] => {
  switch (change.change) {
    case 'set_name':
      return [{ path: 'name', key: 'name', value: change.name }]
    case 'update_email_and_password':
      return valuesAt('email_and_password', change.set)
    case 'set_email_provider': {
      const { password: _, ...visible } = { password: undefined, ...change.provider }
      return valuesAt('email_provider', visible)
    }
    case 'update_plugin':
      return valuesAt(`plugins.${change.plugin}`, change.set)
    case 'add_oauth_provider':
    case 'update_oauth_provider': {
      const { client_id } = change.credentials ?? {}
      const type = client_id === undefined ? 'shared' : 'standard'
      const visible = { type, ...(client_id !== undefined && { client_id }) }
      return valuesAt(`oauth_providers.${change.provider}`, visible)
    }
    case 'remove_oauth_provider':
      return []
    case 'set_webhook':
      return valuesAt('webhook', change.webhook)
  }
}

/** Returns the part of the stored settings that a change writes to. */
const shownPart = (change: SettingsChange, { name, plugins, webhook }: StoredSettings): object => {
  switch (change.change) {
    case 'set_name':
      return { name }
    case 'update_email_and_password':
      return plugins.email_and_password ?? {}
    case 'set_email_provider':
      return plugins.email_provider ?? {}
    case 'update_plugin':
      return plugins[change.plugin] ?? {}
    case 'add_oauth_provider':
    case 'update_oauth_provider':
    case 'remove_oauth_provider':
      return plugins.oauth_providers?.find(({ id }) => id === change.provider) ?? {}
    case 'set_webhook':
      return webhook
  }
}

interface ComparedValue extends SentValue {
  readonly stored: unknown
}

const compareValues = (change: SettingsChange, stored: StoredSettings): ComparedValue[] => {
  const shown = shownPart(change, stored) as Record<string, unknown>
  return sentValues(change).map((sent) => ({ ...sent, stored: shown[sent.key] }))
}

const differs = ({ key, value, stored }: ComparedValue): boolean =>
  !isHidden(stored) && !sameMeaning(key, value, stored)

/**
 * Returns whether the stored settings prove that a change was applied. Returns `false` if they hide a part of
 * it, because applying a settings change twice does no harm.
 */
export const isShownAsApplied = (change: SettingsChange, stored: StoredSettings): boolean => {
  if (change.change === 'remove_oauth_provider')
    return !stored.plugins.oauth_providers?.some(({ id }) => id === change.provider)
  const secret =
    change.change === 'set_email_provider'
      ? change.provider.type === 'standard'
      : 'credentials' in change && change.credentials !== undefined
  if (secret) return false
  return compareValues(change, stored).every((value) => !isHidden(value.stored) && !differs(value))
}

/** Describes a value. Shows only the origin of a webhook URL, because many contain a secret. */
const describeValue = (key: string, value: unknown): string => {
  const safe = key === 'webhook_url' && typeof value === 'string' ? originOf(value) : value
  return oneLine(JSON.stringify(safe) ?? 'nothing', 100)
}

/** The maximum number of times to send a value that reads back differently. */
const MAX_SENDS = 2

const timesSent = ({ path, key, value }: SentValue, written: readonly SettingsChange[]): number =>
  written.filter((change) =>
    sentValues(change).some((sent) => sent.path === path && sameMeaning(key, sent.value, value)),
  ).length

/**
 * Returns one warning, without secrets, for each value of `planned` that Neon accepted twice but stores
 * differently. Returns none if the change is worth another attempt, because another run may have changed the
 * value. A boolean or a `type` always is, because Neon does not store these in another form. Pure.
 */
export const storedDifferently = (
  planned: SettingsChange,
  written: readonly SettingsChange[],
  stored: StoredSettings,
): string[] => {
  const different = compareValues(planned, stored).filter(differs)
  const isFinal = different.every(
    (value) =>
      typeof value.value !== 'boolean' &&
      value.key !== 'type' &&
      timesSent(value, written) >= MAX_SENDS,
  )
  if (!isFinal) return []
  return different.map(
    ({ path, key, value, stored: found }) =>
      `Neon accepted \`${path}\` = ${describeValue(key, value)} ${MAX_SENDS} times, but stores ${describeValue(key, found)}. The run stops sending it. Set the stored value in \`settings\`, so that the next run does not send the other value again.`,
  )
}

const SETTINGS_CHANGES: ReadonlySet<string> = new Set<SettingsChange['change']>([
  'set_name',
  'update_email_and_password',
  'set_email_provider',
  'update_plugin',
  'add_oauth_provider',
  'update_oauth_provider',
  'remove_oauth_provider',
  'set_webhook',
])

/** Returns whether a change writes settings. */
export const isSettingsChange = (change: { readonly change: string }): change is SettingsChange =>
  SETTINGS_CHANGES.has(change.change)
