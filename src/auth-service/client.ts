import { nonEmptyString } from '../core/text.ts'
import type { RequestName } from '../network/errors.ts'
import type { HttpRequest, Send } from '../network/messages.ts'
import { readResponse, type ServiceResponse } from './response.ts'

/** A user's credentials, and the origin of the request. */
export interface Credentials {
  readonly email: string
  readonly password: string
  readonly origin: string
}

/** The response to a sign-up or sign-in. */
export interface UserResponse extends ServiceResponse {
  /** The ID of the user in the response. Absent if there is none. */
  readonly userId?: string
  /**
   * Whether the service opened a session. A sign-up without a session proves nothing: if verification is
   * required, Better Auth answers the sign-up of an existing email with an invented user.
   */
  readonly hasSession: boolean
  /** The age of the user's account, in ms. Absent if the response does not show it. */
  readonly userAgeMs?: number
}

/**
 * The part of a branch's own auth service (Better Auth) that this action uses. Methods return responses
 * with any status, and throw `LostResponseError` if `send` loses the response. They follow no redirect and
 * never send the Neon API key.
 * https://www.better-auth.com/docs/reference
 */
export interface AuthService {
  /** Sends `GET /ok`, the health check. */
  checkHealth(): Promise<ServiceResponse>
  /** Fetches the JWKS. `keys` is empty if the response has none. */
  fetchJwks(): Promise<ServiceResponse & { readonly keys: readonly unknown[] }>
  /**
   * Checks whether the service accepts requests from `origin`. Sends a sign-out with a meaningless cookie, which
   * ends no session. If a request carries any cookie, Better Auth checks the origin before the session. (A sign-in
   * with made-up credentials would also work, but only 3 are allowed in 10 seconds.)
   */
  probeOrigin(origin: string): Promise<ServiceResponse>
  signUp(user: Credentials & { readonly name: string }): Promise<UserResponse>
  signIn(user: Credentials): Promise<UserResponse>
  /**
   * Starts a sign-in with an OAuth provider and the callback URL `origin`. The response has the URL of the
   * provider's page as `url`. The client does not request that page.
   */
  startSocialSignIn(start: {
    readonly provider: string
    readonly origin: string
  }): Promise<ServiceResponse>
  /** Fetches the session and the user of a cookie. The body is `null` if there is no session. */
  fetchSession(headers: SessionHeaders): Promise<ServiceResponse>
  /** Fetches a JWT for the session of a cookie. */
  fetchToken(headers: SessionHeaders): Promise<ServiceResponse>
}

/** The headers that identify a session and the origin of the request. */
export interface SessionHeaders {
  /** The text of a `Cookie` header. */
  readonly cookie: string
  readonly origin: string
}

const toUserResponse = (response: ServiceResponse): UserResponse => {
  const { user, token } = response.ok ? response.fields : {}
  const { id, createdAt } = (user ?? {}) as { id?: unknown; createdAt?: unknown }
  const userId = nonEmptyString(id)
  // Both times come from the service, so the runner's clock does not matter.
  const userAgeMs = (response.respondedAt ?? Number.NaN) - Date.parse(String(createdAt))
  return {
    ...response,
    ...(userId && { userId }),
    ...(!Number.isNaN(userAgeMs) && { userAgeMs }),
    hasSession: nonEmptyString(token) !== undefined,
  }
}

/** Returns the headers that a browser sends. Without them, Better Auth may skip the origin check. */
const browserHeaders = (origin: string): Record<string, string> => ({
  origin,
  'content-type': 'application/json',
  'sec-fetch-mode': 'cors',
})

const withoutTrailingSlash = (url: string): string => url.replace(/\/+$/, '')

/** Returns the URL that an OAuth provider redirects to. It must be registered with the provider's OAuth app. */
export const callbackUrl = (baseUrl: string, provider: string): string =>
  `${withoutTrailingSlash(baseUrl)}/callback/${provider}`

/** Creates a client for a branch's auth service. `send` decides whether requests are retried. */
export const createAuthService = (
  send: Send,
  { baseUrl, jwksUrl }: { readonly baseUrl: string; readonly jwksUrl: string },
): AuthService => {
  const base = withoutTrailingSlash(baseUrl)
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
    checkHealth: () => get(`${base}/ok`),
    async fetchJwks() {
      const response = await get(jwksUrl)
      const { keys } = response.fields
      return { ...response, keys: response.ok && Array.isArray(keys) ? keys : [] }
    },
    probeOrigin: (origin) =>
      post('/sign-out', {}, { ...browserHeaders(origin), cookie: 'neon-auth-preview-action=none' }),
    signUp: async ({ origin, email, password, name }) =>
      toUserResponse(
        await post('/sign-up/email', { email, password, name }, browserHeaders(origin)),
      ),
    signIn: async ({ origin, email, password }) =>
      toUserResponse(await post('/sign-in/email', { email, password }, browserHeaders(origin))),
    startSocialSignIn: ({ provider, origin }) =>
      post(
        '/sign-in/social',
        { provider, callbackURL: origin, disableRedirect: true },
        browserHeaders(origin),
      ),
    fetchSession: (headers) => get(`${base}/get-session`, { ...headers }),
    fetchToken: (headers) => get(`${base}/token`, { ...headers }),
  }
}
