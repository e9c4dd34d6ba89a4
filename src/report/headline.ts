import type { Verdict } from '../doctor/finding.ts'
import type { ActionTaken } from './action-taken.ts'
import type { Report } from './report.ts'

interface Headline {
  readonly icon: string
  /** The heading of the summary and the comment. */
  readonly title: string
  /** The start of the last line of the log, if it differs. */
  readonly logTitle?: string
}

const READY = { icon: '✅', title: 'Neon Auth ready' }

const HEADLINES: Record<ActionTaken, Headline> = {
  enabled: { ...READY, logTitle: 'Neon Auth enabled' },
  updated: { ...READY, logTitle: 'Neon Auth updated' },
  unchanged: { ...READY, logTitle: 'Neon Auth already up to date' },
  disabled: { icon: '🔒', title: 'Neon Auth disabled' },
  untrusted: { icon: '✂️', title: "Neon Auth no longer trusts this pull request's domains" },
  kept: { icon: '⏸️', title: 'Neon Auth left unchanged' },
  already_gone: { icon: '☑️', title: 'Neon Auth was already off' },
  skipped: { icon: '⏭️', title: 'Neon Auth skipped' },
  planned: { icon: '📝', title: 'Neon Auth dry run' },
  swept: { icon: '🧹', title: 'Neon Auth sweep' },
  status: { icon: '🔎', title: 'Neon Auth status' },
}

/** The headlines of `mode: doctor`, whose action is `status`. */
const VERDICTS: Record<Verdict, Headline> = {
  healthy: { icon: '🩺', title: 'Neon Auth is healthy' },
  problems_found: { icon: '🩺', title: 'Neon Auth has problems' },
  could_not_tell: { icon: '🩺', title: 'Neon Auth could not be fully checked' },
}

const headlineOf = ({ action, diagnosis }: Report): Headline =>
  diagnosis ? VERDICTS[diagnosis.verdict] : HEADLINES[action]

/** Returns the last line of a run's log. */
export const logHeadline = (report: Report): string => {
  const { branch } = report
  const { title, logTitle = title } = headlineOf(report)
  return `${logTitle}${branch ? ` on branch ${branch.name}` : ''}.`
}

/** Returns the heading of a run's summary and comment, without the name of its branch. */
export const pageTitle = (report: Report): string => {
  const { icon, title } = headlineOf(report)
  return `${icon} ${title}`
}
