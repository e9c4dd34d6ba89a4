import type { GitHub as Toolkit } from '@actions/github/lib/utils'
import type { Deadline } from '../core/deadline.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { checkPage, MOST_PAGES, nextPage, PAGE_SIZE, type Page } from './pagination.ts'
import { explainRefusal, type RefusalReason, UnusableResponse } from './refusal.ts'

/** The time limit of one request, in ms. */
const PATIENCE_MS = 10_000
const SHORTEST_PATIENCE_MS = 1_000
/** How often a request is sent in total if GitHub has an internal error. */
const ATTEMPTS = 3
/** The share of the remaining time that a rate limit may use. The run needs the rest. */
const RATE_LIMIT_SHARE = 0.75

type Octokit = InstanceType<typeof Toolkit>

/** The parameters of every GitHub request. */
export interface RequestOptions {
  readonly owner: string
  readonly repo: string
  readonly request: { readonly signal: AbortSignal; readonly fetch: typeof fetch }
}

/** A request to GitHub failed. The message says what came back and how to fix it. */
export class GitHubRefused extends Error {
  override readonly name = 'GitHubRefused'
  readonly status: number
  readonly reason: RefusalReason
  /** An internal error of GitHub or the network: the request may have been applied. */
  readonly isLost: boolean
  /** Milliseconds until a rate limit ends. */
  readonly waitMs: number | undefined

  constructor(error: unknown, permission: string) {
    const { status, reason, message, waitMs } = explainRefusal(error, permission)
    super(message, { cause: error })
    this.status = status
    this.reason = reason
    this.isLost = status >= 500
    this.waitMs = waitMs
  }
}

type GitHubRequest<T> = (octokit: Octokit, options: RequestOptions) => Promise<T>

/** The GitHub API for a token and a repository. */
export interface GitHub {
  /** `owner/name`. */
  readonly repository: string
  /** The token belongs to an app, such as `GITHUB_TOKEN`, not to a person. */
  readonly isApp: boolean
  /**
   * Sends one request. Retries after an internal error of GitHub, unless `attempts` is 1: never repeat
   * a request that creates something. Waits for a rate limit if the deadline leaves enough time.
   * `permission` is the permission it needs (`pull-requests: read`). Throws {@link GitHubRefused}, or
   * `RunAborted`.
   */
  call<T>(
    permission: string,
    send: GitHubRequest<T>,
    options?: { readonly attempts: number },
  ): Promise<T>
  /**
   * Reads a whole list, one request per page, with the retries of `call`. `firstPage` requests the
   * first page with the given `per_page`. Throws {@link GitHubRefused} also if a page is
   * not a list, if the list has more than 50 pages (5,000 entries), or if it continues on another
   * host; and `RunAborted`.
   */
  pages<T>(
    permission: string,
    firstPage: (
      octokit: Octokit,
      options: RequestOptions & { readonly per_page: number },
    ) => Promise<Page<T>>,
  ): Promise<T[]>
}

/** What all requests of a run share. */
interface Connection {
  readonly token: string
  readonly owner: string
  readonly repo: string
  readonly deadline: Deadline
}

/** Returns the time limit of one request, in ms. A hanging request must leave time for a retry. */
const patienceMs = (deadline: Deadline): number =>
  Math.ceil(Math.min(PATIENCE_MS, Math.max(SHORTEST_PATIENCE_MS, deadline.remaining() / 4)))

const sendOnce = async <T>(send: GitHubRequest<T>, connection: Connection): Promise<T> => {
  const { token, owner, repo, deadline } = connection
  const { getOctokit } = await import('@actions/github')
  const octokit = getOctokit(token)
  const patience = patienceMs(deadline)
  const tooLong = AbortSignal.timeout(patience)
  const signal = AbortSignal.any([deadline.signal, tooLong])
  const proxied: typeof fetch = octokit.request.endpoint.DEFAULTS.request?.fetch ?? fetch
  try {
    return await send(octokit, {
      owner,
      repo,
      request: { signal, fetch: boundedFetch(proxied) },
    })
  } catch (error) {
    if (deadline.signal.aborted) throw deadline.abortError('waiting for GitHub', error)
    throw tooLong.aborted
      ? new Error(`no response within ${Math.round(patience / 1000)} s`, { cause: error })
      : error
  }
}

const isUnusable = (error: unknown): boolean =>
  error instanceof UnusableResponse ||
  (error as { cause?: unknown }).cause instanceof UnusableResponse

/** Returns the milliseconds to wait before a retry, `undefined` if there is none. */
const pauseBefore = (
  { isLost, waitMs, cause }: GitHubRefused,
  { attempt, attempts }: { attempt: number; attempts: number },
  remainingMs: number,
): number | undefined => {
  if (waitMs !== undefined) return waitMs <= remainingMs * RATE_LIMIT_SHARE ? waitMs : undefined
  const pause = attempt * 500
  const again = isLost && !isUnusable(cause) && attempt < attempts && pause < remainingMs
  return again ? pause : undefined
}

const callWith =
  (connection: Connection): GitHub['call'] =>
  async (permission, send, { attempts } = { attempts: ATTEMPTS }) => {
    const { deadline } = connection
    for (let attempt = 1; ; ) {
      try {
        return await sendOnce(send, connection)
      } catch (error) {
        if (deadline.signal.aborted) throw error
        const refused = new GitHubRefused(error, permission)
        const pause = pauseBefore(refused, { attempt, attempts }, deadline.remaining())
        if (pause === undefined) throw refused
        await deadline.sleep(pause, 'waiting to retry a request to GitHub')
        if (refused.waitMs === undefined) attempt++
      }
    }
  }

const pagesWith =
  (call: GitHub['call']): GitHub['pages'] =>
  async <T>(permission: string, firstPage: Parameters<GitHub['pages']>[1]) => {
    const items: T[] = []
    const read = (send: GitHubRequest<Page<T>>) =>
      call(permission, async (octokit, options) => {
        const { data, headers } = checkPage(await send(octokit, options))
        const { baseUrl } = octokit.request.endpoint.DEFAULTS
        return { data, next: nextPage(headers.link, baseUrl) }
      })
    let page = await read(
      (octokit, options) =>
        firstPage(octokit, { ...options, per_page: PAGE_SIZE }) as Promise<Page<T>>,
    )
    for (let count = 1; ; count++) {
      items.push(...page.data)
      const { next } = page
      if (next === undefined) return items
      if (count === MOST_PAGES) {
        const endless = `its list does not end after ${MOST_PAGES} pages`
        throw new GitHubRefused(new UnusableResponse(endless), permission)
      }
      page = await read((octokit, { request }) => octokit.request({ url: next, request }))
    }
  }

/**
 * Creates the GitHub client (at GITHUB_API_URL, through the runner's proxy). Returns `undefined`
 * without a token or a repository. Octokit is loaded with the first request, so that runs without one
 * start faster.
 */
export const openGitHub = (
  token: string | undefined,
  repository: string,
  deadline: Deadline,
): GitHub | undefined => {
  const [owner, repo] = repository.split('/')
  if (!token || !owner || !repo) return undefined
  const call = callWith({ token, owner, repo, deadline })
  // The prefix of an installation's token, such as GITHUB_TOKEN:
  // https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
  return { repository, isApp: token.startsWith('ghs_'), call, pages: pagesWith(call) }
}
