import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { examineClaimable } from '../test/live/claimable.ts'
import { hasConsent } from '../test/live/consent.ts'
import { deleteLeftovers, examine, PARTS, productionSigns } from '../test/live/examine.ts'
import { isSound, type LiveReport, markdownOf } from '../test/live/report.ts'
import { branchPrefix } from '../test/live/workspace.ts'
import { realClock } from '../test/local-neon/clock.ts'
import { fail } from './script.ts'

// Examines the live service. Runs the lifecycle of a preview with the committed bundle, and answers the open
// questions about the service. This needs an API key. With `--claimable`, answers only the questions that need
// no account. `--plan` only prints what the run would create.

const { values: options } = parseArgs({
  options: {
    plan: { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
    claimable: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [...PARTS] },
    minutes: { type: 'string', default: '20' },
    report: { type: 'string', default: 'live-report' },
  },
})

const PLAN = `npm run live creates up to 5 branches at a time in the project NEON_PROJECT_ID, named ${branchPrefix}…,
each with an expiry of 2 hours, and most with a read-write compute of the smallest size. It enables
and disables Neon Auth on them, signs up one user, and deletes them at the end. A run takes about
10 minutes, and at most ${options.minutes}: less than half an hour of the smallest compute. It changes no other branch.
If an earlier run was killed, its branches are deleted first, so start only one run at a time.
--only runs one part: ${PARTS.join(', ')}.`

const CLAIMABLE_PLAN = `npm run live -- --claimable creates one temporary project at claimable.neon.tech, without an account.
It costs nothing. It enables Neon Auth on the project, sends a few requests to its auth service, and
deletes the project at the end. It signs nobody up. It cannot run the lifecycle, because such a project allows no
branches and no trusted domains. If the run is killed, Neon deletes the project automatically after 72 hours.`

/** The longest run, in minutes. */
const MAX_MINUTES = 24 * 60

/** The lifetime of a token for a temporary project, minus the time to delete the project, in minutes. */
const CLAIMABLE_MINUTES = 10

const required = (name: string): string =>
  process.env[name] || fail(`${name} is not set: pass it in the environment`)

const untilInterrupted = (minutes: number): AbortSignal => {
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupted.abort(new Error(`interrupted by ${signal}`)))
  }
  return AbortSignal.any([interrupted.signal, AbortSignal.timeout(minutes * 60_000)])
}

const examineProject = async (signal: AbortSignal): Promise<LiveReport> => {
  const service = {
    apiHost: process.env['NEON_API_HOST'] ?? 'https://console.neon.tech/api/v2',
    apiKey: required('NEON_API_KEY'),
    projectId: required('NEON_PROJECT_ID'),
    clock: realClock,
    signal,
  }
  const signs = await productionSigns(service)
  if (signs.length > 0 && !options.yes) {
    fail(
      `This project looks like production: ${signs.join(', ')}.\n` +
        'Use a separate project, or pass --yes: the run creates and deletes child branches of the default branch.',
    )
  }
  const leftovers = await deleteLeftovers(service)
  if (leftovers > 0)
    console.log(`Found ${leftovers} branches of an earlier run, and tried to delete them.`)
  return examine(service, (part) => console.log(`Examining: ${part}`), options.only)
}

const examineTemporaryProject = async (signal: AbortSignal): Promise<LiveReport> => {
  const isAgreed = await hasConsent('Create a temporary project at claimable.neon.tech?', {
    isAgreed: options.yes,
    isCi: (process.env['CI'] ?? '') !== '',
    input: process.stdin,
    output: process.stdout,
    signal,
  })
  if (!isAgreed) fail('Nothing was created. To create a temporary project, pass --yes.')
  const origin = process.env['CLAIMABLE_NEON_ORIGIN'] ?? 'https://claimable.neon.tech'
  return examineClaimable({ origin, signal })
}

const publish = (report: LiveReport, signal: AbortSignal): void => {
  writeFileSync(`${options.report}.md`, markdownOf(report))
  writeFileSync(`${options.report}.json`, `${JSON.stringify(report, undefined, 2)}\n`)
  console.log(`\n${markdownOf(report)}`)
  if (signal.aborted) console.log(`Stopped early: ${signal.reason}`)
  if (!isSound(report) || report.leftBehind.length > 0 || signal.aborted) process.exitCode = 1
}

const main = async (): Promise<void> => {
  const unknown = options.only.filter((part) => !PARTS.includes(part))
  if (unknown.length > 0)
    fail(`--only: unknown part ${unknown.join(', ')}. Known parts: ${PARTS.join(', ')}`)
  const minutes = Number(options.minutes)
  if (!(minutes > 0 && minutes <= MAX_MINUTES))
    fail(`--minutes: pass a number up to ${MAX_MINUTES}, not ${options.minutes}`)
  const signal = untilInterrupted(
    options.claimable ? Math.min(minutes, CLAIMABLE_MINUTES) : minutes,
  )
  try {
    const report = await (options.claimable ? examineTemporaryProject : examineProject)(signal)
    publish(report, signal)
  } catch (error) {
    fail(signal.aborted ? `Stopped: ${signal.reason}` : `Failed: ${error}`)
  }
}

if (options.plan) console.log(options.claimable ? CLAIMABLE_PLAN : PLAN)
else await main()
