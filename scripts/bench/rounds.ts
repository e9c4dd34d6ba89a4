import { setTimeout as sleep } from 'node:timers/promises'
import { startLocalGitHub } from '../../test/local-github.ts'
import { startLocalNeon } from '../../test/local-neon/local-neon.ts'
import { countSequentialResponses } from '../../test/local-neon/request-log.ts'
import { stepOf } from '../../test/preview.ts'
import { runStep } from '../../test/runner.ts'
import { row } from './table.ts'

// Much longer than the delays of a busy machine. Otherwise, parallel requests would look sequential.
const LATENCY_MS = 300

type Span = Parameters<typeof countSequentialResponses>[0][number]

/** Prints how many responses of Neon and GitHub each run waits for one after another. */
const benchLifecycle = async (
  name: string,
  passesId: boolean,
  targets: readonly number[],
): Promise<void> => {
  const neon = await startLocalNeon({ latencyMs: LATENCY_MS })
  const github = await startLocalGitHub()
  const gitHubRequests: Span[] = []
  github.onRequest(/./, {
    before: async () => {
      const startedAt = performance.now()
      await sleep(LATENCY_MS)
      gitHubRequests.push({ startedAt, endedAt: performance.now() })
    },
  })
  const { id } = await neon.createBranch({ name: 'preview/pr-2' })
  const runs = ['fresh open, one domain', 'steady re-run', 'close']
  for (const [index, action] of ['opened', 'synchronize', 'closed'].entries()) {
    neon.clearRequests()
    gitHubRequests.length = 0
    const inputs = { trusted_domains: 'https://pr-2.example', ...(passesId && { branch: id }) }
    const { exitCode, log } = await runStep(stepOf({ neon, github }, action, inputs))
    if (exitCode !== 0) throw new Error(log)
    const count = countSequentialResponses([...neon.requests, ...gitHubRequests])
    const value = `${count} (${neon.requests.length} + ${gitHubRequests.length} requests)`
    row(`${runs[index]}, ${name}`, value, `at most ${targets[index]}`)
  }
  await Promise.all([neon.close(), github.close()])
}

/** Prints the sequential responses of the three most common runs, for a branch by name and by ID. */
export const benchRounds = async (): Promise<void> => {
  await benchLifecycle('by name', false, [5, 3, 3])
  await benchLifecycle('by ID', true, [4, 2, 2])
}
