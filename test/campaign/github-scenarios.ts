import { HEAD_SHA, payload } from '../payloads.ts'
import { PREVIEW, stepOf } from '../preview.ts'
import {
  actionProblems,
  deleteLater,
  enableWithUsers,
  outputProblems,
  type PreparedScenario,
  type Scenario,
  type Services,
  scenario,
  stateProblems,
  sweep,
  TRUSTED_INPUT,
} from '../scenarios.ts'

// Scenarios that use GitHub for more than the state of the pull request: comments, deployments, and
// other pull requests that may own a branch.

/** A prepared scenario whose result is partly at GitHub. */
export interface PreparedGitHubScenario extends PreparedScenario {
  /** Returns what is wrong at GitHub after a step that did not warn. */
  gitHubProblems(): string[]
}

/** An initial state at GitHub and Neon, and an event. */
export type GitHubScenario = Scenario<PreparedGitHubScenario>

/** The URL that the deployment reports. */
const DEPLOYED = 'https://deploy-2.shop.example'

const noProblems = async (): Promise<string[]> => []

/** Returns what is wrong with the comment. There must be exactly one. */
const commentProblems = ({ github }: Services, says: RegExp): string[] => {
  const [comment, ...others] = github.comments
  return [
    ...(comment ? [] : ['there is no comment']),
    ...(others.length > 0 ? [`there are ${others.length + 1} comments`] : []),
    ...(comment && !says.test(comment.body) ? [`the comment does not say ${says}`] : []),
  ]
}

const commented: GitHubScenario = scenario('commented', async (services) => ({
  step: stepOf(services, 'opened', { ...TRUSTED_INPUT, comment: 'true' }),
  damage: noProblems,
  problems: async (finished) => [
    ...(await stateProblems(services, { auth: 'on', domains: [PREVIEW] })),
    ...(await outputProblems(services, finished)),
    ...actionProblems(finished, 'enabled', 'updated', 'unchanged'),
  ],
  gitHubProblems: () => commentProblems(services, /pr-2\.shop\.example/),
}))

const deployed: GitHubScenario = scenario('deployed', async (services) => {
  services.github.deploy(HEAD_SHA, 'Preview', ['success'], DEPLOYED)
  await enableWithUsers(services, [PREVIEW])
  return {
    step: stepOf(services, 'synchronize', {
      ...TRUSTED_INPUT,
      discover_domains: 'true',
      comment: 'true',
    }),
    damage: noProblems,
    problems: async (finished) => [
      ...(await stateProblems(services, { auth: 'on', domains: [PREVIEW, DEPLOYED] })),
      ...(await outputProblems(services, finished)),
    ],
    gitHubProblems: () => commentProblems(services, /deploy-2\.shop\.example/),
  }
})

const deploymentStatus: GitHubScenario = scenario('deployment_status', async (services) => {
  const original = payload('deployment_status') as Record<string, Record<string, unknown>>
  const headSha = String(original['deployment']?.['sha'])
  services.github.setPull(2, { headSha })
  const deployment = { ...original['deployment'], ref: headSha, environment: 'Preview' }
  const deployment_status = {
    ...original['deployment_status'],
    state: 'success',
    environment: 'Preview',
    environment_url: DEPLOYED,
  }
  return {
    step: {
      ...stepOf(services, ''),
      event: ['deployment_status'],
      payload: { ...original, deployment, deployment_status },
    },
    damage: noProblems,
    problems: async (finished) => [
      ...(await stateProblems(services, { auth: 'on', domains: [DEPLOYED] })),
      ...(await outputProblems(services, finished)),
    ],
    gitHubProblems: () => [],
  }
})

const closeCommented: GitHubScenario = scenario('close', async (services) => {
  services.github.setState(2, 'closed')
  await enableWithUsers(services, [PREVIEW])
  return {
    step: stepOf(services, 'closed', { comment: 'true', delete_data: 'true' }),
    damage: noProblems,
    problems: async (finished) => [
      ...(await stateProblems(services, { auth: 'off', schema: false })),
      ...actionProblems(finished, 'disabled', 'already_gone'),
    ],
    // Closing updates a comment, but never creates one.
    gitHubProblems: () => [],
  }
})

/** The branch is named after a git branch that is also the head of another, open pull request. */
const closeShared: GitHubScenario = scenario('close-shared', async (services) => {
  const { neon, github } = services
  const name = 'preview/changes'
  const { id } = await neon.createBranch({ name })
  deleteLater(services, id)
  await neon.enableAuth(name, { domains: [PREVIEW] })
  const pull = { headRef: 'changes', headSha: HEAD_SHA, headRepo: 'Codertocat/Hello-World' }
  github.setPull(22, { ...pull, state: 'closed', headKept: true })
  github.setPull(23, { ...pull, state: 'open' })
  return {
    step: {
      ...stepOf(services, 'closed', { ...TRUSTED_INPUT, delete_data: 'true' }),
      event: ['pull_request', 'closed', { number: 22 }],
    },
    damage: async () => {
      const { auth } = neon.branch(name)
      return auth === 'on' ? [] : ['the auth of pull request 23 is gone']
    },
    problems: async (finished) => actionProblems(finished, 'untrusted'),
    gitHubProblems: () => [],
  }
})

const sweeping: GitHubScenario = {
  ...sweep,
  prepare: async (services) => ({ ...(await sweep.prepare(services)), gitHubProblems: () => [] }),
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
