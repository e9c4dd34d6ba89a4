import { type Fields, fieldsOf } from '../core/fields.ts'
import { messageOf } from '../core/problem.ts'
import { nonEmptyString, oneLine } from '../core/text.ts'

/** The status of a request without a response. Octokit uses 500 for this. */
const NO_RESPONSE = 599

/**
 * Thrown for a response that cannot be used, such as one without the requested list, and for a network fault
 * that a retry cannot fix.
 */
export class UnusableResponseError extends Error {
  override readonly name = 'UnusableResponseError'
}

/**
 * A permission that a request needs. The README omits two: every token has `metadata: read`, and no feature
 * depends on `issues: read`.
 */
export type Permission =
  | 'contents: read'
  | 'deployments: read'
  | 'issues: read'
  | 'metadata: read'
  | 'pull-requests: read'
  | 'pull-requests: write'

/** Why a request failed, according to GitHub's response. */
export type RefusalReason =
  | 'rate-limit'
  | 'bad-token'
  | 'ip-allow-list'
  | 'single-sign-on'
  | 'locked'
  | 'permission'
  | 'not-found'
  | 'no-graphql'
  | 'lost'
  | 'other'

/** The fields of Octokit's errors that this action reads, for REST and GraphQL. */
interface OctokitError {
  readonly status?: unknown
  readonly cause?: unknown
  readonly headers?: unknown
  readonly request?: { readonly url?: unknown }
  readonly response?: { readonly headers?: unknown; readonly data?: unknown }
  readonly errors?: unknown
}

/** The explanation of one failed request to GitHub. */
export interface Refusal {
  /** 599 if no usable response arrived. */
  readonly status: number
  readonly reason: RefusalReason
  /** One line: the status, GitHub's message, and, if known, how to fix it. */
  readonly message: string
  /** Milliseconds until a rate limit ends. */
  readonly waitMs?: number
}

/** Returns the status of a failed request. Octokit reports a lost connection as 500 without a response. */
const statusOf = (error: unknown): number => {
  const { status, response } = error as OctokitError
  return typeof status === 'number' && (status !== 500 || response) ? status : NO_RESPONSE
}

const graphqlErrors = ({ errors }: OctokitError): Fields[] =>
  Array.isArray(errors) ? errors.map(fieldsOf) : []

const githubMessage = (error: unknown): string => {
  // Octokit wraps network errors, so a bare TypeError means that the response lacks a field.
  if (error instanceof TypeError) return "its response does not match GitHub's documentation"
  const rest = nonEmptyString(fieldsOf((error as OctokitError).response?.data)['message'])
  const graphql = graphqlErrors(error as OctokitError).map(({ message }) => String(message))
  return oneLine(rest ?? (graphql.join('; ') || messageOf(error)), 200)
}

const headersOf = (error: unknown): Fields => {
  const { headers, response } = error as OctokitError
  return fieldsOf(response?.headers ?? headers)
}

/** The wait if GitHub does not say when a rate limit ends, in ms. GitHub recommends at least a minute. */
const DEFAULT_WAIT_MS = 60_000

const MIN_WAIT_MS = 1_000

/**
 * Returns the milliseconds until a rate limit ends
 * (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit).
 */
const rateLimitWait = (headers: Fields): number => {
  const retryAfter = Number.parseInt(String(headers['retry-after']), 10)
  const reset = Number.parseInt(String(headers['x-ratelimit-reset']), 10)
  const untilReset =
    headers['x-ratelimit-remaining'] === '0' ? reset * 1000 - Date.now() : Number.NaN
  const wait = [retryAfter * 1000, untilReset].find((ms) => !Number.isNaN(ms)) ?? DEFAULT_WAIT_MS
  return Math.max(MIN_WAIT_MS, wait)
}

const isRateLimit = (error: unknown, status: number, text: string): boolean => {
  if (graphqlErrors(error as OctokitError).some(({ type }) => type === 'RATE_LIMITED')) return true
  const headers = headersOf(error)
  const hasLimitHeader =
    headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined
  return status === 429 || (status === 403 && (hasLimitHeader || /rate limit/i.test(text)))
}

const isGraphql = (error: unknown): boolean =>
  String((error as OctokitError).request?.url).endsWith('/graphql')

const reasonOf = (error: unknown, status: number, text: string): RefusalReason => {
  // Check these two first: such a response may also report an exhausted rate limit.
  if (/resource not accessible/i.test(text)) return 'permission'
  if (status === 401) return 'bad-token'
  if (isRateLimit(error, status, text)) return 'rate-limit'
  if (/IP allow list/i.test(text)) return 'ip-allow-list'
  if (/\bSAML\b|single sign-on/i.test(text)) return 'single-sign-on'
  if (/\blocked\b/i.test(text)) return 'locked'
  if (status === 404) return isGraphql(error) ? 'no-graphql' : 'not-found'
  return status >= 500 ? 'lost' : 'other'
}

const formatEnd = (waitMs: number): string =>
  new Date(Date.now() + waitMs).toISOString().replace(/\.\d+/, '')

const permissionAdvice = (permission: Permission): string => {
  const forkNote = permission.endsWith('write')
    ? "; on a fork's pull request, the token can only read"
    : ''
  return `add \`permissions: ${permission}\` to the job${forkNote}`
}

const adviceFor = (reason: RefusalReason, text: string, permission: Permission): string => {
  switch (reason) {
    case 'bad-token':
      return 'the token in `github_token` is not valid, or has expired: pass `${{ github.token }}` or a new token'
    case 'ip-allow-list':
      return "the organization's IP allow list does not include this runner"
    case 'single-sign-on':
      return "authorize the token in `github_token` for the organization's single sign-on"
    case 'locked':
      return 'unlock the conversation, or set `comment: false`'
    case 'permission':
      return permissionAdvice(permission)
    case 'not-found':
      return text === 'Not Found'
        ? `it does not exist, or the token cannot see it: ${permissionAdvice(permission)}`
        : ''
    case 'no-graphql':
      return 'this server has no GraphQL API (Gitea and Forgejo have none), so this is not supported here'
    default:
      return ''
  }
}

/**
 * Explains a failed request from GitHub's response. Names `permission`, such as `pull-requests: read`, only if
 * GitHub says that it is missing, or answers 404, which can hide a missing permission.
 */
export const explainRefusal = (error: unknown, permission: Permission): Refusal => {
  const status = statusOf(error)
  const text = githubMessage(error)
  const reason = reasonOf(error, status, text)
  const summary = status === NO_RESPONSE ? text : `${status}, ${text}`
  if (reason === 'rate-limit') {
    const waitMs = rateLimitWait(headersOf(error))
    const message = `${summary}; the token's rate limit resets at ${formatEnd(waitMs)}`
    return { status, reason, message, waitMs }
  }
  const advice = adviceFor(reason, text, permission)
  return { status, reason, message: [summary, advice].filter(Boolean).join('; ') }
}
