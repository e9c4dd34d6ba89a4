import { parseArgs, styleText } from 'node:util'
import { findAct, HOW_TO_GET_ACT } from '../test/workflows/act.ts'
import { workflowTexts } from '../test/workflows/catalog.ts'
import { type Played, playScenario } from '../test/workflows/play.ts'
import type { Scenario } from '../test/workflows/scenario.ts'
import { scenarios } from '../test/workflows/scenarios.ts'
import { startWorld } from '../test/workflows/world.ts'

// Every workflow that the pages show, executed by nektos/act against Local Neon, a local GitHub, and
// a local deploy target. act is not part of this project, so it reads the YAML as users paste it.

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, log: { type: 'boolean', default: false } },
})

const titleOf = ({ workflow, title }: Scenario): string =>
  title ? `${workflow}, ${title}` : workflow

const report = (scenario: Scenario, played: readonly Played[], seconds: string): boolean => {
  const failed = played.find(({ faults }) => faults.length > 0)
  const mark = failed ? styleText('red', '✘') : styleText('green', '✔')
  console.log(`${mark} ${titleOf(scenario)}: ${played.length} events, ${seconds} s`)
  for (const fault of failed?.faults ?? []) console.log(`    ${failed?.scene.title}: ${fault}`)
  const shown = values.log ? played : failed ? [failed] : []
  for (const { run } of shown) console.log(run.log.replace(/^/gm, '    | '))
  return !failed
}

const main = async (act: string): Promise<void> => {
  const texts = workflowTexts()
  const world = await startWorld(act)
  const started = performance.now()
  let failures = 0
  try {
    for (const scenario of scenarios.filter((each) => titleOf(each).includes(values.only))) {
      const before = performance.now()
      const played = await playScenario(world, scenario, texts.get(scenario.workflow) ?? '')
      const seconds = ((performance.now() - before) / 1000).toFixed(1)
      if (!report(scenario, played, seconds)) failures += 1
    }
  } finally {
    await world.close()
  }
  console.log(`${failures} failed; ${((performance.now() - started) / 1000).toFixed(0)} s`)
  if (failures > 0) process.exitCode = 1
}

const act = findAct()
if (act) await main(act)
else {
  console.error(HOW_TO_GET_ACT)
  process.exitCode = 1
}
