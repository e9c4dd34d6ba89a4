import { type Dispatcher, request } from 'undici'
import type { Deadline } from '../core/deadline.ts'
import { messageOf } from '../core/problem.ts'
import { VERSION } from '../core/version.ts'
import { LostResponseError } from './errors.ts'
import type { HttpRequest, HttpResponse } from './messages.ts'

const LONGEST_ATTEMPT_MS = 30_000
const SHORTEST_ATTEMPT_MS = 1_000

/**
 * The longest that one attempt may take, in ms: a hanging connection must leave time to try again
 * before the run's deadline.
 */
const attemptLimit = (deadline: Deadline): number =>
  Math.min(LONGEST_ATTEMPT_MS, Math.max(SHORTEST_ATTEMPT_MS, Math.ceil(deadline.remaining() / 4)))

const whyLost = (error: unknown, limitMs: number): string => {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `no answer within ${Math.round(limitMs / 1000)} s`
  }
  const code = (error as { code?: unknown }).code
  return [messageOf(error), code].filter(Boolean).join(', ')
}

/**
 * Sends a request once. Throws {@link LostResponseError} if no complete response arrives, and
 * `RunAborted` at the deadline.
 */
export const sendOnce = async (
  call: HttpRequest,
  deadline: Deadline,
  dispatcher: Dispatcher,
): Promise<HttpResponse> => {
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
    // Better Auth sends its own header.
    const retryAfter = answer.headers['retry-after'] ?? answer.headers['x-retry-after']
    return {
      status: answer.statusCode,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : '',
      text: await answer.body.text(),
    }
  } catch (error) {
    if (deadline.signal.aborted) {
      throw deadline.abortError(`waiting for ${call.method} ${call.path}`, error)
    }
    throw new LostResponseError(call, whyLost(error, limitMs), error)
  }
}
