import { originOfHead, type PullRequest, type Repository } from '../action/event.ts'
import type { Log } from '../action/log.ts'
import { type GitHub, GitHubRefused } from './api.ts'

const PERMISSION = 'pull-requests: read'

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
  ...(head?.ref && { headRef: head.ref }),
  ...(head?.sha && { headSha: head.sha }),
})

/**
 * Reads a pull request from GitHub, which knows better than an event's payload: the run may be late.
 * `undefined`, with a warning that names status and permission, when GitHub does not tell. Throws
 * only `DeadlinePassed`.
 */
export const readPullRequest = async (
  github: GitHub,
  number: number,
  log: Log,
): Promise<PullRequest | undefined> => {
  try {
    const { data } = await github.ask(PERMISSION, (octokit, asking) =>
      octokit.rest.pulls.get({ ...asking, pull_number: number }),
    )
    return toPullRequest(number, data)
  } catch (error) {
    if (!(error instanceof GitHubRefused)) throw error
    log.warning(
      `GitHub did not tell whether pull request #${number} is still open (${error.message}); going on without.`,
    )
    return undefined
  }
}

/**
 * The pull requests that a commit is the head of; open ones before closed ones, and only commits
 * that are no head any more count where there is no other. Throws `GitHubRefused`.
 */
export const pullRequestsOfCommit = async (github: GitHub, sha: string): Promise<PullRequest[]> => {
  const { data } = await github.ask(PERMISSION, (octokit, asking) =>
    octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...asking, commit_sha: sha }),
  )
  const heads = data.filter(({ head }) => head.sha === sha)
  const pulls = (heads.length > 0 ? heads : data).map((pull) => toPullRequest(pull.number, pull))
  return pulls.sort((a, b) => Number(a.state === 'closed') - Number(b.state === 'closed'))
}

/** What GitHub knows of pull requests, by number and by the git branch that they propose. */
export interface PullRequestStates {
  readonly byNumber: ReadonlyMap<number, 'open' | 'closed'>
  /** Only of this repository's own git branches. */
  readonly byRef: ReadonlyMap<string, 'open' | 'closed'>
}

/** How many pull requests one GraphQL query asks for: GitHub allows 500,000 nodes, but not for free. */
const BATCH = 100

interface PullNode {
  readonly number: number
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED'
  readonly isCrossRepository?: boolean
}

type Batch = Record<string, PullNode | { readonly nodes: readonly PullNode[] } | null>

const inBatches = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  )

const stateOf = ({ state }: PullNode): 'open' | 'closed' => (state === 'OPEN' ? 'open' : 'closed')

/** GraphQL answers a number that is no pull request with `null` and an error beside the data. */
const query = async (
  github: GitHub,
  fields: readonly string[],
  variables: object,
): Promise<Batch> =>
  github.ask(PERMISSION, async (octokit, { owner, repo, request }) => {
    const names = Object.keys(variables).map((name) => `, $${name}: String!`)
    const text = `query ($owner: String!, $repo: String!${names.join('')}) { repository(owner: $owner, name: $repo) { ${fields.join(' ')} } }`
    try {
      const answer = await octokit.graphql<{ repository: Batch }>(text, {
        owner,
        repo,
        request,
        ...variables,
      })
      return answer.repository
    } catch (error) {
      const { data } = error as { data?: { repository?: Batch | null } }
      if (data?.repository) return data.repository
      throw error
    }
  })

/**
 * The states of many pull requests, a hundred to a request. A number that GitHub does not know is
 * not in the answer: not knowing is not closed. Throws `GitHubRefused`.
 */
export const pullRequestStates = async (
  github: GitHub,
  numbers: readonly number[],
  refs: readonly string[],
): Promise<PullRequestStates> => {
  const byNumber = new Map<number, 'open' | 'closed'>()
  for (const batch of inBatches(numbers)) {
    const fields = batch.map(
      (number) => `n${number}: pullRequest(number: ${number}) { number state }`,
    )
    for (const node of Object.values(await query(github, fields, {}))) {
      if (node && 'state' in node) byNumber.set(node.number, stateOf(node))
    }
  }
  const byRef = new Map<string, 'open' | 'closed'>()
  for (const batch of inBatches(refs)) {
    const field = (index: number): string =>
      `r${index}: pullRequests(headRefName: $r${index}, first: 50, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { number state isCrossRepository } }`
    const variables = Object.fromEntries(batch.map((ref, index) => [`r${index}`, ref]))
    const answer = await query(
      github,
      batch.map((_, index) => field(index)),
      variables,
    )
    for (const [index, ref] of batch.entries()) {
      const found = answer[`r${index}`]
      const own =
        found && 'nodes' in found ? found.nodes.filter((pull) => !pull.isCrossRepository) : []
      if (own.length === 0) continue
      byRef.set(ref, own.some(({ state }) => state === 'OPEN') ? 'open' : 'closed')
    }
  }
  return { byNumber, byRef }
}
