import { given } from '../core/optional.ts'
import { reconcileLostWrite } from '../network/lost-writes.ts'
import type { SettingsChange } from './changes.ts'
import type { SettingsContext } from './context.ts'
import { isShownAsApplied } from './read-back.ts'

// Not `async`: then a missing kind of change would be no type error.
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
      return neon.updateOauthProvider(branch.id, change.provider, change.credentials ?? {})
    case 'remove_oauth_provider':
      return neon.removeOauthProvider(branch.id, change.provider)
    case 'set_webhook':
      return neon.putWebhook(branch.id, change.webhook)
  }
}

const isApplied = async (
  change: SettingsChange,
  { neon, branch }: SettingsContext,
): Promise<boolean> => {
  const name = change.change === 'set_name' ? (await neon.getAuth(branch.id))?.name : undefined
  const webhook = change.change === 'set_webhook' ? await neon.getWebhook(branch.id) : undefined
  const needsPlugins = change.change !== 'set_name' && change.change !== 'set_webhook'
  const plugins = needsPlugins ? ((await neon.getPlugins(branch.id)) ?? {}) : {}
  return isShownAsApplied(change, {
    plugins,
    webhook: webhook ?? { enabled: false },
    ...given('name', name),
  })
}

/**
 * Returns the change to send after a lost response. Neon may refuse to add a provider twice, so if the
 * provider exists by now, returns an update. Neon does not show whether the secret was stored too.
 */
const readChangeToRepeat = async (
  change: SettingsChange,
  { neon, branch }: SettingsContext,
): Promise<SettingsChange> => {
  if (change.change !== 'add_oauth_provider' || !change.credentials) return change
  const plugins = await neon.getPlugins(branch.id)
  const exists = plugins?.oauth_providers?.some(({ id }) => id === change.provider)
  return exists ? { ...change, change: 'update_oauth_provider' } : change
}

/**
 * Applies one change of settings. If the response is lost, reads whether Neon applied the change. Throws the
 * errors of `NeonClient`.
 */
export const applySetting = async (
  change: SettingsChange,
  context: SettingsContext,
): Promise<void> => {
  await reconcileLostWrite<unknown>(
    async (attempt) =>
      write(attempt === 0 ? change : await readChangeToRepeat(change, context), context),
    async () => (await isApplied(change, context)) || undefined,
    context,
  )
}
