import type { PullRequest } from '../github/pull-request.ts'
import { gitBranchOf, proposesDefaultBranch } from './deployments.ts'

/** How a deployed commit relates to pull requests. */
export type DeployedCommit =
  | { readonly kind: 'head'; readonly pull: PullRequest }
  /** The head of several open pull requests. A run never guesses which one is meant. */
  | { readonly kind: 'ambiguous'; readonly numbers: readonly number[] }
  /** A commit of open pull requests, but the head of none. */
  | { readonly kind: 'superseded'; readonly numbers: readonly number[] }
  /** A commit of closed pull requests only, or the head of a closed one. */
  | { readonly kind: 'closed'; readonly number: number }
  /** The head of a pull request that proposes the default branch itself. */
  | { readonly kind: 'default_branch'; readonly number: number }
  /** A commit of no pull request. */
  | { readonly kind: 'unknown' }

const numbersOf = (pulls: readonly PullRequest[]): number[] => pulls.map(({ number }) => number)

/**
 * Returns the heads that count. Heads in this repository take precedence, because anybody can push the same
 * commit to a fork. Among them, those whose git branch is the deployment's `ref` take precedence.
 */
const preferredHeads = (
  heads: readonly PullRequest[],
  ref: string | undefined,
): readonly PullRequest[] => {
  const own = heads.filter(({ isSameRepository }) => isSameRepository)
  const deployed = own.filter(({ headRef }) => headRef === gitBranchOf(ref))
  return [deployed, own, heads].find(({ length }) => length > 0) ?? []
}

/**
 * Returns how a deployed commit relates to pull requests. `pulls` are those that GitHub associates with the commit,
 * or all open ones if there are none. Pure.
 */
export const pullRequestOfCommit = (
  { sha, ref }: { readonly sha: string; readonly ref?: string | undefined },
  pulls: readonly PullRequest[],
  defaultBranch: string | undefined,
): DeployedCommit => {
  const open = pulls.filter(({ state }) => state === 'open')
  const withHead = open.filter(({ headSha }) => headSha === sha)
  const heads = preferredHeads(withHead, ref)
  const ofDefaultBranch = heads.find((pull) => proposesDefaultBranch(pull, defaultBranch))
  if (ofDefaultBranch) return { kind: 'default_branch', number: ofDefaultBranch.number }
  if (heads.length > 1) return { kind: 'ambiguous', numbers: numbersOf(heads) }
  const [pull] = heads
  if (pull) return { kind: 'head', pull }
  // No open pull request has this head.
  const closedHead = pulls.find(({ headSha }) => headSha === sha)
  if (open.length > 0 && !closedHead) return { kind: 'superseded', numbers: numbersOf(open) }
  const closed = closedHead ?? pulls[0]
  return closed ? { kind: 'closed', number: closed.number } : { kind: 'unknown' }
}
