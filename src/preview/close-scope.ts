import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import { type GitHub, GitHubError } from '../github/client.ts'
import {
  fetchPullRequest,
  type ListedPullRequest,
  listPullRequests,
  readHeadRefStates,
  unusableListError,
} from '../github/endpoints/pull-requests.ts'
import { readDefaultBranch, readGitBranch } from '../github/endpoints/repositories.ts'
import { formatBranch, type OwnedBranch } from './branch-ownership.ts'

/** How much of a branch's auth a close may remove. */
export type CloseScope =
  | { readonly scope: 'branch' }
  /** Only this pull request's domains, because something else still needs the branch. `why` is a clause. */
  | { readonly scope: 'domains'; readonly why: string }

const WHOLE_BRANCH: CloseScope = { scope: 'branch' }

const domainsOnly = (why: string): CloseScope => ({ scope: 'domains', why })

/** Facts that show whether a git branch is long-lived. */
interface RefFacts {
  readonly ref: string
  readonly defaultBranch: string
  readonly gitBranchState: 'protected' | 'unprotected' | 'gone'
  /** The open pull requests whose base is `ref`. */
  readonly pullsIntoRef: readonly { readonly number: number }[]
}

/**
 * Returns why a git branch such as `develop` outlives pull request `number`, or `undefined` if it does not.
 * `pullsWithHead` are all pull requests of this repository with that head. Pure.
 */
const whyLongLived = (
  { ref, defaultBranch, gitBranchState, pullsIntoRef }: RefFacts,
  pullsWithHead: readonly ListedPullRequest[],
  number: number | undefined,
): string | undefined => {
  const merged = pullsWithHead.find((pull) => pull.isMerged && pull.number !== number)
  if (ref === defaultBranch) return "it is the repository's default branch"
  if (gitBranchState === 'protected') return 'it is a protected branch'
  if (pullsIntoRef[0]) return `it is the base of the open pull request #${pullsIntoRef[0].number}`
  if (merged) return `it was the head of pull request #${merged.number}, which was merged earlier`
  return undefined
}

/** Returns why other pull requests still need the branch of `number`, or `undefined` if none does. Pure. */
const whyShared = (
  pullsWithHead: readonly ListedPullRequest[],
  number: number | undefined,
): string | undefined => {
  const open = pullsWithHead.filter((pull) => pull.state === 'open' && pull.number !== number)
  if (open.length === 0) return undefined
  const names = open.map((pull) => `#${pull.number}`).join(', ')
  return open.length > 1
    ? `pull requests ${names} have the same head, are open, and use this branch too`
    : `pull request ${names} has the same head, is open, and uses this branch too`
}

const ownersUnknownProblem = (
  owned: OwnedBranch,
  response: string | undefined,
  fix: string,
): Problem =>
  new Problem({
    what: `The run stopped: the branch ${formatBranch(owned.branch)} may belong to other open pull requests, and this run could not check that.`,
    ...(response && { response }),
    fix,
  })

const readRefFacts = async (github: GitHub, ref: string): Promise<RefFacts> => {
  const [defaultBranch, gitBranchState, pullsIntoRef] = await Promise.all([
    readDefaultBranch(github),
    readGitBranch(github, ref),
    listPullRequests(github, { base: ref }, 'open'),
  ])
  return { ref, defaultBranch, gitBranchState, pullsIntoRef }
}

/** The pull request that a run closes, as far as it is known. */
export interface ClosingPullRequest {
  readonly number?: number | undefined
  readonly headRef?: string
  /** `false` for a fork, whose pull requests are in no list of this repository's. */
  readonly isSameRepository?: boolean
}

/**
 * Lists all pull requests with the head `ref`. If the list lacks `pull` although it has that head, other pull requests may
 * be missing too. Then throws `GitHubError`, unless another query shows that all are closed and the git branch is gone.
 */
const listPullsWithHead = async (
  github: GitHub,
  ref: string,
  { number, headRef, isSameRepository }: ClosingPullRequest,
): Promise<ListedPullRequest[]> => {
  const pulls = await listPullRequests(github, { head: ref }, 'all')
  const isExpected = number !== undefined && headRef === ref && isSameRepository === true
  if (!isExpected || pulls.some((pull) => pull.number === number)) return pulls
  if ((await readHeadRefStates(github, [ref])).get(ref) === 'closed') return pulls
  throw unusableListError(`its list of the pull requests from ${oneLine(ref, 80)} lacks #${number}`)
}

const sharedScope = async (
  github: GitHub,
  ref: string,
  pull: ClosingPullRequest,
  by: OwnedBranch['by'],
): Promise<CloseScope> => {
  const { number } = pull
  const [pullsWithHead, facts] = await Promise.all([
    listPullsWithHead(github, ref, pull),
    // An annotation names the pull request itself, so it does not matter whether the ref is long-lived.
    by === 'ref' ? readRefFacts(github, ref) : undefined,
  ])
  const shared = whyShared(pullsWithHead, number)
  if (shared !== undefined) return domainsOnly(shared)
  const longLived = facts && whyLongLived(facts, pullsWithHead, number)
  return longLived === undefined
    ? WHOLE_BRANCH
    : domainsOnly(`the git branch ${oneLine(ref, 80)} is long-lived: ${longLived}`)
}

/** Returns whether other pull requests may own a branch. Pure. */
export const isShared = ({ sharedRef, otherNumbers = [] }: OwnedBranch): boolean =>
  sharedRef !== undefined || otherNumbers.length > 0

/**
 * Returns how much of the auth on `owned` the close of `pull` may remove. Sends no request for
 * a branch that only this pull request can own, or that the user named. Throws {@link Problem} if the other
 * owners cannot be looked up on GitHub.
 */
export const closeScope = async (
  owned: OwnedBranch,
  pull: ClosingPullRequest,
  github: GitHub | undefined,
): Promise<CloseScope> => {
  const { by, sharedRef, otherNumbers = [] } = owned
  if (!isShared(owned)) return WHOLE_BRANCH
  const permissionsFix =
    'add `permissions: pull-requests: read` and `contents: read` to the job, or set `branch`'
  if (!github)
    throw ownersUnknownProblem(owned, undefined, `pass \`github_token\`, and ${permissionsFix}`)
  try {
    const others = await Promise.all(otherNumbers.map((other) => fetchPullRequest(github, other)))
    const open = others.find(({ state }) => state === 'open')
    if (open)
      return domainsOnly(
        `the branch's annotation or name points to pull request #${open.number}, which is open`,
      )
    if (sharedRef === undefined) return WHOLE_BRANCH
    return await sharedScope(github, sharedRef, pull, by)
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    const retryFix = error.isPermanent ? 'set `branch`' : 'run the job again, or set `branch`'
    const fix = error.mayLackPermission ? permissionsFix : retryFix
    throw ownersUnknownProblem(owned, `GitHub: ${error.message}`, fix)
  }
}
