import type { GitHub } from '../client.ts'
import type { PullRequest } from '../pull-request.ts'
import { type FetchPage, type Pages, readPages } from '../read-pages.ts'
import { type ListedPullResponse, PULLS, toPullRequest } from './pull-requests.ts'

const readPullRequests = async (
  github: GitHub,
  fetchPage: FetchPage<ListedPullResponse>,
): Promise<Pages<PullRequest>> => {
  const { items, isComplete } = await readPages(github, PULLS, fetchPage)
  return { items: items.map((pull) => toPullRequest(pull.number, pull)), isComplete }
}

/**
 * Lists up to 1,000 pull requests that contain a commit, open or closed. GitHub associates none with a
 * fork's commits. Throws `GitHubError`.
 */
export const listPullRequestsOfCommit = (
  github: GitHub,
  sha: string,
): Promise<Pages<PullRequest>> =>
  readPullRequests(github, (octokit, options) =>
    octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...options, commit_sha: sha }),
  )

/** Lists up to 1,000 open pull requests, newest first, including those from forks. Throws `GitHubError`. */
export const listOpenPullRequests = (github: GitHub): Promise<Pages<PullRequest>> =>
  readPullRequests(github, (octokit, options) =>
    octokit.rest.pulls.list({ ...options, state: 'open' }),
  )
