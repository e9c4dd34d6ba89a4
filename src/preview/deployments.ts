import type {
  Deployment,
  DeploymentStatus,
  ReportedDeployment,
} from '../github/endpoints/deployments.ts'
import { type ExcludedEnvironment, excludedEnvironment } from './environments.ts'

/** Why a deployment's URL is not trusted. */
export type ExclusionReason =
  | ExcludedEnvironment
  /** It deploys the repository's default branch. */
  | 'default_branch'
  | 'other_pull_request'
  | 'other_commit'
  /** It never reached success. */
  | 'not_successful'
  /** It succeeded, but reported no `environment_url`. */
  | 'no_url'
  /** A newer deployment of the merge ref to the same environment replaced it. */
  | 'replaced'

/** The rules for which deployments are previews. */
export interface PreviewRules {
  /** If absent, `main` and `master` count as the default branch. */
  readonly defaultBranch?: string | undefined
  /** The lines of `deployment_environments`. */
  readonly environments: readonly string[]
}

/** The pull request whose deployments count. */
export interface DeployedPullRequest {
  readonly number?: number | undefined
  readonly headSha: string
  readonly headRef?: string | undefined
  readonly isFork: boolean
}

/** A URL to trust, and its source. */
export interface DeploymentUrl {
  readonly environment: string
  readonly url: string
  readonly creator?: string
}

/** The deployments of a pull request, split into those that count and those that do not. */
export interface SelectedDeployments {
  /** The URLs that count, unique within each environment, newest deployment first. */
  readonly urls: readonly DeploymentUrl[]
  readonly excluded: readonly {
    readonly deployment: ReportedDeployment
    readonly reason: ExclusionReason
  }[]
  /** Environments with a deployment of the head commit or the merge ref that neither succeeded nor is inactive. */
  readonly unsettled: ReadonlySet<string>
}

const LIKELY_DEFAULT_BRANCHES = ['main', 'master']

/** Returns the git branch that a short or full ref names. Returns any other ref unchanged. */
export const gitBranchOf = (ref: string | undefined): string | undefined =>
  ref?.replace(/^refs\/heads\//, '')

/** Returns whether a git ref, short or full, is the repository's default branch. */
export const isDefaultBranch = (
  ref: string | undefined,
  defaultBranch: string | undefined,
): boolean => {
  const branch = gitBranchOf(ref)
  if (branch === undefined) return false
  return defaultBranch === undefined
    ? LIKELY_DEFAULT_BRANCHES.includes(branch)
    : branch === defaultBranch
}

/** Returns `N` of `refs/pull/N/merge`, the ref that deploy actions pass in `pull_request` jobs. */
export const pullRequestOfRef = (ref: string | undefined): number | undefined => {
  const number = Number(/^(?:refs\/)?pull\/(\d{1,10})\/merge$/.exec(ref ?? '')?.[1])
  return number > 0 ? number : undefined
}

/** Returns why the environment or the ref of a deployment rules out a preview, or `undefined`. Pure. */
export const whyNotPreview = (
  { environment, isFlaggedProduction, ref }: Omit<Deployment, 'id'>,
  { defaultBranch, environments }: PreviewRules,
): ExcludedEnvironment | 'default_branch' | undefined =>
  excludedEnvironment(environment, isFlaggedProduction, environments) ??
  (isDefaultBranch(ref, defaultBranch) ? 'default_branch' : undefined)

/** Returns whether a pull request's head is the default branch. A fork's `main` is a different branch. */
export const proposesDefaultBranch = (
  { headRef, isFork }: Pick<DeployedPullRequest, 'headRef' | 'isFork'>,
  defaultBranch: string | undefined,
): boolean => !isFork && isDefaultBranch(headRef, defaultBranch)

const isOfHead = ({ sha }: ReportedDeployment, { headSha }: DeployedPullRequest): boolean =>
  sha === undefined || sha === headSha

const whyUnrelated = (
  deployment: ReportedDeployment,
  pull: DeployedPullRequest,
): ExclusionReason | undefined => {
  const number = pullRequestOfRef(deployment.ref)
  if (number !== undefined) return number === pull.number ? undefined : 'other_pull_request'
  return isOfHead(deployment, pull) ? undefined : 'other_commit'
}

const successesOf = ({ statuses }: ReportedDeployment): DeploymentStatus[] =>
  statuses.filter(({ state }) => state === 'success')

/** Returns the deployment with the environment of a status, because a status may rename it. */
const inReportedEnvironment = (
  { environment }: DeploymentStatus,
  deployment: ReportedDeployment,
): ReportedDeployment => (environment === undefined ? deployment : { ...deployment, environment })

const previewUrlsOf = (deployment: ReportedDeployment, rules: PreviewRules): DeploymentUrl[] =>
  successesOf(deployment).flatMap((status) => {
    const { url } = status
    const reported = inReportedEnvironment(status, deployment)
    if (url === undefined || whyNotPreview(reported, rules)) return []
    const { environment, creator } = reported
    return [{ environment, url, ...(creator && { creator }) }]
  })

const exclusionReason = (
  deployment: ReportedDeployment,
  pull: DeployedPullRequest,
  rules: PreviewRules,
): ExclusionReason | undefined => {
  if (proposesDefaultBranch(pull, rules.defaultBranch)) return 'default_branch'
  const reason = whyNotPreview(deployment, rules) ?? whyUnrelated(deployment, pull)
  if (reason) return reason
  const successes = successesOf(deployment)
  if (successes.length === 0) return 'not_successful'
  const withUrl = successes.filter(({ url }) => url !== undefined)
  if (withUrl.length === 0) return 'no_url'
  const reasons = withUrl.map((status) =>
    whyNotPreview(inReportedEnvironment(status, deployment), rules),
  )
  return reasons.includes(undefined) ? undefined : reasons[0]
}

const unique = (urls: readonly DeploymentUrl[]): DeploymentUrl[] => {
  const byUrl = new Map<string, DeploymentUrl>()
  for (const deploymentUrl of urls) {
    const { environment, url } = deploymentUrl
    const key = JSON.stringify([environment, url])
    if (!byUrl.has(key)) byUrl.set(key, deploymentUrl)
  }
  return [...byUrl.values()]
}

const isUnsettled = ({ statuses }: ReportedDeployment): boolean => statuses[0]?.state !== 'inactive'

/**
 * Selects the deployment URLs to trust for a pull request. Pure.
 *
 * For the head commit, every unique URL of a deployment that ever reached success counts, because several
 * apps may share an environment name. A later `inactive`, failure, or redeploy does not remove a URL:
 * GitHub sets `inactive` when another deployment to the environment succeeds
 * (https://docs.github.com/en/rest/deployments/statuses). A deployment of `refs/pull/N/merge` has a
 * merge commit instead of the head commit, so only the newest successful one in each environment counts.
 */
export const selectDeployments = (
  deployments: readonly ReportedDeployment[],
  pull: DeployedPullRequest,
  rules: PreviewRules,
): SelectedDeployments => {
  const urls: DeploymentUrl[] = []
  const excluded: { deployment: ReportedDeployment; reason: ExclusionReason }[] = []
  const unsettled = new Set<string>()
  const environmentsOfMergeRef = new Set<string>()
  for (const deployment of deployments.toSorted((a, b) => b.id - a.id)) {
    const { environment } = deployment
    const isReplaced = !isOfHead(deployment, pull) && environmentsOfMergeRef.has(environment)
    const reason = exclusionReason(deployment, pull, rules) ?? (isReplaced ? 'replaced' : undefined)
    if (reason === 'not_successful' && isUnsettled(deployment)) unsettled.add(environment)
    if (reason) {
      excluded.push({ deployment, reason })
      continue
    }
    if (!isOfHead(deployment, pull)) environmentsOfMergeRef.add(environment)
    urls.push(...previewUrlsOf(deployment, rules))
  }
  return { urls: unique(urls), excluded, unsettled }
}
