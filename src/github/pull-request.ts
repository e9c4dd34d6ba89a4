import { originOfHead, type PullRequest, type Repository } from '../action/event.ts'
import type { Log } from '../action/log.ts'
import type { Deadline } from '../deadline.ts'
import { messageOf } from '../problem.ts'
import { oneLine } from '../text.ts'

/** How long one answer of GitHub may take, in ms. */
const PATIENCE_MS = 10_000
/** How often GitHub is asked in all when it has a fault of its own. */
const ATTEMPTS = 3

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

/** The part of GitHub's answer that is read; only `state` is relied on. */
interface Answer {
  readonly state: string
  readonly head?: { readonly ref?: string; readonly repo?: Repository | null }
  readonly base?: { readonly repo?: Repository | null }
}

const toPullRequest = (number: number, { state, head, base }: Answer): PullRequest => ({
  number,
  state: state === 'closed' ? 'closed' : 'open',
  ...originOfHead(head?.repo, base?.repo),
  ...(head?.ref && { headRef: head.ref }),
})

/** The HTTP status of what Octokit threw; 599 where no answer came. */
const statusOf = (error: unknown): number => {
  const { status } = error as { status?: unknown }
  return typeof status === 'number' && status !== 500 ? status : 599
}

const untold = (number: number, status: number, error: unknown): string => {
  const said = oneLine(messageOf(error), 200)
  const answer = status === 599 ? said : `${status}, ${said}`
  const advice = [401, 403, 404].includes(status)
    ? ' The job needs `permissions: pull-requests: read`.'
    : ''
  return `GitHub did not tell whether pull request #${number} is still open (${answer}); going on without.${advice}`
}

/**
 * Reads the pull request from GitHub (at GITHUB_API_URL, through the runner's proxy), which knows
 * better than an event's payload: the run may be late. `undefined` without a token, and, with a
 * warning that names status and permission, when GitHub does not tell. Throws only `DeadlinePassed`.
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
  // Loaded here: runs that never ask GitHub start faster without.
  const { getOctokit } = await import('@actions/github')
  const { pulls } = getOctokit(token).rest
  for (let attempt = 1; ; attempt++) {
    try {
      const signal = AbortSignal.any([deadline.signal, AbortSignal.timeout(PATIENCE_MS)])
      const { data } = await pulls.get({ owner, repo, pull_number: number, request: { signal } })
      return toPullRequest(number, data)
    } catch (error) {
      const status = statusOf(error)
      const pause = attempt * 500
      if (status < 500 || attempt === ATTEMPTS || pause >= deadline.remaining()) {
        log.warning(untold(number, status, error))
        return undefined
      }
      await deadline.sleep(pause, 'GitHub was to be asked again')
    }
  }
}
