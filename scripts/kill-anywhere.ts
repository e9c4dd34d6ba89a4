import { parseArgs, styleText } from 'node:util'
import { type KillVerdict, killsOf, runKillCell } from '../test/campaign/kill-cell.ts'
import { textOf } from '../test/campaign/requests.ts'
import { withWorkers } from '../test/campaign/workers.ts'
import {
  count,
  OPTIONS,
  observeAll,
  printExceptions,
  printFailure,
  progressOf,
  sampleOf,
  table,
} from './campaign.ts'
import { secondsSince } from './script.ts'

// Kills every scenario (SIGKILL) at each of its requests: before a read, and before and after a write takes effect. Also
// kills it after each statement of a transaction, where Postgres fails as if it shut down. The same step then runs again
// and must converge, except for documented exceptions.

const { values: options } = parseArgs({
  options: {
    ...OPTIONS,
    /** The moment of the kill: `before`, `after`, `within 2`. */
    when: { type: 'string' },
  },
})
const workers = Number(options.workers)
const started = performance.now()
const observed = await observeAll(options.scenario, workers)

const allCells = [...observed]
  .flatMap(([scenario, run]) => killsOf(scenario, run))
  .filter(({ when }) => !options.when || when === options.when)
  .filter(({ request }) => !options.request || textOf(request) === options.request)
const cells = sampleOf(allCells, options)

const tick = progressOf(cells.length)
const verdicts = await withWorkers(cells, workers, async (services, cell) => {
  const { scenario, request, when } = cell
  const verdict = await runKillCell(services, cell, observed.get(scenario)?.effects ?? [])
  tick()
  const command = `npm run kills -- --scenario ${scenario.name} --request '${textOf(request)}' --when '${when}'`
  if (verdict.outcome === 'wrong') printFailure(command, verdict.problems)
  return verdict
})

const countCells = (selected: readonly KillVerdict[]): string[] => [
  String(selected.length),
  String(count(selected, 'converged')),
  String(count(selected, 'excepted')),
  String(count(selected, 'wrong')),
]

const names = [...observed.keys()].map(({ name }) => name)
const verdictsOf = (name: string): KillVerdict[] =>
  verdicts.filter((_, index) => cells[index]?.scenario.name === name)
console.log('\nKilled and started again:\n')
console.log(
  table([
    ['', 'kills', 'converged', 'documented exceptions', 'wrong'],
    ...names.map((name) => [name, ...countCells(verdictsOf(name))]),
    ['all', ...countCells(verdicts)],
  ]),
)
const needed = verdicts.flatMap(({ exception }) => exception ?? [])
const isFullRun = !options.scenario && !options.request && !options.when && options.every === '1'
const stale = printExceptions(
  needed,
  ({ by }) => isFullRun && (by.test('killed before') || by.test('killed after')),
)
for (const { why } of stale) console.log(styleText('red', `✘ unneeded exception: ${why}`))

const wrong = count(verdicts, 'wrong')
console.log(
  `\n${cells.length} kills: ${count(verdicts, 'converged')} converged, ${count(verdicts, 'excepted')} documented exceptions, ${wrong} wrong; ${secondsSince(started)} s`,
)
if (wrong > 0 || stale.length > 0) process.exitCode = 1
