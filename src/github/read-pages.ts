import { type GitHub, GitHubError, type Octokit, type RequestOptions } from './client.ts'
import { type Permission, UnusableResponseError } from './errors.ts'
import { checkPage, nextPage, PAGE_SIZE, type Page } from './next-page.ts'

/** The options of a request for one page. */
export interface PageOptions extends RequestOptions {
  readonly page: number
  readonly per_page: number
}

type FetchPage<T> = (octokit: Octokit, options: PageOptions) => Promise<Page<T>>

/** The page limit of a list that must be read to its end: 5,000 entries. */
const MAX_PAGES = 50

/** The entries of a list, up to a limit. */
export interface Pages<T> {
  readonly items: readonly T[]
  /** `false` if the list has more pages than the limit. */
  readonly isComplete: boolean
}

/**
 * Reads a list page by page, up to `maxPages`. Every page is a separate request with its own retries.
 * Throws `GitHubError` if a request fails or a response is not a list.
 */
export const readPages = async <T>(
  github: GitHub,
  permission: Permission,
  maxPages: number,
  fetchPage: FetchPage<T>,
): Promise<Pages<T>> => {
  const items: T[] = []
  for (let page = 1; page <= maxPages; page++) {
    const { data, isLast } = await github.call(permission, async (octokit, options) => {
      const request = { ...options, page, per_page: PAGE_SIZE }
      const { data, headers } = checkPage(await fetchPage(octokit, request))
      const { baseUrl } = octokit.request.endpoint.DEFAULTS
      return { data, isLast: nextPage(headers.link, baseUrl) === undefined }
    })
    items.push(...data)
    if (isLast) return { items, isComplete: true }
  }
  return { items, isComplete: false }
}

/** Reads a whole list. Throws like {@link readPages}, and if there are more than 5,000 entries. */
export const readAllPages = async <T>(
  github: GitHub,
  permission: Permission,
  fetchPage: FetchPage<T>,
): Promise<readonly T[]> => {
  const { items, isComplete } = await readPages(github, permission, MAX_PAGES, fetchPage)
  if (isComplete) return items
  const error = new UnusableResponseError(`its list does not end after ${MAX_PAGES} pages`)
  throw new GitHubError(error, permission)
}
