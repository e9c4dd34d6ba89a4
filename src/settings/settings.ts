import type {
  NeonAuthEmailAndPasswordConfigUpdate,
  NeonAuthEmailServerConfig,
  NeonAuthMagicLinkConfigUpdate,
  NeonAuthOauthProviderId,
  NeonAuthOrganizationConfigUpdate,
  NeonAuthPhoneNumberConfigUpdate,
  NeonAuthPluginConfigs,
  NeonAuthUpdateOAuthProviderRequest,
  NeonAuthWebhookConfig,
} from '@neon/sdk/raw'
import { oauthProvider } from './oauth-providers.ts'

/** A user to create on the preview. */
export interface SettingsUser {
  readonly email: string
  readonly name?: string
  readonly roles?: readonly [string, ...string[]]
  /** If set, the run signs the user up with the auth service. The user can then sign in at once. */
  readonly password?: string
}

/** The setting of an OAuth provider: Neon's shared credentials, no provider, or your own credentials. */
export type OauthProviderSetting = 'shared' | 'absent' | NeonAuthUpdateOAuthProviderRequest

/** The plugins, by their names in the settings file and in Neon's response. */
export interface PluginUpdates {
  readonly organization?: NeonAuthOrganizationConfigUpdate
  readonly magic_link?: NeonAuthMagicLinkConfigUpdate
  readonly phone_number?: NeonAuthPhoneNumberConfigUpdate
}

export type PluginName = keyof PluginUpdates

/**
 * The validated settings file (its JSON Schema is in `schema.ts`). Settings that it does not contain stay
 * unchanged. The types are Neon's.
 */
export interface Settings {
  readonly name?: string
  readonly allow_localhost?: boolean
  readonly email_and_password?: NeonAuthEmailAndPasswordConfigUpdate
  readonly email_provider?: NeonAuthEmailServerConfig
  readonly oauth_providers?: Readonly<
    Partial<Record<NeonAuthOauthProviderId, OauthProviderSetting>>
  >
  readonly plugins?: PluginUpdates
  readonly webhook?: NeonAuthWebhookConfig
  readonly users?: readonly SettingsUser[]
  readonly delete_users?: readonly string[]
  readonly test_email?: string
  /** Whether to send passwords and client secrets even if nothing else differs. */
  readonly resend_secrets?: boolean
}

/** The settings of a branch as Neon returns them, without passwords and client secrets. */
export interface StoredSettings {
  readonly name?: string
  readonly plugins: NeonAuthPluginConfigs
  readonly webhook: NeonAuthWebhookConfig
  /** The OAuth providers with your own credentials on the parent branch. Read only for `oauth: shared`. */
  readonly inheritedOauth?: readonly NeonAuthOauthProviderId[]
}

/** Returns the providers with your own credentials that could use Neon's shared app instead. Pure. */
export const shareableProviders = ({
  oauth_providers = [],
}: NeonAuthPluginConfigs): NeonAuthOauthProviderId[] =>
  oauth_providers
    .filter(({ id, type }) => type === 'standard' && oauthProvider(id)?.hasSharedApp)
    .map(({ id }) => id)

/**
 * Returns the settings for `oauth: shared`: inherited providers with your own credentials use Neon's shared
 * app, if there is one. The settings file takes precedence. Includes the parent's providers: an earlier run may
 * have stopped after it removed one and before it added it again. Pure.
 */
export const withSharedOauth = (settings: Settings, stored?: StoredSettings): Settings => {
  const own = stored ? shareableProviders(stored.plugins) : []
  const shared = [...own, ...(stored?.inheritedOauth ?? [])]
  if (shared.length === 0) return settings
  const defaults = Object.fromEntries(shared.map((id) => [id, 'shared' as const]))
  return { ...settings, oauth_providers: { ...defaults, ...settings.oauth_providers } }
}

/**
 * Returns whether an isolated branch with these settings uses Neon's shared email provider, which sends no verification
 * links (https://neon.com/docs/auth/production-checklist).
 */
export const sendsOnlyCodes = ({ email_provider }: Settings): boolean =>
  (email_provider?.type ?? 'shared') === 'shared'

/**
 * Returns the settings with one-time codes instead of inherited verification links if the branch uses Neon's
 * shared email provider, which sends only codes (https://neon.com/docs/auth/production-checklist).
 */
const withOneTimeCodes = (settings: Settings, stored: StoredSettings | undefined): Settings => {
  const inherited = stored?.plugins.email_and_password?.email_verification_method
  if (!sendsOnlyCodes(settings) || inherited !== 'link') return settings
  const codes = { email_verification_method: 'otp' } as const
  return { ...settings, email_and_password: { ...codes, ...settings.email_and_password } }
}

/**
 * Returns the settings for `isolate`, which cuts a preview off from the inherited webhook, mail server, and
 * localhost access. `stored` is the state of the branch. The settings file takes precedence.
 */
export const withIsolation = (settings: Settings, stored?: StoredSettings): Settings => ({
  allow_localhost: false,
  email_provider: { type: 'shared' },
  webhook: { enabled: false },
  ...withOneTimeCodes(settings, stored),
})
