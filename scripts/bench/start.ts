import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { startLocalGitHub } from '../../test/local-github.ts'
import { startLocalNeon } from '../../test/local-neon/local-neon.ts'
import { listen } from '../../test/loopback.ts'
import { runStep, type Step, type StepResult } from '../../test/runner.ts'
import { median, row } from './table.ts'

const ROUNDS = 15

/** Scripts that only send a request, for comparison. */
const MINIMAL_SCRIPTS: Readonly<Record<string, (url: string) => string>> = {
  'http.get': (url) => `require('node:http').get('${url}')`,
  fetch: (url) => `fetch('${url}')`,
}

const runScript = (code: string): Promise<unknown> =>
  new Promise((done) => spawn(process.execPath, ['-e', code]).on('close', done))

/** Returns the milliseconds that `work` takes. */
const timeOf = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Calls `start` with a URL. Returns the milliseconds until the first request to that URL. */
const timeToRequest = async (start: (url: string) => Promise<unknown>): Promise<number> => {
  let arrived = 0
  const server = createServer((_, response) => {
    arrived ||= performance.now()
    response.writeHead(401).end()
  })
  const url = await listen(server)
  const started = performance.now()
  await start(url)
  server.close()
  return arrived - started
}

/**
 * Takes every measurement once per round, after one round to warm up the file cache. Returns the times by
 * name. Only times of the same round are comparable, because a machine's speed varies.
 */
const measureInRounds = async (
  measures: Readonly<Record<string, () => Promise<number>>>,
): Promise<ReadonlyMap<string, readonly number[]>> => {
  const times = new Map(Object.keys(measures).map((name) => [name, [] as number[]]))
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, measure] of Object.entries(measures)) {
      const ms = await measure()
      if (round > 0) times.get(name)?.push(ms)
    }
  }
  return times
}

const BARE = 'bare node -e 0'
const FIRST = 'first request'
const WHOLE = 'whole steady run, no latency'
const AIMS: Readonly<Record<string, string>> = { [FIRST]: 'at most 2.4 ×' }

/** Returns a step with the inputs of a typical workflow. The runner adds `github_token` by default. */
const openedStep = (apiUrl: string, inputs: Step['inputs']): Step => ({
  event: ['pull_request', 'opened'],
  inputs: { github_token: 'ghs_local', trusted_domains: 'https://pr-2.example', ...inputs },
  env: { GITHUB_API_URL: apiUrl },
})

const runOrThrow = async (step: Step): Promise<void> => {
  const { exitCode, log }: StepResult = await runStep(step)
  if (exitCode !== 0) throw new Error(log)
}

/**
 * Measures the time to the first request of a process, and the time of a whole run that changes nothing. Prints
 * both as a ratio to a process that does nothing.
 */
export const benchStart = async (): Promise<void> => {
  const neon = await startLocalNeon({ rateLimit: false })
  const github = await startLocalGitHub()
  const { apiHost: api_host, apiKey: api_key, projectId: project_id } = neon
  await neon.createBranch({ name: 'preview/pr-2' })
  const steady = openedStep(github.apiUrl, { api_host, api_key, project_id })
  await runOrThrow(steady)
  const minimal = Object.entries(MINIMAL_SCRIPTS).map(
    ([name, code]) => [name, () => timeToRequest((url) => runScript(code(url)))] as const,
  )
  const times = await measureInRounds({
    [BARE]: () => timeOf(() => runScript('0')),
    ...Object.fromEntries(minimal),
    [FIRST]: () =>
      timeToRequest((url) =>
        runStep(openedStep(github.apiUrl, { api_host: url, api_key: 'k', project_id: 'p1' })),
      ),
    [WHOLE]: () => timeOf(() => runOrThrow(steady)),
  })
  const bare = times.get(BARE) ?? []
  for (const [name, ms] of times) {
    const ratio = median(ms.map((value, index) => value / (bare[index] ?? 1)))
    row(name, `${ratio.toFixed(2)} × (${median(ms).toFixed(0)} ms)`, AIMS[name])
  }
  await Promise.all([neon.close(), github.close()])
}
