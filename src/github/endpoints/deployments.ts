import { optional } from '../../core/optional.ts'
import { nonEmptyString } from '../../core/text.ts'
import type { GitHub } from '../client.ts'
import { type ListKind, type Pages, readPages } from '../read-pages.ts'

/** The number of deployments whose statuses are read in parallel. */
const WORKERS = 10

/** One status in the history of a deployment. */
export interface DeploymentStatus {
  /** `success`, `failure`, `pending`, `inactive`, … */
  readonly state: string
  readonly url?: string
  /** The environment, if the status names one. Otherwise, it is the deployment's. */
  readonly environment?: string
}

/** A deployment as GitHub lists it. */
export interface Deployment {
  readonly id: number
  readonly sha?: string
  /** A branch, a tag, a commit, or `refs/pull/N/merge`, as the creator passed it. */
  readonly ref?: string
  readonly environment: string
  /** GitHub's `production_environment`. Some platforms set only the name of the environment. */
  readonly isFlaggedProduction: boolean
  /** The login of the user or app that created it. */
  readonly creator?: string
}

/** A deployment with its statuses, newest first. */
export interface ReportedDeployment extends Deployment {
  readonly statuses: readonly DeploymentStatus[]
}

interface DeploymentResponse {
  readonly id: number
  readonly sha?: string
  readonly ref?: string
  readonly environment?: string
  readonly production_environment?: boolean
  readonly creator?: { readonly login?: string } | null
}

interface StatusResponse {
  readonly state?: string
  readonly environment?: string
  readonly environment_url?: string
}

const toDeployment = (response: DeploymentResponse): Deployment => ({
  id: response.id,
  environment: nonEmptyString(response.environment) ?? '',
  isFlaggedProduction: response.production_environment === true,
  ...optional('sha', nonEmptyString(response.sha)),
  ...optional('ref', nonEmptyString(response.ref)),
  ...optional('creator', nonEmptyString(response.creator?.login)),
})

const toStatus = ({ state, environment, environment_url }: StatusResponse): DeploymentStatus => ({
  state: nonEmptyString(state) ?? '',
  ...optional('environment', nonEmptyString(environment)),
  ...optional('url', nonEmptyString(environment_url)),
})

/** The deployments to list. */
export type DeploymentFilter =
  | { readonly sha: string }
  | { readonly ref: string }
  | { readonly environment: string }

/** The permission and the page limit of both lists: 1,000 deployments or statuses. */
const LIMITS = { permission: 'deployments: read', maxPages: 10 } as const

const DEPLOYMENTS: ListKind<DeploymentResponse> = {
  ...LIMITS,
  entries: 'deployments with IDs',
  isEntry: (deployment) => Number.isSafeInteger(deployment?.id),
}

const STATUSES: ListKind<StatusResponse> = {
  ...LIMITS,
  entries: 'deployment statuses',
  isEntry: (status) => status !== null,
}

/** Lists up to 1,000 deployments, newest first. Throws `GitHubError`. */
export const listDeployments = async (
  github: GitHub,
  filter: DeploymentFilter,
): Promise<Pages<Deployment>> => {
  const { items, isComplete } = await readPages(github, DEPLOYMENTS, (octokit, options) =>
    octokit.rest.repos.listDeployments({ ...options, ...filter }),
  )
  return { items: items.map(toDeployment), isComplete }
}

const readStatuses = async (
  github: GitHub,
  deployment: Deployment,
): Promise<{ reported: ReportedDeployment; isComplete: boolean }> => {
  const { items, isComplete } = await readPages(github, STATUSES, (octokit, options) =>
    octokit.rest.repos.listDeploymentStatuses({ ...options, deployment_id: deployment.id }),
  )
  return { reported: { ...deployment, statuses: items.map(toStatus) }, isComplete }
}

/**
 * Reads up to 1,000 statuses of each deployment, because only the whole history shows whether it ever
 * succeeded. Throws `GitHubError`.
 */
export const readDeploymentStatuses = async (
  github: GitHub,
  deployments: readonly Deployment[],
): Promise<Pages<ReportedDeployment>> => {
  const items: ReportedDeployment[] = []
  let isComplete = true
  for (let start = 0; start < deployments.length; start += WORKERS) {
    const batch = deployments.slice(start, start + WORKERS)
    const results = await Promise.all(batch.map((deployment) => readStatuses(github, deployment)))
    items.push(...results.map(({ reported }) => reported))
    isComplete &&= results.every((result) => result.isComplete)
  }
  return { items, isComplete }
}
