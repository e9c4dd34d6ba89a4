import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { COMPOSED } from './jobs.ts'
import { pageWorkflows } from './pages.ts'

const OWN = '.github/workflows/ci.yml'

/** The text of every workflow that is run, by the key that scenarios name it by. */
export const workflowTexts = (): ReadonlyMap<string, string> => {
  const composed = readdirSync(COMPOSED).map(
    (name) => [`composed/${name}`, readFileSync(join(COMPOSED, name), 'utf8')] as const,
  )
  const pages = pageWorkflows().map(({ key, text }) => [key, text] as const)
  return new Map([
    ...pages,
    ...composed,
    [OWN, readFileSync(resolve(import.meta.dirname, '../..', OWN), 'utf8')],
  ])
}
