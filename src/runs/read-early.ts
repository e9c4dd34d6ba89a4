import type { Target } from '../action/intent.ts'
import { isRecent, markRead, type ReadMark } from '../auth/preconditions.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { RunContext } from './context.ts'

/** The form of branch IDs. A name may have it too, and then the state does not count. */
const MAYBE_ID = /^br-[a-z0-9-]+$/

/** A state that was read while the run was still looking for its branch. */
export interface EarlyState<T> {
  readonly state: T
  /** When reading it began. */
  readonly since: ReadMark
}

/** Returns the state if it is the one of `branch` and was read just now, otherwise `undefined`. */
export type TakeEarly<T> = (branch: FoundBranch) => Promise<EarlyState<T> | undefined>

/**
 * Starts to read the state of a branch whose ID is known, in parallel with looking for the branch. The
 * state counts only once the branch is confirmed: pass that to the function that this returns. If
 * reading fails, the state is absent, so that the caller reads it again and reports the failure.
 */
export const readEarly = <T>(
  { branch: id }: Target,
  { deadline }: RunContext,
  read: (branch: Pick<FoundBranch, 'id' | 'name'>) => Promise<T>,
): TakeEarly<T> => {
  if (id === undefined || !MAYBE_ID.test(id)) return async () => undefined
  const since = markRead(deadline)
  const reading = read({ id, name: id }).catch(() => undefined)
  return async (branch) => {
    const state = await reading
    const counts = state !== undefined && branch.id === id && isRecent(since, deadline)
    return counts ? { state, since } : undefined
  }
}
