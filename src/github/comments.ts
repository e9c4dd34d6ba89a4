import { type GitHub, GitHubRefused } from './api.ts'
import { commentBody, recordIn } from './comment-body.ts'
import { type CommentBranch, type CommentRecord, isOlder } from './comment-record.ts'
import { readAllPages } from './pages.ts'
import { UnusableResponse } from './refusal.ts'
import { fetchViewer, isViewer } from './viewer.ts'

const PERMISSION = 'pull-requests: write'

/** A comment that an earlier run wrote with this account. */
export interface FoundComment {
  readonly id: number
  readonly record: CommentRecord
}

/** A branch's comment: the oldest one, and duplicates from concurrent runs. */
export interface BranchComment extends FoundComment {
  /** The newest record of them all. */
  readonly record: CommentRecord
  readonly duplicates: readonly number[]
}

/**
 * Lists this action's comments on a pull request for a Neon project, oldest first. Checks the invisible
 * marker *and* the author, because anyone can write a marker. Throws `GitHubRefused`.
 */
export const listOwnComments = async (
  github: GitHub,
  number: number,
  projectId: string,
): Promise<FoundComment[]> => {
  const [viewer, comments] = await Promise.all([
    fetchViewer(github, PERMISSION),
    readAllPages(github, PERMISSION, (octokit, options) =>
      octokit.rest.issues.listComments({ ...options, issue_number: number }),
    ),
  ])
  return comments
    .flatMap(({ id, body, user }) => {
      const record = recordIn(body ?? '', projectId)
      return record && isViewer(user, viewer, github) ? [{ id, record }] : []
    })
    .sort((a, b) => a.id - b.id)
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
  readonly projectId: string
  readonly subject: CommentSubject
  readonly markdown: string
  /** Returns the run's record, based on the one that it replaces. */
  readonly recordAfter: (earlier: CommentRecord | undefined) => CommentRecord
  /** Whether to write a comment if there is none. */
  readonly create: boolean
}

const findFor = async (
  github: GitHub,
  { number, projectId, subject }: CommentUpdate,
): Promise<BranchComment | undefined> =>
  commentFor(await listOwnComments(github, number, projectId), subject)

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
    if (!(error instanceof GitHubRefused && error.status === 404)) throw error
  }
}

const bodyOf = ({ projectId, markdown }: CommentUpdate, record: CommentRecord): string =>
  commentBody(projectId, record, markdown)

const replace = async (
  github: GitHub,
  found: BranchComment,
  update: CommentUpdate,
): Promise<'written' | 'newer'> => {
  const record = update.recordAfter(found.record)
  if (isOlder(record, found.record)) return 'newer'
  await patchComment(github, found.id, bodyOf(update, record))
  for (const id of found.duplicates) await deleteComment(github, id)
  return 'written'
}

/** Creates a comment. If the response is lost, looks for the comment before creating it again. */
const create = async (github: GitHub, update: CommentUpdate, body: string): Promise<number> => {
  const send = () =>
    github.call(
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
    if (!(error instanceof GitHubRefused && error.isLost)) throw error
    return (await findFor(github, update))?.id ?? (await send())
  }
}

/**
 * Removes the duplicate if two runs created a comment at the same time. The oldest comment stays, with
 * the text of the newest run; this run deletes its own.
 */
const converge = async (
  github: GitHub,
  update: CommentUpdate,
  { id, record }: FoundComment,
): Promise<'written' | 'newer'> => {
  const found = await findFor(github, update)
  if (!found || found.id === id || !found.duplicates.includes(id)) return 'written'
  const isNewest = !isOlder(record, found.record)
  if (isNewest) await patchComment(github, found.id, bodyOf(update, record))
  await deleteComment(github, id)
  return isNewest ? 'written' : 'newer'
}

/**
 * Creates or updates a branch's comment. Reads the comments right before, because other runs may have
 * written one. Leaves one comment, from the newest run. Returns `newer` if that is another run, and
 * `none` if there is no comment and `create` is false. Throws
 * `GitHubRefused`.
 */
export const writeComment = async (
  github: GitHub,
  update: CommentUpdate,
): Promise<'written' | 'newer' | 'none'> => {
  const found = await findFor(github, update)
  if (found) return replace(github, found, update)
  if (!update.create) return 'none'
  const record = update.recordAfter(undefined)
  const id = await create(github, update, bodyOf(update, record))
  return converge(github, update, { id, record })
}
