import { parseArgs, styleText } from 'node:util'
import { findAct, HOW_TO_GET_ACT } from '../test/workflows/act.ts'
import { gapsBetween, workflowTexts } from '../test/workflows/catalog.ts'
import { plant, plantedFaults } from '../test/workflows/planted.ts'
import { type EventResult, runScenario } from '../test/workflows/run-scenario.ts'
import type { Scenario } from '../test/workflows/scenario.ts'
import { scenarios } from '../test/workflows/scenarios.ts'
import { type Services, startServices } from '../test/workflows/services.ts'
import { expectSome, secondsSince } from './script.ts'

// Runs every workflow in the documentation with nektos/act, against Local Neon, Local GitHub, and a local
// deploy target. act interprets the YAML independently of this project. Only keys that act does not know are removed.

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

const isSelected = (title: string): boolean => title.includes(values.only)

const failedCase = (results: readonly EventResult[]): EventResult | undefined =>
  results.find(({ problems }) => problems.length > 0)

const printResult = (
  scenario: Scenario,
  results: readonly EventResult[],
  seconds: string,
): void => {
  const failed = failedCase(results)
  report(!failed, `${titleOf(scenario)}: ${results.length} events, ${seconds} s`)
  for (const problem of failed?.problems ?? [])
    console.log(`    ${failed?.eventCase.title}: ${problem}`)
  const logged = values.log ? results : results.filter((result) => result === failed)
  for (const { run } of logged) console.log(run.log.replace(/^/gm, '    | '))
}

const runAll = async (services: Services, texts: ReadonlyMap<string, string>): Promise<void> => {
  const selected = scenarios.filter((scenario) => isSelected(titleOf(scenario)))
  expectSome(selected)
  for (const scenario of selected) {
    const text = texts.get(scenario.workflow)
    if (text === undefined) continue
    const start = performance.now()
    printResult(scenario, await runScenario(services, scenario, text), secondsSince(start, 1))
  }
}

/** Runs each workflow with each planted fault. The workflow's first scenario must detect it. */
const runPlanted = async (
  services: Services,
  texts: ReadonlyMap<string, string>,
): Promise<void> => {
  for (const fault of plantedFaults.filter(({ workflow }) => isSelected(workflow))) {
    const text = plant(texts.get(fault.workflow) ?? '', fault)
    const scenario = scenarios.find(({ workflow }) => workflow === fault.workflow)
    const failed = scenario && failedCase(await runScenario(services, scenario, text))
    const detection = failed
      ? `${failed.eventCase.title}: ${failed.problems[0]?.split('\n')[0]}`
      : 'not detected'
    report(failed !== undefined, `planted in ${fault.workflow}: ${fault.title} (${detection})`)
  }
}

const main = async (act: string): Promise<void> => {
  const start = performance.now()
  const texts = workflowTexts()
  for (const gap of gapsBetween(texts, scenarios)) report(false, gap)
  const services = await startServices(act)
  try {
    await runAll(services, texts)
    await runPlanted(services, texts)
  } finally {
    await services.close()
  }
  console.log(`\n${failures} failed; ${secondsSince(start, 1)} s`)
  if (failures > 0) process.exitCode = 1
}

const act = findAct()
if (act) await main(act)
else {
  console.error(HOW_TO_GET_ACT)
  process.exitCode = 1
}
