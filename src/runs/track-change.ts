import { isDeepStrictEqual } from 'node:util'
import type { Change } from '../auth/plan.ts'
import { RunAborted } from '../core/deadline.ts'
import { findLostWrite } from '../network/lost-writes.ts'
import type { ChangeJournal } from '../report/journal.ts'

/** The errors of lost writes for which a change is listed. Work that is a part of other work is tracked itself. */
const attributed = new WeakSet<Error>()

/** Returns whether a later change leaves no doubt about an earlier one: it is the same, or sets the same values. */
const isSettled = (earlier: Change, later: Change): boolean => {
  if (earlier.change !== later.change) return false
  if (!('set' in earlier && 'set' in later)) return isDeepStrictEqual(earlier, later)
  return isDeepStrictEqual(Object.keys(earlier.set), Object.keys(later.set))
}

/**
 * Runs `work`, which applies `change`, and lists the change as in flight until it ends. If the run is aborted, or
 * if `work` fails after a lost response, the change stays listed, because Neon may have applied it. Returns what
 * `work` returns.
 */
export const trackChange = async <T>(
  { inFlight }: ChangeJournal,
  change: Change,
  work: () => Promise<T>,
): Promise<T> => {
  inFlight.add(change)
  try {
    const result = await work()
    for (const earlier of inFlight) if (isSettled(earlier, change)) inFlight.delete(earlier)
    return result
  } catch (error) {
    const lost = findLostWrite(error)
    const isUncertain = lost !== undefined && !attributed.has(lost)
    if (isUncertain) attributed.add(lost)
    if (!(error instanceof RunAborted) && !isUncertain) inFlight.delete(change)
    throw error
  }
}
