import type { Branch } from '@neon/sdk/raw'
import { Problem } from '../core/problem.ts'
import { nonEmptyString, oneLine } from '../core/text.ts'
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
  readonly isThisRepository: RepositoryCheck
}

/** Returns whether `owner/name` is the claimant's repository. `unknown`: GitHub did not resolve the name. */
export type RepositoryCheck = (name: string) => 'this' | 'other' | 'unknown'

/** The owner of a branch according to the annotation by Neon's actions and integrations. */
export interface BranchAnnotation {
  /** The text of the annotation if it is not the number of a pull request. */
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

/** A branch whose name matches, but whose annotation names another owner. */
export interface OwnershipConflict {
  readonly branch: FoundBranch
  readonly annotation: BranchAnnotation
  /** GitHub could not tell whether the annotated repository is this one. */
  readonly isUnknown: boolean
}

/** Returns whether two repository names are equal. Ignores case, as GitHub does. */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Returns the annotation of a branch. Empty if there is none. */
export const annotationOf = (
  { annotations }: BranchListing,
  branchId: string,
): BranchAnnotation => {
  const value: Readonly<Record<string, unknown>> = annotations[branchId]?.value ?? {}
  const text = nonEmptyString(value['github-pr-number'])
  const number = isPullRequestNumber(Number(text)) ? Number(text) : text
  const repository = nonEmptyString(value['github-commit-repo'])
  return { ...(number && { number }), ...(repository && { repository }) }
}

const formatBranches = (branches: readonly Branch[]): string =>
  branches.map(({ name, id }) => `${oneLine(name, 100)} (${id})`).join(', ')

/**
 * Returns the only one of `matches`, if any. Throws {@link Problem} if there are several, because a run never
 * guesses a branch. `criterion` completes the sentence "Several branches match …".
 */
const onlyOne = (matches: readonly Branch[], criterion: string): Branch | undefined => {
  const [first, second] = matches
  if (!second) return first
  throw new Problem({
    what: `${matches.length} branches match ${criterion} equally well: ${formatBranches(matches)}.`,
    fix: 'set `branch` to the one you mean (its ID is safest)',
  })
}

/** Finds the branch that the input `branch` names, by ID or exact name. Throws {@link Problem} if two match. */
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
 * Returns a branch that is annotated with the claimant's number, but with a repository name that GitHub could not
 * resolve. The branch may be the claimant's. Pure.
 */
export const findUndecidedBranch = (
  { pull, isThisRepository }: Claimant,
  listing: BranchListing,
): OwnershipConflict | undefined => {
  for (const branch of listing.branches) {
    const annotation = annotationOf(listing, branch.id)
    const { number, repository } = annotation
    if (number === pull.number && repository && isThisRepository(repository) === 'unknown')
      return { branch: toFoundBranch(branch), annotation, isUnknown: true }
  }
  return undefined
}

const findByAnnotation = (
  { pull, isThisRepository }: Claimant,
  listing: BranchListing,
): OwnedBranch | undefined => {
  const annotated = listing.branches.filter(({ id }) => {
    const { number, repository } = annotationOf(listing, id)
    return (
      number === pull.number && repository !== undefined && isThisRepository(repository) === 'this'
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

/** Returns a conflict if the annotation of a branch with a matching name names another owner. */
const findConflict = (
  branch: Branch,
  by: 'number' | 'ref',
  { pull, isThisRepository }: Claimant,
  annotation: BranchAnnotation,
): OwnershipConflict | undefined => {
  const { number, repository } = annotation
  const check = repository === undefined ? 'this' : isThisRepository(repository)
  // All pull requests with the same ref share a name made from it, so another one's number is not a conflict.
  const isOtherNumber =
    typeof number === 'string' ||
    (by === 'number' && number !== undefined && number !== pull.number)
  if (check === 'this' && !isOtherNumber) return undefined
  return {
    branch: toFoundBranch(branch),
    annotation,
    isUnknown: check === 'unknown' && !isOtherNumber,
  }
}

/**
 * Decides which branch belongs to a pull request: by annotation, or else by name, best name first. Returns a
 * conflict, which stops the run, if the annotation contradicts the name. Throws {@link Problem} if two
 * branches match equally. Pure.
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
    const conflict = findConflict(branch, by, claimant, annotation)
    if (conflict) return { conflict }
    return {
      branch: toFoundBranch(branch),
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

/** Returns the error for a branch that {@link findUndecidedBranch} returned. */
export const undecidedProblem = ({ branch, annotation }: OwnershipConflict): Problem =>
  new Problem({
    what: `Nothing was changed: the branch ${oneLine(branch.name, 100)} (${branch.id}) is annotated with the number of this pull request and another repository, ${oneLine(annotation.repository ?? '', 100)}.`,
    why: 'GitHub could not tell whether that is an older name of this repository',
    fix: 'pass `github_token` and run the job again, or name the branch of this pull request with the input `branch`',
  })

/** Returns the error for a branch whose name matches but whose annotation names another owner. */
export const conflictProblem = (
  { pull, repository }: RepositoryPullRequest,
  { branch, annotation, isUnknown }: OwnershipConflict,
): Problem => {
  const { number, repository: annotated } = annotation
  const parts = [
    number !== undefined && `github-pr-number: ${oneLine(`${number}`, 100)}`,
    annotated !== undefined && `github-commit-repo: ${oneLine(annotated, 100)}`,
  ].filter(Boolean)
  return new Problem({
    what: `Nothing was changed: the branch ${oneLine(branch.name, 100)} (${branch.id}) has the name of pull request #${pull.number}, but its annotation names another owner.`,
    response: `Annotation: ${parts.join(', ')}. This run: pull request #${pull.number} of ${repository}`,
    why: isUnknown
      ? `GitHub could not tell whether ${oneLine(annotated ?? '', 100)} is an older name of ${repository}`
      : 'two repositories or two pull requests share one Neon project and use the same branch names',
    fix: "set `branch` to this pull request's branch, or give each repository its own Neon project",
  })
}
