import type { Target } from '../action/intent.ts'
import { Problem } from '../core/problem.ts'
import { GitHubError } from '../github/client.ts'
import { fetchPullRequest } from '../github/endpoints/pull-requests.ts'
import type { PullRequest } from '../github/pull-request.ts'
import { type FoundBranch, listAllBranches } from '../neon/branches.ts'
import { parseBranchName } from '../preview/branch-names.ts'
import type { OwnedBranch } from '../preview/branch-ownership.ts'
import {
  type BranchSearch,
  findBranch,
  missingBranchProblem,
  type SearchResult,
  waitForBranch,
} from '../preview/find-branch.ts'
import { type RunContext, selectBranch } from './context.ts'
import { isClosed, lookUpPullRequest } from './pull-request-state.ts'

const hasBranchOrHeadRef = ({ branch, pullRequest }: Target): boolean =>
  branch !== undefined || pullRequest !== undefined

/** Returns the target. If `discover_domains` needs the head commit, adds the pull request from GitHub. */
export const withHeadCommit = async (target: Target, run: RunContext): Promise<Target> => {
  if (!run.inputs.discoverDomains || target.pullRequest?.headSha) return target
  const pullRequest = await lookUpPullRequest(target, run)
  return pullRequest ? { ...target, pullRequest } : target
}

/** The result of a lookup of a pull request on GitHub. */
interface PullRequestLookup {
  /** Absent if the lookup failed. */
  readonly pull?: PullRequest
  /** Why the lookup failed, as a sentence. */
  readonly failure?: string
}

const NO_TOKEN = 'There is no `github_token`, so the run cannot call the GitHub API.'

const notAPullRequestProblem = (number: number): Problem =>
  new Problem({
    what: `GitHub knows no pull request #${number} in this repository.`,
    why: 'the number belongs to an issue, or to a pull request of another repository',
    fix: 'pass the number of a pull request as `pr_number`',
  })

/** Looks up a pull request that is known only by its number. Throws `Problem` if it does not exist. */
const lookUpByNumber = async (
  number: number,
  { github }: RunContext,
): Promise<PullRequestLookup> => {
  if (!github) return { failure: NO_TOKEN }
  try {
    return { pull: await fetchPullRequest(github, number) }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    if (error.status === 404) throw notAPullRequestProblem(number)
    return { failure: `GitHub: ${error.message}` }
  }
}

const toSearch = (
  { branch, pullRequest, prNumber = 0 }: Target,
  fetched: PullRequest | undefined,
  { event }: RunContext,
): BranchSearch => {
  if (branch !== undefined) return { named: branch }
  // A pull request known only by number may come from a fork, whose head ref names no Neon branch.
  const numberOnly = { number: prNumber, isSameRepository: false }
  return { pull: pullRequest ?? fetched ?? numberOnly, repository: event.repository }
}

const findOnce = (search: BranchSearch, run: RunContext): Promise<SearchResult> =>
  findBranch(search, run, 'named' in search ? { search: search.named } : {})

/** The result of one search for a branch. */
export interface LocatedBranch {
  readonly search: BranchSearch
  readonly found: SearchResult
  /** The pull request, as far as it is known. */
  readonly pull?: PullRequest
}

const headUnknownProblem = (number: number, failure: string): Problem =>
  new Problem({
    what: `Nothing was changed: the branch of pull request #${number} could not be determined, because its head ref is unknown.`,
    response: failure,
    why: 'the run knows only the number, and the branch may be named after the head ref',
    fix: 'give the job `permissions: pull-requests: read` and pass `github_token`, or set `branch` to the branch of the pull request',
  })

/** Returns whether another branch may belong to pull request `number`, whose head ref is unknown. */
const hasOtherCandidates = ({ owned, listed }: SearchResult, number: number): boolean =>
  listed.some(({ id, name }) => {
    const claim = parseBranchName(name)
    return id !== owned?.branch.id && claim?.by === 'number' && claim.number === number
  })

/** Returns whether the branch belongs to pull request `number`, regardless of its head ref. */
const isUnambiguous = (found: SearchResult, number: number): boolean =>
  found.owned?.by === 'annotation' ||
  (found.owned !== undefined && !hasOtherCandidates(found, number))

/**
 * Looks once for the target's branch. Throws {@link Problem} if the pull request does not exist, or if its head ref
 * is unknown and the number alone does not determine the branch.
 */
export const locate = async (target: Target, run: RunContext): Promise<LocatedBranch> => {
  const { prNumber } = target
  const needsLookup = !hasBranchOrHeadRef(target) && prNumber !== undefined
  const lookup: PullRequestLookup = needsLookup ? await lookUpByNumber(prNumber, run) : {}
  const pull = target.pullRequest ?? lookup.pull
  const search = toSearch(target, lookup.pull, run)
  const found = await findOnce(search, run)
  if (lookup.failure !== undefined && prNumber !== undefined && !isUnambiguous(found, prNumber))
    throw headUnknownProblem(prNumber, lookup.failure)
  return { search, found, ...(pull && { pull }) }
}

/** Returns the target's branch and selects it for the run. Throws {@link Problem} if it does not exist. */
export const locateExisting = async (target: Target, run: RunContext): Promise<FoundBranch> => {
  const { search, found } = await locate(target, run)
  if (!found.owned) {
    const { branches } = await listAllBranches(run.neon)
    throw missingBranchProblem(search, { ...found, listed: branches })
  }
  const { branch } = found.owned
  selectBranch(branch, run)
  return branch
}

/**
 * Returns the branch to enable auth on. Waits for it if it does not exist yet. Returns `undefined` if the
 * pull request is closed before or during the wait (rule: never resurrect). Throws {@link Problem} if none appears,
 * or if several branches are possible because the head ref is unknown.
 */
export const locateForEnabling = async (
  target: Target,
  run: RunContext,
): Promise<OwnedBranch | undefined> => {
  const isIdentified = hasBranchOrHeadRef(target)
  const lookup = isIdentified ? undefined : lookUpPullRequest(target, run)
  const lookedUp = await lookup
  if (lookedUp?.state === 'closed') return undefined
  const search = toSearch(target, lookedUp, run)
  // The event usually identifies the branch. The run then sends both requests at once, Neon's first.
  const searching = findOnce(search, run)
  // If the pull request is closed, the search no longer matters.
  searching.catch(() => {})
  const pull = await (lookup ?? lookUpPullRequest(target, run))
  if (pull?.state === 'closed') return undefined
  const found = await searching
  const isHeadUnknown = !pull && !isIdentified
  if (isHeadUnknown && found.owned && !isUnambiguous(found, target.prNumber ?? 0))
    throw headUnknownProblem(
      target.prNumber ?? 0,
      run.github ? 'The request to GitHub failed. See the warning.' : NO_TOKEN,
    )
  return found.owned ?? waitForBranch(search, run, () => isClosed(target, run))
}
