import type { Deployment, DeploymentStatus, ReportedDeployment } from '../github/deployments.ts'
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
  /** A newer deployment of the same pull request took its place. */
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
  readonly fork: boolean
}

/** A URL to trust, and its source. */
export interface DeploymentUrl {
  readonly environment: string
  readonly url: string
  readonly creator?: string
}

/** The deployments of a pull request that count, and those that do not. */
export interface SelectedDeployments {
  /** Every URL that counts, each once, newest first. */
  readonly urls: readonly DeploymentUrl[]
  readonly excluded: readonly {
    readonly deployment: ReportedDeployment
    readonly reason: ExclusionReason
  }[]
  /** Environments to which the head commit is being deployed, or was deployed without success. */
  readonly unsettled: ReadonlySet<string>
}

const LIKELY_DEFAULT_BRANCHES = ['main', 'master']

/** Returns whether a git ref, short or full, is the repository's default branch. */
export const isDefaultBranch = (
  ref: string | undefined,
  defaultBranch: string | undefined,
): boolean => {
  const branch = ref?.replace(/^refs\/heads\//, '')
  if (branch === undefined) return false
  return defaultBranch === undefined
    ? LIKELY_DEFAULT_BRANCHES.includes(branch)
    : branch === defaultBranch
}

/** Returns N of `refs/pull/N/merge`, the ref that deploy actions pass in `pull_request` jobs. */
export const pullRequestOfRef = (ref: string | undefined): number | undefined => {
  const number = Number(/^(?:refs\/)?pull\/(\d{1,10})\/merge$/.exec(ref ?? '')?.[1])
  return number > 0 ? number : undefined
}

/** Returns why a deployment is not a preview, by environment and ref. `undefined` if it is. Pure. */
export const notAPreview = (
  { environment, isFlaggedProduction, ref }: Omit<Deployment, 'id'>,
  { defaultBranch, environments }: PreviewRules,
): ExcludedEnvironment | 'default_branch' | undefined =>
  excludedEnvironment(environment, isFlaggedProduction, environments) ??
  (isDefaultBranch(ref, defaultBranch) ? 'default_branch' : undefined)

/** Returns whether the head is the default branch itself. A fork's `main` is not ours. */
export const proposesDefaultBranch = (
  { headRef, fork }: Pick<DeployedPullRequest, 'headRef' | 'fork'>,
  defaultBranch: string | undefined,
): boolean => !fork && isDefaultBranch(headRef, defaultBranch)

const notOurs = (
  { ref, sha }: ReportedDeployment,
  { number, headSha }: DeployedPullRequest,
): ExclusionReason | undefined => {
  const named = pullRequestOfRef(ref)
  if (named !== undefined) return named === number ? undefined : 'other_pull_request'
  return sha === undefined || sha === headSha ? undefined : 'other_commit'
}

const isOfHead = ({ sha }: ReportedDeployment, { headSha }: DeployedPullRequest): boolean =>
  sha === undefined || sha === headSha

const succeeded = ({ statuses }: ReportedDeployment): DeploymentStatus[] =>
  statuses.filter(({ state }) => state === 'success')

/** A status may rename the environment of its deployment. */
const reportedIn = (
  { environment }: DeploymentStatus,
  deployment: ReportedDeployment,
): ReportedDeployment => (environment === undefined ? deployment : { ...deployment, environment })

const urlsOf = (deployment: ReportedDeployment, rules: PreviewRules): DeploymentUrl[] =>
  succeeded(deployment).flatMap((status) => {
    const { url } = status
    const { environment, creator } = reportedIn(status, deployment)
    if (url === undefined || notAPreview(reportedIn(status, deployment), rules)) return []
    return [{ environment, url, ...(creator && { creator }) }]
  })

const reasonOf = (
  deployment: ReportedDeployment,
  pull: DeployedPullRequest,
  rules: PreviewRules,
): ExclusionReason | undefined => {
  if (proposesDefaultBranch(pull, rules.defaultBranch)) return 'default_branch'
  const reason = notAPreview(deployment, rules) ?? notOurs(deployment, pull)
  if (reason) return reason
  const successes = succeeded(deployment)
  if (successes.length === 0) return 'not_successful'
  const withUrl = successes.filter(({ url }) => url !== undefined)
  if (withUrl.length === 0) return 'no_url'
  const reasons = withUrl.map((status) => notAPreview(reportedIn(status, deployment), rules))
  return reasons.includes(undefined) ? undefined : reasons[0]
}

const distinct = (urls: readonly DeploymentUrl[]): DeploymentUrl[] => {
  const byUrl = new Map<string, DeploymentUrl>()
  for (const one of urls) {
    const key = JSON.stringify([one.environment, one.url])
    if (!byUrl.has(key)) byUrl.set(key, one)
  }
  return [...byUrl.values()]
}

const isUnsettled = ({ statuses }: ReportedDeployment): boolean => statuses[0]?.state !== 'inactive'

/**
 * Selects the deployment URLs to trust for a pull request. Pure.
 *
 * For the head commit, every distinct URL of a deployment that ever reached success counts, because
 * several apps may share one environment name. A later `inactive`, failure, or redeploy does not
 * remove it: GitHub sets `inactive` when any other deployment of that environment succeeds
 * (https://docs.github.com/en/rest/deployments/statuses). A deployment of `refs/pull/N/merge` has a
 * merge commit instead of the head commit, so only the newest of each environment counts.
 */
export const selectDeployments = (
  deployments: readonly ReportedDeployment[],
  pull: DeployedPullRequest,
  rules: PreviewRules,
): SelectedDeployments => {
  const urls: DeploymentUrl[] = []
  const excluded: { deployment: ReportedDeployment; reason: ExclusionReason }[] = []
  const unsettled = new Set<string>()
  const ofMergeRef = new Set<string>()
  for (const deployment of deployments.toSorted((a, b) => b.id - a.id)) {
    const { environment } = deployment
    const isReplaced = !isOfHead(deployment, pull) && ofMergeRef.has(environment)
    const reason = reasonOf(deployment, pull, rules) ?? (isReplaced ? 'replaced' : undefined)
    if (reason === 'not_successful' && isUnsettled(deployment)) unsettled.add(environment)
    if (reason) {
      excluded.push({ deployment, reason })
      continue
    }
    if (!isOfHead(deployment, pull)) ofMergeRef.add(environment)
    urls.push(...urlsOf(deployment, rules))
  }
  return { urls: distinct(urls), excluded, unsettled }
}
