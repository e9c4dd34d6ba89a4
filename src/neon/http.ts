import { HttpClient } from '@actions/http-client'
import { Agent, type Dispatcher, request } from 'undici'
import type { Log } from '../action/log.ts'
import type { Deadline } from '../deadline.ts'
import { messageOf } from '../problem.ts'
import { oneLine } from '../text.ts'
import { VERSION } from '../version.ts'
import { LostAnswerError, type RequestName } from './errors.ts'

/** A request as it goes out. `path` is how messages name it. */
export interface Call extends RequestName {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers?: Record<string, string>
  readonly body?: string
  /** Awaited before the request is sent again; what it throws ends the waiting. */
  readonly beforeRepeat?: (() => Promise<void>) | undefined
}

/** A whole answer, whatever its status. */
export interface Answer {
  readonly status: number
  /** The `Retry-After` header as it came, `''` when absent. */
  readonly retryAfter: string
  readonly text: string
}

/** The fields of an answer's JSON object; none where it is something else. Never throws. */
export const fieldsOf = (answer: Answer): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(answer.text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** Whether an answer says yes. */
export const isOk = ({ status }: Pick<Answer, 'status'>): boolean => status >= 200 && status < 300

/** What an answer of the auth service says in words: its code and message, `''` where it has none. */
export const saidOf = (answer: Answer): string => {
  const { code, message } = fieldsOf(answer)
  return [code, message].filter((part) => typeof part === 'string').join(' ')
}

/** Whether the auth service refuses the origin that it was asked from. */
export const refusesOrigin = (answer: Answer): boolean =>
  answer.status === 403 && fieldsOf(answer)['code'] === 'INVALID_ORIGIN'

/** Sends a request: once, or with retries, see {@link Http}. */
export type Send = (call: Call) => Promise<Answer>

/** Statuses that say "not now": nothing was done, any method may be repeated. */
const NOT_NOW = new Set([423, 429, 503])
/** Statuses after which a write may have had its effect: reads are repeated, writes reconciled. */
const UNCERTAIN = new Set([500, 502, 504])

/** How often a read that keeps being lost or answered 500, 502 or 504 is sent in all. */
const READ_ATTEMPTS = 6
const SHORTEST_WAIT_MS = 100
const FIRST_WAIT_MS = 300
const LONGEST_WAIT_MS = 10_000
const LONGEST_ATTEMPT_MS = 30_000
const SHORTEST_ATTEMPT_MS = 1_000

/**
 * The longest that one attempt may take, in ms: a hanging connection must leave time to try again
 * before the run's deadline.
 */
const attemptLimit = (deadline: Deadline): number =>
  Math.min(LONGEST_ATTEMPT_MS, Math.max(SHORTEST_ATTEMPT_MS, Math.ceil(deadline.remaining() / 4)))

/**
 * Milliseconds to wait before another attempt: "full jitter", anything up to a limit that doubles
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter), over a small floor.
 */
export const backoff = (attempt: number): number =>
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

const whyLost = (error: unknown, limitMs: number): string => {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `no answer within ${Math.round(limitMs / 1000)} s`
  }
  const code = (error as { code?: unknown }).code
  return [messageOf(error), code].filter(Boolean).join(', ')
}

const sendOnce = async (
  call: Call,
  deadline: Deadline,
  dispatcher: Dispatcher,
): Promise<Answer> => {
  const limitMs = attemptLimit(deadline)
  const tooLong = AbortSignal.timeout(limitMs)
  try {
    const answer = await request(call.url, {
      dispatcher,
      method: call.method,
      headers: { 'user-agent': `neon-auth-preview-action/${VERSION}`, ...call.headers },
      body: call.body ?? null,
      signal: AbortSignal.any([deadline.signal, tooLong]),
    })
    const retryAfter = answer.headers['retry-after']
    return {
      status: answer.statusCode,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : '',
      text: await answer.body.text(),
    }
  } catch (error) {
    if (deadline.signal.aborted) {
      throw deadline.over(`waiting for ${call.method} ${call.path}`, error)
    }
    throw new LostAnswerError(call, whyLost(error, limitMs), error)
  }
}

/** The network as a run uses it. */
export interface Http {
  /** One attempt: a lost answer throws {@link LostAnswerError} at once. */
  readonly once: Send
  /**
   * Repeats what may be repeated, inside the deadline, with `Retry-After` or backoff and jitter:
   * 423, 429 and 503 for every method; for GET also 500, 502, 504 and lost answers. A write that
   * ended so throws {@link LostAnswerError}: the caller reads what became of it. Every other
   * answer is handed back, and so is the last 423, 429 or 503 when the deadline leaves no time.
   */
  readonly retrying: Send
}

/**
 * Opens the network: undici, through the proxy that the environment names for `url` (HTTPS_PROXY,
 * HTTP_PROXY, NO_PROXY, read as the runner's own toolkit reads them: loopback is never proxied).
 * Redirects are not followed. All requests end with the run, as `RunOver`.
 */
export const createHttp = (deadline: Deadline, log: Log): Http => {
  const direct = new Agent()
  const toolkit = new HttpClient()
  const once: Send = (call) =>
    sendOnce(call, deadline, toolkit.getAgentDispatcher(call.url) ?? direct)
  return { once, retrying: (call) => sendRetrying(call, once, deadline, log) }
}

type Attempt = { readonly answer: Answer } | { readonly lost: LostAnswerError }

const outcomeOf = async (call: Call, once: Send): Promise<Attempt> => {
  try {
    const answer = await once(call)
    if (!UNCERTAIN.has(answer.status)) return { answer }
    const said = oneLine(answer.text, 200)
    return {
      lost: new LostAnswerError(call, `the answer was ${answer.status}: ${said || '(empty)'}`),
    }
  } catch (error) {
    if (error instanceof LostAnswerError) return { lost: error }
    throw error
  }
}

const sendRetrying = async (
  call: Call,
  once: Send,
  deadline: Deadline,
  log: Log,
): Promise<Answer> => {
  for (let attempt = 0; ; attempt++) {
    const outcome = await outcomeOf(call, once)
    const mayRepeat =
      'lost' in outcome
        ? call.method === 'GET' && attempt + 1 < READ_ATTEMPTS
        : NOT_NOW.has(outcome.answer.status)
    const asked = 'answer' in outcome ? retryAfterMs(outcome.answer.retryAfter) : undefined
    const wait = (asked ?? 0) + backoff(attempt)
    if (!mayRepeat || wait >= deadline.remaining()) {
      if ('lost' in outcome) throw outcome.lost
      return outcome.answer
    }
    const why = 'lost' in outcome ? outcome.lost.message : `answered ${outcome.answer.status}`
    log.info(`${call.method} ${call.path}: ${why}; trying again in ${(wait / 1000).toFixed(1)} s`)
    await deadline.sleep(wait, `${call.method} ${call.path} was to be tried again`)
    await call.beforeRepeat?.()
  }
}
