import type { Http } from '../network/http.ts'
import type { SettingsContext } from '../settings/context.ts'
import type { Change } from './plan.ts'
import type { Preconditions } from './preconditions.ts'

/** Stops an enabling run because its pull request was closed in the meantime. Not a failure. */
export class PullRequestClosed extends Error {
  override readonly name = 'PullRequestClosed'
}

/** Stops a closing run because its pull request was reopened in the meantime. Not a failure. */
export class PullRequestReopened extends Error {
  override readonly name = 'PullRequestReopened'
}

/** Dependencies for reading the auth data of one branch over SQL. */
export interface AuthDataContext extends SettingsContext {
  readonly http: Http
}

/**
 * Dependencies for changing the auth of one branch. Every write of the `neon` client confirms `preconditions`
 * right before each attempt.
 */
export interface ChangeContext extends AuthDataContext {
  readonly preconditions: Preconditions
  readonly onOrphanSchema: 'fail' | 'recreate' | 'restore'
  /** The ID of the workflow run. It marks what the run stores at Neon temporarily. */
  readonly runId: string
  /**
   * Confirms that the pull request is open. Call it before you delete data in order to enable auth. Throws
   * {@link PullRequestClosed} if the pull request is closed, and `Problem` if GitHub does not answer.
   */
  readonly assertKnownOpen: () => Promise<void>
  /** Runs `work`, which applies `change`, and lists the change as in flight until it has an outcome. */
  readonly track: <T>(change: Change, work: () => Promise<T>) => Promise<T>
  /** Records a change that was applied, so that a run that fails later still reports it. */
  readonly record: (change: Change) => void
}
