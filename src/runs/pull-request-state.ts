import type { Target } from '../action/intent.ts'
import { PullRequestClosed, PullRequestReopened } from '../auth/context.ts'
import { Problem } from '../core/problem.ts'
import { GitHubError } from '../github/client.ts'
import { fetchPullRequest, fetchPullRequestOrWarn } from '../github/endpoints/pull-requests.ts'
import type { PullRequest } from '../github/pull-request.ts'
import type { RunContext } from './context.ts'

/**
 * Reads the target's pull request from GitHub. Returns `undefined` if the run has no pull request or no
 * token. If GitHub does not answer, warns and returns `undefined`. Throws `Problem` if the number belongs to an issue.
 */
export const lookUpPullRequest = async (
  { prNumber }: Target,
  run: RunContext,
): Promise<PullRequest | undefined> =>
  prNumber === undefined || !run.github
    ? undefined
    : fetchPullRequestOrWarn(run.github, prNumber, run.log)

/** Returns whether the target's pull request is known to be closed. If GitHub does not answer, warns. */
export const isClosed = async (target: Target, run: RunContext): Promise<boolean> =>
  (await lookUpPullRequest(target, run))?.state === 'closed'

/**
 * Throws {@link PullRequestClosed} if the target's pull request is closed. Returns whether it is known to
 * be open. If GitHub does not answer, warns and returns `false`.
 */
export const assertOpen = async (target: Target, run: RunContext): Promise<boolean> => {
  const pull = await lookUpPullRequest(target, run)
  if (pull?.state === 'closed') throw new PullRequestClosed()
  return pull !== undefined
}

/**
 * Returns a pull request's state before a removal, which requires the state `expected`. Throws
 * {@link Problem} if GitHub does not answer or there is no token.
 */
const readStateForRemoval = async (
  number: number,
  expected: PullRequest['state'],
  { github }: RunContext,
): Promise<PullRequest['state']> => {
  const what = `The run stopped: it could not confirm that pull request #${number} is still ${expected}.`
  const fix =
    'pass `github_token`, give the job `permissions: pull-requests: read`, and run it again'
  if (!github) throw new Problem({ what, fix })
  try {
    return (await fetchPullRequest(github, number)).state
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    throw new Problem({ what, response: `GitHub: ${error.message}`, fix, cause: error })
  }
}

/**
 * Throws {@link PullRequestClosed} if the target's pull request is closed, and `Problem` if GitHub does not
 * answer. Does nothing if the run has no pull request.
 */
export const assertKnownOpen = async ({ prNumber }: Target, run: RunContext): Promise<void> => {
  if (prNumber === undefined) return
  if ((await readStateForRemoval(prNumber, 'open', run)) === 'closed') throw new PullRequestClosed()
}

/** Throws {@link PullRequestReopened} if the target's pull request is open. If GitHub does not answer, warns. */
export const assertNotReopened = async (target: Target, run: RunContext): Promise<void> => {
  if ((await lookUpPullRequest(target, run))?.state === 'open') throw new PullRequestReopened()
}

/** Throws {@link PullRequestReopened} if the pull request is open, and `Problem` if GitHub does not answer. */
export const assertKnownClosed = async (number: number, run: RunContext): Promise<void> => {
  if ((await readStateForRemoval(number, 'closed', run)) === 'open') throw new PullRequestReopened()
}
