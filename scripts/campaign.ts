import { styleText } from 'node:util'
import { EXCEPTIONS, type Exception } from '../test/campaign/exceptions.ts'
import { observe } from '../test/campaign/fault-cell.ts'
import { inLanes } from '../test/campaign/lanes.ts'
import type { Played } from '../test/campaign/play.ts'
import { SCENARIOS, type Scenario } from '../test/scenarios.ts'

// What the two campaigns share: the runs without a fault that they start from, and how they tell.

/** Plays every scenario (or the one of this name) without a fault, side by side. */
export const observeAll = async (
  name: string | undefined,
  lanes: number,
): Promise<Map<Scenario, Played>> => {
  const scenarios = SCENARIOS.filter((one) => name === undefined || one.name === name)
  const played = await inLanes(scenarios, lanes, observe)
  return new Map(
    scenarios.flatMap((scenario, index) => {
      const one = played[index]
      return one ? [[scenario, one] as const] : []
    }),
  )
}

/** Says now and then how far a campaign is, on stderr. */
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

/** A table for a terminal: texts left in the first column, the others to the right. */
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

/** A cell in which something was wrong, and the command that plays it alone. */
export const tellWrong = (command: string, wrong: readonly string[]): void => {
  console.log(styleText('red', `\n✘ ${command}`))
  for (const one of wrong) console.log(one.replace(/^/gm, '    '))
}

/**
 * Tells which documented exceptions were needed, and how often. Gives those of `by` that nothing
 * needed: what they excuse is no longer so, and they would hide what comes.
 */
export const tellExceptions = (
  needed: readonly Exception[],
  by: (exception: Exception) => boolean,
): Exception[] => {
  const counts = new Map<Exception, number>()
  for (const one of needed) counts.set(one, (counts.get(one) ?? 0) + 1)
  if (counts.size > 0)
    console.log('\nNot as asked after another run, or failed at once, as the documents say:')
  for (const [{ request, scenario = 'any scenario', why }, count] of counts) {
    console.log(`  ${count} × ${scenario}, ${request.source.replace(/[\^$\\]/g, '')}: ${why}`)
  }
  return EXCEPTIONS.filter((one) => by(one) && !counts.has(one))
}
