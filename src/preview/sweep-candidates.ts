import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import { type GitHub, GitHubError } from '../github/client.ts'
import {
  fetchPullRequest,
  type PullRequestState,
  type RefState,
  readHeadRefStates,
} from '../github/endpoints/pull-requests.ts'
import type { FoundBranch } from '../neon/branches.ts'
import { branchNames, parseBranchName } from './branch-names.ts'
import type { BranchAnnotation, RepositoryCheck } from './branch-ownership.ts'

/** A branch to sweep if every pull request that may own it is closed. */
export interface SweepCandidate {
  readonly branch: FoundBranch
  /** The numbers of possible owners, from the annotation and from the name. */
  readonly numbers: readonly number[]
  /** The head ref that the branch is named after. Every pull request with that head may own the branch. */
  readonly ref?: string
  /** Whether an annotation names an owner. If so, the branch may have any name. */
  readonly isAnnotated: boolean
}

/**
 * Returns a branch with its possible owners, by annotation and name. Returns `undefined` if neither identifies a
 * pull request of this repository, if an incomplete annotation contradicts the name, or if the annotated number is
 * unreadable.
 */
export const toSweepCandidate = (
  branch: FoundBranch,
  { number, repository }: BranchAnnotation,
  checkRepository: RepositoryCheck,
): SweepCandidate | undefined => {
  // Two repositories may share one Neon project.
  if (repository !== undefined && checkRepository(repository) !== 'this') return undefined
  if (typeof number === 'string') return undefined
  const claim = parseBranchName(branch.name)
  const annotatedNumber = repository === undefined ? undefined : number
  const isAnnotated = annotatedNumber !== undefined
  const nameNumber = claim?.by === 'number' ? claim.number : undefined
  const ref = claim?.by === 'ref' ? claim.headRef : undefined
  const contradicts = nameNumber !== undefined && number !== undefined && number !== nameNumber
  if (contradicts && !isAnnotated) return undefined
  const numbers = [...new Set([annotatedNumber, nameNumber])].filter((owner) => owner !== undefined)
  if (numbers.length === 0 && ref === undefined) return undefined
  return { branch, numbers, isAnnotated, ...(ref && { ref }) }
}

/** What GitHub knows about the pull requests that may own branches. */
export interface OwnerStates {
  readonly byNumber: ReadonlyMap<number, PullRequestState>
  readonly byRef: ReadonlyMap<string, RefState>
}

/**
 * Returns whether every possible owner of a branch is closed. Without an annotation, the name must be exactly one
 * that the owner's branch may have: `pr-8-load-test` does not belong to pull request 8 with the head `fix`. Pure.
 */
export const isLeftBehind = (
  { branch, numbers, ref, isAnnotated }: SweepCandidate,
  { byNumber, byRef }: OwnerStates,
): boolean => {
  if (ref !== undefined && !allowsSweep(byRef.get(ref), isAnnotated)) return false
  return numbers.every((number) => {
    const owner = byNumber.get(number)
    if (owner?.state !== 'closed') return false
    return isAnnotated || isNamedAfter(branch, number, owner.headRef)
  })
}

const isNamedAfter = ({ name }: FoundBranch, number: number, headRef: string): boolean =>
  branchNames({ number, headRef, isSameRepository: false }).some(
    (possible) => possible.name === name,
  )

/** Returns whether the state of a ref allows a sweep. A long-lived ref does not protect an annotated branch. */
const allowsSweep = (state: RefState | undefined, isAnnotated: boolean): boolean =>
  state === 'closed' || (isAnnotated && state === 'long-lived')

/** Returns a clause that says which owners are closed. */
export const describeClosedOwners = ({ numbers, ref }: SweepCandidate): string => {
  if (numbers.length === 0) return `the pull request of ${oneLine(ref ?? '', 80)} is closed`
  const list = numbers.map((number) => `#${number}`).join(' and ')
  return numbers.length > 1 ? `pull requests ${list} are closed` : `pull request ${list} is closed`
}

/** Reads the states of a branch's owners again. Throws {@link Problem} if GitHub refuses. */
export const refreshOwnerStates = async (
  { numbers, ref }: SweepCandidate,
  github: GitHub,
): Promise<OwnerStates> => {
  try {
    const [pulls, byRef] = await Promise.all([
      Promise.all(numbers.map((number) => fetchPullRequest(github, number))),
      readHeadRefStates(github, ref === undefined ? [] : [ref]),
    ])
    const byNumber = new Map(
      pulls.map(({ number, state, headRef = '' }) => [number, { state, headRef }]),
    )
    return { byNumber, byRef }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    throw new Problem({
      what: 'GitHub could not confirm that the pull request of this branch is still closed.',
      response: `GitHub: ${error.message}`,
      cause: error,
    })
  }
}
