import { assertNoWrites } from './checks.ts'
import { fromDependabot, fromFork, merged, pullRequest } from './events.ts'
import type { ExpectedJobs, Scenario, Scene } from './scenario.ts'
import type { World } from './world.ts'

/** The differences between workflows that follow a pull request. */
export interface Life {
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
export const lifeOf = (life: Life): Scenario => {
  const { workflow, title, vars, files, given, whileOpen, onceClosed } = life
  const scenes: Scene[] = [
    {
      title: 'a stranger opens one from a fork',
      event: fromFork('opened'),
      jobs: life.fork,
      given: async (world) => {
        await given?.(world)
        world.neon.clearRequests()
      },
      check: assertNoWrites,
    },
    {
      title: 'Dependabot opens one',
      event: fromDependabot('opened'),
      jobs: life.dependabot,
      check: assertNoWrites,
    },
    { title: 'opened', event: pullRequest('opened'), jobs: life.opened, check: whileOpen },
    { title: 'pushed to', event: pullRequest('synchronize'), jobs: life.pushed, check: whileOpen },
    { title: 'labeled', event: pullRequest('labeled'), jobs: 'not started' },
    { title: 'merged', event: merged(), jobs: life.closed, check: onceClosed },
    { title: 'reopened', event: pullRequest('reopened'), jobs: life.reopened, check: whileOpen },
    { title: 'closed', event: pullRequest('closed'), jobs: life.closed, check: onceClosed },
  ]
  return {
    workflow,
    ...(title && { title }),
    ...(vars && { vars }),
    ...(files && { files }),
    scenes,
  }
}
