import fc from 'fast-check'
import { expect, it } from 'vitest'
import { campaignOf } from '../model/campaign.ts'
import { anyCommand, anyWorkflows, beginning, tour } from '../model/events.ts'
import { openWorld } from '../model/world.ts'

const { seed, runs, length, lanes, verify, path, replay, minutes, long } = campaignOf(process.env)

/** What every campaign must have tried. Otherwise it would prove less than it claims. */
const MUST_HAPPEN = [
  /^enable: enabled/,
  /^enable: updated/,
  /^enable: unchanged/,
  /^enable: pull_request_closed/,
  /^enable: planned/,
  /^enable: its database holds a neon_auth schema/,
  /protected branch/,
  /^close: disabled/,
  /^close: untrusted/,
  /^close: already_gone/,
  /^sweep: swept/,
  /^at once/,
  /^killed$/,
]

const seeds = Array.from({ length: lanes }, (_, lane) => seed + lane)
const tried = new Map<string, number>()

/** Plays the sequences of one lane one after the other, each from the same start. */
const lane = async (own: number): Promise<void> => {
  const world = await openWorld()
  const commands = fc.commands(anyCommand, {
    maxCommands: length,
    size: 'max',
    ...(replay !== undefined && { replayPath: replay }),
  })
  const property = fc.asyncProperty(anyWorkflows(verify), commands, (workflows, sequence) =>
    fc.asyncModelRun(() => beginning(world, workflows), sequence),
  )
  try {
    await fc.assert(property, {
      seed: own,
      numRuns: runs,
      // Only long sequences find bugs, so there is no bias toward short ones.
      unbiased: true,
      examples: own === seed ? [tour] : [],
      // Shrinking must also end in time for the report.
      interruptAfterTimeLimit: minutes * 60_000,
      ...(path !== undefined && { path }),
    })
    expect(world.neon.contractBreaches).toEqual([])
  } finally {
    for (const [what, times] of world.tried) tried.set(what, (tried.get(what) ?? 0) + times)
    await world.close()
  }
}

/**
 * Whatever happens in whatever order to four pull requests (two with branches of their own, two on
 * one they share), each run ends as the README's table says, and after each everything at Neon is as
 * it says: production untouched, nobody's data or domains lost, nothing on that should be off.
 *
 * A failure prints fast-check's `seed`, `path` and `replayPath`: `npm run model` takes all three.
 */
it(
  'any order of events leads to the state that the README describes',
  async () => {
    const ends = await Promise.allSettled(seeds.map(lane))
    if (long) console.log(Object.fromEntries([...tried].sort()))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
    if (path !== undefined) return
    const missed = MUST_HAPPEN.filter((what) => ![...tried.keys()].some((one) => what.test(one)))
    expect(missed).toEqual([])
  },
  (minutes + 2) * 60_000,
)
