import { parse } from 'tldts'

/**
 * Suffixes that are missing from the Public Suffix List. Anyone can register a name under them, or publish
 * files on the same host. `*.` matches one label, such as a region.
 */
const EXTRA_SUFFIXES = [
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
 * Returns the site of an origin as browsers define it: its scheme and its host's registrable domain. If the
 * host has none, the site has the whole host (https://html.spec.whatwg.org/multipage/browsers.html#sites).
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
  /** The part that one person owns: `example.co.uk`. Absent if the host is itself a suffix. */
  readonly registrable?: string
  /** The source of the suffix. `none` if no list contains it, as for `intranet` and `x.internal`. */
  readonly kind: 'registry' | 'platform' | 'none'
}

const lastLabels = (labels: readonly string[], count: number): string =>
  labels.slice(labels.length - count).join('.')

const ownershipByExtraSuffix = (hostname: string): Ownership | undefined => {
  const suffix = EXTRA_SUFFIXES.find((listed) => {
    const fixed = listed.replace('*.', '')
    return hostname === fixed || hostname.endsWith(`.${fixed}`)
  })
  if (suffix === undefined) return undefined
  const labels = hostname.split('.')
  const count = Math.min(suffix.split('.').length, labels.length)
  return {
    suffix: lastLabels(labels, count),
    kind: 'platform',
    ...(labels.length > count && { registrable: lastLabels(labels, count + 1) }),
  }
}

/**
 * Returns who can own names around a host, according to the Public Suffix List (https://publicsuffix.org) and
 * its private section. `hostname` is in lower case and not an IP address. Import this module lazily: the list
 * is a tenth of the bundle.
 */
export const ownershipOf = (hostname: string): Ownership => {
  const extra = ownershipByExtraSuffix(hostname)
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

/** How far a wildcard reaches. */
export type WildcardReach =
  /** Only names that the owner of the fixed part controls. */
  | { readonly kind: 'own' }
  /** Also names on a platform that anyone can register, such as `my-app-evil.vercel.app`. */
  | { readonly kind: 'shared'; readonly suffix: string }
  /** Every site under `suffix`, or every site on the internet (`''`). */
  | { readonly kind: 'everyone'; readonly suffix: string }

/** The minimum number of fixed characters in a label with a wildcard. Too many names match `a*`. */
const MIN_FIXED_CHARACTERS = 3

/**
 * Returns how far a hostname (in lower case, with at least one `*`) reaches. Below a registrable domain, a
 * wildcard is the user's own: `*.preview.example.com`, `*.my-app.vercel.app`. In the registrable label
 * itself, it is shared: `my-app-*.vercel.app` also matches a name that a stranger registers. Better Auth's
 * `*` matches dots too
 * (https://github.com/better-auth/better-auth/blob/main/packages/better-auth/src/utils/wildcard.ts).
 */
export const wildcardReach = (hostname: string): WildcardReach => {
  const labels = hostname.split('.')
  const wildcardIndex = labels.findLastIndex((label) => label.includes('*'))
  const fixed = labels.slice(wildcardIndex + 1).join('.')
  // The sample needs two labels, because the list itself contains wildcards, such as `*.ck`.
  const { registrable, suffix, kind } = ownershipOf(`a.b.${fixed}`)
  if (registrable !== undefined && registrable.length <= fixed.length) return { kind: 'own' }
  const fixedCharacterCount = (labels[wildcardIndex] ?? '').replace(/[^a-z\d]/g, '').length
  return fixed === suffix && kind === 'platform' && fixedCharacterCount >= MIN_FIXED_CHARACTERS
    ? { kind: 'shared', suffix }
    : { kind: 'everyone', suffix: fixed }
}
