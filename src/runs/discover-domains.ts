import type { Target } from '../action/intent.ts'
import { oneLine } from '../core/text.ts'
import type { CheckedOrigin } from '../domains/check-domain.ts'
import { printableUrl } from '../domains/origin.ts'
import type { GitHub } from '../github/client.ts'
import {
  type Deployment,
  listDeployments,
  type ReportedDeployment,
  readDeploymentStatuses,
} from '../github/endpoints/deployments.ts'
import type { PullRequest } from '../github/pull-request.ts'
import type { Pages } from '../github/read-pages.ts'
import {
  type ExclusionReason,
  type SelectedDeployments,
  selectDeployments,
} from '../preview/deployments.ts'
import type { DeployedDomain } from '../preview/former-domains.ts'
import { bestEffort, warnNoToken } from './best-effort.ts'
import type { RunContext } from './context.ts'
import { originToTrust } from './origin-to-trust.ts'

type CheckedDeployment = DeployedDomain & { readonly origin: CheckedOrigin }

/** The domains of a pull request, according to GitHub's deployments. */
export interface Discovery {
  readonly deployed: readonly CheckedDeployment[]
  /** Environments with a deployment of the head commit or the merge ref that neither succeeded nor is inactive. */
  readonly unsettled: ReadonlySet<string>
  /** `false` if something could not be read. There may be more domains. */
  readonly isComplete: boolean
}

/** The result of a run that does not look for deployments. */
export const NOTHING_DISCOVERED: Discovery = {
  deployed: [],
  unsettled: new Set(),
  isComplete: true,
}

const UNKNOWN: Discovery = { ...NOTHING_DISCOVERED, isComplete: false }

/** How many merge-ref deployments to read per environment. The last success is rarely older. */
const MAX_PER_ENVIRONMENT = 5

const newestPerEnvironment = (deployments: readonly Deployment[]): Deployment[] => {
  const counts = new Map<string, number>()
  return deployments.filter(({ environment }) => {
    const count = (counts.get(environment) ?? 0) + 1
    counts.set(environment, count)
    return count <= MAX_PER_ENVIRONMENT
  })
}

/** Reads the deployments of the head commit and the newest ones of the merge ref. Throws `GitHubError`. */
const readDeployments = async (
  github: GitHub,
  sha: string,
  number: number,
): Promise<Pages<ReportedDeployment>> => {
  const mergeRef = `refs/pull/${number}/merge`
  const [ofHead, ofMergeRef] = await Promise.all([
    listDeployments(github, { sha }),
    listDeployments(github, { ref: mergeRef }),
  ])
  const newest = newestPerEnvironment(ofMergeRef.items.filter(({ ref }) => ref === mergeRef))
  const byId = new Map(
    [...ofHead.items, ...newest].map((deployment) => [deployment.id, deployment]),
  )
  const reported = await readDeploymentStatuses(github, [...byId.values()])
  return { items: reported.items, isComplete: ofHead.isComplete && reported.isComplete }
}

const EXCLUSION_REASONS: Record<ExclusionReason, string> = {
  production: 'it is a production environment (name it in `deployment_environments` to include it)',
  excluded_environment: '`deployment_environments` does not include it',
  default_branch: "it deploys the repository's default branch",
  other_pull_request: 'it belongs to another pull request',
  other_commit: 'it deploys another commit',
  not_successful: 'it has not succeeded',
  no_url: 'it reports no environment_url',
  replaced: 'a newer deployment replaced it',
}

const logDeployments = ({ urls, excluded }: SelectedDeployments, { log }: RunContext): void => {
  for (const { environment, url, creator } of urls) {
    const by = creator ? ` by ${oneLine(creator, 80)}` : ''
    log.info(`Deployed to ${oneLine(environment, 80)}${by}: ${printableUrl(url)}`)
  }
  const environmentsWithUrl = new Set(urls.map(({ environment }) => environment))
  const warned = new Set<string>()
  for (const { deployment, reason } of excluded) {
    const { id, environment } = deployment
    const name = oneLine(environment, 80)
    log.debug(`Deployment ${id} to ${name} does not count: ${EXCLUSION_REASONS[reason]}.`)
    const isExplained = environmentsWithUrl.has(environment) || warned.has(environment)
    if (reason !== 'no_url' || isExplained) continue
    warned.add(environment)
    log.warning(noUrlWarning(environment))
  }
  if (urls.length === 0) log.info('No successful preview deployment of the head commit yet.')
}

/** Returns the warning about a successful deployment without a URL. */
export const noUrlWarning = (environment: string): string =>
  `The deployment to ${oneLine(environment, 80)} succeeded but reports no environment_url, so its domain is unknown. Set the environment's \`url\` in the deploying job, or pass the domain in \`trusted_domains\`.`

const toDomains = async (
  { urls }: SelectedDeployments,
  sha: string,
  target: Target,
  run: RunContext,
): Promise<CheckedDeployment[]> => {
  const deployed: CheckedDeployment[] = []
  for (const { environment, url } of urls) {
    const origin = await originToTrust(url, target, run)
    if (origin !== undefined) deployed.push({ environment, origin, sha })
  }
  return deployed
}

const discoverForHead = async (
  github: GitHub,
  pull: PullRequest & { readonly headSha: string },
  target: Target,
  run: RunContext,
): Promise<Discovery> => {
  const { event, inputs, log } = run
  const warning = 'The deployments of the head commit could not be read'
  const deployments = await bestEffort(warning, run, () =>
    readDeployments(github, pull.headSha, pull.number),
  )
  if (!deployments) return UNKNOWN
  if (!deployments.isComplete)
    log.warning('GitHub lists more deployments or statuses than this run reads.')
  const selected = selectDeployments(deployments.items, pull, {
    defaultBranch: event.defaultBranch,
    environments: inputs.deploymentEnvironments,
  })
  logDeployments(selected, run)
  const deployed = await toDomains(selected, pull.headSha, target, run)
  return { deployed, unsettled: selected.unsettled, isComplete: deployments.isComplete }
}

/**
 * Returns the domains of the pull request's deployments (`discover_domains`). If they cannot be read, warns
 * and returns an incomplete result.
 */
export const discoverDomains = async (target: Target, run: RunContext): Promise<Discovery> => {
  const { github, inputs, log } = run
  if (!inputs.discoverDomains) return NOTHING_DISCOVERED
  if (!github) {
    warnNoToken('discover_domains', run)
    return UNKNOWN
  }
  const { pullRequest: pull } = target
  if (pull?.headSha === undefined) {
    log.warning(
      '`discover_domains`: the head commit of the pull request is not known, so the run did not look for deployments.',
    )
    return UNKNOWN
  }
  return discoverForHead(github, { ...pull, headSha: pull.headSha }, target, run)
}
