import type { Branch } from '@neon/sdk/raw'
import { Problem } from '../core/problem.ts'
import { nonEmptyString, oneLine } from '../core/text.ts'
import type { RepositoryIdentity } from '../github/endpoints/repositories.ts'
import { isPullRequestNumber } from '../github/pull-request.ts'
import { type BranchListing, type FoundBranch, toFoundBranch } from '../neon/branches.ts'
import { branchNames, type NamedPullRequest, parseBranchName } from './branch-names.ts'

/** A pull request and its repository (`owner/name`). */
export interface RepositoryPullRequest {
  readonly pull: NamedPullRequest
  readonly repository: string
}

/** A pull request that claims a branch. */
export interface Claimant extends RepositoryPullRequest {
  /** Recognizes `repository` under an older name too. */
  readonly checkRepository: RepositoryCheck
}

/** Returns whether `owner/name` is the claimant's repository. */
export type RepositoryCheck = (name: string) => RepositoryIdentity

/** The owner of a branch according to the annotation by Neon's actions and integrations. */
export interface BranchAnnotation {
  /** The pull request's number, or the raw text if it is not a valid one. */
  readonly number?: number | string
  readonly repository?: string
}

/** A branch that a pull request owns, and why. */
export interface OwnedBranch {
  readonly branch: FoundBranch
  readonly by: 'input' | 'annotation' | 'number' | 'ref'
  /** The head ref that the branch is named after. Every pull request with that head shares the branch. */
  readonly sharedRef?: string
  /** Other pull requests that the annotation or the name points to. They may own the branch too. */
  readonly otherNumbers?: readonly number[]
}

/** Why a run stops at a branch. `unknown_repository`: it may be an older name of this repository. */
type ConflictReason = 'other_owner' | 'unreadable_number' | 'unknown_repository'

/** A branch whose ownership is contested or cannot be decided. */
export interface OwnershipConflict {
  readonly branch: FoundBranch
  readonly annotation: BranchAnnotation
  readonly reason: ConflictReason
  /** Why nobody knows whether the annotated repository is this one. Present with `unknown_repository`. */
  readonly unresolved?: string
}

/** A branch that is annotated with a pull request's number, and with a repository that may be the pull request's. */
export type UndecidedBranch = Required<Omit<OwnershipConflict, 'reason'>>

/** Returns whether two repository names are equal. Ignores case, as GitHub does. */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Returns the annotation of a branch. Empty if there is none. */
export const annotationOf = (
  { annotations }: BranchListing,
  branchId: string,
): BranchAnnotation => {
  const value: Readonly<Record<string, unknown>> = annotations[branchId]?.value ?? {}
  const text = nonEmptyString(value['github-pr-number'])
  const isNumber = /^[1-9]\d*$/.test(text ?? '') && isPullRequestNumber(Number(text))
  const number = isNumber ? Number(text) : text
  const repository = nonEmptyString(value['github-commit-repo'])
  return { ...(number && { number }), ...(repository && { repository }) }
}

/** Returns a branch's name and ID for a message. */
export const formatBranch = ({ name, id }: Pick<FoundBranch, 'name' | 'id'>): string =>
  `${oneLine(name, 100)} (${id})`

const formatBranches = (branches: readonly Branch[]): string =>
  branches.map(formatBranch).join(', ')

/**
 * Returns the only one of `matches`, if any. Throws {@link Problem} if there are several, because a run never
 * guesses a branch. `criterion` completes "2 branches match …".
 */
const onlyOne = (matches: readonly Branch[], criterion: string): Branch | undefined => {
  const [first, second] = matches
  if (!second) return first
  throw new Problem({
    what: `${matches.length} branches match ${criterion} equally well: ${formatBranches(matches)}.`,
    fix: 'set `branch` to the one you mean (its ID is safest)',
  })
}

/** Finds the branch that the input `branch` names, by ID or exact name. Throws {@link Problem} if several match. */
export const findByInput = (
  nameOrId: string,
  branches: readonly Branch[],
): OwnedBranch | undefined => {
  const matches = branches.filter(({ id, name }) => id === nameOrId || name === nameOrId)
  const branch = onlyOne(matches, `\`branch: ${oneLine(nameOrId, 100)}\``)
  return branch && { branch: toFoundBranch(branch), by: 'input' }
}

const otherOwners = (
  branch: Branch,
  { number }: BranchAnnotation,
  pull: NamedPullRequest,
): Pick<OwnedBranch, 'sharedRef' | 'otherNumbers'> => {
  const claim = parseBranchName(branch.name)
  const nameNumber = claim?.by === 'number' ? claim.number : undefined
  const otherNumbers = [number, nameNumber]
    .filter((owner) => typeof owner === 'number')
    .filter((owner) => owner !== pull.number)
  return {
    ...(claim?.by === 'ref' && { sharedRef: claim.headRef }),
    ...(otherNumbers.length > 0 && { otherNumbers }),
  }
}

/**
 * Returns a branch that is annotated with the claimant's number, but with a repository name that could not be
 * resolved. The branch may be the claimant's. Pure.
 */
export const findUndecidedBranch = (
  { pull, checkRepository }: Claimant,
  listing: BranchListing,
): UndecidedBranch | undefined => {
  for (const branch of listing.branches) {
    const annotation = annotationOf(listing, branch.id)
    const { number, repository } = annotation
    if (number !== pull.number || !repository) continue
    const identity = checkRepository(repository)
    if (typeof identity !== 'string')
      return { branch: toFoundBranch(branch), annotation, ...identity }
  }
  return undefined
}

const findByAnnotation = (
  { pull, checkRepository }: Claimant,
  listing: BranchListing,
): OwnedBranch | undefined => {
  const annotated = listing.branches.filter(({ id }) => {
    const { number, repository } = annotationOf(listing, id)
    return (
      number === pull.number && repository !== undefined && checkRepository(repository) === 'this'
    )
  })
  const branch = onlyOne(annotated, `pull request #${pull.number} by annotation`)
  if (!branch) return undefined
  return {
    branch: toFoundBranch(branch),
    by: 'annotation',
    ...otherOwners(branch, annotationOf(listing, branch.id), pull),
  }
}

/** Returns how a branch's annotation contradicts its matching name, or may do so. Returns `undefined` if not. */
const contradiction = (
  by: 'number' | 'ref',
  { pull, checkRepository }: Claimant,
  { number, repository }: BranchAnnotation,
): Pick<OwnershipConflict, 'reason' | 'unresolved'> | undefined => {
  const identity = repository === undefined ? 'this' : checkRepository(repository)
  if (identity === 'other') return { reason: 'other_owner' }
  // All pull requests with the same ref share a name made from it, so another one's number is not a conflict.
  if (by === 'number' && number !== undefined && number !== pull.number)
    return { reason: typeof number === 'string' ? 'unreadable_number' : 'other_owner' }
  return identity === 'this' ? undefined : { reason: 'unknown_repository', ...identity }
}

/**
 * Decides which branch belongs to a pull request: by annotation, or else by name, best name first. Returns a
 * conflict, which stops the run, if the annotation contradicts the name or may do so. Throws {@link Problem} if
 * several branches match equally. Pure.
 */
export const decideOwnership = (
  claimant: Claimant,
  listing: BranchListing,
): OwnedBranch | { readonly conflict: OwnershipConflict } | undefined => {
  const annotated = findByAnnotation(claimant, listing)
  if (annotated) return annotated
  for (const { name, by } of branchNames(claimant.pull)) {
    const named = listing.branches.filter((branch) => branch.name === name)
    const branch = onlyOne(named, `the name ${oneLine(name, 100)}`)
    if (!branch) continue
    const annotation = annotationOf(listing, branch.id)
    const found = toFoundBranch(branch)
    const contradicts = contradiction(by, claimant, annotation)
    if (contradicts) return { conflict: { branch: found, annotation, ...contradicts } }
    return {
      branch: found,
      by,
      ...otherOwners(branch, annotation, claimant.pull),
      ...(by === 'ref' && { sharedRef: claimant.pull.headRef ?? '' }),
    }
  }
  return undefined
}

/**
 * Returns the annotated repository names that the decision depends on, except `repository` itself. Only GitHub
 * knows whether they are older names of it.
 */
export const repositoriesToResolve = (
  { pull, repository }: RepositoryPullRequest,
  listing: BranchListing,
): string[] => {
  const names = new Set(branchNames(pull).map(({ name }) => name))
  const annotated = listing.branches.flatMap((branch) => {
    const annotation = annotationOf(listing, branch.id)
    const isRelevant = annotation.number === pull.number || names.has(branch.name)
    return isRelevant && annotation.repository !== undefined ? [annotation.repository] : []
  })
  return [...new Set(annotated)].filter((name) => !sameName(name, repository))
}

const SET_BRANCH = "set `branch` to this pull request's branch"

const CONFLICTS: Readonly<Record<ConflictReason, { what: string; why: string; fix: string }>> = {
  other_owner: {
    what: 'names another owner',
    why: 'two repositories or two pull requests share one Neon project and use the same branch names',
    fix: `${SET_BRANCH}, or give each repository its own Neon project`,
  },
  unreadable_number: {
    what: 'has an unreadable number',
    why: 'the workflow that annotated the branch passed an invalid number',
    fix: SET_BRANCH,
  },
  unknown_repository: {
    what: 'may name another owner',
    why: 'the run could not find out whether the annotated repository is an older name of this one',
    fix: `${SET_BRANCH}, or run the job again, with a \`github_token\` if it had none`,
  },
}

/** Says why a branch that {@link findUndecidedBranch} returned may be the claimant's, without a final period. */
export const describeUndecided = ({ branch, annotation }: UndecidedBranch): string =>
  `${formatBranch(branch)} is annotated with the number of this pull request and the repository ${oneLine(annotation.repository ?? '', 100)}`

/** Returns the error for a branch that {@link findUndecidedBranch} returned. */
export const undecidedProblem = (undecided: UndecidedBranch): Problem => {
  const { why, fix } = CONFLICTS.unknown_repository
  return new Problem({
    what: `Nothing was changed: the branch ${describeUndecided(undecided)}.`,
    response: undecided.unresolved,
    why,
    fix,
  })
}

/** Returns the error for a branch whose name matches, but whose annotation stops the run. */
export const conflictProblem = (
  { pull, repository }: RepositoryPullRequest,
  { branch, annotation, reason, unresolved }: OwnershipConflict,
): Problem => {
  const { number, repository: annotated } = annotation
  const parts = [
    number !== undefined && `github-pr-number: ${oneLine(`${number}`, 100)}`,
    annotated !== undefined && `github-commit-repo: ${oneLine(annotated, 100)}`,
  ].filter(Boolean)
  const { what, why, fix } = CONFLICTS[reason]
  return new Problem({
    what: `Nothing was changed: the branch ${formatBranch(branch)} has the name of pull request #${pull.number}, but its annotation ${what}.`,
    response: [
      `Annotation: ${parts.join(', ')}. This run: pull request #${pull.number} of ${repository}`,
      unresolved,
    ]
      .filter(Boolean)
      .join('\n'),
    why,
    fix,
  })
}
