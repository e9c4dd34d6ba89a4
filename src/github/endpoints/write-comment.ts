import { type GitHub, GitHubError } from '../client.ts'
import { commentBody } from '../comment-marker.ts'
import { type CommentBranch, type CommentRecord, isOlder } from '../comment-record.ts'
import { UnusableResponseError } from '../errors.ts'
import type { FoundComment, OwnComments } from './find-own-comments.ts'

const PERMISSION = 'pull-requests: write'

/** A branch's comment: the oldest one, and the duplicates that concurrent runs wrote. */
export interface BranchComment extends FoundComment {
  /** The newest record, even if a duplicate holds it. */
  readonly record: CommentRecord
  /** The IDs of the duplicates. */
  readonly duplicates: readonly number[]
}

/** The branch that a comment is about, or, if it no longer exists, the input `branch` as `gone`. */
export type CommentSubject = CommentBranch | { readonly gone: string | undefined }

const commentsForBranch = (comments: readonly FoundComment[], { id, name }: CommentBranch) => {
  const matching = comments.filter(
    ({ record: { branch } }) => branch?.id === id || branch?.name === name,
  )
  // Comments of earlier versions name no branch. The first branch that needs a comment takes them over.
  return matching.length > 0 ? matching : comments.filter(({ record }) => !record.branch)
}

const commentsForGone = (comments: readonly FoundComment[], input: string | undefined) => {
  const branches = new Set(comments.map(({ record }) => record.branch?.name))
  if (input === undefined) return branches.size === 1 ? comments : []
  return commentsForBranch(comments, { id: input, name: input })
}

/**
 * Returns a branch's comment, or `undefined`. Every branch has its own, because two apps must not overwrite each
 * other's. If the branch is gone and the input is unset, all comments must be about the same branch. Pure.
 */
export const findBranchComment = (
  comments: readonly FoundComment[],
  subject: CommentSubject,
): BranchComment | undefined => {
  const [oldest, ...others] =
    'gone' in subject
      ? commentsForGone(comments, subject.gone)
      : commentsForBranch(comments, subject)
  if (!oldest) return undefined
  const record = [oldest, ...others]
    .map((comment) => comment.record)
    .reduce((newest, next) => (isOlder(newest, next) ? next : newest))
  return { id: oldest.id, record, duplicates: others.map(({ id }) => id) }
}

/** The parameters of {@link writeComment}. */
export interface CommentUpdate {
  readonly number: number
  readonly subject: CommentSubject
  readonly markdown: string
  /** Returns the run's record, based on the one that it replaces. */
  readonly recordAfter: (earlier: CommentRecord | undefined) => CommentRecord
  /** Whether to write a comment if there is none. */
  readonly createIfMissing: boolean
}

const findComment = async (
  own: OwnComments,
  { number, subject }: CommentUpdate,
): Promise<BranchComment | undefined> => findBranchComment(await own.list(number), subject)

const isNotFound = (error: unknown): boolean => error instanceof GitHubError && error.status === 404

/** Returns the ID of the stored comment. Throws `UnusableResponseError` if a response, such as a proxy's, has none. */
const expectCommentId = (data: { readonly id?: unknown } | null): number => {
  if (typeof data?.id !== 'number') throw new UnusableResponseError('its response names no comment')
  return data.id
}

const patchComment = (github: GitHub, id: number, body: string): Promise<number> =>
  github.call(PERMISSION, async (octokit, options) => {
    const update = { ...options, comment_id: id, body }
    return expectCommentId((await octokit.rest.issues.updateComment(update)).data)
  })

const deleteComment = async (github: GitHub, id: number): Promise<void> => {
  try {
    await github.call(PERMISSION, (octokit, options) =>
      octokit.rest.issues.deleteComment({ ...options, comment_id: id }),
    )
  } catch (error) {
    // It was already deleted.
    if (!isNotFound(error)) throw error
  }
}

const renderBody = (
  { projectId }: OwnComments,
  { markdown }: CommentUpdate,
  record: CommentRecord,
): string => commentBody(projectId, record, markdown)

/** Updates the branch's comment and deletes its duplicates, unless a newer run wrote it. Returns `undefined` without one. */
const updateExisting = async (
  own: OwnComments,
  update: CommentUpdate,
): Promise<'written' | 'newer' | undefined> => {
  const found = await findComment(own, update)
  if (!found) return undefined
  const record = update.recordAfter(found.record)
  if (isOlder(record, found.record)) return 'newer'
  await patchComment(own.github, found.id, renderBody(own, update, record))
  for (const id of found.duplicates) await deleteComment(own.github, id)
  return 'written'
}

/** Calls {@link updateExisting}. If the comment was deleted, reads all comments and tries again. */
const updateExistingOrReread: typeof updateExisting = async (own, update) => {
  try {
    return await updateExisting(own, update)
  } catch (error) {
    if (!isNotFound(error)) throw error
    own.forget(update.number)
    return updateExisting(own, update)
  }
}

const createComment = (github: GitHub, number: number, body: string): Promise<number> =>
  github.call(
    PERMISSION,
    async (octokit, options) => {
      const comment = { ...options, issue_number: number, body }
      return expectCommentId((await octokit.rest.issues.createComment(comment)).data)
    },
    { attempts: 1 },
  )

/**
 * Deletes this run's comment if another run created one right before it. Keeps the oldest comment, with the
 * text of the newest run.
 */
const mergeDuplicates = async (
  own: OwnComments,
  update: CommentUpdate,
  { id, record }: FoundComment,
): Promise<'written' | 'newer'> => {
  const found = await findComment(own, update)
  if (!found?.duplicates.includes(id)) return 'written'
  const isNewest = !isOlder(record, found.record)
  if (isNewest) await patchComment(own.github, found.id, renderBody(own, update, record))
  await deleteComment(own.github, id)
  return isNewest ? 'written' : 'newer'
}

/**
 * Creates or updates a branch's comment. Runs that create one at the same time are left with the oldest, with
 * the text of the newest run. Returns `newer` if that is another run, and `none` if there is no comment and
 * `createIfMissing` is false. Throws `GitHubError`.
 */
export const writeComment = async (
  own: OwnComments,
  update: CommentUpdate,
): Promise<'written' | 'newer' | 'none'> => {
  const replaced = await updateExistingOrReread(own, update)
  if (replaced) return replaced
  if (!update.createIfMissing) return 'none'
  const record = update.recordAfter(undefined)
  const create = () => createComment(own.github, update.number, renderBody(own, update, record))
  let id: number
  try {
    id = await create()
  } catch (error) {
    if (!(error instanceof GitHubError && error.isLost)) throw error
    // A comment that is there now may be this run's, or another run's with an older text.
    const written = await updateExistingOrReread(own, update)
    if (written) return written
    id = await create()
  }
  return mergeDuplicates(own, update, { id, record })
}
