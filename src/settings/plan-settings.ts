import type {
  NeonAuthEmailServerConfig,
  NeonAuthEmailServerConfigResponse,
  NeonAuthOauthProvider,
  NeonAuthOauthProviderId,
  NeonAuthWebhookConfig,
} from '@neon/sdk/raw'
import type { SettingsChange } from './changes.ts'
import { isHidden, sameMeaning } from './compare.ts'
import { PLUGINS } from './plugins.ts'
import type { OauthProviderSetting, PluginUpdates, Settings, StoredSettings } from './settings.ts'

/**
 * What to do about a value that reading does not show, which nobody can compare. `send`: something
 * else is written anyway, so send it along. `skip`: nothing else differs, so it counts as stored.
 * `sent`: this run has sent it, so it counts as stored.
 */
export type Unshown = 'send' | 'skip' | 'sent'

/** How to plan what cannot be compared. */
export interface PlanOptions {
  /** Send passwords and client secrets although nothing that can be read differs. */
  readonly resend: boolean
  readonly unshown: Unshown
}

/** The part of `wanted` that `stored` does not hold already. */
const difference = <T extends object>(
  wanted: T,
  stored: object | undefined,
  unshown: Unshown,
): Partial<T> =>
  Object.fromEntries(
    Object.entries(wanted).filter(([key, value]) => {
      const shown = (stored as Record<string, unknown> | undefined)?.[key]
      return isHidden(shown) ? unshown === 'send' : !sameMeaning(key, value, shown)
    }),
  ) as Partial<T>

const isEmpty = (value: object): boolean => Object.keys(value).length === 0

/** Whether a secret that reading does show is another one than wanted. */
const contradicts = (wanted: string | undefined, shown: string | undefined): boolean =>
  wanted !== undefined && !isHidden(shown) && shown !== wanted

const planEmailProvider = (
  wanted: NeonAuthEmailServerConfig,
  stored: NeonAuthEmailServerConfigResponse | undefined,
  { resend, unshown }: PlanOptions,
): SettingsChange[] => {
  const { password, ...visible } =
    wanted.type === 'standard' ? wanted : { ...wanted, password: undefined }
  const shown = stored?.type === 'standard' ? stored.password : undefined
  // Not shown: nothing was ever set, so Neon's own server sends. Unless it was set a moment ago.
  const known = stored ?? { type: unshown === 'sent' ? wanted.type : 'shared' }
  const differs = !isEmpty(difference(visible, known, unshown)) || contradicts(password, shown)
  if (!differs && !(resend && password !== undefined)) return []
  return [{ change: 'set_email_provider', provider: wanted }]
}

const planOauth = (
  provider: NeonAuthOauthProviderId,
  wish: OauthProviderSetting,
  stored: NeonAuthOauthProvider | undefined,
  { resend, unshown }: PlanOptions,
): SettingsChange[] => {
  if (wish === 'absent') return stored ? [{ change: 'remove_oauth_provider', provider }] : []
  const add = { change: 'add_oauth_provider', provider } as const
  if (wish === 'shared') {
    if (stored?.type === 'shared') return []
    return stored ? [{ change: 'remove_oauth_provider', provider }, add] : [add]
  }
  if (!stored) return [{ ...add, credentials: wish }]
  const unchanged =
    stored.type === 'standard' &&
    isEmpty(difference({ client_id: wish.client_id }, stored, unshown)) &&
    !contradicts(wish.client_secret, stored.client_secret)
  if (unchanged && !resend) return []
  return [{ change: 'update_oauth_provider', provider, credentials: wish }]
}

const planPlugins = (
  wanted: PluginUpdates,
  { plugins }: StoredSettings,
  { unshown }: PlanOptions,
): SettingsChange[] =>
  PLUGINS.flatMap((plugin) => {
    const set = difference(wanted[plugin] ?? {}, plugins[plugin], unshown)
    return isEmpty(set) ? [] : [{ change: 'update_plugin', plugin, set } as SettingsChange]
  })

/** What Neon shows of a webhook, without what is empty or masked: a mask must never be stored. */
const known = ({
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

/** PUT replaces the whole webhook, so values that the file does not mention are sent unchanged. */
const planWebhook = (
  wanted: NeonAuthWebhookConfig,
  stored: NeonAuthWebhookConfig,
  { unshown }: PlanOptions,
): SettingsChange[] =>
  isEmpty(difference(wanted, stored, unshown))
    ? []
    : [{ change: 'set_webhook', webhook: { ...known(stored), ...wanted } }]

/** Verification links need an SMTP server, so the two change in the order that never breaks this. */
const inOrder = (
  wanted: Settings,
  provider: readonly SettingsChange[],
  password: readonly SettingsChange[],
  between: readonly SettingsChange[],
): SettingsChange[] =>
  wanted.email_provider?.type === 'shared'
    ? [...password, ...provider, ...between]
    : [...provider, ...between, ...password]

/**
 * The writes that lead from `stored` to `wanted`, in the order to make them. Pure; after they are
 * applied it plans nothing. What reading does not show is no difference, see {@link PlanOptions}.
 */
export const planSettings = (
  wanted: Settings,
  stored: StoredSettings,
  options: PlanOptions,
): SettingsChange[] => {
  const { name, email_and_password, email_provider, oauth_providers, plugins, webhook } = wanted
  const { unshown } = options
  const set = difference(email_and_password ?? {}, stored.plugins.email_and_password, unshown)
  const oauth = Object.entries(oauth_providers ?? {}) as [
    NeonAuthOauthProviderId,
    OauthProviderSetting,
  ][]
  const present = stored.plugins.oauth_providers ?? []
  const named = difference(name === undefined ? {} : { name }, stored, unshown).name
  return [
    ...(webhook ? planWebhook(webhook, stored.webhook, options) : []),
    ...inOrder(
      wanted,
      email_provider
        ? planEmailProvider(email_provider, stored.plugins.email_provider, options)
        : [],
      isEmpty(set) ? [] : [{ change: 'update_email_and_password', set }],
      [
        ...(named === undefined ? [] : [{ change: 'set_name', name: named } as const]),
        ...oauth.flatMap(([id, wish]) =>
          planOauth(
            id,
            wish,
            present.find((provider) => provider.id === id),
            options,
          ),
        ),
        ...(plugins ? planPlugins(plugins, stored, options) : []),
      ],
    ),
  ]
}
