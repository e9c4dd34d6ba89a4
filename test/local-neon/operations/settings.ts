import type {
  NeonAuthAllowLocalhostResponse,
  NeonAuthEmailAndPasswordConfigUpdate,
  NeonAuthWebhookConfig,
  UpdateNeonAuthAllowLocalhostRequest,
} from '@neon/sdk/raw'
import { jsonAnswer } from '../answer.ts'
import type { Behavior } from '../behavior.ts'
import { authConfig, updateAuthConfig } from '../integration.ts'
import { refuseLinks } from './email-provider.ts'
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

const getNeonAuthEmailAndPasswordConfig: Operation = (call) =>
  jsonAnswer(200, authConfig(branchOf(call)).email_and_password)

const updateNeonAuthEmailAndPasswordConfig: Operation = async (call) => {
  const changes = bodyAs<NeonAuthEmailAndPasswordConfigUpdate>(call)
  const { behavior } = call.project
  const config = await updateAuthConfig(
    branchOf(call),
    ({ email_and_password, email_provider }) => {
      refuseLinks(behavior, email_provider?.type, changes.email_verification_method)
      return { email_and_password: { ...email_and_password, ...changes } }
    },
  )
  return jsonAnswer(200, config.email_and_password)
}

const getNeonAuthWebhookConfig: Operation = (call) =>
  jsonAnswer(200, shownWebhook(authConfig(branchOf(call)).webhook_config, call.project.behavior))

const updateNeonAuthWebhookConfig: Operation = async (call) => {
  // This is a PUT, so fields that are not sent are removed or get their default.
  const replacement = { timeout_seconds: 5, ...bodyAs<NeonAuthWebhookConfig>(call) }
  await updateAuthConfig(branchOf(call), () => ({ webhook_config: replacement }))
  return jsonAnswer(200, shownWebhook(replacement, call.project.behavior))
}

/** Returns the webhook as a read shows it. */
function shownWebhook(
  { timeout_seconds, ...webhook }: NeonAuthWebhookConfig,
  { shownWebhook }: Behavior,
): NeonAuthWebhookConfig {
  const { webhook_url } = webhook
  const whole = { ...webhook, ...(timeout_seconds !== undefined && { timeout_seconds }) }
  switch (shownWebhook) {
    case 'no-timeout':
      return webhook
    case 'slash':
      return { ...whole, ...(webhook_url && { webhook_url: new URL(webhook_url).href }) }
    case 'masked':
      return {
        ...whole,
        ...(webhook_url && { webhook_url: `${new URL(webhook_url).origin}/********` }),
      }
    case 'verbatim':
      return whole
  }
}

/** The operations on localhost, email and password, and the webhook. */
export const settingOperations: Record<string, Operation> = {
  getNeonAuthAllowLocalhost,
  updateNeonAuthAllowLocalhost,
  getNeonAuthEmailAndPasswordConfig,
  updateNeonAuthEmailAndPasswordConfig,
  getNeonAuthWebhookConfig,
  updateNeonAuthWebhookConfig,
}
