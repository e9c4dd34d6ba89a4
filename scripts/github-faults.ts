import { parseArgs } from 'node:util'
import type { Verdict } from '../test/campaign/fault-cell.ts'
import {
  GITHUB_FAULTS,
  type GitHubCell,
  gitHubLabel,
  observeGitHub,
  runGitHubFaultCell,
} from '../test/campaign/github-cell.ts'
import { GITHUB_SCENARIOS } from '../test/campaign/github-scenarios.ts'
import { withWorkers } from '../test/campaign/workers.ts'
import type { Services } from '../test/scenarios.ts'
import {
  count,
  outcomeTable,
  printFailure,
  progressOf,
  STEP_OPTIONS,
  sampleOf,
  stepStarter,
} from './campaign.ts'
import { secondsSince } from './script.ts'

// Injects every fault into every request to GitHub, once, and also into all requests of a kind. The run must
// recover, or it must warn or fail and name the cause. It must never remove anything that it should keep. The
// next run must converge.

const { values: options } = parseArgs({ options: STEP_OPTIONS })
const workers = Number(options.workers)
const started = performance.now()
const start = await stepStarter(options['in-process'])
const scenarios = GITHUB_SCENARIOS.filter(
  ({ name }) => !options.scenario || name === options.scenario,
)
const observed = await withWorkers(scenarios, workers, observeGitHub, start)

const allCells = scenarios
  .flatMap((scenario, index) =>
    (observed[index]?.requests ?? []).flatMap((request) =>
      GITHUB_FAULTS.flatMap((fault): GitHubCell[] => {
        const once = { scenario, request, fault, lasting: false }
        return request.endsWith('#1') ? [once, { ...once, lasting: true }] : [once]
      }),
    ),
  )
  .filter((cell) => !options.fault || options.fault.includes(gitHubLabel(cell)))
  .filter(({ request }) => !options.request || request === options.request)
const cells = sampleOf(allCells, options)

const tick = progressOf(cells.length)
const work = async (services: Services, cell: GitHubCell): Promise<Verdict> => {
  const baseline = observed[scenarios.indexOf(cell.scenario)] ?? { tookMs: 0 }
  const verdict = await runGitHubFaultCell(services, cell, baseline)
  tick()
  const command = `npm run github-faults -- --scenario ${cell.scenario.name} --request '${cell.request}' --fault '${gitHubLabel(cell)}'`
  if (verdict.outcome === 'wrong') printFailure(command, verdict.problems)
  if (options.log) console.log(verdict.log)
  return verdict
}
const verdicts = await withWorkers(cells, workers, work, start)

console.log('\nSucceeded/failed and named the cause, for each fault and scenario:\n')
console.log(outcomeTable(cells, verdicts, gitHubLabel))
const wrong = count(verdicts, 'wrong')
const requests = observed.reduce((sum, { requests }) => sum + requests.length, 0)
console.log(
  `\n${scenarios.length} scenarios, ${requests} requests to GitHub, ${cells.length} cells: ${wrong} wrong; ${secondsSince(started)} s`,
)
if (wrong > 0) process.exitCode = 1
