import { nonEmptyString, oneLine } from '../core/text.ts'
import { siteOf } from '../domains/domain-ownership.ts'
import { findConsole } from '../domains/platform-hosts.ts'
import { type HttpResponse, isSuccess, jsonFields, type Send } from '../network/messages.ts'
import { authUrlsIn, mergeAuthUrls } from './auth-urls.ts'
import type { AppProxy, PreviewObservation } from './observations.ts'
import { tryRead } from './read-branch.ts'

/** The dependencies for reading a preview. */
export interface PreviewAccess {
  /** Sends a request once, without following redirects. */
  readonly send: Send
  /**
   * Returns whether the doctor may send requests to an origin. It reports other origins without reading
   * them.
   */
  readonly mayRead: (origin: string) => boolean
  /** The auth URL of this branch. Absent if it has none. */
  readonly baseUrl?: string
  /** More auth URLs to look for, such as the parent branch's. */
  readonly knownUrls: readonly string[]
}

const MAX_REDIRECTS = 5
const MAX_SCRIPTS = 20
const MAX_BYTES = 2_000_000

/** Matches hosts that ask for a login before they show a preview. */
const LOGIN_HOST = /(^|\.)(cloudflareaccess\.com|okta\.com)$/

const isLogin = ({ hostname }: URL): boolean =>
  findConsole(hostname) !== undefined || LOGIN_HOST.test(hostname)

/** Returns a URL for messages. Omits its query, because that may contain a token. */
const displayUrl = ({ origin, pathname }: URL): string => oneLine(`${origin}${pathname}`, 200)

/** Sends a GET request without cookies. */
const get = (url: URL, accept: string, { send }: PreviewAccess): Promise<HttpResponse> =>
  send({
    method: 'GET',
    url: url.href,
    path: displayUrl(url),
    headers: { accept },
    maxBytes: MAX_BYTES,
  })

/** Why a page could not be read. */
type UnreadPage = Extract<PreviewObservation['page'], { failure: string }>

interface FrontPage {
  readonly url: URL
  readonly html: string
}

const refusedPage = (url: URL, { status }: HttpResponse): UnreadPage => ({
  failure: `GET ${displayUrl(url)} answered ${status}`,
  obstacle: status === 401 || status === 403 ? 'login' : 'other',
})

/** Requests the front page. Follows redirects to origins that `mayRead` allows. */
const fetchFrontPage = async (
  origin: string,
  access: PreviewAccess,
): Promise<Pick<PreviewObservation, 'redirects'> & (FrontPage | UnreadPage)> => {
  const redirects: string[] = []
  let url = new URL(`${origin}/`)
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const from = url
    const result = await tryRead(() => get(from, 'text/html', access))
    if ('failure' in result) return { redirects, failure: result.failure, obstacle: 'other' }
    const { value: response } = result
    if (isSuccess(response)) return { redirects, url, html: response.text }
    const { location } = response.headers
    const next = location === undefined ? null : URL.parse(location, url.href)
    if (response.status < 300 || response.status > 399 || !next)
      return { redirects, ...refusedPage(url, response) }
    // The redirect opens an app, such as a mail client.
    if (!['http:', 'https:'].includes(next.protocol))
      return {
        redirects,
        failure: `${displayUrl(url)} redirects to ${oneLine(next.protocol, 50)}`,
        obstacle: 'other',
      }
    const failure = `GET ${displayUrl(url)} redirects to ${displayUrl(next)}`
    if (isLogin(next)) return { redirects, failure, obstacle: 'login' }
    if (next.origin !== origin && !redirects.includes(next.origin)) redirects.push(next.origin)
    if (!access.mayRead(next.origin)) return { redirects, failure, obstacle: 'redirect' }
    url = next
  }
  const failure = `the page redirects more than ${MAX_REDIRECTS} times`
  return { redirects, failure, obstacle: 'other' }
}

const SCRIPT_SOURCES = [
  /<script\b[^>]*?\bsrc\s*=\s*["']?([^"'\s>]+)/gi,
  /<link\b[^>]*?\brel\s*=\s*["']?modulepreload\b[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)/gi,
]

/** Returns the URLs of the page's scripts on its own origin, without duplicates. */
const scriptsOf = (html: string, page: URL): URL[] => {
  const sources = SCRIPT_SOURCES.flatMap((pattern) =>
    [...html.matchAll(pattern)].map(([, src = '']) => src),
  )
  const urls = sources.flatMap((src) => URL.parse(src.replaceAll('&amp;', '&'), page.href) ?? [])
  const own = urls.filter((url) => url.origin === page.origin)
  return [...new Map(own.map((url) => [url.href, url])).values()]
}

const readPage = async (
  { url, html }: FrontPage,
  access: PreviewAccess,
): Promise<PreviewObservation['page']> => {
  const knownUrls = [...(access.baseUrl ? [access.baseUrl] : []), ...access.knownUrls]
  const scripts = scriptsOf(html, url)
  const readings = await Promise.all(
    scripts.slice(0, MAX_SCRIPTS).map((script) => tryRead(() => get(script, '*/*', access))),
  )
  const texts = readings.flatMap((reading) =>
    'value' in reading && isSuccess(reading.value) ? [reading.value.text] : [],
  )
  return {
    value: {
      found: mergeAuthUrls([html, ...texts].map((text) => authUrlsIn(text, knownUrls))),
      scripts: { read: texts.length, all: scripts.length },
    },
  }
}

/**
 * The path where Neon's SDK for Next.js proxies sessions
 * (https://neon.com/docs/auth/reference/nextjs-server).
 */
const PROXY_PATH = '/api/auth/get-session'

/** Matches the SDK's codes for "the auth service did not respond" and for a failure of the SDK itself. */
const PROXY_ERROR = /^(NETWORK_[A-Z]+|INTERNAL_ERROR)$/

/** Returns whether a body is a session or `null`, the auth service's response to a request without a cookie. */
const isSession = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text)
    return value === null || (typeof value === 'object' && 'session' in value)
  } catch {
    return false
  }
}

const probeProxy = async (origin: string, access: PreviewAccess): Promise<AppProxy> => {
  const url = new URL(PROXY_PATH, origin)
  const result = await tryRead(() => get(url, 'application/json', access))
  if ('failure' in result) return 'none'
  const { value: response } = result
  // For an unknown path, frameworks return a page, and other backends their own JSON.
  if (isSuccess(response)) return isSession(response.text) ? 'works' : 'none'
  const { code, error, message } = jsonFields(response)
  if (response.status < 500 || typeof code !== 'string' || !PROXY_ERROR.test(code)) return 'none'
  const reason = [code, message ?? error].filter(nonEmptyString).join(' ')
  return { fails: `GET ${displayUrl(url)} answered ${response.status} ${reason}` }
}

/**
 * Reads a preview's page and up to 20 scripts on its own origin, and checks whether it proxies auth requests.
 * Sends GET requests without a key or cookie, and only to `origin` and the origins that `mayRead` allows. Counts
 * a response over 2 MB as unread. Reports redirects to other origins. Throws `RunAborted`.
 */
export const readPreview = async (
  origin: string,
  access: PreviewAccess,
): Promise<PreviewObservation> => {
  const { redirects, ...front } = await fetchFrontPage(origin, access)
  const pageOrigin = 'url' in front ? front.url.origin : origin
  const [page, proxy] =
    'url' in front
      ? await Promise.all([readPage(front, access), probeProxy(pageOrigin, access)])
      : ([front, 'none'] as const)
  const { baseUrl } = access
  const isCrossSite = baseUrl !== undefined && siteOf(pageOrigin) !== siteOf(baseUrl)
  return { origin, redirects, page, proxy, isCrossSite }
}
