import { parseArgs } from 'node:util'
import {
  GITHUB_FAULTS,
  type GitHubCell,
  gitHubLabel,
  observeGitHub,
  runGitHubFaultCell,
} from '../test/campaign/github-cell.ts'
import { GITHUB_SCENARIOS } from '../test/campaign/github-scenarios.ts'
import { withWorkers } from '../test/campaign/workers.ts'
import { count, outcomeTable, printFailure, progressOf } from './campaign.ts'

// Injects every fault into every request to GitHub, once and lasting. The run must recover, or it must warn or
// fail and name the cause. It must never remove anything that it should keep. The next run must converge.

const { values: options } = parseArgs({
  options: {
    scenario: { type: 'string' },
    request: { type: 'string' },
    fault: { type: 'string' },
    /** Runs only every n-th cell. */
    every: { type: 'string', default: '1' },
    workers: { type: 'string', default: '6' },
    log: { type: 'boolean', default: false },
  },
})
const workers = Number(options.workers)
const started = performance.now()
const scenarios = GITHUB_SCENARIOS.filter(
  ({ name }) => !options.scenario || name === options.scenario,
)
const observed = await withWorkers(scenarios, workers, observeGitHub)

const cells = scenarios
  .flatMap((scenario, index) =>
    (observed[index]?.requests ?? []).flatMap((request) =>
      GITHUB_FAULTS.flatMap((fault): GitHubCell[] => {
        const once = { scenario, request, fault, lasting: false }
        return request.endsWith('#1') ? [once, { ...once, lasting: true }] : [once]
      }),
    ),
  )
  .filter((cell) => !options.fault || gitHubLabel(cell) === options.fault)
  .filter(({ request }) => !options.request || request === options.request)
  .filter((_, index) => index % Number(options.every) === 0)

const tick = progressOf(cells.length)
const verdicts = await withWorkers(cells, workers, async (services, cell) => {
  const baseline = observed[scenarios.indexOf(cell.scenario)] ?? { tookMs: 0 }
  const verdict = await runGitHubFaultCell(services, cell, baseline)
  tick()
  const command = `npm run github-faults -- --scenario ${cell.scenario.name} --request '${cell.request}' --fault '${gitHubLabel(cell)}'`
  if (verdict.outcome === 'wrong') printFailure(command, verdict.problems)
  if (options.log) console.log(verdict.log)
  return verdict
})

console.log('\nSucceeded/failed and named the cause, for each fault and scenario:\n')
console.log(outcomeTable(cells, verdicts, gitHubLabel))
const wrong = count(verdicts, 'wrong')
const requests = observed.reduce((sum, { requests }) => sum + requests.length, 0)
const seconds = Math.round((performance.now() - started) / 1000)
console.log(
  `\n${scenarios.length} scenarios, ${requests} requests to GitHub, ${cells.length} cells: ${wrong} wrong; ${seconds} s`,
)
if (wrong > 0) process.exitCode = 1
