import type { PullRequest } from '../github/pull-request.ts'
import { proposesDefaultBranch } from './deployments.ts'

/** How a deployed commit relates to pull requests. */
export type DeployedCommit =
  | { readonly kind: 'head'; readonly pull: PullRequest }
  /** The head of several open pull requests: never guessed. */
  | { readonly kind: 'ambiguous'; readonly numbers: readonly number[] }
  /** Part of open pull requests, but the head of none. */
  | { readonly kind: 'superseded'; readonly numbers: readonly number[] }
  /** Only of pull requests that are closed. */
  | { readonly kind: 'closed'; readonly number: number }
  | { readonly kind: 'default_branch'; readonly number: number }
  | { readonly kind: 'unknown' }

const numbersOf = (pulls: readonly PullRequest[]): number[] => pulls.map(({ number }) => number)

/**
 * Of several heads, only the repository's own count, because anybody can push the same commit to a
 * fork. Of those, the one whose git branch was deployed counts, if the deployment names it.
 */
const candidates = (
  heads: readonly PullRequest[],
  ref: string | undefined,
): readonly PullRequest[] => {
  const own = heads.filter(({ sameRepository }) => sameRepository)
  const named = own.filter(({ headRef }) => headRef === ref?.replace(/^refs\/heads\//, ''))
  return [named, own, heads].find((some) => some.length > 0) ?? []
}

/**
 * Decides which pull request a deployed commit belongs to: the open one that it is the head of.
 * `pulls` are those that GitHub associates with the commit, or the open ones if there are none. Pure.
 */
export const pullRequestOfCommit = (
  { sha, ref }: { readonly sha: string; readonly ref?: string | undefined },
  pulls: readonly PullRequest[],
  defaultBranch: string | undefined,
): DeployedCommit => {
  const open = pulls.filter(({ state }) => state === 'open')
  const heads = open.filter(({ headSha }) => headSha === sha)
  const [pull, ...others] = candidates(heads, ref)
  const ofDefault = [pull, ...others].find(
    (one) => one && proposesDefaultBranch(one, defaultBranch),
  )
  if (ofDefault) return { kind: 'default_branch', number: ofDefault.number }
  if (pull && others.length > 0) return { kind: 'ambiguous', numbers: numbersOf([pull, ...others]) }
  if (pull) return { kind: 'head', pull }
  const [closed] = pulls.filter(({ state }) => state === 'closed').toSorted(headFirst(sha))
  if (closed && (open.length === 0 || closed.headSha === sha))
    return { kind: 'closed', number: closed.number }
  return open.length > 0 ? { kind: 'superseded', numbers: numbersOf(open) } : { kind: 'unknown' }
}

const headFirst =
  (sha: string) =>
  (a: PullRequest, b: PullRequest): number =>
    Number(b.headSha === sha) - Number(a.headSha === sha)
