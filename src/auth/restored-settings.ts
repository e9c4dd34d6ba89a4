import { registerSecret } from '../core/secrets.ts'
import { isSettingsChange, settingOfChange } from '../settings/changes.ts'
import type { Settings } from '../settings/settings.ts'
import type { RowSettings } from '../settings/stored-row.ts'
import type { Desired, PlannedChange } from './plan.ts'

const NO_ROW: RowSettings = {
  settings: {},
  domains: [],
  secrets: [],
  unread: ['all of them, as the schema has no configuration row'],
}

/**
 * Returns the settings that a configuration row says. Their secrets are masked first. The validator
 * of the settings file is loaded here and now, as hardly any run needs it.
 */
export const configOf = async (
  row: Readonly<Record<string, unknown>> | undefined,
): Promise<RowSettings> => {
  if (!row) return NO_ROW
  const [{ validate }, { settingsOfRow }] = await Promise.all([
    import('../settings/validate.generated.js'),
    import('../settings/stored-row.ts'),
  ])
  const config = settingsOfRow(row, validate)
  for (const secret of config.secrets) registerSecret(secret)
  return config
}

/** What `isolate` cuts off never comes back. */
const cutOff = ({
  allow_localhost: _,
  email_provider: __,
  webhook: ___,
  ...rest
}: Settings): Settings => rest

const mergeSettings = (restored: Settings, wanted: Settings): Settings => {
  const merged = { ...restored, ...wanted }
  const plugins = { ...restored.plugins, ...wanted.plugins }
  const oauth = { ...restored.oauth_providers, ...wanted.oauth_providers }
  const password = { ...restored.email_and_password, ...wanted.email_and_password }
  const isEmpty = (value: object) => Object.keys(value).length === 0
  return {
    ...merged,
    ...(!isEmpty(plugins) && { plugins }),
    ...(!isEmpty(oauth) && { oauth_providers: oauth }),
    ...(!isEmpty(password) && { email_and_password: password }),
  }
}

const NESTED = ['oauth_providers', 'plugins'] as const

/** The settings by name: `webhook`, `plugins.magic_link`, `oauth_providers.github`. */
const namesOf = (settings: Settings): string[] =>
  Object.entries(settings).flatMap(([key, value]) =>
    NESTED.some((one) => one === key)
      ? Object.keys(value ?? {}).map((inner) => `${key}.${inner}`)
      : [key],
  )

const withoutKeys = <T extends object>(value: T, isLeftOut: (key: string) => boolean): T =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !isLeftOut(key))) as T

/** The same settings without those of these names. */
const withoutSettings = (settings: Settings, names: ReadonlySet<string>): Settings => {
  const rest = withoutKeys(settings, (key) => names.has(key))
  const nested = NESTED.flatMap((key) => {
    const value = rest[key]
    return value ? [[key, withoutKeys(value, (inner) => names.has(`${key}.${inner}`))]] : []
  })
  return { ...rest, ...Object.fromEntries(nested) }
}

const domainName = (domain: string): string => `the trusted domain ${domain}`

/** The setting that a change is about, by its name. `undefined`: it is not about one. */
export const settingOf = (change: PlannedChange): string | undefined => {
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
 * Adds to what a run wants what was configured before the close, except for the settings that Neon has
 * `refused`. Pure. What the run itself wants wins: its settings, `isolate`, and the domains that it
 * removes.
 */
export const withConfig = (
  desired: Desired,
  { settings: stored, domains }: RowSettings,
  refused: ReadonlySet<string> = new Set(),
): Desired => {
  const { isolate, pruneDomains, trustedDomains, formerDomains = [], settings: own = {} } = desired
  const unwanted = new Set([...formerDomains, ...trustedDomains])
  const kept = domains.filter((one) => !unwanted.has(one) && !refused.has(domainName(one)))
  const added = isolate || pruneDomains ? [] : kept
  const restored = withoutSettings(isolate ? cutOff(stored) : stored, refused)
  // The one setting whose values are merged: its own values are tried again without the restored ones.
  const { email_and_password: _, ...replaced } = own
  const wins = new Set(namesOf(replaced))
  if (desired.allowLocalhost !== undefined) wins.add('allow_localhost')
  return {
    ...desired,
    trustedDomains: [...trustedDomains, ...added],
    settings: mergeSettings(restored, own),
    restoredSettings: [
      ...namesOf(restored).filter((name) => !wins.has(name)),
      ...added.map(domainName),
    ],
  }
}
