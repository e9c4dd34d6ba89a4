import type { Target } from '../action/intent.ts'
import type { GitHub } from '../github/client.ts'
import { listDeployments, readDeploymentStatuses } from '../github/endpoints/deployments.ts'
import { listOpenPullRequests } from '../github/endpoints/list-pull-requests.ts'
import type { DeployedDomain } from '../preview/former-domains.ts'
import { deploymentsOfOthers, successfulOrigins } from '../preview/shared-domains.ts'
import { bestEffort } from './best-effort.ts'
import type { RunContext } from './context.ts'

/**
 * Returns the origins that other open pull requests or the default branch deploy to in the same environments.
 * Throws `GitHubError`, and `Error` if GitHub lists more than the run reads.
 */
const readSharedOrigins = async (
  github: GitHub,
  environments: readonly string[],
  number: number,
  defaultBranch: string | undefined,
): Promise<ReadonlySet<string>> => {
  const [openPulls, ...lists] = await Promise.all([
    listOpenPullRequests(github),
    ...environments.map((environment) => listDeployments(github, { environment })),
  ])
  const deployments = lists.flatMap(({ items }) => items)
  const others = deploymentsOfOthers(deployments, {
    open: openPulls.items,
    number,
    defaultBranch,
  })
  const reported = await readDeploymentStatuses(github, others)
  if ([openPulls, reported, ...lists].every(({ isComplete }) => isComplete))
    return successfulOrigins(reported.items)
  throw new Error('GitHub lists more deployments or pull requests than this run reads')
}

/**
 * Returns the origins of `domains`, without those that the default branch or another open pull request uses.
 * Removing a shared origin would break the others. If GitHub does not answer, warns and returns an empty array.
 */
export const findExclusiveOrigins = async (
  domains: readonly DeployedDomain[],
  { prNumber }: Target,
  run: RunContext,
): Promise<readonly string[]> => {
  const { github, event, log } = run
  if (domains.length === 0 || !github || prNumber === undefined) return []
  const environments = [...new Set(domains.map(({ environment }) => environment))]
  const warning =
    'Deployed domains stay trusted, because the run does not know whether others use them'
  const shared = await bestEffort(warning, run, () =>
    readSharedOrigins(github, environments, prNumber, event.defaultBranch),
  )
  if (!shared) return []
  const origins = [...new Set(domains.map(({ origin }) => origin))]
  for (const origin of origins.filter((candidate) => shared.has(candidate)))
    log.info(`${origin} stays trusted: other open pull requests or the default branch use it.`)
  return origins.filter((origin) => !shared.has(origin))
}
