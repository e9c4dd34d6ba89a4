import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'

/** The share of a wait that really passes. */
const SHARE = 1 / 40

const clock = performance.now.bind(performance)
const wait = timers.setTimeout
let ahead = 0

/**
 * From here on the code under test waits a fortieth of what it asks for, on a clock that then jumps
 * to where the wait would have ended: deadlines pass as they would, and a test of a minute's waiting
 * takes seconds. `share` is the part of a wait that really passes. The process tests wait in earnest.
 */
export const hurry = (share = SHARE): void => {
  performance.now = () => clock() + ahead
  timers.setTimeout = async (ms = 0, value, options) => {
    const end = performance.now() + ms
    const waited = await wait(ms * share, value, options)
    ahead = Math.max(ahead, end - clock())
    return waited
  }
  syncBuiltinESMExports()
}
