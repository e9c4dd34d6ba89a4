import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Step, type Workflow, workflowOf } from '../contract/workflows.ts'

/** The folder with the workflows that no page shows. */
export const COMPOSED = join(import.meta.dirname, 'composed')

/** A job as it runs, in its own workflow or in one that it calls. */
export interface RunnableJob {
  readonly id: string
  readonly steps: readonly Step[]
  readonly permissions: Readonly<Record<string, string>>
  readonly outputs: Readonly<Record<string, string>>
}

type AnyJob = Workflow['jobs'][string] & {
  /** A reusable workflow of the same repository. */
  readonly uses?: string
  readonly outputs?: Readonly<Record<string, string>>
}

const readOnly = { contents: 'read' }

/** Returns the jobs of a workflow, including those of the workflows it calls. */
export const jobsOf = (
  text: string,
  granted: Readonly<Record<string, string>> = readOnly,
): RunnableJob[] => {
  const workflow = workflowOf(text)
  return Object.entries(workflow.jobs).flatMap(([id, job]: [string, AnyJob]) => {
    const permissions = job.permissions ?? workflow.permissions ?? granted
    if (!job.uses) return { id, steps: job.steps ?? [], permissions, outputs: job.outputs ?? {} }
    return jobsOf(readFileSync(join(COMPOSED, basename(job.uses)), 'utf8'), permissions)
  })
}

/** Returns the key by which expectations name a step: its `id`, or its position in the job. */
export const stepKey = (step: Step, position: number): string => step.id ?? String(position)

/** Returns whether a step uses this action, as published or from its own repository. */
export const isOwn = ({ uses = '' }: Step): boolean =>
  /^[^/]+\/neon-auth-preview-action@/.test(uses) || uses === './'
