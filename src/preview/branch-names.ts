import { isPullRequestNumber, type PullRequest } from '../github/pull-request.ts'

/** The part of a pull request that its branch names contain. */
export type NamedPullRequest = Pick<PullRequest, 'number' | 'headRef' | 'isSameRepository'>

/** A name that a pull request's Neon branch may have. */
export interface BranchName {
  readonly name: string
  /** How the name identifies the pull request: by its number, or only by its head ref. */
  readonly by: 'number' | 'ref'
}

/** The pull request that a branch name claims to belong to. */
export type NameClaim =
  | { readonly by: 'number'; readonly number: number }
  | { readonly by: 'ref'; readonly headRef: string }

/**
 * The naming conventions, best first: Neon's GitHub template, its shorter forms, and the name that Neon's Vercel
 * integrations use.
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

const createConvention = (template: string): Convention => ({
  by: template.includes('{number}') ? 'number' : 'ref',
  usesRef: template.includes('{ref}'),
  // A replacement function keeps `$&` in the name of a git branch literal.
  write: (number, headRef) =>
    template.replace('{number}', () => String(number)).replace('{ref}', () => headRef),
  pattern: new RegExp(
    `^${template.replace('{number}', '(?<number>[1-9]\\d*)').replace('{ref}', '(?<headRef>.+)')}$`,
    's',
  ),
})

const CONVENTIONS = TEMPLATES.map(createConvention)

/**
 * Parses a branch name: the inverse of {@link branchNames}. Returns `undefined` if the name follows no
 * convention, or if its number is too large for a pull request. A name with a number belongs to that pull request,
 * not to a git branch: `preview/pr-8` belongs to pull request 8, even if there is a git branch `pr-8`.
 */
export const parseBranchName = (name: string): NameClaim | undefined => {
  const groups = CONVENTIONS.map(({ pattern }) => pattern.exec(name)?.groups).find(Boolean)
  if (!groups) return undefined
  const { number: digits, headRef } = groups
  if (digits === undefined) return headRef === undefined ? undefined : { by: 'ref', headRef }
  const number = Number(digits)
  return isPullRequestNumber(number) ? { by: 'number', number } : undefined
}

/**
 * Returns the names that a pull request's branch may have, best first. Includes a name without a number only if
 * the head is in this repository, because any fork can have the same ref. Excludes such a name if it looks like
 * that of another pull request.
 */
export const branchNames = ({
  number,
  headRef,
  isSameRepository,
}: NamedPullRequest): BranchName[] => {
  const isUsable = ({ name, by }: BranchName): boolean => {
    if (by === 'number') return true
    const claim = parseBranchName(name)
    return isSameRepository && (claim?.by === 'ref' || claim?.number === number)
  }
  return CONVENTIONS.filter(({ usesRef }) => headRef || !usesRef)
    .map(({ by, write }): BranchName => ({ name: write(number, headRef ?? ''), by }))
    .filter(isUsable)
}
