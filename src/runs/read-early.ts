import type { Target } from '../action/intent.ts'
import { isRecent, markRead, type ReadMark } from '../auth/preconditions.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { RunContext } from './context.ts'

/** Matches branch IDs, and some names. The early state of a name is discarded. */
const MAYBE_ID = /^br-[a-z0-9-]+$/

/** A state that was read while the run was still looking for its branch. */
export interface EarlyState<T> {
  readonly state: T
  /** When the read began. */
  readonly since: ReadMark
}

/** Returns the early state if it belongs to `branch` and is recent, otherwise `undefined`. */
export type GetEarlyState<T> = (branch: FoundBranch) => Promise<EarlyState<T> | undefined>

/**
 * Starts reading the state of a branch whose ID is known, in parallel with the search for the branch.
 * Returns a function that returns this state. If the read failed, that function returns `undefined`. The
 * caller then reads again and reports the failure.
 */
export const readEarly = <T>(
  { branch: id }: Target,
  { deadline }: RunContext,
  read: (branch: Pick<FoundBranch, 'id' | 'name'>) => Promise<T>,
): GetEarlyState<T> => {
  if (id === undefined || !MAYBE_ID.test(id)) return async () => undefined
  const since = markRead(deadline)
  const reading = read({ id, name: id }).catch(() => undefined)
  return async (branch) => {
    const state = await reading
    const isUsable = state !== undefined && branch.id === id && isRecent(since, deadline)
    return isUsable ? { state, since } : undefined
  }
}
