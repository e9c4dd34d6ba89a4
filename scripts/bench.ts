import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { startLocalGitHub } from '../test/local-github.ts'
import { startLocalNeon } from '../test/local-neon/local-neon.ts'
import { answersInLine } from '../test/local-neon/request-log.ts'
import { runStep, type Step, startStep } from '../test/runner.ts'

// Speed and size of the committed bundle, as ratios measured in one run: machines differ, and so
// does one machine from minute to minute. Nothing here fails a build.

const ROUNDS = 15
const LATENCY_MS = 40

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
const row = (name: string, value: string, aim: string): void =>
  console.log(`  ${name.padEnd(44)} ${value.padEnd(30)} aim: ${aim}`)

/** Milliseconds until `node -e 0` has come and gone. */
const bareNode = (): number => {
  const started = performance.now()
  spawnSync(process.execPath, ['-e', '0'])
  return performance.now() - started
}

/** Milliseconds from starting the bundle to its first request. */
const firstRequest = async (): Promise<number> => {
  let arrived = 0
  const server = createServer((_, response) => {
    arrived ||= performance.now()
    response.writeHead(401).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const started = performance.now()
  await runStep({
    event: ['pull_request', 'opened'],
    inputs: {
      api_key: 'k',
      project_id: 'p1',
      api_host: `http://127.0.0.1:${port}`,
      trusted_domains: 'a.example',
    },
  })
  server.close()
  return arrived - started
}

const startUp = async (): Promise<void> => {
  const bare: number[] = []
  const ours: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const pair = [bareNode(), await firstRequest()] as const
    // The first round warms the file cache.
    if (round > 0) {
      bare.push(pair[0])
      ours.push(pair[1])
    }
  }
  const ratios = ours.map((value, index) => value / (bare[index] ?? 1))
  const value = `${median(ratios).toFixed(2)} × bare node (${median(ours).toFixed(0)} / ${median(bare).toFixed(0)} ms)`
  row('process start to first request', value, 'at most 3 ×')
}

const size = (): void => {
  const dist = resolve(import.meta.dirname, '../dist')
  const bytes = (files: string[]): number =>
    files.reduce((sum, file) => sum + statSync(join(dist, file)).size, 0)
  const scripts = readdirSync(dist).filter((file) => file.endsWith('.js'))
  const megabytes = (count: number): string => (count / 1e6).toFixed(2)
  const value = `${megabytes(bytes(scripts))} MB (${megabytes(bytes(['index.js']))} at start)`
  row('JavaScript in dist, unminified', value, 'at most 2.0 MB')
}

/** How many answers of Local Neon a run waits for one after another, and how many requests it sends. */
const inLine = async (): Promise<void> => {
  const neon = await startLocalNeon({ latencyMs: LATENCY_MS })
  const github = await startLocalGitHub()
  await neon.createBranch({ name: 'preview/pr-2' })
  const play = async (name: string, action: string, aim: number, inputs: Step['inputs'] = {}) => {
    neon.clearRequests()
    await startStep({
      event: ['pull_request', action],
      inputs: {
        api_key: neon.apiKey,
        project_id: neon.projectId,
        api_host: neon.apiHost,
        github_token: 'ghs_local',
        trusted_domains: 'https://pr-2.example',
        ...inputs,
      },
      env: { GITHUB_API_URL: github.apiUrl },
    }).finished
    const { requests } = neon
    row(
      `answers in line: ${name}`,
      `${answersInLine(requests)} (${requests.length} requests)`,
      `at most ${aim}`,
    )
  }
  await play('fresh open with one domain', 'opened', 6)
  await play('steady re-run', 'synchronize', 3)
  await play('close', 'closed', 3)
  await Promise.all([neon.close(), github.close()])
}

/** A repository of a thousand preview branches, of which 300 pull requests are open and 100 closed ones have auth left. */
const sweep = async (): Promise<void> => {
  const neon = await startLocalNeon()
  const github = await startLocalGitHub()
  for (let number = 1; number <= 1000; number++) {
    const { id } = await neon.createBranch({ name: `preview/pr-${number}` })
    github.setPull(number, { state: number <= 300 ? 'open' : 'closed' })
    if (number > 900) await neon.enableAuth(id)
  }
  neon.clearRequests()
  const started = performance.now()
  const { outputs } = await runStep({
    event: ['schedule'],
    payload: {},
    inputs: {
      mode: 'sweep',
      api_key: neon.apiKey,
      project_id: neon.projectId,
      api_host: neon.apiHost,
      github_token: 'ghs_local',
    },
    env: { GITHUB_API_URL: github.apiUrl },
  })
  const seconds = (performance.now() - started) / 1000
  const perMinute = (neon.requests.length / seconds) * 60
  const swept = (JSON.parse(outputs.plan ?? '[]') as unknown[]).length
  row(
    'sweep: 1,000 branches, 700 of closed ones',
    `${swept} closed in ${seconds.toFixed(0)} s`,
    'one run of 180 s',
  )
  row(
    '  its requests',
    `${neon.requests.length} to Neon, ${github.requests.length} to GitHub`,
    `Neon at most 700 a minute (${perMinute.toFixed(0)})`,
  )
  await Promise.all([neon.close(), github.close()])
}

console.log(`\nThe committed bundle on Node ${process.version}, median of ${ROUNDS}:\n`)
await startUp()
size()
await inLine()
await sweep()
