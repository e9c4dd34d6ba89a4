import { nonEmptyString, oneLine } from '../core/text.ts'
import type { RequestName } from '../network/errors.ts'
import { type HttpResponse, isSuccess, jsonFields } from '../network/messages.ts'

/** A response of the auth service, with any status. */
export interface ServiceResponse {
  readonly request: RequestName
  readonly status: number
  /** 2xx. */
  readonly ok: boolean
  /** Better Auth's error code. Empty if there is none. */
  readonly code: string
  /** Status, code, and message on one line: `403 INVALID_ORIGIN Invalid origin`. */
  readonly summary: string
  /** The fields of the JSON object in the body. Empty if the body is anything else. */
  readonly fields: Record<string, unknown>
  /** The `Set-Cookie` headers. */
  readonly setCookie: readonly string[]
  /** When the service responded, by its own clock (the header `Date`), in ms since 1970. */
  readonly respondedAt?: number
}

/** Parses a response of the auth service. Never throws. */
export const readResponse = (request: RequestName, response: HttpResponse): ServiceResponse => {
  const fields = jsonFields(response)
  const { code, message } = fields
  const respondedAt = Date.parse(response.headers['date'] ?? '')
  const texts = [code, message].filter((part) => typeof part === 'string')
  return {
    request,
    status: response.status,
    ok: isSuccess(response),
    code: nonEmptyString(code) ?? '',
    summary: [response.status, oneLine(texts.join(' '), 200)].filter(Boolean).join(' '),
    fields,
    setCookie: response.setCookie ?? [],
    ...(!Number.isNaN(respondedAt) && { respondedAt }),
  }
}

/** Describes a response in a sentence without a period. */
export const describeServiceResponse = ({ request, summary }: ServiceResponse): string =>
  `The auth service answered ${summary} to ${request.method} ${request.path}`

/** Better Auth answers "Invalid origin". Neon's documentation says "invalid domain". */
const UNTRUSTED_MESSAGE = /^invalid (origin|domain)\b/i

/** Returns whether the service rejects the origin of the request. */
export const rejectsOrigin = ({ status, code, fields: { message } }: ServiceResponse): boolean =>
  status === 403 &&
  (['INVALID_ORIGIN', 'INVALID_DOMAIN'].includes(code) ||
    (typeof message === 'string' && UNTRUSTED_MESSAGE.test(message)))

/** Returns whether the service accepts the origin of the request, or `undefined` if that is unclear. */
export const acceptsOrigin = (response: ServiceResponse): boolean | undefined => {
  if (response.ok) return true
  return rejectsOrigin(response) ? false : undefined
}

/**
 * Returns whether the service rejects a callback or redirect URL of the request. Better Auth renamed these codes: up
 * to 1.4, they had no underscores within the field's name, as in `INVALID_ERRORCALLBACKURL`
 * (https://github.com/better-auth/better-auth/blob/main/packages/core/src/error/codes.ts).
 */
export const rejectsCallback = ({ code }: ServiceResponse): boolean =>
  /^INVALID_(CALLBACK|REDIRECT|ERROR_?CALLBACK|NEW_?USER_?CALLBACK)_?URL$/.test(code)

/**
 * The codes for closed sign-up. Better Auth sends the first since 1.5.0. Before, it threw only the message "Email and
 * password sign up is not enabled", from which better-call makes the second (`dist/api/routes/sign-up.mjs` in
 * https://www.npmjs.com/package/better-auth/v/1.4.18, `dist/error.mjs` in
 * https://www.npmjs.com/package/better-call/v/1.1.8).
 */
const SIGN_UP_CLOSED = [
  'EMAIL_PASSWORD_SIGN_UP_DISABLED',
  'EMAIL_AND_PASSWORD_SIGN_UP_IS_NOT_ENABLED',
]

/** The codes for password sign-in that is off: since Better Auth 1.5, and before. See {@link SIGN_UP_CLOSED}. */
const PASSWORDS_OFF = ['EMAIL_PASSWORD_DISABLED', 'EMAIL_AND_PASSWORD_IS_NOT_ENABLED']

/** Returns whether the response to a sign-up says that sign-up is closed. It also does if password sign-in is off. */
export const refusesSignUps = ({ code }: ServiceResponse): boolean => SIGN_UP_CLOSED.includes(code)

/** Returns whether the response to a sign-in says that password sign-in is off. */
export const refusesPasswords = ({ code }: ServiceResponse): boolean => PASSWORDS_OFF.includes(code)
