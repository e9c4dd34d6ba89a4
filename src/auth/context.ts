import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import type { Http } from '../network/http.ts'
import type { Change } from './plan.ts'

/** Ends an enabling run whose pull request was closed while it waited: nothing failed. */
export class PullRequestClosed extends Error {
  override readonly name = 'PullRequestClosed'
}

/** What changing a branch's auth needs of the world. */
export interface Hands {
  readonly neon: NeonClient
  readonly http: Http
  readonly branch: FoundBranch
  readonly deadline: Deadline
  readonly log: Log
  readonly onOrphanSchema: 'fail' | 'recreate'
  /**
   * Awaited before auth is switched on anew after a wait: throws {@link PullRequestClosed} when the
   * pull request was closed meanwhile. A late run never resurrects.
   */
  readonly assertOpen: () => Promise<void>
  /** Makes a change: while `work` is under way, a run that is stopped cannot know whether it was made. */
  readonly making: <T>(change: Change, work: () => Promise<T>) => Promise<T>
  /** Told of every change as soon as it is made, so that a run that fails later still reports it. */
  readonly record: (change: Change) => void
}
