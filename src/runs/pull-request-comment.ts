import type { Target } from '../action/intent.ts'
import { PullRequestClosed, PullRequestReopened } from '../auth/context.ts'
import { RunAborted, RunCanceled } from '../core/deadline.ts'
import type { CommentRecord, RunAttempt } from '../github/comment-record.ts'
import type { FoundComment, OwnComments } from '../github/endpoints/find-own-comments.ts'
import {
  type CommentSubject,
  type CommentUpdate,
  findBranchComment,
  writeComment,
} from '../github/endpoints/write-comment.ts'
import type { FoundBranch } from '../neon/branches.ts'
import { toProblem } from '../neon/errors.ts'
import { type CurrentDeployments, recordedDomains } from '../preview/former-domains.ts'
import type { ActionTaken } from '../report/action-taken.ts'
import { commentText, failureCommentText } from '../report/comment.ts'
import { describeFailure } from '../report/failure.ts'
import type { Report } from '../report/report.ts'
import { bestEffort, warnNoToken } from './best-effort.ts'
import type { Domains } from './collect-domains.ts'
import type { RunContext } from './context.ts'

const runAttempt = ({ env }: RunContext): RunAttempt => ({
  run: Number(env['GITHUB_RUN_ID']) || 0,
  attempt: Number(env['GITHUB_RUN_ATTEMPT']) || 0,
})

/** Returns the pull request's deployments as this run sees them, for the record in the comment. */
export const currentDeployments = (
  { deployed, unsettled, isComplete }: Domains,
  run: RunContext,
): CurrentDeployments => ({ ...runAttempt(run), deployed, unsettled, isComplete })

/**
 * Reads the comments that earlier runs wrote on the pull request. If GitHub refuses, logs a warning and
 * returns none. Then no recorded domain counts as former.
 */
export const readEarlierComments = async (
  { prNumber }: Target,
  run: RunContext,
): Promise<readonly FoundComment[]> => {
  const { inputs, ownComments } = run
  if (!inputs.comment || prNumber === undefined || !ownComments) return []
  const read = () => ownComments.list(prNumber)
  return (await bestEffort('The comment could not be read', run, read)) ?? []
}

/** Returns the record of earlier runs about a branch of the pull request. */
export const recordFor = (
  comments: readonly FoundComment[],
  branch: FoundBranch,
): CommentRecord | undefined => findBranchComment(comments, branch)?.record

const sourceOf = ({ env, neon }: RunContext) => ({ env, projectId: neon.projectId })

/** Runs `write`. Turns a timeout into an ordinary error, because the run has already done its work. */
const withTimeoutAsError = async <T>(write: () => Promise<T>): Promise<T> => {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof RunAborted) || error instanceof RunCanceled) throw error
    throw new Error(error.message, { cause: error })
  }
}

/** Whether a run with this outcome creates a comment if there is none. */
const CREATES_COMMENT: Readonly<Record<ActionTaken, boolean>> = {
  enabled: true,
  updated: true,
  unchanged: true,
  disabled: true,
  untrusted: true,
  kept: false,
  already_gone: false,
  skipped: false,
  planned: false,
  swept: false,
  status: false,
}

/** A comment to write about one branch. */
interface PendingComment {
  readonly branch?: FoundBranch | undefined
  readonly markdown: string
  /** Returns the deployments to record. `before` is the record that the new one replaces. */
  readonly deployed: (before: CommentRecord | undefined) => CommentRecord['deployed']
  /** Whether to create the comment if there is none. */
  readonly createIfMissing: boolean
}

const canComment = ({ prNumber }: Target, { inputs }: RunContext): boolean =>
  inputs.comment && !inputs.dryRun && prNumber !== undefined

/** Writes a comment. If GitHub refuses, logs a warning. */
const writeBranchComment = async (
  { branch, markdown, deployed, createIfMissing }: PendingComment,
  { prNumber = 0, branch: requested }: Target,
  ownComments: OwnComments,
  run: RunContext,
): Promise<void> => {
  const subject: CommentSubject = branch
    ? { id: branch.id, name: branch.name }
    : { gone: requested }
  const update: CommentUpdate = {
    number: prNumber,
    subject,
    markdown,
    recordAfter: (before) => {
      const recorded = 'gone' in subject ? before?.branch : subject
      return {
        ...runAttempt(run),
        ...(recorded && { branch: recorded }),
        deployed: deployed(before),
      }
    },
    createIfMissing,
  }
  const send = () => withTimeoutAsError(() => writeComment(ownComments, update))
  const result = await bestEffort('The comment could not be written', run, send)
  if (result === 'newer')
    run.log.info('A newer run has written the comment, so this run does not change it.')
}

/**
 * Creates or updates the pull request's comment for a branch (`comment: true`). Writes nothing in a dry run,
 * and never overwrites the comment of a newer run. If GitHub refuses, logs a warning.
 */
export const updateComment = async (
  report: Report,
  target: Target,
  domains: Domains,
  run: RunContext,
): Promise<void> => {
  if (!canComment(target, run)) return
  if (!run.ownComments) {
    warnNoToken('comment', run)
    return
  }
  const { branch, action, diagnosis } = report
  const current = currentDeployments(domains, run)
  const comment: PendingComment = {
    branch,
    markdown: commentText(report, sourceOf(run)),
    deployed: (before) => recordedDomains(before, current, report.auth && report.trustedDomains),
    createIfMissing: CREATES_COMMENT[action] || diagnosis !== undefined,
  }
  await writeBranchComment(comment, target, run.ownComments, run)
}

/** Writes the error of a failed run into the comment. Keeps the deployments that earlier runs recorded. */
const commentFailure = async (error: unknown, target: Target, run: RunContext): Promise<void> => {
  const { ownComments, journal } = run
  if (!canComment(target, run) || !ownComments) return
  const { branch } = journal
  const message = describeFailure(toProblem(error, 'This run failed.'))
  const comment: PendingComment = {
    branch,
    markdown: failureCommentText(message, journal, sourceOf(run)),
    deployed: (before) => before?.deployed ?? [],
    createIfMissing: branch !== undefined,
  }
  await writeBranchComment(comment, target, ownComments, run)
}

/** Returns whether the comment should show an error. A skip is not a failure, and a timeout leaves no time. */
const isReportable = (error: unknown): boolean =>
  !(
    error instanceof PullRequestClosed ||
    error instanceof PullRequestReopened ||
    error instanceof RunAborted
  )

/**
 * Runs `work`. If it fails, updates the pull request's comment (`comment: true`) and rethrows the error.
 * Otherwise, the comment would still show an earlier success.
 */
export const withFailureComment = async <T>(
  target: Target,
  run: RunContext,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (isReportable(error)) await commentFailure(error, target, run)
    throw error
  }
}
