import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'

/** How far the clock of the code under test is ahead of this machine's, in ms. */
interface Lead {
  ahead: number
}

const clock = performance.now.bind(performance)
const wait = timers.setTimeout

/** Returns a `leadOf` for {@link shortenWaits} that gives all code the same lead. */
const sharedLead = (): (() => Lead | undefined) => {
  const lead = { ahead: 0 }
  return () => lead
}

/**
 * Shortens each `setTimeout` of `node:timers/promises` to `share` of its time and moves `performance.now`
 * forward by the rest. Deadlines still expire at the right time, but a minute of waiting takes a fraction of a second.
 * `leadOf` returns the lead of the running code, or `undefined` if its waits must stay real.
 */
export const shortenWaits = (share = 1 / 400, leadOf = sharedLead()): void => {
  performance.now = () => clock() + (leadOf()?.ahead ?? 0)
  timers.setTimeout = async (ms = 0, value, options) => {
    const lead = leadOf()
    if (!lead) return wait(ms, value, options)
    const end = performance.now() + ms
    const waited = await wait(ms * share, value, options)
    lead.ahead = Math.max(lead.ahead, end - clock())
    return waited
  }
  syncBuiltinESMExports()
}

/** Undoes {@link shortenWaits}. */
export const restoreWaits = (): void => {
  performance.now = clock
  timers.setTimeout = wait
  syncBuiltinESMExports()
}
