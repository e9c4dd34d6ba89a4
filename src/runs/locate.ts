import type { Target } from '../action/intent.ts'
import { Problem } from '../core/problem.ts'
import { GitHubError } from '../github/client.ts'
import type { PullRequest } from '../github/pull-request.ts'
import { fetchPullRequest } from '../github/read-pull-requests.ts'
import { parseBranchName } from '../preview/branch-names.ts'
import type { OwnedBranch } from '../preview/branch-ownership.ts'
import {
  type BranchSearch,
  findBranch,
  type SearchResult,
  waitForBranch,
} from '../preview/find-branch.ts'
import type { RunContext } from './context.ts'
import { isClosed, lookUpPullRequest } from './pull-request-state.ts'

const knowsItsBranch = ({ branch, pullRequest }: Target): boolean =>
  branch !== undefined || pullRequest !== undefined

/** Returns the target with its pull request from GitHub if the event does not contain the head commit. */
export const withHeadCommit = async (target: Target, run: RunContext): Promise<Target> => {
  if (!run.inputs.discoverDomains || target.pullRequest?.headSha) return target
  const asked = await lookUpPullRequest(target, run)
  return asked ? { ...target, pullRequest: asked } : target
}

/** The result of looking up a pull request on GitHub. */
interface PullRequestLookup {
  /** Absent if GitHub did not answer. */
  readonly pull?: PullRequest
  /** Why GitHub did not answer. */
  readonly refused?: string
}

const notAPullRequest = (number: number): Problem =>
  new Problem({
    what: `GitHub knows no pull request #${number} in this repository.`,
    why: 'the number belongs to an issue, or to a pull request of another repository',
    fix: 'pass the number of a pull request as `pr_number`',
  })

/** Looks up a pull request that is known only by its number. */
const lookUpByNumber = async (
  number: number,
  { github }: RunContext,
): Promise<PullRequestLookup> => {
  if (!github) return { refused: 'there is no `github_token`' }
  try {
    return { pull: await fetchPullRequest(github, number) }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    if (error.status === 404) throw notAPullRequest(number)
    return { refused: error.message }
  }
}

const searchOf = (
  { branch, pullRequest, prNumber = 0 }: Target,
  asked: PullRequest | undefined,
  { event }: RunContext,
): BranchSearch => {
  if (branch !== undefined) return { named: branch }
  // A pull request known only by number may come from a fork, whose head ref names no Neon branch.
  const byNumber = { number: prNumber, sameRepository: false }
  return { pull: pullRequest ?? asked ?? byNumber, repository: event.repository }
}

/** The result of looking for a branch once. */
export interface LocatedBranch {
  readonly search: BranchSearch
  readonly found: SearchResult
  /** The pull request, as far as it is known. */
  readonly pull?: PullRequest
}

const headUnknown = (number: number, refused: string): Problem =>
  new Problem({
    what: `Nothing was changed: the branch of pull request #${number} could not be determined, because its head ref is unknown.`,
    response: `GitHub: ${refused}`,
    why: 'the run knows only the number, and the branch may be named after the head ref',
    fix: 'give the job `permissions: pull-requests: read` and pass `github_token`, or name the branch with the input `branch`',
  })

/** Whether another branch may belong to pull request `number`, whose head ref is unknown. */
const hasOtherCandidates = ({ owned, listed }: SearchResult, number: number): boolean =>
  listed.some(({ id, name }) => {
    const claim = parseBranchName(name)
    return id !== owned?.branch.id && claim?.by === 'number' && claim.number === number
  })

/** Whether the branch is the one of pull request `number`, whatever its head ref is. */
const isCertain = (found: SearchResult, number: number): boolean =>
  found.owned?.by === 'annotation' ||
  (found.owned !== undefined && !hasOtherCandidates(found, number))

/**
 * Looks once for the target's branch. Throws {@link Problem} if several branches are possible and GitHub
 * does not return the head ref of the pull request.
 */
export const locate = async (target: Target, run: RunContext): Promise<LocatedBranch> => {
  const { prNumber } = target
  const isKnown = knowsItsBranch(target) || prNumber === undefined
  const asked: PullRequestLookup = isKnown ? {} : await lookUpByNumber(prNumber, run)
  const pull = target.pullRequest ?? asked.pull
  const search = searchOf(target, asked.pull, run)
  const query = 'named' in search ? { search: search.named } : {}
  const found = await findBranch(search, run, query)
  if (asked.refused !== undefined && prNumber !== undefined && !isCertain(found, prNumber))
    throw headUnknown(prNumber, asked.refused)
  return { search, found, ...(pull && { pull }) }
}

/**
 * Finds the branch to enable auth on, and waits for it if it does not exist yet. `undefined` if GitHub
 * says, now or while the run waits, that the pull request is closed: a late run never resurrects.
 * Throws {@link Problem} if several may be meant, because GitHub does not tell the head ref.
 */
export const locateForEnabling = async (
  target: Target,
  run: RunContext,
): Promise<OwnedBranch | undefined> => {
  const isKnown = knowsItsBranch(target)
  const asking = isKnown ? undefined : lookUpPullRequest(target, run)
  const search = searchOf(target, await asking, run)
  const query = 'named' in search ? { search: search.named } : {}
  // In parallel, because the event's payload usually identifies the branch. Neon is asked first.
  const [found, asked] = await Promise.all([
    findBranch(search, run, query),
    asking ?? lookUpPullRequest(target, run),
  ])
  if (asked?.state === 'closed') return undefined
  const isHeadUnknown = !asked && !knowsItsBranch(target)
  if (isHeadUnknown && found.owned && !isCertain(found, target.prNumber ?? 0))
    throw headUnknown(
      target.prNumber ?? 0,
      run.github ? 'it did not tell, see the warning' : 'there is no `github_token`',
    )
  return found.owned ?? waitForBranch(search, run, () => isClosed(target, run))
}
