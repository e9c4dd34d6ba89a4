import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { LostResponseError } from './errors.ts'
import { describeResponse, type HttpRequest, type HttpResponse, type Send } from './messages.ts'

/** Statuses that say "not now": nothing was done, any method may be repeated. */
const NOT_NOW = new Set([423, 429, 503])
/** Statuses after which a write may have had its effect: reads are repeated, writes reconciled. */
const UNCERTAIN = new Set([500, 502, 504])

/** How often a read that keeps being lost or answered 500, 502 or 504 is sent in all. */
const READ_ATTEMPTS = 6
const SHORTEST_WAIT_MS = 100
const FIRST_WAIT_MS = 300
const LONGEST_WAIT_MS = 10_000
/**
 * Milliseconds to wait before another attempt: "full jitter", anything up to a limit that doubles
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter), over a small floor.
 */
export const backoffMs = (attempt: number): number =>
  SHORTEST_WAIT_MS + Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt)

/**
 * Milliseconds that a `Retry-After` header asks for, in either of its forms, seconds or an HTTP
 * date (RFC 9110, section 10.2.3); `undefined` when it is absent or neither.
 */
export const retryAfterMs = (header: string, now = Date.now()): number | undefined => {
  if (/^\d+(\.\d+)?$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return header === '' || Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

type Attempt = { readonly answer: HttpResponse } | { readonly lost: LostResponseError }

const outcomeOf = async (call: HttpRequest, once: Send): Promise<Attempt> => {
  try {
    const answer = await once(call)
    if (!UNCERTAIN.has(answer.status)) return { answer }
    return { lost: new LostResponseError(call, describeResponse(answer)) }
  } catch (error) {
    if (error instanceof LostResponseError) return { lost: error }
    throw error
  }
}

/** When to send a request again, in ms from now. `undefined`: never, this outcome is final. */
const retryDelayMs = (call: HttpRequest, outcome: Attempt, attempt: number): number | undefined => {
  if ('lost' in outcome) {
    const mayHelp = !outcome.lost.fault?.isPermanent && attempt + 1 < READ_ATTEMPTS
    return call.method === 'GET' && mayHelp ? backoffMs(attempt) : undefined
  }
  if (!NOT_NOW.has(outcome.answer.status)) return undefined
  return (retryAfterMs(outcome.answer.retryAfter) ?? 0) + backoffMs(attempt)
}

/**
 * Sends a request, and repeats it as `Http.retrying` says. `beforeAttempt` runs before each attempt.
 */
export const sendRetrying = async (
  call: HttpRequest,
  once: Send,
  deadline: Deadline,
  log: Log,
): Promise<HttpResponse> => {
  for (let attempt = 0; ; attempt++) {
    await call.beforeAttempt?.()
    const outcome = await outcomeOf(call, once)
    const wait = retryDelayMs(call, outcome, attempt)
    if (wait === undefined || wait >= deadline.remaining()) {
      if ('lost' in outcome) throw outcome.lost
      return outcome.answer
    }
    const why = 'lost' in outcome ? outcome.lost.message : `got status ${outcome.answer.status}`
    log.info(`${call.method} ${call.path}: ${why}; retrying in ${(wait / 1000).toFixed(1)} s`)
    await deadline.sleep(wait, `waiting to retry ${call.method} ${call.path}`)
  }
}
