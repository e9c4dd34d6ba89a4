import fc from 'fast-check'
import { expect, it } from 'vitest'
import { startStepHere } from '../in-process.ts'
import { campaignOf } from '../model/campaign.ts'
import { anyCommand, anyWorkflows, startSequence, tour } from '../model/events.ts'
import { startServices } from '../model/services.ts'
import { startStep } from '../runner.ts'

const { seed, runs, length, workers, verify, path, replay, minutes, long } = campaignOf(process.env)

/** The outcomes that a campaign must reach, or it would prove less than it claims. */
const REQUIRED_OUTCOMES = [
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

/** Runs the sequences of one worker in turn, each from the same start. */
const runWorker = async (workerSeed: number): Promise<void> => {
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
      seed: workerSeed,
      numRuns: runs,
      // Only long sequences find bugs, so there is no bias toward short ones.
      unbiased: true,
      examples: workerSeed === seed ? [tour] : [],
      // Shrinking must also end in time for the report.
      interruptAfterTimeLimit: minutes * 60_000,
      ...(path !== undefined && { path }),
    })
    expect(services.neon.contractBreaches).toEqual([])
  } finally {
    for (const [outcome, count] of services.tried)
      tried.set(outcome, (tried.get(outcome) ?? 0) + count)
    await services.close()
  }
}

/**
 * Runs random sequences of events for four pull requests: two with their own branches, and two that share a
 * branch. Each run must end as the README's table says. Neon must be in the state that the table
 * describes: production untouched, no lost data or domains, and auth off where it should be.
 *
 * A failure prints fast-check's `seed`, `path`, and `replayPath`. `npm run model` accepts all three.
 */
it(
  'events in any order lead to the state that the README describes',
  async () => {
    const results = await Promise.allSettled(seeds.map(runWorker))
    if (long) console.log(Object.fromEntries([...tried].sort()))
    for (const result of results) if (result.status === 'rejected') throw result.reason
    // A replay tries only one sequence.
    if (path !== undefined) return
    const missed = REQUIRED_OUTCOMES.filter(
      (pattern) => ![...tried.keys()].some((outcome) => pattern.test(outcome)),
    )
    expect(missed).toEqual([])
  },
  (minutes + 2) * 60_000,
)
