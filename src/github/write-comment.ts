import { type GitHub, GitHubError } from './client.ts'
import { commentBody } from './comment-marker.ts'
import { type CommentBranch, type CommentRecord, isOlder } from './comment-record.ts'
import { UnusableResponse } from './errors.ts'
import type { FoundComment, OwnComments } from './find-own-comments.ts'

const PERMISSION = 'pull-requests: write'

/** A branch's comment: the oldest one, and duplicates from concurrent runs. */
export interface BranchComment extends FoundComment {
  /** The newest record of them all. */
  readonly record: CommentRecord
  readonly duplicates: readonly number[]
}

/** The branch of a comment, or the input `branch` if the branch is gone. */
export type CommentSubject = CommentBranch | { readonly gone: string | undefined }

const ofBranch = (comments: readonly FoundComment[], { id, name }: CommentBranch) => {
  const same = comments.filter(
    ({ record: { branch } }) => branch?.id === id || branch?.name === name,
  )
  // Comments of earlier versions name no branch. The first branch that needs a comment takes it over.
  return same.length > 0 ? same : comments.filter(({ record }) => !record.branch)
}

const ofGone = (comments: readonly FoundComment[], input: string | undefined) => {
  const branches = new Set(comments.map(({ record }) => record.branch?.name))
  if (input === undefined) return branches.size === 1 ? comments : []
  return ofBranch(comments, { id: input, name: input })
}

/**
 * Finds a branch's comment. Every branch has its own, so that two apps do not overwrite each other's.
 * If the branch is gone and the input is unset, returns the comment if there is only one branch. Pure.
 */
export const commentFor = (
  comments: readonly FoundComment[],
  subject: CommentSubject,
): BranchComment | undefined => {
  const [oldest, ...others] =
    'gone' in subject ? ofGone(comments, subject.gone) : ofBranch(comments, subject)
  if (!oldest) return undefined
  const record = [oldest, ...others]
    .map((one) => one.record)
    .reduce((newest, one) => (isOlder(newest, one) ? one : newest))
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
  readonly create: boolean
}

const findFor = async (
  own: OwnComments,
  { number, subject }: CommentUpdate,
): Promise<BranchComment | undefined> => commentFor(await own.list(number), subject)

const isMissing = (error: unknown): boolean => error instanceof GitHubError && error.status === 404

/** Returns the ID of the stored comment. A proxy that answers in GitHub's place stores nothing. */
const storedId = (data: { readonly id?: unknown } | null): number => {
  if (typeof data?.id !== 'number') throw new UnusableResponse('its response names no comment')
  return data.id
}

const patchComment = (github: GitHub, id: number, body: string): Promise<number> =>
  github.call(PERMISSION, async (octokit, options) => {
    const update = { ...options, comment_id: id, body }
    return storedId((await octokit.rest.issues.updateComment(update)).data)
  })

const deleteComment = async (github: GitHub, id: number): Promise<void> => {
  try {
    await github.call(PERMISSION, (octokit, options) =>
      octokit.rest.issues.deleteComment({ ...options, comment_id: id }),
    )
  } catch (error) {
    // Another run has deleted it.
    if (!isMissing(error)) throw error
  }
}

const bodyOf = (
  { projectId }: OwnComments,
  { markdown }: CommentUpdate,
  record: CommentRecord,
): string => commentBody(projectId, record, markdown)

/** Replaces the branch's comment. `undefined` if there is none. */
const replace = async (
  own: OwnComments,
  update: CommentUpdate,
): Promise<'written' | 'newer' | undefined> => {
  const found = await findFor(own, update)
  if (!found) return undefined
  const record = update.recordAfter(found.record)
  if (isOlder(record, found.record)) return 'newer'
  await patchComment(own.github, found.id, bodyOf(own, update, record))
  for (const id of found.duplicates) await deleteComment(own.github, id)
  return 'written'
}

/** As {@link replace}. If the comment is gone since it was read, reads all of them again. */
const replaceOrReread: typeof replace = async (own, update) => {
  try {
    return await replace(own, update)
  } catch (error) {
    if (!isMissing(error)) throw error
    own.forget(update.number)
    return replace(own, update)
  }
}

/** Creates a comment. If the response is lost, looks for the comment before creating it again. */
const create = async (own: OwnComments, update: CommentUpdate, body: string): Promise<number> => {
  const send = () =>
    own.github.call(
      PERMISSION,
      async (octokit, options) => {
        const comment = { ...options, issue_number: update.number, body }
        return storedId((await octokit.rest.issues.createComment(comment)).data)
      },
      { attempts: 1 },
    )
  try {
    return await send()
  } catch (error) {
    if (!(error instanceof GitHubError && error.isLost)) throw error
    return (await findFor(own, update))?.id ?? (await send())
  }
}

/**
 * Removes the duplicate if two runs created a comment at the same time. The oldest comment stays, with
 * the text of the newest run; this run deletes its own.
 */
const converge = async (
  own: OwnComments,
  update: CommentUpdate,
  { id, record }: FoundComment,
): Promise<'written' | 'newer'> => {
  const found = await findFor(own, update)
  if (!found || found.id === id || !found.duplicates.includes(id)) return 'written'
  const isNewest = !isOlder(record, found.record)
  if (isNewest) await patchComment(own.github, found.id, bodyOf(own, update, record))
  await deleteComment(own.github, id)
  return isNewest ? 'written' : 'newer'
}

/**
 * Creates or updates a branch's comment. Looks right before for what other runs have written meanwhile.
 * Leaves one comment, from the newest run. Returns `newer` if that is another run, and `none` if there is
 * no comment and `create` is false. Throws `GitHubError`.
 */
export const writeComment = async (
  own: OwnComments,
  update: CommentUpdate,
): Promise<'written' | 'newer' | 'none'> => {
  const replaced = await replaceOrReread(own, update)
  if (replaced) return replaced
  if (!update.create) return 'none'
  const record = update.recordAfter(undefined)
  const id = await create(own, update, bodyOf(own, update, record))
  return converge(own, update, { id, record })
}
