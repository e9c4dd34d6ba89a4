import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { InputName } from '../../src/action/inputs.ts'
import { messageOf, Problem } from '../../src/core/problem.ts'
import { failureSummary } from '../../src/report/failure.ts'
import { createJournal } from '../../src/report/journal.ts'
import { toOutputs } from '../../src/report/outputs.ts'
import { renderSummary } from '../../src/report/summary.ts'
import { run } from '../../src/run.ts'
import { everyOr } from '../every.ts'
import { type ChangeResponse, type Exchange, startTape, type Tape } from '../hostile/tape.ts'
import { type LocalGitHub, startLocalGitHub } from '../local-github.ts'
import { type LocalNeon, startLocalNeon } from '../local-neon/local-neon.ts'
import { HEAD_SHA, payload, REPOSITORY } from '../payloads.ts'
import { BRANCH, PREVIEW } from '../preview.ts'
import { shortenWaits } from '../shorten-waits.ts'

const SETTINGS = JSON.stringify({
  name: 'Shop',
  email_and_password: { require_email_verification: false },
  email_provider: { type: 'shared', sender_name: 'Shop' },
  oauth_providers: { google: 'shared', github: { client_id: 'gh', client_secret: 'gh-secret' } },
  plugins: { magic_link: { enabled: true }, organization: { enabled: false } },
  webhook: { enabled: false },
  users: [{ email: 'guest@shop.example', roles: ['admin'] }],
})

/** A way to start the action, and the state to record it in. */
interface Scenario {
  readonly name: string
  readonly event: [name: string, action?: string]
  readonly payload?: object
  readonly inputs: Partial<Record<InputName, string>>
  /** The requests whose responses are changed. To save minutes, few kinds are in several scenarios. */
  readonly changedKinds: RegExp
  arrange(neon: LocalNeon, github: LocalGitHub): Promise<void> | void
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a pull request is opened, with every setting',
    event: ['pull_request', 'opened'],
    changedKinds: /auth$|allow_localhost|plugins$|users$|deployments|comments|graphql|pulls\/2$/,
    inputs: {
      trusted_domains: PREVIEW,
      settings: SETTINGS,
      isolate: 'true',
      oauth: 'shared',
      comment: 'true',
      discover_domains: 'true',
    },
    arrange: (_, github) =>
      github.deploy(HEAD_SHA, 'Preview', ['success'], 'https://d.shop.example'),
  },
  {
    name: 'a pull request is pushed to, on a branch that has inherited everything',
    event: ['pull_request', 'synchronize'],
    changedKinds: /\/(domains|plugins|webhooks)$/,
    inputs: { trusted_domains: PREVIEW, prune_domains: 'true', allow_localhost: 'false' },
    arrange: async (neon) => {
      await neon.enableAuth(BRANCH, { domains: ['https://shop.example', PREVIEW] })
      await neon.configure(BRANCH, {
        webhook_config: {
          enabled: true,
          webhook_url: 'https://hooks.shop.example/x',
          enabled_events: ['user.created'],
          timeout_seconds: 5,
        },
      })
    },
  },
  {
    name: 'a pull request is closed and its data deleted',
    event: ['pull_request', 'closed'],
    changedKinds: /branches$|\/auth$/,
    inputs: { delete_data: 'true' },
    arrange: async (neon) => void (await neon.enableAuth(BRANCH)),
  },
  {
    name: 'a pull request is closed on a shared branch',
    event: ['pull_request', 'closed'],
    changedKinds: /\/domains$/,
    inputs: { on_close: 'untrust', trusted_domains: PREVIEW },
    arrange: async (neon) =>
      void (await neon.enableAuth(BRANCH, { domains: ['https://shop.example', PREVIEW] })),
  },
  {
    name: 'a sweep',
    event: ['schedule'],
    changedKinds: /branches$|graphql|pulls\//,
    payload: {},
    inputs: { mode: 'sweep', delete_data: 'true' },
    arrange: async (neon, github) => {
      await neon.enableAuth(BRANCH)
      github.setPull(2, { state: 'closed' })
      const annotations = { 'github-pr-number': '9', 'github-commit-repo': REPOSITORY }
      const annotated = await neon.createBranch({ name: 'annotated', annotations })
      await neon.enableAuth(annotated.id)
      github.setPull(9, { state: 'closed', headRef: 'nine' })
      const byRef = await neon.createBranch({ name: 'preview/done' })
      await neon.enableAuth(byRef.id)
      github.setPull(10, { state: 'closed', headRef: 'done' })
    },
  },
  {
    name: 'a deployment, whose pull request GitHub returns',
    event: ['deployment_status'],
    changedKinds: /\/pulls$/,
    payload: {
      deployment: { sha: HEAD_SHA, environment: 'Preview' },
      deployment_status: { state: 'success', environment: 'Preview', environment_url: PREVIEW },
    },
    inputs: {},
    arrange: (_, github) => github.setPull(2, { headSha: HEAD_SHA }),
  },
  {
    name: 'status',
    event: ['pull_request', 'opened'],
    changedKinds: /\/auth$/,
    inputs: { mode: 'status' },
    arrange: async (neon) => void (await neon.enableAuth(BRANCH, { domains: [PREVIEW] })),
  },
  {
    name: 'a leftover schema is dropped over SQL',
    event: ['pull_request', 'reopened'],
    changedKinds: /databases$|connection_uri/,
    inputs: { on_orphan_schema: 'recreate' },
    arrange: async (neon) => {
      await neon.enableAuth(BRANCH)
      await neon.disableAuth(BRANCH)
    },
  },
]

interface RunOutcome {
  /** The log, and the outputs and the summary, or the error and its summary. */
  readonly text: string
  /** The result as later steps see it. */
  readonly outputs?: Record<string, string>
  readonly failure?: unknown
  readonly writes: readonly string[]
}

const folder = mkdtempSync(join(tmpdir(), 'drift-'))
let tokens = 0

/** The clock of each run, because several are in progress at once. */
const clocks = new AsyncLocalStorage<{ ahead: number }>()
shortenWaits(undefined, () => clocks.getStore())

/** Runs the action in this process against the origin `neon` and the GitHub at GITHUB_API_URL. */
const runOnce = async (
  scenario: Scenario,
  neon: string,
  { apiKey, githubToken, writes }: { apiKey: string; githubToken: string; writes: () => string[] },
): Promise<RunOutcome> => {
  const path = join(folder, `${apiKey}.json`)
  const [name, action] = scenario.event
  writeFileSync(path, JSON.stringify(scenario.payload ?? payload(name, action, { number: 2 })))
  const inputValues: Partial<Record<InputName, string>> = {
    api_key: apiKey,
    github_token: githubToken,
    project_id: 'local-neon-00000001',
    api_host: `${neon}/api/v2`,
    timeout: '60',
    verify: 'false',
    ...scenario.inputs,
  }
  const lines: string[] = []
  const addLine = (text: string) => void lines.push(text)
  const journal = createJournal()
  const context = {
    env: { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path, GITHUB_REPOSITORY: REPOSITORY },
    readInput: (input: InputName) => inputValues[input] ?? '',
    log: { debug: addLine, info: addLine, notice: addLine, warning: addLine },
    journal,
    stop: new AbortController().signal,
  }
  const textWith = (...more: string[]) => [...lines, ...more].join('\n').replaceAll(neon, 'NEON')
  try {
    const { report } = await clocks.run({ ahead: 0 }, () => run(context))
    const outputs = toOutputs(report)
    return {
      text: textWith(JSON.stringify(outputs), renderSummary(report, lines, '')),
      outputs,
      writes: writes(),
    }
  } catch (failure) {
    const message = messageOf(failure)
    return {
      text: textWith(message, failureSummary(message, journal, [], '')),
      failure,
      writes: writes(),
    }
  }
}

let neon: LocalNeon
let github: LocalGitHub
let neonTape: Tape
let githubTape: Tape
const recorded = new Map<string, Exchange[]>()

const record = async (scenario: Scenario): Promise<void> => {
  github.reset()
  github.setState(2, 'open')
  await neon.createBranch({ name: BRANCH })
  await scenario.arrange(neon, github)
  neonTape.exchanges.length = 0
  githubTape.exchanges.length = 0
  const access = { apiKey: neon.apiKey, githubToken: 'ghs_local', writes: () => [] }
  const outcome = await runOnce(scenario, neonTape.origin, access)
  expect(outcome.failure, scenario.name).toBeUndefined()
  recorded.set(scenario.name, [...neonTape.exchanges, ...githubTape.exchanges])
  for (const name of [BRANCH, 'annotated', 'preview/done']) {
    const leftover = await Promise.resolve(name)
      .then(neon.branch)
      .catch(() => undefined)
    if (leftover) await neon.deleteBranch(leftover.id)
  }
}

/** Runs the recorded scenario again with some of its responses changed. */
const replay = (
  scenario: Scenario,
  exchanges: readonly Exchange[],
  change: ChangeResponse,
): Promise<RunOutcome> => {
  const token = `drift-token-${++tokens}`
  const writes = neonTape.replay(token, exchanges, change)
  githubTape.replay(token, exchanges, change)
  return runOnce(scenario, neonTape.origin, { apiKey: token, githubToken: token, writes })
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Path = readonly (string | number)[]

/** Returns the path of each value in `value`. `itemsOf` selects the items of each array. */
const pathsInto = (value: Json, itemsOf = (items: [number, Json][]) => items): Path[] => {
  if (typeof value !== 'object' || value === null) return []
  const entries = Array.isArray(value) ? itemsOf([...value.entries()]) : Object.entries(value)
  return entries.flatMap(([key, inner]) => [
    [key],
    ...pathsInto(inner, itemsOf).map((path) => [key, ...path]),
  ])
}

const firstAndLast = (items: [number, Json][]): [number, Json][] =>
  items.filter((_, index) => index === 0 || index === items.length - 1)

const withValueAt = (
  value: Json,
  [key, ...rest]: Path,
  change: (value: Json) => Json | undefined,
): Json | undefined => {
  if (key === undefined) return change(value)
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string,
    Json
  >
  const inner = withValueAt(copy[key] as Json, rest, change)
  if (inner === undefined) Reflect.deleteProperty(copy, key)
  else copy[key] = inner
  return copy
}

/** The values that a field might have one day. */
const CHANGED_VALUES: Record<string, (value: Json) => Json | undefined> = {
  missing: () => undefined,
  null: () => null,
  'another scalar': (value) => (typeof value === 'number' ? 'text' : 12),
  'an empty string': () => '',
  'a string or an array': (value) => (typeof value === 'string' ? ['text'] : 'text'),
  'an object': () => ({ is: { nested: 12 } }),
}
/** The bodies that a whole response might have one day. */
const CHANGED_BODIES: Record<string, string> = {
  'an empty array': '[]',
  'an array': '[{"id":"x"}]',
  null: 'null',
  'a string': '"text"',
  'a number': '12',
  'an empty object': '{}',
  HTML: '<html>gateway</html>',
  nothing: '',
}

/** The fields that the action reads. All others are changed together, because they must not matter. */
const READ = new Set([
  ...['branches', 'id', 'name', 'default', 'protected', 'parent_id', 'annotations', 'value'],
  ...['github-pr-number', 'github-commit-repo', 'pagination', 'next', 'auth_provider', 'db_name'],
  ...['auth_provider_project_id', 'base_url', 'jwks_url', 'schema_name', 'pub_client_key'],
  ...['secret_server_key', 'domains', 'domain', 'allow_localhost', 'oauth_providers', 'type'],
  ...[
    'organization',
    'magic_link',
    'phone_number',
    'email_provider',
    'email_and_password',
    'enabled',
  ],
  ...['host', 'webhook_url', 'enabled_events', 'databases', 'owner_name', 'uri', 'success'],
  ...['sender_name', 'client_id', 'require_email_verification', 'disable_sign_up', 'primary'],
  ...['state', 'head', 'ref', 'sha', 'repo', 'base', 'full_name', 'number', 'environment', 'data'],
  ...['production_environment', 'environment_url', 'created_at', 'body', 'user', 'login', 'viewer'],
  ...['repository', 'headRefName', 'isCrossRepository', 'headRef', 'nodes'],
])
const isRead = (path: Path): boolean =>
  path.every((key) => typeof key === 'number' || READ.has(key) || /^(br-|[nor]\d+$)/.test(key)) ||
  path[0] === 'oauth_providers'

/** Returns the kind of a request. Each GraphQL query is its own kind. */
const kindOf = ({ method, url, sent }: Exchange): string => {
  const path = `${method} ${url.split('?')[0]?.replace('/api/v2', '')}`
  return url.endsWith('/graphql') ? `${path} ${sent.slice(0, 150)}` : path
}

interface Case {
  readonly name: string
  readonly path: Path
  readonly got: string
}

/**
 * Returns changed responses to try in an exchange. Of an array, only the first and last items change, except in
 * fields that the action does not read.
 */
const casesOf = ({ got, url }: Exchange): Case[] => {
  let body: Json
  try {
    body = JSON.parse(got) as Json
  } catch {
    return []
  }
  const whole = Object.entries(CHANGED_BODIES).map(([kind, text]) => ({
    name: `the body is ${kind}`,
    path: [],
    got: text,
  }))
  const single = pathsInto(body, firstAndLast)
    .filter(isRead)
    .flatMap((path) =>
      Object.entries(CHANGED_VALUES).map(([kind, change]) => ({
        name: `${path.join('.')} is ${kind}`,
        path,
        got: JSON.stringify(withValueAt(body, path, change)),
      })),
    )
  const others = pathsInto(body).filter((path) => !isRead(path) && isRead(path.slice(0, -1)))
  const together = Object.entries(CHANGED_VALUES).map(([kind, change]) => ({
    name: `every unread field is ${kind}`,
    path: ['unread'],
    got: JSON.stringify(
      others.reduce<Json>((value, path) => withValueAt(value, path, change) as Json, body),
    ),
  }))
  return [
    ...whole,
    ...(others.length > 0 && !url.endsWith('/sql') ? together : []),
    ...single,
  ].filter((changed) => changed.got !== got)
}

/** Words that no run may print, because they come from an unchecked missing value. */
const LEAKED_VALUE =
  /\bundefined\b|\[object|\bNaN\b|(?<![\w-])null\b|TypeError|Cannot read prop|is not a function|is not iterable/

/** Outputs that only repeat a response of Neon. They are missing if the response lacks them. */
const REPEATED = ['database', 'auth_provider_project_id', 'schema_name', 'pub_client_key']

const resultOf = ({ outputs = {} }: RunOutcome): Record<string, string> =>
  Object.fromEntries(
    Object.entries(outputs).filter(([name]) => ![...REPEATED, 'plan'].includes(name)),
  )

/**
 * Failures that name the response in other words: errors of GitHub, missing URLs (as on a branch without
 * compute), a setting that was written but is not shown, and a request that was never recorded, because it
 * sends a secret again.
 */
const IN_OTHER_WORDS =
  /GitHub: |GitHub did not say |returns no usable base_url and jwks_url|are still missing:|not on the tape/

/** The fields that identify production. */
const GUARDS = /^branches\.\d+\.(default|protected)$/

/** The fields that tell whether a pull request is closed and whether it is from a fork. */
const STATES = /^data\.repository\.(n\d+|r\d+\.nodes\.\d+)\.(state|isCrossRepository)$/

const removals = ({ writes }: RunOutcome): string[] =>
  writes.filter((write) => write.startsWith('DELETE'))

/** Returns what is wrong with how a run handled a changed response. */
const faultsOf = (
  outcome: RunOutcome,
  baseline: RunOutcome,
  request: string,
  { path }: Case,
): string[] => {
  const faults: string[] = []
  const leak = LEAKED_VALUE.exec(outcome.text)
  if (leak)
    faults.push(
      `prints ${JSON.stringify(outcome.text.slice(Math.max(0, leak.index - 80), leak.index + 40))}`,
    )
  if (outcome.failure !== undefined) {
    if (!(outcome.failure instanceof Problem))
      faults.push(`Unexpected error: ${messageOf(outcome.failure)}`)
    else if (
      !messageOf(outcome.failure).includes(request) &&
      !IN_OTHER_WORDS.test(messageOf(outcome.failure))
    )
      faults.push(`does not name ${request}: ${messageOf(outcome.failure)}`)
  }
  const removed = removals(outcome).filter((write) => !baseline.writes.includes(write))
  if (removed.length > 0) faults.push(`removes more than the baseline: ${removed.join('; ')}`)
  if (GUARDS.test(path.join('.')) && (outcome.writes.length > 0 || outcome.failure === undefined))
    faults.push(`cannot identify production, but continues: ${outcome.writes.join('; ')}`)
  if (STATES.test(path.join('.')) && removals(outcome).length >= removals(baseline).length)
    faults.push('sweeps a branch although its pull request may be open or from a fork')
  if (path[0] === 'unread') {
    try {
      expect(resultOf(outcome)).toEqual(resultOf(baseline))
      // A sweep has several workers, so the order varies.
      expect([...outcome.writes].sort()).toEqual([...baseline.writes].sort())
      expect(outcome.failure).toBeUndefined()
    } catch {
      faults.push(
        `differs from the baseline: ${messageOf(outcome.failure ?? JSON.stringify(resultOf(outcome)))}`,
      )
    }
  }
  return faults
}

/** Keeps masks out of the tests' log. */
const muteStdout = () => vi.spyOn(process.stdout, 'write').mockReturnValue(true)

beforeEach(() => {
  muteStdout()
  // No jitter, so waits are as short as possible.
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
beforeAll(async () => {
  muteStdout()
  neon = await startLocalNeon({ rateLimit: false })
  github = await startLocalGitHub()
  neonTape = await startTape(neon.origin)
  githubTape = await startTape(github.apiUrl)
  // Octokit reads the variable once, when it is loaded.
  process.env['GITHUB_API_URL'] = githubTape.origin
  for (const scenario of SCENARIOS) await record(scenario)
})
afterAll(async () => {
  await Promise.all([neonTape.close(), githubTape.close()])
  await Promise.all([neon.close(), github.close()])
  rmSync(folder, { recursive: true })
})

/** Every n-th changed response is tried. */
const EVERY = everyOr(7)

/** How many runs are in progress at once. With more, a run may take over 5 s and send reads that are not on the tape. */
const WORKERS = 16

/** Runs `work` for every item, a few at a time. */
const forEachInParallel = async <T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const waiting = [...items]
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: WORKERS }, worker))
}

describe('a run with a changed response', () => {
  it.each(SCENARIOS)(
    'prints no missing value, removes nothing more, and if it fails, names the response ($name)',
    async (scenario) => {
      const exchanges = recorded.get(scenario.name) as Exchange[]
      const baseline = await replay(scenario, exchanges, () => undefined)
      expect(baseline.failure).toBeUndefined()
      const last = new Map(
        exchanges
          .filter(
            (exchange) => exchange.status < 300 && scenario.changedKinds.test(kindOf(exchange)),
          )
          .map((exchange) => [kindOf(exchange), exchange]),
      )
      const cases = [...last]
        .flatMap(([kind, exchange]) => casesOf(exchange).map((changed) => ({ kind, changed })))
        .filter((_, index) => index % EVERY === 0)
      const faults: string[] = []
      let failures = 0
      await forEachInParallel(cases, async ({ kind, changed }) => {
        const change: ChangeResponse = (exchange) =>
          kindOf(exchange) === kind && exchange.status < 300 ? changed.got : undefined
        const outcome = await replay(scenario, exchanges, change)
        if (outcome.failure !== undefined) failures += 1
        for (const fault of faultsOf(outcome, baseline, kind, changed))
          faults.push(`${kind}: ${changed.name}: ${fault}`)
      })
      expect(faults).toEqual([])
      // The run cannot do without some of the changed fields.
      expect(failures).toBeGreaterThan(0)
    },
    120_000,
  )

  // This test is separate, because an SQL query has no token that identifies its run.
  it('names an SQL response that is not a result', async () => {
    const scenario = SCENARIOS.at(-1) as Scenario
    const exchanges = recorded.get(scenario.name) as Exchange[]
    const { failure } = await replay(scenario, exchanges, ({ url }) =>
      url === '/sql' ? '<html>gateway</html>' : undefined,
    )
    expect(failure).toBeInstanceOf(Problem)
    expect(messageOf(failure)).toMatch(/The response to POST \/sql is not what Neon documents/)
  })
})
