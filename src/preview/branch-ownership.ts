import type { Branch } from '@neon/sdk/raw'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import { type BranchListing, type FoundBranch, toFoundBranch } from '../neon/branches.ts'
import { branchNames, type NamedPullRequest, readBranchName } from './branch-names.ts'

/** The pull request that claims a branch: `pull` of `repository` (`owner/name`). */
export interface Claimant {
  readonly pull: NamedPullRequest
  readonly repository: string
  /** Checks whether an annotated repository is this one, perhaps under an older name. */
  readonly isThisRepository: RepositoryCheck
}

/** Whether `owner/name` is this repository. `unknown`: GitHub could not tell. */
export type RepositoryCheck = (name: string) => 'this' | 'other' | 'unknown'

/** The owner that Neon's actions and integrations recorded on a branch. */
export interface BranchAnnotation {
  readonly number?: number
  readonly repository?: string
}

/** A branch that a pull request owns, and why. */
export interface OwnedBranch {
  readonly branch: FoundBranch
  readonly by: 'input' | 'annotation' | 'number' | 'ref'
  /** The head ref that the branch is named after: every pull request with that head shares it. */
  readonly sharedRef?: string
  /** Other pull requests that the annotation or the name points to, which may own it as well. */
  readonly otherNumbers?: readonly number[]
}

/** A branch whose name matches, but whose annotation names another owner. */
export interface OwnershipConflict {
  readonly branch: FoundBranch
  readonly annotation: BranchAnnotation
  /** GitHub could not tell whether the annotated repository is this one. */
  readonly isUnknown: boolean
}

/** Compares repositories as GitHub does, ignoring case. */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Returns the annotation of a branch. Empty if there is none. */
export const annotationOf = (
  { annotations }: Pick<BranchListing, 'annotations'>,
  branchId: string,
): BranchAnnotation => {
  const value: Readonly<Record<string, unknown>> = annotations[branchId]?.value ?? {}
  const number = value['github-pr-number']
  const repository = value['github-commit-repo']
  return {
    ...(typeof number === 'string' && number !== '' && { number: Number(number) }),
    ...(typeof repository === 'string' && repository !== '' && { repository }),
  }
}

const list = (branches: readonly Branch[]): string =>
  branches.map(({ name, id }) => `${oneLine(name, 100)} (${id})`).join(', ')

/**
 * Returns the only branch of `claims`. Throws {@link Problem} if there are several, because a
 * branch is never guessed.
 */
const onlyOne = (claims: readonly Branch[], claim: string): Branch | undefined => {
  const [first, second] = claims
  if (!second) return first
  throw new Problem({
    what: `${claims.length} branches match ${claim} equally well: ${list(claims)}.`,
    fix: 'set `branch` to the one you mean (its ID is safest)',
  })
}

/** Finds the branch that the input `branch` names, by ID or exact name. Throws {@link Problem} for two. */
export const branchByInput = (
  named: string,
  { branches }: Pick<BranchListing, 'branches'>,
): OwnedBranch | undefined => {
  const claims = branches.filter(({ id, name }) => id === named || name === named)
  const branch = onlyOne(claims, `\`branch: ${oneLine(named, 100)}\``)
  return branch && { branch: toFoundBranch(branch), by: 'input' }
}

const sharing = (
  branch: Branch,
  { number }: BranchAnnotation,
  pull: NamedPullRequest,
): Pick<OwnedBranch, 'sharedRef' | 'otherNumbers'> => {
  const claim = readBranchName(branch.name)
  const named = claim?.by === 'number' ? claim.number : undefined
  const others = [number, named].filter((one) => one !== undefined && one !== pull.number)
  return {
    ...(claim?.by === 'ref' && { sharedRef: claim.headRef }),
    ...(others.length > 0 && { otherNumbers: others as number[] }),
  }
}

/**
 * Returns a branch that is annotated with the number of a pull request and with a repository that may
 * be this one under an older name: GitHub could not tell. Pure.
 */
export const undecidedBranch = (
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

const byAnnotation = (
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
  const shared = sharing(branch, annotationOf(listing, branch.id), pull)
  return { branch: toFoundBranch(branch), by: 'annotation', ...shared }
}

/** Returns a conflict if the annotation of a branch with a matching name names another owner. */
const conflictOf = (
  branch: Branch,
  by: 'number' | 'ref',
  { pull, isThisRepository }: Claimant,
  annotation: BranchAnnotation,
): OwnershipConflict | undefined => {
  const { number, repository } = annotation
  const check = repository === undefined ? 'this' : isThisRepository(repository)
  // A name made of the ref alone is shared: any pull request of this repository may have made it.
  const otherNumber = by === 'number' && number !== undefined && number !== pull.number
  if (check === 'this' && !otherNumber) return undefined
  return {
    branch: toFoundBranch(branch),
    annotation,
    isUnknown: check === 'unknown' && !otherNumber,
  }
}

/**
 * Decides which branch belongs to a pull request: by annotation, else by name, best name first.
 * Pure. A name that contradicts the annotation is a conflict, which stops the run. Throws
 * {@link Problem} for two branches that match equally.
 */
export const decideOwnership = (
  claimant: Claimant,
  listing: BranchListing,
): OwnedBranch | { readonly conflict: OwnershipConflict } | undefined => {
  const annotated = byAnnotation(claimant, listing)
  if (annotated) return annotated
  for (const { name, by } of branchNames(claimant.pull)) {
    const named = listing.branches.filter((branch) => branch.name === name)
    const branch = onlyOne(named, `the name ${oneLine(name, 100)}`)
    if (!branch) continue
    const annotation = annotationOf(listing, branch.id)
    const conflict = conflictOf(branch, by, claimant, annotation)
    if (conflict) return { conflict }
    const shared = by === 'ref' ? { sharedRef: claimant.pull.headRef ?? '' } : {}
    return {
      branch: toFoundBranch(branch),
      by,
      ...sharing(branch, annotation, claimant.pull),
      ...shared,
    }
  }
  return undefined
}

/**
 * Lists the annotated repositories that the decision depends on and whose name is not this one's.
 * GitHub resolves them: the repository may have been renamed.
 */
export const repositoriesToResolve = (
  { pull, repository }: Pick<Claimant, 'pull' | 'repository'>,
  listing: BranchListing,
): string[] => {
  const names = new Set(branchNames(pull).map(({ name }) => name))
  const found = listing.branches.flatMap((branch) => {
    const annotation = annotationOf(listing, branch.id)
    const matters = annotation.number === pull.number || names.has(branch.name)
    return matters && annotation.repository !== undefined ? [annotation.repository] : []
  })
  return [...new Set(found)].filter((name) => !sameName(name, repository))
}

/** The {@link Problem} of a branch that may be the pull request's own, see {@link undecidedBranch}. */
export const undecidedProblem = ({ branch, annotation }: OwnershipConflict): Problem =>
  new Problem({
    what: `Nothing was changed: the branch ${oneLine(branch.name, 100)} (${branch.id}) is annotated with the number of this pull request and another repository, ${oneLine(annotation.repository ?? '', 100)}.`,
    why: 'GitHub could not tell whether that is an older name of this repository',
    fix: 'pass `github_token` and run the job again, or name the branch of this pull request with the input `branch`',
  })

/** Returns the error for a branch whose name matches but whose annotation names another owner. */
export const conflictProblem = (
  { pull, repository }: Pick<Claimant, 'pull' | 'repository'>,
  { branch, annotation, isUnknown }: OwnershipConflict,
): Problem => {
  const { number, repository: annotated } = annotation
  const says = [
    number !== undefined && `github-pr-number: ${number}`,
    annotated !== undefined && `github-commit-repo: ${oneLine(annotated, 100)}`,
  ].filter(Boolean)
  return new Problem({
    what: `Nothing was changed: the branch ${oneLine(branch.name, 100)} (${branch.id}) has the name of pull request #${pull.number}, but its annotation names another owner.`,
    response: `Annotation: ${says.join(', ')}. This run: pull request #${pull.number} of ${repository}`,
    why: isUnknown
      ? `GitHub could not tell whether ${oneLine(annotated ?? '', 100)} is an older name of ${repository}`
      : 'two repositories or two pull requests share one Neon project and use the same branch names',
    fix: "set `branch` to this pull request's branch, or give each repository its own Neon project",
  })
}
