import { domainToUnicode } from 'node:url'
import { ApiError } from './answer.ts'
import type { Behavior } from './behavior.ts'

type Handler = (request: Request) => Promise<Response>

/** Returns a domain as the API stores it. Throws an `ApiError` if the API refuses it. */
export function storedDomain(sent: string, { storedDomain }: Behavior): string {
  switch (storedDomain) {
    case 'slash':
      return sent.endsWith('/') ? sent : `${sent}/`
    case 'unicode':
      return sent.replace(/(?<=\/\/)[^/:]+/, (host) => domainToUnicode(host) || host)
    case 'no-wildcards':
      if (sent.includes('*')) throw new ApiError(400, `invalid domain ${sent}: wildcards`)
      return sent
    case 'verbatim':
      return sent
  }
}

/** Returns the origin that a stored domain matches. */
export function matchedOrigin(stored: string, { storedDomain }: Behavior): string {
  if (storedDomain === 'slash') return stored.replace(/\/$/, '')
  // A domain with a wildcard is not a URL, so it cannot be encoded.
  if (storedDomain === 'unicode' && !stored.includes('*')) return new URL(stored).origin
  return stored
}

/** Answers a request as an auth service with this behavior would. */
export async function answerByBehavior(
  request: Request,
  behavior: Behavior,
  handler: Handler,
): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname.endsWith('/ok') && behavior.okPath === 'not-found') {
    return new Response(null, { status: 404 })
  }
  if (isUnchecked(request, pathname, behavior)) {
    request.headers.set('origin', new URL(request.url).origin)
  }
  return adapted(await handler(request), behavior)
}

/** Returns whether the service ignores the request's origin. */
function isUnchecked({ headers }: Request, pathname: string, behavior: Behavior): boolean {
  if (behavior.signOutCheck === 'unchecked' && pathname.endsWith('/sign-out')) return true
  if (behavior.engine !== '1.4.18' || headers.has('cookie')) return false
  return !['site', 'mode', 'dest'].some((name) => headers.has(`sec-fetch-${name}`))
}

/** The error codes of Better Auth 1.4.18, by their current names. */
const olderCodes: Record<string, string> = {
  INVALID_CALLBACK_URL: 'INVALID_CALLBACKURL',
  INVALID_REDIRECT_URL: 'INVALID_REDIRECTURL',
  INVALID_ERROR_CALLBACK_URL: 'INVALID_ERRORCALLBACKURL',
  INVALID_NEW_USER_CALLBACK_URL: 'INVALID_NEWUSERCALLBACKURL',
  EMAIL_PASSWORD_SIGN_UP_DISABLED: 'EMAIL_AND_PASSWORD_SIGN_UP_IS_NOT_ENABLED',
  EMAIL_PASSWORD_DISABLED: 'EMAIL_AND_PASSWORD_IS_NOT_ENABLED',
}

/** Returns the response with the headers and error codes of this behavior. */
async function adapted(response: Response, behavior: Behavior): Promise<Response> {
  if (response.status === 429 && behavior.rateLimitHeader === 'retry-after') {
    const headers = new Headers(response.headers)
    headers.set('retry-after', headers.get('x-retry-after') ?? '10')
    headers.delete('x-retry-after')
    return new Response(response.body, { status: 429, headers })
  }
  const { status } = response
  if (status !== 400 && status !== 403) return response
  const refusal = (await response.clone().json()) as { code?: string; message?: string }
  return Response.json(adaptedRefusal(refusal, behavior), {
    status,
    headers: response.headers,
  })
}

function adaptedRefusal(
  refusal: { code?: string; message?: string },
  { untrustedCode, engine }: Behavior,
): object {
  const { code = '' } = refusal
  if (code === 'INVALID_ORIGIN' && untrustedCode === 'invalid-domain') {
    return { code: 'INVALID_DOMAIN', message: 'invalid domain' }
  }
  return engine === '1.4.18' ? { ...refusal, code: olderCodes[code] ?? code } : refusal
}
