import { oneLine } from '../action/text.ts'

/** The trusted domains that a text asks for, and one sentence for each part that is none. */
export interface ParsedDomains {
  /** Origins (`https://pr-7.example.com`), each once, in the order given. */
  readonly domains: string[]
  readonly faults: string[]
}

const LOOPBACK_V4 = /^127(\.\d{1,3}){3}$/

/** Whether a URL's hostname is this machine itself: `localhost`, `*.localhost`, 127/8 or `[::1]`. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  LOOPBACK_V4.test(hostname)

const parseUrl = (text: string): URL => {
  const withScheme = text.includes('://') ? text : `https://${text}`
  // `mailto:x`, `javascript:x` and `myapp:` are schemes; in `example.com:8443` the colon leads a port.
  if (withScheme !== text && /^[a-z][a-z0-9+.-]*:(?!\d+(\/|$))/i.test(text)) {
    throw new Error('only https:// origins can be trusted (and http:// on localhost)')
  }
  try {
    return new URL(withScheme)
  } catch {
    throw new Error('this is not a URL or host name')
  }
}

const withoutTrailingDot = (url: URL): string => url.origin.replace(/\.(?=(:\d+)?$)/, '')

/**
 * The origin that a browser on `text` sends, which is what Neon compares exactly: lower case, no
 * default port, no path; international names in punycode. A bare host gets `https://`.
 *
 * A wildcard (`https://*.my-app.vercel.app`) must have a fixed part of its own. Better Auth lets
 * `*` match dots too, so one over a public suffix alone would trust every site on that host.
 *
 * Throws an `Error` whose message says in a few words why `text` cannot be trusted.
 */
export const parseDomain = async (text: string): Promise<string> => {
  const url = parseUrl(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new Error(`${url.protocol}// cannot be trusted, only https:// (and http:// on localhost)`)
  }
  if (url.username || url.password || /^[^/?#]*:\/\/[^/?#\\]*@/.test(text)) {
    throw new Error('it holds a user name or password, which an origin never has')
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new Error('http:// can be trusted on localhost only, use https://')
  }
  if (/[*?]/.test(url.hostname) && !isLoopback(url.hostname)) {
    const { refuseWildcard } = await import('./wildcards.ts')
    refuseWildcard(url.hostname)
  }
  return withoutTrailingDot(url)
}

const shown = (text: string): string => oneLine(text.replace(/[^/\s]*@/, '***@'), 200)

/**
 * Parses a list of domains, one per line or separated by commas, all at once: every fault is
 * reported, not only the first. Never throws.
 */
export const parseDomains = async (text: string): Promise<ParsedDomains> => {
  const domains = new Set<string>()
  const faults: string[] = []
  const parts = text
    .split(/[\n,]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  for (const part of parts) {
    try {
      domains.add(await parseDomain(part))
    } catch (error) {
      faults.push(`"${shown(part)}": ${(error as Error).message}`)
    }
  }
  return { domains: [...domains], faults }
}

/**
 * An entry of Neon's list, which stores what it was given, as the origin it was meant to be; the
 * entry itself when it is none (an app's own scheme, say). Never throws.
 */
export const originOf = (entry: string): string => {
  try {
    const { origin } = new URL(entry)
    return origin === 'null' ? entry : origin
  } catch {
    return entry
  }
}

/** A host that a wildcard origin covers, to ask the auth service with; itself where there is no `*`. */
export const sampleOrigin = (domain: string): string => domain.replace(/[*?]+/g, 'neon-auth-sample')
