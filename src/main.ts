import { runnerInput, wantsSummary } from './action/inputs.ts'
import { fail, maskSecretsInLog, runnerLog } from './action/runner-log.ts'
import { RunAborted } from './core/deadline.ts'
import { keepWarnings } from './core/log.ts'
import { messageOf, Problem } from './core/problem.ts'
import { exportEnvironment, failureOutputs, toOutputs, writeOutputs } from './report/outputs.ts'
import type { Progress } from './report/report.ts'
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
const progress: Progress = { changes: [], inFlight: new Set() }
const stop = new AbortController()
// The runner sends SIGINT, after 7.5 s SIGTERM, and 2.5 s later kills
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation).
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort(signal))

const summarize = async (make: () => string): Promise<void> => {
  if (wantsSummary(runnerInput)) await writeSummary(make, log)
}

try {
  const { report, inputs } = await run({
    env: process.env,
    readInput: runnerInput,
    log,
    stop: stop.signal,
    progress,
  })
  writeOutputs(toOutputs(report))
  if (inputs.exportEnv) exportEnvironment(report)
  log.info(`${headline(report)}.`)
  await summarize(() => summaryOf(report, warnings))
} catch (error) {
  const foreseen = error instanceof Problem
  const message = foreseen
    ? error.message
    : `Something failed that this action did not foresee: ${messageOf(error)}\nFix: please report it, with the log of a re-run with debug logging on`
  if (!foreseen && error instanceof Error) log.debug(error.stack ?? '')
  // First of all: whatever cannot be written after this, the step has failed and says why.
  const isHalfDone = progress.changes.length > 0 || error instanceof RunAborted
  fail(isHalfDone ? `${message}\n${describePartialChanges(progress)}` : message)
  await summarize(() => failureSummary(message, progress, warnings))
  writeOutputs(failureOutputs(progress))
}
