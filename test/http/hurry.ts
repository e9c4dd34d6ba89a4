import { vi } from 'vitest'

/**
 * Lets time pass faster for the code under test, waits and limits alike: a mutant may be met by
 * many tests, and most of what those do is wait. Only for runs with mutants (vitest.mutation.config.ts).
 */
const SPEED = 12

vi.mock(import('node:timers/promises'), async (original) => {
  const real = await original()
  const hurried: typeof real.setTimeout = (ms = 0, value, options) =>
    real.setTimeout(ms / SPEED, value, options)
  return { ...real, setTimeout: hurried }
})

const now = performance.now.bind(performance)
performance.now = () => now() * SPEED

const timeout = AbortSignal.timeout.bind(AbortSignal)
AbortSignal.timeout = (ms) => timeout(Math.ceil(ms / SPEED))
