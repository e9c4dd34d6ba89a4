import type { AuthService, UserResponse } from '../auth-service/client.ts'
import { describeServiceResponse, rejectsOrigin } from '../auth-service/response.ts'
import { type Deadline, quotingFailure } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { LostResponseError } from '../network/errors.ts'
import { pollUntil } from '../network/poll.ts'
import type { SettingsUser } from './settings.ts'
import { passwordsOff, signUpRefused } from './sign-up-refusals.ts'

/** A user in the settings who has a password. */
export type PasswordUser = SettingsUser & { readonly password: string }

/** What signing up needs. */
export interface SignUpContext {
  /** Sends with retries. */
  readonly service: AuthService
  /** An origin that the branch trusts. */
  readonly origin: string
  readonly deadline: Deadline
  readonly log: Log
  /** Whether email addresses must be verified. If so, signing up a taken email looks like success. */
  readonly requiresVerification: boolean
  /** Opens sign-up if it is closed. */
  readonly openSignUp: () => Promise<void>
}

/** The result for one user. */
export type UserResult =
  /** This run created the user. The ID is absent if the response was lost. */
  | { readonly outcome: 'created'; readonly id?: string }
  | { readonly outcome: 'existed' }
  /** The email is taken, with another password. Better Auth does not say so itself. */
  | { readonly outcome: 'another_password' }

const EXISTED: UserResult = { outcome: 'existed' }
const SIGN_UP_CLOSED = 'EMAIL_PASSWORD_SIGN_UP_DISABLED'
const PASSWORDS_OFF = 'EMAIL_PASSWORD_DISABLED'
/** How long a change may take to reach the auth service, in ms. */
const PROPAGATION_MS = 30_000

const createdWith = (id: string | undefined): UserResult => ({
  outcome: 'created',
  ...(id !== undefined && { id }),
})

/**
 * Sends a request until the auth service trusts its origin, which may take a moment after adding it.
 * Returns the last response after 30 seconds.
 */
export const untilOriginTrusted = async (
  send: () => Promise<UserResponse>,
  { origin, deadline, log }: Pick<SignUpContext, 'origin' | 'deadline' | 'log'>,
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

const signIn = ({ email, password }: PasswordUser, context: SignUpContext): Promise<UserResponse> =>
  untilOriginTrusted(
    () => context.service.signIn({ email, password, origin: context.origin }),
    context,
  )

const signUp = (
  { email, password, name = email }: PasswordUser,
  context: SignUpContext,
): Promise<UserResponse> =>
  untilOriginTrusted(
    () => context.service.signUp({ email, password, name, origin: context.origin }),
    context,
  )

/** Whether the response to a sign-in shows that the user exists with this password. */
const isKnown = (answer: UserResponse): boolean =>
  answer.userId !== undefined || answer.code === 'EMAIL_NOT_VERIFIED'

/**
 * Returns whether the user exists with this password, verified or not. Changes nothing. `false` if the
 * response was lost.
 */
export const userExists = async (user: PasswordUser, context: SignUpContext): Promise<boolean> => {
  try {
    return isKnown(await signIn(user, context))
  } catch (error) {
    if (error instanceof LostResponseError) return false
    throw error
  }
}

/** Opens sign-up, and signs the user up as soon as the auth service accepts it. */
const openAndSignUp = async (user: PasswordUser, context: SignUpContext): Promise<UserResponse> => {
  await context.openSignUp()
  const { value } = await pollUntil({
    deadline: context.deadline,
    patienceMs: PROPAGATION_MS,
    waitingFor: 'waiting for sign-up to be open',
    attempt: async () => {
      const value = await signUp(user, context)
      return { done: value.code !== SIGN_UP_CLOSED, value, failure: describeServiceResponse(value) }
    },
  })
  return value
}

/**
 * Decides whether an accepted sign-up created the user. Only a session proves it: if verification is
 * required, Better Auth answers the same for a taken email, with an invented ID.
 */
const confirmCreated = async (
  user: PasswordUser,
  { userId, hasSession }: UserResponse,
  context: SignUpContext,
): Promise<UserResult> => {
  if (hasSession) return createdWith(userId)
  const proof = await signIn(user, context)
  if (proof.code === 'INVALID_EMAIL_OR_PASSWORD') return { outcome: 'another_password' }
  // The sign-in returned another user, so the ID of the sign-up was invented.
  if (proof.userId !== undefined && proof.userId !== userId) return EXISTED
  if (context.requiresVerification && !isKnown(proof))
    throw signUpRefused(user.email, context.origin, proof)
  return createdWith(userId)
}

const attemptSignUp = async (user: PasswordUser, context: SignUpContext): Promise<UserResult> => {
  if (context.requiresVerification && (await userExists(user, context))) return EXISTED
  let answer = await signUp(user, context)
  if (answer.code === SIGN_UP_CLOSED) {
    // An earlier run created the user before it closed sign-up, or passwords are off altogether.
    const known = await signIn(user, context)
    if (isKnown(known)) return EXISTED
    if (known.code === PASSWORDS_OFF) throw passwordsOff(user.email)
    answer = await openAndSignUp(user, context)
  }
  if (answer.code.startsWith('USER_ALREADY_EXISTS')) return EXISTED
  if (answer.userId === undefined) throw signUpRefused(user.email, context.origin, answer)
  return confirmCreated(user, answer, context)
}

/**
 * Signs a user up, unless they exist. If the response is lost, signs in to find out whether the sign-up
 * worked. Throws `Problem` with the likely cause if the auth service refuses.
 */
export const signUpIfMissing = async (
  user: PasswordUser,
  context: SignUpContext,
): Promise<UserResult> => {
  try {
    return await attemptSignUp(user, context)
  } catch (error) {
    if (!(error instanceof LostResponseError)) throw error
    const answer = await quotingFailure(error.summary, () => signIn(user, context))
    return isKnown(answer) ? createdWith(answer.userId) : attemptSignUp(user, context)
  }
}
