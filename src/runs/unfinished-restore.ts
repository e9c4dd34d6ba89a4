import { unfinishedRestores } from '../auth/moved-data.ts'
import type { Change } from '../auth/plan.ts'
import { type FoundBranch, isYoung } from '../neon/branches.ts'
import type { RunContext } from './context.ts'

/**
 * Whether an interrupted restore may have left data, so that a look over SQL is worth its requests: if
 * the pull request is not new, but auth was off and no leftover schema was in the way. If one was, the
 * run has looked already.
 */
const mayBeThere = ({ event, journal }: RunContext): boolean => {
  const has = (kind: Change['change']): boolean =>
    journal.applied.some(({ change }) => change === kind)
  return event.action !== 'opened' && has('enable_auth') && !has('delete_orphan_schema')
}

/** Warns of auth data that an interrupted restore has left, if this enabling run does not restore it. */
export const warnOfUnfinishedRestore = async (
  branch: FoundBranch,
  run: RunContext,
): Promise<void> => {
  const { onOrphanSchema, database } = run.inputs
  if (onOrphanSchema === 'restore' || isYoung(branch) || !mayBeThere(run)) return
  for (const sentence of await unfinishedRestores({ ...run, branch }, database))
    run.log.warning(sentence)
}

/**
 * Warns of auth data that an interrupted restore has left on a branch whose auth data was to be deleted:
 * Neon deletes only the schema `neon_auth`, and the next restore would bring the rest back.
 */
export const warnOfUndeleted = async (branch: FoundBranch, run: RunContext): Promise<void> => {
  const { onOrphanSchema, deleteData, database } = run.inputs
  if (onOrphanSchema !== 'restore' || !deleteData) return
  for (const sentence of await unfinishedRestores({ ...run, branch }, database))
    run.log.warning(`\`delete_data\` deletes only the schema neon_auth. ${sentence}`)
}
