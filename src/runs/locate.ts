import type { PullRequest } from '../action/event.ts'
import type { Target } from '../action/intent.ts'
import { PullRequestClosed } from '../auth/hands.ts'
import { readPullRequest } from '../github/pull-request.ts'
import { type FoundBranch, findBranch, type Wanted, waitForBranch } from '../neon/branches.ts'
import type { Run } from './context.ts'

const askGitHub = async ({ prNumber }: Target, run: Run): Promise<PullRequest | undefined> => {
  if (prNumber === undefined) return undefined
  const { inputs, event, deadline, log } = run
  const { repository } = event
  return readPullRequest({ token: inputs.githubToken, repository, number: prNumber, deadline, log })
}

const wantedOf = (target: Target, asked: PullRequest | undefined, { event }: Run): Wanted => {
  if (target.branch !== undefined) return { branch: target.branch }
  // Known by its number alone, it may as well come from a fork: its git branch then names nothing.
  const byNumber = { number: target.prNumber ?? 0, sameRepository: false }
  return { pullRequest: target.pullRequest ?? asked ?? byNumber, repository: event.repository }
}

const knowsItsBranch = ({ branch, pullRequest }: Target): boolean =>
  branch !== undefined || pullRequest !== undefined

/** The target's branch, looked for once, and what was looked for. */
export const locate = async (
  target: Target,
  run: Run,
): Promise<{ wanted: Wanted; branch: FoundBranch | undefined }> => {
  const asked = knowsItsBranch(target) ? undefined : await askGitHub(target, run)
  const wanted = wantedOf(target, asked, run)
  return { wanted, branch: await findBranch(run.neon, wanted) }
}

/**
 * The branch to enable, waited for if need be. `undefined` when GitHub says that the pull request
 * is closed, be it now or after the wait: a late run never resurrects. GitHub is asked while the
 * branch is looked for, as the event's payload mostly tells which one it is.
 */
export const locateForEnabling = async (
  target: Target,
  run: Run,
): Promise<FoundBranch | undefined> => {
  const asking = askGitHub(target, run)
  const wanted = wantedOf(target, knowsItsBranch(target) ? undefined : await asking, run)
  const [found, asked] = await Promise.all([findBranch(run.neon, wanted), asking])
  if (asked?.state === 'closed') return undefined
  if (found) return found
  const waitedFor = await waitForBranch(run.neon, wanted, run)
  return (await isClosed(target, run)) ? undefined : waitedFor
}

const isClosed = async (target: Target, run: Run): Promise<boolean> =>
  (await askGitHub(target, run))?.state === 'closed'

/**
 * Asks GitHub again, after a wait: throws {@link PullRequestClosed} when the target's pull request
 * is closed by now. Where GitHub does not tell, it passes.
 */
export const assertOpen = async (target: Target, run: Run): Promise<void> => {
  if (await isClosed(target, run)) throw new PullRequestClosed()
}
