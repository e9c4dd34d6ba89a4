import { type Deadline, quotingFailure } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { isLostWrite } from './errors.ts'
import { backoffMs, pauseBeforeRetry } from './retry.ts'

/** The total number of attempts for a write whose response is lost each time. */
const MAX_ATTEMPTS = 5

interface WaitContext {
  readonly deadline: Deadline
  readonly log: Log
}

/** Like {@link reconcileLostWrite}. Calls `onLost` for every lost response. */
const reconcile = async <T>(
  send: (attempt: number) => Promise<T>,
  readBack: (() => Promise<T | undefined>) | undefined,
  { deadline, log }: WaitContext,
  onLost: () => void = () => {},
): Promise<T> => {
  let failure: string | undefined
  for (let attempt = 0; ; attempt++) {
    try {
      return await quotingFailure(failure, () => send(attempt))
    } catch (error) {
      if (!isLostWrite(error)) throw error
      onLost()
      failure = error.summary
      if (readBack) {
        log.info(`${failure}; checking whether it was applied`)
        const result = await quotingFailure(failure, readBack)
        if (result !== undefined) return result
      }
      if (error.fault?.isPermanent || attempt + 1 >= MAX_ATTEMPTS) throw error
      await pauseBeforeRetry(backoffMs(attempt), failure, error.request, deadline, log)
    }
  }
}

/** The errors that ended a write after an attempt whose response was lost. */
const afterLostResponse = new WeakSet<Error>()

/**
 * Returns `error`, or the first of its causes, that ended a write after a lost response: the write may have been
 * applied. Returns `undefined` if there is none.
 */
export const findLostWrite = (error: unknown): Error | undefined => {
  if (!(error instanceof Error)) return undefined
  return afterLostResponse.has(error) ? error : findLostWrite(error.cause)
}

/**
 * Runs `work`, which sends a write or finds out its outcome after the last response. If `work` fails and `wasLost`
 * returns true for its error, {@link findLostWrite} finds that error: an attempt without a response may have been
 * applied.
 */
export const settleLostWrite = async <T>(
  wasLost: (error: unknown) => boolean,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (wasLost(error) && error instanceof Error) afterLostResponse.add(error)
    throw error
  }
}

/**
 * Sends a write, at most five times. If its response is lost, returns what `readBack` finds. Sends the write again
 * only if `readBack` returns `undefined`, or if there is no `readBack`, and only if a retry may help. Throws the
 * `LostResponseError` of the last attempt, and any other error of `write` or `readBack`. {@link findLostWrite} then
 * shows whether a response was lost. If the caller needs more than the returned value to find out the outcome, it does
 * so in {@link settleLostWrite}.
 */
export const reconcileLostWrite = <T>(
  write: (attempt: number) => Promise<T>,
  readBack: (() => Promise<T | undefined>) | undefined,
  context: WaitContext,
): Promise<T> => {
  let wasLost = false
  const onLost = () => {
    wasLost = true
  }
  return settleLostWrite(
    () => wasLost,
    () => reconcile(write, readBack, context, onLost),
  )
}

/** Sends a write that is safe to repeat, and repeats it if its response is lost. */
export const repeatLostWrite = <T>(
  write: (attempt: number) => Promise<T>,
  context: WaitContext,
): Promise<T> => reconcileLostWrite(write, undefined, context)

/**
 * Sends a POST that changes nothing that matters, such as a query or a sign-in, and repeats it if its response is
 * lost. {@link findLostWrite} ignores its errors.
 */
export const repeatLostRead = <T>(read: () => Promise<T>, context: WaitContext): Promise<T> =>
  reconcile(read, undefined, context)
