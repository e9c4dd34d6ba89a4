import { isDeepStrictEqual } from 'node:util'
import type { Change } from '../auth/plan.ts'
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
  /** Changes without a response. If the run stops now, they may or may not have been applied. */
  readonly inFlight: Set<Change>
}

/** Returns an empty journal. */
export const createJournal = (): ChangeJournal => ({ applied: [], inFlight: new Set() })

/** Adds an applied change to the journal, unless it is already there. */
export const recordApplied = ({ applied }: ChangeJournal, change: Change): void => {
  if (!applied.some((recorded) => isDeepStrictEqual(recorded, change))) applied.push(change)
}
