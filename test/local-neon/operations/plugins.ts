import type {
  NeonAuthMagicLinkConfigUpdate,
  NeonAuthOrganizationConfigUpdate,
  NeonAuthPhoneNumberConfigUpdate,
  NeonAuthPluginConfigs,
} from '@neon/sdk/raw'
import { jsonAnswer } from '../answer.ts'
import type { ProjectConfig } from '../auth-schema.ts'
import type { Behavior } from '../behavior.ts'
import { authConfig, updateAuthConfig } from '../integration.ts'
import { masked } from './email-provider.ts'
import { toOauthProvider } from './oauth-providers.ts'
import { bodyAs, branchOf, type Operation, type OperationCall } from './operation.ts'

type Plugins = ProjectConfig['plugin_configs']

const getNeonAuthPluginConfigs: Operation = (call) => {
  const config = authConfig(branchOf(call))
  const { behavior } = call.project
  const plugins: NeonAuthPluginConfigs = {
    ...shownPlugins(config.plugin_configs, behavior),
    ...(config.email_provider && { email_provider: masked(config.email_provider, behavior) }),
    email_and_password: config.email_and_password,
    oauth_providers: config.social_providers.map((each) => toOauthProvider(each, behavior)),
    allow_localhost: config.allow_localhost,
  }
  return jsonAnswer(200, plugins)
}

/** Returns the plugins as the snapshot shows them. */
function shownPlugins(plugins: Plugins, { shownPlugins }: Behavior): NeonAuthPluginConfigs {
  const { phone_number, ...others } = plugins
  switch (shownPlugins) {
    case 'plugin-absent':
      return others
    case 'field-absent':
      return { ...others, phone_number: { enabled: phone_number.enabled } }
    case 'unknown-too': {
      const unknown = { passkey: { enabled: false }, two_factor: null }
      return {
        ...plugins,
        organization: { ...plugins.organization, seats: 5 },
        ...unknown,
      } as Plugins
    }
    case 'all':
      return plugins
  }
}

const updateNeonAuthOrganizationPlugin: Operation = (call) =>
  merge(call, 'organization', bodyAs<NeonAuthOrganizationConfigUpdate>(call))

const updateNeonAuthMagicLinkPlugin: Operation = (call) =>
  merge(call, 'magic_link', bodyAs<NeonAuthMagicLinkConfigUpdate>(call))

const getNeonAuthPhoneNumberPlugin: Operation = (call) =>
  jsonAnswer(200, authConfig(branchOf(call)).plugin_configs.phone_number)

const updateNeonAuthPhoneNumberPlugin: Operation = (call) =>
  merge(call, 'phone_number', bodyAs<NeonAuthPhoneNumberConfigUpdate>(call))

/** Changes some of a plugin's settings and answers with all of them. */
async function merge<Name extends keyof Plugins>(
  call: OperationCall,
  name: Name,
  changes: Partial<Plugins[Name]>,
) {
  const { plugin_configs } = await updateAuthConfig(branchOf(call), ({ plugin_configs }) => ({
    plugin_configs: { ...plugin_configs, [name]: { ...plugin_configs[name], ...changes } },
  }))
  return jsonAnswer(200, plugin_configs[name])
}

/** The operations on plugins. One of them reads almost all settings at once. */
export const pluginOperations: Record<string, Operation> = {
  getNeonAuthPluginConfigs,
  updateNeonAuthOrganizationPlugin,
  updateNeonAuthMagicLinkPlugin,
  getNeonAuthPhoneNumberPlugin,
  updateNeonAuthPhoneNumberPlugin,
}
