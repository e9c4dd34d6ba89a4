import { step } from './step.ts'

// To cancel a step, the runner sends SIGINT, then SIGTERM after 7.5 s, and kills the process 2.5 s later
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation).
const CANCEL_SIGNALS = ['SIGINT', 'SIGTERM']

const abortOnSignal = (stop: AbortController): void => {
  for (const signal of CANCEL_SIGNALS) process.once(signal, () => stop.abort(signal))
  // If nobody reads the log, every write fails with EPIPE. Without a listener, each failure would be an
  // uncaught exception, and reporting it would fail in the same way, forever.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => stop.abort('SIGPIPE'))
}

/** Runs {@link step} in this process. A cancel signal or an uncaught exception aborts it. Never throws. */
export const runStepInProcess = (): Promise<void> => {
  const stop = new AbortController()
  abortOnSignal(stop)
  return step({ stop, onUncaught: (handler) => void process.on('uncaughtException', handler) })
}
