import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request and its response, as sent over the wire. */
export interface Exchange {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly sent: string
  readonly status: number
  readonly got: string
}

/** Returns a changed response body. `undefined` keeps the original. */
export type ChangeResponse = (exchange: Exchange) => string | undefined

/** A recording proxy between the action and another server. */
export interface Tape {
  readonly origin: string
  readonly exchanges: Exchange[]
  /**
   * Replays from now on, instead of forwarding. To its n-th request with a method and path, a run that sends
   * `token` gets the n-th such response in `exchanges`, or the last one if there are fewer. `change` may alter
   * each response. Other requests get 404. Many runs can use the tape at the same time. A request without a
   * known token gets the responses of the newest run. Returns a function that lists the run's writes.
   */
  replay(token: string, exchanges: readonly Exchange[], change: ChangeResponse): () => string[]
  close(): Promise<void>
}

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

interface ReplayedRun {
  readonly kinds: ReadonlyMap<string, Exchange[]>
  readonly change: ChangeResponse
  readonly counts: Map<string, number>
  readonly writes: string[]
}

interface ReceivedRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly sent: Buffer
}

const keyOf = ({ method, url }: Pick<ReceivedRequest, 'method' | 'url'>): string =>
  `${method} ${url.split('?')[0]}`

const sendReplay = (
  received: ReceivedRequest,
  run: ReplayedRun | undefined,
  response: ServerResponse,
): void => {
  const key = keyOf(received)
  const count = run?.counts.get(key) ?? 0
  run?.counts.set(key, count + 1)
  // A request without a token (SQL) belongs to no known run.
  const own = received.headers.authorization !== undefined && received.method !== 'GET'
  if (own && !key.endsWith('/graphql')) run?.writes.push(`${key} ${received.sent}`)
  const answers = run?.kinds.get(key) ?? []
  const exchange = answers[Math.min(count, answers.length - 1)]
  response.writeHead(exchange?.status ?? 404, { 'content-type': 'application/json' })
  response.end(exchange ? (run?.change(exchange) ?? exchange.got) : '{"message":"not on the tape"}')
}

/** Forwards a request. Status 0 means that the target closed the connection, so this one is closed too. */
const forward = (
  { method, url, headers, sent }: ReceivedRequest,
  [from, to]: readonly [string, string],
  response: ServerResponse,
): Promise<Pick<Exchange, 'status' | 'got'>> =>
  new Promise((resolve) => {
    const broken = (): void => {
      response.destroy()
      resolve({ status: 0, got: '' })
    }
    const onward = send(`${from}${url}`, { method, headers, agent: false }, async (answer) => {
      const body = await bodyOf(answer).catch(() => undefined)
      if (body === undefined) return broken()
      const got = body.toString().replaceAll(new URL(from).host, new URL(to).host)
      const { 'content-length': _, 'transfer-encoding': __, ...others } = answer.headers
      response.writeHead(answer.statusCode ?? 500, others).end(got)
      resolve({ status: answer.statusCode ?? 500, got })
    })
    onward.on('error', broken)
    response.on('close', () => onward.destroy())
    onward.end(sent)
  })

/**
 * Starts a tape in front of `target` (an origin). In responses, replaces its host with the tape's, so that
 * requests to URLs from a response are recorded too.
 */
export const startTape = async (target: string): Promise<Tape> => {
  const exchanges: Exchange[] = []
  const runs = new Map<string, ReplayedRun>()
  let origin = ''
  const server = createServer(async (request, response) => {
    const { method = 'GET', url = '/', headers } = request
    const received = { method, url, headers, sent: await bodyOf(request) }
    if (runs.size > 0) {
      const token = headers.authorization?.split(' ')[1] ?? ''
      return sendReplay(received, runs.get(token) ?? [...runs.values()].at(-1), response)
    }
    const answer = await forward(received, [target, origin], response)
    exchanges.push({ ...received, sent: received.sent.toString(), ...answer })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    exchanges,
    replay: (token, recorded, change) => {
      const kinds = Map.groupBy(recorded, keyOf)
      const run = { kinds, change, counts: new Map<string, number>(), writes: [] }
      runs.set(token, run)
      return () => run.writes
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
