/**
 * Replaces Octokit's list of a thousand endpoints in the bundle. src/github/ uses only these.
 * test/contract/dist.test.ts compares them with Octokit's.
 */
const endpoints = {
  issues: {
    createComment: ['POST /repos/{owner}/{repo}/issues/{issue_number}/comments'],
    deleteComment: ['DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}'],
    get: ['GET /repos/{owner}/{repo}/issues/{issue_number}'],
    listComments: ['GET /repos/{owner}/{repo}/issues/{issue_number}/comments'],
    updateComment: ['PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}'],
  },
  pulls: {
    list: ['GET /repos/{owner}/{repo}/pulls'],
  },
  repos: {
    get: ['GET /repos/{owner}/{repo}'],
    getBranch: ['GET /repos/{owner}/{repo}/branches/{branch}'],
    listDeployments: ['GET /repos/{owner}/{repo}/deployments'],
    listDeploymentStatuses: ['GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses'],
    listPullRequestsAssociatedWithCommit: ['GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls'],
  },
  users: {
    getAuthenticated: ['GET /user'],
  },
}

// biome-ignore lint/style/noDefaultExport: like the module that it replaces
export { endpoints as default }
