import { startStepHere } from '../in-process.ts'
import { SCENARIOS, type Scenario, type Services } from '../scenarios.ts'
import { type FaultCell, observe, type Verdict } from './fault-cell.ts'
import type { KillCell } from './kill-cell.ts'
import { textOf } from './requests.ts'
import type { CompletedRun } from './run-step.ts'
import { withWorkers } from './workers.ts'

// For the parts of two campaigns that `npm test` runs. `npm run faults` and `npm run kills` cover every request of every
// scenario.

/** Most of a cell's time is waiting. */
const WORKERS = 6

/** The time limit of a test that runs many cells, in ms. */
export const CELLS_TIMEOUT_MS = 180_000

const scenarioOf = (name: string): Scenario => {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  return scenario
}

/** Runs a scenario without faults, within this process. Returns it with the completed run. */
export const runUndisturbed = async (name: string): Promise<[Scenario, CompletedRun]> => {
  const scenario = scenarioOf(name)
  const [run] = await withWorkers([scenario], 1, observe, startStepHere)
  if (!run) throw new Error(`${name} was not run`)
  return [scenario, run]
}

/** Runs cells in parallel. Returns the problems of each cell that has any. */
export const problemsIn = async <Cell extends FaultCell | KillCell>(
  cells: readonly Cell[],
  nameOf: (cell: Cell) => string,
  run: (services: Services, cell: Cell) => Promise<Pick<Verdict, 'problems'>>,
) => {
  const verdictOn = async (services: Services, cell: Cell) => ({
    cell: `${textOf(cell.request)} ${nameOf(cell)}`,
    problems: (await run(services, cell)).problems,
  })
  const verdicts = await withWorkers(cells, WORKERS, verdictOn, startStepHere)
  return verdicts.filter(({ problems }) => problems.length > 0)
}
