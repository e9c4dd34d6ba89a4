import type {
  NeonAuthEmailAndPasswordConfigUpdate,
  NeonAuthEmailServerConfig,
  NeonAuthOauthProviderId,
  NeonAuthUpdateOAuthProviderRequest,
  NeonAuthWebhookConfig,
} from '@neon/sdk/raw'
import { type Wording, wording } from '../core/wording.ts'
import { originOf } from '../domains/origin.ts'
import { PLUGIN_LABELS } from './plugins.ts'
import type { PluginName, PluginUpdates, StoredSettings } from './settings.ts'

/**
 * One write to a branch's settings. Only this file knows the setting, values, wording, and secrets of each
 * kind. A new kind is a type error in every function here.
 */
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
      readonly change: 'add_oauth_provider'
      readonly provider: NeonAuthOauthProviderId
      /** Absent for Neon's shared app. */
      readonly credentials?: NeonAuthUpdateOAuthProviderRequest
    }
  | {
      readonly change: 'update_oauth_provider'
      readonly provider: NeonAuthOauthProviderId
      readonly credentials: NeonAuthUpdateOAuthProviderRequest
    }
  | { readonly change: 'remove_oauth_provider'; readonly provider: NeonAuthOauthProviderId }
  | { readonly change: 'set_webhook'; readonly webhook: NeonAuthWebhookConfig }

const KINDS: Readonly<Record<SettingsChange['change'], true>> = {
  set_name: true,
  update_email_and_password: true,
  set_email_provider: true,
  update_plugin: true,
  add_oauth_provider: true,
  update_oauth_provider: true,
  remove_oauth_provider: true,
  set_webhook: true,
}

/** Returns whether a change writes settings. */
export const isSettingsChange = (change: { readonly change: string }): change is SettingsChange =>
  Object.hasOwn(KINDS, change.change)

/** Returns the path of a changed setting in the settings file: `plugins.magic_link`. */
export const settingOfChange = (change: SettingsChange): string => {
  switch (change.change) {
    case 'set_name':
      return 'name'
    case 'update_email_and_password':
      return 'email_and_password'
    case 'set_email_provider':
      return 'email_provider'
    case 'update_plugin':
      return `plugins.${change.plugin}`
    case 'add_oauth_provider':
    case 'update_oauth_provider':
    case 'remove_oauth_provider':
      return `oauth_providers.${change.provider}`
    case 'set_webhook':
      return 'webhook'
  }
}

const withoutPassword = (provider: NeonAuthEmailServerConfig): NeonAuthEmailServerConfig => {
  const { password: _, ...visible } = { password: undefined, ...provider }
  return visible as NeonAuthEmailServerConfig
}

/** Returns the values that a change sends, without secrets, which Neon never returns. */
export const sentPart = (change: SettingsChange): object => {
  switch (change.change) {
    case 'set_name':
      return { name: change.name }
    case 'update_email_and_password':
    case 'update_plugin':
      return change.set
    case 'set_email_provider':
      return withoutPassword(change.provider)
    case 'add_oauth_provider':
    case 'update_oauth_provider': {
      const { client_id } = change.credentials ?? {}
      const type = client_id === undefined ? 'shared' : 'standard'
      return { type, ...(client_id !== undefined && { client_id }) }
    }
    case 'remove_oauth_provider':
      return {}
    case 'set_webhook':
      return change.webhook
  }
}

/** Returns the part of the stored settings that a change is about. */
export const storedPart = (
  change: SettingsChange,
  { name, plugins, webhook }: StoredSettings,
): object => {
  switch (change.change) {
    case 'set_name':
      return { name }
    case 'update_email_and_password':
      return plugins.email_and_password ?? {}
    case 'set_email_provider':
      return plugins.email_provider ?? {}
    case 'update_plugin':
      return plugins[change.plugin] ?? {}
    case 'add_oauth_provider':
    case 'update_oauth_provider':
    case 'remove_oauth_provider':
      return plugins.oauth_providers?.find(({ id }) => id === change.provider) ?? {}
    case 'set_webhook':
      return webhook
  }
}

/** Returns a change without passwords, client secrets, or the path of a webhook URL, for the outputs. */
export const withoutSecrets = (change: SettingsChange): SettingsChange => {
  switch (change.change) {
    case 'set_name':
    case 'update_email_and_password':
    case 'update_plugin':
    case 'remove_oauth_provider':
      return change
    case 'set_email_provider':
      return { ...change, provider: withoutPassword(change.provider) }
    case 'add_oauth_provider':
    case 'update_oauth_provider': {
      if (!change.credentials) return change
      const { client_secret: _, ...visible } = change.credentials
      return { ...change, credentials: visible }
    }
    case 'set_webhook': {
      // Many webhook URLs contain a secret in their path.
      const { webhook_url, ...webhook } = change.webhook
      const origin = webhook_url === undefined ? {} : { webhook_url: originOf(webhook_url) }
      return { ...change, webhook: { ...webhook, ...origin } }
    }
  }
}

/** The units of settings whose names do not contain them. */
const UNITS: Readonly<Record<string, string>> = { expires_in: 'minutes', otp_expires_in: 'seconds' }

const formatAssignments = (set: object): string =>
  Object.entries(set)
    .map(([key, value]) => {
      const unit = UNITS[key]
      return `${key} = ${JSON.stringify(value)}${unit ? ` ${unit}` : ''}`
    })
    .join(', ')

const webhookWording = ({
  enabled,
  webhook_url = 'no URL',
  enabled_events = [],
}: NeonAuthWebhookConfig): Wording =>
  enabled
    ? wording(
        'Set',
        'Set',
        `the webhook to send events to ${originOf(webhook_url)}: ${enabled_events.join(', ') || 'none'}`,
      )
    : wording('Disable', 'Disabled', 'the webhook')

const emailWording = (provider: NeonAuthEmailServerConfig): Wording => {
  const server =
    provider.type === 'shared'
      ? "Neon's shared provider"
      : (provider.host ?? 'the SMTP server that is already set')
  return wording('Set', 'Set', `the email server to ${server}`)
}

/** Describes a settings change, without secrets. */
export const settingsWording = (change: SettingsChange): Wording => {
  switch (change.change) {
    case 'set_name':
      return wording('Name', 'Named', `the application ${change.name}`)
    case 'update_email_and_password':
      return wording(
        'Set',
        'Set',
        `sign-in with email and password: ${formatAssignments(change.set)}`,
      )
    case 'set_email_provider':
      return emailWording(change.provider)
    case 'update_plugin':
      return wording(
        'Set',
        'Set',
        `the plugin for ${PLUGIN_LABELS[change.plugin]}: ${formatAssignments(change.set)}`,
      )
    case 'add_oauth_provider': {
      const whose = change.credentials ? 'your own' : "Neon's shared"
      return wording('Add', 'Added', `sign-in with ${change.provider}, with ${whose} credentials`)
    }
    case 'update_oauth_provider':
      return wording('Set', 'Set', `your own credentials for sign-in with ${change.provider}`)
    case 'remove_oauth_provider':
      return wording('Remove', 'Removed', `sign-in with ${change.provider}`)
    case 'set_webhook':
      return webhookWording(change.webhook)
  }
}
