import type { FoundBranch } from '../neon/branches.ts'
import { failureSummary } from './failure.ts'
import type { ChangeJournal } from './journal.ts'
import type { Report } from './report.ts'
import { runStamp } from './run-stamp.ts'
import { renderSummary } from './summary.ts'

/** The run and the project that the footer of a comment links to. */
interface CommentSource {
  readonly env: NodeJS.ProcessEnv
  readonly projectId: string
}

const consoleUrl = (branchId: string, projectId: string): string =>
  `https://console.neon.tech/app/projects/${encodeURIComponent(projectId)}/branches/${encodeURIComponent(branchId)}`

/** Returns the footer: when and by which run the comment was written, and a link to the Neon Console. */
const footerOf = (branch: FoundBranch | undefined, { env, projectId }: CommentSource): string => {
  const stamp = runStamp(env, new Date())
  return branch ? `${stamp} · [Neon Console](${consoleUrl(branch.id, projectId)})` : stamp
}

/** Returns the text of a pull request's comment: the job summary without its warnings, and with the comment's own footer. */
export const commentText = (report: Report, source: CommentSource): string =>
  renderSummary(report, [], footerOf(report.branch, source))

/** Returns the text of a comment about a run that failed with `message`. */
export const failureCommentText = (
  message: string,
  journal: ChangeJournal,
  source: CommentSource,
): string => failureSummary(message, journal, [], footerOf(journal.branch, source))
