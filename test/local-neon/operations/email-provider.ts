import type {
  NeonAuthEmailServerConfig,
  NeonAuthEmailServerConfigResponse,
  SendNeonAuthEmailProviderTestRequest,
  SendNeonAuthTestEmailRequest,
  SendNeonAuthTestEmailResponse,
} from '@neon/sdk/raw'
import { type Answer, ApiError, jsonAnswer } from '../answer.ts'
import type { Behavior } from '../behavior.ts'
import { authConfig, requireAuth, updateAuthConfig } from '../integration.ts'
import { type SmtpServer, sendBySmtp } from '../mail.ts'
import { bodyAs, branchOf, type Operation } from './operation.ts'

const serverFields = [
  'host',
  'port',
  'username',
  'password',
  'sender_email',
  'sender_name',
] as const

/** Returns the provider as the key sees it. Most keys cannot see the password of the project's own server. */
export function masked(
  provider: NeonAuthEmailServerConfigResponse,
  { shownPassword, shownSender }: Pick<Behavior, 'shownPassword' | 'shownSender'>,
): NeonAuthEmailServerConfigResponse {
  if (provider.type === 'shared') return shownSender === 'all' ? provider : { type: 'shared' }
  if (shownPassword === 'clear') return provider
  return { ...provider, password: shownPassword === 'masked' ? '********' : '' }
}

const getNeonAuthEmailProvider: Operation = (call) => {
  const { email_provider } = authConfig(branchOf(call))
  if (email_provider === null) throw new ApiError(404, 'no email provider is configured')
  return jsonAnswer(200, masked(email_provider, call.project.behavior))
}

const updateNeonAuthEmailProvider: Operation = async (call) => {
  const update = bodyAs<NeonAuthEmailServerConfig>(call)
  const { behavior } = call.project
  const { email_provider } = await updateAuthConfig(branchOf(call), (config) => {
    refuseLinks(behavior, update.type, config.email_and_password.email_verification_method)
    return { email_provider: merged(config.email_provider, update) }
  })
  // The answer to a write never shows the password.
  const shown = { ...behavior, shownPassword: 'empty' } as const
  return jsonAnswer(200, email_provider && masked(email_provider, shown))
}

/** Throws if the shared provider would have to send verification links but cannot. */
export function refuseLinks(
  { sharedLinks }: Behavior,
  provider: 'shared' | 'standard' | undefined,
  method: string | undefined,
): void {
  if (sharedLinks !== 'refused' || provider === 'standard' || method !== 'link') return
  throw new ApiError(400, 'verification links require a custom email provider')
}

/** Merges an update into the stored server, if there is one. An update to the shared provider replaces whatever is stored. */
function merged(
  stored: NeonAuthEmailServerConfigResponse | null,
  update: NeonAuthEmailServerConfig,
): NeonAuthEmailServerConfigResponse {
  if (update.type === 'shared') return update
  const server = { ...(stored?.type === 'standard' && stored), ...update }
  const missing = serverFields.filter((field) => server[field] === undefined)
  if (missing.length === 0) return server as SmtpServer & { type: 'standard' }
  throw new ApiError(400, `standard email provider lacks ${missing.join(', ')}`)
}

const sendNeonAuthEmailProviderTest: Operation = (call) => {
  const { email_provider } = authConfig(branchOf(call))
  const { recipient_email } = bodyAs<SendNeonAuthEmailProviderTestRequest>(call)
  if (email_provider?.type !== 'standard') {
    throw new ApiError(400, 'a custom SMTP provider must be configured to send a test email')
  }
  return sendTest(email_provider, recipient_email)
}

const sendNeonAuthTestEmail: Operation = (call) => {
  requireAuth(branchOf(call))
  const { recipient_email, ...server } = bodyAs<SendNeonAuthTestEmailRequest>(call)
  return sendTest(server, recipient_email)
}

/** Sends a test email. A failure is a result, not an error. */
async function sendTest(server: SmtpServer, recipient: string): Promise<Answer> {
  const text = 'This is a test email. The email server settings work.'
  const result = await sendBySmtp(server, { to: recipient, subject: 'Test email', text }).then(
    () => ({ success: true }),
    (error: unknown) => ({
      success: false,
      error_message: error instanceof Error ? error.message : String(error),
    }),
  )
  return jsonAnswer(200, result satisfies SendNeonAuthTestEmailResponse)
}

/** The operations on the email provider. */
export const emailProviderOperations: Record<string, Operation> = {
  getNeonAuthEmailProvider,
  updateNeonAuthEmailProvider,
  sendNeonAuthEmailProviderTest,
  sendNeonAuthTestEmail,
}
