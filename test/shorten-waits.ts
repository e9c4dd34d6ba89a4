import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'

/** How far the clock of the code under test is ahead of this machine's, in ms. */
interface Lead {
  ahead: number
}

/** The part of each wait that really passes. */
const SHARE = 1 / 40

const clock = performance.now.bind(performance)
const wait = timers.setTimeout

/** Returns the lead of all code, as long as the code is not told apart. */
const sharedLead = (): (() => Lead | undefined) => {
  const lead = { ahead: 0 }
  return () => lead
}

/**
 * Shortens every wait of the code under test to a fortieth and moves the clock forward by the rest.
 * Deadlines still expire at the right time, but a test with a minute of waiting takes seconds. `share`
 * is the part of each wait that really passes. `leadOf` returns the lead of the code that is running, or
 * `undefined` if its waits stay real. By default, all code shares one. The process tests use real waits.
 */
export const shortenWaits = (share = SHARE, leadOf = sharedLead()): void => {
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
