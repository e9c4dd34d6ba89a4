import { isDeepStrictEqual } from 'node:util'
import type { Change } from '../auth/plan.ts'
import { RunAborted } from '../core/deadline.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { CreatedAuth } from '../neon/client.ts'

/** What a run has done so far. The run updates it, so that a failure can report it. */
export interface ChangeJournal {
  /** The run's branch, once it is known. */
  branch?: FoundBranch
  /** The response that enabled auth, if this run sent the request. No other response has the keys. */
  created?: CreatedAuth
  /** The applied changes, in order. */
  readonly applied: Change[]
  /** Changes without a response yet. If the run stops now, they may or may not have been applied. */
  readonly inFlight: Set<Change>
}

/** Returns an empty journal. */
export const createJournal = (): ChangeJournal => ({ applied: [], inFlight: new Set() })

/**
 * Runs `work`, which applies `change`, and lists the change as in flight until it ends. If the run is
 * aborted, the change stays listed, because Neon may have applied it. Returns what `work` returns.
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

/** Adds an applied change to the journal, unless it is already there. */
export const recordApplied = ({ applied }: ChangeJournal, change: Change): void => {
  if (!applied.some((recorded) => isDeepStrictEqual(recorded, change))) applied.push(change)
}
