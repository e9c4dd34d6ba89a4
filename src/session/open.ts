import { jwtFault } from '../auth-service/jwt.ts'
import {
  describeServiceResponse,
  refusesPasswords,
  type ServiceResponse,
} from '../auth-service/response.ts'
import { Problem } from '../core/problem.ts'
import { registerSecret } from '../core/secrets.ts'
import { nonEmptyString, oneLine } from '../core/text.ts'
import { cookiesOf, type SetCookie } from '../network/set-cookie.ts'
import { type PasswordUser, type SignInContext, signIn } from '../settings/sign-up.ts'
import { PASSWORDS_OFF, type RefusalExplanation } from '../settings/sign-up-refusals.ts'
import { registerCookie } from './register-cookie.ts'

/** The dependencies for opening a session. */
export interface SessionContext extends SignInContext {
  /** The `iss` that the service's tokens must have. */
  readonly issuer: string
}

const UNVERIFIED: RefusalExplanation = {
  why: 'the branch requires email verification, and the address is not verified',
  fix: 'add `email_and_password: { require_email_verification: false }` to `settings`',
}
const WRONG_PASSWORD: RefusalExplanation = {
  why: 'the user exists on this branch with another password, most likely inherited from the parent branch or created before the secret was changed',
  fix: 'set the password that the user has, use another address, or set `e2e_session: true`',
}
const UNKNOWN: RefusalExplanation = {
  why: 'the auth service refuses this user, or something other than the auth service answered, such as a proxy',
  fix: 'read the response above, and run the job again',
}

const NO_JWT: RefusalExplanation = {
  why: 'the auth service issues no JWTs, or something other than the auth service answered, such as a proxy',
  fix: 'read the response above, and run the job again',
}

const BY_CODE: ReadonlyMap<string, RefusalExplanation> = new Map([
  ['EMAIL_NOT_VERIFIED', UNVERIFIED],
  ['INVALID_EMAIL_OR_PASSWORD', WRONG_PASSWORD],
])

const explainRefusal = (response: ServiceResponse): RefusalExplanation => {
  if (refusesPasswords(response)) return PASSWORDS_OFF
  return BY_CODE.get(response.code) ?? UNKNOWN
}

const sessionProblem = (
  what: string,
  response: ServiceResponse,
  explanation = explainRefusal(response),
): Problem =>
  new Problem({ what, response: `${describeServiceResponse(response)}.`, ...explanation })

/** Throws `Problem` unless the cookies open a session of the user. */
const assertSession = async (
  { email }: PasswordUser,
  cookie: string,
  { service, origin }: SessionContext,
): Promise<void> => {
  const response = await service.fetchSession({ cookie, origin })
  const user = response.fields['user'] as { email?: unknown } | null | undefined
  if (response.ok && String(user?.email).toLowerCase() === email.toLowerCase()) return
  throw sessionProblem(`The session of ${oneLine(email, 100)} does not work.`, response, {
    why: cookie
      ? 'the auth service does not accept the cookies that it has just set'
      : 'the auth service set no cookies on sign-in',
    fix: 'run the job again. If that does not help, check the auth service of the branch in the Neon Console',
  })
}

/** Throws `Problem` unless the session gets a JWT that is valid for the issuer. */
const assertToken = async (
  { email }: PasswordUser,
  cookie: string,
  { service, origin, issuer }: SessionContext,
): Promise<void> => {
  const response = await service.fetchToken({ cookie, origin })
  const token = nonEmptyString(response.fields['token'])
  if (!response.ok || token === undefined)
    throw sessionProblem(`The session of ${oneLine(email, 100)} got no JWT.`, response, NO_JWT)
  registerSecret(token)
  // Read the keys after the token, because the service may create its first key for the token.
  const { keys, request } = await service.fetchJwks()
  const fault = jwtFault(token, { keys, issuer, now: Date.now() })
  if (fault === undefined) return
  throw new Problem({
    what: `The JWT of ${oneLine(email, 100)} is not valid: ${fault}.`,
    response: `It came from ${response.request.path}, and was checked with the keys of ${request.path}.`,
    why: 'the two URLs belong to different branches, the clock of the runner is wrong, or this action is too old for the algorithm',
    fix: 'run the job again, and look for a newer version of this action. A strict backend may reject this JWT too',
  })
}

/**
 * Signs a user in from `origin`, and proves that the session and its JWT work. Returns the session's cookies,
 * and registers them as secrets. Throws {@link Problem} if a step fails.
 */
export const openSession = async (
  user: PasswordUser,
  context: SessionContext,
): Promise<SetCookie[]> => {
  const response = await signIn(user, context)
  registerSecret(nonEmptyString(response.fields['token']) ?? '')
  const email = oneLine(user.email, 100)
  if (response.userId === undefined)
    throw sessionProblem(`Could not sign in as ${email} from ${context.origin}.`, response)
  const cookies = cookiesOf(response.setCookie)
  for (const cookie of cookies) registerCookie(cookie)
  const cookieHeader = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  await assertSession(user, cookieHeader, context)
  await assertToken(user, cookieHeader, context)
  return cookies
}
