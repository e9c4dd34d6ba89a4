import { describe, expect, it } from 'vitest'
import { type KillCell, killsOf, runKillCell } from '../campaign/kill-cell.ts'
import { isWrite } from '../campaign/requests.ts'
import type { CompletedRun } from '../campaign/run-step.ts'
import { CELLS_TIMEOUT_MS, problemsIn, runUndisturbed } from '../campaign/sample.ts'

// The steps that are killed run in processes of their own.
const killProblems = (cells: readonly KillCell[], { effects }: CompletedRun) =>
  problemsIn(
    cells,
    ({ when }) => when,
    (services, cell) => runKillCell(services, cell, effects),
  )

describe('converge: the next run completes a run that was killed at a write', () => {
  it('in the scenario "close-delete"', { timeout: CELLS_TIMEOUT_MS }, async () => {
    const [scenario, run] = await runUndisturbed('close-delete')
    const writes = run.requests.filter(({ request }) => isWrite(request))
    const kills = killsOf(scenario, { ...run, requests: writes })
    expect(await killProblems(kills, run)).toEqual([])
  })

  // `npm run kills` kills it after every statement within.
  it('in the scenario "restore", also within its last transaction', {
    timeout: CELLS_TIMEOUT_MS,
  }, async () => {
    const [scenario, run] = await runUndisturbed('restore')
    const within = killsOf(scenario, run).filter(({ when }) => when.startsWith('within'))
    // From the first statement to the last, including those that drop the moved schema.
    expect(within.length).toBeGreaterThan(30)
    const after = killsOf(scenario, run).filter(
      ({ request, when }) =>
        when === 'after' && ['POST /sql', 'createNeonAuth'].includes(request.what),
    )
    expect(await killProblems([...after, ...within.slice(-1)], run)).toEqual([])
  })
})
