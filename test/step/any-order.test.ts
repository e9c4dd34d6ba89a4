import fc from 'fast-check'
import { expect, it } from 'vitest'
import { startStepHere } from '../in-process.ts'
import { campaignOf } from '../model/campaign.ts'
import { anyCommand, anyWorkflows, startSequence, tour } from '../model/events.ts'
import { startServices } from '../model/services.ts'
import { startStep } from '../runner.ts'

const { seed, runs, length, workers, verify, path, replay, minutes, long } = campaignOf(process.env)

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

const seeds = Array.from({ length: workers }, (_, worker) => seed + worker)
const tried = new Map<string, number>()

/** Runs the sequences of one worker one after the other, each from the same start. */
const worker = async (own: number): Promise<void> => {
  const services = await startServices(long ? startStep : startStepHere)
  const commands = fc.commands(anyCommand, {
    maxCommands: length,
    size: 'max',
    ...(replay !== undefined && { replayPath: replay }),
  })
  const property = fc.asyncProperty(anyWorkflows(verify), commands, (workflows, sequence) =>
    fc.asyncModelRun(() => startSequence(services, workflows), sequence),
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
    expect(services.neon.contractBreaches).toEqual([])
  } finally {
    for (const [what, times] of services.tried) tried.set(what, (tried.get(what) ?? 0) + times)
    await services.close()
  }
}

/**
 * Runs random sequences of events for four pull requests, two with their own branches and two that
 * share one. Each run must end as the README's table says, and leave Neon in the state that the table
 * says: production untouched, no lost data or domains, and auth off where it should be.
 *
 * A failure prints fast-check's `seed`, `path`, and `replayPath`. `npm run model` accepts all three.
 */
it(
  'any order of events leads to the state that the README describes',
  async () => {
    const ends = await Promise.allSettled(seeds.map(worker))
    if (long) console.log(Object.fromEntries([...tried].sort()))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
    if (path !== undefined) return
    const missed = MUST_HAPPEN.filter((what) => ![...tried.keys()].some((one) => what.test(one)))
    expect(missed).toEqual([])
  },
  (minutes + 2) * 60_000,
)
