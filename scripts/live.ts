import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { deleteLeftovers, examine, productionSigns } from '../test/live/examine.ts'
import { isSound, markdownOf } from '../test/live/report.ts'
import { branchPrefix } from '../test/live/site.ts'

// Examines the live service with a key: plays the lifecycle of a preview with the committed bundle
// and answers every open question by what it saw. `npm run live -- --plan` says what that creates.

const { values: options } = parseArgs({
  options: {
    plan: { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '20' },
    report: { type: 'string', default: 'live-report' },
  },
})

const PLAN = `npm run live creates up to 5 branches at a time in the project NEON_PROJECT_ID, named ${branchPrefix}…,
each with an expiry of 2 hours and most with a read-write compute of the smallest size. It enables
and disables Neon Auth on them, signs up one user, and deletes them at the end. A run takes about
10 minutes, and at most ${options.minutes}: less than half an hour of the smallest compute. It changes no other branch.
If an earlier run was killed, its branches are deleted first.`

const fail = (message: string): never => {
  console.error(message)
  process.exit(2)
}

const required = (name: string): string =>
  process.env[name] || fail(`${name} is not set: pass it in the environment`)

const main = async (): Promise<void> => {
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupted.abort(new Error(`interrupted by ${signal}`)))
  }
  const limit = AbortSignal.timeout(Number(options.minutes) * 60_000)
  const service = {
    apiHost: process.env['NEON_API_HOST'] ?? 'https://console.neon.tech/api/v2',
    apiKey: required('NEON_API_KEY'),
    projectId: required('NEON_PROJECT_ID'),
    secondMs: 1000,
    signal: AbortSignal.any([interrupted.signal, limit]),
  }
  const signs = await productionSigns(service)
  if (signs.length > 0 && !options.yes) {
    fail(
      `This project looks like production: ${signs.join(', ')}.\n` +
        'Use a project made for this, or pass --yes: branches of the default branch are created and deleted.',
    )
  }
  const leftovers = await deleteLeftovers(service)
  if (leftovers > 0) console.log(`Deleted ${leftovers} branches that an earlier run left.`)
  const report = await examine(service, (part) => console.log(`Examining: ${part}`))
  writeFileSync(`${options.report}.md`, markdownOf(report))
  writeFileSync(`${options.report}.json`, `${JSON.stringify(report, undefined, 2)}\n`)
  console.log(`\n${markdownOf(report)}`)
  if (service.signal.aborted) console.log(`Stopped early: ${service.signal.reason}`)
  if (!isSound(report) || service.signal.aborted) process.exitCode = 1
}

if (options.plan) console.log(PLAN)
else await main()
