import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { Inbox } from './inbox.ts'

/** A message as its recipient sees it. */
export interface SinkMessage {
  from: string
  to: string
  subject: string
  text: string
}

/** A mail server that keeps every message and delivers none. */
export interface SmtpSink {
  host: string
  port: number
  /** The only user who may send. */
  username: string
  password: string
  messages: readonly SinkMessage[]
  /** Resolves with the oldest message that was not taken yet, as soon as there is one. */
  nextMessage(): Promise<SinkMessage>
  close(): Promise<void>
}

const host = '127.0.0.1'
const username = 'local-neon'

/** Starts a mail server on this machine that accepts messages from only one user. */
export async function startSmtpSink(): Promise<SmtpSink> {
  const inbox = new Inbox<SinkMessage>()
  const password = randomUUID()
  const server = new SMTPServer({
    // The server has no trusted certificate, and nothing leaves this machine.
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    onAuth: (auth, _session, done) => {
      if (auth.username === username && auth.password === password) done(null, { user: username })
      else done(new Error('Invalid username or password'))
    },
    onData: (stream, _session, done) => {
      buffer(stream).then((raw) => {
        inbox.put(parseMessage(raw.toString('latin1')))
        done()
      }, done)
    },
  })
  // A client that disconnects early is not this server's problem.
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return {
    host,
    port: (server.server.address() as AddressInfo).port,
    username,
    password,
    messages: inbox.arrived,
    nextMessage: () => inbox.next(),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

/** Parses a message with one part. `raw` has one character per byte. */
function parseMessage(raw: string): SinkMessage {
  const end = raw.indexOf('\r\n\r\n')
  const unfolded = raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ')
  const headers = new Map(
    unfolded.split('\r\n').map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())]
    }),
  )
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? '7bit'
  return {
    from: headers.get('from') ?? '',
    to: headers.get('to') ?? '',
    subject: headers.get('subject') ?? '',
    text: decodeBody(raw.slice(end + 4), encoding)
      .replace(/\r\n/g, '\n')
      .trimEnd(),
  }
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding === 'quoted-printable') return decodeQuoted(body.replace(/=\r\n/g, ''))
  return Buffer.from(body, 'latin1').toString('utf8')
}

/** Decodes words such as `=?UTF-8?Q?Caf=C3=A9?=`, which headers use for non-ASCII text. */
function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('utf8')
        : decodeQuoted(word.replaceAll('_', ' ')),
    )
}

function decodeQuoted(quoted: string): string {
  const bytes = quoted.replace(/=([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
