import type { RequestName } from '../network/errors.ts'
import type { HttpRequest, Send } from '../network/messages.ts'
import { readResponse, type ServiceResponse } from './response.ts'

/** A user's credentials, and the origin of the request. */
export interface Credentials {
  readonly email: string
  readonly password: string
  readonly origin: string
}

/** A response to a sign-up or sign-in. */
export interface UserResponse extends ServiceResponse {
  /** The user's ID; absent if the response has none, so nobody signed up or in. */
  readonly userId?: string
  /**
   * Whether a session was opened. A sign-up without one proves nothing: if verification is required,
   * Better Auth answers the sign-up of a taken email with an invented user.
   */
  readonly session: boolean
}

/**
 * The part of a branch's own auth service (Better Auth) that this action uses. Responses of every
 * status are returned. Methods throw `LostResponseError` if there is no response. Redirects are not
 * followed, and no request carries the Neon API key.
 * https://www.better-auth.com/docs/reference
 */
export interface AuthService {
  /** `GET /ok`. */
  isAlive(): Promise<ServiceResponse>
  /** The key set: its keys, and their number. */
  keys(): Promise<ServiceResponse & { readonly keys: readonly unknown[]; readonly count: number }>
  /**
   * Checks whether the service accepts requests from `origin`. Better Auth checks the origin of a
   * request that carries a cookie, any cookie, before the session, so a sign-out with a
   * meaningless cookie answers the question and ends no session. (A made-up sign-in would too, but is
   * limited to 3 in 10 seconds.)
   */
  probeOrigin(origin: string): Promise<ServiceResponse>
  signUp(user: Credentials & { readonly name: string }): Promise<UserResponse>
  signIn(user: Credentials): Promise<UserResponse>
  /**
   * Starts a sign-in with an OAuth provider that returns to `origin`, and does not follow it. The
   * response names the provider's page as `url`.
   */
  startSocialSignIn(start: {
    readonly provider: string
    readonly origin: string
  }): Promise<ServiceResponse>
  /** `GET /get-session` with a `Cookie` header: the session and its user, `null` without one. */
  session(by: SessionHeaders): Promise<ServiceResponse>
  /** `GET /token` with a `Cookie` header: a JWT for the session. */
  token(by: SessionHeaders): Promise<ServiceResponse>
}

/** What identifies a session, and the origin of the request. */
export interface SessionHeaders {
  /** The text of a `Cookie` header. */
  readonly cookie: string
  readonly origin: string
}

const withUser = (response: ServiceResponse): UserResponse => {
  const { user, token } = response.fields
  const id = (user as { id?: unknown } | null | undefined)?.id
  return {
    ...response,
    ...(response.ok && typeof id === 'string' && id !== '' && { userId: id }),
    session: response.ok && typeof token === 'string' && token !== '',
  }
}

/** The headers of a browser, without which Better Auth may not check the origin. */
const browserHeaders = (origin: string): Record<string, string> => ({
  origin,
  'content-type': 'application/json',
  'sec-fetch-mode': 'cors',
})

/** Creates a client for a branch's auth service that sends requests once or with retries. */
export const createAuthService = (
  send: Send,
  { baseUrl, jwksUrl }: { readonly baseUrl: string; readonly jwksUrl: string },
): AuthService => {
  const base = baseUrl.replace(/\/+$/, '')
  const sendRequest = async (request: Omit<HttpRequest, 'path'>): Promise<ServiceResponse> => {
    const name: RequestName = { method: request.method, path: request.url }
    return readResponse(name, await send({ ...request, path: request.url }))
  }
  const get = (url: string, headers: Record<string, string> = {}): Promise<ServiceResponse> =>
    sendRequest({ method: 'GET', url, headers })
  const post = (
    path: string,
    body: object,
    headers: Record<string, string>,
  ): Promise<ServiceResponse> =>
    sendRequest({ method: 'POST', url: `${base}${path}`, headers, body: JSON.stringify(body) })
  return {
    isAlive: () => get(`${base}/ok`),
    async keys() {
      const response = await get(jwksUrl)
      const listed = response.fields['keys']
      const keys: readonly unknown[] = response.ok && Array.isArray(listed) ? listed : []
      return { ...response, keys, count: keys.length }
    },
    probeOrigin: (origin) =>
      post('/sign-out', {}, { ...browserHeaders(origin), cookie: 'neon-auth-preview-action=none' }),
    signUp: async ({ origin, email, password, name }) =>
      withUser(await post('/sign-up/email', { email, password, name }, browserHeaders(origin))),
    signIn: async ({ origin, email, password }) =>
      withUser(await post('/sign-in/email', { email, password }, browserHeaders(origin))),
    startSocialSignIn: ({ provider, origin }) =>
      post(
        '/sign-in/social',
        { provider, callbackURL: origin, disableRedirect: true },
        browserHeaders(origin),
      ),
    session: (by) => get(`${base}/get-session`, { ...by }),
    token: (by) => get(`${base}/token`, { ...by }),
  }
}
