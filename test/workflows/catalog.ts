import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMPOSED } from './jobs.ts'
import { pageWorkflows } from './pages.ts'

/** The text of every workflow that is run, by the key that scenarios name it by. */
export const workflowTexts = (): ReadonlyMap<string, string> => {
  const composed = readdirSync(COMPOSED).map(
    (name) => [`composed/${name}`, readFileSync(join(COMPOSED, name), 'utf8')] as const,
  )
  return new Map([...pageWorkflows().map(({ key, text }) => [key, text] as const), ...composed])
}
