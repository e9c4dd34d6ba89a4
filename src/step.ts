import { runnerInput, wantsSummary } from './action/inputs.ts'
import { fail as failStep, maskSecretsInLog, runnerLog } from './action/runner-log.ts'
import { failInTerminal, isOnRunner, terminalLog } from './action/terminal.ts'
import { RunAborted } from './core/deadline.ts'
import { keepWarnings } from './core/log.ts'
import { Problem } from './core/problem.ts'
import { problemsOf } from './report/diagnosis.ts'
import { describeFailure, describePartialChanges, failureSummary } from './report/failure.ts'
import { logHeadline } from './report/headline.ts'
import { createJournal } from './report/journal.ts'
import {
  exportEnvironment,
  failureOutputs,
  OutputProblem,
  toOutputs,
  writeOutputs,
} from './report/outputs.ts'
import { runStamp } from './report/run-stamp.ts'
import { summaryOf, writeSummary } from './report/summary.ts'
import { run } from './run.ts'

const onRunner = isOnRunner(process.env)
const fail = onRunner ? failStep : failInTerminal
if (onRunner) maskSecretsInLog()
const { log, warnings } = keepWarnings(onRunner ? runnerLog : terminalLog)
const journal = createJournal()
const stop = new AbortController()
// The runner sends SIGINT, after 7.5 s SIGTERM, and 2.5 s later kills
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation).
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort(signal))
// If the runner is gone, every line fails with EPIPE. Without a listener, each failure would be an
// uncaught exception, whose report fails in the same way, forever.
process.stdout.on('error', () => stop.abort('SIGPIPE'))

const summarize = async (make: (footer: string) => string): Promise<void> => {
  if (!wantsSummary(runnerInput)) return
  await writeSummary(() => make(runStamp(process.env, new Date())), log)
}

const explain = (error: unknown): string => {
  if (error instanceof Error && !(error instanceof Problem)) log.debug(error.stack ?? '')
  return describeFailure(error)
}

/** Writes outputs for later steps. In a terminal there are none, unless it names a file for them. */
const output = (outputs: Parameters<typeof writeOutputs>[0]): void => {
  if (onRunner || process.env['GITHUB_OUTPUT']) writeOutputs(outputs)
}

/** Fails the step with a message. Call this first, so that the reason shows even if nothing else can be written. */
const reportFailure = (error: unknown): void => {
  const message = explain(error)
  const mayHaveChanges = journal.applied.length > 0 || error instanceof RunAborted
  fail(mayHaveChanges ? `${message}\n${describePartialChanges(journal)}` : message)
}

/** Writes the summary and outputs of a failed run. If that fails, logs one more error. */
const writeFailureResults = async (error: unknown): Promise<void> => {
  await summarize((footer) => failureSummary(explain(error), journal, warnings, footer))
  try {
    output(failureOutputs(journal))
  } catch (failure) {
    if (!(error instanceof OutputProblem)) fail(explain(failure))
  }
}

// For an exception outside the run, such as in a callback, fail with a message instead of a stack trace,
// and abort the requests that are in progress.
process.on('uncaughtException', (error) => {
  reportFailure(error)
  stop.abort('an internal error')
})

/**
 * Runs the action as one step of a job: writes its outputs and its summary, and fails the step if the run
 * fails or finds problems. Never throws.
 */
export const step = async (): Promise<void> => {
  try {
    const { report, inputs } = await run({
      env: process.env,
      readInput: runnerInput,
      log,
      stop: stop.signal,
      journal,
    })
    // First, because a failure to write outputs shows them in the log.
    output(toOutputs(report))
    if (inputs.exportEnv) exportEnvironment(report)
    log.info(logHeadline(report))
    await summarize((footer) => summaryOf(report, warnings, footer))
    for (const text of problemsOf(report)) fail(text)
  } catch (error) {
    reportFailure(error)
    await writeFailureResults(error)
  }
}
