import { type Dispatcher, request } from 'undici'
import type { Deadline } from '../core/deadline.ts'
import { messageOf } from '../core/problem.ts'
import { VERSION } from '../core/version.ts'
import { LostResponseError, type NetworkFault } from './errors.ts'
import { networkFault } from './faults.ts'
import { describeResponse, type HttpRequest, type HttpResponse } from './messages.ts'

const LONGEST_ATTEMPT_MS = 30_000
const PATIENT_ATTEMPT_MS = 5_000
const SHORTEST_ATTEMPT_MS = 1_000

/**
 * The most bytes of one response that are read. Neon's largest, a page of 10,000 branches with
 * their annotations, has about 15 MB.
 */
const MOST_BYTES = 32_000_000

const TOO_LARGE: NetworkFault = {
  why: 'the server is not the Neon API, or something between the runner and Neon changed the response',
  fix: 'check `api_host` and the proxy of the runner (HTTPS_PROXY, NO_PROXY)',
  isPermanent: true,
}

const TOO_SLOW: NetworkFault = {
  why: "the server is slow or overloaded, a firewall drops the runner's packets, or the run's `timeout` is too short for it",
  fix: 'increase `timeout` (seconds), and check that the runner reaches the host (proxy: HTTPS_PROXY, NO_PROXY; `api_host`)',
  isPermanent: false,
}

/**
 * The longest that one attempt may take, in ms: a hanging connection must leave time to try again
 * before the run's deadline, and a server that takes seconds must still be able to answer.
 */
const attemptLimit = (deadline: Deadline): number => {
  const left = deadline.remaining()
  const patient = Math.max(left / 4, Math.min(PATIENT_ATTEMPT_MS, left / 2))
  return Math.ceil(Math.min(LONGEST_ATTEMPT_MS, Math.max(SHORTEST_ATTEMPT_MS, patient)))
}

const lostResponse = (call: HttpRequest, error: unknown, limitMs: number): LostResponseError => {
  if (error instanceof LostResponseError) return error
  if (error instanceof Error && error.name === 'TimeoutError') {
    const waited = `no response within ${Math.round(limitMs / 1000)} s`
    return new LostResponseError(call, waited, error, TOO_SLOW)
  }
  const code = (error as { code?: unknown }).code
  const message = [messageOf(error), code].filter(Boolean).join(', ')
  return new LostResponseError(call, message, error, networkFault(error))
}

type Body = Dispatcher.ResponseData['body']

/** Reads a body as text. Throws {@link LostResponseError} as soon as it exceeds {@link MOST_BYTES}. */
const readText = async (call: HttpRequest, body: Body): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BYTES) {
      const message = `the response is larger than ${MOST_BYTES / 1_000_000} MB, the most that this action reads`
      throw new LostResponseError(call, message, undefined, TOO_LARGE)
    }
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

const receive = async (
  call: HttpRequest,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<HttpResponse> => {
  const { statusCode, headers, body } = await request(call.url, {
    dispatcher,
    method: call.method,
    headers: {
      'user-agent': `neon-auth-preview-action/${VERSION}`,
      // Nothing is unpacked, so that a small response cannot become a large one.
      'accept-encoding': 'identity',
      ...call.headers,
    },
    body: call.body ?? null,
    signal,
  })
  // Better Auth sends its own header.
  const retryAfter = headers['retry-after'] ?? headers['x-retry-after']
  return {
    status: statusCode,
    retryAfter: typeof retryAfter === 'string' ? retryAfter : '',
    text: await readText(call, body),
  }
}

/**
 * Sends a request once. Throws {@link LostResponseError} if no complete response arrives, if it is
 * larger than 32 MB, or if it is not from the server that was asked, and `RunAborted` at the
 * deadline.
 */
export const sendOnce = async (
  call: HttpRequest,
  deadline: Deadline,
  dispatcher: Dispatcher,
): Promise<HttpResponse> => {
  const limitMs = attemptLimit(deadline)
  const signal = AbortSignal.any([deadline.signal, AbortSignal.timeout(limitMs)])
  let response: HttpResponse
  try {
    response = await receive(call, dispatcher, signal)
  } catch (error) {
    if (deadline.signal.aborted) {
      throw deadline.abortError(`waiting for ${call.method} ${call.path}`, error)
    }
    throw lostResponse(call, error, limitMs)
  }
  const fault = call.foreign?.(response)
  if (!fault) return response
  throw new LostResponseError(call, describeResponse(response), undefined, fault)
}
