import { RunAborted } from '../core/deadline.ts'
import { messageOf } from '../core/problem.ts'
import type { RunContext } from './context.ts'

/** Runs a side feature: what GitHub refuses it is a warning, never a failure of the run. */
export const bestEffort = async <T>(
  what: string,
  { log }: RunContext,
  work: () => Promise<T>,
): Promise<T | undefined> => {
  try {
    return await work()
  } catch (error) {
    // Whatever it is, a thin answer included: only the end of the whole run is not this one's.
    if (error instanceof RunAborted) throw error
    const thin = error instanceof TypeError
    log.warning(`${what}: ${thin ? "GitHub's answer is not what it documents" : messageOf(error)}`)
    return undefined
  }
}

/** Warns that `input` asks for something of GitHub, and there is no token to ask with. */
export const warnNoToken = (input: string, { log }: RunContext): void =>
  log.warning(`\`${input}\` needs \`github_token\`, which is empty.`)
