import { isDeepStrictEqual } from 'node:util'
import type { Change } from '../auth/plan.ts'
import { RunAborted } from '../core/deadline.ts'
import { findLostWrite } from '../network/lost-writes.ts'
import type { ChangeJournal } from '../report/journal.ts'

/** The errors of lost writes whose change is listed. Tracked work may contain tracked work, which lists its own. */
const attributed = new WeakSet<Error>()

/** Returns a change with only the names of the settings that it sets. */
const withoutValues = (change: Change): object =>
  'set' in change ? { ...change, set: Object.keys(change.set).sort() } : change

/** Returns whether a later change settles the outcome of an earlier one: it is the same, or sets the same settings. */
const isSettled = (earlier: Change, later: Change): boolean =>
  isDeepStrictEqual(withoutValues(earlier), withoutValues(later))

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
