import type { RunnerEvent } from '../action/event.ts'
import type { Inputs } from '../action/inputs.ts'
import type { Intent, Target } from '../action/intent.ts'
import type { ChangeContext } from '../auth/context.ts'
import type { Change } from '../auth/plan.ts'
import type { Preconditions } from '../auth/preconditions.ts'
import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import type { GitHub } from '../github/client.ts'
import type { OwnComments } from '../github/endpoints/find-own-comments.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import type { Http } from '../network/http.ts'
import { type ChangeJournal, recordApplied } from '../report/journal.ts'
import { trackChange } from './track-change.ts'

/** The inputs and dependencies that every step of a run shares. */
export interface RunContext {
  readonly env: NodeJS.ProcessEnv
  readonly inputs: Inputs
  readonly event: RunnerEvent
  readonly log: Log
  readonly deadline: Deadline
  readonly http: Http
  readonly neon: NeonClient
  /** Absent if there is no `github_token`. */
  readonly github: GitHub | undefined
  /** Absent if there is no `github_token`. Sends nothing until the input `comment` needs it. */
  readonly ownComments: OwnComments | undefined
  /** Updated during the run. */
  readonly journal: ChangeJournal
}

/** An intent to act on a branch. */
export type BranchIntent = Extract<Intent, { target: Target }>

/** Logs the branch of the run and adds it to the journal, for a failure report. */
export const selectBranch = (branch: FoundBranch, { journal, log }: RunContext): void => {
  journal.branch = branch
  log.info(`Branch: ${branch.name} (${branch.id})`)
}

const track = async <T>(
  change: Change,
  work: () => Promise<T>,
  { deadline, journal }: RunContext,
): Promise<T> => {
  if (deadline.signal.aborted) throw deadline.abortError('it was between two changes')
  return trackChange(journal, change, work)
}

/** Returns a client that stores the keys from enabling auth. A run that fails later still outputs them. */
const keepKeys = (neon: NeonClient, journal: ChangeJournal): NeonClient => ({
  ...neon,
  async createAuth(...args) {
    const result = await neon.createAuth(...args)
    if ('created' in result) journal.created = result.created
    return result
  },
})

/**
 * Returns the context for changing `branch`. Every write confirms `preconditions` first, and every applied
 * change goes into the run's journal once.
 */
export const changeContext = (
  branch: FoundBranch,
  preconditions: Preconditions,
  run: RunContext,
  assertKnownOpen: ChangeContext['assertKnownOpen'] = async () => {},
): ChangeContext => ({
  neon: keepKeys(run.neon.confirming(preconditions.beforeWrite), run.journal),
  http: run.http,
  branch,
  deadline: run.deadline,
  log: run.log,
  preconditions,
  onOrphanSchema: run.inputs.onOrphanSchema,
  allowProtected: run.inputs.allowProtected,
  sharedOauth: run.inputs.oauth === 'shared',
  runId: run.env['GITHUB_RUN_ID'] || 'local',
  assertKnownOpen,
  track: (change, work) => track(change, work, run),
  record: (change) => recordApplied(run.journal, change),
})
