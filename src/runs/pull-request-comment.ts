import type { Target } from '../action/intent.ts'
import { PullRequestClosed, PullRequestReopened } from '../auth/context.ts'
import { RunAborted, RunCancelled } from '../core/deadline.ts'
import type { GitHub } from '../github/api.ts'
import type { CommentRecord } from '../github/comment-record.ts'
import {
  type CommentSubject,
  type CommentUpdate,
  commentFor,
  type FoundComment,
  listOwnComments,
  writeComment,
} from '../github/comments.ts'
import type { FoundBranch } from '../neon/branches.ts'
import { toProblem } from '../neon/errors.ts'
import { type CurrentDeployments, recordedDomains } from '../preview/former-domains.ts'
import { describeFailure, failureSummary } from '../report/failure.ts'
import type { Report } from '../report/report.ts'
import { runStamp } from '../report/run-stamp.ts'
import { summaryOf } from '../report/summary.ts'
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
  const { github, inputs, neon } = run
  const unknown: Earlier = { isKnown: false, comments: [] }
  if (!inputs.comment || prNumber === undefined || !github) return unknown
  const read = async (): Promise<Earlier> => ({
    isKnown: true,
    comments: await listOwnComments(github, prNumber, neon.projectId),
  })
  return (await bestEffort('The comment could not be read', run, read)) ?? unknown
}

/** Returns what earlier runs recorded about a branch of the pull request. */
export const recordFor = (
  { comments }: Earlier,
  { id, name }: Pick<FoundBranch, 'id' | 'name'>,
): CommentRecord | undefined => commentFor(comments, { id, name })?.record

const consoleUrl = (branchId: string, projectId: string): string =>
  `https://console.neon.tech/app/projects/${encodeURIComponent(projectId)}/branches/${encodeURIComponent(branchId)}`

/** Returns the footer of a comment: when and by which run it was written, and a link to the Neon Console. */
const footerOf = ({ branch }: Pick<Report, 'branch'>, { env, neon }: RunContext): string => {
  const stamp = runStamp(env, new Date())
  return branch ? `${stamp} · [Neon Console](${consoleUrl(branch.id, neon.projectId)})` : stamp
}

/** Turns a timeout into an ordinary failure, because the run's work is done by then. */
const withinTime = async <T>(write: () => Promise<T>): Promise<T> => {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof RunAborted) || error instanceof RunCancelled) throw error
    throw new Error(error.message, { cause: error })
  }
}

/** Outcomes for which a comment is created. Others only update one. */
const NEWS = ['enabled', 'updated', 'unchanged', 'disabled', 'untrusted']

const subjectOf = ({ branch }: Pick<Report, 'branch'>, target: Target): CommentSubject =>
  branch ? { id: branch.id, name: branch.name } : { gone: target.branch }

/** Writes a comment, with a warning if GitHub refuses. */
const write = async (github: GitHub, update: CommentUpdate, run: RunContext): Promise<void> => {
  const send = () => withinTime(() => writeComment(github, update))
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
  const { github, inputs, neon } = run
  const { prNumber } = target
  if (!inputs.comment || inputs.dryRun || prNumber === undefined) return
  if (!github) {
    warnNoToken('comment', run)
    return
  }
  // If the comment could not be read, writing one would lose what earlier runs recorded.
  if (!earlier.isKnown) return
  const { projectId } = neon
  const subject = subjectOf(report, target)
  const current = currentDeployments(domains, run)
  const recordAfter = (before: CommentRecord | undefined): CommentRecord => {
    const branch = 'gone' in subject ? before?.branch : subject
    const deployed = recordedDomains(before, current, report.auth && report.trustedDomains)
    return { ...runOf(run), ...(branch && { branch }), deployed }
  }
  const markdown = summaryOf(report, [], footerOf(report, run))
  const create = NEWS.includes(report.action) || report.diagnosis !== undefined
  const update = { number: prNumber, projectId, subject, markdown, recordAfter, create }
  await write(github, update, run)
}

/** Says in the comment why the run failed. Keeps the deployments that earlier runs recorded. */
const commentFailure = async (error: unknown, target: Target, run: RunContext): Promise<void> => {
  const { github, inputs, neon, journal } = run
  const { prNumber } = target
  if (!inputs.comment || inputs.dryRun || prNumber === undefined || !github) return
  const { branch } = journal
  const message = describeFailure(toProblem(error, 'This run failed.'))
  const known = { ...(branch && { branch }) }
  const subject = subjectOf(known, target)
  const named = 'gone' in subject ? {} : { branch: subject }
  const update: CommentUpdate = {
    number: prNumber,
    projectId: neon.projectId,
    subject,
    markdown: failureSummary(message, journal, [], footerOf(known, run)),
    recordAfter: (before) => ({
      ...before,
      ...runOf(run),
      ...named,
      deployed: before?.deployed ?? [],
    }),
    create: branch !== undefined,
  }
  await write(github, update, run)
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
