import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import type { Step } from './runner.ts'

interface WorkflowStep {
  readonly id?: string
  readonly uses?: string
  readonly with?: Record<string, unknown>
}

/** A workflow that the README shows. */
export interface ReadmeWorkflow {
  readonly env?: Record<string, string>
  readonly jobs: Record<string, { readonly steps: readonly WorkflowStep[] }>
}

/** The workflows that the README shows, in their order. */
export const readmeWorkflows = (): ReadmeWorkflow[] => {
  const readme = readFileSync(resolve(import.meta.dirname, '../README.md'), 'utf8')
  return [...readme.matchAll(/^```yaml\n(.*?)^```$/gms)]
    .map(([, block = '']) => parse(block) as ReadmeWorkflow)
    .filter(({ jobs }) => jobs !== undefined)
}

/** The steps of a job that use this action. */
export const ownSteps = ({ jobs }: ReadmeWorkflow, job: string): WorkflowStep[] =>
  (jobs[job]?.steps ?? []).filter(({ uses }) => uses?.startsWith('OWNER/'))

/**
 * What was written, with each `${{ … }}` replaced by what it comes to by `values`. Throws for an
 * expression that is not among them.
 */
export const filled = (
  written: Record<string, unknown> = {},
  values: Record<string, string>,
): NonNullable<Step['inputs']> => {
  const fill = (_: string, expression: string): string => {
    const value = values[expression]
    if (value === undefined) throw new Error(`nobody said what ${expression} comes to`)
    return value
  }
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => [
      name,
      String(value).replace(/\$\{\{ (\S+) \}\}/g, fill),
    ]),
  )
}
