import type { Dispatcher } from 'undici'
import sendWithUndici from 'undici/lib/api/api-request.js'
import type { Deadline } from '../core/deadline.ts'
import { messageOf } from '../core/problem.ts'
import { VERSION } from '../core/version.ts'
import { networkFault } from './classify-fault.ts'
import { LostResponseError, type NetworkFault } from './errors.ts'
import { describeResponse, type HttpRequest, type HttpResponse } from './messages.ts'

const MAX_ATTEMPT_MS = 30_000
/** The minimum for one attempt, unless the run has little time left. */
const USUAL_MIN_ATTEMPT_MS = 5_000
const MIN_ATTEMPT_MS = 1_000
/** The share of the time left that one attempt of a long request gets. */
const LONG_ATTEMPT_SHARE = 0.75

/** The size limit of a response. Neon's largest, a page of 10,000 annotated branches, is about 15 MB. */
const MAX_BYTES = 32_000_000

const tooLarge = (host: string): NetworkFault => ({
  why: `something other than the expected service answered at ${host}, or a proxy changed the response`,
  fix: "check the runner's proxy (HTTPS_PROXY, NO_PROXY), and `api_host` if it names that host",
  isPermanent: true,
})

const TOO_SLOW: NetworkFault = {
  why: "the server is slow or overloaded, a firewall drops the runner's packets, or the run's `timeout` is too short for it",
  fix: 'increase `timeout` (seconds), and check that the runner reaches the host (proxy: HTTPS_PROXY, NO_PROXY; `api_host`)',
  isPermanent: false,
}

/**
 * Returns the time limit of one attempt, in ms. It leaves time for a retry if a connection hangs, and enough
 * for a slow server to respond.
 */
const attemptLimit = (deadline: Deadline, { maxAttemptMs, isLongRunning }: HttpRequest): number => {
  const remaining = deadline.remaining()
  if (isLongRunning) return Math.ceil(Math.max(MIN_ATTEMPT_MS, remaining * LONG_ATTEMPT_SHARE))
  const share = Math.max(remaining / 4, Math.min(USUAL_MIN_ATTEMPT_MS, remaining / 2))
  return Math.ceil(Math.min(maxAttemptMs ?? MAX_ATTEMPT_MS, Math.max(MIN_ATTEMPT_MS, share)))
}

const toLostResponse = (
  request: HttpRequest,
  error: unknown,
  limitMs: number,
): LostResponseError => {
  if (error instanceof LostResponseError) return error
  if (error instanceof Error && error.name === 'TimeoutError') {
    const message = `no response within ${Math.round(limitMs / 1000)} s`
    return new LostResponseError(request, message, error, TOO_SLOW)
  }
  const code = (error as { code?: unknown }).code
  const message = [messageOf(error), code].filter(Boolean).join(', ')
  return new LostResponseError(request, message, error, networkFault(error))
}

type Body = Dispatcher.ResponseData['body']

/** Reads a body as text. Throws {@link LostResponseError} as soon as it exceeds the size limit. */
const readText = async (request: HttpRequest, body: Body): Promise<string> => {
  const { maxBytes = MAX_BYTES } = request
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) {
      const message = `the response is larger than ${maxBytes / 1_000_000} MB, the most that this action reads`
      throw new LostResponseError(request, message, undefined, tooLarge(new URL(request.url).host))
    }
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

const receive = async (
  request: HttpRequest,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<HttpResponse> => {
  const { origin, pathname, search } = new URL(request.url)
  const { statusCode, headers, body } = await sendWithUndici.call(dispatcher, {
    origin,
    path: `${pathname}${search}`,
    method: request.method,
    headers: {
      'user-agent': `neon-auth-preview-action/${VERSION}`,
      // Without compression, a small response cannot expand to a large one.
      'accept-encoding': 'identity',
      ...request.headers,
    },
    body: request.body ?? null,
    signal,
  })
  const { 'set-cookie': setCookie } = headers
  const headerTexts = Object.entries(headers).map(([name, value]) => [name, String(value)])
  return {
    status: statusCode,
    headers: Object.fromEntries(headerTexts),
    text: await readText(request, body),
    ...(setCookie !== undefined && { setCookie: [setCookie].flat() }),
  }
}

/**
 * Sends a request once. Throws {@link LostResponseError} if there is no response, or if it is incomplete, too large,
 * or from another server. Throws `RunAborted` when the run ends.
 */
export const sendOnce = async (
  request: HttpRequest,
  deadline: Deadline,
  dispatcher: Dispatcher,
): Promise<HttpResponse> => {
  const limitMs = attemptLimit(deadline, request)
  const signal = AbortSignal.any([deadline.signal, AbortSignal.timeout(limitMs)])
  let response: HttpResponse
  try {
    response = await receive(request, dispatcher, signal)
  } catch (error) {
    if (deadline.signal.aborted) {
      throw deadline.abortError(`waiting for ${request.method} ${request.path}`, error)
    }
    throw toLostResponse(request, error, limitMs)
  }
  const fault = request.foreignFault?.(response)
  if (!fault) return response
  throw new LostResponseError(request, describeResponse(response), undefined, fault)
}
