import { fieldsOf } from '../../core/fields.ts'
import type { Log } from '../../core/log.ts'
import { optional } from '../../core/optional.ts'
import { nonEmptyString } from '../../core/text.ts'
import { type GitHub, GitHubError } from '../client.ts'
import { UnusableResponseError } from '../errors.ts'
import { classifyHead, headRefOf, type PullRequest, type Repository } from '../pull-request.ts'
import { type ListKind, readPages } from '../read-pages.ts'
import { assertNotIssue } from './issues.ts'

/** The permission that reading pull requests needs. */
const PULLS_READ = 'pull-requests: read'

const STATES = ['open', 'closed']

/** The fields of a pull request in GitHub's responses that this action reads. Only `state` is required. */
export interface PullRequestResponse {
  readonly state: string
  readonly head?: {
    readonly ref?: string
    readonly sha?: string
    readonly repo?: Repository | null
  }
  readonly base?: { readonly ref?: string; readonly repo?: Repository | null }
  /** Read only from a listing. */
  readonly merged_at?: string | null
}

/** An entry of a listing of pull requests. */
export type ListedPullResponse = PullRequestResponse & { readonly number: number }

/** Listings of up to 1,000 pull requests. */
export const PULLS: ListKind<ListedPullResponse> = {
  permission: PULLS_READ,
  maxPages: 10,
  entries: 'pull requests with numbers and states',
  isEntry: (pull) =>
    pull !== null && Number.isSafeInteger(pull.number) && STATES.includes(pull.state),
}

/** Converts GitHub's response to a pull request. */
export const toPullRequest = (
  number: number,
  { state, head, base }: PullRequestResponse,
): PullRequest => ({
  number,
  state: state === 'closed' ? 'closed' : 'open',
  ...classifyHead(head?.repo, base?.repo),
  ...optional('headRef', headRefOf(head?.ref)),
  ...optional('headSha', nonEmptyString(head?.sha)),
})

/**
 * Reads a pull request from GitHub, because the event's payload may be out of date. If the request fails,
 * logs a warning and returns `undefined`. Throws `Problem` if `number` belongs to an issue, and `RunAborted`.
 */
export const fetchPullRequestOrWarn = async (
  github: GitHub,
  number: number,
  log: Log,
): Promise<PullRequest | undefined> => {
  try {
    return await fetchPullRequest(github, number)
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    if (error.status === 404) await assertNotIssue(github, number)
    log.warning(
      `Could not check whether pull request #${number} is still open: ${error.message}. Continuing without this check.`,
    )
    return undefined
  }
}

const isPullRequest = (body: unknown): body is PullRequestResponse =>
  typeof body === 'object' && body !== null && 'state' in body && STATES.includes(`${body.state}`)

/** Reads a pull request. Throws `GitHubError`. */
export const fetchPullRequest = (github: GitHub, number: number): Promise<PullRequest> =>
  github.read(PULLS_READ, `/pulls/${number}`, (body) => {
    if (!isPullRequest(body)) throw new UnusableResponseError('its response names no state')
    return toPullRequest(number, body)
  })

/** A pull request in a listing. */
export interface ListedPullRequest extends PullRequest {
  readonly isMerged: boolean
  /** The git branch that it merges into. */
  readonly baseRef?: string
}

type RefFilter = { readonly head: string } | { readonly base: string }

const toListedPullRequest = (pull: ListedPullResponse): ListedPullRequest => ({
  ...toPullRequest(pull.number, pull),
  isMerged: typeof pull.merged_at === 'string',
  ...optional('baseRef', nonEmptyString(pull.base?.ref)),
})

/** Returns the error for a list of pull requests that cannot be used, for the reason `why`. */
export const unusableListError = (why: string): GitHubError =>
  new GitHubError(new UnusableResponseError(why), PULLS_READ)

/**
 * Lists all or only the open pull requests from a head ref of this repository (not of a fork), or into a base ref.
 * Filters the response again, because a GitHub-compatible server may ignore the filter. Throws `GitHubError` if
 * a request fails or there are more than 1,000.
 */
export const listPullRequests = async (
  github: GitHub,
  filter: RefFilter,
  state: 'open' | 'all',
): Promise<ListedPullRequest[]> => {
  const [owner] = github.repository.split('/')
  const query = 'head' in filter ? { head: `${owner}:${filter.head}` } : filter
  const { items, isComplete } = await readPages(github, PULLS, (octokit, options) =>
    octokit.rest.pulls.list({ ...options, ...query, state }),
  )
  if (isComplete)
    return items
      .map(toListedPullRequest)
      .filter((pull) =>
        'head' in filter
          ? pull.headRef === filter.head && !pull.isFork
          : pull.baseRef === filter.base,
      )
  throw unusableListError('it lists more than 1,000 pull requests')
}

/** The state of a pull request, for a sweep. */
export interface PullRequestState {
  readonly state: 'open' | 'closed'
  /** Empty if unknown. */
  readonly headRef: string
}

/**
 * The state of a head ref of this repository. `open`: a pull request is open. `long-lived`: all are closed, but
 * an earlier one was merged or the git branch still exists, as `develop` does. `closed`: all are closed, and
 * neither is the case. `unknown`: the response does not show it.
 */
export type RefState = 'open' | 'closed' | 'long-lived' | 'unknown'

/** The number of pull requests or head refs in one GraphQL query. */
const BATCH_SIZE = 100

interface PullNode {
  readonly number: number
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED'
  readonly headRefName?: string
  readonly isCrossRepository?: boolean
  readonly headRef?: { readonly name: string } | null
}

type PullNodes = readonly (PullNode | null)[]

/** The fields of a repository in a GraphQL response, by alias. */
type RepositoryFields = Record<string, PullNode | { readonly nodes: PullNodes } | null>

const inBatches = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / BATCH_SIZE) }, (_, index) =>
    items.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE),
  )

/** Returns `open` unless the pull request is clearly closed: an unknown state counts as open. */
const stateOf = ({ state }: PullNode): 'open' | 'closed' =>
  ['CLOSED', 'MERGED'].includes(state) ? 'closed' : 'open'

/**
 * Returns the data of a response whose only errors are unknown pull request numbers. Throws every other
 * error. A missing permission becomes a 403, because GitHub answers 200 with FORBIDDEN in the body.
 */
const ignoreUnknownNumbers = (error: unknown): RepositoryFields => {
  const { data, errors = [] } = error as {
    data?: { repository?: RepositoryFields | null }
    errors?: readonly { type?: string; message?: string; path?: readonly unknown[] }[]
  }
  const isOnlyUnknown =
    errors.length > 0 &&
    errors.every(({ type, path = [] }) => type === 'NOT_FOUND' && /^n\d+$/.test(`${path[1]}`))
  if (isOnlyUnknown && data?.repository) return data.repository
  const forbidden = errors.find(({ type }) => type === 'FORBIDDEN')
  throw forbidden
    ? Object.assign(new Error(forbidden.message ?? 'Forbidden'), { status: 403 })
    : error
}

const queryRepository = async (
  github: GitHub,
  fields: readonly string[],
  variables: object,
): Promise<RepositoryFields> =>
  github.call(PULLS_READ, async (octokit, { owner, repo, request }) => {
    const declarations = Object.keys(variables).map((name) => `, $${name}: String!`)
    const query = `query ($owner: String!, $repo: String!${declarations.join('')}) { repository(owner: $owner, name: $repo) { ${fields.join(' ')} } }`
    try {
      const response = await octokit.graphql<{ repository: RepositoryFields }>(query, {
        owner,
        repo,
        request,
        ...variables,
      })
      if (response.repository) return response.repository
      throw new UnusableResponseError('its response names no repository')
    } catch (error) {
      return ignoreUnknownNumbers(error)
    }
  })

const isPull = (node: RepositoryFields[string] | undefined): node is PullNode =>
  typeof node === 'object' && node !== null && 'state' in node

/** Returns the pull requests of a listing, including those from forks, or `undefined` if the field is not one. */
const nodesOf = (field: unknown): PullNodes | undefined => {
  const { nodes } = fieldsOf(field)
  return Array.isArray(nodes) ? nodes : undefined
}

/** Returns whether a pull request does not come from a fork, whose git branch may have the same name. */
const isOwn = (pull: PullNode | null): pull is PullNode => !!pull && !pull.isCrossRepository

/** The number of pull requests to read for one head ref. */
const PULLS_PER_REF = 50

const refFields = (index: number): string[] => [
  `o${index}: pullRequests(headRefName: $r${index}, states: OPEN, first: ${PULLS_PER_REF}) { nodes { number state isCrossRepository } }`,
  `r${index}: pullRequests(headRefName: $r${index}, first: ${PULLS_PER_REF}, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { number state isCrossRepository headRef { name } } }`,
]

/**
 * Reads the states of many pull requests, 100 per request. Omits numbers that GitHub does not know. Throws
 * `GitHubError`.
 */
export const readPullRequestStates = async (
  github: GitHub,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, PullRequestState>> => {
  const byNumber = new Map<number, PullRequestState>()
  for (const batch of inBatches(numbers)) {
    const fields = batch.map(
      (number) => `n${number}: pullRequest(number: ${number}) { state headRefName }`,
    )
    for (const [alias, node] of Object.entries(await queryRepository(github, fields, {}))) {
      if (!isPull(node)) continue
      const headRef = nonEmptyString(node.headRefName) ?? ''
      byNumber.set(Number(alias.slice(1)), { state: stateOf(node), headRef })
    }
  }
  return byNumber
}

const toRefState = (open: PullNodes | undefined, all: PullNodes | undefined): RefState => {
  if (!open || !all) return 'unknown'
  const newestFirst = all.filter(isOwn)
  if ([...open.filter(isOwn), ...newestFirst].some((pull) => stateOf(pull) === 'open'))
    return 'open'
  // An open pull request of this repository may follow those of forks.
  if (open.length >= PULLS_PER_REF) return 'unknown'
  const [newest, ...earlier] = newestFirst
  if (!newest) return 'unknown'
  if (newestFirst.some((pull) => pull.isCrossRepository !== false)) return 'unknown'
  const isGone = newestFirst.every((pull) => pull.headRef === null)
  const isReused = all.length >= PULLS_PER_REF || earlier.some(({ state }) => state === 'MERGED')
  return isGone && !isReused ? 'closed' : 'long-lived'
}

const readRefBatch = async (
  github: GitHub,
  refs: readonly string[],
): Promise<[string, RefState][]> => {
  const variables = Object.fromEntries(refs.map((ref, index) => [`r${index}`, ref]))
  const fields = refs.flatMap((_, index) => refFields(index))
  const response = await queryRepository(github, fields, variables)
  return refs.map((ref, index) => [
    ref,
    toRefState(nodesOf(response[`o${index}`]), nodesOf(response[`r${index}`])),
  ])
}

/**
 * Reads the states of many head refs of this repository, 100 per request. Checking whether a git branch
 * still exists may need `contents: read`. Throws `GitHubError`.
 */
export const readHeadRefStates = async (
  github: GitHub,
  refs: readonly string[],
): Promise<ReadonlyMap<string, RefState>> => {
  const byRef = new Map<string, RefState>()
  for (const batch of inBatches(refs)) {
    for (const [ref, state] of await readRefBatch(github, batch)) byRef.set(ref, state)
  }
  return byRef
}
