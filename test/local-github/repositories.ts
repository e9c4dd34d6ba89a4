import { accountJson, accountOf } from './accounts.ts'
import type { Answer } from './answers.ts'
import { branchOf, type LocalRepository, type State } from './state.ts'

/** Returns a repository as GitHub's REST API shows it. */
export const repositoryJson = ({ id, fullName, defaultBranch }: LocalRepository) => {
  const [owner = '', name = ''] = fullName.split('/')
  return {
    id,
    name,
    full_name: fullName,
    private: true,
    owner: accountJson(accountOf(owner)),
    default_branch: defaultBranch,
  }
}

/** `GET /repos/{owner}/{repo}`. */
export const getRepository = ({ repository }: State): Answer => ({
  body: repositoryJson(repository),
})

/** `GET /repos/{owner}/{repo}/branches/{branch}`. */
export const getBranch = (state: State, [encoded = '']: readonly string[]): Answer => {
  const name = decodeURIComponent(encoded)
  const branch = branchOf(state, name)
  return branch
    ? { body: { name, commit: { sha: branch.sha }, protected: branch.protected } }
    : { status: 404, body: { message: 'Branch not found' } }
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** What a URL resolves to: the path to serve, or a ready response (metadata, a redirect, or a 404). */
export type ResolvedPath = { readonly path: string } | { readonly answer: Answer }

const REPOSITORY_PATH = /^\/(?:repos\/([^/]+\/[^/]+)|repositories\/(\d+))(\/.*)?$/

/** GitHub answers a write with 307, so that clients keep its method (https://github.com/18F/charlie/pull/85). */
const moved = (method: string, url: string): Answer => ({
  status: method === 'GET' ? 301 : 307,
  headers: { location: url },
  body: { message: 'Moved Permanently', url },
})

/**
 * Rewrites a path to use the repository's current name. Former names are redirected to `/repositories/{id}`
 * (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects).
 * Other repositories show only their metadata.
 */
export const resolveRepository = (
  { repository, others }: State,
  method: string,
  { origin, pathname, search }: URL,
): ResolvedPath => {
  const match = REPOSITORY_PATH.exec(pathname)
  if (!match) return { path: pathname }
  const [, name = '', id, rest = ''] = match
  if (Number(id) === repository.id || sameName(name, repository.fullName)) {
    return { path: `/repos/${repository.fullName}${rest}` }
  }
  const other =
    others.get(name.toLowerCase()) ?? [...others.values()].find((one) => one.id === Number(id))
  if (other && rest === '') return { answer: { body: repositoryJson(other) } }
  const all = [repository, ...others.values()]
  const renamed = all.find(({ formerNames }) => formerNames.some((old) => sameName(old, name)))
  if (renamed && !other)
    return { answer: moved(method, `${origin}/repositories/${renamed.id}${rest}${search}`) }
  return { answer: { status: 404, body: { message: 'Not Found' } } }
}
