import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import type { Http } from '../network/http.ts'
import type { Grounds } from './grounds.ts'
import type { Change } from './plan.ts'

/** Ends an enabling run whose pull request was closed in the meantime. Nothing failed. */
export class PullRequestClosed extends Error {
  override readonly name = 'PullRequestClosed'
}

/** Ends a closing run whose pull request was reopened in the meantime. Nothing failed. */
export class PullRequestReopened extends Error {
  override readonly name = 'PullRequestReopened'
}

/** What changing the auth of one branch needs. */
export interface ChangeContext {
  /** Its writes confirm their grounds right before every attempt. */
  readonly neon: NeonClient
  readonly http: Http
  readonly branch: FoundBranch
  readonly deadline: Deadline
  readonly log: Log
  readonly grounds: Grounds
  readonly onOrphanSchema: 'fail' | 'recreate' | 'restore'
  /** The ID of the workflow run, for what it leaves at Neon for a moment. */
  readonly runId: string
  /**
   * Confirms that the pull request is known to be open, before data is deleted in order to enable
   * auth. Throws {@link PullRequestClosed}, and `Problem` if GitHub cannot tell.
   */
  readonly assertKnownOpen: () => Promise<void>
  /** Runs `work`, which makes `change`. A run that is stopped meanwhile cannot know its outcome. */
  readonly track: <T>(change: Change, work: () => Promise<T>) => Promise<T>
  /** Records a change that was made, so that a run that fails later still reports it. */
  readonly record: (change: Change) => void
}
