import { isDeepStrictEqual } from 'node:util'
import type {
  NeonAuthEmailAndPasswordConfigUpdate,
  NeonAuthEmailServerConfig,
  NeonAuthEmailServerConfigResponse,
  NeonAuthOauthProvider,
  NeonAuthOauthProviderId,
  NeonAuthUpdateOAuthProviderRequest,
  NeonAuthWebhookConfig,
} from '@neon/sdk/raw'
import { originOf } from '../domains/origin.ts'
import type { OauthWish, PluginName, PluginUpdates, Settings, StoredSettings } from './settings.ts'

/** One write to a branch's settings. */
export type SettingsChange =
  | { readonly change: 'set_name'; readonly name: string }
  | {
      readonly change: 'update_email_and_password'
      readonly set: NeonAuthEmailAndPasswordConfigUpdate
    }
  | { readonly change: 'set_email_provider'; readonly provider: NeonAuthEmailServerConfig }
  | {
      readonly [P in PluginName]: {
        readonly change: 'update_plugin'
        readonly plugin: P
        readonly set: NonNullable<PluginUpdates[P]>
      }
    }[PluginName]
  | {
      readonly change: 'add_oauth_provider' | 'update_oauth_provider'
      readonly provider: NeonAuthOauthProviderId
      /** Absent: Neon's own. */
      readonly credentials?: NeonAuthUpdateOAuthProviderRequest
    }
  | { readonly change: 'remove_oauth_provider'; readonly provider: NeonAuthOauthProviderId }
  | { readonly change: 'set_webhook'; readonly webhook: NeonAuthWebhookConfig }

/** Lists here are sets: an order that Neon gives them means nothing. */
const same = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b)
    ? isDeepStrictEqual([...a].sort(), [...b].sort())
    : isDeepStrictEqual(a, b)

/** The part of `wanted` that `stored` does not say already. */
const difference = <T extends object>(wanted: T, stored: object | undefined): Partial<T> =>
  Object.fromEntries(
    Object.entries(wanted).filter(
      ([key, value]) => !same(value, (stored as Record<string, unknown>)?.[key]),
    ),
  ) as Partial<T>

const isEmpty = (value: object): boolean => Object.keys(value).length === 0

/** Whether a secret that was read contradicts the one wanted: mostly it is not shown, which says nothing. */
const contradicts = (wanted: string | undefined, shown: string | undefined): boolean =>
  wanted !== undefined && !!shown && !/^\*+$/.test(shown) && shown !== wanted

const planEmailProvider = (
  wanted: NeonAuthEmailServerConfig,
  stored: NeonAuthEmailServerConfigResponse | undefined,
  resend: boolean,
): SettingsChange[] => {
  const { password, ...visible } =
    wanted.type === 'standard' ? wanted : { ...wanted, password: undefined }
  const shown = stored?.type === 'standard' ? stored.password : undefined
  // A branch on which nothing was ever set sends with Neon's own server.
  const known = stored ?? { type: 'shared' }
  const differs = !isEmpty(difference(visible, known)) || contradicts(password, shown)
  if (!differs && !(resend && password !== undefined)) return []
  return [{ change: 'set_email_provider', provider: wanted }]
}

const planOauth = (
  provider: NeonAuthOauthProviderId,
  wish: OauthWish,
  stored: NeonAuthOauthProvider | undefined,
  resend: boolean,
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
    stored.client_id === wish.client_id &&
    !contradicts(wish.client_secret, stored.client_secret)
  if (unchanged && !resend) return []
  return [{ change: 'update_oauth_provider', provider, credentials: wish }]
}

const planPlugins = (wanted: PluginUpdates, { plugins }: StoredSettings): SettingsChange[] =>
  (['organization', 'magic_link', 'phone_number'] as const).flatMap((plugin) => {
    const set = difference(wanted[plugin] ?? {}, plugins[plugin])
    return isEmpty(set) ? [] : [{ change: 'update_plugin', plugin, set } as SettingsChange]
  })

/** What Neon stores of a webhook, without what it says by leaving empty. */
const known = ({
  enabled,
  webhook_url,
  enabled_events,
  timeout_seconds,
}: NeonAuthWebhookConfig): NeonAuthWebhookConfig => ({
  enabled,
  ...(webhook_url && { webhook_url }),
  ...(enabled_events && { enabled_events }),
  ...(timeout_seconds && { timeout_seconds }),
})

/** PUT replaces a webhook: what the file does not mention is sent as it stands. */
const planWebhook = (
  wanted: NeonAuthWebhookConfig,
  stored: NeonAuthWebhookConfig,
): SettingsChange[] =>
  isEmpty(difference(wanted, stored))
    ? []
    : [{ change: 'set_webhook', webhook: { ...known(stored), ...wanted } }]

/**
 * The writes that lead from `stored` to `wanted`, in the order in which they are made. Pure; after
 * they are applied it plans nothing, secrets aside, which reading does not show: with `resend` they
 * are sent although nothing visible differs.
 */
export const planSettings = (
  wanted: Settings,
  stored: StoredSettings,
  { resend }: { resend: boolean },
): SettingsChange[] => {
  const { name, email_and_password, email_provider, oauth_providers, plugins, webhook } = wanted
  const password = difference(email_and_password ?? {}, stored.plugins.email_and_password)
  const oauth = Object.entries(oauth_providers ?? {}) as [NeonAuthOauthProviderId, OauthWish][]
  const present = stored.plugins.oauth_providers ?? []
  return [
    ...(webhook ? planWebhook(webhook, stored.webhook) : []),
    ...(email_provider
      ? planEmailProvider(email_provider, stored.plugins.email_provider, resend)
      : []),
    ...(name !== undefined && name !== stored.name ? [{ change: 'set_name', name } as const] : []),
    ...oauth.flatMap(([id, wish]) =>
      planOauth(
        id,
        wish,
        present.find((provider) => provider.id === id),
        resend,
      ),
    ),
    ...(plugins ? planPlugins(plugins, stored) : []),
    ...(isEmpty(password) ? [] : [{ change: 'update_email_and_password', set: password } as const]),
  ]
}

const PLUGIN_NAMES: Record<PluginName, string> = {
  organization: 'organizations',
  magic_link: 'magic links',
  phone_number: 'phone numbers',
}

const assignments = (set: object): string =>
  Object.entries(set)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
    .join(', ')

/** A change of settings as an English sentence. Never holds a secret. */
export const settingsSentence = (change: SettingsChange): string => {
  switch (change.change) {
    case 'set_name':
      return `Name the application ${change.name}.`
    case 'update_email_and_password':
      return `Set sign-in with email and password: ${assignments(change.set)}.`
    case 'set_email_provider':
      return change.provider.type === 'shared'
        ? "Send emails with Neon's shared provider."
        : `Send emails through ${change.provider.host ?? 'the SMTP server that is set'}.`
    case 'update_plugin':
      return `Set the plugin for ${PLUGIN_NAMES[change.plugin]}: ${assignments(change.set)}.`
    case 'add_oauth_provider':
      return `Add sign-in with ${change.provider}, ${change.credentials ? 'with own credentials' : "with Neon's shared credentials"}.`
    case 'update_oauth_provider':
      return `Set own credentials for sign-in with ${change.provider}.`
    case 'remove_oauth_provider':
      return `Remove sign-in with ${change.provider}.`
    case 'set_webhook':
      return change.webhook.enabled
        ? `Send events to ${originOf(change.webhook.webhook_url ?? 'no URL')}: ${(change.webhook.enabled_events ?? []).join(', ') || 'none'}.`
        : 'Switch the webhook off.'
  }
}

/** A change without what must not leave the run: passwords and client secrets. */
export const withoutSecrets = (change: SettingsChange): SettingsChange => {
  switch (change.change) {
    case 'set_email_provider': {
      const { password: _, ...provider } = { password: undefined, ...change.provider }
      return { ...change, provider: provider as NeonAuthEmailServerConfig }
    }
    case 'add_oauth_provider':
    case 'update_oauth_provider': {
      const { credentials, ...rest } = change
      if (!credentials) return change
      const { client_secret: _, ...shown } = credentials
      return { ...rest, credentials: shown }
    }
    case 'set_webhook': {
      // Many receivers are known by a secret in their URL.
      const { webhook_url, ...webhook } = change.webhook
      const shown = webhook_url === undefined ? {} : { webhook_url: originOf(webhook_url) }
      return { ...change, webhook: { ...webhook, ...shown } }
    }
    default:
      return change
  }
}
