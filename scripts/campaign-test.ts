import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

/** Runs all cases of a test file of which `npm test` runs a part, or every n-th with `--every n`. */
export const runCampaignTest = (file: string): void => {
  const { values } = parseArgs({ options: { every: { type: 'string', default: '1' } } })
  const { status } = spawnSync('vitest', ['run', file], {
    stdio: 'inherit',
    env: { ...process.env, EVERY: values.every },
  })
  process.exitCode = status ?? 1
}
