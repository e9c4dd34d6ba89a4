import type {
  NeonAuthEmailServerConfig,
  NeonAuthEmailServerConfigResponse,
  NeonAuthOauthProvider,
  NeonAuthOauthProviderId,
  NeonAuthWebhookConfig,
} from '@neon/sdk/raw'
import type { SettingsChange } from './changes.ts'
import { hasSameMeaning, isHidden } from './compare.ts'
import { PLUGINS } from './plugins.ts'
import type { OauthProviderSetting, PluginUpdates, Settings, StoredSettings } from './settings.ts'

/**
 * How to plan a value that cannot be compared, because Neon does not show it. `send`: the run writes something
 * else anyway, so send the value too. `skip`: nothing else differs, so assume that the value is stored. `sent`:
 * this run has already sent it.
 */
export type WriteOnlyPolicy = 'send' | 'skip' | 'sent'

/** How to plan values that cannot be compared. */
export interface PlanOptions {
  /** Whether to send passwords and client secrets even if no visible value differs. */
  readonly resend: boolean
  readonly writeOnly: WriteOnlyPolicy
}

/** Returns the values of `wanted` that `stored` does not have yet. */
const difference = <T extends object>(
  wanted: T,
  stored: object | undefined,
  writeOnly: WriteOnlyPolicy,
): Partial<T> =>
  Object.fromEntries(
    Object.entries(wanted).filter(([key, value]) => {
      const shown = (stored as Record<string, unknown> | undefined)?.[key]
      return isHidden(shown) ? writeOnly === 'send' : !hasSameMeaning(key, value, shown)
    }),
  ) as Partial<T>

const isEmpty = (value: object): boolean => Object.keys(value).length === 0

/** Returns whether Neon shows a secret that differs from the wanted one. */
const secretDiffers = (wanted: string | undefined, shown: string | undefined): boolean =>
  wanted !== undefined && !isHidden(shown) && shown !== wanted

const planEmailProvider = (
  wanted: NeonAuthEmailServerConfig,
  stored: NeonAuthEmailServerConfigResponse | undefined,
  { resend, writeOnly }: PlanOptions,
): SettingsChange[] => {
  const { password, ...visible } =
    wanted.type === 'standard' ? wanted : { ...wanted, password: undefined }
  const shownPassword = stored?.type === 'standard' ? stored.password : undefined
  // If Neon shows no provider, this run has just set it, or it was never set and the shared one is in use.
  const current = stored ?? { type: writeOnly === 'sent' ? wanted.type : 'shared' }
  const differs =
    !isEmpty(difference(visible, current, writeOnly)) || secretDiffers(password, shownPassword)
  if (!differs && !(resend && password !== undefined)) return []
  return [{ change: 'set_email_provider', provider: wanted }]
}

const planOauth = (
  provider: NeonAuthOauthProviderId,
  wanted: OauthProviderSetting,
  stored: NeonAuthOauthProvider | undefined,
  { resend, writeOnly }: PlanOptions,
): SettingsChange[] => {
  if (wanted === 'absent') return stored ? [{ change: 'remove_oauth_provider', provider }] : []
  const add = { change: 'add_oauth_provider', provider } as const
  if (wanted === 'shared') {
    if (stored?.type === 'shared') return []
    return stored ? [{ change: 'remove_oauth_provider', provider }, add] : [add]
  }
  if (!stored) return [{ ...add, credentials: wanted }]
  const isUnchanged =
    stored.type === 'standard' &&
    isEmpty(difference({ client_id: wanted.client_id }, stored, writeOnly)) &&
    !secretDiffers(wanted.client_secret, stored.client_secret)
  if (isUnchanged && !resend) return []
  return [{ change: 'update_oauth_provider', provider, credentials: wanted }]
}

const planPlugins = (
  wanted: PluginUpdates,
  { plugins }: StoredSettings,
  { writeOnly }: PlanOptions,
): SettingsChange[] =>
  PLUGINS.flatMap((plugin) => {
    const set = difference(wanted[plugin] ?? {}, plugins[plugin], writeOnly)
    return isEmpty(set) ? [] : [{ change: 'update_plugin', plugin, set } as SettingsChange]
  })

/** Returns the visible values of a stored webhook. Sending a mask back would overwrite the real value. */
const visibleWebhook = ({
  enabled,
  webhook_url,
  enabled_events,
  timeout_seconds,
}: NeonAuthWebhookConfig): NeonAuthWebhookConfig => ({
  enabled,
  ...(!isHidden(webhook_url) && webhook_url && { webhook_url }),
  ...(enabled_events && { enabled_events }),
  ...(timeout_seconds && { timeout_seconds }),
})

/** Plans the webhook. PUT replaces all of it, so the plan repeats the values that the file does not set. */
const planWebhook = (
  wanted: NeonAuthWebhookConfig,
  stored: NeonAuthWebhookConfig,
  { writeOnly }: PlanOptions,
): SettingsChange[] =>
  isEmpty(difference(wanted, stored, writeOnly))
    ? []
    : [{ change: 'set_webhook', webhook: { ...visibleWebhook(stored), ...wanted } }]

/** Orders changes: verification links are never on without the SMTP server that they need. */
const orderForVerification = (
  wanted: Settings,
  emailProvider: readonly SettingsChange[],
  emailAndPassword: readonly SettingsChange[],
  others: readonly SettingsChange[],
): SettingsChange[] =>
  wanted.email_provider?.type === 'shared'
    ? [...emailAndPassword, ...emailProvider, ...others]
    : [...emailProvider, ...others, ...emailAndPassword]

/**
 * Returns the changes that turn `stored` into `wanted`, in the order to apply them. Returns none once they are
 * applied. {@link PlanOptions} controls values that Neon does not show. Pure.
 */
export const planSettings = (
  wanted: Settings,
  stored: StoredSettings,
  options: PlanOptions,
): SettingsChange[] => {
  const { name, email_and_password, email_provider, oauth_providers, plugins, webhook } = wanted
  const { writeOnly } = options
  const set = difference(email_and_password ?? {}, stored.plugins.email_and_password, writeOnly)
  const wantedProviders = Object.entries(oauth_providers ?? {}) as [
    NeonAuthOauthProviderId,
    OauthProviderSetting,
  ][]
  const storedProviders = stored.plugins.oauth_providers ?? []
  const newName = difference(name === undefined ? {} : { name }, stored, writeOnly).name
  return [
    ...(webhook ? planWebhook(webhook, stored.webhook, options) : []),
    ...orderForVerification(
      wanted,
      email_provider
        ? planEmailProvider(email_provider, stored.plugins.email_provider, options)
        : [],
      isEmpty(set) ? [] : [{ change: 'update_email_and_password', set }],
      [
        ...(newName === undefined ? [] : [{ change: 'set_name', name: newName } as const]),
        ...wantedProviders.flatMap(([id, setting]) =>
          planOauth(
            id,
            setting,
            storedProviders.find((provider) => provider.id === id),
            options,
          ),
        ),
        ...(plugins ? planPlugins(plugins, stored, options) : []),
      ],
    ),
  ]
}
