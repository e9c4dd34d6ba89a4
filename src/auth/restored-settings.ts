import { registerSecret } from '../core/secrets.ts'
import { originOf } from '../domains/origin.ts'
import { isSettingsChange, settingOfChange } from '../settings/changes.ts'
import { type Settings, sendsOnlyCodes } from '../settings/settings.ts'
import type { RowSettings } from '../settings/stored-row.ts'
import type { Desired, PlannedChange } from './plan.ts'

const NO_ROW: RowSettings = {
  settings: {},
  domains: [],
  secrets: [],
  unread: ['all of them, because the schema has no configuration row'],
}

/**
 * Returns the settings in a configuration row, and registers their secrets for masking. With `sharedOauth`, providers use
 * Neon's shared OAuth app if there is one. Imports the validator of the settings file only here, because few
 * runs need it.
 */
export const readConfig = async (
  row: Readonly<Record<string, unknown>> | undefined,
  sharedOauth = false,
): Promise<RowSettings> => {
  if (!row) return NO_ROW
  const [{ validate }, { readRowSettings }] = await Promise.all([
    import('../settings/validate.generated.js'),
    import('../settings/stored-row.ts'),
  ])
  const config = readRowSettings(row, validate, sharedOauth)
  for (const secret of config.secrets) registerSecret(secret)
  return config
}

/**
 * Returns the settings without those that `isolate` cuts off. Unless the run sets its own mail server, also leaves out
 * verification links, which need one.
 */
const withoutIsolated = (
  {
    allow_localhost: _,
    email_provider: __,
    webhook: ___,
    email_and_password: password,
    ...rest
  }: Settings,
  own: Settings,
): Settings => {
  if (!password) return rest
  const { email_verification_method: method, ...others } = password
  const isUseless = method === 'link' && sendsOnlyCodes(own)
  return { ...rest, email_and_password: isUseless ? others : password }
}

const mergeSettings = (restored: Settings, own: Settings): Settings => {
  const merged = { ...restored, ...own }
  const plugins = { ...restored.plugins, ...own.plugins }
  const oauth = { ...restored.oauth_providers, ...own.oauth_providers }
  const password = { ...restored.email_and_password, ...own.email_and_password }
  const isEmpty = (value: object) => Object.keys(value).length === 0
  return {
    ...merged,
    ...(!isEmpty(plugins) && { plugins }),
    ...(!isEmpty(oauth) && { oauth_providers: oauth }),
    ...(!isEmpty(password) && { email_and_password: password }),
  }
}

const NESTED = ['oauth_providers', 'plugins'] as const

/** Returns the names of settings: `webhook`, `plugins.magic_link`, `oauth_providers.github`. */
const settingNames = (settings: Settings): string[] =>
  Object.entries(settings).flatMap(([key, value]) =>
    NESTED.some((name) => name === key)
      ? Object.keys(value ?? {}).map((inner) => `${key}.${inner}`)
      : [key],
  )

const withoutKeys = <T extends object>(value: T, isExcluded: (key: string) => boolean): T =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !isExcluded(key))) as T

/** Returns the settings without those in `names`. */
const withoutSettings = (settings: Settings, names: ReadonlySet<string>): Settings => {
  const rest = withoutKeys(settings, (key) => names.has(key))
  const nested = NESTED.flatMap((key) => {
    const value = rest[key]
    return value ? [[key, withoutKeys(value, (inner) => names.has(`${key}.${inner}`))]] : []
  })
  return { ...rest, ...Object.fromEntries(nested) }
}

const domainName = (domain: string): string => `the trusted domain ${domain}`

/** Returns the name of the setting that a change writes, or `undefined` if it writes none. */
export const writtenSettingName = (change: PlannedChange): string | undefined => {
  if (isSettingsChange(change)) return settingOfChange(change)
  switch (change.change) {
    case 'set_allow_localhost':
      return 'allow_localhost'
    case 'trust_domain':
      return domainName(change.domain)
    default:
      return undefined
  }
}

/**
 * Returns `desired` with the settings and domains from before the close, except those that Neon has `refused`.
 * The run's own settings, `isolate`, and the domains that the run removes take precedence. Pure.
 */
export const withRestoredConfig = (
  desired: Desired,
  { settings: stored, domains }: RowSettings,
  refused: ReadonlySet<string> = new Set(),
): Desired => {
  const { isolate, pruneDomains, trustedDomains, formerDomains = [], settings: own = {} } = desired
  const excluded = new Set([...formerDomains, ...trustedDomains])
  const restorable = domains.filter(
    (domain) => !excluded.has(originOf(domain)) && !refused.has(domainName(domain)),
  )
  const added = isolate || pruneDomains ? [] : restorable
  const restored = withoutSettings(isolate ? withoutIsolated(stored, own) : stored, refused)
  // `email_and_password` merges own and restored values, so it still counts as restored. If Neon refuses the mix,
  // the run tries its own values alone.
  const { email_and_password: _, ...overriding } = own
  const overridden = new Set(settingNames(overriding))
  if (desired.allowLocalhost !== undefined) overridden.add('allow_localhost')
  return {
    ...desired,
    trustedDomains: [...trustedDomains, ...added],
    settings: mergeSettings(restored, own),
    restoredSettings: [
      ...settingNames(restored).filter((name) => !overridden.has(name)),
      ...added.map(domainName),
    ],
  }
}
