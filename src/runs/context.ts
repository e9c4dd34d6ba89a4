import { isDeepStrictEqual } from 'node:util'
import type { RunnerEvent } from '../action/event.ts'
import type { Inputs } from '../action/inputs.ts'
import type { Intent, Target } from '../action/intent.ts'
import type { ChangeContext } from '../auth/context.ts'
import type { Grounds } from '../auth/grounds.ts'
import type { Change } from '../auth/plan.ts'
import { type Deadline, RunAborted } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import type { GitHub } from '../github/api.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import type { Http } from '../network/http.ts'
import type { Progress } from '../report/report.ts'

/** Everything that the steps of one run share. */
export interface RunContext {
  readonly env: NodeJS.ProcessEnv
  readonly inputs: Inputs
  readonly event: RunnerEvent
  readonly log: Log
  readonly deadline: Deadline
  readonly http: Http
  readonly neon: NeonClient
  /** Absent: there is no token to ask GitHub with. */
  readonly github: GitHub | undefined
  /** Filled in while the run goes on. */
  readonly progress: Progress
}

/** An intent that acts on a branch. */
export type BranchIntent = Extract<Intent, { target: Target }>

/** Notes, in the log and for a report of failure, which branch the run acts on from here. */
export const selectBranch = (branch: FoundBranch, { progress, log }: RunContext): void => {
  progress.branch = branch
  log.info(`Branch: ${branch.name} (${branch.id})`)
}

const track = async <T>(
  change: Change,
  work: () => Promise<T>,
  { deadline, progress: { inFlight } }: RunContext,
): Promise<T> => {
  if (deadline.signal.aborted) throw deadline.abortError('it was between two changes')
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

/** Notes the response of the enabling call in `progress`: a run that fails later still outputs its keys. */
const rememberKeys = (neon: NeonClient, progress: Progress): NeonClient => ({
  ...neon,
  async createAuth(...call) {
    const result = await neon.createAuth(...call)
    if ('created' in result) progress.created = result.created
    return result
  },
})

/**
 * What changing `branch` needs, out of the run. Every write confirms `grounds`. Changes are recorded
 * in the run's progress, each once.
 */
export const changeContext = (
  branch: FoundBranch,
  grounds: Grounds,
  run: RunContext,
  assertKnownOpen: ChangeContext['assertKnownOpen'] = async () => {},
): ChangeContext => ({
  neon: rememberKeys(run.neon.confirming(grounds.beforeWrite), run.progress),
  http: run.http,
  branch,
  deadline: run.deadline,
  log: run.log,
  grounds,
  onOrphanSchema: run.inputs.onOrphanSchema,
  runId: run.env['GITHUB_RUN_ID'] || 'local',
  assertKnownOpen,
  track: (change, work) => track(change, work, run),
  record: (change) => {
    const { changes } = run.progress
    if (!changes.some((made) => isDeepStrictEqual(made, change))) changes.push(change)
  },
})
