import { readRunnerInput, wantsSummary } from './action/inputs.ts'
import { fail as failStep, maskSecretsInLog, runnerLog } from './action/runner-log.ts'
import { failInTerminal, isOnRunner, terminalLog } from './action/terminal.ts'
import { keepWarnings, type Log } from './core/log.ts'
import { Problem } from './core/problem.ts'
import { diagnosisErrors } from './report/doctor-summary.ts'
import { describeFailedRun, describeFailure, failureSummary } from './report/failure.ts'
import { logHeadline } from './report/headline.ts'
import type { ChangeJournal } from './report/journal.ts'
import {
  exportEnvironment,
  failureOutputs,
  OutputProblem,
  type Outputs,
  toOutputs,
  writeOutputs,
} from './report/outputs.ts'
import { runStamp } from './report/run-stamp.ts'
import { renderSummary, writeSummary } from './report/summary.ts'
import type { Outcome } from './run.ts'

/** Where a step's results go: its log, outputs, summary, and exit code. */
export interface StepResults {
  readonly log: Log
  /** Writes the results of a run that finished. Fails the step if the run found problems. */
  writeOutcome(outcome: Outcome): Promise<void>
  /** Fails the step with a message. Call this first, so that the reason shows even if nothing else can be written. */
  reportFailure(error: unknown): void
  /** Writes the summary and outputs of a failed run. If the outputs cannot be written, logs one more error. */
  writeFailure(error: unknown): Promise<void>
}

/** Returns where a step's results go: the runner's commands and files, or the terminal if there is no runner. */
export const createStepResults = (journal: ChangeJournal): StepResults => {
  const onRunner = isOnRunner(process.env)
  const fail = onRunner ? failStep : failInTerminal
  if (onRunner) maskSecretsInLog()
  const { log, warnings } = keepWarnings(onRunner ? runnerLog : terminalLog)

  const summarize = async (render: (footer: string) => string): Promise<void> => {
    if (!wantsSummary(readRunnerInput)) return
    await writeSummary(() => render(runStamp(process.env, new Date())), log)
  }
  /** If an error is unexpected, logs its stack for debugging. */
  const logStack = (error: unknown): void => {
    if (error instanceof Error && !(error instanceof Problem)) log.debug(error.stack ?? '')
  }
  /** Writes outputs for later steps. In a terminal, writes them only if `GITHUB_OUTPUT` is set. */
  const setOutputs = (outputs: Outputs): void => {
    if (onRunner || process.env['GITHUB_OUTPUT']) writeOutputs(outputs)
  }

  return {
    log,
    writeOutcome: async ({ report, inputs }) => {
      // Write outputs first: if that fails, the error shows them in the log.
      setOutputs(toOutputs(report))
      if (inputs.exportEnv) exportEnvironment(report)
      log.info(logHeadline(report))
      await summarize((footer) => renderSummary(report, warnings, footer))
      for (const message of diagnosisErrors(report)) fail(message)
    },
    reportFailure: (error) => {
      logStack(error)
      fail(describeFailedRun(error, journal))
    },
    writeFailure: async (error) => {
      await summarize((footer) => failureSummary(describeFailure(error), journal, warnings, footer))
      try {
        setOutputs(failureOutputs(journal))
      } catch (outputError) {
        // If writing the outputs ended the run, `error` already reports that.
        if (error instanceof OutputProblem) return
        logStack(outputError)
        fail(describeFailure(outputError))
      }
    },
  }
}
