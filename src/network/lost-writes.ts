import { type Deadline, quotingFailure } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { LostResponseError } from './errors.ts'
import { backoffMs, pauseBeforeRetry } from './retry.ts'

/** The total number of attempts for a write whose response is lost each time. */
const MAX_ATTEMPTS = 5

/** The errors that ended a write after an attempt whose response was lost. */
const afterLostResponse = new WeakSet<Error>()

/** Returns whether `error`, or its cause, ended a write that Neon may have applied nevertheless. */
export const mayBeApplied = (error: unknown): boolean =>
  error instanceof Error && (afterLostResponse.has(error) || mayBeApplied(error.cause))

/**
 * Sends a write. If its response is lost, returns what `readBack` finds. Sends the write again only if
 * `readBack` returns `undefined`, or if there is no `readBack`, and only if a retry may help. Throws the
 * `LostResponseError` of the last attempt, and every other error of `write`. {@link mayBeApplied} then says whether a
 * response was lost.
 */
export const reconcileLostWrite = async <T>(
  write: (attempt: number) => Promise<T>,
  readBack: (() => Promise<T | undefined>) | undefined,
  { deadline, log }: { deadline: Deadline; log: Log },
): Promise<T> => {
  let failure: string | undefined
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        return await quotingFailure(failure, () => write(attempt))
      } catch (error) {
        // A read that precedes the attempt was lost, so the attempt was not sent.
        if (!(error instanceof LostResponseError) || error.request.method === 'GET') throw error
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
  } catch (error) {
    if (failure !== undefined && error instanceof Error) afterLostResponse.add(error)
    throw error
  }
}

/** Sends a write that is safe to repeat, and repeats it if its response is lost. */
export const repeatLostWrite = <T>(
  write: (attempt: number) => Promise<T>,
  context: { deadline: Deadline; log: Log },
): Promise<T> => reconcileLostWrite(write, undefined, context)
