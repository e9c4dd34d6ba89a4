import { isDeepStrictEqual } from 'node:util'
import type { NeonAuthPluginConfigs } from '@neon/sdk/raw'
import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import { reconcileLostWrite } from '../network/lost-writes.ts'
import type { SettingsChange } from './plan-settings.ts'

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

const holds = (stored: object | undefined, set: object): boolean =>
  Object.entries(set).every(([key, value]) =>
    isDeepStrictEqual((stored as Record<string, unknown> | undefined)?.[key], value),
  )

/**
 * Whether a change is there, by what reading shows. `false` for secrets, which it does not show:
 * those are simply sent again, as setting them twice is setting them once.
 */
const isThere = async (change: SettingsChange, hands: SettingsHands): Promise<boolean> => {
  const { neon, branch } = hands
  if (change.change === 'set_webhook') {
    return holds(await neon.getWebhook(branch.id), change.webhook)
  }
  if (change.change === 'set_name') {
    return (await neon.getAuth(branch.id))?.name === change.name
  }
  const plugins: NeonAuthPluginConfigs = (await neon.getPlugins(branch.id)) ?? {}
  const provider = (id: string) => plugins.oauth_providers?.find((one) => one.id === id)
  switch (change.change) {
    case 'update_plugin':
      return holds(plugins[change.plugin], change.set)
    case 'update_email_and_password':
      return holds(plugins.email_and_password, change.set)
    case 'add_oauth_provider':
      return !change.credentials && provider(change.provider)?.type === 'shared'
    case 'remove_oauth_provider':
      return provider(change.provider) === undefined
    case 'set_email_provider':
      return change.provider.type === 'shared' && holds(plugins.email_provider, change.provider)
    case 'update_oauth_provider':
      return false
  }
}

/** Makes one change of settings; an answer that is lost is reconciled by reading. */
export const applySetting = async (change: SettingsChange, hands: SettingsHands): Promise<void> => {
  await reconcileLostWrite<true>(
    () => write(change, hands).then(() => true),
    async () => (await isThere(change, hands)) || undefined,
    hands,
  )
}
