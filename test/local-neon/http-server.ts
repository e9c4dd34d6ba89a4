import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { withAbortedStatement } from './abort-statement.ts'
import { type Answer, type Call, errorAnswer, parsedBody } from './answer.ts'
import { deliver } from './deliver.ts'
import type { Faults } from './faults.ts'
import type { LoggedRequest, Plane, RequestLog } from './request-log.ts'

/** Where a request goes: to one of the three services, or to Local Neon's own controls. */
export interface Route {
  plane: Plane | 'local'
  operationId?: string
  /** The status of a success without a body, for the fault `lost-update`. */
  emptySuccess?: number
  run: () => Promise<Answer>
}

/** What the server needs to answer requests. */
export interface ServerContext {
  route: (call: Call) => Route
  faults: Faults
  log: RequestLog
  latencyMs: number
  /** Called with a message for each failure that is a bug of Local Neon. */
  onBug: (message: string) => void
}

/** Opens a port on loopback. Port 0 means any free port. */
export async function listen(port: number): Promise<{ server: Server; port: number }> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { server, port: (server.address() as AddressInfo).port }
}

/** Starts answering requests. */
export function serve(server: Server, context: ServerContext): void {
  server.on('request', (request, response) => {
    handle(context, request, response).catch((error: unknown) => {
      context.onBug(`${request.method} ${request.url}: ${String(error)}`)
      response.destroy()
    })
  })
}

/** Stops the server and closes every connection, including hanging ones. */
export async function stop(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await closed
}

async function handle(context: ServerContext, request: IncomingMessage, response: ServerResponse) {
  const call = await readCall(request)
  if (call === undefined) return
  const route = context.route(call)
  const isRead = call.method === 'GET'
  if (route.plane === 'local') {
    const effect = () => runRoute(context, call, route)
    const common = { response, effect, fault: undefined, latencyMs: 0, isRead, ended: () => {} }
    return deliver({ ...common, emptySuccess: () => 200 })
  }
  const entry = logEntry(call, route.plane, route.operationId)
  context.log.begin(entry)
  const fault = context.faults.take(call, route.operationId)
  const served =
    fault?.kind === 'abort-statement'
      ? context.route(withAbortedStatement(call, fault.after))
      : route
  await deliver({
    response,
    effect: async () => {
      const answer = await runRoute(context, call, served)
      context.log.effected(entry, answer.status)
      return answer
    },
    fault,
    latencyMs: context.latencyMs,
    isRead,
    emptySuccess: () => route.emptySuccess ?? 200,
    ended: (end) => context.log.end(entry, end),
  })
}

async function runRoute(context: ServerContext, call: Call, route: Route): Promise<Answer> {
  try {
    return await route.run()
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    context.onBug(`${call.method} ${call.path} failed inside Local Neon: ${reason}`)
    return errorAnswer(500, `Local Neon failed: ${String(error)}`)
  }
}

async function readCall(request: IncomingMessage): Promise<Call | undefined> {
  const startedAt = performance.now()
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer)
  } catch {
    return undefined // the client disconnected while it was still sending
  }
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks),
    remoteAddress: request.socket.remoteAddress ?? '127.0.0.1',
    startedAt,
  }
}

function logEntry(call: Call, plane: Plane, operationId: string | undefined): LoggedRequest {
  const requestBody = parsedBody(call)
  const { origin, 'user-agent': userAgent } = call.headers
  return {
    plane,
    ...(operationId !== undefined && { operationId }),
    method: call.method,
    path: call.path,
    query: Object.fromEntries(call.query),
    ...(requestBody !== undefined && { requestBody }),
    ...(origin !== undefined && { origin }),
    ...(userAgent !== undefined && { userAgent }),
    status: 'pending',
    startedAt: call.startedAt,
    endedAt: Number.POSITIVE_INFINITY,
  }
}
