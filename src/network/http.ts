import { HttpClient } from '@actions/http-client'
import { Agent } from 'undici'
import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import type { Send } from './messages.ts'
import { checkProxy } from './proxy.ts'
import { sendRetrying } from './retry.ts'
import { sendOnce } from './transport.ts'

/** Sends HTTP requests within the run's deadline. */
export interface Http {
  /** Sends a request once. Throws {@link LostResponseError} if the response is lost. */
  readonly once: Send
  /**
   * Sends a request with retries until the deadline, after `Retry-After` or with backoff and jitter.
   * Retries 423, 429, and 503 for every method, and 500, 502, 504, and lost responses for GET. Throws
   * {@link LostResponseError} if a write gets one of the latter: the caller reads back whether it was
   * applied. Returns every other response, and the last 423, 429, or 503 at the deadline.
   */
  readonly retrying: Send
}

/**
 * Creates the HTTP client. It uses the proxy in HTTPS_PROXY, HTTP_PROXY, and NO_PROXY like the runner's
 * own toolkit, which never proxies loopback. It does not follow redirects. Its requests throw
 * `RunAborted` when the run ends, and `Problem` if the proxy is not supported.
 */
export const createHttp = (deadline: Deadline, log: Log): Http => {
  const direct = new Agent()
  const toolkit = new HttpClient()
  const once: Send = async (request) => {
    checkProxy(new URL(request.url), process.env)
    const started = performance.now()
    const response = await sendOnce(
      request,
      deadline,
      toolkit.getAgentDispatcher(request.url) ?? direct,
    )
    deadline.noteResponse(performance.now() - started)
    return response
  }
  return { once, retrying: (request) => sendRetrying(request, once, deadline, log) }
}
