import { registerSecret } from '../core/secrets.ts'
import type { Settings } from '../settings/settings.ts'
import type { RowSettings } from '../settings/stored-row.ts'
import type { Desired } from './plan.ts'

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

/**
 * Adds to what a run wants what was configured before the close. Pure. What the run itself wants
 * wins: its settings, `isolate`, and the domains that it removes.
 */
export const withConfig = (desired: Desired, { settings, domains }: RowSettings): Desired => {
  const { isolate, pruneDomains, trustedDomains, formerDomains = [] } = desired
  const kept = isolate || pruneDomains ? [] : domains.filter((one) => !formerDomains.includes(one))
  return {
    ...desired,
    trustedDomains: [...new Set([...trustedDomains, ...kept])],
    settings: mergeSettings(isolate ? cutOff(settings) : settings, desired.settings ?? {}),
  }
}
