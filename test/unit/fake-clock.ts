import { afterEach, beforeEach, vi } from 'vitest'
import type { Deadline } from '../../src/core/deadline.ts'
import { fakeDeadline } from '../fakes.ts'

/** A clock that moves only while one of its own deadlines waits. */
export interface FakeClock {
  /** Returns the milliseconds since the test began. */
  readonly now: () => number
  /** Returns a deadline that expires this many seconds after the test began. */
  readonly deadlineIn: (seconds: number) => Deadline
}

/** Replaces the clock in every test of the calling file, and makes random waits as long as possible. */
export const useFakeClock = (): FakeClock => {
  let now = 0
  beforeEach(() => {
    now = 0
    vi.spyOn(Math, 'random').mockReturnValue(1)
    vi.spyOn(performance, 'now').mockImplementation(() => now)
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })
  return {
    now: () => now,
    deadlineIn: (seconds) =>
      fakeDeadline({
        remaining: () => seconds * 1_000 - now,
        sleep: async (ms) => {
          now += ms
        },
      }),
  }
}
