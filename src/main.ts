import { runnerInput, wantsSummary } from './action/inputs.ts'
import { fail, maskSecretsInLog, runnerLog } from './action/runner-log.ts'
import { RunAborted } from './core/deadline.ts'
import { keepWarnings } from './core/log.ts'
import { messageOf, Problem } from './core/problem.ts'
import { createJournal } from './report/journal.ts'
import {
  exportEnvironment,
  failureOutputs,
  OutputProblem,
  toOutputs,
  writeOutputs,
} from './report/outputs.ts'
import {
  describePartialChanges,
  failureSummary,
  headline,
  summaryOf,
  writeSummary,
} from './report/summary.ts'
import { run } from './run.ts'

maskSecretsInLog()
const { log, warnings } = keepWarnings(runnerLog)
const journal = createJournal()
const stop = new AbortController()
// The runner sends SIGINT, after 7.5 s SIGTERM, and 2.5 s later kills
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation).
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort(signal))

const summarize = async (make: () => string): Promise<void> => {
  if (wantsSummary(runnerInput)) await writeSummary(make, log)
}

const explain = (error: unknown): string => {
  if (error instanceof Problem) return error.message
  if (error instanceof Error) log.debug(error.stack ?? '')
  return `Something failed that this action did not foresee: ${messageOf(error)}\nFix: report it, with the log of a re-run with debug logging on`
}

/** Fails the step first of all: whatever cannot be written after that, it has failed and says why. */
const failWith = (error: unknown): void => {
  const message = explain(error)
  const isHalfDone = journal.applied.length > 0 || error instanceof RunAborted
  fail(isHalfDone ? `${message}\n${describePartialChanges(journal)}` : message)
}

/** Does what is left to do after a failure; its own failure is one more error, never a crash. */
const afterFailure = async (error: unknown): Promise<void> => {
  await summarize(() => failureSummary(explain(error), journal, warnings))
  try {
    writeOutputs(failureOutputs(journal))
  } catch (failure) {
    if (!(error instanceof OutputProblem)) fail(explain(failure))
  }
}

// An exception outside the run, such as one in a callback: the step fails with a reason instead of a
// stack trace, and the requests that are still in progress end.
process.on('uncaughtException', (error) => {
  failWith(error)
  stop.abort('an internal error')
})

try {
  const { report, inputs } = await run({
    env: process.env,
    readInput: runnerInput,
    log,
    stop: stop.signal,
    journal,
  })
  // First, as they say what is lost if something else cannot be written.
  writeOutputs(toOutputs(report))
  if (inputs.exportEnv) exportEnvironment(report)
  log.info(`${headline(report)}.`)
  await summarize(() => summaryOf(report, warnings))
} catch (error) {
  failWith(error)
  await afterFailure(error)
}
