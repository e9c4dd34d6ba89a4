import { setTimeout as sleep } from 'node:timers/promises'
import { startLocalGitHub } from '../../test/local-github.ts'
import { startLocalNeon } from '../../test/local-neon/local-neon.ts'
import { answersInLine } from '../../test/local-neon/request-log.ts'
import { stepOf } from '../../test/preview.ts'
import { runStep } from '../../test/runner.ts'
import { row } from './table.ts'

// Much longer than the delays of a busy machine. Otherwise, parallel requests seem to wait for each other.
const LATENCY_MS = 300

type Span = Parameters<typeof answersInLine>[0][number]

/** Counts the answers of Neon and GitHub that a run waits for one after another. */
const benchLifecycle = async (
  name: string,
  isById: boolean,
  aims: readonly number[],
): Promise<void> => {
  const neon = await startLocalNeon({ latencyMs: LATENCY_MS })
  const github = await startLocalGitHub()
  const asked: Span[] = []
  github.onRequest(/./, {
    before: async () => {
      const startedAt = performance.now()
      await sleep(LATENCY_MS)
      asked.push({ startedAt, endedAt: performance.now() })
    },
  })
  const { id } = await neon.createBranch({ name: 'preview/pr-2' })
  const runs = ['fresh open, one domain', 'steady re-run', 'close']
  for (const [index, action] of ['opened', 'synchronize', 'closed'].entries()) {
    neon.clearRequests()
    asked.length = 0
    const inputs = { trusted_domains: 'https://pr-2.example', ...(isById && { branch: id }) }
    const { exitCode, log } = await runStep(stepOf({ neon, github }, action, inputs))
    if (exitCode !== 0) throw new Error(log)
    const count = answersInLine([...neon.requests, ...asked])
    const value = `${count} (${neon.requests.length} + ${asked.length} requests)`
    row(`${runs[index]}, ${name}`, value, `at most ${aims[index]}`)
  }
  await Promise.all([neon.close(), github.close()])
}

/** Measures how many answers the three most common runs wait for in line, for a branch by name and by ID. */
export const benchRounds = async (): Promise<void> => {
  await benchLifecycle('by name', false, [5, 3, 3])
  await benchLifecycle('by ID', true, [4, 2, 2])
}
