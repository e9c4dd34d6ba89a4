import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Dispatcher } from 'undici'
// undici's main module would load its whole `fetch` as well, which doubles the time to the first request.
import Agent from 'undici/lib/dispatcher/agent.js'
import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import type { Send } from './messages.ts'
import { checkProxy, proxyOf } from './proxy.ts'
import { sendRetrying } from './retry.ts'
import { sendOnce } from './transport.ts'

/** https://undici.nodejs.org/#/docs/api/DiagnosticsChannel?id=undiciclientsendheaders */
const SENDING = 'undici:client:sendHeaders'

/** Sends HTTP requests within the run's deadline. */
export interface Http {
  /** Resolves when the first request is on its way. Whatever blocks for long should wait for that. */
  readonly firstSent: Promise<void>
  /** Sends a request once. Throws {@link LostResponseError} if the response is lost. */
  readonly once: Send
  /**
   * Sends a request with retries until the deadline, after `Retry-After` or with backoff and jitter.
   * Retries a refusal (`NOT_NOW`) for every method, and a lost response (`UNCERTAIN` included) for GET. Throws
   * {@link LostResponseError} if a write gets one of the latter: the caller reads back whether it was
   * applied. Returns every other response, and the last refusal at the deadline.
   */
  readonly retrying: Send
}

/** Returns a function that returns the dispatcher for a URL, creating one for each proxy. */
const dispatchers = (): ((url: URL) => Promise<Dispatcher>) => {
  const direct = new Agent()
  const byProxy = new Map<string, Dispatcher>()
  return async (url) => {
    const proxy = proxyOf(url)
    if (!proxy) return direct
    const { createProxyAgent } = await import('./proxy-agent.ts')
    const agent = byProxy.get(proxy.href) ?? createProxyAgent(proxy)
    byProxy.set(proxy.href, agent)
    return agent
  }
}

/**
 * Creates the HTTP client. It uses the proxy in HTTPS_PROXY, HTTP_PROXY, and NO_PROXY like the runner's
 * own toolkit, which never proxies loopback. It does not follow redirects. Its requests throw
 * `RunAborted` when the run ends, and `Problem` if the proxy is not supported.
 */
export const createHttp = (deadline: Deadline, log: Log): Http => {
  const dispatcherFor = dispatchers()
  const once: Send = async (request) => {
    const url = new URL(request.url)
    checkProxy(url, process.env)
    const dispatcher = await dispatcherFor(url)
    const started = performance.now()
    const response = await sendOnce(request, deadline, dispatcher)
    deadline.noteResponse(performance.now() - started)
    return response
  }
  const firstSent = new Promise<void>((resolve) => {
    const heard = (): void => {
      unsubscribe(SENDING, heard)
      resolve()
    }
    subscribe(SENDING, heard)
  })
  return { firstSent, once, retrying: (request) => sendRetrying(request, once, deadline, log) }
}
