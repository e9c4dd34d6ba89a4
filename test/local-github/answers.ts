import type { State } from './state.ts'

/** A response to send. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** A string is sent unchanged, anything else as JSON. */
  readonly body?: unknown
}

/** A request with its whole body. */
export interface Call {
  readonly method: string
  /** The path below the API's root, with the repository's current name: `/repos/{owner}/{repo}/…`. */
  readonly path: string
  readonly url: URL
  readonly body: string
}

export const NOT_FOUND: Answer = { status: 404, body: { message: 'Not Found' } }

export const BAD_GATEWAY: Answer = { status: 502, body: { message: 'Bad Gateway' } }

/** Returns GitHub's response if the token lacks a permission. */
export const refused = (permission: string): Answer => ({
  status: 403,
  headers: { 'x-accepted-github-permissions': permission.replace('-', '_').replace(': ', '=') },
  body: {
    message: 'Resource not accessible by integration',
    documentation_url: 'https://docs.github.com/rest',
    status: '403',
  },
})

/** Returns GitHub's response to a body that it rejects. */
export const unprocessable = (message: string): Answer => ({
  status: 422,
  body: { message: 'Validation Failed', errors: [{ code: 'unprocessable', message }] },
})

const LARGEST_PAGE = 100

/**
 * Returns one page of a list, with GitHub's `Link` header: absolute URLs with the repository's ID
 * (https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api).
 */
export const page = <T>(
  items: readonly T[],
  { url, path }: Call,
  { repository }: State,
): Answer => {
  const number = Number(url.searchParams.get('page') ?? 1)
  const size = Math.min(Number(url.searchParams.get('per_page') ?? 30), LARGEST_PAGE)
  const last = Math.max(1, Math.ceil(items.length / size))
  const link = (to: number, rel: string): string => {
    const target = new URL(url)
    target.pathname = path.replace(/^\/repos\/[^/]+\/[^/]+/, `/repositories/${repository.id}`)
    target.searchParams.set('page', String(to))
    return `<${target}>; rel="${rel}"`
  }
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev'), link(1, 'first')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
  ]
  return {
    body: items.slice((number - 1) * size, number * size),
    ...(links.length > 0 && { headers: { link: links.join(', ') } }),
  }
}
