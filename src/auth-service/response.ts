import { oneLine } from '../core/text.ts'
import type { RequestName } from '../network/errors.ts'
import { type HttpResponse, isSuccess, jsonFields } from '../network/messages.ts'

/** A response of the auth service, whatever its status. */
export interface ServiceResponse {
  readonly request: RequestName
  readonly status: number
  /** 2xx. */
  readonly ok: boolean
  /** Better Auth's error code, `''` if there is none. */
  readonly code: string
  /** Status, code, and message on one line: `403 INVALID_ORIGIN Invalid origin`. */
  readonly summary: string
  /** The fields of the JSON object in the body. Empty if the body is something else. */
  readonly fields: Record<string, unknown>
  /** The cookies that it sets, as `Set-Cookie` headers. */
  readonly setCookie: readonly string[]
}

/** Reads a response of the auth service. Never throws. */
export const readResponse = (request: RequestName, response: HttpResponse): ServiceResponse => {
  const fields = jsonFields(response)
  const { code, message } = fields
  const texts = [code, message].filter((part) => typeof part === 'string')
  return {
    request,
    status: response.status,
    ok: isSuccess(response),
    code: typeof code === 'string' ? code : '',
    summary: [response.status, oneLine(texts.join(' '), 200)].filter(Boolean).join(' '),
    fields,
    setCookie: response.setCookie ?? [],
  }
}

/** Describes a response for a message, without a final period. */
export const describeAnswer = ({ request, summary }: ServiceResponse): string =>
  `The auth service answered ${summary} to ${request.method} ${request.path}`

/** Better Auth names the code after its message. Neon's documentation words it "invalid domain". */
const UNTRUSTED = /^invalid (origin|domain)\b/i

/**
 * Returns whether the service rejects the request's origin. For a rejected `callbackURL`, see {@link isInvalidCallback}.
 */
export const isInvalidOrigin = ({ status, code, fields: { message } }: ServiceResponse): boolean =>
  status === 403 &&
  (['INVALID_ORIGIN', 'INVALID_DOMAIN'].includes(code) ||
    (typeof message === 'string' && UNTRUSTED.test(message)))

/** Returns whether the service accepts the origin of a request. `undefined` if the response proves neither. */
export const acceptsOrigin = (response: ServiceResponse): boolean | undefined => {
  if (response.ok) return true
  return isInvalidOrigin(response) ? false : undefined
}

/**
 * Returns whether the service rejects a `callbackURL`. Better Auth renamed these codes: up to 1.4 there
 * was no underscore before `URL`
 * (https://github.com/better-auth/better-auth/blob/main/packages/core/src/error/codes.ts).
 */
export const isInvalidCallback = ({ code }: ServiceResponse): boolean =>
  /^INVALID_(CALLBACK|REDIRECT|ERROR_CALLBACK|NEW_USER_CALLBACK)_?URL$/.test(code)
