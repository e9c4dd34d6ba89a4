import type {
  NeonAuthEmailServerConfig,
  SendNeonAuthTestEmailRequest,
  SendNeonAuthTestEmailResponse,
} from '@neon/sdk/raw'
import { messageOf, Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import { withContext } from '../neon/errors.ts'
import { LostResponseError } from '../network/errors.ts'
import type { SettingsContext } from './context.ts'
import type { Settings } from './settings.ts'

/** Returns the request for the older endpoint, or `undefined` if a setting of the server is missing. */
const testEmailRequest = (
  { email_provider }: Settings,
  recipient_email: string,
): SendNeonAuthTestEmailRequest | undefined => {
  if (email_provider?.type !== 'standard') return undefined
  const { host, port, username, password, sender_email, sender_name } = email_provider
  if (!host || !port || !username || !password || !sender_email || !sender_name) return undefined
  return { host, port, username, password, sender_email, sender_name, recipient_email }
}

const sendThroughNeon = async (
  neon: NeonClient,
  branch: FoundBranch,
  settings: Settings,
  to: string,
): Promise<SendNeonAuthTestEmailResponse> => {
  const result = await neon.testEmailProvider(branch.id, to)
  if (result) return result
  const request = testEmailRequest(settings, to)
  if (request) return neon.sendTestEmail(branch.id, request)
  throw new Problem({
    what: `Could not send a test email to ${oneLine(to, 100)}.`,
    why: 'this Neon API can test a mail server only if the request contains all of its settings',
    fix: 'add `email_provider` with `type: standard` and all of its keys to `settings`, or remove `test_email`',
  })
}

const describeServer = (server: NeonAuthEmailServerConfig | undefined): string => {
  if (server?.type !== 'standard' || !server.host) return 'the configured SMTP server'
  const { host, port } = server
  return `${oneLine(host, 255)}${port ? `, port ${port}` : ''}`
}

/** Returns the problem for a lost response. Most likely, Neon's connection to the mail server hangs. */
const noResponseProblem = (what: string, server: string, error: LostResponseError): Problem =>
  new Problem({
    what,
    response: `Neon did not finish the test of ${server}: ${oneLine(messageOf(error))}`,
    why: `${server} does not answer Neon: the host or the port is wrong, or a firewall blocks it`,
    fix: 'correct `host` and `port` of `email_provider` in `settings` (587 and 465 are usual), and let the mail server accept connections from the internet',
    cause: error,
  })

/**
 * Sends one test email to `to`. `server` is the mail server in use. Throws {@link Problem} with the server's host,
 * port, and response if the email cannot be sent. Import this module lazily, because few runs need it.
 */
export const sendTestEmail = async (
  to: string,
  server: NeonAuthEmailServerConfig | undefined,
  settings: Settings,
  { neon, branch }: SettingsContext,
): Promise<void> => {
  const serverName = describeServer(server)
  const what = `Could not send a test email to ${oneLine(to, 100)} through ${serverName}.`
  const { success, error_message = '' } = await withContext(what, async () => {
    try {
      return await sendThroughNeon(neon, branch, settings, to)
    } catch (error) {
      throw error instanceof LostResponseError ? noResponseProblem(what, serverName, error) : error
    }
  })
  if (success) return
  throw new Problem({
    what,
    response: `The mail server answered: ${oneLine(error_message) || '(nothing)'}`,
    why: `the host, port, user name, or password of ${serverName} is wrong, or the server refuses this sender`,
    fix: 'correct `email_provider` in `settings`',
  })
}
