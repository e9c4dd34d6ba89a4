import { step } from './step.ts'

// The runner sends SIGINT, after 7.5 s SIGTERM, and 2.5 s later kills
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation).
const CANCELING = ['SIGINT', 'SIGTERM']

const abortOnSignal = (stop: AbortController): void => {
  for (const signal of CANCELING) process.once(signal, () => stop.abort(signal))
  // If the runner is gone, every line fails with EPIPE. Without a listener, each failure would be an
  // uncaught exception, whose report fails in the same way, forever.
  process.stdout.on('error', () => stop.abort('SIGPIPE'))
}

/** Runs the action as the step that this process was started for. See {@link step}. */
export const processStep = (): Promise<void> => {
  const stop = new AbortController()
  abortOnSignal(stop)
  return step({ stop, onUncaught: (report) => void process.on('uncaughtException', report) })
}
