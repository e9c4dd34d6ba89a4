import { describeUnfinishedRestores } from '../auth/moved-data.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { RunContext } from './context.ts'

/**
 * Warns if `delete_data` is set but an interrupted restore left auth data on the branch. Neon deletes only
 * the schema `neon_auth`, so the next restore would bring that data back. Checks only with `on_orphan_schema: restore`.
 */
export const warnAboutUndeleted = async (branch: FoundBranch, run: RunContext): Promise<void> => {
  const { onOrphanSchema, deleteData, database } = run.inputs
  if (onOrphanSchema !== 'restore' || !deleteData) return
  for (const sentence of await describeUnfinishedRestores({ ...run, branch }, database))
    run.log.warning(`\`delete_data\` deletes only the schema neon_auth. ${sentence}`)
}
