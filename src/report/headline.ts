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

/** Returns the last line of a run's log. */
export const logHeadline = ({ action, branch }: Pick<Report, 'action' | 'branch'>): string => {
  const { title, log = title } = LOOKS[action]
  return `${log}${branch ? ` on branch ${branch.name}` : ''}.`
}

/** Returns the heading of a run's page as text, without the name of its branch. */
export const pageTitle = (action: ActionTaken): string => {
  const { icon, title } = LOOKS[action]
  return `${icon} ${title}`
}
