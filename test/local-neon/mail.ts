import type { NeonAuthEmailServerConfigResponse, StandardEmailServerResponse } from '@neon/sdk/raw'
import { createTransport } from 'nodemailer'

/** A server of the project's own, and the sender it is used with. */
export type SmtpServer = StandardEmailServerResponse

/** An email, before it is said who sends it. */
export interface Letter {
  to: string
  subject: string
  text: string
}

/** An email that the shared provider took. */
export interface OutboxMail extends Letter {
  from: string
  /** The id of the branch it was sent for. */
  branch: string
}

const sharedSender = { sender_name: 'Neon Auth', sender_email: 'auth@mail.myneon.app' }
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 10_000 }

/** Sends an email as the provider would; the shared one only puts it into the outbox. */
export async function sendMail(
  provider: NeonAuthEmailServerConfigResponse | null,
  letter: Letter,
  toOutbox: (mail: Letter & { from: string }) => void,
): Promise<void> {
  if (provider === null) throw new Error('no email provider is configured')
  if (provider.type === 'standard') return sendBySmtp(provider, letter)
  const { name, address } = senderOf({ ...sharedSender, ...provider })
  toOutbox({ from: `${name} <${address}>`, ...letter })
}

/** Sends an email through a server, or fails with what the server said. */
export async function sendBySmtp(server: SmtpServer, letter: Letter): Promise<void> {
  const { host, port, username, password } = server
  const transport = createTransport({
    host,
    port,
    // The port on which TLS comes first; on the others it is asked for where it is offered.
    secure: port === 465,
    auth: { user: username, pass: password },
    ...patience,
  })
  try {
    await transport.sendMail({ from: senderOf(server), ...letter })
  } finally {
    transport.close()
  }
}

function senderOf(sender: { sender_name: string; sender_email: string }) {
  return { name: sender.sender_name, address: sender.sender_email }
}
