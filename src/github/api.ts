import type { GitHub as Toolkit } from '@actions/github/lib/utils'
import type { Deadline } from '../core/deadline.ts'
import { messageOf } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'

/** How long one answer of GitHub may take, in ms. */
const PATIENCE_MS = 10_000
/** How often GitHub is asked in all when it has a fault of its own. */
const ATTEMPTS = 3
/** Stands for "no answer", as Octokit's 500 does. */
const NO_ANSWER = 599

type Octokit = InstanceType<typeof Toolkit>

/** What every question to GitHub takes along. */
export interface CallOptions {
  readonly owner: string
  readonly repo: string
  readonly request: { readonly signal: AbortSignal }
}

/** GitHub did not do what was asked. The message names the status and the permission to add. */
export class GitHubRefused extends Error {
  override readonly name = 'GitHubRefused'
  readonly status: number
  /** A fault of GitHub's own or of the network: what was asked for may have been done. */
  readonly isLost: boolean

  constructor(error: unknown, permission: string) {
    const status = statusOf(error)
    // Octokit wraps what the network throws: a bare TypeError is an answer that lacks what is read.
    const thin = error instanceof TypeError
    const said = thin ? 'its answer is not what GitHub documents' : oneLine(messageOf(error), 200)
    const advice = [401, 403, 404].includes(status)
      ? `; the job needs \`permissions: ${permission}\` and \`github_token\``
      : ''
    super(`${status === NO_ANSWER ? '' : `${status}, `}${said}${advice}`, { cause: error })
    this.status = status
    this.isLost = status >= 500
  }
}

/** GitHub, as far as this action asks it: bound to a token and a repository. */
export interface GitHub {
  /** `owner/name`. */
  readonly repository: string
  /**
   * Asks one question; faults of GitHub's own are asked again, but for `attempts: 1`: what makes
   * something anew must not be made twice. `permission` is what it needs (`pull-requests: read`).
   * Throws {@link GitHubRefused}, or `RunAborted`.
   */
  call<T>(
    permission: string,
    question: (octokit: Octokit, asking: CallOptions) => Promise<T>,
    options?: { readonly attempts: number },
  ): Promise<T>
}

const statusOf = (error: unknown): number => {
  const { status } = error as { status?: unknown }
  return typeof status === 'number' && status !== 500 ? status : NO_ANSWER
}

/**
 * Opens GitHub (at GITHUB_API_URL, through the runner's proxy). `undefined` without a token or a
 * repository. Octokit is loaded with the first question: runs that ask none start faster without.
 */
export const openGitHub = (
  token: string | undefined,
  repository: string,
  deadline: Deadline,
): GitHub | undefined => {
  const [owner, repo] = repository.split('/')
  if (!token || !owner || !repo) return undefined
  return {
    repository,
    async call(permission, question, { attempts } = { attempts: ATTEMPTS }) {
      const { getOctokit } = await import('@actions/github')
      const octokit = getOctokit(token)
      for (let attempt = 1; ; attempt++) {
        try {
          const signal = AbortSignal.any([deadline.signal, AbortSignal.timeout(PATIENCE_MS)])
          return await question(octokit, { owner, repo, request: { signal } })
        } catch (error) {
          if (deadline.signal.aborted) throw deadline.abortError('waiting for GitHub', error)
          const pause = attempt * 500
          const final = attempt === attempts || pause >= deadline.remaining()
          if (statusOf(error) < 500 || final) throw new GitHubRefused(error, permission)
          await deadline.sleep(pause, 'GitHub was to be asked again')
        }
      }
    },
  }
}
