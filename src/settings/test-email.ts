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
import type { Settings } from './settings.ts'

/** The older endpoint wants the whole server, password and all: only the settings file has it. */
const wholeServer = (
  { email_provider }: Settings,
  recipient_email: string,
): SendNeonAuthTestEmailRequest | undefined => {
  if (email_provider?.type !== 'standard') return undefined
  const { host, port, username, password, sender_email, sender_name } = email_provider
  if (!host || !port || !username || !password || !sender_email || !sender_name) return undefined
  return { host, port, username, password, sender_email, sender_name, recipient_email }
}

const send = async (
  neon: NeonClient,
  branch: FoundBranch,
  settings: Settings,
  to: string,
): Promise<SendNeonAuthTestEmailResponse> => {
  const answer = await neon.testEmailProvider(branch.id, to)
  if (answer) return answer
  const server = wholeServer(settings, to)
  if (server) return neon.sendTestEmail(branch.id, server)
  throw new Problem({
    what: `Could not send a test email to ${oneLine(to, 100)}.`,
    why: 'this Neon API tests only a mail server that is sent along whole',
    fix: 'give `email_provider` with `type: standard` and all its keys in the settings, or leave `test_email` out',
  })
}

const hostAndPort = (server: NeonAuthEmailServerConfig | undefined): string => {
  if (server?.type !== 'standard' || !server.host) return 'the SMTP server that is set'
  const { host, port } = server
  return `${oneLine(host, 255)}${port ? `, port ${port}` : ''}`
}

/** Neon, not the runner, connects to the mail server: no response says that it got stuck there. */
const noResponse = (what: string, server: string, error: LostResponseError): Problem =>
  new Problem({
    what,
    response: `Neon did not finish the test of ${server}: ${oneLine(messageOf(error))}`,
    why: `${server} does not answer Neon: the host or the port is wrong, or a firewall blocks it`,
    fix: 'correct `host` and `port` of `email_provider` in `settings` (587 and 465 are usual), and let the mail server accept connections from the internet',
    cause: error,
  })

/**
 * Sends one test email if the settings ask for it, through `server`. Throws {@link Problem} if it
 * cannot be sent, with the server's host and port and what the mail server answered.
 */
export const sendTestEmail = async (
  neon: NeonClient,
  branch: FoundBranch,
  settings: Settings,
  server: NeonAuthEmailServerConfig | undefined,
): Promise<void> => {
  const to = settings.test_email
  if (to === undefined) return
  const named = hostAndPort(server)
  const what = `Could not send a test email to ${oneLine(to, 100)} through ${named}.`
  const { success, error_message = '' } = await withContext(what, async () => {
    try {
      return await send(neon, branch, settings, to)
    } catch (error) {
      throw error instanceof LostResponseError ? noResponse(what, named, error) : error
    }
  })
  if (success) return
  throw new Problem({
    what,
    response: `The mail server said: ${oneLine(error_message) || '(nothing)'}`,
    why: `host, port, user name, or password of ${named} are wrong, or it refuses this sender`,
    fix: 'correct `email_provider` in `settings`',
  })
}
