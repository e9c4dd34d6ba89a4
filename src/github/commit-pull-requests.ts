import type { GitHub } from './client.ts'
import type { PullRequest } from './pull-request.ts'
import { type Pages, readPages } from './read-pages.ts'
import {
  expectPullRequests,
  type ListedPullResponse,
  MAX_PAGES,
  PERMISSION,
  toPullRequest,
} from './read-pull-requests.ts'

const toPulls = ({ items, isComplete }: Pages<ListedPullResponse>): Pages<PullRequest> => ({
  items: items.map((pull) => toPullRequest(pull.number, pull)),
  isComplete,
})

/**
 * Lists the pull requests that GitHub associates with a commit: all that contain it, open or closed. A
 * fork's commits have none. Throws `GitHubError`.
 */
export const listPullRequestsOfCommit = async (
  github: GitHub,
  sha: string,
): Promise<Pages<PullRequest>> =>
  toPulls(
    await readPages<ListedPullResponse>(github, PERMISSION, MAX_PAGES, async (octokit, options) =>
      expectPullRequests(
        await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
          ...options,
          commit_sha: sha,
        }),
      ),
    ),
  )

/** Lists up to 1,000 open pull requests, newest first, including those from forks. Throws `GitHubError`. */
export const listOpenPullRequests = async (github: GitHub): Promise<Pages<PullRequest>> =>
  toPulls(
    await readPages<ListedPullResponse>(github, PERMISSION, MAX_PAGES, async (octokit, options) =>
      expectPullRequests(await octokit.rest.pulls.list({ ...options, state: 'open' })),
    ),
  )
