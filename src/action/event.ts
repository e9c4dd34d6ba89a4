import { readFileSync } from 'node:fs'
import { fieldsOf } from '../core/fields.ts'
import { optional } from '../core/optional.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { nonEmptyString } from '../core/text.ts'
import {
  classifyHead,
  headRefOf,
  type PullRequest,
  type Repository,
} from '../github/pull-request.ts'
import { findMention, type Mention } from './mentioned-pull-request.ts'

/** The event that started the workflow. */
export interface RunnerEvent {
  /** `pull_request`, `workflow_dispatch`, … */
  readonly name: string
  /** The activity type: `opened`, `closed`, … Absent for events that have none. */
  readonly action?: string
  /** `owner/name` of the repository that the workflow runs in. */
  readonly repository: string
  /** Who triggered the run. For a re-run, who triggered the original run. */
  readonly actor: string
  /** The pull request in the payload of a pull request event, for example `pull_request_review`. */
  readonly pullRequest?: PullRequest
  /** The pull request that another event's payload mentions, or why it names none. */
  readonly mention?: Mention
  /** Present for `deployment_status` events. */
  readonly deployment?: EventDeployment
  /** The repository's default branch. Absent if unknown. */
  readonly defaultBranch?: string
}

/** The deployment of a `deployment_status` event. */
export interface EventDeployment {
  /** `success`, `failure`, `pending`, … */
  readonly state: string
  readonly sha: string
  /** A branch, a tag, a commit, or `refs/pull/N/merge`. */
  readonly ref?: string
  readonly environment: string
  /** GitHub's `production_environment`. */
  readonly isFlaggedProduction: boolean
  /** The deployment's `environment_url`. Absent if the platform did not report one. */
  readonly url?: string
}

interface EventPayload {
  readonly action?: string
  readonly number?: number
  readonly repository?: Repository & { readonly default_branch?: string }
  readonly sender?: { readonly login?: string } | null
  readonly deployment?: unknown
  readonly deployment_status?: unknown
  readonly pull_request?: {
    readonly number?: number
    readonly state?: string
    readonly user?: { readonly login?: string } | null
    readonly head?: {
      readonly ref?: string
      readonly sha?: string
      readonly repo?: Repository | null
    }
    readonly base?: { readonly repo?: Repository | null }
  }
}

const readPayload = (path: string | undefined): EventPayload => {
  if (!path) return {}
  try {
    const payload: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof payload === 'object' && payload !== null) return payload
    throw new Error('it is not a JSON object')
  } catch (error) {
    throw new Problem({
      what: `Could not read the event payload from GITHUB_EVENT_PATH: ${messageOf(error)}`,
      fix: 'the runner writes this file; run the job again',
      cause: error,
    })
  }
}

const parsePullRequest = (
  payload: EventPayload,
  workflowRepository: Repository,
): PullRequest | undefined => {
  const pull = payload.pull_request
  const number = pull?.number ?? payload.number ?? Number.NaN
  if (!pull || !Number.isSafeInteger(number)) return undefined
  const isClosed = pull.state === 'closed' || payload.action === 'closed'
  return {
    number,
    ...classifyHead(pull.head?.repo, pull.base?.repo ?? payload.repository ?? workflowRepository),
    state: isClosed ? 'closed' : 'open',
    ...optional('headRef', headRefOf(pull.head?.ref)),
    ...optional('headSha', nonEmptyString(pull.head?.sha)),
    ...optional('author', nonEmptyString(pull.user?.login)),
  }
}

const parseDeployment = (payload: EventPayload): EventDeployment | undefined => {
  const deployment = fieldsOf(payload.deployment)
  const status = fieldsOf(payload.deployment_status)
  const state = nonEmptyString(status['state'])
  const sha = nonEmptyString(deployment['sha'])
  if (!state || !sha) return undefined
  const environment =
    nonEmptyString(status['environment']) ?? nonEmptyString(deployment['environment']) ?? ''
  return {
    state,
    sha,
    environment,
    isFlaggedProduction: deployment['production_environment'] === true,
    ...optional('ref', nonEmptyString(deployment['ref'])),
    // Ignore `target_url`, which points to the workflow run if the job sets no URL.
    ...optional('url', nonEmptyString(status['environment_url'])),
  }
}

/**
 * Reads the event from the runner's environment and payload file. Everything about a pull request comes
 * from the payload. `GITHUB_REF` and `GITHUB_SHA` mean something else for `pull_request_target` and for a
 * merged pull request. Throws {@link Problem} if the payload file cannot be read.
 */
export const readEvent = (env: NodeJS.ProcessEnv): RunnerEvent => {
  const payload = readPayload(env['GITHUB_EVENT_PATH'])
  const repository = env['GITHUB_REPOSITORY'] ?? nonEmptyString(payload.repository?.full_name) ?? ''
  const pullRequest = parsePullRequest(payload, { full_name: repository })
  const deployment = parseDeployment(payload)
  const name = env['GITHUB_EVENT_NAME'] ?? ''
  const mention = pullRequest ? undefined : findMention(name, payload, repository)
  return {
    name,
    repository,
    actor: env['GITHUB_ACTOR'] ?? nonEmptyString(payload.sender?.login) ?? '',
    ...optional('action', nonEmptyString(payload.action)),
    ...(pullRequest && { pullRequest }),
    ...(mention && { mention }),
    ...(deployment && { deployment }),
    ...optional('defaultBranch', nonEmptyString(payload.repository?.default_branch)),
  }
}
