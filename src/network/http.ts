import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Dispatcher } from 'undici'
// undici's main module would load its whole `fetch` as well, which doubles the time to the first request.
import Agent from 'undici/lib/dispatcher/agent.js'
import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import type { Send, SendChecked } from './messages.ts'
import { checkProxy, findProxy } from './proxy.ts'
import { sendRetrying } from './retry.ts'
import { sendOnce } from './transport.ts'

/** The channel of undici's requests (https://undici.nodejs.org/#/docs/api/DiagnosticsChannel?id=undiciclientsendheaders). */
const SENDING = 'undici:client:sendHeaders'

/** Sends HTTP requests within the run's deadline. */
export interface Http {
  /** Resolves once the first request is sent. Await it before work that blocks the event loop for a long time. */
  readonly firstSent: Promise<void>
  /** Sends a request once. Throws {@link LostResponseError} if the response is lost. */
  readonly once: Send
  /**
   * Sends a request with retries within the deadline. Waits for `Retry-After`, plus backoff with jitter.
   * Retries a refusal (`RETRYABLE_STATUSES`) for every method. Retries a lost response (`UNCERTAIN_STATUSES`
   * included) only for GET, at most five times, and only if a retry may help. Otherwise, throws
   * {@link LostResponseError}, and the caller must read back whether a write was applied. Returns every other
   * response, and the last refusal if the deadline leaves no time for another attempt.
   */
  readonly retrying: SendChecked
}

/** Creates a lookup of dispatchers by URL, with one dispatcher for each proxy. */
const createDispatcherLookup = (): ((url: URL) => Promise<Dispatcher>) => {
  const direct = new Agent()
  const byProxy = new Map<string, Dispatcher>()
  return async (url) => {
    const proxy = findProxy(url)
    if (!proxy) return direct
    const { createProxyAgent } = await import('./proxy-agent.ts')
    const agent = byProxy.get(proxy.href) ?? createProxyAgent(proxy)
    byProxy.set(proxy.href, agent)
    return agent
  }
}

/**
 * Creates the HTTP client. It reads HTTPS_PROXY, HTTP_PROXY, and NO_PROXY as the runner's toolkit does, and
 * never proxies loopback. It does not follow redirects. Its requests throw `RunAborted` when the run ends.
 */
export const createHttp = (deadline: Deadline, log: Log): Http => {
  const dispatcherFor = createDispatcherLookup()
  const once: Send = async (request) => {
    checkProxy(request, process.env)
    const dispatcher = await dispatcherFor(new URL(request.url))
    const started = performance.now()
    const response = await sendOnce(request, deadline, dispatcher)
    deadline.recordResponse(performance.now() - started)
    return response
  }
  const firstSent = new Promise<void>((resolve) => {
    const onSent = (): void => {
      unsubscribe(SENDING, onSent)
      resolve()
    }
    subscribe(SENDING, onSent)
  })
  return { firstSent, once, retrying: (request) => sendRetrying(request, once, deadline, log) }
}
