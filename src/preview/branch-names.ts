import type { PullRequest } from '../github/pull-request.ts'

/** What a branch name depends on. */
export type NamedPullRequest = Pick<PullRequest, 'number' | 'headRef' | 'sameRepository'>

/** A name that a pull request's Neon branch may have. */
export interface BranchName {
  readonly name: string
  /** What the name contains: the pull request's number, or only its head ref. */
  readonly by: 'number' | 'ref'
}

/** What a branch name says about its pull request. */
export type NameClaim =
  | { readonly by: 'number'; readonly number: number; readonly headRef?: string }
  | { readonly by: 'ref'; readonly headRef: string }

/** Prefixes of names with a number: Neon's GitHub template first, then the plain form. */
const NUMBER_PREFIXES = ['preview/pr-', 'pr-'] as const
/** Prefix of Neon's Vercel integrations, which name a branch after the git branch alone. */
const REF_PREFIX = 'preview/'

/** GitHub's pull request numbers fit 32 bits. A larger number in a name is something else, such as a date. */
const HIGHEST_NUMBER = 2_147_483_647

/** Returns whether `number` can be a pull request number. */
export const isPullRequestNumber = (number: number): boolean =>
  Number.isSafeInteger(number) && number >= 1 && number <= HIGHEST_NUMBER

/**
 * Reads what a branch name says: the inverse of {@link branchNames}. `undefined` for a name that
 * follows no convention. A name with a number is never read as a git branch: `preview/pr-8` belongs
 * to pull request 8, even if some git branch is called `pr-8`.
 */
export const readBranchName = (name: string): NameClaim | undefined => {
  const [, digits, headRef] = /^(?:preview\/)?pr-([1-9]\d*)(?:-(.+))?$/s.exec(name) ?? []
  if (digits !== undefined) {
    const number = Number(digits)
    if (!isPullRequestNumber(number)) return undefined
    return { by: 'number', number, ...(headRef !== undefined && { headRef }) }
  }
  if (!name.startsWith(REF_PREFIX) || name === REF_PREFIX) return undefined
  return { by: 'ref', headRef: name.slice(REF_PREFIX.length) }
}

/**
 * Lists the names that a pull request's branch may have, best first. The name made of the head ref
 * alone does not identify the pull request. It counts only for a head in this repository, because a
 * stranger's fork can have the same ref, and only if it does not read as the number of
 * another pull request.
 */
export const branchNames = ({
  number,
  headRef,
  sameRepository,
}: NamedPullRequest): BranchName[] => {
  const byNumber = NUMBER_PREFIXES.flatMap((prefix) => [
    ...(headRef ? [`${prefix}${number}-${headRef}`] : []),
    `${prefix}${number}`,
  ]).map((name): BranchName => ({ name, by: 'number' }))
  if (!headRef || !sameRepository) return byNumber
  const name = `${REF_PREFIX}${headRef}`
  const claim = readBranchName(name)
  const readsAsAnother = claim === undefined || (claim.by === 'number' && claim.number !== number)
  return readsAsAnother ? byNumber : [...byNumber, { name, by: 'ref' }]
}
