import type { Settings, StoredSettings } from './settings.ts'

const host = (url: string | undefined): string => {
  try {
    return new URL(url ?? '').host
  } catch {
    return 'a receiver'
  }
}

/** OAuth providers with credentials of the user's own: they work where their callback is registered. */
export const ownOauthProviders = ({ plugins }: StoredSettings): string[] =>
  (plugins.oauth_providers ?? []).filter(({ type }) => type === 'standard').map(({ id }) => id)

/**
 * One sentence for each thing that a branch has from production and that can act on real people
 * or cannot work here, and that `settings` does not decide itself. Pure.
 */
export const inheritedRisks = (
  stored: StoredSettings,
  settings: Settings,
  baseUrl: string,
): string[] => {
  const { plugins, webhook } = stored
  const email = plugins.email_provider
  const own = ownOauthProviders(stored).filter((id) => !(id in (settings.oauth_providers ?? {})))
  return [
    ...(webhook.enabled && !settings.webhook
      ? [`its webhook sends this preview's events to ${host(webhook.webhook_url)}`]
      : []),
    ...(email?.type === 'standard' && !settings.email_provider
      ? [`its emails go out to real people through ${email.host ?? 'an SMTP server'}`]
      : []),
    ...own.map(
      (id) =>
        `sign-in with ${id} does not work here until ${baseUrl}/callback/${id} is registered with ${id}`,
    ),
  ]
}
