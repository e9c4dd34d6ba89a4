import { type Intent, skipClosed, type Target } from '../action/intent.ts'
import { Problem } from '../core/problem.ts'
import { type GitHub, GitHubRefused } from '../github/api.ts'
import type { PullRequest } from '../github/pull-request.ts'
import { readPullRequest } from '../github/pull-requests.ts'
import { openPullRequests, pullRequestsOfCommit } from '../github/pull-requests-of-commit.ts'
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

/** Falls back to the open pull requests, because GitHub lists none for the commit of a fork. */
const findPullRequests = async (
  github: GitHub,
  sha: string,
): Promise<{ pulls: readonly PullRequest[]; isComplete: boolean }> => {
  const associated = await pullRequestsOfCommit(github, sha)
  if (associated.items.length > 0) return { pulls: associated.items, isComplete: true }
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
    if (!(error instanceof GitHubRefused)) throw error
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
 * Finds the pull request of the deployment that started the run, unless `branch` or `pr_number` is set.
 * Throws {@link Problem} if GitHub does not answer, or if the commit is the head of several open ones.
 */
export const identifyPullRequest = async (target: Target, run: RunContext): Promise<Identified> => {
  const { deployment, prNumber } = target
  if (!deployment || target.branch !== undefined || run.inputs.prNumber !== undefined)
    return { target }
  if (prNumber === undefined) return identifyByCommit(target, deployment, run)
  return prNumber === pullRequestOfRef(deployment.ref)
    ? identifyByMergeRef(target, prNumber, run)
    : { target }
}
