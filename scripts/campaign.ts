import { styleText } from 'node:util'
import { EXCEPTIONS, type Exception } from '../test/campaign/exceptions.ts'
import { observe, type Verdict } from '../test/campaign/fault-cell.ts'
import type { CompletedRun } from '../test/campaign/run-step.ts'
import { withWorkers } from '../test/campaign/workers.ts'
import { SCENARIOS, type Scenario } from '../test/scenarios.ts'

// Shared by the campaigns: the runs without faults that they start from, and their reports.

/** Runs every scenario, or only the one with this name, without faults and in parallel. */
export const observeAll = async (
  name: string | undefined,
  workers: number,
): Promise<Map<Scenario, CompletedRun>> => {
  const scenarios = SCENARIOS.filter((one) => name === undefined || one.name === name)
  const run = await withWorkers(scenarios, workers, observe)
  return new Map(
    scenarios.flatMap((scenario, index) => {
      const one = run[index]
      return one ? [[scenario, one] as const] : []
    }),
  )
}

/** Returns a function to call after each cell. It prints the progress to stderr every 100 cells. */
export const progressOf = (total: number): (() => void) => {
  const started = performance.now()
  let done = 0
  return () => {
    done += 1
    if (done % 100 > 0) return
    const seconds = Math.round((performance.now() - started) / 1000)
    console.error(styleText('dim', `${done} of ${total} cells, ${seconds} s`))
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
export const count = (verdicts: readonly Verdict[], outcome: Verdict['outcome']): number =>
  verdicts.filter((verdict) => verdict.outcome === outcome).length

const counts = (verdicts: readonly Verdict[]): string => {
  if (verdicts.length === 0) return ''
  const wrong = count(verdicts, 'wrong')
  const right = `${count(verdicts, 'converged')}/${count(verdicts, 'failed with cause')}`
  return wrong > 0 ? `${right}/${wrong} ✘` : right
}

/** Returns a table of the outcomes: a row for each fault, a column for each scenario. */
export const outcomeTable = <Cell extends { readonly scenario: { readonly name: string } }>(
  cells: readonly Cell[],
  verdicts: readonly Verdict[],
  labelOf: (cell: Cell) => string,
): string => {
  const names = [...new Set(cells.map(({ scenario }) => scenario.name))]
  const labels = [...new Set(cells.map(labelOf))]
  const at = (name: string, label: string): Verdict[] =>
    verdicts.filter((_, index) => {
      const cell = cells[index]
      return cell?.scenario.name === name && labelOf(cell) === label
    })
  return table([
    ['', ...names],
    ...labels.map((label) => [label, ...names.map((name) => counts(at(name, label)))]),
  ])
}

/** Prints a cell that went wrong, with the command that runs it alone. */
export const printFailure = (command: string, problems: readonly string[]): void => {
  console.log(styleText('red', `\n✘ ${command}`))
  for (const one of problems) console.log(one.replace(/^/gm, '    '))
}

/**
 * Prints which documented exceptions were needed, and how often. Returns the exceptions selected by
 * `by` that no cell needed: they are out of date and could hide a new bug.
 */
export const printExceptions = (
  needed: readonly Exception[],
  by: (exception: Exception) => boolean,
): Exception[] => {
  const counts = new Map<Exception, number>()
  for (const one of needed) counts.set(one, (counts.get(one) ?? 0) + 1)
  if (counts.size > 0)
    console.log(
      '\nDocumented limits (not repaired by a rerun, or failed although the fault was temporary):',
    )
  for (const [{ request, scenario = 'any scenario', why }, count] of counts) {
    console.log(`  ${count} × ${scenario}, ${request.source.replace(/[\^$\\]/g, '')}: ${why}`)
  }
  return EXCEPTIONS.filter((one) => by(one) && !counts.has(one))
}
