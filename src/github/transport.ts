import type { Deadline } from '../core/deadline.ts'
import { LostResponseError } from '../network/errors.ts'
import type { HttpRequest, HttpResponse, Send } from '../network/messages.ts'
import { UnusableResponseError } from './errors.ts'

/** A request to the GitHub API. */
type GitHubRequest = Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>

/** Sends a request to the GitHub API (see {@link sendToGitHub}). */
export type SendToGitHub = (request: GitHubRequest) => Promise<HttpResponse>

/** The bounds of one request's time limit, in ms. */
const MAX_TIMEOUT_MS = 10_000
const MIN_TIMEOUT_MS = 1_000

/** The maximum number of redirects for one request. A repository can be renamed more than once. */
const MAX_REDIRECTS = 5

/** Returns the time limit of one request, in ms. A request that hangs must leave time for a retry. */
const timeoutMs = (deadline: Deadline): number =>
  Math.min(MAX_TIMEOUT_MS, Math.max(MIN_TIMEOUT_MS, deadline.remaining() / 4))

const sendOnce = async (send: Send, request: HttpRequest): Promise<HttpResponse> => {
  try {
    return await send(request)
  } catch (error) {
    // A retry would not help, and callers do not retry `UnusableResponseError`.
    if (error instanceof LostResponseError && error.fault?.isPermanent)
      throw new UnusableResponseError(error.message, { cause: error })
    throw error
  }
}

/**
 * Returns the URL that a response redirects to, or `undefined`. Throws if the URL is invalid, or if it is on
 * another origin, because the next request would send the token there.
 */
const redirectTarget = ({ status, headers }: HttpResponse, from: string): string | undefined => {
  const { location } = headers
  if (status < 301 || status > 308 || status === 304 || location === undefined) return undefined
  if (!URL.canParse(location, from))
    throw new UnusableResponseError('it redirects to an invalid URL')
  const target = new URL(location, from)
  const { origin } = new URL(from)
  if (target.origin === origin) return target.href
  throw new UnusableResponseError(
    `it redirects to ${target.origin}, and the token is sent to ${origin} only`,
  )
}

/**
 * Sends a request to the GitHub API. Follows redirects on the same origin, as GitHub recommends, because the
 * repository may have been renamed
 * (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects).
 * Throws {@link UnusableResponseError}, and what `send` throws.
 */
export const sendToGitHub = async (
  request: GitHubRequest,
  send: Send,
  deadline: Deadline,
): Promise<HttpResponse> => {
  let { url } = request
  for (let redirects = 0; ; redirects++) {
    const { pathname } = new URL(url)
    const maxAttemptMs = timeoutMs(deadline)
    const response = await sendOnce(send, { ...request, url, path: pathname, maxAttemptMs })
    const next = redirectTarget(response, url)
    if (next === undefined) return response
    if (redirects === MAX_REDIRECTS)
      throw new UnusableResponseError(`it redirects more than ${MAX_REDIRECTS} times`)
    url = next
  }
}
