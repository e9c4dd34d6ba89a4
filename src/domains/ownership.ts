import { parse } from 'tldts'

/**
 * Suffixes under which anyone can register a name, or read another's files by path, and that the
 * Public Suffix List does not contain. `*.` stands for one label, such as a region.
 */
const MORE_SUFFIXES = [
  '*.azurecontainerapps.io',
  '*.devtunnels.ms',
  '*.gitpod.io',
  '*.scalingo.io',
  'app.github.dev',
  'chromatic.com',
  'codesandbox.io',
  'edgeone.app',
  'firebasestorage.googleapis.com',
  'genezio.app',
  'glitch.me',
  'gradio.live',
  'hostingersite.com',
  'kinsta.app',
  'koyeb.app',
  'lhr.life',
  'loca.lt',
  'nip.io',
  'serveo.net',
  'sevalla.app',
  'sslip.io',
  'stackblitz.io',
  'storage.cloud.google.com',
  'storage.googleapis.com',
  'stormkit.dev',
  'traefik.me',
  'webcontainer.io',
]

/**
 * Returns the site of an origin as browsers see it: its scheme, and the registrable domain of its host
 * or, if it has none, the host (https://html.spec.whatwg.org/multipage/browsers.html#sites).
 */
export const siteOf = (origin: string): string => {
  const { protocol, hostname } = new URL(origin)
  const { domain } = parse(hostname, { allowPrivateDomains: true, validateHostname: false })
  return `${protocol}//${domain ?? hostname}`
}

/** Who can own names around a host. */
export interface Ownership {
  /** The part under which anyone can register names: `co.uk`, `vercel.app`. */
  readonly suffix: string
  /** The part that one person owns: `example.co.uk`. Absent: the host is a suffix itself. */
  readonly registrable?: string
  /** Where the suffix comes from: `none` if no list contains it, as for `intranet` and `x.internal`. */
  readonly kind: 'registry' | 'platform' | 'none'
}

const lastLabels = (labels: readonly string[], count: number): string =>
  labels.slice(labels.length - count).join('.')

const inMoreSuffixes = (hostname: string): Ownership | undefined => {
  const found = MORE_SUFFIXES.find((suffix) => {
    const fixed = suffix.replace('*.', '')
    return hostname === fixed || hostname.endsWith(`.${fixed}`)
  })
  if (found === undefined) return undefined
  const labels = hostname.split('.')
  const count = Math.min(found.split('.').length, labels.length)
  return {
    suffix: lastLabels(labels, count),
    kind: 'platform',
    ...(labels.length > count && { registrable: lastLabels(labels, count + 1) }),
  }
}

/**
 * Returns who can own names around a host (lower case, no IP address), according to the Public
 * Suffix List (https://publicsuffix.org), including its private section. Import this module lazily:
 * the list is a tenth of the bundle.
 */
export const ownershipOf = (hostname: string): Ownership => {
  const extra = inMoreSuffixes(hostname)
  if (extra) return extra
  const { domain, publicSuffix, isIcann, isPrivate } = parse(hostname, {
    allowPrivateDomains: true,
    validateHostname: false,
  })
  return {
    suffix: publicSuffix ?? hostname,
    kind: isPrivate ? 'platform' : isIcann ? 'registry' : 'none',
    ...(domain !== null && { registrable: domain }),
  }
}
