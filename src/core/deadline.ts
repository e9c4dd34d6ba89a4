import { setTimeout as delay } from 'node:timers/promises'
import { Problem } from './problem.ts'

/** What ends a run early: the one limit that all its waiting shares (`timeout`), or its cancelling. */
export interface Deadline {
  /** The whole allowance, in seconds, as the user gave it. */
  readonly seconds: number
  /** Aborts when the time is over or the run is cancelled. */
  readonly signal: AbortSignal
  /** Milliseconds left, never negative. */
  remaining(): number
  /** How often the run has waited so far: whatever was read before a wait may have changed since. */
  readonly pauses: number
  /** Notes how many milliseconds a response took, for the error at the end of the time. */
  noteResponse(ms: number): void
  /** Ends what is still under way: a read beside one that failed must not keep the step running. */
  cancelPending(): void
  /** Waits `ms` milliseconds. Throws {@link RunAborted} when the run is over before that. */
  sleep(ms: number, waitingFor: string): Promise<void>
  /** The error that tells why the run is over. `waitingFor` completes "… was over while …". */
  abortError(waitingFor: string, cause?: unknown): RunAborted
}

/** The run's time was over, or it was cancelled, before its work was done. */
export class RunAborted extends Problem {}

/** The run was cancelled: nobody waits for its result. */
export class RunCancelled extends RunAborted {}

/** About how many responses a run waits for, one after the other. */
const USUAL_ROUNDS = 20

/**
 * The seconds that a run needs if a response takes `ms`, rounded up to whole tens. Returns
 * `undefined` if `seconds` is enough.
 */
const neededSeconds = (seconds: number, ms: number): number | undefined => {
  const needed = Math.ceil((USUAL_ROUNDS * ms) / 10_000) * 10
  return needed > seconds ? needed : undefined
}

const timeOver = (
  seconds: number,
  responses: readonly number[],
  waitingFor: string,
  cause: unknown,
): RunAborted => {
  const average = responses.reduce((sum, ms) => sum + ms, 0) / (responses.length || 1)
  const needed = neededSeconds(seconds, average)
  return new RunAborted({
    what: `The run timed out after ${seconds} seconds while ${waitingFor}.`,
    ...(needed && {
      response: `Responses took ${(average / 1000).toFixed(1)} seconds on average (${responses.length} so far).`,
      why: 'the `timeout` is too short for a server that is this slow',
    }),
    fix: needed
      ? `set \`timeout\` to at least ${needed}`
      : 'run the job again, or increase `timeout` (seconds)',
    cause,
  })
}

const cancelled = (by: unknown, waitingFor: string, cause: unknown): RunCancelled =>
  new RunCancelled({
    what: `The run was cancelled (${by}) while ${waitingFor}.`,
    fix: 'run the job again: it picks up where this one stopped',
    cause,
  })

/**
 * Starts the clock: a {@link Deadline} of `seconds` from now, or earlier when `stop` aborts, whose
 * reason says what stopped it. Its timer does not keep Node alive.
 */
export const startDeadline = (seconds: number, stop: AbortSignal): Deadline => {
  const end = performance.now() + seconds * 1000
  const over = new AbortController()
  const signal = AbortSignal.any([AbortSignal.timeout(seconds * 1000), over.signal, stop])
  const responses: number[] = []
  const why = (waitingFor: string, cause?: unknown): RunAborted =>
    stop.aborted
      ? cancelled(stop.reason, waitingFor, cause)
      : timeOver(seconds, responses, waitingFor, cause)
  const remaining = (): number => Math.max(0, end - performance.now())
  let pauses = 0
  const sleep = async (ms: number, waitingFor: string): Promise<void> => {
    if (ms >= remaining()) throw why(waitingFor)
    pauses += 1
    try {
      await delay(ms, undefined, { signal })
    } catch (error) {
      throw why(waitingFor, error)
    }
  }
  return {
    seconds,
    signal,
    remaining,
    get pauses() {
      return pauses
    },
    noteResponse: (ms) => void responses.push(ms),
    cancelPending: () => over.abort(),
    sleep,
    abortError: why,
  }
}
