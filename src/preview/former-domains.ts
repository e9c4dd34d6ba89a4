import { originOf } from '../domains/origin.ts'
import { isOlder } from '../github/comment-record.ts'

/** A domain that a pull request was deployed to, as the comment records it. */
export interface DeployedDomain {
  readonly environment: string
  readonly origin: string
  /** The pull request's head commit at the time of the deployment. */
  readonly sha: string
}

/** The deployments that a run recorded in the comment. */
export interface DeploymentRecord {
  /** The GITHUB_RUN_ID and, as `attempt`, the GITHUB_RUN_ATTEMPT of the run that wrote the record. */
  readonly run: number
  readonly attempt: number
  readonly deployed: readonly DeployedDomain[]
}

/** The pull request's deployments, as this run read them. */
export interface CurrentDeployments extends DeploymentRecord {
  /** Environments with a deployment of the head commit or the merge ref that neither succeeded nor is inactive. */
  readonly unsettled: ReadonlySet<string>
  /** `false` if the run could not read everything. Then no domain counts as former. */
  readonly isComplete: boolean
}

const isFormer =
  ({ deployed, unsettled }: CurrentDeployments) =>
  ({ environment, origin, sha }: DeployedDomain): boolean => {
    const isReplaced = deployed.some((current) => current.environment === environment)
    if (!isReplaced || unsettled.has(environment)) return false
    return !deployed.some((current) => current.sha === sha || current.origin === origin)
  }

const isNewerAndComplete = (current: CurrentDeployments, record: DeploymentRecord): boolean =>
  current.isComplete && !isOlder(current, record)

/**
 * Returns the domains that an earlier commit left behind: the head commit is now deployed to the same
 * environment at another origin. Skips `unsettled` environments.
 * Returns none if this run is older than the record or could not read every deployment. Pure.
 */
export const formerDomains = (
  record: DeploymentRecord | undefined,
  current: CurrentDeployments,
): readonly DeployedDomain[] => {
  if (!record || !isNewerAndComplete(current, record)) return []
  const former = record.deployed.filter(isFormer(current))
  const kept = record.deployed.filter((domain) => !former.includes(domain))
  return former.filter(({ origin }) => !kept.some((domain) => domain.origin === origin))
}

/**
 * Returns the domains to record: those of the head commit, and the earlier ones that the branch still trusts.
 * `trusted` is Neon's list after the run. If it is absent, every earlier domain stays. Pure.
 */
export const recordedDomains = (
  record: DeploymentRecord | undefined,
  current: CurrentDeployments,
  trusted: readonly string[] | undefined,
): readonly DeployedDomain[] => {
  const trustedOrigins = trusted && new Set(trusted.map(originOf))
  const isCurrent = (domain: DeployedDomain): boolean =>
    current.deployed.some(
      ({ environment, origin }) => environment === domain.environment && origin === domain.origin,
    )
  const earlier = (record?.deployed ?? []).filter(
    (domain) => !isCurrent(domain) && (trustedOrigins?.has(domain.origin) ?? true),
  )
  return [...earlier, ...current.deployed]
}
