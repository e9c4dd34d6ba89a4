import { setTimeout as delay } from 'node:timers/promises'
import { Problem } from './problem.ts'

/** The one limit that all waiting of a run shares (the `timeout` input). */
export interface Deadline {
  /** The whole allowance, in seconds, as the user gave it. */
  readonly seconds: number
  /** Aborts when the time is over. */
  readonly signal: AbortSignal
  /** Milliseconds left, never negative. */
  remaining(): number
  /** Ends what is still under way: a read beside one that failed must not keep the step running. */
  end(): void
  /** Waits `ms` milliseconds. Throws {@link DeadlinePassed} when the time is over before that. */
  sleep(ms: number, waitingFor: string): Promise<void>
}

/** The run's time was over. `waitingFor` completes the sentence "The time was over while …". */
export class DeadlinePassed extends Problem {
  constructor(seconds: number, waitingFor: string, cause?: unknown) {
    super({
      what: `The ${seconds} seconds that this run may take were over while ${waitingFor}.`,
      fix: 'run the job again, or give it longer with the input `timeout` (seconds)',
      cause,
    })
  }
}

/** Starts the clock: a {@link Deadline} of `seconds` from now. Its timer does not keep Node alive. */
export const startDeadline = (seconds: number): Deadline => {
  const end = performance.now() + seconds * 1000
  const over = new AbortController()
  const signal = AbortSignal.any([AbortSignal.timeout(seconds * 1000), over.signal])
  const remaining = (): number => Math.max(0, end - performance.now())
  const sleep = async (ms: number, waitingFor: string): Promise<void> => {
    if (ms >= remaining()) throw new DeadlinePassed(seconds, waitingFor)
    await delay(ms, undefined, { signal })
  }
  return { seconds, signal, remaining, end: () => over.abort(), sleep }
}
