import { readRunnerInput } from './action/inputs.ts'
import { createJournal } from './report/journal.ts'
import { run } from './run.ts'
import { createStepResults } from './step-results.ts'

/** What can end a step from outside its run. */
export interface Interruptions {
  /** Aborts the run. The reason, such as the name of a signal, appears in the error. */
  readonly stop: AbortController
  /** Registers a handler for uncaught exceptions. */
  onUncaught(handler: (error: unknown) => void): void
}

/**
 * Runs the action as one step of a job: writes its outputs and its summary, and fails the step if the run
 * fails or finds problems. Never throws.
 */
export const step = async ({ stop, onUncaught }: Interruptions): Promise<void> => {
  const journal = createJournal()
  const { log, writeOutcome, reportFailure, writeFailure } = createStepResults(journal)
  // If a callback outside the run throws, fail with a message instead of a stack trace, and abort the pending
  // requests.
  onUncaught((error) => {
    reportFailure(error)
    stop.abort('an internal error')
  })
  try {
    await writeOutcome(
      await run({ env: process.env, readInput: readRunnerInput, log, stop: stop.signal, journal }),
    )
  } catch (error) {
    reportFailure(error)
    await writeFailure(error)
  }
}
