import type { GitHub } from '../client.ts'
import { parseCommentRecord } from '../comment-marker.ts'
import type { CommentRecord } from '../comment-record.ts'
import { readAllPages } from '../read-pages.ts'
import { fetchViewer, isViewer, type Viewer } from './authenticated-user.ts'

const PERMISSION = 'pull-requests: write'

const COMMENTS = {
  permission: PERMISSION,
  entries: 'comments with IDs',
  isEntry: (comment: { readonly id: number } | null) => Number.isSafeInteger(comment?.id),
} as const

/** How far a read overlaps with the one before, in ms. The clocks of GitHub's servers may differ a little. */
const OVERLAP_MS = 60_000

/** A comment that an earlier run wrote with this account. */
export interface FoundComment {
  readonly id: number
  readonly record: CommentRecord
}

/** This action's comments for a Neon project. A pull request can have thousands of others. */
export interface OwnComments {
  readonly github: GitHub
  readonly projectId: string
  /**
   * Lists this action's comments on a pull request, oldest first. The first call reads every page. Later calls
   * read only comments written or edited since, so a deleted comment stays in the list. Checks the invisible
   * marker *and* the author, because anyone can write a marker. Throws `GitHubError`.
   */
  list(number: number): Promise<readonly FoundComment[]>
  /** Clears the cache for a pull request. The next `list` reads every page again. */
  forget(number: number): void
}

/** The comments as of the last read. */
interface CachedComments {
  readonly comments: readonly FoundComment[]
  /** The time of that read, by GitHub's clock. `undefined` if the response had no date. */
  readonly readAt: number | undefined
}

/**
 * Reads the comments that were written or edited since a time, or all of them. Also returns GitHub's time of
 * the first page. The next read starts there, so it misses no edit made during this one.
 */
const readSince = async (github: GitHub, number: number, since: number | undefined) => {
  let date: string | undefined
  // Without milliseconds, as in GitHub's documentation.
  const time = since && `${new Date(since).toISOString().slice(0, -5)}Z`
  const fetched = await readAllPages(github, COMMENTS, async (octokit, options) => {
    const query = { issue_number: number, ...(time && { since: time }) }
    const response = await octokit.rest.issues.listComments({ ...options, ...query })
    if (options.page === 1) date = response.headers.date
    return response
  })
  const readAt = Date.parse(date ?? '')
  return { fetched, readAt: Number.isNaN(readAt) ? undefined : readAt }
}

/** Returns access to this action's comments for a Neon project. Sends no request yet. */
export const openOwnComments = (github: GitHub, projectId: string): OwnComments => {
  const cache = new Map<number, CachedComments>()
  let viewer: Viewer | undefined
  const list = async (number: number): Promise<readonly FoundComment[]> => {
    const { comments: cached = [], readAt: lastReadAt } = cache.get(number) ?? {}
    const since = lastReadAt && lastReadAt - OVERLAP_MS
    const [account, { fetched, readAt }] = await Promise.all([
      viewer ?? fetchViewer(github, PERMISSION),
      readSince(github, number, since),
    ])
    viewer = account
    const changed = fetched.flatMap(({ id, body, user }) => {
      const record = parseCommentRecord(body ?? '', projectId)
      return record && isViewer(user, account, github) ? [{ id, record }] : []
    })
    const fetchedIds = new Set(fetched.map(({ id }) => id))
    const unchanged = since === undefined ? [] : cached.filter(({ id }) => !fetchedIds.has(id))
    const comments = [...unchanged, ...changed].sort((a, b) => a.id - b.id)
    cache.set(number, { comments, readAt })
    return comments
  }
  return { github, projectId, list, forget: (number) => void cache.delete(number) }
}
