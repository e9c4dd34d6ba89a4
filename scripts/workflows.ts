import { parseArgs, styleText } from 'node:util'
import { findAct, HOW_TO_GET_ACT } from '../test/workflows/act.ts'
import { gapsBetween, workflowTexts } from '../test/workflows/catalog.ts'
import { plant, plantedFaults } from '../test/workflows/planted.ts'
import { type Played, playScenario } from '../test/workflows/play.ts'
import type { Scenario } from '../test/workflows/scenario.ts'
import { scenarios } from '../test/workflows/scenarios.ts'
import { startWorld, type World } from '../test/workflows/world.ts'

// Runs every workflow in the documentation with nektos/act, against Local Neon, a local GitHub, and a
// local deploy target. act is not part of this project, so it reads the YAML as users paste it.

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, log: { type: 'boolean', default: false } },
})

let failures = 0

const report = (isGood: boolean, text: string): void => {
  console.log(`${isGood ? styleText('green', '✔') : styleText('red', '✘')} ${text}`)
  if (!isGood) failures += 1
}

const titleOf = ({ workflow, title }: Scenario): string =>
  title ? `${workflow}, ${title}` : workflow

const isChosen = (title: string): boolean => title.includes(values.only)

const secondsSince = (start: number): string => ((performance.now() - start) / 1000).toFixed(1)

const failedScene = (played: readonly Played[]): Played | undefined =>
  played.find(({ faults }) => faults.length > 0)

const printResult = (scenario: Scenario, played: readonly Played[], seconds: string): void => {
  const failed = failedScene(played)
  report(!failed, `${titleOf(scenario)}: ${played.length} events, ${seconds} s`)
  for (const fault of failed?.faults ?? []) console.log(`    ${failed?.scene.title}: ${fault}`)
  const shown = values.log ? played : failed ? [failed] : []
  for (const { run } of shown) console.log(run.log.replace(/^/gm, '    | '))
}

const playAll = async (world: World, texts: ReadonlyMap<string, string>): Promise<void> => {
  for (const scenario of scenarios.filter((each) => isChosen(titleOf(each)))) {
    const text = texts.get(scenario.workflow)
    if (text === undefined) continue
    const start = performance.now()
    printResult(scenario, await playScenario(world, scenario, text), secondsSince(start))
  }
}

/** Plays each workflow with each planted fault. The workflow's first scenario must detect it. */
const playPlanted = async (world: World, texts: ReadonlyMap<string, string>): Promise<void> => {
  for (const fault of plantedFaults.filter(({ workflow }) => isChosen(workflow))) {
    const text = plant(texts.get(fault.workflow) ?? '', fault)
    const scenario = scenarios.find(({ workflow }) => workflow === fault.workflow)
    const failed = scenario && failedScene(await playScenario(world, scenario, text))
    const noticed = failed
      ? `${failed.scene.title}: ${failed.faults[0]?.split('\n')[0]}`
      : 'not detected'
    report(failed !== undefined, `planted in ${fault.workflow}: ${fault.title} (${noticed})`)
  }
}

const main = async (act: string): Promise<void> => {
  const start = performance.now()
  const texts = workflowTexts()
  for (const gap of gapsBetween(texts, scenarios)) report(false, gap)
  const world = await startWorld(act)
  try {
    await playAll(world, texts)
    await playPlanted(world, texts)
  } finally {
    await world.close()
  }
  console.log(`\n${failures} failed; ${secondsSince(start)} s`)
  if (failures > 0) process.exitCode = 1
}

const act = findAct()
if (act) await main(act)
else {
  console.error(HOW_TO_GET_ACT)
  process.exitCode = 1
}
