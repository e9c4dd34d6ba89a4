/** A response, with headers that clients do not expose. */
export interface SeenAnswer {
  readonly method: string
  readonly path: string
  readonly status: number
  /** The `Set-Cookie` headers, attributes included. */
  readonly cookies: readonly string[]
  /** The JWT in the header `set-auth-jwt`. */
  readonly jwt: string | null
}

/** A `fetch` that, like a page's, sends the origin and keeps cookies. */
export interface CookieJar {
  readonly fetch: typeof fetch
  /** The responses so far, oldest first. */
  readonly answers: readonly SeenAnswer[]
}

/** Returns an empty jar for a page on `origin` that uses a single auth service. */
export const createCookieJar = (origin: string): CookieJar => {
  // The jar may replace the global fetch.
  const send = globalThis.fetch
  const cookies = new Map<string, string>()
  const answers: SeenAnswer[] = []
  const storeCookie = (header: string): void => {
    const [pair = '', ...attributes] = header.split(/; */)
    const name = pair.slice(0, pair.indexOf('='))
    if (attributes.includes('Max-Age=0')) cookies.delete(name)
    else cookies.set(name, pair)
  }
  return {
    answers,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      request.headers.set('origin', origin)
      request.headers.set('sec-fetch-mode', 'cors')
      if (cookies.size > 0) request.headers.set('cookie', [...cookies.values()].join('; '))
      const response = await send(request)
      const { pathname } = new URL(request.url)
      const setCookies = response.headers.getSetCookie()
      setCookies.forEach(storeCookie)
      answers.push({
        method: request.method,
        path: pathname,
        status: response.status,
        cookies: setCookies,
        jwt: response.headers.get('set-auth-jwt'),
      })
      return response
    },
  }
}
