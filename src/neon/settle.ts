import type { Log } from '../action/log.ts'
import type { Deadline } from '../deadline.ts'
import { LostAnswerError } from './errors.ts'
import { backoff } from './http.ts'

/** How often a write whose answer keeps being lost is made in all. */
const ATTEMPTS = 5

/**
 * Makes a write whose answer may be lost. After a lost one it asks `happened` first: what that
 * finds is the result, and only when it finds nothing is the write made again. Throws the last
 * `LostAnswerError` when nothing helps, and every other error of `write` as it comes.
 */
export const settle = async <T>(
  write: (attempt: number) => Promise<T>,
  happened: () => Promise<T | undefined>,
  { deadline, log }: { deadline: Deadline; log: Log },
): Promise<T> => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await write(attempt)
    } catch (error) {
      if (!(error instanceof LostAnswerError)) throw error
      const { method, path } = error.request
      log.info(`${method} ${path}: ${error.message}; reading what became of it`)
      const result = await happened()
      if (result !== undefined) return result
      if (attempt + 1 >= ATTEMPTS) throw error
      await deadline.sleep(backoff(attempt), `${method} ${path} was to be tried again`)
    }
  }
}

/** As {@link settle}, for a write that may be made twice, or whose own answer tells that it was made. */
export const settleByRepeating = <T>(
  write: (attempt: number) => Promise<T>,
  hands: { deadline: Deadline; log: Log },
): Promise<T> => settle(write, async () => undefined, hands)
