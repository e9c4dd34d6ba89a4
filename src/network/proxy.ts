import { checkBypass, getProxyUrl } from '@actions/http-client/lib/proxy'
import { LostResponseError } from './errors.ts'
import type { HttpRequest } from './messages.ts'

/** The environment variables for a proxy, in the order in which the runner's toolkit reads them. */
const HTTPS = ['https_proxy', 'HTTPS_PROXY'] as const
const HTTP = ['http_proxy', 'HTTP_PROXY'] as const

/**
 * Adds `http://` to proxies without a scheme, such as `proxy.example:3128`, as curl does
 * (https://everything.curl.dev/usingcurl/proxies/type.html). Otherwise, the toolkit would read the host as a
 * scheme, and requests would silently bypass the proxy. Modifies `env`.
 */
export const completeProxies = (env: NodeJS.ProcessEnv): void => {
  for (const name of [...HTTPS, ...HTTP]) {
    const value = env[name]?.trim()
    if (value && !value.includes('://')) env[name] = `http://${value.replace(/^\/+/, '')}`
  }
}

const isUsable = (proxy: string): boolean => {
  if (!URL.canParse(proxy)) return false
  const { protocol, username, password } = new URL(proxy)
  try {
    decodeURIComponent(`${username}${password}`)
  } catch {
    return false
  }
  return protocol === 'http:' || protocol === 'https:'
}

/**
 * Throws {@link LostResponseError} if a request needs a proxy that this action does not support, such as
 * `socks5://…`. The error does not show the proxy's URL, because that may contain a password.
 */
export const checkProxy = (request: HttpRequest, env: NodeJS.ProcessEnv): void => {
  const url = new URL(request.url)
  const names = url.protocol === 'https:' ? HTTPS : HTTP
  const name = names.find((variable) => env[variable])
  const proxy = name && env[name]
  if (!proxy || isUsable(proxy) || checkBypass(url)) return
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(proxy)?.[0]
  const message = `the proxy in ${name}${scheme ? ` (${scheme}…)` : ''} is not supported`
  throw new LostResponseError(request, message, undefined, {
    why: 'only HTTP proxies work (http:// or https://), not SOCKS, and special characters in the user name and password must be percent-encoded',
    fix: `set ${name} to http://host:port or http://user:password@host:port, or list ${url.hostname} in NO_PROXY if the runner reaches it directly`,
    isPermanent: true,
  })
}

/**
 * Returns the proxy for a URL according to the environment, or `undefined`. Chooses as the runner's toolkit
 * does, and decodes the user name and password.
 */
export const findProxy = (url: URL): URL | undefined => {
  const proxy = getProxyUrl(url)
  return proxy?.hostname ? proxy : undefined
}
