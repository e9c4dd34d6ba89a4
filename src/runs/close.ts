import type { Inputs } from '../action/inputs.ts'
import type { Target } from '../action/intent.ts'
import { guardBranch } from '../auth/guard.ts'
import { observeClosing } from '../auth/observe.ts'
import { type DesiredClose, planClose } from '../auth/plan.ts'
import { type ClosedAuth, turnOffAuth } from '../auth/turn-off.ts'
import type { Report } from '../report/report.ts'
import { type BranchIntent, handsFor, type RunContext, selectBranch } from './context.ts'
import { locate, withHead } from './locate.ts'
import { comment, commentOf } from './pull-request-comment.ts'
import { planned } from './reports.ts'
import { type Domains, domainsOf } from './wanted-domains.ts'

const NO_DOMAINS: Domains = { trusted: [], deployed: {} }
const NOTHING_THERE =
  'The Neon branch of this run does not exist (any more): there is nothing to close.'

const noteOn = ({ action }: ClosedAuth, { deleteData, trustedDomains }: DesiredClose): string => {
  if (action === 'already_gone' && deleteData) {
    return 'Auth was off already, so its data was not touched: where an earlier close kept it, it is still in the branch. Deleting the branch, or DROP SCHEMA neon_auth CASCADE, removes it.'
  }
  if (action === 'disabled' && !deleteData) {
    return 'Its data is kept in the schema neon_auth. If the pull request is reopened, Neon will not enable auth over it: see `on_orphan_schema` and `delete_data`.'
  }
  if (action === 'untrusted' && trustedDomains.length === 0) {
    return '`on_close: untrust` removes the domains named in `trusted_domains`; none were named.'
  }
  return ''
}

/** What closing means by the inputs, for a pull request with these domains. */
export const desiredClose = (
  { deleteData, onClose }: Inputs,
  trustedDomains: readonly string[],
): DesiredClose => ({
  onClose: onClose === 'untrust' ? 'untrust' : 'disable',
  deleteData,
  trustedDomains,
})

/**
 * Closes auth on the target's branch as `on_close` says. A branch that is gone, and auth that is
 * off, is success. Throws `Problem` when the branch is guarded and when Neon refuses.
 */
export const closeRun = async (intent: BranchIntent, run: RunContext): Promise<Report> => {
  const { inputs, log, neon, progress } = run
  if (inputs.deleteData && inputs.onClose === 'untrust') {
    log.warning('`delete_data` does nothing with `on_close: untrust`: auth stays on.')
  }
  const target = await withHead(intent.target, run)
  const [{ branch }, earlier] = await Promise.all([locate(target, run), commentOf(target, run)])
  if (!branch) {
    log.info(NOTHING_THERE)
    const gone: Report = { action: 'already_gone', changes: [], note: NOTHING_THERE }
    if (!inputs.dryRun) await comment(gone, target, { earlier, domains: NO_DOMAINS }, run)
    return gone
  }
  selectBranch(branch, run)
  guardBranch(branch, inputs.allowProtected)
  const domains = await ownDomains(target, run)
  const desired = desiredClose(inputs, [
    ...domains.trusted,
    ...Object.values(earlier.found?.record.deployed ?? {}),
  ])
  if (inputs.dryRun) {
    const { state } = await observeClosing(neon, branch, desired.onClose)
    return planned(planClose(desired, state), branch, log)
  }
  const closed = await turnOffAuth(desired, handsFor(branch, run))
  const note = noteOn(closed, desired)
  if (note) log.info(note)
  const report: Report = { ...closed, branch, changes: progress.changes, ...(note && { note }) }
  await comment(report, target, { earlier, domains }, run)
  return report
}

/** Domains matter to a close only where they are what it removes. */
const ownDomains = async (target: Target, run: RunContext): Promise<Domains> =>
  run.inputs.onClose === 'untrust' ? domainsOf(target, run) : NO_DOMAINS
