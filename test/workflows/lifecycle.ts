import { assertNoWrites } from './checks.ts'
import { fromDependabot, fromFork, merged, pullRequest } from './events.ts'
import type { EventCase, ExpectedJobs, Scenario } from './scenario.ts'
import type { Services } from './services.ts'

/** The differences between workflows that follow a pull request. */
export interface Lifecycle {
  readonly workflow: string
  readonly title?: string
  readonly vars?: Scenario['vars']
  readonly files?: Scenario['files']
  /** Sets up the state before the pull request is opened. */
  readonly given?: EventCase['given']
  readonly fork: ExpectedJobs
  readonly dependabot: ExpectedJobs
  readonly opened: ExpectedJobs
  readonly pushed: ExpectedJobs
  readonly closed: EventCase['jobs']
  readonly reopened: ExpectedJobs
  /** Throws if the preview is in the wrong state while the pull request is open. */
  readonly whileOpen: (services: Services) => unknown
  /** Throws if the branch is in the wrong state once the pull request is closed. */
  readonly onceClosed: (services: Services) => unknown
}

/** Returns a scenario with the events of a pull request from first to last, after one of a fork and one of Dependabot. */
export const lifecycleScenario = (lifecycle: Lifecycle): Scenario => {
  const { workflow, title, vars, files, given, whileOpen, onceClosed } = lifecycle
  const cases: EventCase[] = [
    {
      title: 'a stranger opens one from a fork',
      event: fromFork('opened'),
      jobs: lifecycle.fork,
      given: async (services) => {
        await given?.(services)
        services.neon.clearRequests()
      },
      check: assertNoWrites,
    },
    {
      title: 'Dependabot opens one',
      event: fromDependabot('opened'),
      jobs: lifecycle.dependabot,
      check: assertNoWrites,
    },
    { title: 'opened', event: pullRequest('opened'), jobs: lifecycle.opened, check: whileOpen },
    {
      title: 'pushed to',
      event: pullRequest('synchronize'),
      jobs: lifecycle.pushed,
      check: whileOpen,
    },
    { title: 'labeled', event: pullRequest('labeled'), jobs: 'not started' },
    { title: 'merged', event: merged(), jobs: lifecycle.closed, check: onceClosed },
    {
      title: 'reopened',
      event: pullRequest('reopened'),
      jobs: lifecycle.reopened,
      check: whileOpen,
    },
    { title: 'closed', event: pullRequest('closed'), jobs: lifecycle.closed, check: onceClosed },
  ]
  return {
    workflow,
    ...(title && { title }),
    ...(vars && { vars }),
    ...(files && { files }),
    cases,
  }
}
