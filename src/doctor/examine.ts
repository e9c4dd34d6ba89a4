import { isIpAddress } from '../domains/host.ts'
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
  /** One sentence for each entry of `trusted_domains` that cannot be used. */
  readonly unusable: readonly string[]
}

/** The branch to examine, and the dependencies for that. */
export interface Examination extends ServiceAccess {
  readonly branch: FoundBranch
  readonly neon: NeonClient
  readonly previews: () => Promise<KnownPreviews>
  /** Returns the origins of the branch's own functions. */
  readonly functions: () => Promise<readonly string[]>
}

/** The previews to read, and the faults of the lists that they come from. */
type Previews = Pick<Observations, 'unusableDomains' | 'unreadPreviews'> & {
  readonly origins: readonly string[]
}

const collectPreviews = async ({ previews, functions }: Examination): Promise<Previews> => {
  const [named, own] = await Promise.all([previews(), tryRead(functions)])
  // A wildcard names no page to open.
  const origins = [...named.origins, ...(knownValue(own) ?? [])].filter((one) => !one.includes('*'))
  return {
    origins: [...new Set(origins)],
    unusableDomains: named.unusable,
    unreadPreviews: [
      ...(named.isComplete
        ? []
        : ["the pull request's deployments are not fully known; see the log"]),
      ...('failure' in own ? [own.failure] : []),
    ],
  }
}

/**
 * Returns a test for whether the doctor may send requests to an origin: a known preview, or a public trusted
 * domain.
 */
const readableOrigins = (origins: readonly string[], { domains }: BranchAuth) => {
  const trusted = knownValue(domains) ?? []
  return (origin: string): boolean => {
    if (origins.includes(origin)) return true
    const { protocol, hostname } = new URL(origin)
    const isPublic = protocol === 'https:' && hostname.includes('.') && !isIpAddress(hostname)
    return isPublic && trusted.includes(origin)
  }
}

/** Reads the branch, its auth service, and the previews. Throws what `previews` throws, and `RunAborted`. */
const observe = async (examination: Examination): Promise<Observations> => {
  const { branch, neon, http } = examination
  const { parentId } = branch
  const [auth, parent, { origins, ...lists }] = await Promise.all([
    readBranchAuth(neon, branch.id),
    parentId === undefined ? undefined : readBranchAuth(neon, parentId),
    collectPreviews(examination),
  ])
  const { urls } = auth
  const access = {
    send: http.once,
    mayRead: readableOrigins(origins, auth),
    ...(urls && { baseUrl: urls.baseUrl }),
    knownUrls: parent?.urls ? [parent.urls.baseUrl] : [],
  }
  const [service, previews] = await Promise.all([
    urls && probeService(urls, examination),
    Promise.all(origins.map((origin) => readPreview(origin, access))),
  ])
  const redirects = previews.flatMap((preview) => preview.redirects)
  const probed = [...new Set([...origins, ...redirects])]
  const trust = urls ? await probeOrigins(urls, probed, examination) : []
  return {
    branch,
    auth,
    ...(parent && { parent }),
    ...(service && { service }),
    trust,
    previews,
    ...lists,
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
