import { nonEmptyString } from '../core/text.ts'
import type { GitHub } from './api.ts'

const PERMISSION = 'deployments: read'

/** Where one environment of a commit was deployed to. */
export interface EnvironmentUrl {
  readonly environment: string
  readonly url: string
}

/** A deployment, as far as it is read. */
interface Deployment {
  readonly id: number
  readonly environment: string
  readonly production_environment?: boolean | undefined
  readonly created_at: string
}

/** Whether a deployment is no preview. Platforms that do not set GitHub's flag name their environment. */
export const isProduction = (environment: string, flag: boolean | undefined): boolean =>
  flag === true || /^production\b/i.test(environment)

const newestPerEnvironment = (deployments: readonly Deployment[]): Deployment[] => {
  const newest = new Map<string, Deployment>()
  for (const deployment of deployments) {
    const other = newest.get(deployment.environment)
    if (!other || other.created_at < deployment.created_at) {
      newest.set(deployment.environment, deployment)
    }
  }
  return [...newest.values()]
}

const urlOf = async (
  github: GitHub,
  { id, environment }: Deployment,
): Promise<EnvironmentUrl[]> => {
  const { data } = await github.call(PERMISSION, (octokit, asking) =>
    octokit.rest.repos.listDeploymentStatuses({ ...asking, deployment_id: id, per_page: 100 }),
  )
  // Newest first. A deployment whose newest word is not success is not there (yet, or any more).
  const [latest] = data
  if (latest?.state !== 'success') return []
  const url = nonEmptyString(latest.environment_url)
  return url ? [{ environment, url }] : []
}

/**
 * The environment URLs of a commit's successful deployments, the newest for each environment, over
 * all pages. Production environments are left out: a preview trusts previews. Throws `GitHubRefused`.
 */
export const environmentUrls = async (github: GitHub, sha: string): Promise<EnvironmentUrl[]> => {
  const deployments = await github.call(PERMISSION, (octokit, asking) =>
    octokit.paginate(octokit.rest.repos.listDeployments, { ...asking, sha, per_page: 100 }),
  )
  const previews = deployments.filter(
    ({ production_environment, environment }) =>
      typeof environment === 'string' && !isProduction(environment, production_environment),
  )
  const urls = await Promise.all(
    newestPerEnvironment(previews).map((deployment) => urlOf(github, deployment)),
  )
  return urls.flat()
}
