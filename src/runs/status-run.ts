import { observe } from '../auth/observe.ts'
import { urlsOf } from '../auth/urls.ts'
import type { Report } from '../report/report.ts'
import type { BranchIntent, RunContext } from './context.ts'
import { locateExisting } from './locate.ts'
import { authReport } from './reports.ts'

/** Returns a report of the state of auth on the target's branch. Throws `Problem` if the branch does not exist. */
export const statusRun = async ({ target }: BranchIntent, run: RunContext): Promise<Report> => {
  const { neon, log } = run
  const branch = await locateExisting(target, run)
  const observed = await observe(neon, branch, { trustedDomains: [], pruneDomains: false }, log)
  const report: Report = { action: 'status', branch, changes: [] }
  if (observed.auth === 'off') return { ...report, note: 'Neon Auth is off on this branch.' }
  const urls = urlsOf(observed.integration)
  if (!urls) return { ...report, note: 'Neon Auth is on, but Neon returns no URLs for it.' }
  return { ...report, ...authReport(observed, urls) }
}
