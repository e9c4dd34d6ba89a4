import type { RequestName } from '../network/errors.ts'
import type { HttpRequest, Send } from '../network/messages.ts'
import { readResponse, type ServiceResponse } from './response.ts'

/** Who signs up or in, and from which origin. */
export interface Credentials {
  readonly email: string
  readonly password: string
  readonly origin: string
}

/** An response to a sign-up or sign-in. */
export interface UserResponse extends ServiceResponse {
  /** The user's ID; absent if the response holds none, so nobody signed up or in. */
  readonly userId?: string
  /**
   * Whether a session was opened. A sign-up without one proves nothing: if verification is required,
   * Better Auth answers the sign-up of a taken email with an invented user.
   */
  readonly session: boolean
}

/**
 * The part of a branch's own auth service (Better Auth) that this action uses. Answers of every
 * status are returned; a response that never came throws `LostResponseError`. Redirects are not
 * followed, and no request carries the Neon API key.
 * https://www.better-auth.com/docs/reference
 */
export interface AuthService {
  /** `GET /ok`. */
  isAlive(): Promise<ServiceResponse>
  /** The key set, with the number of keys in it. */
  keys(): Promise<ServiceResponse & { readonly count: number }>
  /**
   * Asks whether the service accepts requests from `origin`. Better Auth checks the origin of a
   * request that carries a cookie, any cookie, before it looks at the session: signing out with a
   * meaningless one tells, and touches no session. (A made-up sign-in tells the same, but is limited
   * to 3 in 10 seconds.)
   */
  probeOrigin(origin: string): Promise<ServiceResponse>
  signUp(user: Credentials & { readonly name: string }): Promise<UserResponse>
  signIn(user: Credentials): Promise<UserResponse>
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

/** What a browser sends along; without it Better Auth may not check the origin at all. */
const browserHeaders = (origin: string): Record<string, string> => ({
  origin,
  'content-type': 'application/json',
  'sec-fetch-mode': 'cors',
})

/** Binds a branch's auth service to a way of sending: once, or with retries. */
export const createAuthService = (
  send: Send,
  { baseUrl, jwksUrl }: { readonly baseUrl: string; readonly jwksUrl: string },
): AuthService => {
  const base = baseUrl.replace(/\/+$/, '')
  const sendRequest = async (request: Omit<HttpRequest, 'path'>): Promise<ServiceResponse> => {
    const name: RequestName = { method: request.method, path: request.url }
    return readResponse(name, await send({ ...request, path: request.url }))
  }
  const get = (url: string): Promise<ServiceResponse> => sendRequest({ method: 'GET', url })
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
      const { keys } = response.fields
      return { ...response, count: response.ok && Array.isArray(keys) ? keys.length : 0 }
    },
    probeOrigin: (origin) =>
      post('/sign-out', {}, { ...browserHeaders(origin), cookie: 'neon-auth-preview-action=none' }),
    signUp: async ({ origin, email, password, name }) =>
      withUser(await post('/sign-up/email', { email, password, name }, browserHeaders(origin))),
    signIn: async ({ origin, email, password }) =>
      withUser(await post('/sign-in/email', { email, password }, browserHeaders(origin))),
  }
}
