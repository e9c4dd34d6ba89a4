import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import { type GitHub, GitHubError } from '../github/client.ts'
import {
  fetchPullRequest,
  type PullRequestState,
  type RefState,
  readHeadRefStates,
} from '../github/read-pull-requests.ts'
import type { FoundBranch } from '../neon/branches.ts'
import { branchNames, isPullRequestNumber, readBranchName } from './branch-names.ts'
import type { BranchAnnotation, RepositoryCheck } from './branch-ownership.ts'

/** A branch that may be left over, and every pull request that may own it. */
export interface SweepCandidate {
  readonly branch: FoundBranch
  /** Owners known by number: from the annotation and from the name. */
  readonly numbers: readonly number[]
  /** The head ref that the branch is named after: every pull request with that head may own it. */
  readonly ref?: string
  /** The number comes from an annotation, so the name may be anything. */
  readonly isAnnotated: boolean
}

/**
 * Lists the possible owners of a branch, by annotation and name. Returns `undefined` if no pull request
 * of this repository can own it, or if annotation and name contradict each other.
 */
export const candidateOf = (
  branch: FoundBranch,
  { number, repository }: BranchAnnotation,
  isThisRepository: RepositoryCheck,
): SweepCandidate | undefined => {
  // Two repositories may share one Neon project.
  if (repository !== undefined && isThisRepository(repository) !== 'this') return undefined
  const claim = readBranchName(branch.name)
  const annotated =
    repository !== undefined && number !== undefined && isPullRequestNumber(number)
      ? number
      : undefined
  if (claim?.by === 'number') {
    if (number !== undefined && number !== claim.number) {
      return annotated === undefined
        ? undefined
        : { branch, numbers: [annotated, claim.number], isAnnotated: true }
    }
    return { branch, numbers: [claim.number], isAnnotated: annotated !== undefined }
  }
  const numbers = annotated === undefined ? [] : [annotated]
  if (claim) return { branch, numbers, ref: claim.headRef, isAnnotated: annotated !== undefined }
  return annotated === undefined ? undefined : { branch, numbers, isAnnotated: true }
}

/** What GitHub knows about the pull requests that may own branches. */
export interface OwnerStates {
  readonly byNumber: ReadonlyMap<number, PullRequestState>
  readonly byRef: ReadonlyMap<string, RefState>
}

/**
 * Returns whether every possible owner of a branch is closed. Names must match exactly, as in the
 * search for a branch: `pr-8-load-test` is not the branch of pull request 8. Pure.
 */
export const isLeftBehind = (
  { branch, numbers, ref, isAnnotated }: SweepCandidate,
  { byNumber, byRef }: OwnerStates,
): boolean => {
  if (ref !== undefined && !isRefDone(byRef.get(ref), isAnnotated)) return false
  return numbers.every((number) => {
    const known = byNumber.get(number)
    if (known?.state !== 'closed') return false
    return isAnnotated || isNamedAfter(branch, number, known.headRef)
  })
}

const isNamedAfter = ({ name }: FoundBranch, number: number, headRef: string): boolean =>
  branchNames({ number, headRef, sameRepository: false }).some((one) => one.name === name)

/** Returns whether a ref is no longer needed. An annotation identifies the branch beyond its ref. */
const isRefDone = (state: RefState | undefined, isAnnotated: boolean): boolean =>
  state === 'closed' || (isAnnotated && state === 'long-lived')

/** Returns which owners are closed, as part of a sentence. */
export const ownersOf = ({ numbers, ref }: SweepCandidate): string => {
  const named = numbers.map((number) => `#${number}`).join(' and ')
  return named === ''
    ? `the pull request of ${oneLine(ref ?? '', 80)} is closed`
    : `pull request ${named} ${numbers.length > 1 ? 'are' : 'is'} closed`
}

/** Reads the owners' states of one branch again. Throws `Problem` if GitHub refuses. */
export const currentStates = async (
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
      what: 'GitHub could not confirm that its pull request is still closed, so nothing was changed.',
      response: `GitHub answered: ${error.message}`,
      cause: error,
    })
  }
}
