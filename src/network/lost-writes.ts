import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { LostResponseError } from './errors.ts'
import { backoffMs } from './retry.ts'

/** How often a write whose answer keeps being lost is made in all. */
const ATTEMPTS = 5

/**
 * Makes a write whose answer may be lost. After a lost one it asks `happened` first: what that
 * finds is the result, and only when it finds nothing is the write made again. Throws the last
 * `LostResponseError` when nothing helps, and every other error of `write` as it comes.
 */
export const reconcileLostWrite = async <T>(
  write: (attempt: number) => Promise<T>,
  happened: () => Promise<T | undefined>,
  { deadline, log }: { deadline: Deadline; log: Log },
): Promise<T> => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await write(attempt)
    } catch (error) {
      if (!(error instanceof LostResponseError)) throw error
      const { method, path } = error.request
      log.info(`${method} ${path}: ${error.message}; checking whether it was applied`)
      const result = await happened()
      if (result !== undefined) return result
      if (attempt + 1 >= ATTEMPTS) throw error
      await deadline.sleep(backoffMs(attempt), `waiting to retry ${method} ${path}`)
    }
  }
}

/** As {@link reconcileLostWrite}, for a write that may be made twice, or whose own answer tells that it was made. */
export const repeatLostWrite = <T>(
  write: (attempt: number) => Promise<T>,
  hands: { deadline: Deadline; log: Log },
): Promise<T> => reconcileLostWrite(write, async () => undefined, hands)
