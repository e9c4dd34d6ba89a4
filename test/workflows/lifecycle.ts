import { assertNoWrites } from './checks.ts'
import { fromDependabot, fromFork, merged, pullRequest } from './events.ts'
import type { ExpectedJobs, Scenario, Scene } from './scenario.ts'
import type { World } from './world.ts'

/** The differences between workflows that follow a pull request. */
export interface Lifecycle {
  readonly workflow: string
  readonly title?: string
  readonly vars?: Scenario['vars']
  readonly files?: Scenario['files']
  /** Sets up the state before the pull request is opened. */
  readonly given?: Scene['given']
  readonly fork: ExpectedJobs
  readonly dependabot: ExpectedJobs
  readonly opened: ExpectedJobs
  readonly pushed: ExpectedJobs
  readonly closed: Scene['jobs']
  readonly reopened: ExpectedJobs
  /** Throws if the preview is in the wrong state while the pull request is open. */
  readonly whileOpen: (world: World) => unknown
  /** Throws if the branch is in the wrong state once the pull request is closed. */
  readonly onceClosed: (world: World) => unknown
}

/** Returns the scenes of a pull request from its first event to its last, after those of a fork and Dependabot. */
export const lifecycleScenario = (lifecycle: Lifecycle): Scenario => {
  const { workflow, title, vars, files, given, whileOpen, onceClosed } = lifecycle
  const scenes: Scene[] = [
    {
      title: 'a stranger opens one from a fork',
      event: fromFork('opened'),
      jobs: lifecycle.fork,
      given: async (world) => {
        await given?.(world)
        world.neon.clearRequests()
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
    scenes,
  }
}
