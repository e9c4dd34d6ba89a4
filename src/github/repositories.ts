import { type GitHub, GitHubError } from './client.ts'

const CONTENTS = 'contents: read'

/**
 * Returns whether `name` (`owner/name`) is an older name of this run's repository. GitHub redirects a renamed
 * repository to its new name
 * (https://docs.github.com/en/repositories/creating-and-managing-repositories/renaming-a-repository).
 * A repository that the token cannot see must be another one, because the token always sees its own. Returns
 * `unknown` if GitHub does not respond.
 */
export const resolveRepository = async (
  github: GitHub,
  name: string,
): Promise<'this' | 'other' | 'unknown'> => {
  const [owner = '', repo = ''] = name.split('/')
  if (!/^[\w.-]+\/[\w.-]+$/.test(name)) return 'other'
  try {
    const found = await github.call('metadata: read', async (octokit, { request }) => {
      const { data } = await octokit.rest.repos.get({ owner, repo, request })
      return data.full_name
    })
    return found.toLowerCase() === github.repository.toLowerCase() ? 'this' : 'other'
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    return error.status === 404 ? 'other' : 'unknown'
  }
}

/** Returns the name of the repository's default branch. Throws `GitHubError`. */
export const readDefaultBranch = async (github: GitHub): Promise<string> =>
  github.call('metadata: read', async (octokit, options) => {
    const { owner, repo, request } = options
    const { data } = await octokit.rest.repos.get({ owner, repo, request })
    if (typeof data.default_branch !== 'string')
      throw new Error('its response names no default branch')
    return data.default_branch
  })

/** Returns whether a git branch is protected or gone. Throws `GitHubError`. */
export const readGitBranch = async (
  github: GitHub,
  ref: string,
): Promise<'protected' | 'unprotected' | 'gone'> => {
  try {
    return await github.call(CONTENTS, async (octokit, options) => {
      const { data } = await octokit.rest.repos.getBranch({ ...options, branch: ref })
      if (typeof data.protected !== 'boolean')
        throw new Error('its response does not say whether the branch is protected')
      return data.protected ? 'protected' : 'unprotected'
    })
  } catch (error) {
    // The repository itself is readable, so a 404 means that the branch is gone.
    if (error instanceof GitHubError && error.status === 404) return 'gone'
    throw error
  }
}
