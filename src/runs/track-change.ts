import { isDeepStrictEqual } from 'node:util'
import type { Change } from '../auth/plan.ts'
import { RunAborted } from '../core/deadline.ts'
import { mayBeApplied } from '../network/lost-writes.ts'
import type { ChangeJournal } from '../report/journal.ts'

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
    // Also an earlier attempt at the same change.
    for (const one of inFlight) if (isDeepStrictEqual(one, change)) inFlight.delete(one)
    return result
  } catch (error) {
    // If the lost response was to a part of the work that is tracked itself, only that part stays listed.
    const isUncertain = mayBeApplied(error) && [...inFlight].at(-1) === change
    if (!(error instanceof RunAborted) && !isUncertain) inFlight.delete(change)
    throw error
  }
}
