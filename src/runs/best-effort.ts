import { RunAborted } from '../core/deadline.ts'
import { messageOf } from '../core/problem.ts'
import type { RunContext } from './context.ts'

/**
 * Runs optional work and returns its result. If it fails, logs a warning that starts with `warning` and
 * returns `undefined`. Throws only `RunAborted`.
 */
export const bestEffort = async <T>(
  warning: string,
  { log }: RunContext,
  work: () => Promise<T>,
): Promise<T | undefined> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RunAborted) throw error
    const isMalformed = error instanceof TypeError
    const why = isMalformed ? 'a response does not match its documentation' : messageOf(error)
    log.warning(`${warning}: ${why}`)
    return undefined
  }
}

/** Warns that `input` has no effect without a GitHub token. */
export const warnNoToken = (input: string, { log }: RunContext): void =>
  log.warning(`\`${input}\` needs \`github_token\`, which is empty.`)
