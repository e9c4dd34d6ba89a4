import { type Deadline, quotingFailure } from '../core/deadline.ts'
import { backoffMs } from './retry.ts'

/** The result of one attempt. */
export interface PollResult<T> {
  /** Whether to stop polling. */
  readonly done: boolean
  readonly value: T
  /** What came back instead. If the run ends before polling is done, the error quotes it. */
  readonly failure?: string
}

/** The parameters of {@link pollUntil}. */
export interface PollOptions<T> {
  /** Makes one attempt, numbered from 0. */
  readonly attempt: (attempt: number) => Promise<PollResult<T>>
  readonly deadline: Deadline
  /** How long to keep trying, in ms. May depend on the last value. Default: until the deadline. */
  readonly patienceMs?: number | ((value: T) => number)
  /** Completes "The run timed out while …". */
  readonly waitingFor: string
}

const PAUSE_MS = 250

/**
 * Repeats `attempt` with backoff and jitter until it is done, or until `patienceMs` or the deadline leaves no
 * time for another pause. Returns the last result. Throws the errors of `attempt`, and `RunAborted` if the run
 * ends during a pause. A `RunAborted` quotes the last failure.
 */
export const pollUntil = async <T>({
  attempt: attemptOnce,
  deadline,
  patienceMs = Number.POSITIVE_INFINITY,
  waitingFor,
}: PollOptions<T>): Promise<PollResult<T>> => {
  const start = performance.now()
  let failure: string | undefined
  for (let attempt = 0; ; attempt++) {
    const result = await quotingFailure(failure, () => attemptOnce(attempt))
    if (result.done) return result
    const patience = typeof patienceMs === 'number' ? patienceMs : patienceMs(result.value)
    const pause = PAUSE_MS + backoffMs(attempt)
    const waited = performance.now() - start
    if (waited + pause > patience || pause >= deadline.remaining()) return result
    failure = result.failure
    await quotingFailure(failure, () => deadline.sleep(pause, waitingFor))
  }
}
