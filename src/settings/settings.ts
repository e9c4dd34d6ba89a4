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

/** A user that a preview is to have. */
export interface SettingsUser {
  readonly email: string
  readonly name?: string
  readonly roles?: readonly [string, ...string[]]
  /** With one, the user is signed up at the auth service and can sign in at once. */
  readonly password?: string
}

/** An OAuth provider: Neon's own credentials, none at all, or credentials of the user's. */
export type OauthWish = 'shared' | 'absent' | NeonAuthUpdateOAuthProviderRequest

/** The plugins, by their names in the settings file and in Neon's snapshot of them. */
export interface PluginUpdates {
  readonly organization?: NeonAuthOrganizationConfigUpdate
  readonly magic_link?: NeonAuthMagicLinkConfigUpdate
  readonly phone_number?: NeonAuthPhoneNumberConfigUpdate
}

export type PluginName = keyof PluginUpdates

/**
 * The settings file, checked (its JSON Schema is `schema.ts`). What it does not mention is left
 * alone. Shapes are the vendor's own.
 */
export interface Settings {
  readonly name?: string
  readonly allow_localhost?: boolean
  readonly email_and_password?: NeonAuthEmailAndPasswordConfigUpdate
  readonly email_provider?: NeonAuthEmailServerConfig
  readonly oauth_providers?: Readonly<Partial<Record<NeonAuthOauthProviderId, OauthWish>>>
  readonly plugins?: PluginUpdates
  readonly webhook?: NeonAuthWebhookConfig
  readonly users?: readonly SettingsUser[]
  readonly delete_users?: readonly string[]
  readonly test_email?: string
  /** Send passwords and client secrets although nothing that can be read differs. */
  readonly resend_secrets?: boolean
}

/** What Neon tells of a branch's settings. Reading never shows passwords and client secrets. */
export interface StoredSettings {
  readonly name?: string
  readonly plugins: NeonAuthPluginConfigs
  readonly webhook: NeonAuthWebhookConfig
}

/**
 * One-time codes instead of inherited links, if the branch switches to Neon's shared provider: that
 * one sends codes only (https://neon.com/docs/auth/production-checklist).
 */
const withCodes = (settings: Settings, stored: StoredSettings | undefined): Settings => {
  const shared = (settings.email_provider?.type ?? 'shared') === 'shared'
  const inherited = stored?.plugins.email_and_password?.email_verification_method
  if (!shared || inherited !== 'link') return settings
  const codes = { email_verification_method: 'otp' } as const
  return { ...settings, email_and_password: { ...codes, ...settings.email_and_password } }
}

/**
 * The settings that cut a preview off from what its branch inherited (`stored`), for `isolate`:
 * nothing of it reaches production's webhook, mail server, or developers' machines. What the file
 * itself says wins.
 */
export const isolated = (settings: Settings, stored?: StoredSettings): Settings => ({
  allow_localhost: false,
  email_provider: { type: 'shared' },
  webhook: { enabled: false },
  ...withCodes(settings, stored),
})
