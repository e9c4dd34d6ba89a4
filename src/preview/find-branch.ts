import type { Branch } from '@neon/sdk/raw'
import { closest, distance } from 'fastest-levenshtein'
import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { GitHub } from '../github/client.ts'
import { resolveRepository } from '../github/endpoints/repositories.ts'
import { type BranchQuery, listAllBranches } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import { withContext } from '../neon/errors.ts'
import { pollUntil } from '../network/poll.ts'
import { branchNames } from './branch-names.ts'
import {
  conflictProblem,
  decideOwnership,
  describeUndecided,
  findByInput,
  findUndecidedBranch,
  type OwnedBranch,
  type RepositoryCheck,
  type RepositoryPullRequest,
  repositoriesToResolve,
  sameName,
  type UndecidedBranch,
  undecidedProblem,
} from './branch-ownership.ts'

/** What to find: the branch that the input `branch` names, or the branch of a pull request. */
export type BranchSearch = { readonly named: string } | RepositoryPullRequest

/** The dependencies of the search. */
export interface FindContext {
  readonly neon: NeonClient
  /** Resolves a renamed repository. Absent without a token. */
  readonly github: GitHub | undefined
  readonly deadline: Deadline
  readonly log: Log
}

/** The result of one search. */
export interface SearchResult {
  readonly owned?: OwnedBranch
  /** A branch that may be the pull request's. Absent if `owned` is present. */
  readonly undecided?: UndecidedBranch
  /** The branches that Neon listed for the query. */
  readonly listed: readonly Branch[]
}

const describeTarget = (search: BranchSearch): string =>
  'named' in search
    ? `the branch ${oneLine(search.named, 100)}`
    : `the branch of pull request #${search.pull.number}`

const NOT_ASKED = { unresolved: 'GitHub was not asked, because the run has no `github_token`.' }

/**
 * Returns a function that checks whether an annotated repository is `repository`. Resolves `names` on GitHub,
 * because the repository may have been renamed after a branch was annotated.
 */
export const createRepositoryCheck = async (
  repository: string,
  names: readonly string[],
  github: GitHub | undefined,
): Promise<RepositoryCheck> => {
  const resolve = async (name: string) =>
    [name.toLowerCase(), github ? await resolveRepository(github, name) : NOT_ASKED] as const
  const resolved = new Map(await Promise.all(names.map(resolve)))
  return (name) =>
    sameName(name, repository) ? 'this' : (resolved.get(name.toLowerCase()) ?? NOT_ASKED)
}

/**
 * Searches once for a branch. Names and annotations must match exactly. Throws {@link Problem} if several branches
 * match equally, if an annotation contradicts a name or may do so, if GitHub does not tell whether an annotation that
 * would win over a name is the pull request's, or if Neon refuses.
 */
export const findBranch = async (
  search: BranchSearch,
  { neon, github }: Pick<FindContext, 'neon' | 'github'>,
  query: BranchQuery = {},
): Promise<SearchResult> =>
  withContext(
    `Could not look for ${describeTarget(search)} in the Neon project ${neon.projectId}.`,
    async () => {
      const listing = await listAllBranches(neon, query)
      const listed = listing.branches
      if ('named' in search) {
        const owned = findByInput(search.named, listed)
        return { listed, ...(owned && { owned }) }
      }
      const names = repositoriesToResolve(search, listing)
      const checkRepository = await createRepositoryCheck(search.repository, names, github)
      const claimant = { ...search, checkRepository }
      const owned = decideOwnership(claimant, listing)
      if (owned && 'conflict' in owned) throw conflictProblem(search, owned.conflict)
      if (owned?.by === 'annotation') return { listed, owned }
      const undecided = findUndecidedBranch(claimant, listing)
      // An annotation wins over a name, so a name must not win only because GitHub did not answer.
      if (owned && undecided && github) throw undecidedProblem(undecided)
      return { listed, ...(owned ? { owned } : undecided && { undecided }) }
    },
  )

const searchedNames = (search: BranchSearch): string[] =>
  'named' in search ? [search.named] : branchNames(search.pull).map(({ name }) => name)

const MAX_NEAREST = 5

/** Returns the branch names that are most similar to those that the search tries. */
const nearestNames = (search: BranchSearch, listed: readonly Branch[]): string[] => {
  const tried = searchedNames(search)
  const names = listed.map(({ name }) => name)
  const distanceOf = (name: string): number => distance(name, closest(name, tried))
  return names.sort((a, b) => distanceOf(a) - distanceOf(b)).slice(0, MAX_NEAREST)
}

/**
 * Describes the names searched for, the nearest ones, and a branch that may be the right one, for a message about
 * a missing branch.
 */
export const describeSearch = (
  search: BranchSearch,
  { listed, undecided }: Omit<SearchResult, 'owned'>,
): string => {
  const annotation = 'named' in search ? '' : 'a branch annotated with its number; '
  const tried = searchedNames(search).map((name) => oneLine(name, 100))
  const nearest = nearestNames(search, listed).map((name) => oneLine(name, 100))
  const mayBe = undecided
    ? `\n${describeUndecided(undecided)}, which may be an older name of this one\n${undecided.unresolved}`
    : ''
  return `Looked for: ${annotation}${tried.join(', ')}\nNearest of the ${listed.length} branches there: ${nearest.join(', ') || '(none)'}${mayBe}`
}

/** Returns the error for a missing branch. `ending` completes its first sentence. */
export const missingBranchProblem = (
  search: BranchSearch,
  found: Omit<SearchResult, 'owned'>,
  ending = '',
): Problem =>
  new Problem({
    what: `The Neon project has no branch for this run${ending}.`,
    response: describeSearch(search, found),
    why: 'the step that creates the branch did not run before this one, or it uses another name',
    fix: 'create the branch first (neondatabase/create-branch-action), or set `branch` to its name or ID',
  })

/** Returns whether a string has the form of a Neon branch ID. */
const isBranchId = (text: string): boolean => /^br-[a-z0-9]+-[a-z0-9]+-[a-z0-9]+$/.test(text)

/**
 * Waits until the deadline for a branch that another job or Neon's Vercel integration may still be creating.
 * Calls `shouldStop` during each search. Once that resolves to `true`, returns `undefined`. Throws {@link Problem}
 * with the names searched for and the nearest ones if no branch appears, or at once if a branch ID does not exist.
 */
export const waitForBranch = async (
  search: BranchSearch,
  context: FindContext,
  shouldStop: () => Promise<boolean>,
): Promise<OwnedBranch | undefined> => {
  const { deadline, log } = context
  // Neon generates branch IDs, so a missing ID never appears.
  const mayAppear = !('named' in search && isBranchId(search.named))
  if (mayAppear) log.info(`Waiting for ${describeTarget(search)} (at most ${deadline.seconds} s).`)
  const { done, value } = await pollUntil({
    attempt: async () => {
      // List all branches, because the error names the nearest ones.
      const searching = findBranch(search, context)
      // If the run should stop, the search no longer matters.
      searching.catch(() => {})
      const stopped = await shouldStop()
      const found = stopped ? { listed: [] } : await searching
      if (!stopped && !found.owned && !mayAppear) throw missingBranchProblem(search, found)
      return {
        done: stopped || found.owned !== undefined,
        value: found,
        failure: `${describeTarget(search)} was not in the list`,
      }
    },
    deadline,
    waitingFor: `waiting for ${describeTarget(search)}`,
  })
  if (!done)
    throw missingBranchProblem(search, value, `, and none appeared within ${deadline.seconds} s`)
  return value.owned
}
