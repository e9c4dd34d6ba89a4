import { oneLine } from '../core/text.ts'
import { siteOf } from '../domains/domain-ownership.ts'
import { findConsole } from '../domains/platform-hosts.ts'
import { type HttpResponse, isSuccess, jsonFields, type Send } from '../network/messages.ts'
import { authUrlsIn, mergeFound } from './auth-urls.ts'
import type { AppProxy, PreviewObservation } from './observations.ts'
import { reading } from './read-branch.ts'

/** What reading a preview needs. */
export interface PreviewAccess {
  /** Sends a request once, without following redirects. */
  readonly send: Send
  /** Whether the doctor may send requests to an origin. Any other origin is reported and not read. */
  readonly mayRead: (origin: string) => boolean
  /** The auth URL of this branch. Absent if it has none. */
  readonly baseUrl?: string
  /** More auth URLs to look for, such as the parent branch's. */
  readonly knownUrls: readonly string[]
}

const MAX_REDIRECTS = 5
const MAX_SCRIPTS = 20
const MAX_BYTES = 2_000_000

/** Hosts where platforms ask for a login before they show a preview. */
const LOGIN_HOST = /(^|\.)(cloudflareaccess\.com|okta\.com)$/

const isLogin = ({ hostname }: URL): boolean =>
  findConsole(hostname) !== undefined || LOGIN_HOST.test(hostname)

/** Returns how messages name a URL: without its query, which may hold a token. */
const named = ({ origin, pathname }: URL): string => oneLine(`${origin}${pathname}`, 200)

/** Sends a plain GET, as a browser without cookies does. */
const get = (url: URL, accept: string, { send }: PreviewAccess): Promise<HttpResponse> =>
  send({
    method: 'GET',
    url: url.href,
    path: named(url),
    headers: { accept },
    maxBytes: MAX_BYTES,
  })

/** Why there is no page to look at. */
type NoPage = Extract<PreviewObservation['page'], { unread: string }>

type Followed = Pick<PreviewObservation, 'redirects'> &
  ({ readonly url: URL; readonly html: string } | NoPage)

const refusal = (url: URL, { status }: HttpResponse): NoPage => ({
  unread: `GET ${named(url)} answered ${status}`,
  obstacle: status === 401 || status === 403 ? 'login' : 'other',
})

/** Follows redirects by hand, but only to origins that may be read. */
const follow = async (origin: string, access: PreviewAccess): Promise<Followed> => {
  const redirects: string[] = []
  let url = new URL(`${origin}/`)
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const from = url
    const got = await reading(() => get(from, 'text/html', access))
    if ('unread' in got) return { redirects, unread: got.unread, obstacle: 'other' }
    const { value: response } = got
    if (isSuccess(response)) return { redirects, url, html: response.text }
    const { location } = response.headers
    const next = location === undefined ? null : URL.parse(location, url.href)
    if (response.status < 300 || response.status > 399 || !next)
      return { redirects, ...refusal(url, response) }
    const where = `GET ${named(url)} redirects to ${named(next)}`
    // An app or a mail program, which has no origin.
    if (!/^https?:$/.test(next.protocol))
      return {
        redirects,
        unread: `${named(url)} redirects to ${oneLine(next.protocol, 50)}`,
        obstacle: 'other',
      }
    if (isLogin(next)) return { redirects, unread: where, obstacle: 'login' }
    if (next.origin !== origin && !redirects.includes(next.origin)) redirects.push(next.origin)
    if (!access.mayRead(next.origin)) return { redirects, unread: where, obstacle: 'redirect' }
    url = next
  }
  return { redirects, unread: `it redirects more than ${MAX_REDIRECTS} times`, obstacle: 'other' }
}

const SOURCES = [
  /<script\b[^>]*?\bsrc\s*=\s*["']?([^"'\s>]+)/gi,
  /<link\b[^>]*?\brel\s*=\s*["']?modulepreload\b[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)/gi,
]

/** Returns the scripts of a page that are on its own origin, each once. */
const scriptsOf = (html: string, page: URL): URL[] => {
  const sources = SOURCES.flatMap((pattern) =>
    [...html.matchAll(pattern)].map(([, src = '']) => src),
  )
  const urls = sources.flatMap((src) => URL.parse(src.replaceAll('&amp;', '&'), page.href) ?? [])
  const own = urls.filter((url) => url.origin === page.origin)
  return [...new Map(own.map((url) => [url.href, url])).values()]
}

const readPage = async (
  { url, html }: { readonly url: URL; readonly html: string },
  access: PreviewAccess,
): Promise<PreviewObservation['page']> => {
  const known = [...(access.baseUrl ? [access.baseUrl] : []), ...access.knownUrls]
  const all = scriptsOf(html, url)
  const chosen = all.slice(0, MAX_SCRIPTS)
  const scripts = await Promise.all(chosen.map((one) => reading(() => get(one, '*/*', access))))
  const texts = scripts.flatMap((script) =>
    'value' in script && isSuccess(script.value) ? [script.value.text] : [],
  )
  return {
    value: {
      found: mergeFound([html, ...texts].map((text) => authUrlsIn(text, known))),
      scripts: { read: texts.length, all: all.length },
    },
  }
}

/** Where Neon's SDK for Next.js passes auth requests on (https://neon.com/docs/auth/reference/nextjs-server). */
const PROXY_PATH = '/api/auth/get-session'

/** How the SDK says that the auth service did not answer, or that it failed itself. */
const PROXY_ERROR = /^(NETWORK_[A-Z]+|INTERNAL_ERROR)$/

/** Whether a body is what the auth service answers without a cookie, or a session. */
const isSession = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text)
    return value === null || (typeof value === 'object' && 'session' in value)
  } catch {
    return false
  }
}

const askProxy = async (origin: string, access: PreviewAccess): Promise<AppProxy> => {
  const url = new URL(PROXY_PATH, origin)
  const got = await reading(() => get(url, 'application/json', access))
  if ('unread' in got) return 'none'
  const { value: response } = got
  // Frameworks answer unknown paths with a page, and other backends with their own JSON.
  if (isSuccess(response)) return isSession(response.text) ? 'works' : 'none'
  const { code, error, message } = jsonFields(response)
  if (response.status < 500 || typeof code !== 'string' || !PROXY_ERROR.test(code)) return 'none'
  const said = [code, message ?? error].filter((part) => typeof part === 'string').join(' ')
  return { fails: `GET ${named(url)} answered ${response.status} ${said}`.trim() }
}

/**
 * Reads what a preview serves: its page, the scripts of its own origin, and whether it passes auth requests
 * on. Sends plain GET requests without key or cookie, at most 2 MB each, and only to origins that
 * `mayRead` allows. Redirects to others are reported. Throws only if the run ends.
 */
export const readPreview = async (
  origin: string,
  access: PreviewAccess,
): Promise<PreviewObservation> => {
  const { redirects, ...followed } = await follow(origin, access)
  const isPage = 'url' in followed
  const [page, proxy] = isPage
    ? await Promise.all([readPage(followed, access), askProxy(followed.url.origin, access)])
    : ([followed, 'none'] as const)
  const { baseUrl } = access
  const isCrossSite = baseUrl !== undefined && siteOf(origin) !== siteOf(baseUrl)
  return { origin, redirects, page, proxy, isCrossSite }
}
