import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import { text } from 'node:stream/consumers'
import type { Clock } from '../local-neon/clock.ts'
import type { StartStep } from '../runner.ts'

/** One request and its response, cleaned by {@link publishable}. */
export interface Seen {
  readonly request: string
  readonly status: number
  readonly body: unknown
  readonly requestId?: string
  readonly ms: number
}

/** A response as received. Do not publish it. */
export interface RawReply {
  /** 0 if no response arrived. */
  readonly status: number
  readonly body: unknown
  readonly headers: Headers
  readonly ms: number
}

/** A response and, publishable, the request. */
export interface Reply extends RawReply {
  readonly request: string
}

/** How to reach the service. */
export interface ServiceOptions {
  readonly apiHost: string
  readonly apiKey: string
  readonly projectId: string
  readonly clock: Clock
  /** Aborts every request and pause. */
  readonly signal: AbortSignal
  /** How the steps of the lifecycle are started. Default: the committed bundle, in a process. */
  readonly start?: StartStep
}

/** The service under examination: its management API, and the auth services of its branches. */
export interface Service extends ServiceOptions {
  /** Sends a request to the management API. `path` is below the project. Retries after 423, up to 20 times. */
  api(method: string, path: string, body?: unknown): Promise<Reply>
  /** Sends a request to an auth service, without the key. */
  auth(method: string, url: string, options?: AuthRequest): Promise<Reply>
  /** Returns the requests since the last call. */
  takeSeen(): Seen[]
  /** The number of writes, and of those that got a 423 first. */
  readonly counts: { writes: number; locked: number }
  /** Waits this many seconds. */
  pause(seconds: number): Promise<void>
}

/** The contents of a request to an auth service. */
export interface AuthRequest {
  readonly origin?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Sends the request as curl does, without Sec-Fetch-Mode, which `fetch` always adds. The reply has no headers. */
  readonly isPlain?: boolean
}

const requestLimitMs = 30_000
const lockedRepeats = 20
const secretKeys = /password|secret|token|^uri$|^keys$|^x$|_key$/i
const privateKeys =
  /^(proxy_)?host$|^(project|owner|org)_id$|^(auth_provider_project_id|creation_source)$/

/**
 * Returns a copy of a value without secrets, IDs, and real hosts. Recognizes secrets by the names of their
 * fields, and hosts and the IDs of branches and endpoints also within strings. `key` is the field's name.
 */
export function publishable(value: unknown, key = ''): unknown {
  if (typeof value === 'string') {
    if (value !== '' && secretKeys.test(key)) return `<${value.length} characters>`
    if (privateKeys.test(key)) return '<not shown>'
    const withoutHosts = value.replace(/[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, publishableUrl)
    return withoutHosts.replace(/\b(br|ep)-[a-z0-9-]+/g, '<$1>')
  }
  if (Array.isArray(value)) return value.map((each) => publishable(each, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, publishable(each, name)]),
  )
}

function publishableUrl(text: string): string {
  const host = /^[^:]+:\/\/([^/:?#]*)/.exec(text)?.[1] ?? ''
  if (/(^|\.)(example|invalid)(\.com)?$/.test(host)) return text
  return text.replace(/^([^:]+:\/\/)[^/?#]*/, '$1<host>').replace(/\/ep-[^/]+/, '/<ep>')
}

/** Returns a client for the service. */
export function createService(options: ServiceOptions): Service {
  const { apiHost, apiKey, projectId, clock, signal } = options
  let seen: Seen[] = []
  const counts = { writes: 0, locked: 0 }
  const root = `${apiHost}/projects/${projectId}`
  const note = (request: string, reply: RawReply, publishedBody: unknown): Reply => {
    const requestId = reply.headers.get('x-neon-ret-request-id') ?? requestIdIn(reply.body)
    const { status, ms } = reply
    seen.push({ request, status, body: publishedBody, ms, ...(requestId && { requestId }) })
    return { ...reply, request }
  }
  const api: Service['api'] = async (method, path, body) => {
    const headers = { authorization: `Bearer ${apiKey}` }
    for (let attempt = 0; ; attempt += 1) {
      const raw = await send(`${root}${path}`, { method, headers, body, signal, clock })
      const reply = note(`${method} ${publishablePath(path)}`, raw, publishable(raw.body))
      if (reply.status !== 423 || attempt === lockedRepeats) return counted(method, attempt, reply)
      await clock.sleep(Math.min(100 * 2 ** attempt, 3000), signal)
    }
  }
  const counted = (method: string, locks: number, reply: Reply) => {
    if (method === 'GET') return reply
    counts.writes += 1
    if (locks > 0) counts.locked += 1
    return reply
  }
  return {
    ...options,
    api,
    auth: async (method, url, { origin, body, headers = {}, isPlain } = {}) => {
      const all = { ...headers, ...(origin !== undefined && { origin }) }
      const sending = isPlain ? sendPlain : send
      const reply = await sending(url, { method, headers: all, body, signal, clock })
      const request = `${method} ${publishableUrl(url)}${origin ? `, origin ${origin}` : ''}`
      return note(request, reply, publishable(reply.body))
    },
    takeSeen: () => {
      const taken = seen
      seen = []
      return taken
    },
    counts,
    pause: (seconds) => clock.sleep(seconds * 1000, signal),
  }
}

/** Returns a path without the IDs of branches and users. */
function publishablePath(path: string): string {
  return path.replace(/\/br-[a-z0-9-]+/g, '/{branch}').replace(/\/users\/[^/?]+/, '/users/{user}')
}

function requestIdIn(body: unknown): string | undefined {
  const id = (body as { request_id?: unknown } | null)?.request_id
  return typeof id === 'string' ? id : undefined
}

interface SendOptions {
  method: string
  headers: Record<string, string>
  body: unknown
  signal: AbortSignal
  clock: Clock
}

/** Times an exchange. If no response arrives, returns status 0 and the cause. Throws if `signal` has aborted. */
async function timed(
  { signal, clock }: SendOptions,
  exchange: (limit: AbortSignal) => Promise<Omit<RawReply, 'ms'>>,
): Promise<RawReply> {
  const started = clock.now()
  const took = () => Math.round(clock.now() - started)
  try {
    const reply = await exchange(AbortSignal.any([signal, AbortSignal.timeout(requestLimitMs)]))
    return { ...reply, ms: took() }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const cause = error instanceof Error ? (error.cause ?? error) : error
    return { status: 0, body: String(cause), headers: new Headers(), ms: took() }
  }
}

const send = (url: string, options: SendOptions): Promise<RawReply> =>
  timed(options, async (limit) => {
    const { method, headers, body } = options
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: limit,
    })
    const { status } = response
    return { status, body: parsed(await response.text()), headers: response.headers }
  })

/** Sends a request without the headers that `fetch` adds on its own. */
const sendPlain = (url: string, options: SendOptions): Promise<RawReply> =>
  timed(options, async (limit) => {
    const { method, headers, body } = options
    const open = url.startsWith('https:') ? https.request : http.request
    const request = open(url, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      signal: limit,
    })
    request.end(JSON.stringify(body ?? {}))
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    const status = response.statusCode ?? 0
    return { status, body: parsed(await text(response)), headers: new Headers() }
  })

function parsed(body: string): unknown {
  if (body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    return body.slice(0, 500)
  }
}

/** Returns a field of a reply's body, at any depth, or `undefined`. */
export function at({ body }: Pick<Reply, 'body'>, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    body,
  )
}

/** Returns a field of a reply's body if it is a string, otherwise `''`. */
export function textAt(reply: Pick<Reply, 'body'>, ...path: readonly (string | number)[]): string {
  const value = at(reply, ...path)
  return typeof value === 'string' ? value : ''
}

/** Returns whether a reply has a 2xx status. */
export function isSuccess({ status }: Pick<Reply, 'status'>): boolean {
  return status >= 200 && status < 300
}
