import { RunOver } from '../deadline.ts'
import { messageOf } from '../problem.ts'
import type { Run } from './context.ts'

/** Runs a side feature: what GitHub refuses it is a warning, never a failure of the run. */
export const aside = async <T>(
  what: string,
  { log }: Run,
  work: () => Promise<T>,
): Promise<T | undefined> => {
  try {
    return await work()
  } catch (error) {
    // Whatever it is, a thin answer included: only the end of the whole run is not this one's.
    if (error instanceof RunOver) throw error
    const thin = error instanceof TypeError
    log.warning(`${what}: ${thin ? "GitHub's answer is not what it documents" : messageOf(error)}`)
    return undefined
  }
}

/** Warns that `input` asks for something of GitHub, and there is no token to ask with. */
export const noToken = (input: string, { log }: Run): void =>
  log.warning(`\`${input}\` needs \`github_token\`, which is empty.`)
