import type { AuthService, UserResponse } from '../auth-service/client.ts'
import {
  describeServiceResponse,
  refusesPasswords,
  refusesSignUps,
  rejectsOrigin,
} from '../auth-service/response.ts'
import { type Deadline, quotingFailure } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { optional } from '../core/optional.ts'
import { isLostWrite } from '../network/errors.ts'
import { repeatLostRead, settleLostWrite } from '../network/lost-writes.ts'
import { pollUntil } from '../network/poll.ts'
import type { SettingsUser } from './settings.ts'
import { passwordsOffProblem, signUpProblem } from './sign-up-refusals.ts'

/** A user in the settings who has a password. */
export type PasswordUser = SettingsUser & { readonly password: string }

/** The dependencies for signing in and up. */
export interface SignInContext {
  /** A client that retries. */
  readonly service: AuthService
  /** An origin that the branch trusts. */
  readonly origin: string
  readonly deadline: Deadline
  readonly log: Log
}

/** The dependencies for signing users up. */
export interface SignUpContext extends SignInContext {
  /** Whether email addresses must be verified. If so, a sign-up with a taken email looks successful. */
  readonly requiresVerification: boolean
  /** Opens sign-up if it is closed. */
  readonly openSignUp: () => Promise<void>
}

/** The result for one user. */
export type UserResult =
  /** This run created the user. The ID is absent if the response was lost. */
  | { readonly outcome: 'created'; readonly id?: string }
  /**
   * The response was lost, the user exists, and nothing shows whether this run created them. The ID is absent if no
   * sign-in showed it.
   */
  | { readonly outcome: 'may_be_created'; readonly id?: string }
  | { readonly outcome: 'existed' }
  /** Most likely, the email is taken, with a different password. Better Auth does not say so itself. */
  | { readonly outcome: 'different_password' }

const EXISTED: UserResult = { outcome: 'existed' }
/** The email or the password is wrong. Better Auth does not say which. */
const SIGN_IN_REFUSED = 'INVALID_EMAIL_OR_PASSWORD'
/** Matches the codes with which Better Auth refuses a user while sign-up is open. */
const USER_REFUSED =
  /^(USER_ALREADY_EXISTS|INVALID_EMAIL$|INVALID_PASSWORD$|PASSWORD_|SIGN_UP_REJECTED|FAILED_TO_CREATE_)/
/** How long to wait for a change to reach the auth service, in ms. */
const PROPAGATION_MS = 30_000

const createdResult = (id: string | undefined): UserResult => ({
  outcome: 'created',
  ...(id !== undefined && { id }),
})

/**
 * Repeats a request until the auth service trusts its origin, for up to 30 seconds. A new trusted domain may
 * take a moment to take effect. Returns the last response.
 */
const untilOriginTrusted = async (
  send: () => Promise<UserResponse>,
  { origin, deadline, log }: SignInContext,
): Promise<UserResponse> => {
  const { value } = await pollUntil({
    deadline,
    patienceMs: PROPAGATION_MS,
    waitingFor: `waiting for ${origin} to be trusted`,
    attempt: async (attempt) => {
      const value = await send()
      const done = !rejectsOrigin(value)
      if (!done && attempt === 0) log.info(`${origin} is not trusted yet; trying again`)
      return { done, value, failure: describeServiceResponse(value) }
    },
  })
  return value
}

const NOT_VERIFIED =
  'Email verification is required on this branch, so users in `settings` whose address is not verified cannot sign in. To let them sign in at once, add `email_and_password: { require_email_verification: false }` to `settings`.'

/**
 * Signs a user in. Repeats a sign-in whose response is lost, because all it adds is a session. Warns if the address
 * is not verified. The log drops repeated warnings.
 */
export const signIn = async (
  { email, password }: PasswordUser,
  context: SignInContext,
): Promise<UserResponse> => {
  const { service, origin, log } = context
  const send = () => service.signIn({ email, password, origin })
  const response = await repeatLostRead(() => untilOriginTrusted(send, context), context)
  if (response.code === 'EMAIL_NOT_VERIFIED') log.warning(NOT_VERIFIED)
  return response
}

/** Returns whether the response to a sign-in proves that the user exists with this password. */
const provesUserExists = ({ userId, code }: UserResponse): boolean =>
  userId !== undefined || code === 'EMAIL_NOT_VERIFIED'

/**
 * Returns whether the response to a sign-up proves that sign-up is open, or `undefined` if it proves nothing. Better
 * Auth refuses closed sign-up before it looks at the user, but after it checks the origin and the rate limit
 * (https://github.com/better-auth/better-auth/blob/main/packages/better-auth/src/api/routes/sign-up.ts).
 */
export const provesSignUpOpen = (response: UserResponse): boolean | undefined => {
  if (refusesSignUps(response)) return false
  const { userId, code } = response
  return userId !== undefined || USER_REFUSED.test(code) ? true : undefined
}

/** Returns whether signing in proves that the user exists with this password, verified or not. */
export const userExists = async (user: PasswordUser, context: SignUpContext): Promise<boolean> =>
  provesUserExists(await signIn(user, context))

/** How much older a new user may look, in ms: the `Date` header may come from a proxy with another clock. */
const AGE_MARGIN_MS = 60_000

/** The response to a sign-up. If that was lost: the response to the sign-in after it, and what it shows. */
type SignUpResponse = UserResponse & { readonly afterLoss?: UserResult }

/** What the sign-ups of one user have shown so far. */
interface SignUpAttempts {
  /** Whether it is known that no user had this email and password before. */
  wasMissing: boolean
  /** When the first sign-up whose response was lost was sent, in ms of `performance.now()`. */
  lostSince?: number
}

/**
 * Returns what a sign-in shows about a user whom no answered sign-up created. Only a lost one can have created them,
 * perhaps late: a user older than that existed before.
 */
const lostSignUpResult = (
  signedIn: UserResponse,
  { wasMissing, lostSince }: SignUpAttempts,
): UserResult => {
  // This run would have set the password.
  if (lostSince === undefined || signedIn.code === SIGN_IN_REFUSED) return EXISTED
  const { userId, userAgeMs } = signedIn
  if (wasMissing && provesUserExists(signedIn)) return createdResult(userId)
  if (userAgeMs === undefined) return { outcome: 'may_be_created', ...optional('id', userId) }
  const elapsedMs = performance.now() - lostSince
  return userAgeMs <= elapsedMs + AGE_MARGIN_MS ? createdResult(userId) : EXISTED
}

/**
 * Signs a user up. If the response is lost, signs in to find out whether the user exists now. If so, returns the
 * response to the sign-in. If not, repeats the sign-up once. Updates `attempts`.
 */
const signUp = async (
  user: PasswordUser,
  attempts: SignUpAttempts,
  context: SignUpContext,
): Promise<SignUpResponse> => {
  const { service, origin } = context
  const { email, password, name = email } = user
  const send = () =>
    untilOriginTrusted(() => service.signUp({ email, password, name, origin }), context)
  const sentAt = performance.now()
  try {
    return await send()
  } catch (error) {
    if (!isLostWrite(error)) throw error
    attempts.lostSince ??= sentAt
    const signedIn = await quotingFailure(error.summary, () => signIn(user, context))
    if (!provesUserExists(signedIn)) return send()
    return { ...signedIn, afterLoss: lostSignUpResult(signedIn, attempts) }
  }
}

/** Opens sign-up, and signs the user up once sign-up is open. */
const openAndSignUp = async (
  user: PasswordUser,
  attempts: SignUpAttempts,
  context: SignUpContext,
): Promise<SignUpResponse> => {
  await context.openSignUp()
  const { value } = await pollUntil({
    deadline: context.deadline,
    patienceMs: PROPAGATION_MS,
    waitingFor: 'waiting for sign-up to be open',
    attempt: async () => {
      const value = await signUp(user, attempts, context)
      return { done: !refusesSignUps(value), value, failure: describeServiceResponse(value) }
    },
  })
  return value
}

/**
 * Returns whether an accepted sign-up created the user. Only a session proves it. If verification is
 * required, Better Auth sends the same response for a taken email, with an invented ID.
 */
const confirmCreated = async (
  user: PasswordUser,
  { userId, hasSession, afterLoss }: SignUpResponse,
  attempts: SignUpAttempts,
  context: SignUpContext,
): Promise<UserResult> => {
  if (afterLoss) return afterLoss
  if (hasSession) return createdResult(userId)
  const signedIn = await signIn(user, context)
  if (signedIn.code === SIGN_IN_REFUSED) return { outcome: 'different_password' }
  // The sign-in returned another ID, so the sign-up returned an invented one.
  if (signedIn.userId !== undefined && signedIn.userId !== userId)
    return lostSignUpResult(signedIn, attempts)
  if (context.requiresVerification && !provesUserExists(signedIn))
    throw signUpProblem(user.email, context.origin, signedIn)
  // A lost sign-up may have created the user before this one, whose ID would then be invented.
  const mayBeInvented = attempts.lostSince !== undefined && signedIn.userId === undefined
  return mayBeInvented ? lostSignUpResult(signedIn, attempts) : createdResult(userId)
}

/** Signs a user up, and opens sign-up first if necessary. Finds out whether that created the user. */
const signUpAndConfirm = async (
  user: PasswordUser,
  attempts: SignUpAttempts,
  context: SignUpContext,
): Promise<UserResult> => {
  let response = await signUp(user, attempts, context)
  if (refusesSignUps(response)) {
    // An earlier run may have created the user before it closed sign-up, or passwords may be off.
    const signedIn = await signIn(user, context)
    if (provesUserExists(signedIn)) return lostSignUpResult(signedIn, attempts)
    if (refusesPasswords(signedIn)) throw passwordsOffProblem(user.email)
    attempts.wasMissing ||= signedIn.code === SIGN_IN_REFUSED
    response = await openAndSignUp(user, attempts, context)
  }
  if (response.code.startsWith('USER_ALREADY_EXISTS')) {
    if (attempts.lostSince === undefined) return EXISTED
    return lostSignUpResult(await signIn(user, context), attempts)
  }
  if (!provesUserExists(response)) throw signUpProblem(user.email, context.origin, response)
  return confirmCreated(user, response, attempts, context)
}

/**
 * Signs a user up unless they exist. If the response is lost, signs in to find out whether the sign-up
 * worked. Throws `Problem` if the auth service refuses.
 */
export const signUpIfMissing = async (
  user: PasswordUser,
  context: SignUpContext,
): Promise<UserResult> => {
  const before = context.requiresVerification ? await signIn(user, context) : undefined
  if (before && provesUserExists(before)) return EXISTED
  const attempts: SignUpAttempts = { wasMissing: before?.code === SIGN_IN_REFUSED }
  return settleLostWrite(
    () => attempts.lostSince !== undefined,
    () => signUpAndConfirm(user, attempts, context),
  )
}
