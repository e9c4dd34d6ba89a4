import { HttpClient } from '@actions/http-client'
import { Agent } from 'undici'
import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import type { Send } from './messages.ts'
import { checkProxy } from './proxy.ts'
import { sendRetrying } from './retry.ts'
import { sendOnce } from './transport.ts'

/** The network as a run uses it. */
export interface Http {
  /** One attempt: a lost answer throws {@link LostResponseError} at once. */
  readonly once: Send
  /**
   * Repeats what may be repeated, inside the deadline, with `Retry-After` or backoff and jitter:
   * 423, 429 and 503 for every method; for GET also 500, 502, 504 and lost answers. A write that
   * ended so throws {@link LostResponseError}: the caller reads what became of it. Every other
   * answer is handed back, and so is the last 423, 429 or 503 when the deadline leaves no time.
   */
  readonly retrying: Send
}

/**
 * Opens the network: undici, through the proxy that the environment names for `url` (HTTPS_PROXY,
 * HTTP_PROXY, NO_PROXY, read as the runner's own toolkit reads them: loopback is never proxied).
 * Redirects are not followed. All requests end with the run, as `RunAborted`. Throws `Problem` for a
 * proxy of a kind that cannot be used.
 */
export const createHttp = (deadline: Deadline, log: Log): Http => {
  const direct = new Agent()
  const toolkit = new HttpClient()
  const once: Send = async (call) => {
    checkProxy(new URL(call.url), process.env)
    const started = performance.now()
    const response = await sendOnce(call, deadline, toolkit.getAgentDispatcher(call.url) ?? direct)
    deadline.noteResponse(performance.now() - started)
    return response
  }
  return { once, retrying: (call) => sendRetrying(call, once, deadline, log) }
}
