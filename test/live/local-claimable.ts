import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { LocalNeon } from '../local-neon/local-neon.ts'

/** A stand-in for Claimable Neon on this machine, in front of Local Neon's default branch. */
export interface LocalClaimable {
  readonly origin: string
  /** The requests so far: `POST /v1/agent/identity`. */
  readonly requests: readonly string[]
  /** The number of projects that were created, and of those that still exist. */
  readonly projects: { created: number; left: number }
  /** Refuses the next `times` requests to delete a project. */
  refuseDeletions(times: number): void
  /** Never responds to the request with this index, counted from 0. */
  hangAt(index: number): void
  /** Resolves when that request arrives. */
  readonly hung: Promise<void>
  close(): Promise<void>
}

const token = 'claimable-token-of-900-seconds'
const assertion = 'claimable-identity-assertion'

/** The operations that a temporary project allows: https://github.com/neondatabase/claimable-neon */
const allowed: readonly RegExp[] = [
  /^GET \/projects\/[^/]+$/,
  /^GET \/projects\/[^/]+\/(branches|endpoints)$/,
  /^GET \/projects\/[^/]+\/branches\/[^/]+\/(databases|auth)$/,
  /^POST \/projects\/[^/]+\/branches\/[^/]+\/auth$/,
]

interface Reply {
  readonly status: number
  readonly body?: unknown
}

const refusal = (status: number, code: string, more: object = {}): Reply => ({
  status,
  body: { error: { code, message: code, retryable: false, request_id: 'req-1', ...more } },
})

/** Starts the stand-in. Creating a project enables auth on Local Neon's default branch, as it does at Neon. */
export async function startLocalClaimable(neon: LocalNeon): Promise<LocalClaimable> {
  const requests: string[] = []
  const projects = { created: 0, left: 0 }
  let refusals = 0
  let hanging = Number.POSITIVE_INFINITY
  const { promise: hung, resolve: reachHang } = Promise.withResolvers<void>()

  const create = async (body: string): Promise<Reply> => {
    const { type, capabilities, source } = JSON.parse(body) as Record<string, unknown>
    if (type !== 'anonymous' || !Array.isArray(capabilities) || !source) {
      return refusal(400, 'invalid_request')
    }
    await neon.enableAuth(neon.defaultBranch.id)
    projects.created += 1
    projects.left += 1
    const expires_at = '2026-12-01T00:00:00.000Z'
    const project = { id: neon.projectId, branch_id: neon.defaultBranch.id, expires_at }
    return { status: 201, body: { identity_assertion: assertion, project } }
  }

  const exchange = (body: string): Reply =>
    new URLSearchParams(body).get('assertion') === assertion
      ? { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 900 } }
      : refusal(400, 'invalid_grant')

  const remove = async (): Promise<Reply> => {
    if (refusals > 0) {
      refusals -= 1
      return refusal(502, 'upstream_error')
    }
    projects.left -= 1
    await neon.wipeAuth(neon.defaultBranch.id)
    return { status: 204 }
  }

  const relay = async (method: string, path: string, body: string): Promise<Reply> => {
    if (!allowed.some((one) => one.test(`${method} ${path}`))) {
      return refusal(403, 'route_not_allowed')
    }
    const response = await fetch(`${neon.apiHost}${path}`, {
      method,
      headers: { authorization: `Bearer ${neon.apiKey}`, 'content-type': 'application/json' },
      ...(body !== '' && { body }),
    })
    const read = (await response.json()) as { message?: string }
    if (response.ok) return { status: response.status, body: read }
    const upstream = { upstream_status: response.status, message: read.message, details: read }
    return refusal(502, 'upstream_error', upstream)
  }

  const answer = async (request: IncomingMessage): Promise<Reply> => {
    const { method = '', url = '' } = request
    const body = await text(request)
    if (url === '/v1/agent/identity') return create(body)
    if (url === '/v1/oauth2/token') return exchange(body)
    if (request.headers.authorization !== `Bearer ${token}`) return refusal(401, 'unauthorized')
    if (method === 'DELETE' && url === `/v1/projects/${neon.projectId}`) return remove()
    return relay(method, url.replace(/^\/v1/, ''), body)
  }

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests.push(`${request.method} ${request.url}`)
    if (requests.length - 1 === hanging) return reachHang()
    const { status, body } = await answer(request)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error) => response.destroy(error as Error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    projects,
    refuseDeletions: (times) => {
      refusals = times
    },
    hangAt: (index) => {
      hanging = index
    },
    hung,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
