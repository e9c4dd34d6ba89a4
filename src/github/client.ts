import type { GitHub as Toolkit } from '@actions/github/lib/utils'
import { type Deadline, quotingFailure } from '../core/deadline.ts'
import type { Send } from '../network/messages.ts'
import {
  explainRefusal,
  type Permission,
  type RefusalReason,
  UnusableResponseError,
} from './errors.ts'
import { octokitFetch } from './octokit-fetch.ts'
import { apiUrl, readResource } from './read-resource.ts'
import { type SendToGitHub, sendToGitHub } from './transport.ts'

/** The total number of attempts if GitHub or the network fails. */
const ATTEMPTS = 3
/** The share of the remaining time that waiting for a rate limit may use. The run needs the rest. */
const RATE_LIMIT_SHARE = 0.75

/** The toolkit's GitHub client. */
export type Octokit = InstanceType<typeof Toolkit>

/** The parameters that GitHub requests share. */
export interface RequestOptions {
  readonly owner: string
  readonly repo: string
  readonly request: { readonly fetch: typeof fetch }
}

/** Returns whether a response cannot be used. A bare `TypeError` means that it lacks a field. */
const isUnusableResponse = (error: unknown): boolean =>
  error instanceof UnusableResponseError ||
  error instanceof TypeError ||
  (error as { cause?: unknown }).cause instanceof UnusableResponseError

/** Thrown if a request to GitHub fails. The message says what came back and, if known, how to fix it. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError'
  readonly status: number
  readonly reason: RefusalReason
  /** Whether GitHub or the network failed. The request may have been applied. */
  readonly isLost: boolean
  /** Whether a retry is useless: the response cannot be used, or the network setup must change first. */
  readonly isPermanent: boolean
  /** Milliseconds until a rate limit ends. */
  readonly waitMs: number | undefined
  /** Whether a missing permission may be the reason. GitHub may answer 404 without naming one. */
  readonly mayLackPermission: boolean

  constructor(error: unknown, permission: Permission) {
    const { status, reason, message, waitMs } = explainRefusal(error, permission)
    super(message, { cause: error })
    this.status = status
    this.reason = reason
    this.isLost = status >= 500
    this.isPermanent = isUnusableResponse(error)
    this.waitMs = waitMs
    this.mayLackPermission = reason === 'permission' || reason === 'not-found'
  }
}

type OctokitRequest<T> = (octokit: Octokit, options: RequestOptions) => Promise<T>

/** The GitHub API for a token and a repository. */
export interface GitHub {
  /** `owner/name`. */
  readonly repository: string
  /** Whether the token belongs to an app, as `GITHUB_TOKEN` does, and not to a person. */
  readonly isApp: boolean
  /**
   * Sends one request that needs `permission`, such as `pull-requests: read`. Retries if GitHub or the network
   * fails. Pass `attempts: 1` for a request that creates something, because it must not be repeated. Waits
   * for a rate limit if the deadline leaves enough time. Throws {@link GitHubError} or `RunAborted`.
   */
  call<T>(
    permission: Permission,
    send: OctokitRequest<T>,
    options?: { readonly attempts: number },
  ): Promise<T>
  /**
   * Reads one resource of the repository, such as `/pulls/2`, without loading Octokit. Retries like `call`.
   * `convert` receives the parsed body, or its text if it is not JSON. Throws `RunAborted`, or
   * {@link GitHubError}, which also wraps what `convert` throws.
   */
  read<T>(permission: Permission, resource: string, convert: (body: unknown) => T): Promise<T>
}

/** The credentials, repository, and transport that all requests of a run share. */
interface Connection {
  readonly token: string
  readonly owner: string
  readonly repo: string
  readonly send: SendToGitHub
}

const sendWithOctokit = async <T>(
  request: OctokitRequest<T>,
  { token, owner, repo, send }: Connection,
): Promise<T> => {
  const { getOctokit } = await import('@actions/github')
  const octokit = getOctokit(token, { baseUrl: apiUrl() })
  return request(octokit, { owner, repo, request: { fetch: octokitFetch(send) } })
}

/** Returns the milliseconds to wait before the next attempt, or `undefined` to give up. */
const retryDelayMs = (
  { isLost, isPermanent, waitMs }: GitHubError,
  { attempt, attempts }: { attempt: number; attempts: number },
  remainingMs: number,
): number | undefined => {
  if (waitMs !== undefined) return waitMs <= remainingMs * RATE_LIMIT_SHARE ? waitMs : undefined
  const pause = attempt * 500
  const mayRetry = isLost && !isPermanent && attempt < attempts && pause < remainingMs
  return mayRetry ? pause : undefined
}

/** Sends one request, with the retries and waits of {@link GitHub.call}. */
const callWithRetries = async <T>(
  permission: Permission,
  attemptOnce: () => Promise<T>,
  attempts: number,
  deadline: Deadline,
): Promise<T> => {
  let failure: string | undefined
  for (let attempt = 1; ; ) {
    try {
      return await attemptOnce()
    } catch (error) {
      if (deadline.signal.aborted)
        throw deadline.abortError('waiting for GitHub', error).quoting(failure)
      const githubError = new GitHubError(error, permission)
      const pause = retryDelayMs(githubError, { attempt, attempts }, deadline.remaining())
      if (pause === undefined) throw githubError
      failure = githubError.message
      const waitingFor = 'waiting to retry a request to GitHub'
      await quotingFailure(failure, () => deadline.sleep(pause, waitingFor))
      if (githubError.waitMs === undefined) attempt++
    }
  }
}

/**
 * Creates the client for the GitHub API at GITHUB_API_URL. Returns `undefined` without a token or a
 * repository. Loads Octokit only on the first `call`, because loading it takes time.
 */
export const createGitHub = (
  token: string | undefined,
  repository: string,
  deadline: Deadline,
  send: Send,
): GitHub | undefined => {
  const [owner, repo] = repository.split('/')
  if (!token || !owner || !repo) return undefined
  const sendRequest: SendToGitHub = (request) => sendToGitHub(request, send, deadline)
  const connection = { token, owner, repo, send: sendRequest }
  const call: GitHub['call'] = (permission, request, { attempts } = { attempts: ATTEMPTS }) =>
    callWithRetries(permission, () => sendWithOctokit(request, connection), attempts, deadline)
  const repositoryPath = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}`
  return {
    repository,
    // The prefix of an app installation's token, such as GITHUB_TOKEN:
    // https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
    isApp: token.startsWith('ghs_'),
    call,
    read: (permission, resource, convert) =>
      callWithRetries(
        permission,
        async () => convert(await readResource(`${repositoryPath}${resource}`, token, sendRequest)),
        ATTEMPTS,
        deadline,
      ),
  }
}
