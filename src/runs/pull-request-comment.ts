import type { Target } from '../action/intent.ts'
import { PullRequestClosed, PullRequestReopened } from '../auth/context.ts'
import { RunAborted, RunCanceled } from '../core/deadline.ts'
import type { CommentRecord } from '../github/comment-record.ts'
import type { FoundComment, OwnComments } from '../github/find-own-comments.ts'
import {
  type CommentSubject,
  type CommentUpdate,
  commentFor,
  writeComment,
} from '../github/write-comment.ts'
import type { FoundBranch } from '../neon/branches.ts'
import { toProblem } from '../neon/errors.ts'
import { type CurrentDeployments, recordedDomains } from '../preview/former-domains.ts'
import { commentText, failureCommentText } from '../report/comment.ts'
import { describeFailure } from '../report/failure.ts'
import type { ActionTaken, Report } from '../report/report.ts'
import { bestEffort, warnNoToken } from './best-effort.ts'
import type { RunContext } from './context.ts'
import type { Domains } from './wanted-domains.ts'

const runOf = ({ env }: RunContext): Pick<CommentRecord, 'run' | 'attempt'> => ({
  run: Number(env['GITHUB_RUN_ID']) || 0,
  attempt: Number(env['GITHUB_RUN_ATTEMPT']) || 0,
})

/** Returns what this run knows about the pull request's deployments, for its record. */
export const currentDeployments = (
  { deployed, unsettled, isComplete }: Domains,
  run: RunContext,
): CurrentDeployments => ({ ...runOf(run), deployed, unsettled, isComplete })

/** The comments that earlier runs wrote on the pull request. */
export interface Earlier {
  /** `false` if GitHub did not answer: there may be comments. */
  readonly isKnown: boolean
  readonly comments: readonly FoundComment[]
}

/** Reads the comments that earlier runs wrote on the pull request. If GitHub refuses, logs a warning. */
export const commentOf = async ({ prNumber }: Target, run: RunContext): Promise<Earlier> => {
  const { inputs, ownComments } = run
  const unknown: Earlier = { isKnown: false, comments: [] }
  if (!inputs.comment || prNumber === undefined || !ownComments) return unknown
  const read = async (): Promise<Earlier> => ({
    isKnown: true,
    comments: await ownComments.list(prNumber),
  })
  return (await bestEffort('The comment could not be read', run, read)) ?? unknown
}

/** Returns what earlier runs recorded about a branch of the pull request. */
export const recordFor = (
  { comments }: Earlier,
  { id, name }: Pick<FoundBranch, 'id' | 'name'>,
): CommentRecord | undefined => commentFor(comments, { id, name })?.record

const originOf = ({ env, neon }: RunContext) => ({ env, projectId: neon.projectId })

/** Turns a timeout into an ordinary failure, because the run's work is done by then. */
const withinTime = async <T>(write: () => Promise<T>): Promise<T> => {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof RunAborted) || error instanceof RunCanceled) throw error
    throw new Error(error.message, { cause: error })
  }
}

/** Whether a run with this outcome creates a comment, or only updates one. */
const IS_NEWS: Readonly<Record<ActionTaken, boolean>> = {
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

/** What a run writes on the pull request about one branch. */
interface Page {
  readonly branch?: FoundBranch | undefined
  readonly markdown: string
  /** The deployments to record, based on the record that this one replaces. */
  readonly deployed: (before: CommentRecord | undefined) => CommentRecord['deployed']
  /** Whether to write a comment if there is none. */
  readonly create: boolean
}

const mayComment = ({ prNumber }: Target, { inputs }: RunContext): boolean =>
  inputs.comment && !inputs.dryRun && prNumber !== undefined

/** Writes a comment. If GitHub refuses, logs a warning. */
const write = async (
  { branch, markdown, deployed, create }: Page,
  { prNumber = 0, branch: input }: Target,
  own: OwnComments,
  run: RunContext,
): Promise<void> => {
  const subject: CommentSubject = branch ? { id: branch.id, name: branch.name } : { gone: input }
  const update: CommentUpdate = {
    number: prNumber,
    subject,
    markdown,
    recordAfter: (before) => {
      const named = 'gone' in subject ? before?.branch : subject
      return { ...runOf(run), ...(named && { branch: named }), deployed: deployed(before) }
    },
    create,
  }
  const send = () => withinTime(() => writeComment(own, update))
  const result = await bestEffort('The comment could not be written', run, send)
  if (result === 'newer') run.log.info('A newer run has written the comment; it is left as it is.')
}

/**
 * Creates or updates the pull request's comment for a branch (`comment: true`). A dry run writes
 * nothing, and a run never overwrites the comment of a newer run. If GitHub refuses, logs a warning.
 */
export const comment = async (
  report: Report,
  target: Target,
  { earlier, domains }: { earlier: Earlier; domains: Domains },
  run: RunContext,
): Promise<void> => {
  if (!mayComment(target, run)) return
  if (!run.ownComments) {
    warnNoToken('comment', run)
    return
  }
  // If the comment could not be read, writing one would lose what earlier runs recorded.
  if (!earlier.isKnown) return
  const { branch, action, diagnosis } = report
  const current = currentDeployments(domains, run)
  const page: Page = {
    branch,
    markdown: commentText(report, originOf(run)),
    deployed: (before) => recordedDomains(before, current, report.auth && report.trustedDomains),
    create: IS_NEWS[action] || diagnosis !== undefined,
  }
  await write(page, target, run.ownComments, run)
}

/** Says in the comment why the run failed. Keeps the deployments that earlier runs recorded. */
const commentFailure = async (error: unknown, target: Target, run: RunContext): Promise<void> => {
  const { ownComments, journal } = run
  if (!mayComment(target, run) || !ownComments) return
  const { branch } = journal
  const message = describeFailure(toProblem(error, 'This run failed.'))
  const page: Page = {
    branch,
    markdown: failureCommentText(message, journal, originOf(run)),
    deployed: (before) => before?.deployed ?? [],
    create: branch !== undefined,
  }
  await write(page, target, ownComments, run)
}

/** Errors that end a run early without a failure, and timeouts, which leave no time for a comment. */
const isNoFailure = (error: unknown): boolean =>
  error instanceof PullRequestClosed ||
  error instanceof PullRequestReopened ||
  error instanceof RunAborted

/**
 * Runs `work`. If it fails, the pull request's comment says so (`comment: true`): otherwise it would
 * still show the success of an earlier run. Throws what `work` throws.
 */
export const withFailureComment = async <T>(
  target: Target,
  run: RunContext,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!isNoFailure(error)) await commentFailure(error, target, run)
    throw error
  }
}
