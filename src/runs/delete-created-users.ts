import type { ChangeContext } from '../auth/context.ts'
import { BranchGone } from '../auth/preconditions.ts'
import { RunAborted } from '../core/deadline.ts'
import { messageOf, Problem } from '../core/problem.ts'
import type { SearchContext } from '../session/find-created-users.ts'
import { deleteUsers } from '../settings/users.ts'
import type { RunContext } from './context.ts'

const warnThatTheyStay = (error: unknown, { log }: Pick<SearchContext, 'log'>): void =>
  log.warning(`The test users that runs of this pull request created stay: ${messageOf(error)}`)

/**
 * Returns the IDs of the users that runs of a pull request created for `e2e_session: true`. If the database
 * does not answer, warns and returns none: that must not keep auth on.
 */
export const createdUsers = async (
  prNumber: number | undefined,
  context: SearchContext,
): Promise<string[]> => {
  // Few runs need this, and it loads the database driver.
  const { findCreatedUsers } = await import('../session/find-created-users.ts')
  try {
    return await findCreatedUsers(prNumber, context)
  } catch (error) {
    if (error instanceof RunAborted) throw error
    warnThatTheyStay(error, context)
    return []
  }
}

/**
 * Deletes the users that runs of a pull request created for `e2e_session: true`. If one cannot be deleted,
 * warns: that must not keep auth on.
 */
export const deleteCreatedUsers = async (
  prNumber: number | undefined,
  context: ChangeContext,
  run: RunContext,
): Promise<void> => {
  const ids = await createdUsers(prNumber, { ...run, ...context })
  try {
    await deleteUsers(ids, context)
  } catch (error) {
    const endsRun = error instanceof RunAborted || error instanceof BranchGone
    if (endsRun || !(error instanceof Problem)) throw error
    warnThatTheyStay(error, context)
  }
}
