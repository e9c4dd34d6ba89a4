import type { Http } from '../network/http.ts'
import type { SettingsContext } from '../settings/context.ts'
import type { Change } from './plan.ts'
import type { Preconditions } from './preconditions.ts'

/** Stops an enabling run because its pull request was closed in the meantime. Not a failure. */
export class PullRequestClosed extends Error {
  override readonly name = 'PullRequestClosed'

  constructor() {
    super('The pull request was closed while this run was in progress.')
  }
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
  /** Whether the run may change the default branch and protected branches. */
  readonly allowProtected: boolean
  /** Whether restored OAuth providers use Neon's shared app, so that their credentials do not matter. */
  readonly sharedOauth: boolean
  /** The ID of the workflow run. It marks data that the run stores at Neon temporarily. */
  readonly runId: string
  /**
   * Confirms that the pull request is open. Call it before deleting data to enable auth. Throws
   * {@link PullRequestClosed} if the pull request is closed, and `Problem` if GitHub does not answer.
   */
  readonly assertKnownOpen: () => Promise<void>
  /**
   * Runs `work`, which applies `change`, and lists the change as in flight until `work` ends. If the run is
   * aborted, the change stays listed.
   */
  readonly track: <T>(change: Change, work: () => Promise<T>) => Promise<T>
  /** Records an applied change. The run reports it even if it fails later. */
  readonly record: (change: Change) => void
}
