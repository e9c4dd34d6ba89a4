import { setImmediate, setTimeout } from 'node:timers/promises'

/** A clock, and a way to wait on it. */
export interface Clock {
  /** Returns the time in ms. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** This machine's clock. */
export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
}

/**
 * Returns a clock that moves only when somebody waits, and then immediately. Slow work on a busy machine
 * takes no time on this clock, so measurements include only the intended waits. Waits must not overlap: a
 * shorter one could end late.
 */
export const virtualClock = (): Clock => {
  let time = 0
  return {
    now: () => time,
    sleep: async (ms, signal) => {
      const end = time + ms
      await setImmediate(undefined, { signal })
      time = Math.max(time, end)
    },
  }
}
