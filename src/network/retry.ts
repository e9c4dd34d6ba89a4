import { type Deadline, quotingFailure } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { LostResponseError, type RequestName } from './errors.ts'
import {
  type CheckedRequest,
  describeResponse,
  type HttpRequest,
  type HttpResponse,
  type Send,
} from './messages.ts'

/** Statuses of a server that applied nothing. Any method can be retried. */
export const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([423, 429, 503])
/** Statuses after which the request may have been applied. A read is retried. A write needs a read-back. */
export const UNCERTAIN_STATUSES: ReadonlySet<number> = new Set([500, 502, 504])

/** The number of lost responses (including 500, 502, and 504) after which a read fails. */
const MAX_LOST_READS = 6
const MIN_WAIT_MS = 100
const FIRST_WAIT_MS = 300
const MAX_WAIT_MS = 10_000

/**
 * Returns the milliseconds to wait before another attempt: a small minimum plus "full jitter", a random
 * time up to a limit that doubles
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
 */
export const backoffMs = (attempt: number): number =>
  MIN_WAIT_MS + Math.random() * Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt)

/**
 * Returns the milliseconds to wait according to a `Retry-After` header, in seconds or as an HTTP date
 * (RFC 9110, section 10.2.3). Returns `undefined` if the header is absent or invalid.
 */
export const retryAfterMs = (header: string, now = Date.now()): number | undefined => {
  if (/^\d+(\.\d+)?$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

type AttemptResult = { readonly response: HttpResponse } | { readonly error: LostResponseError }

const attemptOnce = async (request: HttpRequest, once: Send): Promise<AttemptResult> => {
  try {
    const response = await once(request)
    if (!UNCERTAIN_STATUSES.has(response.status)) return { response }
    return { error: new LostResponseError(request, describeResponse(response)) }
  } catch (error) {
    if (error instanceof LostResponseError) return { error }
    throw error
  }
}

/** Returns the milliseconds to wait before a retry, or `undefined` if the result is final. */
const retryDelayMs = (
  request: HttpRequest,
  result: AttemptResult,
  attempt: number,
  lost: number,
): number | undefined => {
  if ('error' in result) {
    const mayHelp = !result.error.fault?.isPermanent && lost < MAX_LOST_READS
    return request.method === 'GET' && mayHelp ? backoffMs(attempt) : undefined
  }
  const { status, headers } = result.response
  if (!RETRYABLE_STATUSES.has(status)) return undefined
  // Better Auth sends `X-Retry-After`.
  const retryAfter = headers['retry-after'] ?? headers['x-retry-after'] ?? ''
  return (retryAfterMs(retryAfter) ?? 0) + backoffMs(attempt)
}

const describeFailure = ({ method, path }: HttpRequest, result: AttemptResult): string =>
  'error' in result
    ? result.error.summary
    : `${method} ${path}: ${describeResponse(result.response)}`

/** Logs `failure`, and waits `ms` milliseconds. If the run ends during the wait, the error quotes `failure`. */
export const pauseBeforeRetry = (
  ms: number,
  failure: string,
  { method, path }: RequestName,
  deadline: Deadline,
  log: Log,
): Promise<void> => {
  log.info(`${failure}; retrying in ${(ms / 1000).toFixed(1)} s`)
  const waitingFor = `waiting to retry ${method} ${path}`
  return quotingFailure(failure, () => deadline.sleep(ms, waitingFor))
}

/** Sends a request with the retries of `Http.retrying`, and runs `beforeAttempt` before each attempt. */
export const sendRetrying = async (
  { beforeAttempt, ...request }: CheckedRequest,
  once: Send,
  deadline: Deadline,
  log: Log,
): Promise<HttpResponse> => {
  let failure: string | undefined
  let lost = 0
  for (let attempt = 0; ; attempt++) {
    const result = await quotingFailure(failure, async () => {
      await beforeAttempt?.()
      return attemptOnce(request, once)
    })
    if ('error' in result) lost += 1
    const wait = retryDelayMs(request, result, attempt, lost)
    if (wait === undefined || wait >= deadline.remaining()) {
      if ('error' in result) throw result.error
      return result.response
    }
    failure = describeFailure(request, result)
    await pauseBeforeRetry(wait, failure, request, deadline, log)
  }
}
