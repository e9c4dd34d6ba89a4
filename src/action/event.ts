import { readFileSync } from 'node:fs'
import { type Fields, fieldsOf, isFields } from '../core/fields.ts'
import { optional } from '../core/optional.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { nonEmptyString } from '../core/text.ts'
import {
  classifyHead,
  headRefOf,
  isPullRequestNumber,
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
  /** The pull request that another event's payload names, or why it does not name exactly one. */
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

const readPayload = (path: string | undefined): Fields => {
  if (!path) return {}
  try {
    const payload: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (isFields(payload)) return payload
    throw new Error('it is not a JSON object')
  } catch (error) {
    throw new Problem({
      what: `Could not read the event payload from GITHUB_EVENT_PATH (${path}): ${messageOf(error)}`,
      fix: 'the runner writes this file; run the job again',
      cause: error,
    })
  }
}

/** Parses a repository. Returns `null` if the payload says that it was deleted, and `undefined` if it does not say. */
const parseRepository = (value: unknown): Repository | null | undefined => {
  if (!isFields(value)) return value === null ? null : undefined
  const { id, full_name: name } = value
  return {
    ...(typeof id === 'number' && { id }),
    ...optional('full_name', nonEmptyString(name)),
  }
}

const parsePullRequest = (
  payload: Fields,
  workflowRepository: Repository,
): PullRequest | undefined => {
  const pull = payload['pull_request']
  if (!isFields(pull)) return undefined
  const number = pull['number'] ?? payload['number']
  if (!isPullRequestNumber(number)) return undefined
  const head = fieldsOf(pull['head'])
  const baseRepository =
    parseRepository(fieldsOf(pull['base'])['repo']) ??
    parseRepository(payload['repository']) ??
    workflowRepository
  const isClosed = pull['state'] === 'closed' || payload['action'] === 'closed'
  return {
    number,
    ...classifyHead(parseRepository(head['repo']), baseRepository),
    state: isClosed ? 'closed' : 'open',
    ...optional('headRef', headRefOf(head['ref'])),
    ...optional('headSha', nonEmptyString(head['sha'])),
    ...optional('author', nonEmptyString(fieldsOf(pull['user'])['login'])),
  }
}

const parseDeployment = (payload: Fields): EventDeployment | undefined => {
  const deployment = fieldsOf(payload['deployment'])
  const status = fieldsOf(payload['deployment_status'])
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

/** Returns the first value that is a non-empty string, or `''`. Some runners set empty variables. */
const firstText = (...values: readonly unknown[]): string =>
  values.map(nonEmptyString).find(Boolean) ?? ''

/**
 * Reads the event from the runner's environment and payload file. Everything about a pull request comes
 * from the payload, because `GITHUB_REF` and `GITHUB_SHA` mean something else for `pull_request_target` and for
 * a merged pull request. Throws {@link Problem} if the payload file cannot be read or is not a JSON object.
 */
export const readEvent = (env: NodeJS.ProcessEnv): RunnerEvent => {
  const payload = readPayload(env['GITHUB_EVENT_PATH'])
  const { full_name: fullName, default_branch: defaultBranch } = fieldsOf(payload['repository'])
  const { login: sender } = fieldsOf(payload['sender'])
  const repository = firstText(env['GITHUB_REPOSITORY'], fullName)
  const pullRequest = parsePullRequest(payload, { full_name: repository })
  const deployment = parseDeployment(payload)
  const name = firstText(env['GITHUB_EVENT_NAME'])
  const mention = pullRequest ? undefined : findMention(name, payload, repository)
  return {
    name,
    repository,
    actor: firstText(env['GITHUB_ACTOR'], sender),
    ...optional('action', nonEmptyString(payload['action'])),
    ...(pullRequest && { pullRequest }),
    ...(mention && { mention }),
    ...(deployment && { deployment }),
    ...optional('defaultBranch', nonEmptyString(defaultBranch)),
  }
}
