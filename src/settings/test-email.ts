import type { SendNeonAuthTestEmailRequest, SendNeonAuthTestEmailResponse } from '@neon/sdk/raw'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import { withContext } from '../neon/errors.ts'
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

/**
 * Sends one test email where the settings ask for it. Throws {@link Problem} when it cannot be sent,
 * with what the mail server said.
 */
export const sendTestEmail = async (
  neon: NeonClient,
  branch: FoundBranch,
  settings: Settings,
): Promise<void> => {
  const to = settings.test_email
  if (to === undefined) return
  const what = `Could not send a test email to ${oneLine(to, 100)}.`
  const { success, error_message = '' } = await withContext(what, () =>
    send(neon, branch, settings, to),
  )
  if (success) return
  throw new Problem({
    what,
    response: `The mail server said: ${oneLine(error_message) || '(nothing)'}`,
    why: 'host, port, user name or password of the SMTP server are wrong, or it refuses this sender',
    fix: 'correct `email_provider` in the settings',
  })
}
