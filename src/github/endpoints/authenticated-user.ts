import { nonEmptyString } from '../../core/text.ts'
import { type GitHub, GitHubError } from '../client.ts'
import { type Permission, UnusableResponseError } from '../errors.ts'

/** The author of a comment, as GitHub returns it. */
export interface Account {
  readonly login?: string | undefined
  readonly id?: number | undefined
  readonly type?: string | undefined
}

/** The account that a token belongs to. */
export interface Viewer {
  readonly login: string
  readonly id?: number
}

const BOT_SUFFIX = '[bot]'

const toViewer = (login: unknown, id: unknown): Viewer => {
  if (typeof login !== 'string') throw new UnusableResponseError('its response names no account')
  return { login, ...(Number.isSafeInteger(id) && { id: id as number }) }
}

const fetchFromGraphql = (github: GitHub, permission: Permission): Promise<Viewer> =>
  github.call(permission, async (octokit, { request }) => {
    const { viewer } = await octokit.graphql<{
      viewer: { login: string; databaseId?: number | null }
    }>('query { viewer { login databaseId } }', { request })
    return toViewer(viewer.login, viewer.databaseId)
  })

const fetchFromRest = (github: GitHub, permission: Permission): Promise<Viewer> =>
  github.call(permission, async (octokit, { request }) => {
    const { data } = await octokit.rest.users.getAuthenticated({ request })
    return toViewer(data.login, data.id)
  })

/**
 * Reads the account that the token belongs to. Only GraphQL returns it for GITHUB_TOKEN, but Gitea and
 * Forgejo have only REST. Throws `GitHubError`.
 */
export const fetchViewer = async (github: GitHub, permission: Permission): Promise<Viewer> => {
  try {
    return await fetchFromGraphql(github, permission)
  } catch (error) {
    if (!(error instanceof GitHubError) || error.reason !== 'no-graphql') throw error
    return fetchFromRest(github, permission).catch((restError: unknown) => {
      throw restError instanceof GitHubError ? error : restError
    })
  }
}

/**
 * Returns whether an account is the viewer: by type, and by ID if both IDs are known, otherwise by login. The
 * login of an app ends in `[bot]`, and a person may have the same login without it. Pure.
 */
export const isViewer = (
  account: Account | null | undefined,
  { login, id }: Viewer,
  { isApp }: Pick<GitHub, 'isApp'>,
): boolean => {
  if (!account) return false
  const isBot = isApp || login.endsWith(BOT_SUFFIX)
  if (account.type !== undefined && (account.type === 'Bot') !== isBot) return false
  if (id !== undefined && account.id !== undefined) return account.id === id
  const fullLogin = isBot && !login.endsWith(BOT_SUFFIX) ? `${login}${BOT_SUFFIX}` : login
  return nonEmptyString(account.login)?.toLowerCase() === fullLogin.toLowerCase()
}
