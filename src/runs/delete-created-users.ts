import type { ChangeContext } from '../auth/context.ts'
import { BranchGone } from '../auth/preconditions.ts'
import { RunAborted } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { messageOf, Problem } from '../core/problem.ts'
import type { SearchContext } from '../session/find-created-users.ts'
import { deleteUsers } from '../settings/users.ts'
import type { RunContext } from './context.ts'

const warnUsersRemain = (error: unknown, { log }: { readonly log: Log }): void =>
  log.warning(
    `The test users that runs of this pull request created were not deleted: ${messageOf(error)}`,
  )

/**
 * Returns the IDs of the users that runs of a pull request created for `e2e_session: true`. A failed lookup
 * must not keep auth on, so it only warns and returns an empty list.
 */
export const listCreatedUsers = async (
  prNumber: number | undefined,
  context: SearchContext,
): Promise<string[]> => {
  // Few runs need this, and it loads the database driver.
  const { findCreatedUsers } = await import('../session/find-created-users.ts')
  try {
    return await findCreatedUsers(prNumber, context)
  } catch (error) {
    if (error instanceof RunAborted) throw error
    warnUsersRemain(error, context)
    return []
  }
}

/**
 * Deletes the users that runs of a pull request created for `e2e_session: true`. A failed deletion must not
 * keep auth on, so it only warns. Throws if the run must stop, such as for a branch that is gone.
 */
export const deleteCreatedUsers = async (
  prNumber: number | undefined,
  context: ChangeContext,
  run: RunContext,
): Promise<void> => {
  const ids = await listCreatedUsers(prNumber, { ...run, ...context })
  try {
    await deleteUsers(ids, context)
  } catch (error) {
    const isFatal = error instanceof RunAborted || error instanceof BranchGone
    if (isFatal || !(error instanceof Problem)) throw error
    warnUsersRemain(error, context)
  }
}
