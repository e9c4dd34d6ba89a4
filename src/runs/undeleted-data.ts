import { describeUnfinishedRestores } from '../auth/moved-data.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { RunContext } from './context.ts'

/**
 * Warns of auth data that an interrupted restore has left on a branch whose auth data was to be deleted:
 * Neon deletes only the schema `neon_auth`, and the next restore would bring the rest back.
 */
export const warnOfUndeleted = async (branch: FoundBranch, run: RunContext): Promise<void> => {
  const { onOrphanSchema, deleteData, database } = run.inputs
  if (onOrphanSchema !== 'restore' || !deleteData) return
  for (const sentence of await describeUnfinishedRestores({ ...run, branch }, database))
    run.log.warning(`\`delete_data\` deletes only the schema neon_auth. ${sentence}`)
}
