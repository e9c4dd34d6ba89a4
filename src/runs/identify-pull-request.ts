import type { EventDeployment } from '../action/event.ts'
import { type SkipIntent, skipClosed, skipIntent, type Target } from '../action/intent.ts'
import { Problem } from '../core/problem.ts'
import { type GitHub, GitHubError } from '../github/client.ts'
import {
  listOpenPullRequests,
  listPullRequestsOfCommit,
} from '../github/endpoints/list-pull-requests.ts'
import { fetchPullRequestOrWarn } from '../github/endpoints/pull-requests.ts'
import type { PullRequest } from '../github/pull-request.ts'
import { type DeployedCommit, pullRequestOfCommit } from '../preview/deployed-pull-request.ts'
import { isDefaultBranch, proposesDefaultBranch, pullRequestOfRef } from '../preview/deployments.ts'
import type { RunContext } from './context.ts'

/** A target with its pull request, or the reason to skip the run. */
export type IdentifiedTarget = { readonly target: Target } | SkipIntent

const formatNumbers = (numbers: readonly number[]): string =>
  numbers.map((number) => `#${number}`).join(', ')

const skipDefaultBranch = (number: number): SkipIntent =>
  skipIntent(
    'not_a_preview',
    `pull request #${number} proposes the repository's default branch, whose deployments are not previews`,
  )

/** GitHub's HTTP statuses for a commit that this repository does not contain. */
const COMMIT_NOT_FOUND = [404, 422]

const listAssociatedPulls = async (
  github: GitHub,
  sha: string,
): Promise<readonly PullRequest[]> => {
  try {
    return (await listPullRequestsOfCommit(github, sha)).items
  } catch (error) {
    if (error instanceof GitHubError && COMMIT_NOT_FOUND.includes(error.status)) return []
    throw error
  }
}

/**
 * Finds the pull requests of a commit. GitHub associates a fork's commit with none, so this also searches
 * the heads of the open pull requests. Throws `GitHubError`.
 */
const findPullRequests = async (
  github: GitHub,
  sha: string,
): Promise<{ pulls: readonly PullRequest[]; isComplete: boolean }> => {
  const associated = await listAssociatedPulls(github, sha)
  if (associated.length > 0) return { pulls: associated, isComplete: true }
  const { items, isComplete } = await listOpenPullRequests(github)
  return { pulls: items.filter(({ headSha }) => headSha === sha), isComplete }
}

const notFoundProblem = (sha: string, response: string, cause?: unknown): Problem =>
  new Problem({
    what: `Could not find the pull request of the deployed commit ${sha.slice(0, 12)}.`,
    response,
    fix: 'pass `pr_number` or `branch`',
    cause,
  })

const resolveCommit = (target: Target, sha: string, commit: DeployedCommit): IdentifiedTarget => {
  const shortSha = sha.slice(0, 12)
  switch (commit.kind) {
    case 'head': {
      const { pull } = commit
      return { target: { ...target, prNumber: pull.number, pullRequest: pull } }
    }
    case 'closed': {
      const [number] = commit.numbers
      return skipClosed({ ...target, ...(number !== undefined && { prNumber: number }) })
    }
    case 'default_branch':
      return skipDefaultBranch(commit.number)
    case 'superseded':
      return skipIntent(
        'superseded_commit',
        `the deployed commit ${shortSha} is part of ${formatNumbers(commit.numbers)}, but no longer the head of an open pull request`,
      )
    case 'ambiguous':
      throw notFoundProblem(
        sha,
        `It is the head of several open pull requests: ${formatNumbers(commit.numbers)}.`,
      )
    case 'unknown':
      return skipIntent(
        'pull_request_not_found',
        `GitHub knows no pull request with the deployed commit ${shortSha}, and it is not the head of an open one`,
      )
  }
}

/** Looks up a deployed commit. Throws {@link Problem} if GitHub cannot tell whose it is. */
const lookUpCommit = async (
  { sha, ref }: EventDeployment,
  { github, event }: RunContext,
): Promise<DeployedCommit> => {
  if (!github)
    throw notFoundProblem(sha, 'There is no `github_token`, so the run cannot call the GitHub API.')
  try {
    const { pulls, isComplete } = await findPullRequests(github, sha)
    const commit = pullRequestOfCommit({ sha, ref }, pulls, event.defaultBranch)
    if (commit.kind === 'unknown' && !isComplete)
      throw notFoundProblem(
        sha,
        'It is not the head of any of the 1,000 newest open pull requests.',
      )
    return commit
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    throw notFoundProblem(sha, `GitHub: ${error.message}`, error)
  }
}

/**
 * Returns the target. If it is empty, because only the event's deployment identifies the pull request of a run
 * that does not enable auth, adds that pull request, open or closed. Throws {@link Problem} if the deployed commit
 * identifies none, or several, or was deployed from the default branch.
 */
export const withDeployedPullRequest = async (target: Target, run: RunContext): Promise<Target> => {
  const { deployment, defaultBranch } = run.event
  if (!deployment || Object.keys(target).length > 0) return target
  const { sha, ref } = deployment
  if (isDefaultBranch(ref, defaultBranch))
    throw notFoundProblem(sha, "It was deployed from the repository's default branch.")
  const commit = await lookUpCommit(deployment, run)
  if (commit.kind === 'closed') {
    const [number, ...others] = commit.numbers
    if (number !== undefined && others.length === 0) return { ...target, prNumber: number }
    throw notFoundProblem(
      sha,
      `It belongs to several closed pull requests: ${formatNumbers(commit.numbers)}.`,
    )
  }
  const resolved = resolveCommit(target, sha, commit)
  if ('target' in resolved) return resolved.target
  throw notFoundProblem(sha, `It cannot be used: ${resolved.why}.`)
}

/** Checks the pull request of a merge ref: it must be open and must not propose the default branch. */
const identifyByMergeRef = async (
  target: Target,
  number: number,
  { github, event, log }: RunContext,
): Promise<IdentifiedTarget> => {
  const pull = github && (await fetchPullRequestOrWarn(github, number, log))
  if (pull?.state === 'closed') return skipClosed(target)
  if (pull && proposesDefaultBranch(pull, event.defaultBranch)) return skipDefaultBranch(number)
  return { target: { ...target, ...(pull && { pullRequest: pull }) } }
}

/**
 * Identifies the pull request of a deployment if `branch` is also set. Skips only if the commit is the head of
 * a closed pull request: a deployment that succeeds late must not enable auth again.
 */
const identifyForNamedBranch = async (
  target: Target,
  { sha, ref }: { readonly sha: string; readonly ref?: string },
  { github, event, log }: RunContext,
): Promise<IdentifiedTarget> => {
  if (!github) return { target }
  try {
    const pulls = await listAssociatedPulls(github, sha)
    const commit = pullRequestOfCommit({ sha, ref }, pulls, event.defaultBranch)
    const isClosedHead =
      commit.kind === 'closed' &&
      pulls.some(({ headSha, number }) => headSha === sha && commit.numbers.includes(number))
    return commit.kind === 'head' || isClosedHead ? resolveCommit(target, sha, commit) : { target }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    log.warning(
      `Could not check whether the pull request of the deployed commit is still open: ${error.message}. Continuing without this check.`,
    )
    return { target }
  }
}

/**
 * Finds the pull request of the deployment that started the run, unless `pr_number` is set. If only the
 * commit identifies the run's branch, throws {@link Problem} if GitHub does not answer, or if the commit is the head
 * of several open pull requests.
 */
export const identifyPullRequest = async (
  target: Target,
  run: RunContext,
): Promise<IdentifiedTarget> => {
  const { deployment, prNumber } = target
  if (!deployment || run.inputs.prNumber !== undefined) return { target }
  if (prNumber === undefined)
    return target.branch === undefined
      ? resolveCommit(target, deployment.sha, await lookUpCommit(deployment, run))
      : identifyForNamedBranch(target, deployment, run)
  if (target.branch !== undefined) return { target }
  return prNumber === pullRequestOfRef(deployment.ref)
    ? identifyByMergeRef(target, prNumber, run)
    : { target }
}
