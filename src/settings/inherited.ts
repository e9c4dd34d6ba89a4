import type { NeonAuthOauthProvider } from '@neon/sdk/raw'
import { callbackUrl } from '../auth-service/client.ts'
import type { Settings, StoredSettings } from './settings.ts'

const hostOf = (url: string | undefined): string =>
  URL.parse(url ?? '')?.host ?? 'an unknown receiver'

/** Returns the IDs of the providers with your own credentials. They need a registered callback URL. */
export const ownOauthProviders = (providers: readonly NeonAuthOauthProvider[] = []): string[] =>
  providers.filter(({ type }) => type === 'standard').map(({ id }) => id)

/**
 * Returns one clause for each inherited setting that can reach real people or cannot work on this branch.
 * Skips what `settings` sets. `baseUrl` is the branch's auth URL. Pure.
 */
export const inheritedRisks = (
  stored: StoredSettings,
  settings: Settings,
  baseUrl: string,
): string[] => {
  const { plugins, webhook } = stored
  const email = plugins.email_provider
  const providers = ownOauthProviders(plugins.oauth_providers).filter(
    (id) => !(id in (settings.oauth_providers ?? {})),
  )
  return [
    ...(webhook.enabled && !settings.webhook
      ? [`its webhook sends this preview's events to ${hostOf(webhook.webhook_url)}`]
      : []),
    ...(email?.type === 'standard' && !settings.email_provider
      ? [`its emails go out to real people through ${email.host ?? 'an SMTP server'}`]
      : []),
    ...providers.map(
      (id) =>
        `sign-in with ${id} does not work here until ${callbackUrl(baseUrl, id)} is registered with ${id}`,
    ),
  ]
}
