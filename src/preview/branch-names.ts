import { given } from '../core/optional.ts'
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

/**
 * The naming conventions, best first: Neon's GitHub template, its plain form, and the names of Neon's
 * Vercel integrations. This table alone says how names are written and how they are read.
 */
const TEMPLATES = [
  'preview/pr-{number}-{ref}',
  'preview/pr-{number}',
  'pr-{number}-{ref}',
  'pr-{number}',
  'preview/{ref}',
] as const

interface Convention {
  readonly by: BranchName['by']
  readonly usesRef: boolean
  readonly write: (number: number, headRef: string) => string
  /** Matches the names of this convention, with the groups `number` and `headRef`. */
  readonly pattern: RegExp
}

const conventionOf = (template: string): Convention => ({
  by: template.includes('{number}') ? 'number' : 'ref',
  usesRef: template.includes('{ref}'),
  // Replaced by functions: `$&` in a git branch's name is text.
  write: (number, headRef) =>
    template.replace('{number}', () => String(number)).replace('{ref}', () => headRef),
  pattern: new RegExp(
    `^${template.replace('{number}', '(?<number>[1-9]\\d*)').replace('{ref}', '(?<headRef>.+)')}$`,
    's',
  ),
})

const CONVENTIONS = TEMPLATES.map(conventionOf)

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
  const groups = CONVENTIONS.map(({ pattern }) => pattern.exec(name)?.groups).find(Boolean)
  if (!groups) return undefined
  const { number: digits, headRef } = groups
  if (digits === undefined) return headRef === undefined ? undefined : { by: 'ref', headRef }
  const number = Number(digits)
  return isPullRequestNumber(number)
    ? { by: 'number', number, ...given('headRef', headRef) }
    : undefined
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
  const counts = ({ name, by }: BranchName): boolean => {
    if (by === 'number') return true
    const claim = readBranchName(name)
    return sameRepository && (claim?.by === 'ref' || claim?.number === number)
  }
  return CONVENTIONS.filter(({ usesRef }) => headRef || !usesRef)
    .map(({ by, write }): BranchName => ({ name: write(number, headRef ?? ''), by }))
    .filter(counts)
}
