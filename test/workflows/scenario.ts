import type { ActProcess, ActRun } from './act.ts'
import type { TriggerEvent } from './events.ts'
import type { Services } from './services.ts'

/** How a job is expected to run. Steps that are not named here succeed. */
export interface ExpectedJob {
  /** The output `action_taken` of each step that uses this action and succeeds, in order. */
  readonly actions?: readonly string[] | 'any'
  /** Steps that are skipped, by `id` or by position. */
  readonly skipped?: readonly string[]
  /** Steps that fail, by `id` or by position. Later steps are skipped, unless their `if` is true after a failure. */
  readonly failed?: readonly string[]
}

/** The jobs that run, by their id. Every other job is skipped. */
export type ExpectedJobs = Readonly<Record<string, ExpectedJob | readonly ExpectedJob[]>>

/** One event in the life of a workflow. */
export interface EventCase {
  readonly title: string
  readonly event: TriggerEvent
  /** `not started`: GitHub does not start the workflow for this event. */
  readonly jobs: ExpectedJobs | 'not started'
  /** Sets up the state before the event. */
  readonly given?: (services: Services) => unknown
  /** Interferes with the run. Not supported in a scenario with `ownJob`. */
  readonly during?: (services: Services, run: ActProcess) => unknown
  /** Throws if the services are in the wrong state after the run. */
  readonly check?: (services: Services, run: ActRun) => unknown
}

/** A workflow, and the events that it gets, in order. */
export interface Scenario {
  /** The key of the workflow in `workflowTexts`. */
  readonly workflow: string
  /** What is special about this scenario, if the workflow has several. */
  readonly title?: string
  readonly vars?: Readonly<Record<string, string>>
  /** Files of the repository, by path. */
  readonly files?: Readonly<Record<string, string>>
  /** Run only this job, in a copy of this repository. */
  readonly ownJob?: string
  readonly cases: readonly EventCase[]
}
