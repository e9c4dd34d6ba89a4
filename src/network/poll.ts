import { afterFailure, type Deadline } from '../core/deadline.ts'
import { backoffMs } from './retry.ts'

/** The value of one attempt, and whether to stop polling. */
export interface PollResult<T> {
  readonly done: boolean
  readonly value: T
  /** What came back instead of what is awaited. The error quotes it if the run ends before `done`. */
  readonly failure?: string
}

/** What to poll, and how long. */
export interface Polling<T> {
  /** Makes one attempt, numbered from 0. */
  readonly attempt: (attempt: number) => Promise<PollResult<T>>
  readonly deadline: Deadline
  /** How long to keep trying, in ms. May depend on the last value. Default: until the deadline. */
  readonly patienceMs?: number | ((value: T) => number)
  /** Completes "… timed out while …". */
  readonly waitingFor: string
}

const PAUSE_MS = 250

/**
 * Repeats `attempt` with backoff and jitter until it is done, or until `patienceMs` or the deadline
 * leaves no time for another pause. Returns the last result. Throws what `attempt` throws, and
 * `RunAborted` if the run is canceled during a pause. A `RunAborted` quotes the last failure.
 */
export const pollUntil = async <T>({
  attempt,
  deadline,
  patienceMs = Number.POSITIVE_INFINITY,
  waitingFor,
}: Polling<T>): Promise<PollResult<T>> => {
  const start = performance.now()
  let failure: string | undefined
  for (let number = 0; ; number++) {
    const result = await afterFailure(failure, () => attempt(number))
    if (result.done) return result
    const patience = typeof patienceMs === 'number' ? patienceMs : patienceMs(result.value)
    const pause = PAUSE_MS + backoffMs(number)
    const waited = performance.now() - start
    if (waited + pause > patience || pause >= deadline.remaining()) return result
    failure = result.failure
    await afterFailure(failure, () => deadline.sleep(pause, waitingFor))
  }
}
