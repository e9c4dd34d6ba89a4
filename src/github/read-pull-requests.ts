import type { Log } from '../core/log.ts'
import { given } from '../core/optional.ts'
import { nonEmptyString } from '../core/text.ts'
import { assertNoIssue } from './assert-no-issue.ts'
import { type GitHub, GitHubError } from './client.ts'
import type { Page } from './next-page.ts'
import { headRefOf, originOfHead, type PullRequest, type Repository } from './pull-request.ts'
import { type Octokit, type PageOptions, readPages } from './read-pages.ts'

const PERMISSION = 'pull-requests: read'

const STATES = ['open', 'closed']

/** The fields of GitHub's response that this action reads. Only `state` is required. */
export interface PullRequestResponse {
  readonly state: string
  readonly head?: {
    readonly ref?: string
    readonly sha?: string
    readonly repo?: Repository | null
  }
  readonly base?: { readonly repo?: Repository | null }
}

/** Converts GitHub's response to a pull request. */
export const toPullRequest = (
  number: number,
  { state, head, base }: PullRequestResponse,
): PullRequest => ({
  number,
  state: state === 'closed' ? 'closed' : 'open',
  ...originOfHead(head?.repo, base?.repo),
  ...given('headRef', headRefOf(head?.ref)),
  ...given('headSha', nonEmptyString(head?.sha)),
})

/**
 * Reads a pull request from GitHub, because the event's payload may be out of date. If the request
 * fails, logs a warning and returns `undefined`. Throws `Problem` if `number` belongs to an issue, and
 * `RunAborted`.
 */
export const readPullRequest = async (
  github: GitHub,
  number: number,
  log: Log,
): Promise<PullRequest | undefined> => {
  try {
    return await fetchPullRequest(github, number)
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    if (error.status === 404) await assertNoIssue(github, number)
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
  github.read(PERMISSION, `/pulls/${number}`, (body) => {
    if (!isPullRequest(body)) throw new Error('its response names no state')
    return toPullRequest(number, body)
  })

/** The page limit of one list: 1,000 pull requests of one head or base. */
const MAX_PAGES = 10

/** A pull request in a listing. */
export interface ListedPullRequest extends PullRequest {
  readonly isMerged: boolean
  /** The branch that it merges into. */
  readonly baseRef?: string
}

type Filter = { readonly head: string } | { readonly base: string }

const fetchPage =
  (github: GitHub, filter: Filter, state: 'open' | 'all') =>
  async (octokit: Octokit, options: PageOptions): Promise<Page<ListedPullRequest>> => {
    const [owner] = github.repository.split('/')
    const query = 'head' in filter ? { head: `${owner}:${filter.head}` } : filter
    const { data, headers } = await octokit.rest.pulls.list({ ...options, ...query, state })
    const isValid = (pull: { number: unknown; state: string }): boolean =>
      Number.isSafeInteger(pull?.number) && STATES.includes(pull.state)
    if (!Array.isArray(data) || !data.every(isValid))
      throw new Error('its response is not a list of pull requests with numbers and states')
    const pulls = data.map((pull) => ({
      ...toPullRequest(pull.number, pull),
      isMerged: typeof pull.merged_at === 'string',
      ...given('baseRef', nonEmptyString(pull.base?.ref)),
    }))
    return { data: pulls, headers }
  }

/**
 * Lists the pull requests with a head ref in this repository (not in forks), or into a base
 * ref, across all pages. Applies the filter here too, because GitHub ignores a filter that it does not
 * support. Throws `GitHubError`, also if there are more than 1,000.
 */
export const listPullRequests = async (
  github: GitHub,
  filter: Filter,
  state: 'open' | 'all',
): Promise<ListedPullRequest[]> => {
  const { items, isComplete } = await readPages(
    github,
    PERMISSION,
    MAX_PAGES,
    fetchPage(github, filter, state),
  )
  if (isComplete)
    return items.filter((pull) =>
      'head' in filter ? pull.headRef === filter.head && !pull.fork : pull.baseRef === filter.base,
    )
  throw new GitHubError(new Error('it lists more than 1,000 pull requests'), PERMISSION)
}

/** The state of a pull request, for a sweep. */
export interface PullRequestState {
  readonly state: 'open' | 'closed'
  readonly headRef: string
}

/**
 * What GitHub knows about a head ref of this repository. `closed`: all of its pull requests are closed
 * and the git branch is gone. `long-lived`: the same, but an earlier one was merged, or the git branch
 * still exists, as `develop` does. `unknown`: GitHub could not tell.
 */
export type RefState = 'open' | 'closed' | 'long-lived' | 'unknown'

/** How many pull requests one GraphQL query reads. */
const BATCH = 100

interface PullNode {
  readonly number: number
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED'
  readonly headRefName?: string
  readonly isCrossRepository?: boolean
  readonly headRef?: { readonly name: string } | null
}

type Batch = Record<string, PullNode | { readonly nodes: readonly (PullNode | null)[] } | null>

const inBatches = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  )

/** Returns `open` for every state that is not clearly closed, including unknown ones. */
const stateOf = ({ state }: PullNode): 'open' | 'closed' =>
  ['CLOSED', 'MERGED'].includes(state) ? 'closed' : 'open'

/**
 * Returns the data of a response whose only errors are numbers that are not pull requests. Throws every
 * other error. Without permission, GitHub responds with 200 and FORBIDDEN in the body.
 */
const partial = (error: unknown): Batch => {
  const { data, errors = [] } = error as {
    data?: { repository?: Batch | null }
    errors?: readonly { type?: string; message?: string }[]
  }
  const unknownOnly = errors.length > 0 && errors.every(({ type }) => type === 'NOT_FOUND')
  if (unknownOnly && data?.repository) return data.repository
  const forbidden = errors.find(({ type }) => type === 'FORBIDDEN')
  throw forbidden
    ? Object.assign(new Error(forbidden.message ?? 'Forbidden'), { status: 403 })
    : error
}

const query = async (
  github: GitHub,
  fields: readonly string[],
  variables: object,
): Promise<Batch> =>
  github.call(PERMISSION, async (octokit, { owner, repo, request }) => {
    const names = Object.keys(variables).map((name) => `, $${name}: String!`)
    const text = `query ($owner: String!, $repo: String!${names.join('')}) { repository(owner: $owner, name: $repo) { ${fields.join(' ')} } }`
    try {
      const response = await octokit.graphql<{ repository: Batch }>(text, {
        owner,
        repo,
        request,
        ...variables,
      })
      if (response.repository) return response.repository
      throw new Error('its response names no repository')
    } catch (error) {
      return partial(error)
    }
  })

const isPull = (node: Batch[string] | undefined): node is PullNode =>
  typeof node === 'object' && node !== null && 'state' in node

/** Returns the pull requests that are not from forks, whose git branches may have the same name. */
const ownNodes = (field: Batch[string] | undefined): PullNode[] =>
  typeof field === 'object' && field && 'nodes' in field && Array.isArray(field.nodes)
    ? field.nodes.filter((pull): pull is PullNode => !!pull && !pull.isCrossRepository)
    : []

/** How many pull requests of one head ref a query reads. */
const NEWEST = 50

const refFields = (index: number): string[] => [
  `o${index}: pullRequests(headRefName: $r${index}, states: OPEN, first: ${NEWEST}) { nodes { number state isCrossRepository } }`,
  `r${index}: pullRequests(headRefName: $r${index}, first: ${NEWEST}, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { number state isCrossRepository headRef { name } } }`,
]

/**
 * Reads the states of many pull requests, 100 per request. The result has no entry for a number that
 * GitHub does not know. Throws `GitHubError`.
 */
export const pullRequestStates = async (
  github: GitHub,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, PullRequestState>> => {
  const byNumber = new Map<number, PullRequestState>()
  for (const batch of inBatches(numbers)) {
    const fields = batch.map(
      (number) => `n${number}: pullRequest(number: ${number}) { state headRefName }`,
    )
    for (const [alias, node] of Object.entries(await query(github, fields, {}))) {
      if (!isPull(node)) continue
      const headRef = nonEmptyString(node.headRefName) ?? ''
      byNumber.set(Number(alias.slice(1)), { state: stateOf(node), headRef })
    }
  }
  return byNumber
}

const refStateOf = (open: readonly PullNode[], newestFirst: readonly PullNode[]): RefState => {
  if ([...open, ...newestFirst].some((pull) => stateOf(pull) === 'open')) return 'open'
  const [newest, ...earlier] = newestFirst
  if (!newest) return 'unknown'
  if (newestFirst.some((pull) => pull.isCrossRepository !== false)) return 'unknown'
  const isGone = newestFirst.every((pull) => pull.headRef === null)
  const isReused = newestFirst.length >= NEWEST || earlier.some(({ state }) => state === 'MERGED')
  return isGone && !isReused ? 'closed' : 'long-lived'
}

const refStatesOf = async (
  github: GitHub,
  refs: readonly string[],
): Promise<[string, RefState][]> => {
  const variables = Object.fromEntries(refs.map((ref, index) => [`r${index}`, ref]))
  const fields = refs.flatMap((_, index) => refFields(index))
  const response = await query(github, fields, variables)
  return refs.map((ref, index) => [
    ref,
    refStateOf(ownNodes(response[`o${index}`]), ownNodes(response[`r${index}`])),
  ])
}

/**
 * Reads what GitHub knows about head refs of this repository, 100 per request. Checking whether a git
 * branch still exists may need `contents: read`. Throws `GitHubError`.
 */
export const headRefStates = async (
  github: GitHub,
  refs: readonly string[],
): Promise<ReadonlyMap<string, RefState>> => {
  const byRef = new Map<string, RefState>()
  for (const batch of inBatches(refs)) {
    for (const [ref, state] of await refStatesOf(github, batch)) byRef.set(ref, state)
  }
  return byRef
}
