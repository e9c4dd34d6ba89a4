import { messageOf, Problem, type ProblemParts } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import { LostResponseError, type NetworkFault, type RequestName } from '../network/errors.ts'

/** What an error response says. */
export interface ErrorResponse {
  readonly status: number
  /** Neon's message, or the start of a body that is not Neon's. May be empty. */
  readonly message: string
  readonly code?: string | undefined
  readonly requestId?: string | undefined
  /** Whether the body is not a `GeneralError`, and so probably not from Neon. */
  readonly isForeign?: boolean
}

/** Thrown for an error status. The body is usually Neon's own error (`GeneralError` in its API description). */
export class NeonApiError extends Error {
  override readonly name = 'NeonApiError'
  readonly request: RequestName
  readonly status: number
  readonly code: string | undefined
  /** The ID for Neon's support. From the response, or else from the request. */
  readonly requestId: string | undefined
  readonly isForeign: boolean

  constructor(request: RequestName, response: ErrorResponse) {
    super(response.message)
    this.request = request
    this.status = response.status
    this.code = response.code
    this.requestId = response.requestId ?? request.requestId
    this.isForeign = response.isForeign ?? false
  }
}

/** Thrown for a 2xx response that does not have the documented shape. */
export class UnexpectedResponseError extends Error {
  override readonly name = 'UnexpectedResponseError'
  readonly request: RequestName

  constructor(request: RequestName, message: string) {
    super(message)
    this.request = request
  }
}

type Explanation = Pick<ProblemParts, 'why' | 'fix'>

const CHECK_STATUS_PAGE = 'look at https://neonstatus.com and run the job again'

const KEY_SCOPE: Explanation = {
  why: 'the API key belongs to another project or organization, or is not allowed to do this',
  fix: 'use a key made for this project (`api_key`), and check `project_id`',
}

/**
 * Matches Neon's message for a key without access. The status can be 404 ("not allowed to perform actions
 * outside the project this key is scoped to").
 */
const ACCESS_DENIED =
  /outside the project|\bscoped?\b|\baccess\b|\bpermissions?\b|\bpermitted\b|not (allowed|authorized)|\bunauthorized\b|\bforbidden\b/i

/** Returns whether an error says that the key has no access. Pure. */
export const isAccessDenied = ({ status, message }: NeonApiError): boolean =>
  status === 401 || status === 403 || (status === 404 && ACCESS_DENIED.test(message))

/** The explanation for a response that is probably not from the Neon API. */
export const NOT_NEON: NetworkFault = {
  why: "this page is not from the Neon API: a proxy or firewall responded in its place, or `api_host` is not the API's base URL",
  fix: 'check the proxy of the runner (HTTPS_PROXY, NO_PROXY) and `api_host`, and run the job again',
  isPermanent: false,
}

const CHANGED_API: Explanation = {
  why: 'the API has changed, or `api_host` is not the Neon API',
  fix: 'look for a newer version of this action, or correct `api_host`',
}

/** The same for a response that does not come from `api_host`, such as the result of a statement. */
const CHANGED_ENDPOINT: Explanation = {
  why: 'the endpoint has changed, or a proxy altered the response',
  fix: 'look for a newer version of this action, or check the proxy of the runner (HTTPS_PROXY, NO_PROXY)',
}

const NO_BRANCH: Explanation = {
  why: 'the branch or this part of its auth does not exist, or no longer exists, or the API key cannot see it',
  fix: 'if the branch was deleted or created again during this run, run the job again; otherwise check that the key was made for this project',
}

const BY_STATUS: Record<number, Explanation> = {
  401: {
    why: 'the API key is mistyped, was revoked, or is for another service',
    fix: 'create a new key in the Neon Console and save it as the secret that `api_key` reads',
  },
  403: KEY_SCOPE,
  404: {
    why: 'there is no such project, or the API key is scoped to another project and cannot see it',
    fix: 'check `project_id` (Neon Console → Settings → General) and that the key was made for that project',
  },
  423: {
    why: 'another operation on this branch has not finished',
    fix: 'run the job again, or increase `timeout`',
  },
  429: {
    why: 'this account sent too many requests (Neon allows 700 a minute)',
    fix: 'run fewer of these jobs at the same time, or increase `timeout`',
  },
}

const explain = (error: NeonApiError): Explanation => {
  const { status, request } = error
  if (status >= 300 && status < 400) {
    return {
      why: 'the API responded with a redirect, which this action does not follow because it would send the key along',
      fix: 'correct `api_host`',
    }
  }
  // An empty body does not show who answered, and Neon's own gateway answers some 5xx with a page. A rate limit has the
  // same cause whoever enforces it.
  if (error.isForeign && status < 500 && status !== 429 && error.message !== '') return NOT_NEON
  if (status >= 500) {
    const server = error.isForeign ? 'Neon or a proxy' : 'Neon'
    return { why: `${server} has an internal error right now`, fix: CHECK_STATUS_PAGE }
  }
  if (status === 404 && isAccessDenied(error)) return KEY_SCOPE
  if (status === 404 && /\/branches\/[^/]/.test(request.path)) return NO_BRANCH
  if (BY_STATUS[status]) return BY_STATUS[status]
  return {
    fix: error.message
      ? "see Neon's message above"
      : "run the job again. If that does not help, give the request ID to Neon's support",
  }
}

const formatRequestId = (requestId: string | undefined): string =>
  requestId ? ` [request ID ${oneLine(requestId, 80)}]` : ''

/** Describes an error response without a final period: status, message, and request ID. Pure. */
export const describeErrorResponse = (error: NeonApiError): string => {
  const { method, path } = error.request
  const code = error.code ? ` (${oneLine(error.code, 80)})` : ''
  const message = error.message ? `: "${oneLine(error.message)}"` : ' with no message'
  const server = error.isForeign ? 'The server' : 'Neon'
  return `${server} answered ${error.status}${code} to ${method} ${path}${message}${formatRequestId(error.requestId)}`
}

const lostProblem = (error: LostResponseError, what: string): Problem => {
  const { method, path, requestId } = error.request
  return new Problem({
    what,
    response: `${method} ${path} failed: ${oneLine(messageOf(error))}${formatRequestId(requestId)}`,
    why:
      error.fault?.why ??
      'the network, a proxy, or Neon itself; the request may or may not have been applied',
    fix:
      error.fault?.fix ??
      'check that the runner can reach the host (proxy: HTTPS_PROXY, NO_PROXY; `api_host`) and that https://neonstatus.com reports no outage, then run the job again. The new run picks up where this one stopped',
    cause: error,
  })
}

const unexpectedProblem = (error: UnexpectedResponseError, what: string): Problem => {
  const { method, path, requestId } = error.request
  return new Problem({
    what,
    response: `The response to ${method} ${path} is not what Neon documents: ${oneLine(error.message)}${formatRequestId(requestId)}`,
    ...(path.startsWith('/projects') ? CHANGED_API : CHANGED_ENDPOINT),
    cause: error,
  })
}

/**
 * Converts an error of a request to a {@link Problem}. `what` says what was tried, such as "Could not enable
 * Neon Auth on branch preview/pr-7." Returns any other error unchanged, including a `Problem`.
 */
export const toProblem = (error: unknown, what: string): unknown => {
  if (error instanceof NeonApiError) {
    const response = describeErrorResponse(error)
    return new Problem({ what, response, ...explain(error), cause: error })
  }
  if (error instanceof LostResponseError) return lostProblem(error, what)
  return error instanceof UnexpectedResponseError ? unexpectedProblem(error, what) : error
}

/** Runs `work` and returns its result. Converts its errors with {@link toProblem}. */
export const withContext = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw toProblem(error, what)
  }
}
