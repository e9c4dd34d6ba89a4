import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

/** Runs every case of a test file, or every n-th with `--every n`. `npm test` runs only some of them. */
export const runCampaignTest = (file: string): void => {
  const { values } = parseArgs({ options: { every: { type: 'string', default: '1' } } })
  const { status } = spawnSync('vitest', ['run', file], {
    stdio: 'inherit',
    env: { ...process.env, EVERY: values.every },
  })
  process.exitCode = status ?? 1
}
