import type { ActProcess, ActRun } from './act.ts'
import type { TriggerEvent } from './events.ts'
import type { Services } from './services.ts'

/** How a job is expected to run. Its other steps succeed. */
export interface ExpectedJob {
  /** The output `action_taken` of each step that uses this action and succeeds, in order. */
  readonly actions?: readonly string[] | 'any'
  /** Steps that are skipped, by `id` or by position. */
  readonly skipped?: readonly string[]
  /** Steps that fail, by `id` or by position. The steps after them are skipped. */
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
  /** Interferes with the run. */
  readonly during?: (services: Services, run: ActProcess) => unknown
  /** Throws if the services are then in the wrong state. */
  readonly check?: (services: Services, run: ActRun) => unknown
}

/** The life of a workflow. */
export interface Scenario {
  /** The key of the workflow's page, or the name of a file in test/workflows/composed. */
  readonly workflow: string
  /** What is special about it, if the workflow has several. */
  readonly title?: string
  readonly vars?: Readonly<Record<string, string>>
  /** Files of the repository, by path. */
  readonly files?: Readonly<Record<string, string>>
  /** Run only this job, in a copy of this repository. */
  readonly ownJob?: string
  readonly cases: readonly EventCase[]
}
