import { parseArgs, styleText } from 'node:util'
import { type FaultCell, labelOf, runFaultCell } from '../test/campaign/fault-cell.ts'
import { FAULTS, LASTING } from '../test/campaign/faults.ts'
import { textOf } from '../test/campaign/requests.ts'
import { withWorkers } from '../test/campaign/workers.ts'
import type { Services } from '../test/scenarios.ts'
import {
  count,
  observeAll,
  outcomeTable,
  printExceptions,
  printFailure,
  progressOf,
  STEP_OPTIONS,
  sampleOf,
  stepStarter,
} from './campaign.ts'
import { secondsSince } from './script.ts'

// Injects every fault into every request of every scenario. Each run is a process of the built bundle
// against Local Neon, or the source within this process (`--in-process`). Each fault hits one request once,
// and some also last. The run must recover, or fail in time and name the cause. A second run without faults must
// then converge.

const { values: options } = parseArgs({ options: STEP_OPTIONS })
const workers = Number(options.workers)
const started = performance.now()
const start = await stepStarter(options['in-process'])
const observed = await observeAll(options.scenario, workers, start)

const allCells = [...observed]
  .flatMap(([scenario, { requests }]) =>
    requests.flatMap(({ name: request }): FaultCell[] => {
      const once = FAULTS.map((fault) => ({ scenario, request, fault, lasting: false }))
      // A lasting fault hits every request of its kind, starting with the first.
      const lasting = once
        .filter(({ fault }) => request.nth === 1 && LASTING.includes(fault.name))
        .map((cell) => ({ ...cell, lasting: true }))
      return [...once, ...lasting]
    }),
  )
  .filter((cell) => !options.fault || options.fault.includes(labelOf(cell)))
  .filter(({ request }) => !options.request || textOf(request) === options.request)
const cells = sampleOf(allCells, options)

const tick = progressOf(cells.length)
const work = async (services: Services, cell: FaultCell) => {
  const { scenario, request } = cell
  const verdict = await runFaultCell(
    services,
    cell,
    observed.get(scenario) ?? { effects: [], tookMs: 0 },
  )
  tick()
  const command = `npm run faults -- --scenario ${scenario.name} --request '${textOf(request)}' --fault '${labelOf(cell)}'`
  if (verdict.outcome === 'wrong') printFailure(command, verdict.problems)
  if (options.log) console.log(verdict.log)
  return verdict
}
const verdicts = await withWorkers(cells, workers, work, start)

console.log('\nConverged/failed and named the cause, for each fault and scenario:\n')
console.log(outcomeTable(cells, verdicts, labelOf))
const needed = verdicts.flatMap(({ exception }) => exception ?? [])
const isFullRun = !options.scenario && !options.request && !options.fault && options.every === '1'
const stale = printExceptions(
  needed,
  ({ by }) => isFullRun && FAULTS.some(({ name }) => by.test(name)),
)
for (const { why } of stale) console.log(styleText('red', `✘ unneeded exception: ${why}`))

const wrong = count(verdicts, 'wrong')
const notSent = verdicts.filter(({ neverSent }) => neverSent).length
if (notSent > 0)
  console.log(
    `\n${notSent} cells had no fault, because a fast run does not read the branch a second time.`,
  )
const requests = [...observed.values()].reduce((sum, run) => sum + run.requests.length, 0)
console.log(
  `\n${observed.size} scenarios, ${requests} requests, ${cells.length} cells: ${count(verdicts, 'converged')} converged, ${count(verdicts, 'failed with cause')} failed, named the cause, and converged when run again, ${wrong} wrong; ${secondsSince(started)} s`,
)
if (wrong > 0 || stale.length > 0) process.exitCode = 1
