import { type GitHub, GitHubError } from '../client.ts'
import { UnusableResponseError } from '../errors.ts'

/** Whether a name refers to this run's repository. If that is unknown, `unresolved` says why. */
export type RepositoryIdentity = 'this' | 'other' | { readonly unresolved: string }

/**
 * Returns whether `name` (`owner/name`) is this run's repository, perhaps under an older name. GitHub redirects
 * old names to the new one
 * (https://docs.github.com/en/repositories/creating-and-managing-repositories/renaming-a-repository).
 * Returns `other` if the token cannot see the repository, because it always sees its own.
 */
export const resolveRepository = async (
  github: GitHub,
  name: string,
): Promise<RepositoryIdentity> => {
  const [owner = '', repo = ''] = name.split('/')
  if (!/^[\w.-]+\/[\w.-]+$/.test(name)) return 'other'
  try {
    const fullName = await github.call('metadata: read', async (octokit, { request }) => {
      const { data } = await octokit.rest.repos.get({ owner, repo, request })
      if (typeof data.full_name === 'string') return data.full_name
      throw new UnusableResponseError('its response names no repository')
    })
    return fullName.toLowerCase() === github.repository.toLowerCase() ? 'this' : 'other'
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    return error.status === 404 ? 'other' : { unresolved: `GitHub: ${error.message}` }
  }
}

/** Returns the name of the repository's default branch. Throws `GitHubError`. */
export const readDefaultBranch = async (github: GitHub): Promise<string> =>
  github.call('metadata: read', async (octokit, options) => {
    const { data } = await octokit.rest.repos.get({ ...options })
    if (typeof data.default_branch !== 'string')
      throw new UnusableResponseError('its response names no default branch')
    return data.default_branch
  })

/** Returns whether a git branch is protected or gone. Throws `GitHubError`. */
export const readGitBranch = async (
  github: GitHub,
  ref: string,
): Promise<'protected' | 'unprotected' | 'gone'> => {
  try {
    return await github.call('contents: read', async (octokit, options) => {
      const { data } = await octokit.rest.repos.getBranch({ ...options, branch: ref })
      if (typeof data.protected !== 'boolean')
        throw new UnusableResponseError('its response does not say whether the branch is protected')
      return data.protected ? 'protected' : 'unprotected'
    })
  } catch (error) {
    // The repository itself is readable, so a 404 means that the branch is gone.
    if (error instanceof GitHubError && error.status === 404) return 'gone'
    throw error
  }
}
