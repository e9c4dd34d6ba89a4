import { step } from './step.ts'

// To cancel a step, the runner sends SIGINT, then SIGTERM after 7.5 s, and kills the process 2.5 s later
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation).
const CANCEL_SIGNALS = ['SIGINT', 'SIGTERM']

const abortOnSignal = (stop: AbortController): void => {
  for (const signal of CANCEL_SIGNALS) process.once(signal, () => stop.abort(signal))
  // If the runner is gone, every write to stdout fails with EPIPE. Without a listener, each failure would be
  // an uncaught exception, and reporting it would fail in the same way, forever.
  process.stdout.on('error', () => stop.abort('SIGPIPE'))
}

/** Runs this process's {@link step}, with its signals and uncaught exceptions. Never throws. */
export const processStep = (): Promise<void> => {
  const stop = new AbortController()
  abortOnSignal(stop)
  return step({ stop, onUncaught: (handler) => void process.on('uncaughtException', handler) })
}
