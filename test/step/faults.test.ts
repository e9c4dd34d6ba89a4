import { describe, expect, it } from 'vitest'
import { type FaultCell, labelOf, runFaultCell } from '../campaign/fault-cell.ts'
import { type CampaignFault, FAULTS } from '../campaign/faults.ts'
import { isWrite } from '../campaign/requests.ts'
import type { CompletedRun } from '../campaign/run-step.ts'
import { CELLS_TIMEOUT_MS, problemsIn, runUndisturbed } from '../campaign/sample.ts'
import type { Scenario } from '../scenarios.ts'

const faultProblems = (cells: readonly FaultCell[], baseline: CompletedRun) =>
  problemsIn(cells, labelOf, (services, cell) => runFaultCell(services, cell, baseline))

const faultOf = (name: string): CampaignFault => {
  const fault = FAULTS.find((candidate) => candidate.name === name)
  if (!fault) throw new Error(`no fault ${name}`)
  return fault
}

/** Returns a cell in which one request of a scenario gets one fault. */
const cellOf = (
  scenario: Scenario,
  request: FaultCell['request'],
  fault: CampaignFault,
): FaultCell => ({ scenario, request, fault, lasting: false })

describe('reconcile lost responses by reading: a run survives a fault at any request, or names it and the next run repairs it', () => {
  // Each request gets one fault, in turn, so that most kinds are used.
  it.each(['open', 'untrust'])(
    'in the scenario "%s"',
    { timeout: CELLS_TIMEOUT_MS },
    async (name) => {
      const [scenario, run] = await runUndisturbed(name)
      const cells = run.requests.map(({ name: request }, index) =>
        cellOf(scenario, request, FAULTS[(index * 7) % FAULTS.length] ?? faultOf('423')),
      )
      expect(await faultProblems(cells, run)).toEqual([])
    },
  )

  it('in the scenario "recreate", while the leftover is dropped over SQL', {
    timeout: CELLS_TIMEOUT_MS,
  }, async () => {
    const [scenario, run] = await runUndisturbed('recreate')
    const cells = run.requests
      .filter(({ name }) => name.what === 'POST /sql')
      .flatMap(({ name: request }) =>
        ['reset-after', '502-html', '{}'].map((fault) => cellOf(scenario, request, faultOf(fault))),
      )
    expect(cells).toHaveLength(6)
    expect(await faultProblems(cells, run)).toEqual([])
  })

  it('in the scenario "restore", at each write over SQL', {
    timeout: CELLS_TIMEOUT_MS,
  }, async () => {
    const [scenario, run] = await runUndisturbed('restore')
    const cells = run.requests
      .filter(({ request }) => isWrite(request) && request.plane === 'sql')
      .map(({ name: request }) => cellOf(scenario, request, faultOf('reset-after')))
    expect(cells).toHaveLength(2)
    expect(await faultProblems(cells, run)).toEqual([])
  })
})
