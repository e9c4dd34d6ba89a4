import type { Branch } from '@neon/sdk/raw'
import { closest, distance } from 'fastest-levenshtein'
import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { GitHub } from '../github/client.ts'
import { resolveRepository } from '../github/repositories.ts'
import { type BranchQuery, listAllBranches } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import { withContext } from '../neon/errors.ts'
import { pollUntil } from '../network/poll.ts'
import { branchNames, type NamedPullRequest } from './branch-names.ts'
import {
  branchByInput,
  conflictProblem,
  decideOwnership,
  type OwnedBranch,
  type OwnershipConflict,
  type RepositoryCheck,
  repositoriesToResolve,
  sameName,
  undecidedBranch,
} from './branch-ownership.ts'

/** The branch to find: the one in the input `branch`, or a pull request's. */
export type BranchSearch =
  | { readonly named: string }
  | { readonly pull: NamedPullRequest; readonly repository: string }

/** The dependencies of the search. */
export interface FindContext {
  readonly neon: NeonClient
  /** Resolves a renamed repository. Absent without a token. */
  readonly github: GitHub | undefined
  readonly deadline: Deadline
  readonly log: Log
}

/** The result of one search. */
export interface Found {
  readonly owned?: OwnedBranch
  /** No branch is owned, but this one may be: GitHub could not tell. */
  readonly undecided?: OwnershipConflict
  /** All listed branches, for the error if the branch is missing. */
  readonly seen: readonly Branch[]
}

const describe = (search: BranchSearch): string =>
  'named' in search
    ? `the branch ${oneLine(search.named, 100)}`
    : `the branch of pull request #${search.pull.number}`

/**
 * Returns a check for whether an annotated repository is `repository`. GitHub resolves
 * `names`, because a repository may have been renamed since a branch was annotated.
 */
export const checkRepositories = async (
  repository: string,
  names: readonly string[],
  github: GitHub | undefined,
): Promise<RepositoryCheck> => {
  const resolve = async (name: string) =>
    [name.toLowerCase(), github ? await resolveRepository(github, name) : 'unknown'] as const
  const resolved = new Map(await Promise.all(names.map(resolve)))
  return (name) =>
    sameName(name, repository) ? 'this' : (resolved.get(name.toLowerCase()) ?? 'unknown')
}

/**
 * Searches once for a branch. Names and annotations match exactly. Throws {@link Problem} for two
 * branches that match equally, for a name that contradicts an annotation, and if Neon refuses.
 */
export const findBranch = async (
  search: BranchSearch,
  { neon, github }: Pick<FindContext, 'neon' | 'github'>,
  query: BranchQuery = {},
): Promise<Found> =>
  withContext(
    `Could not look for ${describe(search)} in the Neon project ${neon.projectId}.`,
    async () => {
      const listing = await listAllBranches(neon, query)
      const seen = listing.branches
      if ('named' in search) {
        const owned = branchByInput(search.named, listing)
        return { seen, ...(owned && { owned }) }
      }
      const names = repositoriesToResolve(search, listing)
      const isThisRepository = await checkRepositories(search.repository, names, github)
      const claimant = { ...search, isThisRepository }
      const decided = decideOwnership(claimant, listing)
      const undecided = decided ? undefined : undecidedBranch(claimant, listing)
      if (!decided) return { seen, ...(undecided && { undecided }) }
      if ('conflict' in decided) throw conflictProblem(search, decided.conflict)
      return { seen, owned: decided }
    },
  )

const NEAREST = 5

/** Returns the branch names that are most similar to the ones searched for. */
const nearestNames = (search: BranchSearch, seen: readonly Branch[]): string[] => {
  const tried = namesTried(search)
  const names = seen.map(({ name }) => name)
  const far = (name: string): number => distance(name, closest(name, tried))
  return names.sort((a, b) => far(a) - far(b)).slice(0, NEAREST)
}

const namesTried = (search: BranchSearch): string[] =>
  'named' in search ? [search.named] : branchNames(search.pull).map(({ name }) => name)

/** Returns the names searched for and the nearest ones, for the error if the branch is missing. */
export const describeSearch = (search: BranchSearch, seen: readonly Branch[]): string => {
  const annotation = 'named' in search ? '' : 'a branch annotated with its number; '
  const tried = namesTried(search).map((name) => oneLine(name, 100))
  const near = nearestNames(search, seen).map((name) => oneLine(name, 100))
  return `Looked for: ${annotation}${tried.join(', ')}\nNearest of the ${seen.length} branches there: ${near.join(', ') || '(none)'}`
}

/** Returns the error for a missing branch. `waited` completes its first sentence. */
export const missingBranch = (
  search: BranchSearch,
  seen: readonly Branch[],
  waited = '',
): Problem =>
  new Problem({
    what: `The Neon project has no branch for this run${waited}.`,
    response: describeSearch(search, seen),
    why: 'the step that creates the branch did not run before this one, or it uses another name',
    fix: 'create the branch first (neondatabase/create-branch-action), or set `branch` to its name or ID',
  })

/** Returns whether a text has the form of a Neon branch ID. An ID that does not exist never appears later. */
const isBranchId = (text: string): boolean => /^br-[a-z0-9]+-[a-z0-9]+-[a-z0-9]+$/.test(text)

/**
 * Waits for a branch that another job or Neon's Vercel integration may still be creating, until the
 * deadline. Calls `giveUp` with each search, and returns `undefined` once it returns `true`. Throws
 * {@link Problem} with the names tried and the nearest names found.
 */
export const waitForBranch = async (
  search: BranchSearch,
  context: FindContext,
  giveUp: () => Promise<boolean>,
): Promise<OwnedBranch | undefined> => {
  const { deadline, log } = context
  const mayAppear = !('named' in search && isBranchId(search.named))
  if (mayAppear) log.info(`Waiting for ${describe(search)} (at most ${deadline.seconds} s).`)
  const { done, value } = await pollUntil({
    attempt: async () => {
      // Lists all branches rather than searching, because the message names the nearest ones.
      const [isOver, { owned, seen }] = await Promise.all([giveUp(), findBranch(search, context)])
      if (!isOver && !owned && !mayAppear) throw missingBranch(search, seen)
      return {
        done: isOver || owned !== undefined,
        value: { owned: isOver ? undefined : owned, seen },
        failure: `${describe(search)} was not in the list`,
      }
    },
    deadline,
    waitingFor: `waiting for ${describe(search)}`,
  })
  if (!done)
    throw missingBranch(search, value.seen, `, and none appeared within ${deadline.seconds} s`)
  return value.owned
}
