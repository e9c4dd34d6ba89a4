import { isIpAddress } from '../domains/host.ts'
import { isLoopback } from '../domains/loopback.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import { diagnose } from './diagnose.ts'
import type { Diagnosis } from './finding.ts'
import { type BranchAuth, knownValue, type Observations } from './observations.ts'
import { probeOrigins, probeService, type ServiceAccess } from './probe-service.ts'
import { readBranchAuth, tryRead } from './read-branch.ts'
import { readPreview } from './read-preview.ts'

/** The previews that a run knows. */
export interface KnownPreviews {
  readonly origins: readonly string[]
  /** `false` if the pull request may have more deployments. */
  readonly isComplete: boolean
  /** Why entries of `trusted_domains` cannot be used: one message for each. */
  readonly unusable: readonly string[]
}

/** The branch to examine, and the dependencies for examining it. */
export interface Examination extends ServiceAccess {
  readonly branch: FoundBranch
  readonly neon: NeonClient
  readonly previews: () => Promise<KnownPreviews>
  /** Returns the origins of the branch's own Neon Functions and custom domains. */
  readonly functions: () => Promise<readonly string[]>
}

/** The previews to read, and the faults in their lists. */
type CollectedPreviews = Pick<Observations, 'unusableDomains' | 'unreadPreviews'> & {
  readonly origins: readonly string[]
}

const collectPreviews = async ({
  previews,
  functions,
}: Examination): Promise<CollectedPreviews> => {
  const [known, ownFunctions] = await Promise.all([previews(), tryRead(functions)])
  const origins = [...known.origins, ...(knownValue(ownFunctions) ?? [])]
  return {
    // A wildcard cannot be opened.
    origins: [...new Set(origins)].filter((origin) => !origin.includes('*')),
    unusableDomains: known.unusable,
    unreadPreviews: [
      ...(known.isComplete
        ? []
        : ["the pull request's deployments are not fully known; see the log"]),
      ...('failure' in ownFunctions ? [ownFunctions.failure] : []),
    ],
  }
}

/** Returns whether an origin is public and on the branch's list of trusted domains. */
const isPublicAndTrusted = (origin: string, { domains }: BranchAuth): boolean => {
  const { protocol, hostname } = new URL(origin)
  const isPrivate = !hostname.includes('.') || isIpAddress(hostname) || isLoopback(hostname)
  const isPublic = protocol === 'https:' && !isPrivate
  return isPublic && (knownValue(domains) ?? []).includes(origin)
}

/** Reads the branch, its auth service, and the previews. Throws what `previews` throws, and `RunAborted`. */
const observe = async (examination: Examination): Promise<Observations> => {
  const { branch, neon, http } = examination
  const { parentId } = branch
  const [auth, parent, { origins, ...listFaults }] = await Promise.all([
    readBranchAuth(neon, branch.id),
    parentId === undefined ? undefined : readBranchAuth(neon, parentId),
    collectPreviews(examination),
  ])
  const { urls } = auth
  const access = {
    send: http.once,
    mayRead: (origin: string) => origins.includes(origin) || isPublicAndTrusted(origin, auth),
    ...(urls && { baseUrl: urls.baseUrl }),
    knownUrls: parent?.urls ? [parent.urls.baseUrl] : [],
  }
  const [service, previews] = await Promise.all([
    urls && probeService(urls, examination),
    Promise.all(origins.map((origin) => readPreview(origin, access))),
  ])
  const redirects = previews.flatMap((preview) => preview.redirects)
  const originsToProbe = [...new Set([...origins, ...redirects])]
  const trust = urls ? await probeOrigins(urls, originsToProbe, examination) : []
  return {
    branch,
    auth,
    ...(parent && { parent }),
    ...(service && { service }),
    trust,
    previews,
    ...listFaults,
  }
}

/**
 * Reads a branch's auth, its auth service, and its previews. Returns the observations, failed reads included,
 * and the diagnosis. Throws what `previews` throws, and `RunAborted`.
 */
export const examine = async (
  examination: Examination,
): Promise<{ readonly observations: Observations; readonly diagnosis: Diagnosis }> => {
  const observations = await observe(examination)
  return { observations, diagnosis: diagnose(observations) }
}
