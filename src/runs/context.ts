import { isDeepStrictEqual } from 'node:util'
import type { RunnerEvent } from '../action/event.ts'
import type { Inputs } from '../action/inputs.ts'
import type { Intent, Target } from '../action/intent.ts'
import type { Log } from '../action/log.ts'
import type { Hands } from '../auth/hands.ts'
import type { Change } from '../auth/plan.ts'
import { type Deadline, RunOver } from '../deadline.ts'
import type { GitHub } from '../github/api.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import type { Http } from '../neon/http.ts'
import type { Progress } from '../report/report.ts'

/** Everything that the steps of one run share. */
export interface Run {
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
export type Acting = Extract<Intent, { target: Target }>

/** Notes, in the log and for a report of failure, which branch the run acts on from here. */
export const actOn = (branch: FoundBranch, { progress, log }: Run): void => {
  progress.branch = branch
  log.info(`Branch: ${branch.name} (${branch.id})`)
}

const making = async <T>(
  change: Change,
  work: () => Promise<T>,
  { deadline, progress: { underWay } }: Run,
): Promise<T> => {
  if (deadline.signal.aborted) throw deadline.over('it was between two changes')
  underWay.add(change)
  try {
    const result = await work()
    underWay.delete(change)
    return result
  } catch (error) {
    if (!(error instanceof RunOver)) underWay.delete(change)
    throw error
  }
}

/** What changing `branch` needs, out of the run; changes are recorded in its progress, each once. */
export const handsFor = (
  branch: FoundBranch,
  run: Run,
  assertOpen: Hands['assertOpen'] = async () => {},
): Hands => ({
  neon: run.neon,
  http: run.http,
  branch,
  deadline: run.deadline,
  log: run.log,
  onOrphanSchema: run.inputs.onOrphanSchema,
  assertOpen,
  making: (change, work) => making(change, work, run),
  record: (change) => {
    const { changes } = run.progress
    if (!changes.some((made) => isDeepStrictEqual(made, change))) changes.push(change)
  },
})
