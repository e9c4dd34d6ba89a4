import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Answer, BAD_GATEWAY, type Call } from './answers.ts'
import type { Interference } from './faults.ts'
import { resolveRepository } from './repositories.ts'
import { answerTo } from './routes.ts'
import type { State } from './state.ts'

/** The only token that this GitHub accepts. */
export const TOKEN = 'ghs_local'

const BAD_CREDENTIALS: Answer = { status: 401, body: { message: 'Bad credentials' } }

const send = (response: ServerResponse, { status = 200, headers, body }: Answer): void => {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-github-request-id': 'C0FF:EE00:1:1:1',
    ...headers,
  })
  if (body === undefined) response.end()
  else response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

const answerOrRedirect = (state: State, call: Call, { headers }: IncomingMessage): Answer => {
  if (headers.authorization !== `token ${TOKEN}`) return BAD_CREDENTIALS
  const resolved = resolveRepository(state, call.method, call.url)
  return 'answer' in resolved ? resolved.answer : answerTo(state, call)
}

const callOf = async (request: IncomingMessage, state: State, apiUrl: string): Promise<Call> => {
  const url = new URL(request.url ?? '', apiUrl)
  const { method = '' } = request
  const resolved = resolveRepository(state, method, url)
  const path = 'path' in resolved ? resolved.path : url.pathname
  return { method, url, path, body: await text(request) }
}

interface ServerContext {
  readonly state: State
  readonly interference: Interference
  readonly apiUrl: string
}

const serve = async (
  request: IncomingMessage,
  response: ServerResponse,
  { state, interference, apiUrl }: ServerContext,
): Promise<void> => {
  const call = await callOf(request, state, apiUrl)
  state.requests.push(`${call.method} ${call.url.pathname}`)
  await interference.run('before', call)
  const fault = interference.take(call)
  if (typeof fault === 'object') return send(response, fault)
  if (fault === 'hang') return
  if (fault === 'reset') return void response.destroy()
  const answer = answerOrRedirect(state, call, request)
  await interference.run('after', call)
  if (fault === 'reset-after') response.destroy()
  else if (fault !== 'hang-after') send(response, fault === 'lost' ? BAD_GATEWAY : answer)
}

/** A running server on loopback. */
export interface Server {
  readonly apiUrl: string
  close(): Promise<void>
}

/** Serves the current state on a free port. */
export const startServer = async (
  state: () => State,
  interference: Interference,
): Promise<Server> => {
  let apiUrl = ''
  const server = createServer((request, response) => {
    serve(request, response, { state: state(), interference, apiUrl }).catch((error: unknown) => {
      send(response, { status: 500, body: { message: String(error) } })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    apiUrl,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
