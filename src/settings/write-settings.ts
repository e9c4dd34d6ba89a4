import { optional } from '../core/optional.ts'
import { reconcileLostWrite } from '../network/lost-writes.ts'
import type { SettingsChange } from './changes.ts'
import type { SettingsContext } from './context.ts'
import { isShownAsApplied } from './read-back.ts'
import type { StoredSettings } from './settings.ts'

// Not `async`, because a missing kind of change would then not be a type error.
const write = (change: SettingsChange, { neon, branch }: SettingsContext): Promise<void> => {
  switch (change.change) {
    case 'set_name':
      return neon.setName(branch.id, change.name)
    case 'update_email_and_password':
      return neon.setEmailAndPassword(branch.id, change.set)
    case 'set_email_provider':
      return neon.setEmailProvider(branch.id, change.provider)
    case 'update_plugin':
      return neon.updatePlugin(branch.id, change)
    case 'add_oauth_provider':
      return neon.addOauthProvider(branch.id, change.provider, change.credentials)
    case 'update_oauth_provider':
      return neon.updateOauthProvider(branch.id, change.provider, change.credentials)
    case 'remove_oauth_provider':
      return neon.removeOauthProvider(branch.id, change.provider)
    case 'set_webhook':
      return neon.putWebhook(branch.id, change.webhook)
  }
}

/** Reads the part of the stored settings that a change is about. The other parts are empty. */
const readStored = async (
  { change }: SettingsChange,
  { neon, branch }: SettingsContext,
): Promise<StoredSettings> => {
  const empty: StoredSettings = { plugins: {}, webhook: { enabled: false } }
  switch (change) {
    case 'set_name':
      return { ...empty, ...optional('name', (await neon.getAuth(branch.id))?.name) }
    case 'set_webhook':
      return { ...empty, webhook: (await neon.getWebhook(branch.id)) ?? empty.webhook }
    default:
      return { ...empty, plugins: (await neon.getPlugins(branch.id)) ?? empty.plugins }
  }
}

/**
 * Returns the change to send after a lost response. If a provider to add with its own credentials exists
 * already, returns an update: Neon may refuse to add it twice, and does not show whether the secret was stored.
 */
const readChangeToRepeat = async (
  change: SettingsChange,
  { neon, branch }: SettingsContext,
): Promise<SettingsChange> => {
  if (change.change !== 'add_oauth_provider' || !change.credentials) return change
  const { provider, credentials } = change
  const plugins = await neon.getPlugins(branch.id)
  const exists = plugins?.oauth_providers?.some(({ id }) => id === provider)
  return exists ? { change: 'update_oauth_provider', provider, credentials } : change
}

/**
 * Applies one settings change. If the response is lost, checks whether Neon applied it, and sends it again if not.
 * Throws the errors of `NeonClient`.
 */
export const applySetting = async (
  change: SettingsChange,
  context: SettingsContext,
): Promise<void> => {
  await reconcileLostWrite<unknown>(
    async (attempt) =>
      write(attempt === 0 ? change : await readChangeToRepeat(change, context), context),
    async () => isShownAsApplied(change, await readStored(change, context)) || undefined,
    context,
  )
}
