import { Problem } from '../../core/problem.ts'
import { type GitHub, GitHubError } from '../client.ts'

const isIssue = async (github: GitHub, number: number): Promise<boolean> => {
  try {
    return await github.call('issues: read', async (octokit, options) => {
      const { data } = await octokit.rest.issues.get({ ...options, issue_number: number })
      return data?.number === number && !data.pull_request
    })
  } catch (error) {
    if (error instanceof GitHubError) return false
    throw error
  }
}

/**
 * Throws {@link Problem} if `number` belongs to an issue. Issues and pull requests share one sequence of
 * numbers, and GitHub answers 404 to a request for a pull request with an issue's number. Returns if GitHub
 * refuses the check or does not answer.
 */
export const assertNotIssue = async (github: GitHub, number: number): Promise<void> => {
  if (!(await isIssue(github, number))) return
  throw new Problem({
    what: `#${number} in ${github.repository} is an issue, not a pull request, so no Neon branch belongs to it.`,
    fix: 'set `pr_number` to the number of a pull request, or `branch`. In a workflow on `issue_comment`, add `if: github.event.issue.pull_request`',
  })
}
