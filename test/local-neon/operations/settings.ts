import type {
  NeonAuthAllowLocalhostResponse,
  NeonAuthPluginConfigs,
  UpdateNeonAuthAllowLocalhostRequest,
} from '@neon/sdk/raw'
import { jsonAnswer } from '../answer.ts'
import { authConfig, updateAuthConfig } from '../integration.ts'
import { toOauthProvider } from './oauth-providers.ts'
import { bodyAs, branchOf, type Operation } from './operation.ts'

const getNeonAuthAllowLocalhost: Operation = (call) => {
  const { allow_localhost } = authConfig(branchOf(call))
  return jsonAnswer(200, { allow_localhost } satisfies NeonAuthAllowLocalhostResponse)
}

const updateNeonAuthAllowLocalhost: Operation = async (call) => {
  const { allow_localhost } = bodyAs<UpdateNeonAuthAllowLocalhostRequest>(call)
  await updateAuthConfig(branchOf(call), () => ({ allow_localhost }))
  return jsonAnswer(200, { allow_localhost } satisfies NeonAuthAllowLocalhostResponse)
}

const getNeonAuthPluginConfigs: Operation = (call) => {
  const config = authConfig(branchOf(call))
  const plugins: NeonAuthPluginConfigs = {
    ...config.plugin_configs,
    email_provider: config.email_provider,
    email_and_password: config.email_and_password,
    oauth_providers: config.social_providers.map(toOauthProvider),
    allow_localhost: config.allow_localhost,
  }
  return jsonAnswer(200, plugins)
}

/** The smaller settings, and the snapshot of them all. */
export const settingOperations: Record<string, Operation> = {
  getNeonAuthAllowLocalhost,
  updateNeonAuthAllowLocalhost,
  getNeonAuthPluginConfigs,
}
