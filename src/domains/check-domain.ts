import type { Ownership, WildcardReach } from './domain-ownership.ts'
import { type Entry, entryUrl, splitEntry, textFault } from './entry.ts'
import { hostFault, isIpAddress } from './host.ts'
import { isLoopback } from './loopback.ts'
import { findConsole } from './platform-hosts.ts'

/** Where a domain comes from, and the rules for it. */
export interface DomainContext {
  /** Who names the domain: the workflow or a deployment. */
  readonly source: 'workflow' | 'deployment'
  /** Whether to accept wildcards that also match names that anyone can register. */
  readonly allowSharedWildcards?: boolean
  /** The pull request's head ref, which its author chooses. */
  readonly headRef?: string | undefined
  /** `owner/name` of the repository. */
  readonly repository?: string
  /** The host of GitHub itself. */
  readonly githubHost?: string | undefined
}

declare const checked: unique symbol

/** An origin that {@link checkDomain} accepted. Only a restore trusts other origins. */
export type CheckedOrigin = string & { readonly [checked]: true }

/** Whether a domain can be trusted. Faults and warnings follow the domain and a colon. They have no final period. */
export type DomainVerdict =
  | { readonly origin: CheckedOrigin; readonly warnings: readonly string[] }
  | { readonly fault: string }

/** An entry as a URL, and who owns its host. */
interface Candidate {
  readonly entry: Entry
  readonly url: URL
  /** `url.hostname` without a trailing dot. */
  readonly hostname: string
  /** Absent for a wildcard, and for loopback and IP addresses, which nobody registers. */
  readonly owner?: Ownership
  /** How far the wildcard reaches. Absent without a wildcard, and for loopback. */
  readonly reach?: WildcardReach
}

const EXACT_HOST_ADVICE =
  'Trust the exact host: take it from the deployment (`discover_domains`, or the output of the deploy step), or compute it in the workflow'

const wildcardFault = (
  { hostname, reach }: Candidate,
  { allowSharedWildcards, source }: DomainContext,
): string | undefined => {
  if (source === 'deployment' && hostname.includes('*'))
    return 'it contains a wildcard, which no deployment has'
  if (reach?.kind === 'everyone') {
    const where = reach.suffix === '' ? 'on the internet' : `under ${reach.suffix}, whoever owns it`
    const example = `https://*.my-app.${reach.suffix || 'example.com'}`
    return `it would trust every site ${where}. Give the wildcard a part that is yours, as in ${example}`
  }
  return reach?.kind === 'shared' && !allowSharedWildcards
    ? `anyone can register a name under ${reach.suffix} that matches this wildcard. ${EXACT_HOST_ADVICE} (platforms shorten parts over 63 characters). If the branch has no real users, \`allow_shared_wildcards: true\` accepts it`
    : undefined
}

/** Returns whether the head ref extends past the end of the host, so its author could choose the host. */
const headRefCutsHost = ({ text, end }: Entry, headRef = ''): boolean => {
  const { length } = headRef
  const textAroundEnd = text.slice(Math.max(0, end - length + 1), end + length - 1)
  return length > 0 && textAroundEnd.includes(headRef)
}

const pathFault = (
  { entry, url, hostname }: Candidate,
  { headRef }: DomainContext,
): string | undefined => {
  if (headRefCutsHost(entry, headRef))
    return 'the git branch name contains "/" or "#", which cuts the host short, so anyone who opens a pull request could choose the host. Build the host from the pull request number, or replace such characters in the name first'
  return !hostname.includes('.') && !isIpAddress(hostname) && url.pathname.length > 1
    ? `its host is only "${hostname}"; a template value with a slash, such as the name of a git branch, probably cut it short`
    : undefined
}

const loopbackFault = (
  { url, hostname }: Candidate,
  { source }: DomainContext,
): string | undefined => {
  if (source === 'deployment' && isLoopback(hostname))
    return 'it is the machine that ran the deploy, not a preview. To trust it anyway, add it to `trusted_domains`'
  return url.protocol === 'http:' && !isLoopback(hostname)
    ? 'http:// can be trusted only on localhost. Use https://'
    : undefined
}

const ownerFault = (
  { url, hostname, owner }: Candidate,
  { githubHost, source }: DomainContext,
): string | undefined => {
  const platform = findConsole(hostname, githubHost)
  if (platform !== undefined) {
    const advice =
      source === 'deployment'
        ? 'Pass the URL of the app in `trusted_domains`'
        : 'Pass the URL of the app'
    return `${platform} is a platform's console or a code host, never the preview itself. ${advice}`
  }
  if (!owner) return undefined
  if (owner.kind !== 'none' && owner.registrable === undefined)
    return `${hostname} belongs to everyone who has a site or files there. Use the full host of the preview`
  return owner.kind === 'none' && url.hostname.endsWith('.')
    ? `nothing follows "${url.hostname}"; the template value there was probably empty`
    : undefined
}

const candidateFault = (candidate: Candidate, context: DomainContext): string | undefined => {
  const { hostname, entry, owner } = candidate
  const { headRef, repository } = context
  const names = [headRef, repository].filter((name) => name !== undefined)
  const registeredDomain = owner?.kind === 'registry' ? owner.registrable : undefined
  return (
    hostFault(hostname, entry, { names, registeredDomain }) ??
    loopbackFault(candidate, context) ??
    pathFault(candidate, context) ??
    ownerFault(candidate, context) ??
    wildcardFault(candidate, context)
  )
}

const warningsOf = ({ url, hostname, reach }: Candidate): string[] => {
  const warnings: string[] = []
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    warnings.push(
      `only the origin counts: the path, query, or fragment was dropped, and everything on ${hostname} is trusted`,
    )
  if (!hostname.includes('.') && !isIpAddress(hostname) && !isLoopback(hostname))
    warnings.push(`"${hostname}" has no dot, so it can be reached only on a private network`)
  if (reach?.kind === 'shared')
    warnings.push(
      `anyone can register a name under ${reach.suffix} that matches this wildcard, and sign in to this branch from there. ${EXACT_HOST_ADVICE}`,
    )
  return warnings
}

const findOwnership = async (hostname: string): Promise<Pick<Candidate, 'owner' | 'reach'>> => {
  if (isIpAddress(hostname) || isLoopback(hostname)) return {}
  const { ownershipOf, wildcardReach } = await import('./domain-ownership.ts')
  return hostname.includes('*')
    ? { reach: wildcardReach(hostname) }
    : { owner: ownershipOf(hostname) }
}

/**
 * Checks whether a domain can be trusted. Returns its origin or a fault. Neon compares origins exactly, so the
 * origin is what a browser sends: `new URL(x).origin`, in lower case, with punycode, without a default
 * port, a path, or a trailing dot. A bare host gets `https://`, or `http://` on loopback. Never throws.
 */
export const checkDomain = async (text: string, context: DomainContext): Promise<DomainVerdict> => {
  const entry = splitEntry(text)
  const entryFault = textFault(entry)
  if (entryFault !== undefined) return { fault: entryFault }
  const url = entryUrl(entry)
  if (!url) return { fault: 'this is not a URL or host name' }
  const hostname = url.hostname.replace(/\.$/, '')
  const candidate = { entry, url, hostname, ...(await findOwnership(hostname)) }
  const fault = candidateFault(candidate, context)
  if (fault !== undefined) return { fault }
  return {
    origin: url.origin.replace(/\.(?=(:\d+)?$)/, '') as CheckedOrigin,
    warnings: warningsOf(candidate),
  }
}
