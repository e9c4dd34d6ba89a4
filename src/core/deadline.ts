import { setTimeout as delay } from 'node:timers/promises'
import { Problem, type ProblemParts } from './problem.ts'
import { oneLine } from './text.ts'

/** The time limit of a run (`timeout`), which all waiting shares, and its cancellation. */
export interface Deadline {
  /** The time limit, in seconds, as the user set it. */
  readonly seconds: number
  /** Aborts at the deadline, or when the run is canceled. */
  readonly signal: AbortSignal
  /** Returns the milliseconds left, never negative. */
  remaining(): number
  /** How often the run has slept so far. Anything read before a pause may have changed since. */
  readonly pauses: number
  /** Records how many milliseconds a response took, for the timeout's error message. */
  noteResponse(ms: number): void
  /** Aborts all pending requests, so that they do not keep the step running after a failure. */
  cancelPending(): void
  /** Waits `ms` milliseconds. Throws {@link RunAborted} if the run ends before that. */
  sleep(ms: number, waitingFor: string): Promise<void>
  /** Returns the error that says why the run ended. `waitingFor` completes "… timed out while …". */
  abortError(waitingFor: string, cause?: unknown): RunAborted
}

/** The run timed out or was canceled before its work was done. */
export class RunAborted extends Problem {
  readonly #parts: ProblemParts
  readonly #failure: string | undefined

  constructor(parts: ProblemParts, failure?: string) {
    const last = failure && `Last failure: ${oneLine(failure)}`
    super({ ...parts, response: [last, parts.response].filter(Boolean).join('\n') })
    this.#parts = parts
    this.#failure = failure
  }

  /**
   * Returns the same error with the last failure of what the run was repeating, which otherwise only
   * the log would show. `undefined`: nothing has failed yet. An error that has one keeps it.
   */
  after(failure: string | undefined): RunAborted {
    if (failure === undefined || this.#failure !== undefined) return this
    const Aborted = this.constructor as typeof RunAborted
    return new Aborted(this.#parts, failure)
  }
}

/** The run was canceled: nobody waits for its result. */
export class RunCanceled extends RunAborted {}

/**
 * Runs another attempt, or the wait before it. If the run ends meanwhile, the error quotes `failure`
 * ({@link RunAborted.after}).
 */
export const afterFailure = async <T>(
  failure: string | undefined,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw error instanceof RunAborted ? error.after(failure) : error
  }
}

/** About how many responses a run waits for in sequence. */
const USUAL_ROUNDS = 20

/**
 * Returns the seconds that a run needs if a response takes `ms`, rounded up to a multiple of ten.
 * `undefined` if `seconds` is enough.
 */
const neededSeconds = (seconds: number, ms: number): number | undefined => {
  const needed = (USUAL_ROUNDS * ms) / 1000
  return needed > seconds ? Math.ceil(needed / 10) * 10 : undefined
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

const canceled = (by: unknown, waitingFor: string, cause: unknown): RunCanceled =>
  new RunCanceled({
    what: `The run was canceled (${by}) while ${waitingFor}.`,
    fix: 'run the job again: it picks up where this one stopped',
    cause,
  })

/**
 * Starts a {@link Deadline} that ends after `seconds`, or when `stop` aborts. The reason of `stop` is
 * shown in the error. The timer does not keep Node alive.
 */
export const startDeadline = (seconds: number, stop: AbortSignal): Deadline => {
  const end = performance.now() + seconds * 1000
  const over = new AbortController()
  const signal = AbortSignal.any([AbortSignal.timeout(seconds * 1000), over.signal, stop])
  const responses: number[] = []
  const why = (waitingFor: string, cause?: unknown): RunAborted =>
    stop.aborted
      ? canceled(stop.reason, waitingFor, cause)
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
