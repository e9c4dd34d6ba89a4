import { oneLine } from '../core/text.ts'
import { isLoopback } from './loopback.ts'

/** The trusted domains that a text asks for, and one sentence for each part that is none. */
export interface ParsedDomains {
  /** Origins (`https://pr-7.example.com`), each once, in the order given. */
  readonly domains: string[]
  readonly faults: string[]
}

const withSchemeOf = (text: string): string => (text.includes('://') ? text : `https://${text}`)

const parseUrl = (text: string): URL => {
  const withScheme = withSchemeOf(text)
  if (/\s/.test(text)) throw new Error('it holds white space')
  // `mailto:x`, `javascript:x` and `myapp:` are schemes; in `example.com:8443` the colon leads a port.
  if (withScheme !== text && /^[a-z][a-z0-9+.-]*:(?!\d+([/?#]|$))/i.test(text)) {
    throw new Error('only https:// origins can be trusted (and http:// on localhost)')
  }
  try {
    return new URL(withScheme)
  } catch {
    throw new Error('this is not a URL or host name')
  }
}

/** The host's labels; one dot at the end, the root's, says the same host and goes. */
const labelsOf = (url: URL): string[] => url.hostname.replace(/\.$/, '').split('.')

// `https://$PREVIEW_URL` is a URL, too: a variable that nobody filled in, and no site of anybody's.
const HOST = /^(\[[\da-f:.]+\]|[a-z\d._*-]+)$/

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
  if (url.username || url.password || /^[^/?#]*:\/\/[^/?#\\]*@/.test(withSchemeOf(text))) {
    throw new Error('it holds a user name or password, which an origin never has')
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new Error('http:// can be trusted on localhost only, use https://')
  }
  if (!HOST.test(url.hostname)) throw new Error('its host name holds characters that none has')
  if (labelsOf(url).includes('')) throw new Error('its host name has an empty part')
  if (url.hostname.includes('*') && !isLoopback(url.hostname)) {
    const { refuseWildcard } = await import('./wildcards.ts')
    refuseWildcard(url.hostname)
  }
  return withoutTrailingDot(url)
}

/** A URL that was refused, on one line and without what may be a password in it. */
export const shownUrl = (text: string): string =>
  oneLine(text.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1***@'), 200)

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
      faults.push(`"${shownUrl(part)}": ${(error as Error).message}`)
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
export const sampleOrigin = (domain: string): string => domain.replace(/\*+/g, 'neon-auth-sample')
