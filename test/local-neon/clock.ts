import { setImmediate, setTimeout } from 'node:timers/promises'

/** A clock, and waiting by it. */
export interface Clock {
  /** In ms. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The clock of this machine. */
export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
}

/**
 * Returns a clock that moves only if somebody waits, and then at once. Whatever a busy machine takes to do
 * takes no time on it, so what is measured is only what was meant.
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
