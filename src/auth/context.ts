import type { Http } from '../network/http.ts'
import type { SettingsContext } from '../settings/context.ts'
import type { Change } from './plan.ts'
import type { Preconditions } from './preconditions.ts'

/** Stops an enabling run because its pull request is closed. Not a failure. */
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
  /** Whether restored OAuth providers use Neon's shared app, if there is one, instead of their own credentials. */
  readonly sharedOauth: boolean
  /** The ID of the workflow run. It marks data that the run stores at Neon temporarily. */
  readonly runId: string
  /**
   * Confirms that the pull request, if there is one, is open. Call it before deleting data in an enabling run.
   * Throws {@link PullRequestClosed} if it is closed, and `Problem` if that cannot be found out.
   */
  readonly assertKnownOpen: () => Promise<void>
  /**
   * Runs `work`, which applies `change`, and lists the change as in flight until `work` ends. If its outcome
   * stays unknown, because the run is aborted or a response is lost, the change stays listed.
   */
  readonly track: <T>(change: Change, work: () => Promise<T>) => Promise<T>
  /** Records an applied change. A run that fails later still reports it. */
  readonly record: (change: Change) => void
}
