import { isDeepStrictEqual } from 'node:util'
import type { Change } from '../auth/plan.ts'
import { RunAborted } from '../core/deadline.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { CreatedAuth } from '../neon/client.ts'

/** What a run has done so far. It is updated as the run goes on, so that a failed run can report it. */
export interface ChangeJournal {
  /** The branch that the run works on, once it is known. */
  branch?: FoundBranch
  /** The response to the request that enabled auth, if this run made it. No other response has the keys. */
  created?: CreatedAuth
  /** The changes that were applied, in order. */
  readonly applied: Change[]
  /** Changes without a response yet. If the run stops now, they may or may not have been applied. */
  readonly inFlight: Set<Change>
}

/** Returns an empty journal. */
export const createJournal = (): ChangeJournal => ({ applied: [], inFlight: new Set() })

/**
 * Runs `work`, which applies `change`, and lists the change as in flight meanwhile. It stays listed if
 * the run is aborted, because nobody knows then whether Neon applied it. Returns what `work` returns.
 */
export const trackChange = async <T>(
  { inFlight }: ChangeJournal,
  change: Change,
  work: () => Promise<T>,
): Promise<T> => {
  inFlight.add(change)
  try {
    const result = await work()
    inFlight.delete(change)
    return result
  } catch (error) {
    if (!(error instanceof RunAborted)) inFlight.delete(change)
    throw error
  }
}

/** Adds a change that was applied to the journal, unless it is already there. */
export const recordApplied = ({ applied }: ChangeJournal, change: Change): void => {
  if (!applied.some((one) => isDeepStrictEqual(one, change))) applied.push(change)
}
