import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { CAMPAIGN, type Campaign } from '../test/model/campaign.ts'

// Runs test/step/any-order.test.ts and any-moment.test.ts for a few minutes, with longer sequences from a
// printed seed. Replay a failure with the options that it prints:
//
//   npm run model -- --seed 1234 --path 3:1:0 --replay AAB:C

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: `${Math.trunc(Math.random() * 2 ** 31)}` },
    runs: { type: 'string', default: '25' },
    length: { type: 'string', default: '60' },
    workers: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '10' },
    /** Skips the requests to the auth service. The campaign is then twice as fast. */
    'no-verify': { type: 'boolean', default: false },
    path: { type: 'string' },
    replay: { type: 'string' },
  },
})

const { path, replay } = values
const campaign: Campaign = {
  seed: Number(values.seed),
  runs: Number(values.runs),
  length: Number(values.length),
  // One worker found the failure, so a replay needs only one.
  workers: path === undefined ? Number(values.workers) : 1,
  minutes: Number(values.minutes),
  verify: !values['no-verify'],
  long: true,
  ...(path !== undefined && { path }),
  ...(replay !== undefined && { replay }),
}
console.log(`any order of events, --seed ${campaign.seed}: ${JSON.stringify(campaign)}`)
// A replay runs nothing else.
const files = path === undefined ? ['any-order', 'any-moment'] : ['any-order']
const { status } = spawnSync('vitest', ['run', ...files], {
  stdio: 'inherit',
  env: { ...process.env, [CAMPAIGN]: JSON.stringify(campaign) },
})
process.exitCode = status ?? 1
