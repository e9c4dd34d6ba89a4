import type { GitHub as Toolkit } from '@actions/github/lib/utils'
import { afterFailure, type Deadline } from '../core/deadline.ts'
import type { Send } from '../network/messages.ts'
import { explainRefusal, type Permission, type RefusalReason, UnusableResponse } from './errors.ts'
import { octokitFetch } from './octokit-fetch.ts'
import { apiUrl, readResource } from './read-resource.ts'
import { type SendToGitHub, sendToGitHub } from './transport.ts'

/** How often a request is sent in total if GitHub has an internal error. */
const ATTEMPTS = 3
/** The share of the remaining time that a rate limit may use. The run needs the rest. */
const RATE_LIMIT_SHARE = 0.75

type Octokit = InstanceType<typeof Toolkit>

/** The parameters of every GitHub request. */
export interface RequestOptions {
  readonly owner: string
  readonly repo: string
  readonly request: { readonly fetch: typeof fetch }
}

/** A request to GitHub failed. The message says what came back and how to fix it. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError'
  readonly status: number
  readonly reason: RefusalReason
  /** An internal error of GitHub or the network: the request may have been applied. */
  readonly isLost: boolean
  /** Milliseconds until a rate limit ends. */
  readonly waitMs: number | undefined

  constructor(error: unknown, permission: Permission) {
    const { status, reason, message, waitMs } = explainRefusal(error, permission)
    super(message, { cause: error })
    this.status = status
    this.reason = reason
    this.isLost = status >= 500
    this.waitMs = waitMs
  }
}

type OctokitRequest<T> = (octokit: Octokit, options: RequestOptions) => Promise<T>

/** The GitHub API for a token and a repository. */
export interface GitHub {
  /** `owner/name`. */
  readonly repository: string
  /** The token belongs to an app, such as `GITHUB_TOKEN`, not to a person. */
  readonly isApp: boolean
  /**
   * Sends one request. Retries after an internal error of GitHub, unless `attempts` is 1: never repeat
   * a request that creates something. Waits for a rate limit if the deadline leaves enough time.
   * `permission` is the permission it needs (`pull-requests: read`). Throws {@link GitHubError}, or
   * `RunAborted`.
   */
  call<T>(
    permission: Permission,
    send: OctokitRequest<T>,
    options?: { readonly attempts: number },
  ): Promise<T>
  /**
   * Reads one resource of the repository (`/pulls/2`) without loading Octokit, with the retries of `call`.
   * `convert` receives the parsed body, or its text if it is not JSON. Throws {@link GitHubError}, also
   * with what `convert` throws, or `RunAborted`.
   */
  read<T>(permission: Permission, resource: string, convert: (body: unknown) => T): Promise<T>
}

/** What all requests of a run share. */
interface Connection {
  readonly token: string
  readonly owner: string
  readonly repo: string
  readonly deadline: Deadline
  readonly send: SendToGitHub
}

const sendWithOctokit = async <T>(
  request: OctokitRequest<T>,
  connection: Connection,
): Promise<T> => {
  const { token, owner, repo, send } = connection
  const { getOctokit } = await import('@actions/github')
  const octokit = getOctokit(token, { baseUrl: apiUrl() })
  return request(octokit, { owner, repo, request: { fetch: octokitFetch(send) } })
}

const isUnusable = (error: unknown): boolean =>
  error instanceof UnusableResponse ||
  (error as { cause?: unknown }).cause instanceof UnusableResponse

/** Returns the milliseconds to wait before a retry, `undefined` if there is none. */
const pauseBefore = (
  { isLost, waitMs, cause }: GitHubError,
  { attempt, attempts }: { attempt: number; attempts: number },
  remainingMs: number,
): number | undefined => {
  if (waitMs !== undefined) return waitMs <= remainingMs * RATE_LIMIT_SHARE ? waitMs : undefined
  const pause = attempt * 500
  const again = isLost && !isUnusable(cause) && attempt < attempts && pause < remainingMs
  return again ? pause : undefined
}

/** Sends one request, with the retries and waits of {@link GitHub.call}. */
const persist = async <T>(
  permission: Permission,
  attemptOnce: () => Promise<T>,
  { deadline }: Connection,
  attempts: number,
): Promise<T> => {
  let failure: string | undefined
  for (let attempt = 1; ; ) {
    try {
      return await attemptOnce()
    } catch (error) {
      if (deadline.signal.aborted)
        throw deadline.abortError('waiting for GitHub', error).after(failure)
      const refused = new GitHubError(error, permission)
      const pause = pauseBefore(refused, { attempt, attempts }, deadline.remaining())
      if (pause === undefined) throw refused
      failure = refused.message
      const waitingFor = 'waiting to retry a request to GitHub'
      await afterFailure(failure, () => deadline.sleep(pause, waitingFor))
      if (refused.waitMs === undefined) attempt++
    }
  }
}

/**
 * Creates the GitHub client (at GITHUB_API_URL). Returns `undefined` without a token or a repository.
 * Octokit is loaded with the first `call`, so that runs without one start faster.
 */
export const openGitHub = (
  token: string | undefined,
  repository: string,
  deadline: Deadline,
  send: Send,
): GitHub | undefined => {
  const [owner, repo] = repository.split('/')
  if (!token || !owner || !repo) return undefined
  const sendHere: SendToGitHub = (request) => sendToGitHub(request, send, deadline)
  const connection = { token, owner, repo, deadline, send: sendHere }
  const call: GitHub['call'] = (permission, request, { attempts } = { attempts: ATTEMPTS }) =>
    persist(permission, () => sendWithOctokit(request, connection), connection, attempts)
  const path = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}`
  return {
    repository,
    // The prefix of an installation's token, such as GITHUB_TOKEN:
    // https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
    isApp: token.startsWith('ghs_'),
    call,
    read: (permission, resource, convert) =>
      persist(
        permission,
        async () => convert(await readResource(`${path}${resource}`, token, sendHere)),
        connection,
        ATTEMPTS,
      ),
  }
}
