import { type Intent, skipClosed, type Target } from '../action/intent.ts'
import { Problem } from '../core/problem.ts'
import { type GitHub, GitHubError } from '../github/client.ts'
import { openPullRequests, pullRequestsOfCommit } from '../github/commit-pull-requests.ts'
import type { PullRequest } from '../github/pull-request.ts'
import { readPullRequest } from '../github/read-pull-requests.ts'
import { type DeployedCommit, pullRequestOfCommit } from '../preview/deployed-pull-request.ts'
import { proposesDefaultBranch, pullRequestOfRef } from '../preview/deployments.ts'
import type { RunContext } from './context.ts'

type Skip = Extract<Intent, { kind: 'skip' }>

/** A target with its pull request, or the reason to skip the run. */
export type Identified = { readonly target: Target } | Skip

const formatNumbers = (numbers: readonly number[]): string =>
  numbers.map((number) => `#${number}`).join(', ')

const skipDefaultBranch = (number: number): Skip => ({
  kind: 'skip',
  reason: 'not_a_preview',
  why: `pull request #${number} proposes the repository's default branch, whose deployments are not previews`,
})

/** How GitHub answers for a commit that it does not know in this repository. */
const NO_COMMIT = [404, 422]

const associatedPulls = async (github: GitHub, sha: string): Promise<readonly PullRequest[]> => {
  try {
    return (await pullRequestsOfCommit(github, sha)).items
  } catch (error) {
    if (error instanceof GitHubError && NO_COMMIT.includes(error.status)) return []
    throw error
  }
}

/** GitHub lists a fork's commit with no pull request, so its head is looked for among the open ones. */
const findPullRequests = async (
  github: GitHub,
  sha: string,
): Promise<{ pulls: readonly PullRequest[]; isComplete: boolean }> => {
  const associated = await associatedPulls(github, sha)
  if (associated.length > 0) return { pulls: associated, isComplete: true }
  const open = await openPullRequests(github)
  return {
    pulls: open.items.filter(({ headSha }) => headSha === sha),
    isComplete: open.isComplete,
  }
}

const notFound = (sha: string, parts: Pick<Problem, 'cause'> & { response: string }): Problem =>
  new Problem({
    what: `Could not find the pull request of the deployed commit ${sha.slice(0, 12)}.`,
    fix: 'pass `pr_number` or `branch`',
    ...parts,
  })

const resolveCommit = (target: Target, sha: string, commit: DeployedCommit): Identified => {
  const short = sha.slice(0, 12)
  switch (commit.kind) {
    case 'head': {
      const { pull } = commit
      return { target: { ...target, prNumber: pull.number, pullRequest: pull } }
    }
    case 'closed':
      return skipClosed({ ...target, prNumber: commit.number })
    case 'default_branch':
      return skipDefaultBranch(commit.number)
    case 'superseded':
      return {
        kind: 'skip',
        reason: 'superseded_commit',
        why: `the deployed commit ${short} is part of ${formatNumbers(commit.numbers)}, but no longer the head of an open pull request`,
      }
    case 'ambiguous':
      throw notFound(sha, {
        response: `It is the head of several open pull requests: ${formatNumbers(commit.numbers)}.`,
        cause: undefined,
      })
    case 'unknown':
      return {
        kind: 'skip',
        reason: 'pull_request_not_found',
        why: `GitHub knows no pull request of the deployed commit ${short}, and it is not the head of an open one`,
      }
  }
}

const identifyByCommit = async (
  target: Target,
  { sha, ref }: { readonly sha: string; readonly ref?: string },
  { github, event }: RunContext,
): Promise<Identified> => {
  if (!github)
    throw notFound(sha, {
      response: 'There is no `github_token`, so the run cannot call the GitHub API.',
      cause: undefined,
    })
  try {
    const { pulls, isComplete } = await findPullRequests(github, sha)
    const commit = pullRequestOfCommit({ sha, ref }, pulls, event.defaultBranch)
    if (commit.kind === 'unknown' && !isComplete)
      throw notFound(sha, {
        response: 'It is not the head of any of the 1,000 newest open pull requests.',
        cause: undefined,
      })
    return resolveCommit(target, sha, commit)
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    throw notFound(sha, { response: `GitHub answered: ${error.message}`, cause: error })
  }
}

/** Checks the pull request of a merge ref: it must be open and must not propose the default branch. */
const identifyByMergeRef = async (
  target: Target,
  number: number,
  { github, event, log }: RunContext,
): Promise<Identified> => {
  const pull = github && (await readPullRequest(github, number, log))
  if (pull?.state === 'closed') return skipClosed(target)
  if (pull && proposesDefaultBranch(pull, event.defaultBranch)) return skipDefaultBranch(number)
  return { target: { ...target, ...(pull && { pullRequest: pull }) } }
}

/**
 * With `branch` given, the pull request matters only if it is closed: a deployment that succeeds late
 * must not bring its auth back. A commit that no closed pull request proposed last is no reason to skip.
 */
const forNamedBranch = async (
  target: Target,
  { sha, ref }: { readonly sha: string; readonly ref?: string },
  { github, event, log }: RunContext,
): Promise<Identified> => {
  if (!github) return { target }
  try {
    const pulls = await associatedPulls(github, sha)
    const commit = pullRequestOfCommit({ sha, ref }, pulls, event.defaultBranch)
    const heads = pulls.filter(({ headSha }) => headSha === sha).map(({ number }) => number)
    const isHead = commit.kind === 'closed' && heads.includes(commit.number)
    return commit.kind === 'head' || isHead ? resolveCommit(target, sha, commit) : { target }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    log.warning(
      `GitHub did not tell whether the pull request of the deployed commit is still open (${error.message}); going on without.`,
    )
    return { target }
  }
}

/**
 * Finds the pull request of the deployment that started the run. A `pr_number` makes this
 * unnecessary. Throws {@link Problem} if GitHub does not tell, and for the head of several open ones.
 */
export const identifyPullRequest = async (target: Target, run: RunContext): Promise<Identified> => {
  const { deployment, prNumber } = target
  if (!deployment || run.inputs.prNumber !== undefined) return { target }
  if (prNumber === undefined)
    return target.branch === undefined
      ? identifyByCommit(target, deployment, run)
      : forNamedBranch(target, deployment, run)
  if (target.branch !== undefined) return { target }
  return prNumber === pullRequestOfRef(deployment.ref)
    ? identifyByMergeRef(target, prNumber, run)
    : { target }
}
