import type { NeonAuthEmailServerConfigResponse, StandardEmailServerResponse } from '@neon/sdk/raw'
import { createTransport } from 'nodemailer'

/** The project's own mail server and its sender. */
export type SmtpServer = StandardEmailServerResponse

/** An email without its sender. */
export interface Email {
  to: string
  subject: string
  text: string
}

/** An email that the shared provider sent. */
export interface OutboxMail extends Email {
  from: string
  /** The ID of the branch that sent it. */
  branch: string
}

const sharedSender = { sender_name: 'Neon Auth', sender_email: 'auth@mail.myneon.app' }
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 10_000 }

/** Sends an email through the provider. The shared provider only adds it to the outbox. */
export async function sendMail(
  provider: NeonAuthEmailServerConfigResponse | null,
  email: Email,
  toOutbox: (mail: Email & { from: string }) => void,
): Promise<void> {
  if (provider === null) throw new Error('no email provider is configured')
  if (provider.type === 'standard') return sendBySmtp(provider, email)
  const { name, address } = senderOf({ ...sharedSender, ...provider })
  toOutbox({ from: `${name} <${address}>`, ...email })
}

/** Sends an email through a server. Throws the server's error if it refuses. */
export async function sendBySmtp(server: SmtpServer, email: Email): Promise<void> {
  const { host, port, username, password } = server
  const transport = createTransport({
    host,
    port,
    // Port 465 starts with TLS. On other ports, STARTTLS is used if the server offers it.
    secure: port === 465,
    auth: { user: username, pass: password },
    ...timeouts,
  })
  try {
    await transport.sendMail({ from: senderOf(server), ...email })
  } finally {
    transport.close()
  }
}

function senderOf(sender: { sender_name: string; sender_email: string }) {
  return { name: sender.sender_name, address: sender.sender_email }
}
