import { spawnSync } from 'node:child_process'

// Runs the full campaign: something changes at every request of every kind of run. `npm test` runs a part of it.
const { status } = spawnSync('vitest', ['run', 'test/http/interleavings.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, INTERLEAVINGS: 'all' },
})
process.exitCode = status ?? 1
