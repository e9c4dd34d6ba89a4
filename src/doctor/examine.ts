import { isIpAddress } from '../domains/host.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import { diagnosisOf } from './diagnose.ts'
import type { Diagnosis } from './finding.ts'
import { type BranchAuth, known, type Observations } from './observations.ts'
import { probeOrigins, probeService, type ServiceAccess } from './probe-service.ts'
import { readBranchAuth, reading } from './read-branch.ts'
import { readPreview } from './read-preview.ts'

/** The previews that a run knows of. */
export interface KnownPreviews {
  readonly origins: readonly string[]
  /** `false` if the pull request may have more deployments. */
  readonly isComplete: boolean
  /** One sentence for each entry of `trusted_domains` that cannot be used. */
  readonly unusable: readonly string[]
}

/** What to examine, and what that needs. */
export interface Examination extends ServiceAccess {
  readonly branch: FoundBranch
  readonly neon: NeonClient
  readonly previews: () => Promise<KnownPreviews>
  /** Returns the origins of the branch's own functions. */
  readonly functions: () => Promise<readonly string[]>
}

/** The previews to read, and what is wrong with the lists of them. */
type Previews = Pick<Observations, 'unusableDomains' | 'unreadPreviews'> & {
  readonly origins: readonly string[]
}

const previewsOf = async ({ previews, functions }: Examination): Promise<Previews> => {
  const [named, own] = await Promise.all([previews(), reading(functions)])
  // A wildcard names no page to open.
  const origins = [...named.origins, ...(known(own) ?? [])].filter((one) => !one.includes('*'))
  return {
    origins: [...new Set(origins)],
    unusableDomains: named.unusable,
    unreadPreviews: [
      ...(named.isComplete
        ? []
        : ["the pull request's deployments are not fully known; see the log"]),
      ...('unread' in own ? [own.unread] : []),
    ],
  }
}

/** Returns whether the doctor may send requests to an origin: a named preview, or a public trusted domain. */
const readableOrigins = (origins: readonly string[], { domains }: BranchAuth) => {
  const trusted = known(domains) ?? []
  return (origin: string): boolean => {
    if (origins.includes(origin)) return true
    const { protocol, hostname } = new URL(origin)
    const isPublic = protocol === 'https:' && hostname.includes('.') && !isIpAddress(hostname)
    return isPublic && trusted.includes(origin)
  }
}

/** Reads the branch, its auth service, and the previews. */
const observe = async (examination: Examination): Promise<Observations> => {
  const { branch, neon, http } = examination
  const { parentId } = branch
  const [auth, parent, { origins, ...lists }] = await Promise.all([
    readBranchAuth(neon, branch.id),
    parentId === undefined ? undefined : readBranchAuth(neon, parentId),
    previewsOf(examination),
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
  const aliases = previews.flatMap(({ redirects }) => redirects)
  const asked = [...new Set([...origins, ...aliases])]
  const trust = urls ? await probeOrigins(urls, asked, examination) : []
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
 * Reads a branch's auth, its auth service, and its previews, and returns what was read and what it means.
 * What cannot be read is part of that. Throws only if the run ends, and what `previews` throws.
 */
export const examine = async (
  examination: Examination,
): Promise<{ readonly seen: Observations; readonly diagnosis: Diagnosis }> => {
  const seen = await observe(examination)
  return { seen, diagnosis: diagnosisOf(seen) }
}
