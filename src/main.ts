import { getInput } from '@actions/core'
import { fail, keepWarnings, runnerLog } from './action/log.ts'
import { messageOf, Problem } from './problem.ts'
import { exportEnvironment, failureOutputs, toOutputs, writeOutputs } from './report/outputs.ts'
import type { Progress } from './report/report.ts'
import { failureSummary, headline, summaryOf, writeSummary } from './report/summary.ts'
import { run } from './run.ts'

const { log, warnings } = keepWarnings(runnerLog)
const progress: Progress = { changes: [] }
// Read here as well as in the inputs: it also holds for a run whose inputs cannot be used.
const wantsSummary = !/^false$/i.test(getInput('summary'))

try {
  const { report, inputs } = await run({ env: process.env, readInput: getInput, log, progress })
  writeOutputs(toOutputs(report))
  if (inputs.exportEnv) exportEnvironment(report)
  log.info(`${headline(report)}.`)
  if (wantsSummary) await writeSummary(summaryOf(report, warnings), log)
} catch (error) {
  const foreseen = error instanceof Problem
  const message = foreseen
    ? error.message
    : `Something failed that this action did not foresee: ${messageOf(error)}\nFix: please report it, with the log of a re-run with debug logging on`
  if (!foreseen && error instanceof Error) log.debug(error.stack ?? '')
  writeOutputs(failureOutputs(progress))
  if (wantsSummary) await writeSummary(failureSummary(message, progress), log)
  fail(message)
}
