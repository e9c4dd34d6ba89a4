import type { Log } from '../core/log.ts'
import { given } from '../core/optional.ts'
import { nonEmptyString } from '../core/text.ts'
import { type GitHub, GitHubRefused } from './api.ts'
import { originOfHead, type PullRequest, type Repository } from './pull-request.ts'

const PERMISSION = 'pull-requests: read'

const STATES = ['open', 'closed']

/** The part of GitHub's answers that is read; only `state` is relied on. */
interface Answer {
  readonly state: string
  readonly head?: {
    readonly ref?: string
    readonly sha?: string
    readonly repo?: Repository | null
  }
  readonly base?: { readonly repo?: Repository | null }
}

const toPullRequest = (number: number, { state, head, base }: Answer): PullRequest => ({
  number,
  state: state === 'closed' ? 'closed' : 'open',
  ...originOfHead(head?.repo, base?.repo),
  ...given('headRef', nonEmptyString(head?.ref)),
  ...given('headSha', nonEmptyString(head?.sha)),
})

/**
 * Reads a pull request from GitHub, which knows better than an event's payload: the run may be late.
 * `undefined`, with a warning that names status and permission, when GitHub does not tell. Throws
 * only `RunAborted`.
 */
export const readPullRequest = async (
  github: GitHub,
  number: number,
  log: Log,
): Promise<PullRequest | undefined> => {
  try {
    return await github.call(PERMISSION, async (octokit, asking) => {
      const { data } = await octokit.rest.pulls.get({ ...asking, pull_number: number })
      if (!STATES.includes(data?.state)) throw new Error('its answer names no state')
      return toPullRequest(number, data)
    })
  } catch (error) {
    if (!(error instanceof GitHubRefused)) throw error
    log.warning(
      `GitHub did not tell whether pull request #${number} is still open (${error.message}); going on without.`,
    )
    return undefined
  }
}

/**
 * The pull requests that a commit is the head of, open ones first; where it is the head of none, those
 * that it is a part of. Throws `GitHubRefused`.
 */
export const pullRequestsOfCommit = async (github: GitHub, sha: string): Promise<PullRequest[]> => {
  const data = await github.call(PERMISSION, async (octokit, asking) => {
    const answer = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
      ...asking,
      commit_sha: sha,
    })
    const clear = (pull: Answer & { number: unknown }): boolean =>
      Number.isSafeInteger(pull?.number) && STATES.includes(pull.state)
    if (Array.isArray(answer.data) && answer.data.every(clear)) return answer.data
    throw new Error('its answer is no list of pull requests with numbers and states')
  })
  const heads = data.filter(({ head }) => head?.sha === sha)
  const pulls = (heads.length > 0 ? heads : data).map((pull) => toPullRequest(pull.number, pull))
  return pulls.sort((a, b) => Number(a.state === 'closed') - Number(b.state === 'closed'))
}

/** What GitHub knows of a pull request, for a sweep. */
export interface PullRequestState {
  readonly state: 'open' | 'closed'
  readonly headRef: string
}

/** What GitHub knows of pull requests, by number and by the git branch that they propose. */
export interface PullRequestStates {
  readonly byNumber: ReadonlyMap<number, PullRequestState>
  /**
   * Only of this repository's own git branches: `closed` when all of their pull requests are and the
   * git branch is gone, as a branch like `develop` outlives its pull requests.
   */
  readonly byRef: ReadonlyMap<string, 'open' | 'closed'>
}

/** How many pull requests one GraphQL query asks for. */
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

/** Whatever GitHub may call it one day, what is not clearly closed is open. */
const stateOf = ({ state }: PullNode): 'open' | 'closed' =>
  ['CLOSED', 'MERGED'].includes(state) ? 'closed' : 'open'

/**
 * The data beside errors, where all that GitHub complains of is a number that is no pull request.
 * Throws everything else; without permission GitHub answers 200, with FORBIDDEN in it.
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
      const answer = await octokit.graphql<{ repository: Batch }>(text, {
        owner,
        repo,
        request,
        ...variables,
      })
      if (answer.repository) return answer.repository
      throw new Error('its answer names no repository')
    } catch (error) {
      return partial(error)
    }
  })

const isPull = (node: Batch[string] | undefined): node is PullNode =>
  typeof node === 'object' && node !== null && 'state' in node

/** The own pull requests in a field of the answer: a fork's git branch may carry the same name. */
const ownNodes = (field: Batch[string] | undefined): PullNode[] =>
  typeof field === 'object' && field && 'nodes' in field && Array.isArray(field.nodes)
    ? field.nodes.filter((pull): pull is PullNode => !!pull && !pull.isCrossRepository)
    : []

const refFields = (index: number): string[] => [
  `o${index}: pullRequests(headRefName: $r${index}, states: OPEN, first: 50) { nodes { number state isCrossRepository } }`,
  `r${index}: pullRequests(headRefName: $r${index}, first: 50, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { number state isCrossRepository headRef { name } } }`,
]

/**
 * The states of many pull requests, a hundred to a request. What GitHub does not know is not in the
 * answer: not knowing is not closed. Throws `GitHubRefused`.
 */
export const pullRequestStates = async (
  github: GitHub,
  numbers: readonly number[],
  refs: readonly string[],
): Promise<PullRequestStates> => {
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
  const byRef = new Map<string, 'open' | 'closed'>()
  for (const batch of inBatches(refs)) {
    const variables = Object.fromEntries(batch.map((ref, index) => [`r${index}`, ref]))
    const answer = await query(
      github,
      batch.flatMap((_, index) => refFields(index)),
      variables,
    )
    for (const [index, ref] of batch.entries()) {
      const pulls = ownNodes(answer[`r${index}`])
      const open = [...ownNodes(answer[`o${index}`]), ...pulls].some(
        (pull) => stateOf(pull) === 'open',
      )
      const gone =
        pulls.length > 0 &&
        pulls.every((pull) => pull.isCrossRepository === false && pull.headRef === null)
      if (open || gone) byRef.set(ref, open ? 'open' : 'closed')
    }
  }
  return { byNumber, byRef }
}
