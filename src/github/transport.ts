import type { Deadline } from '../core/deadline.ts'
import { LostResponseError } from '../network/errors.ts'
import type { HttpRequest, HttpResponse, Send } from '../network/messages.ts'
import { UnusableResponse } from './errors.ts'

/** A request to the GitHub API. */
type GitHubRequest = Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>

/** Sends a request to the GitHub API, see {@link sendToGitHub}. */
export type SendToGitHub = (request: GitHubRequest) => Promise<HttpResponse>

/** The time limit of one request, in ms. */
const PATIENCE_MS = 10_000
const SHORTEST_PATIENCE_MS = 1_000

/** How often a request is redirected: a repository that was renamed, and renamed again. */
const MAX_REDIRECTS = 5

/** Returns the time limit of one request, in ms. A hanging request must leave time for a retry. */
const patienceMs = (deadline: Deadline): number =>
  Math.min(PATIENCE_MS, Math.max(SHORTEST_PATIENCE_MS, deadline.remaining() / 4))

const sendOnce = async (send: Send, request: HttpRequest): Promise<HttpResponse> => {
  try {
    return await send(request)
  } catch (error) {
    // A retry does not help.
    if (error instanceof LostResponseError && error.fault?.isPermanent)
      throw new UnusableResponse(error.message, { cause: error })
    throw error
  }
}

/** Returns where a response redirects to. Throws if that is another host, because the token goes along. */
const redirectOf = ({ status, headers }: HttpResponse, from: string): string | undefined => {
  const { location } = headers
  if (status < 301 || status > 308 || status === 304 || location === undefined) return undefined
  if (!URL.canParse(location, from)) throw new UnusableResponse('it redirects to what is no URL')
  const [to, { origin }] = [new URL(location, from), new URL(from)]
  if (to.origin === origin) return to.href
  throw new UnusableResponse(
    `it redirects to ${to.origin}, and the token is sent to ${origin} only`,
  )
}

/**
 * Sends a request to the GitHub API. Follows redirects on the same host, as GitHub asks: the repository
 * may have been renamed
 * (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects).
 * Throws {@link UnusableResponse}, and what `send` throws.
 */
export const sendToGitHub = async (
  request: GitHubRequest,
  send: Send,
  deadline: Deadline,
): Promise<HttpResponse> => {
  let { url } = request
  for (let redirects = 0; ; redirects++) {
    const { pathname } = new URL(url)
    const attemptMs = patienceMs(deadline)
    const response = await sendOnce(send, { ...request, url, path: pathname, attemptMs })
    const next = redirectOf(response, url)
    if (next === undefined) return response
    if (redirects === MAX_REDIRECTS) throw new UnusableResponse('it redirects in a circle')
    url = next
  }
}
