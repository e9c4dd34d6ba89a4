import { type parseArgs, styleText } from 'node:util'
import { EXCEPTIONS, type Exception } from '../test/campaign/exceptions.ts'
import { observe, type Verdict } from '../test/campaign/fault-cell.ts'
import type { CompletedRun } from '../test/campaign/run-step.ts'
import { withWorkers } from '../test/campaign/workers.ts'
import type { StartStep } from '../test/runner.ts'
import { SCENARIOS, type Scenario } from '../test/scenarios.ts'
import { expectSome, secondsSince } from './script.ts'

// The shared parts of the campaigns: their options, their baseline runs without faults, and their reports.

/** The options of every campaign. Spread them into those of `parseArgs`. */
export const OPTIONS = {
  scenario: { type: 'string' },
  request: { type: 'string' },
  /** Runs only every n-th cell. */
  every: { type: 'string', default: '1' },
  /** The first cell to run, from 0 to n - 1. With `--every`, this splits the cells between processes. */
  from: { type: 'string', default: '0' },
  workers: { type: 'string', default: '6' },
} as const

/** The options of campaigns that need no process for each run. */
export const STEP_OPTIONS = {
  ...OPTIONS,
  fault: { type: 'string', multiple: true },
  /** Runs the source within this process, instead of the bundle in separate processes. This is faster. */
  'in-process': { type: 'boolean', default: false },
  /** Prints the log of every run. */
  log: { type: 'boolean', default: false },
} as const

/** The values of {@link OPTIONS}. */
export type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

/** Returns the cells that `--every` and `--from` select. Exits if they select none. */
export const sampleOf = <Cell>(cells: readonly Cell[], { every, from }: Options): Cell[] => {
  const sample = cells.filter((_, index) => index % Number(every) === Number(from))
  expectSome(sample)
  return sample
}

/** Returns the function that starts a step within this process, or `undefined` to use one process per step. */
export const stepStarter = async (isInProcess: boolean): Promise<StartStep | undefined> => {
  if (!isInProcess) return undefined
  // This import replaces `process`, so only runs within this process may load it.
  return (await import('../test/in-process.ts')).startStepHere
}

/** Runs every scenario, or only the scenario `name`, without faults and in parallel. Returns the completed runs. */
export const observeAll = async (
  name: string | undefined,
  workers: number,
  start?: StartStep,
): Promise<Map<Scenario, CompletedRun>> => {
  const scenarios = SCENARIOS.filter((scenario) => name === undefined || scenario.name === name)
  const runs = await withWorkers(scenarios, workers, observe, start)
  return new Map(
    scenarios.flatMap((scenario, index) => {
      const run = runs[index]
      return run ? [[scenario, run] as const] : []
    }),
  )
}

/** Returns a function to call after each cell. Every 100 cells, it prints the progress to stderr. */
export const progressOf = (total: number): (() => void) => {
  const started = performance.now()
  let done = 0
  return () => {
    done += 1
    if (done % 100 > 0) return
    console.error(styleText('dim', `${done} of ${total} cells, ${secondsSince(started)} s`))
  }
}

/** Formats a table for a terminal: the first column is left-aligned, the others right-aligned. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths?.[column] ?? 0
          return column === 0 ? cell.padEnd(width) : cell.padStart(width)
        })
        .join('  '),
    )
    .join('\n')
}

/** Counts the verdicts with an outcome. */
export const count = <Outcome extends string>(
  verdicts: readonly { readonly outcome: Outcome }[],
  outcome: Outcome,
): number => verdicts.filter((verdict) => verdict.outcome === outcome).length

const formatCounts = (verdicts: readonly Verdict[]): string => {
  if (verdicts.length === 0) return ''
  const wrong = count(verdicts, 'wrong')
  const correct = `${count(verdicts, 'converged')}/${count(verdicts, 'failed with cause')}`
  return wrong > 0 ? `${correct}/${wrong} ✘` : correct
}

/** Returns a table of the outcomes, with a row for each fault and a column for each scenario. */
export const outcomeTable = <Cell extends { readonly scenario: { readonly name: string } }>(
  cells: readonly Cell[],
  verdicts: readonly Verdict[],
  labelOf: (cell: Cell) => string,
): string => {
  const names = [...new Set(cells.map(({ scenario }) => scenario.name))]
  const labels = [...new Set(cells.map(labelOf))]
  const verdictsOf = (name: string, label: string): Verdict[] =>
    verdicts.filter((_, index) => {
      const cell = cells[index]
      return cell?.scenario.name === name && labelOf(cell) === label
    })
  return table([
    ['', ...names],
    ...labels.map((label) => [
      label,
      ...names.map((name) => formatCounts(verdictsOf(name, label))),
    ]),
  ])
}

/** Prints the problems of a cell, and the command that runs only this cell. */
export const printFailure = (command: string, problems: readonly string[]): void => {
  console.log(styleText('red', `\n✘ ${command}`))
  for (const problem of problems) console.log(problem.replace(/^/gm, '    '))
}

/**
 * Prints which documented exceptions were needed, and how often. Returns those that no cell needed, because
 * they could hide a new bug. `isRelevant` selects the exceptions of this campaign.
 */
export const printExceptions = (
  needed: readonly Exception[],
  isRelevant: (exception: Exception) => boolean,
): Exception[] => {
  const uses = new Map<Exception, number>()
  for (const exception of needed) uses.set(exception, (uses.get(exception) ?? 0) + 1)
  if (uses.size > 0)
    console.log(
      '\nDocumented limits (not repaired by a rerun, or failed although the fault was temporary):',
    )
  for (const [{ request, scenario = 'any scenario', why }, times] of uses) {
    console.log(`  ${times} × ${scenario}, ${request.source.replace(/[\^$\\]/g, '')}: ${why}`)
  }
  return EXCEPTIONS.filter((exception) => isRelevant(exception) && !uses.has(exception))
}
