import { setTimeout as delay } from 'node:timers/promises'
import { Problem, type ProblemParts } from './problem.ts'
import { oneLine } from './text.ts'

/** A run's time limit (`timeout`), which all its waits share, and its cancellation. */
export interface Deadline {
  /** The time limit, in seconds, as the user set it. */
  readonly seconds: number
  /** Aborts at the deadline, or when the run is canceled. */
  readonly signal: AbortSignal
  /** Returns the milliseconds left, never negative. */
  remaining(): number
  /** How many times the run has slept. Anything that it read before a pause may have changed since. */
  readonly pauses: number
  /** Records how many milliseconds a response took. If slow responses cause a timeout, its error shows the average. */
  recordResponse(ms: number): void
  /** The number of recorded responses. */
  readonly responses: number
  /** Aborts all pending requests. Otherwise, they could keep the step running after a failure. */
  cancelPending(): void
  /** Waits `ms` milliseconds. Throws {@link RunAborted} on cancellation, and at once if too little time is left. */
  sleep(ms: number, waitingFor: string): Promise<void>
  /** Returns the error for a timeout or a cancellation. `waitingFor` completes "The run timed out while …". */
  abortError(waitingFor: string, cause?: unknown): RunAborted
}

/** The error of a run that timed out or was canceled. */
export class RunAborted extends Problem {
  readonly #parts: ProblemParts
  readonly #failure: string | undefined

  constructor(parts: ProblemParts, failure?: string) {
    const lastFailure = failure && `Last failure: ${oneLine(failure)}`
    super({ ...parts, response: [lastFailure, parts.response].filter(Boolean).join('\n') })
    this.#parts = parts
    this.#failure = failure
  }

  /**
   * Returns a copy of this error that quotes the last failure before it, which only the log would show
   * otherwise. Returns this error itself if there was no failure, or if it already quotes one.
   */
  quoting(failure: string | undefined): RunAborted {
    if (failure === undefined || this.#failure !== undefined) return this
    const Aborted = this.constructor as typeof RunAborted
    return new Aborted(this.#parts, failure)
  }
}

/** The error of a run that was canceled, so nobody waits for its result. */
export class RunCanceled extends RunAborted {}

/**
 * Runs `work`: another attempt after `failure`, or the wait before it. If the run ends during `work`, the
 * error quotes `failure`.
 */
export const quotingFailure = async <T>(
  failure: string | undefined,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw error instanceof RunAborted ? error.quoting(failure) : error
  }
}

/** The approximate number of requests that a run sends one after another. */
const TYPICAL_ROUND_TRIPS = 20

/**
 * Returns how many seconds a run needs if each response takes `responseMs`, rounded up to a multiple of ten.
 * Returns `undefined` if `limit`, in seconds, is enough.
 */
const neededSeconds = (limit: number, responseMs: number): number | undefined => {
  const needed = (TYPICAL_ROUND_TRIPS * responseMs) / 1000
  return needed > limit ? Math.ceil(needed / 10) * 10 : undefined
}

const timeoutError = (
  seconds: number,
  responseTimes: readonly number[],
  waitingFor: string,
  cause: unknown,
): RunAborted => {
  const average = responseTimes.reduce((sum, ms) => sum + ms, 0) / (responseTimes.length || 1)
  const needed = neededSeconds(seconds, average)
  return new RunAborted({
    what: `The run timed out after ${seconds} seconds while ${waitingFor}.`,
    ...(needed && {
      response: `Responses took ${(average / 1000).toFixed(1)} seconds on average (${responseTimes.length} so far).`,
      why: 'the `timeout` is too short for a server this slow',
    }),
    fix: needed
      ? `set \`timeout\` to at least ${needed}`
      : 'run the job again, or increase `timeout` (seconds)',
    cause,
  })
}

const cancelError = (reason: unknown, waitingFor: string, cause: unknown): RunCanceled =>
  new RunCanceled({
    what: `The run was canceled (${reason}) while ${waitingFor}.`,
    fix: 'run the job again. The new run picks up where this one stopped',
    cause,
  })

/**
 * Starts a {@link Deadline} that ends after `seconds`, or when `stop` aborts. The error shows the
 * abort reason. The timer does not keep Node running.
 */
export const startDeadline = (seconds: number, stop: AbortSignal): Deadline => {
  const end = performance.now() + seconds * 1000
  const cancellation = new AbortController()
  const signal = AbortSignal.any([AbortSignal.timeout(seconds * 1000), cancellation.signal, stop])
  const responseTimes: number[] = []
  const abortError = (waitingFor: string, cause?: unknown): RunAborted =>
    stop.aborted
      ? cancelError(stop.reason, waitingFor, cause)
      : timeoutError(seconds, responseTimes, waitingFor, cause)
  const remaining = (): number => Math.max(0, end - performance.now())
  let pauses = 0
  const sleep = async (ms: number, waitingFor: string): Promise<void> => {
    if (ms >= remaining()) throw abortError(waitingFor)
    pauses += 1
    try {
      await delay(ms, undefined, { signal })
    } catch (error) {
      throw abortError(waitingFor, error)
    }
  }
  return {
    seconds,
    signal,
    remaining,
    get pauses() {
      return pauses
    },
    recordResponse: (ms) => void responseTimes.push(ms),
    get responses() {
      return responseTimes.length
    },
    cancelPending: () => cancellation.abort(),
    sleep,
    abortError,
  }
}
