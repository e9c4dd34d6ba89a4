import { type Intent, skipClosed, skipUnknown, type Target } from '../action/intent.ts'
import { PullRequestClosed } from '../auth/context.ts'
import { Problem } from '../core/problem.ts'
import { GitHubRefused } from '../github/api.ts'
import type { PullRequest } from '../github/pull-request.ts'
import { pullRequestsOfCommit, readPullRequest } from '../github/pull-requests.ts'
import type { FoundBranch } from '../neon/branches.ts'
import { findBranch, type Wanted, waitForBranch } from '../preview/find-branch.ts'
import type { RunContext } from './context.ts'

const askGitHub = async (
  { prNumber }: Target,
  run: RunContext,
): Promise<PullRequest | undefined> =>
  prNumber === undefined || !run.github ? undefined : readPullRequest(run.github, prNumber, run.log)

/** What a commit turned out to be: a target with its pull request, or a reason to skip. */
export type Identified = { readonly target: Target } | (Intent & { kind: 'skip' })

/**
 * Finds the pull request that a deployed commit is the head of; targets that name one already pass.
 * Throws `Problem` without a token, when GitHub refuses, and for a commit of several open ones.
 */
export const identify = async (target: Target, run: RunContext): Promise<Identified> => {
  const { commit } = target
  if (commit === undefined) return { target }
  const what = `Could not find the pull request of the deployed commit ${commit.slice(0, 12)}.`
  if (!run.github)
    throw new Problem({ what, fix: 'pass `github_token` (by default it is there), or `pr_number`' })
  let pulls: PullRequest[]
  try {
    pulls = await pullRequestsOfCommit(run.github, commit)
  } catch (error) {
    if (!(error instanceof GitHubRefused)) throw error
    throw new Problem({
      what,
      response: `GitHub answered: ${error.message}`,
      fix: 'give the job that permission, or pass `pr_number`',
      cause: error,
    })
  }
  const [first, ...others] = pulls
  if (!first) return skipUnknown(commit)
  const open = [first, ...others].filter(({ state }) => state === 'open')
  if (open.length > 1) {
    const numbers = open.map(({ number }) => `#${number}`).join(', ')
    throw new Problem({
      what,
      response: `It is the head of several open ones: ${numbers}.`,
      fix: 'say which is meant with `pr_number`',
    })
  }
  const found = { ...target, prNumber: first.number, pullRequest: first }
  return first.state === 'closed' ? skipClosed(found) : { target: found }
}

const wantedOf = (
  target: Target,
  asked: PullRequest | undefined,
  { event }: RunContext,
): Wanted => {
  if (target.branch !== undefined) return { branch: target.branch }
  // Known by its number alone, it may as well come from a fork: its git branch then names nothing.
  const byNumber = { number: target.prNumber ?? 0, sameRepository: false }
  return { pullRequest: target.pullRequest ?? asked ?? byNumber, repository: event.repository }
}

const knowsItsBranch = ({ branch, pullRequest }: Target): boolean =>
  branch !== undefined || pullRequest !== undefined

/** The target with what GitHub knows of its pull request, where the event does not tell its head commit. */
export const withHead = async (target: Target, run: RunContext): Promise<Target> => {
  if (!run.inputs.discoverDomains || target.pullRequest?.headSha) return target
  const asked = await askGitHub(target, run)
  return asked ? { ...target, pullRequest: asked } : target
}

/** The target's branch, looked for once, and what was looked for. */
export const locate = async (
  target: Target,
  run: RunContext,
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
  run: RunContext,
): Promise<FoundBranch | undefined> => {
  const asking = askGitHub(target, run)
  const wanted = wantedOf(target, knowsItsBranch(target) ? undefined : await asking, run)
  const [found, asked] = await Promise.all([findBranch(run.neon, wanted), asking])
  if (asked?.state === 'closed') return undefined
  if (found) return found
  const waitedFor = await waitForBranch(run.neon, wanted, run)
  return (await isClosed(target, run)) ? undefined : waitedFor
}

const isClosed = async (target: Target, run: RunContext): Promise<boolean> =>
  (await askGitHub(target, run))?.state === 'closed'

/**
 * Asks GitHub again, after a wait: throws {@link PullRequestClosed} when the target's pull request
 * is closed by now. Where GitHub does not tell, it passes.
 */
export const assertOpen = async (target: Target, run: RunContext): Promise<void> => {
  if (await isClosed(target, run)) throw new PullRequestClosed()
}
