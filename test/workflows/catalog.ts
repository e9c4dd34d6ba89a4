import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { COMPOSED } from './jobs.ts'
import { pageWorkflows } from './pages.ts'
import type { Scenario } from './scenario.ts'

const OWN = '.github/workflows/ci.yml'

/** Workflows that are only called by other workflows. */
const CALLED = ['composed/reusable.yml']

/** Returns the text of every workflow to run, by the key that scenarios use. */
export const workflowTexts = (): ReadonlyMap<string, string> => {
  const pages = pageWorkflows().map(({ key, text }) => [key, text] as const)
  const composed = readdirSync(COMPOSED).map(
    (name) => [`composed/${name}`, readFileSync(join(COMPOSED, name), 'utf8')] as const,
  )
  const own = readFileSync(resolve(import.meta.dirname, '../..', OWN), 'utf8')
  return new Map([...pages, ...composed.filter(([key]) => !CALLED.includes(key)), [OWN, own]])
}

/** Returns one sentence for each workflow without a scenario, and one for each unknown workflow in a scenario. */
export const gapsBetween = (
  texts: ReadonlyMap<string, string>,
  scenarios: readonly Scenario[],
): string[] => {
  const covered = new Set(scenarios.map(({ workflow }) => workflow))
  const missing = [...texts.keys()].filter((key) => !covered.has(key))
  const stale = [...covered].filter((key) => !texts.has(key))
  return [
    ...missing.map((key) => `${key} has no scenario: add one to test/workflows/scenarios.ts`),
    ...stale.map(
      (key) => `test/workflows/scenarios.ts names ${key}, but there is no such workflow`,
    ),
  ]
}
