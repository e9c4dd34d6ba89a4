import { isSameRepository, type PullRequest } from '../action/event.ts'
import type { Log } from '../action/log.ts'
import { oneLine } from '../action/text.ts'
import type { Deadline } from '../deadline.ts'
import { messageOf } from '../problem.ts'

/** How long GitHub may take to answer, in ms: the answer helps, but the run can do without. */
const PATIENCE_MS = 15_000

/** What reading a pull request takes. */
export interface PullRequestQuery {
  /** Absent: GitHub is not asked. */
  readonly token?: string | undefined
  /** `owner/name`. */
  readonly repository: string
  readonly number: number
  readonly deadline: Deadline
  readonly log: Log
}

/**
 * Reads the pull request from GitHub (at GITHUB_API_URL, through the runner's proxy), which knows
 * better than an event's payload: the run may be late. Never throws; `undefined` without a token,
 * and, with a warning that names the permission, when GitHub does not tell.
 */
export const readPullRequest = async ({
  token,
  repository,
  number,
  deadline,
  log,
}: PullRequestQuery): Promise<PullRequest | undefined> => {
  const [owner, repo] = repository.split('/')
  if (!token || !owner || !repo) return undefined
  try {
    // Loaded here: runs that never ask GitHub start faster without.
    const { getOctokit } = await import('@actions/github')
    const signal = AbortSignal.any([deadline.signal, AbortSignal.timeout(PATIENCE_MS)])
    const { data } = await getOctokit(token).rest.pulls.get({
      owner,
      repo,
      pull_number: number,
      request: { signal },
    })
    return {
      number,
      state: data.state === 'closed' ? 'closed' : 'open',
      headRef: data.head.ref,
      sameRepository: isSameRepository(data.head.repo, data.base.repo),
      ...(data.user?.login && { author: data.user.login }),
    }
  } catch (error) {
    log.warning(
      `GitHub did not tell whether pull request #${number} is still open (${oneLine(messageOf(error), 200)}); going on without. The job needs \`permissions: pull-requests: read\`.`,
    )
    return undefined
  }
}
