import { isSuccess } from '../network/messages.ts'
import type { SendToGitHub } from './transport.ts'

/** Returns the GitHub API's base URL, as the runner sets it. */
export const apiUrl = (): string => process.env['GITHUB_API_URL'] || 'https://api.github.com'

/** Thrown if GitHub refuses a request. Has the fields of Octokit's errors that `explainRefusal` reads. */
class RestError extends Error {
  override readonly name = 'RestError'
  readonly status: number
  readonly response: { readonly headers: object; readonly data: unknown }

  constructor(status: number, headers: object, data: unknown) {
    super(
      typeof data === 'string'
        ? data || '(empty response)'
        : `Unknown error: ${JSON.stringify(data)}`,
    )
    this.status = status
    this.response = { headers, data }
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Returns the `Authorization` header for a token. As in Octokit, a JWT is a bearer token. */
const authorization = (token: string): string =>
  `${token.split('.').length === 3 ? 'bearer' : 'token'} ${token}`

/**
 * Reads a resource of the REST API without Octokit, which can take longer to load than the request takes.
 * Returns the parsed body, or its text if it is not JSON. Throws what `send` throws. If GitHub refuses,
 * throws an error that `explainRefusal` understands.
 */
export const readResource = async (
  path: string,
  token: string,
  send: SendToGitHub,
): Promise<unknown> => {
  const response = await send({
    method: 'GET',
    url: `${apiUrl()}${path}`,
    headers: { accept: 'application/vnd.github+json', authorization: authorization(token) },
  })
  const { status, headers, text } = response
  if (isSuccess(response)) return parse(text)
  throw new RestError(status, headers, parse(text))
}
