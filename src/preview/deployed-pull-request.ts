import type { PullRequest } from '../github/pull-request.ts'
import { gitBranchOf, proposesDefaultBranch } from './deployments.ts'

/** How a deployed commit relates to pull requests. */
export type DeployedCommit =
  | { readonly kind: 'head'; readonly pull: PullRequest }
  /** The head of several open pull requests. A run never guesses which one is meant. */
  | { readonly kind: 'ambiguous'; readonly numbers: readonly number[] }
  /** A commit of open pull requests, but the head of none. */
  | { readonly kind: 'superseded'; readonly numbers: readonly number[] }
  /** The head of these closed pull requests, or a commit of them and of no open one. */
  | { readonly kind: 'closed'; readonly numbers: readonly number[] }
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
 * or else the open ones with this head. Pure.
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
  const closed = pulls.filter(({ state }) => state === 'closed')
  const closedHeads = closed.filter(({ headSha }) => headSha === sha)
  if (closedHeads.length > 0) return { kind: 'closed', numbers: numbersOf(closedHeads) }
  if (closed.length > 0 && open.length === 0) return { kind: 'closed', numbers: numbersOf(closed) }
  return open.length > 0 ? { kind: 'superseded', numbers: numbersOf(open) } : { kind: 'unknown' }
}
