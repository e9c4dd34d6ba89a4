import { type Deadline, quotingFailure } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { LostResponseError } from './errors.ts'
import { backoffMs } from './retry.ts'

/** The total number of attempts for a write whose response is lost each time. */
const MAX_ATTEMPTS = 5

/**
 * Sends a write. If its response is lost, returns what `readBack` finds. Sends the write again only if
 * `readBack` returns `undefined`. Throws the `LostResponseError` of the last attempt, and every other
 * error of `write`.
 */
export const reconcileLostWrite = async <T>(
  write: (attempt: number) => Promise<T>,
  readBack: () => Promise<T | undefined>,
  { deadline, log }: { deadline: Deadline; log: Log },
): Promise<T> => {
  let failure: string | undefined
  for (let attempt = 0; ; attempt++) {
    try {
      return await quotingFailure(failure, () => write(attempt))
    } catch (error) {
      if (!(error instanceof LostResponseError)) throw error
      const { method, path } = error.request
      failure = error.summary
      log.info(`${failure}; checking whether it was applied`)
      const result = await quotingFailure(failure, readBack)
      if (result !== undefined) return result
      if (attempt + 1 >= MAX_ATTEMPTS) throw error
      const waitingFor = `waiting to retry ${method} ${path}`
      await quotingFailure(failure, () => deadline.sleep(backoffMs(attempt), waitingFor))
    }
  }
}

/** Sends a write that is safe to repeat, and repeats it if its response is lost. */
export const repeatLostWrite = <T>(
  write: (attempt: number) => Promise<T>,
  context: { deadline: Deadline; log: Log },
): Promise<T> => reconcileLostWrite(write, async () => undefined, context)
