import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { type LocalGitHub, startLocalGitHub } from '../../test/local-github.ts'
import { type LocalNeon, startLocalNeon } from '../../test/local-neon/local-neon.ts'
import { REPOSITORY } from '../../test/payloads.ts'
import { stepOf } from '../../test/preview.ts'
import { runStep, type Step } from '../../test/runner.ts'
import { row } from './table.ts'

/** The largest page that Neon returns (https://api-docs.neon.tech/reference/listprojectbranches). */
const PAGE_SIZE = 10_000

/**
 * Makes the bundle print its peak memory in KiB when it exits. Linux only: reads `/proc`, because
 * `process.resourceUsage().maxRSS` there includes the peak of the parent process.
 */
const PRINT_PEAK =
  "--import=data:text/javascript,import{readFileSync}from'node:fs';process.on('exit',()=>console.error('peak'+/VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status','utf8'))[1]))"

const PEAK_ENV = process.platform === 'linux' ? { NODE_OPTIONS: PRINT_PEAK } : {}

const peakIn = (output: string): string => {
  const [, kibibytes] = /peak(\d+)/.exec(output) ?? []
  return kibibytes === undefined ? 'unknown memory' : `${(Number(kibibytes) / 1024).toFixed(0)} MiB`
}

/** Prints the peak memory of a process that does nothing. No run can use less. */
const measureBare = async (): Promise<void> => {
  const { stderr } = spawn(process.execPath, ['-e', '0'], { env: { ...process.env, ...PEAK_ENV } })
  row('bare node -e 0', peakIn(await text(stderr)))
}

interface Services {
  readonly neon: LocalNeon
  readonly github: LocalGitHub
}

const withServices = async <T>(work: (services: Services) => Promise<T>): Promise<T> => {
  const neon = await startLocalNeon({ pageSize: PAGE_SIZE, rateLimit: false })
  const github = await startLocalGitHub()
  try {
    return await work({ neon, github })
  } finally {
    await Promise.all([neon.close(), github.close()])
  }
}

const run = async (services: Services, step: Step): Promise<string> => {
  const connected = stepOf(services, '', step.inputs, PEAK_ENV)
  const { exitCode, log } = await runStep({ ...step, ...connected, event: step.event })
  if (exitCode !== 0) throw new Error(log)
  return log
}

/** Runs a step and prints its time, requests to both services, and peak memory. Returns its time in seconds. */
const measure = async (name: string, services: Services, step: Step): Promise<number> => {
  const { neon, github } = services
  neon.clearRequests()
  const before = github.requests.length
  const started = performance.now()
  const log = await run(services, step)
  const seconds = (performance.now() - started) / 1000
  const requests = `${neon.requests.length} + ${github.requests.length - before} requests`
  row(name, `${seconds.toFixed(1)} s, ${requests}, ${peakIn(log)}`)
  return seconds
}

const opened = (inputs: Step['inputs'] = {}): Step => ({
  event: ['pull_request', 'opened'],
  inputs: { trusted_domains: 'https://pr-2.example', ...inputs },
})

/**
 * Creates a branch for pull request #2, enables its auth, and starts its auth service, so that the measured run
 * does not include that slow start.
 */
const createBranchWithAuth = async (
  services: Services,
  branch: Parameters<LocalNeon['createBranch']>[0],
) => {
  const created = await services.neon.createBranch(branch)
  await run(services, opened({ trusted_domains: '' }))
  return created
}

const measureDomains = (count: number): Promise<void> =>
  withServices(async (services) => {
    await createBranchWithAuth(services, { name: 'preview/pr-2' })
    const domains = Array.from({ length: count }, (_, index) => `https://app-${index}.example`)
    const size = count === 1 ? '1 domain' : `${count} domains`
    await measure(`open, ${size}`, services, opened({ trusted_domains: domains.join('\n') }))
  })

const measureBranches = (count: number): Promise<void> =>
  withServices(async (services) => {
    const { neon } = services
    for (let number = 3; number <= count; number++)
      await neon.createBranch({ name: `preview/pr-${number}` })
    const byName = await createBranchWithAuth(services, { name: 'preview/pr-2' })
    const size = count.toLocaleString('en')
    await measure(`open by name, ${size} branches`, services, opened())
    await neon.deleteBranch(byName.id)
    const annotations = { 'github-pr-number': '2', 'github-commit-repo': REPOSITORY }
    await createBranchWithAuth(services, { name: 'anything', annotations })
    await measure(`open by annotation, ${size} branches`, services, opened())
    const sweep: Step = { event: ['schedule'], payload: {}, inputs: { mode: 'sweep' } }
    await measure(`sweep, ${size} branches`, services, sweep)
  })

const measureComments = (count: number): Promise<void> =>
  withServices(async (services) => {
    const { github } = services
    await createBranchWithAuth(services, { name: 'preview/pr-2' })
    for (let index = 0; index < count; index++)
      github.addComment(2, 'somebody', `Comment ${index}. ${'Some text. '.repeat(20)}`)
    github.ageComments()
    const size = count.toLocaleString('en')
    await measure(`open with \`comment\`, ${size} comments`, services, opened({ comment: 'true' }))
  })

/** The tables with the most rows after many sign-ups. */
const SIGN_UP_TABLES = ['"user"', 'account', 'session']

/** Returns the SQL statements that create as many users as `count` sign-ups would. */
const signUpStatements = (count: number): string[] => {
  const ids = `generate_series(1, ${count}) n`
  return [
    `INSERT INTO neon_auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
     SELECT gen_random_uuid(), 'User ' || n, n || '@example.com', true, now(), now() FROM ${ids}`,
    `INSERT INTO neon_auth.account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
     SELECT gen_random_uuid(), id, 'credential', id, repeat('x', 160), now(), now() FROM neon_auth."user"`,
    `INSERT INTO neon_auth.session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
     SELECT gen_random_uuid(), gen_random_uuid(), id, now() + interval '7 days', now(), now() FROM neon_auth."user"`,
  ]
}

/**
 * Copies the rows of the sign-up tables with plain SQL to tables with the same indexes but no foreign keys.
 * Returns the time of the inserts in seconds.
 */
const copyWithPlainSql = async ({ neon }: Services, branch: string): Promise<number> => {
  let seconds = 0
  for (const table of SIGN_UP_TABLES) {
    await neon.sql(branch, `CREATE TABLE public.${table} (LIKE neon_auth.${table} INCLUDING ALL)`)
    const started = performance.now()
    await neon.sql(branch, `INSERT INTO public.${table} SELECT * FROM neon_auth.${table}`)
    seconds += (performance.now() - started) / 1000
    await neon.sql(branch, `DROP TABLE public.${table}`)
  }
  return seconds
}

/** Returns the times of a restore and of a plain copy of the same rows, in seconds. */
const measureRestore = (count: number): Promise<{ restore: number; plainCopy: number }> =>
  withServices(async (services) => {
    const { neon, github } = services
    const branch = 'preview/pr-2'
    await neon.createBranch({ name: branch })
    await neon.enableAuth(branch)
    for (const statement of signUpStatements(count)) await neon.sql(branch, statement)
    const plainCopy = await copyWithPlainSql(services, branch)
    await neon.disableAuth(branch)
    github.setState(2, 'open')
    const step: Step = {
      event: ['pull_request', 'reopened', { number: 2 }],
      inputs: { trusted_domains: 'https://pr-2.example', on_orphan_schema: 'restore' },
    }
    const name = `restore, ${count.toLocaleString('en')} users`
    return { restore: await measure(name, services, step), plainCopy }
  })

/** Measures how the time of a restore grows with its rows, relative to a plain copy. */
export const benchRestore = async (): Promise<void> => {
  const small = await measureRestore(1)
  await measureRestore(1_000)
  const large = await measureRestore(100_000)
  const added = large.restore - small.restore
  row('100,000 users: added time', `${added.toFixed(1)} s`)
  row('relative to a plain INSERT … SELECT', `${(added / large.plainCopy).toFixed(1)} ×`)
}

/** Measures how time, requests, and memory grow with the number of domains, branches, and comments. */
export const benchGrowth = async (): Promise<void> => {
  await measureBare()
  for (const count of [1, 10, 100]) await measureDomains(count)
  for (const count of [100, 1_000, 10_000]) await measureBranches(count)
  await measureComments(3_000)
}
