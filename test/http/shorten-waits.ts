import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'

/** The part of each wait that really passes. */
const SHARE = 1 / 40

const clock = performance.now.bind(performance)
const wait = timers.setTimeout
let ahead = 0

/**
 * Shortens every wait of the code under test to a fortieth and moves the clock forward by the rest.
 * Deadlines still expire at the right time, but a test with a minute of waiting takes seconds. `share`
 * is the part of each wait that really passes. The process tests use real waits.
 */
export const shortenWaits = (share = SHARE): void => {
  performance.now = () => clock() + ahead
  timers.setTimeout = async (ms = 0, value, options) => {
    const end = performance.now() + ms
    const waited = await wait(ms * share, value, options)
    ahead = Math.max(ahead, end - clock())
    return waited
  }
  syncBuiltinESMExports()
}
