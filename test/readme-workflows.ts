import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'

interface WorkflowStep {
  readonly id?: string
  readonly uses?: string
  readonly with?: Record<string, unknown>
}

/** A workflow in the README. */
export interface ReadmeWorkflow {
  readonly env?: Record<string, string>
  readonly jobs: Record<string, { readonly steps: readonly WorkflowStep[] }>
}

/** Returns the workflows in the README, in order. */
export const readmeWorkflows = (): ReadmeWorkflow[] => {
  const readme = readFileSync(resolve(import.meta.dirname, '../README.md'), 'utf8')
  return [...readme.matchAll(/^```yaml\n(.*?)^```$/gms)]
    .map(([, block = '']) => parse(block) as ReadmeWorkflow)
    .filter(({ jobs }) => jobs !== undefined)
}

/** Returns the steps of a job that use this action. */
export const ownSteps = ({ jobs }: ReadmeWorkflow, job: string): WorkflowStep[] =>
  (jobs[job]?.steps ?? []).filter(({ uses }) => uses?.startsWith('OWNER/'))

/**
 * Returns inputs or variables with each `${{ … }}` replaced by its value in `values`. Throws if an expression
 * has no value.
 */
export const fillExpressions = (
  texts: Record<string, unknown> = {},
  values: Record<string, string>,
): Record<string, string> => {
  const fill = (_: string, expression: string): string => {
    const value = values[expression]
    if (value === undefined) throw new Error(`no value was given for ${expression}`)
    return value
  }
  return Object.fromEntries(
    Object.entries(texts).map(([name, value]) => [
      name,
      String(value).replace(/\$\{\{\s*(.+?)\s*\}\}/g, fill),
    ]),
  )
}
