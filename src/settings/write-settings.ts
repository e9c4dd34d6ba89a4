import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { given } from '../core/optional.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import { reconcileLostWrite } from '../network/lost-writes.ts'
import type { SettingsChange } from './plan-settings.ts'
import { isShownAsMade } from './read-back.ts'

/** What changing settings needs of the world. */
export interface SettingsHands {
  readonly neon: NeonClient
  readonly branch: FoundBranch
  readonly deadline: Deadline
  readonly log: Log
}

const writePlugin = async (
  change: Extract<SettingsChange, { change: 'update_plugin' }>,
  { neon, branch }: SettingsHands,
): Promise<void> => {
  switch (change.plugin) {
    case 'organization':
      return neon.setOrganization(branch.id, change.set)
    case 'magic_link':
      return neon.setMagicLink(branch.id, change.set)
    case 'phone_number':
      return neon.setPhoneNumber(branch.id, change.set)
  }
}

const write = async (change: SettingsChange, hands: SettingsHands): Promise<void> => {
  const { neon, branch } = hands
  switch (change.change) {
    case 'set_name':
      return neon.setName(branch.id, change.name)
    case 'update_email_and_password':
      return neon.setEmailAndPassword(branch.id, change.set)
    case 'set_email_provider':
      return neon.setEmailProvider(branch.id, change.provider)
    case 'update_plugin':
      return writePlugin(change, hands)
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

const isThere = async (
  change: SettingsChange,
  { neon, branch }: SettingsHands,
): Promise<boolean> => {
  const name = change.change === 'set_name' ? (await neon.getAuth(branch.id))?.name : undefined
  const webhook = change.change === 'set_webhook' ? await neon.getWebhook(branch.id) : undefined
  const single = change.change === 'set_name' || change.change === 'set_webhook'
  const plugins = single ? {} : ((await neon.getPlugins(branch.id)) ?? {})
  return isShownAsMade(change, {
    plugins,
    webhook: webhook ?? { enabled: false },
    ...given('name', name),
  })
}

/** Makes one change of settings; an answer that is lost is reconciled by reading. */
export const applySetting = async (change: SettingsChange, hands: SettingsHands): Promise<void> => {
  await reconcileLostWrite<true>(
    () => write(change, hands).then(() => true),
    async () => (await isThere(change, hands)) || undefined,
    hands,
  )
}
