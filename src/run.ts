import { type RunnerEvent, readEvent } from './action/event.ts'
import { type Inputs, type ReadInput, readInputs, registerSecretInputs } from './action/inputs.ts'
import { decideIntent, type Intent } from './action/intent.ts'
import { startDeadline } from './core/deadline.ts'
import type { Log } from './core/log.ts'
import { createGitHub } from './github/client.ts'
import { openOwnComments } from './github/endpoints/find-own-comments.ts'
import { createNeonClient } from './neon/client.ts'
import { withContext } from './neon/errors.ts'
import { createHttp } from './network/http.ts'
import { completeProxies } from './network/proxy.ts'
import { describeLostChanges } from './report/failure.ts'
import type { ChangeJournal } from './report/journal.ts'
import type { Report } from './report/report.ts'
import { closeRun } from './runs/close-run.ts'
import type { BranchIntent, RunContext } from './runs/context.ts'
import { doctorRun } from './runs/doctor-run.ts'
import { enableRun } from './runs/enable-run.ts'
import { withDeployedPullRequest } from './runs/identify-pull-request.ts'
import { skipReport } from './runs/reports.ts'
import { statusRun } from './runs/status-run.ts'
import { sweepRun } from './runs/sweep-run.ts'

/** What a run needs from its caller. */
export interface RunEnvironment {
  readonly env: NodeJS.ProcessEnv
  readonly readInput: ReadInput
  readonly log: Log
  /** Aborts the run. The reason, such as the name of a signal, appears in the error. */
  readonly stop: AbortSignal
  /** Updated during the run, so that a failed run can report its changes. */
  readonly journal: ChangeJournal
}

/** The result of a run, and its inputs, which control how it is reported. */
export interface Outcome {
  readonly report: Report
  readonly inputs: Inputs
}

/**
 * Runs the action once: inputs + event → intent → observe → plan → apply → verify → report. Writes to Neon,
 * the comment, and the log. The caller writes the outputs and the summary. Throws `Problem` for every
 * expected failure.
 */
export const run = async (environment: RunEnvironment): Promise<Outcome> => {
  const { env, readInput } = environment
  // Register secrets before anything can print them.
  registerSecretInputs(readInput, env)
  completeProxies(env)
  const inputs = readInputs(readInput, env)
  const event = readEvent(env)
  const intent = decideIntent(event, inputs)
  const report = await execute(intent, inputs, event, environment)
  warnAboutLostChanges(environment)
  return { inputs, report }
}

const execute = async (
  intent: Intent,
  inputs: Inputs,
  event: RunnerEvent,
  { env, log, stop, journal }: RunEnvironment,
): Promise<Report> => {
  if (intent.kind === 'keep') return { action: 'kept', changes: [] }
  if (intent.kind === 'skip') return skipReport(intent, log)
  const deadline = startDeadline(inputs.timeout, stop)
  const http = createHttp(deadline, log)
  const { apiKey, projectId } = intent
  const github = createGitHub(inputs.githubToken, event.repository, deadline, http.once)
  const neon = createNeonClient(http.retrying, { apiHost: inputs.apiHost, apiKey, projectId })
  const ownComments = github && openOwnComments(github, projectId)
  if (!github && needsGitHub(intent)) log.warning(NO_TOKEN_WARNING)
  try {
    const services = { http, neon, github, ownComments }
    const context: RunContext = { env, inputs, event, log, deadline, journal, ...services }
    return await withContext('This run failed.', async () => {
      if (intent.kind === 'sweep') return sweepRun(context)
      const target = await withDeployedPullRequest(intent.target, context)
      return RUNS[intent.kind]({ ...intent, target }, context)
    })
  } finally {
    deadline.cancelPending()
  }
}

/** A run can succeed after a lost response, for example if it then finds that the branch is needed again. */
const warnAboutLostChanges = ({ journal, log }: RunEnvironment): void => {
  if (journal.inFlight.size > 0) log.warning(describeLostChanges(journal))
}

const NO_TOKEN_WARNING =
  'There is no `github_token`, so this run cannot ask GitHub whether the pull request is still open. ' +
  'A late run can enable auth for a pull request that was closed. ' +
  'Pass `github_token: ${{ github.token }}` and give the job `pull-requests: read`.'

/** Returns whether a run enables auth for a pull request, whose state only GitHub knows. */
const needsGitHub = (intent: Intent): boolean =>
  intent.kind === 'enable' && intent.target.prNumber !== undefined

const RUNS: Record<
  BranchIntent['kind'],
  (intent: BranchIntent, run: RunContext) => Promise<Report>
> = {
  enable: enableRun,
  close: closeRun,
  status: statusRun,
  doctor: doctorRun,
}
