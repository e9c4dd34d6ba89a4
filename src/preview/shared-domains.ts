import { originOf } from '../domains/origin.ts'
import type { Deployment, ReportedDeployment } from '../github/endpoints/deployments.ts'
import type { PullRequest } from '../github/pull-request.ts'
import { gitBranchOf, isDefaultBranch, pullRequestOfRef } from './deployments.ts'

/** The possible owners of deployments other than the pull request `number`. */
export interface OtherOwners {
  /** All open pull requests, which may include `number`. */
  readonly open: readonly PullRequest[]
  readonly number: number
  readonly defaultBranch?: string | undefined
}

/** Returns the deployments of other open pull requests and of the default branch. Pure. */
export const deploymentsOfOthers = <T extends Deployment>(
  deployments: readonly T[],
  { open, number, defaultBranch }: OtherOwners,
): T[] => {
  const others = open.filter((pull) => pull.number !== number)
  return deployments.filter(({ ref, sha }) => {
    if (isDefaultBranch(ref, defaultBranch)) return true
    const refNumber = pullRequestOfRef(ref)
    const branch = gitBranchOf(ref)
    return others.some(
      (pull) =>
        pull.number === refNumber ||
        (sha !== undefined && pull.headSha === sha) ||
        (branch !== undefined && pull.isSameRepository && pull.headRef === branch),
    )
  })
}

/** Returns the origins of all deployments that ever succeeded. Pure. */
export const successfulOrigins = (deployments: readonly ReportedDeployment[]): Set<string> =>
  new Set(
    deployments.flatMap(({ statuses }) =>
      statuses.flatMap(({ state, url }) =>
        state === 'success' && url !== undefined ? [originOf(url)] : [],
      ),
    ),
  )
