import { type PullRequestFields, payload, payloadWhere } from '../payloads.ts'
import type { GitHubEvent } from './trigger.ts'

/** An event, and what GitHub passes to the run that it starts. */
export interface TriggerEvent extends GitHubEvent {
  readonly actor: string
  /** GitHub gives no secrets to pull requests from forks and Dependabot. */
  readonly secrets: boolean
}

const HUMAN = { actor: 'Codertocat', secrets: true }

/** The pull request of GitHub's example payloads. */
const NUMBER = 2

/** The head commit of a pull request in GitHub's example payloads. */
export const HEAD_SHA = 'ec26c3e57ca3a959ca5aad62de7213c562f8c821'

/** Returns an event of pull request #2, or of the one that `pull` describes. */
export const pullRequest = (action: string, pull: PullRequestFields = {}): TriggerEvent => ({
  ...HUMAN,
  name: 'pull_request',
  payload: payload('pull_request', action, { number: NUMBER, ...pull }),
})

/** Returns an event of a pull request from a stranger's fork. */
export const fromFork = (action: string): TriggerEvent => ({
  ...pullRequest(action, {
    number: 3,
    headRepo: 'stranger/Hello-World',
    headSha: '3'.repeat(40),
    author: 'stranger',
  }),
  actor: 'stranger',
  secrets: false,
})

/** Returns an event of a pull request by Dependabot. */
export const fromDependabot = (action: string): TriggerEvent => ({
  ...pullRequest(action, {
    number: 4,
    author: 'dependabot[bot]',
    headSha: '4'.repeat(40),
    headRef: 'dependabot/npm/x-2.0.0',
  }),
  actor: 'dependabot[bot]',
  secrets: false,
})

/** Returns the merge of pull request #2. */
export const merged = (): TriggerEvent => {
  const closed = pullRequest('closed')
  const pull_request = { ...(closed.payload['pull_request'] as object), merged: true }
  return { ...closed, payload: { ...closed.payload, pull_request } }
}

/** Returns the event as `pull_request_target`, whose runs get the secrets, even for forks. */
export const asTarget = (event: TriggerEvent): TriggerEvent => ({
  ...event,
  name: 'pull_request_target',
  secrets: true,
})

/** Returns a status of a deployment of pull request #2's head commit. */
export const deploymentStatus = (status: {
  readonly state: string
  readonly environment?: string
  readonly url?: string
  readonly creator?: string
}): TriggerEvent => {
  const { state, environment = 'Preview', url = '', creator = 'vercel[bot]' } = status
  const example = payload('deployment_status') as Record<string, Record<string, unknown>>
  const by = {
    ...(example['deployment_status']?.['creator'] as object),
    login: creator,
    type: 'Bot',
  }
  const deployment = {
    sha: HEAD_SHA,
    ref: HEAD_SHA,
    environment,
    original_environment: environment,
  }
  return {
    ...HUMAN,
    actor: creator,
    name: 'deployment_status',
    payload: {
      ...example,
      deployment: { ...example['deployment'], ...deployment, creator: by },
      deployment_status: {
        ...example['deployment_status'],
        ...{ state, environment, environment_url: url, target_url: url, creator: by },
      },
    },
  }
}

/** The repository of every event. GitHub's examples come from several. */
const repository = payload('pull_request', 'opened')['repository']

/** Returns a manual run on the default branch. In its payload, every input is a string. */
export const dispatched = (inputs: Readonly<Record<string, string>>): TriggerEvent => ({
  ...HUMAN,
  name: 'workflow_dispatch',
  payload: { ...payload('workflow_dispatch'), repository, inputs },
})

/** Returns a scheduled run. GitHub publishes no example: https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule */
export const scheduled = (): TriggerEvent => ({
  ...HUMAN,
  name: 'schedule',
  payload: { repository, schedule: '23 3 * * *' },
})

/** Returns a push to a git branch, such as that of a merge. GitHub's example pushes to the default branch. */
export const pushedTo = (branch: string): TriggerEvent => {
  const example = payloadWhere('push', ({ ref }) => String(ref).startsWith('refs/heads/'))
  const ref = `refs/heads/${branch}`
  return { ...HUMAN, name: 'push', payload: { ...example, ref, repository } }
}

/** Returns a merge queue's request to check a group of pull requests. */
export const mergeGroup = (): TriggerEvent => ({
  ...HUMAN,
  name: 'merge_group',
  payload: { ...payload('merge_group', 'checks_requested'), repository },
})
