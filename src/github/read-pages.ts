import { type GitHub, GitHubError, type Octokit, type RequestOptions } from './client.ts'
import { type Permission, UnusableResponseError } from './errors.ts'
import { hasNextPage } from './next-page.ts'

/** The number of entries per page: GitHub's maximum. */
const PAGE_SIZE = 100

/** One page of a list, as Octokit returns it. */
interface Page<T> {
  readonly data: readonly T[]
  readonly headers: { readonly link?: string | undefined }
}

/** The options of a request for one page. */
interface PageOptions extends RequestOptions {
  readonly page: number
  readonly per_page: number
}

/** Fetches one page of a list. */
export type FetchPage<T> = (octokit: Octokit, options: PageOptions) => Promise<Page<T>>

/** A kind of list. */
export interface ListKind<T> {
  readonly permission: Permission
  /** The page limit of one list. */
  readonly maxPages: number
  /** What the list contains. Completes the sentence "Its response is not a list of …". */
  readonly entries: string
  readonly isEntry: (entry: T | null) => boolean
}

/** The page limit of a list that must be read to its end: 5,000 entries. */
const MAX_PAGES = 50

/** The entries of a list, up to a limit. */
export interface Pages<T> {
  readonly items: readonly T[]
  /** `false` if the list has more pages than the limit. */
  readonly isComplete: boolean
}

/**
 * Reads a list page by page, up to its limit. Every page is a separate request with its own retries.
 * Throws `GitHubError` if a request fails or a response is not a list of valid entries.
 */
export const readPages = async <T>(
  github: GitHub,
  { permission, maxPages, entries, isEntry }: ListKind<T>,
  fetchPage: FetchPage<T>,
): Promise<Pages<T>> => {
  const items: T[] = []
  for (let page = 1; page <= maxPages; page++) {
    const { data, headers } = await github.call(permission, async (octokit, options) => {
      const response = await fetchPage(octokit, { ...options, page, per_page: PAGE_SIZE })
      if (Array.isArray(response.data) && response.data.every(isEntry)) return response
      throw new UnusableResponseError(`its response is not a list of ${entries}`)
    })
    items.push(...data)
    // Request pages by number: the link may point to another host, such as a Gitea server's public one.
    if (!hasNextPage(headers.link)) return { items, isComplete: true }
  }
  return { items, isComplete: false }
}

/** Reads a whole list. Throws like {@link readPages}, and if there are more than 5,000 entries. */
export const readAllPages = async <T>(
  github: GitHub,
  list: Omit<ListKind<T>, 'maxPages'>,
  fetchPage: FetchPage<T>,
): Promise<readonly T[]> => {
  const { items, isComplete } = await readPages(github, { ...list, maxPages: MAX_PAGES }, fetchPage)
  if (isComplete) return items
  const error = new UnusableResponseError(`its list does not end after ${MAX_PAGES} pages`)
  throw new GitHubError(error, list.permission)
}
