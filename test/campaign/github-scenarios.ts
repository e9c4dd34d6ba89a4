import { payload } from '../payloads.ts'
import {
  deleteLater,
  PREVIEW,
  reset,
  type Scene,
  stepOf,
  sweep,
  trusting,
  type World,
  withSomebody,
  wrongAction,
  wrongOutputs,
  wrongState,
} from '../scenarios.ts'

// Scenarios that use GitHub for more than the state of the pull request: comments, deployments, and
// other pull requests that may own a branch.

/** A scene whose result is partly at GitHub. */
export interface GitHubScene extends Scene {
  /** Returns what is wrong at GitHub after a step that did not warn. */
  wrongAtGitHub(): string[]
}

/** An initial state at GitHub and Neon, and an event. */
export interface GitHubScenario {
  readonly name: string
  prepare(world: World): Promise<GitHubScene>
}

/** The head commit in GitHub's example payload of a pull request. */
const HEAD_SHA = 'ec26c3e57ca3a959ca5aad62de7213c562f8c821'
/** The URL that the deployment reports. */
const DEPLOYED = 'https://deploy-2.shop.example'

const nothing = async (): Promise<string[]> => []

/** Returns what is wrong with the comment. There must be exactly one. */
const wrongComment = ({ github }: World, says: RegExp): string[] => {
  const [comment, ...others] = github.comments
  return [
    ...(comment ? [] : ['there is no comment']),
    ...(others.length > 0 ? [`there are ${others.length + 1} comments`] : []),
    ...(comment && !says.test(comment.body) ? [`the comment does not say ${says}`] : []),
  ]
}

const commented: GitHubScenario = {
  name: 'commented',
  async prepare(world) {
    await reset(world)
    return {
      step: stepOf(world, 'opened', { ...trusting, comment: 'true' }),
      harm: nothing,
      wrong: async (finished) => [
        ...(await wrongState(world, { auth: 'on', domains: [PREVIEW] })),
        ...(await wrongOutputs(world, finished)),
        ...wrongAction(finished, 'enabled', 'updated', 'unchanged'),
      ],
      wrongAtGitHub: () => wrongComment(world, /pr-2\.shop\.example/),
    }
  },
}

const deployed: GitHubScenario = {
  name: 'deployed',
  async prepare(world) {
    await reset(world)
    world.github.deploy(HEAD_SHA, 'Preview', ['success'], DEPLOYED)
    await withSomebody(world, [PREVIEW])
    world.neon.clearRequests()
    return {
      step: stepOf(world, 'synchronize', {
        ...trusting,
        discover_domains: 'true',
        comment: 'true',
      }),
      harm: nothing,
      wrong: async (finished) => [
        ...(await wrongState(world, { auth: 'on', domains: [PREVIEW, DEPLOYED] })),
        ...(await wrongOutputs(world, finished)),
      ],
      wrongAtGitHub: () => wrongComment(world, /deploy-2\.shop\.example/),
    }
  },
}

const deploymentStatus: GitHubScenario = {
  name: 'deployment_status',
  async prepare(world) {
    await reset(world)
    const original = payload('deployment_status') as Record<string, Record<string, unknown>>
    const headSha = String(original['deployment']?.['sha'])
    world.github.setPull(2, { headSha })
    const deployment = { ...original['deployment'], ref: headSha, environment: 'Preview' }
    const deployment_status = {
      ...original['deployment_status'],
      state: 'success',
      environment: 'Preview',
      environment_url: DEPLOYED,
    }
    return {
      step: {
        ...stepOf(world, ''),
        event: ['deployment_status'],
        payload: { ...original, deployment, deployment_status },
      },
      harm: nothing,
      wrong: async (finished) => [
        ...(await wrongState(world, { auth: 'on', domains: [DEPLOYED] })),
        ...(await wrongOutputs(world, finished)),
      ],
      wrongAtGitHub: () => [],
    }
  },
}

const closeCommented: GitHubScenario = {
  name: 'close',
  async prepare(world) {
    await reset(world)
    world.github.setState(2, 'closed')
    await withSomebody(world, [PREVIEW])
    world.neon.clearRequests()
    return {
      step: stepOf(world, 'closed', { comment: 'true', delete_data: 'true' }),
      harm: nothing,
      wrong: async (finished) => [
        ...(await wrongState(world, { auth: 'off', schema: false })),
        ...wrongAction(finished, 'disabled', 'already_gone'),
      ],
      // Closing never creates a comment, it only updates one.
      wrongAtGitHub: () => [],
    }
  },
}

/** The branch is named after a git branch that is also the head of another, open pull request. */
const closeShared: GitHubScenario = {
  name: 'close-shared',
  async prepare(world) {
    const { neon, github } = world
    await reset(world)
    const name = 'preview/changes'
    const { id } = await neon.createBranch({ name })
    deleteLater(world, id)
    await neon.enableAuth(name, { domains: [PREVIEW] })
    const pull = { headRef: 'changes', headSha: HEAD_SHA, headRepo: 'Codertocat/Hello-World' }
    github.setPull(22, { ...pull, state: 'closed', headKept: true })
    github.setPull(23, { ...pull, state: 'open' })
    neon.clearRequests()
    return {
      step: {
        ...stepOf(world, 'closed', { ...trusting, delete_data: 'true' }),
        event: ['pull_request', 'closed', { number: 22 }],
      },
      harm: async () => {
        const { auth } = neon.branch(name)
        return auth === 'on' ? [] : ['the auth of pull request 23 is gone']
      },
      wrong: async (finished) => wrongAction(finished, 'untrusted'),
      wrongAtGitHub: () => [],
    }
  },
}

const sweeping: GitHubScenario = {
  name: 'sweep',
  prepare: async (world) => ({ ...(await sweep.prepare(world)), wrongAtGitHub: () => [] }),
}

/** Every scenario, in the order of a pull request's life. */
export const GITHUB_SCENARIOS: readonly GitHubScenario[] = [
  commented,
  deployed,
  deploymentStatus,
  closeCommented,
  closeShared,
  sweeping,
]
