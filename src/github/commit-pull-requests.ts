import type { GitHub } from './client.ts'
import type { PullRequest } from './pull-request.ts'
import { type Pages, readPages } from './read-pages.ts'
import { type PullRequestResponse, toPullRequest } from './read-pull-requests.ts'

const PERMISSION = 'pull-requests: read'

/** The page limit of one list: 1,000 pull requests. */
const MAX_PAGES = 10

const STATES = ['open', 'closed']

type Listed = PullRequestResponse & { readonly number: number }

const assertValid = <T extends { readonly data: readonly Listed[] }>(response: T): T => {
  const isValid = (pull: Listed | null): boolean =>
    pull !== null && Number.isSafeInteger(pull.number) && STATES.includes(pull.state)
  if (Array.isArray(response.data) && response.data.every(isValid)) return response
  throw new Error('its response is not a list of pull requests with numbers and states')
}

const toPulls = ({ items, isComplete }: Pages<Listed>): Pages<PullRequest> => ({
  items: items.map((pull) => toPullRequest(pull.number, pull)),
  isComplete,
})

/**
 * Lists the pull requests that GitHub associates with a commit: those that contain it, open or closed.
 * GitHub does not know a fork's commits. Throws `GitHubError`.
 */
export const pullRequestsOfCommit = async (
  github: GitHub,
  sha: string,
): Promise<Pages<PullRequest>> =>
  toPulls(
    await readPages<Listed>(github, PERMISSION, MAX_PAGES, async (octokit, options) =>
      assertValid(
        await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
          ...options,
          commit_sha: sha,
        }),
      ),
    ),
  )

/** Lists at most 1,000 open pull requests, newest first, including those of forks. Throws `GitHubError`. */
export const openPullRequests = async (github: GitHub): Promise<Pages<PullRequest>> =>
  toPulls(
    await readPages<Listed>(github, PERMISSION, MAX_PAGES, async (octokit, options) =>
      assertValid(await octokit.rest.pulls.list({ ...options, state: 'open' })),
    ),
  )
