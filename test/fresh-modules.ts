import { afterAll, vi } from 'vitest'
import { restoreWaits } from './shorten-waits.ts'

// The test files of a worker share one process, because starting one for each file takes longer than most tests.
// Each file must load the source again, because its modules keep state, such as the secrets to mask.
vi.resetModules()

const environment = { ...process.env }
afterAll(() => {
  restoreWaits()
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name]
  Object.assign(process.env, environment)
})
