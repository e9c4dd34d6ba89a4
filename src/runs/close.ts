import type { Inputs } from '../action/inputs.ts'
import { type Closed, close } from '../auth/close.ts'
import { guardBranch } from '../auth/guard.ts'
import { observeClosing } from '../auth/observe.ts'
import { type DesiredClose, planClose } from '../auth/plan.ts'
import type { Report } from '../report/report.ts'
import { type Acting, actOn, handsFor, type Run } from './context.ts'
import { locate } from './locate.ts'
import { planned } from './reports.ts'

const NOTHING_THERE =
  'The Neon branch of this run does not exist (any more): there is nothing to close.'

const noteOn = ({ action }: Closed, { deleteData, trustedDomains }: Inputs): string => {
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

const desiredOf = (inputs: Inputs, { log }: Run): DesiredClose => {
  const { deleteData, trustedDomains } = inputs
  const onClose = inputs.onClose === 'untrust' ? 'untrust' : 'disable'
  if (deleteData && onClose === 'untrust') {
    log.warning('`delete_data` does nothing with `on_close: untrust`: auth stays on.')
  }
  return { onClose, deleteData, trustedDomains }
}

/**
 * Closes auth on the target's branch as `on_close` says. A branch that is gone, and auth that is
 * off, is success. Throws `Problem` when the branch is guarded and when Neon refuses.
 */
export const closeRun = async ({ target }: Acting, run: Run): Promise<Report> => {
  const { inputs, log, neon, progress } = run
  const desired = desiredOf(inputs, run)
  const { branch } = await locate(target, run)
  if (!branch) {
    log.info(NOTHING_THERE)
    return { action: 'already_gone', changes: [], note: NOTHING_THERE }
  }
  actOn(branch, run)
  guardBranch(branch, inputs.allowProtected)
  if (inputs.dryRun) {
    const { state } = await observeClosing(neon, branch, desired.onClose)
    return planned(planClose(desired, state), branch, log)
  }
  const closed = await close(desired, handsFor(branch, run))
  const note = noteOn(closed, inputs)
  if (note) log.info(note)
  return { ...closed, branch, changes: progress.changes, ...(note && { note }) }
}
