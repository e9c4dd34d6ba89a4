import type { Verdict } from '../doctor/finding.ts'
import type { ActionTaken, Report } from './report.ts'

interface Look {
  /** Tells the outcomes apart at a glance. */
  readonly icon: string
  /** The heading of the summary and the comment. */
  readonly title: string
  /** The last line of the log, if it differs. */
  readonly log?: string
}

const READY = { icon: '✅', title: 'Neon Auth ready' }

const LOOKS: Record<ActionTaken, Look> = {
  enabled: { ...READY, log: 'Neon Auth enabled' },
  updated: { ...READY, log: 'Neon Auth updated' },
  unchanged: { ...READY, log: 'Neon Auth already up to date' },
  disabled: { icon: '🔒', title: 'Neon Auth disabled' },
  untrusted: { icon: '✂️', title: "Neon Auth no longer trusts this pull request's domains" },
  kept: { icon: '⏸️', title: 'Neon Auth left unchanged' },
  already_gone: { icon: '☑️', title: 'Neon Auth was already off' },
  skipped: { icon: '⏭️', title: 'Neon Auth skipped' },
  planned: { icon: '📝', title: 'Neon Auth dry run' },
  swept: { icon: '🧹', title: 'Neon Auth sweep' },
  status: { icon: '🔎', title: 'Neon Auth status' },
}

/** How the doctor's results look. Its action is `status`. */
const VERDICTS: Record<Verdict, Look> = {
  healthy: { icon: '🩺', title: 'Neon Auth is healthy' },
  problems_found: { icon: '🩺', title: 'Neon Auth has problems' },
  could_not_tell: { icon: '🩺', title: 'Neon Auth could not be fully checked' },
}

type Titled = Pick<Report, 'action' | 'diagnosis'>

const lookOf = ({ action, diagnosis }: Titled): Look =>
  diagnosis ? VERDICTS[diagnosis.verdict] : LOOKS[action]

/** Returns the last line of a run's log. */
export const logHeadline = (report: Titled & Pick<Report, 'branch'>): string => {
  const { branch } = report
  const { title, log = title } = lookOf(report)
  return `${log}${branch ? ` on branch ${branch.name}` : ''}.`
}

/** Returns the heading of a run's page as text, without the name of its branch. */
export const pageTitle = (report: Titled): string => {
  const { icon, title } = lookOf(report)
  return `${icon} ${title}`
}
