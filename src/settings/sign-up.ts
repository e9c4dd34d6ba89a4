import type { AuthService, UserResponse } from '../auth-service/client.ts'
import { isInvalidOrigin } from '../auth-service/response.ts'
import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { LostResponseError } from '../network/errors.ts'
import { pollUntil } from '../network/poll.ts'
import type { SettingsUser } from './settings.ts'
import { passwordsOff, signUpRefused } from './sign-up-refusals.ts'

/** A user of the settings who has a password. */
export type PasswordUser = SettingsUser & { readonly password: string }

/** What signing up needs. */
export interface SignUpContext {
  /** Sends with retries. */
  readonly service: AuthService
  /** An origin that the branch trusts. */
  readonly origin: string
  readonly deadline: Deadline
  readonly log: Log
  /** Email addresses must be verified: signing up a taken email then looks like success. */
  readonly requiresVerification: boolean
  /** Opens sign-up for a moment, if it is closed. */
  readonly openSignUp: () => Promise<void>
}

/** What became of a user. */
export type Creation =
  /** This run created the user. The ID is absent if the answer that held it was lost. */
  | { readonly outcome: 'created'; readonly id?: string }
  | { readonly outcome: 'existed' }
  /** Somebody has this email, with another password: Better Auth does not say so itself. */
  | { readonly outcome: 'another_password' }

const EXISTED: Creation = { outcome: 'existed' }
const CLOSED = 'EMAIL_PASSWORD_SIGN_UP_DISABLED'
const PASSWORDS_OFF = 'EMAIL_PASSWORD_DISABLED'
/** How long a change that was just made may take to reach the auth service, in ms. */
const PROPAGATION_MS = 30_000

const created = (id: string | undefined): Creation => ({
  outcome: 'created',
  ...(id !== undefined && { id }),
})

/** Sends a request until its origin is trusted, which may take a moment after it was added. */
const whenTrusted = async (
  send: () => Promise<UserResponse>,
  { origin, deadline, log }: SignUpContext,
): Promise<UserResponse> => {
  const { value } = await pollUntil({
    deadline,
    patienceMs: PROPAGATION_MS,
    waitingFor: `waiting for ${origin} to be trusted`,
    attempt: async (attempt) => {
      const value = await send()
      const done = !isInvalidOrigin(value)
      if (!done && attempt === 0) log.info(`${origin} is not trusted yet; trying again`)
      return { done, value }
    },
  })
  return value
}

const signIn = ({ email, password }: PasswordUser, context: SignUpContext): Promise<UserResponse> =>
  whenTrusted(() => context.service.signIn({ email, password, origin: context.origin }), context)

const signUp = (
  { email, password, name = email }: PasswordUser,
  context: SignUpContext,
): Promise<UserResponse> =>
  whenTrusted(
    () => context.service.signUp({ email, password, name, origin: context.origin }),
    context,
  )

/** Whether an answer to a sign-in shows that the user exists with this password. */
const isKnown = (answer: UserResponse): boolean =>
  answer.userId !== undefined || answer.code === 'EMAIL_NOT_VERIFIED'

/** Whether the user can sign in, or only lacks verification. Changes nothing. */
export const canSignIn = async (user: PasswordUser, context: SignUpContext): Promise<boolean> => {
  try {
    return isKnown(await signIn(user, context))
  } catch (error) {
    if (error instanceof LostResponseError) return false
    throw error
  }
}

/** Signs up after sign-up was opened, which may take a moment to reach the auth service. */
const signUpOpened = async (user: PasswordUser, context: SignUpContext): Promise<UserResponse> => {
  await context.openSignUp()
  const { value } = await pollUntil({
    deadline: context.deadline,
    patienceMs: PROPAGATION_MS,
    waitingFor: 'waiting for sign-up to be open',
    attempt: async () => {
      const value = await signUp(user, context)
      return { done: value.code !== CLOSED, value }
    },
  })
  return value
}

/**
 * Decides whether an accepted sign-up created the user. Only one that opened a session shows it: if
 * verification is required, a taken email is answered in the same way, with an ID that nobody has.
 */
const proveCreated = async (
  user: PasswordUser,
  { userId, session }: UserResponse,
  context: SignUpContext,
): Promise<Creation> => {
  if (session) return created(userId)
  const proof = await signIn(user, context)
  if (proof.code === 'INVALID_EMAIL_OR_PASSWORD') return { outcome: 'another_password' }
  // Signed in as somebody else: the sign-up's ID was invented.
  if (proof.userId !== undefined && proof.userId !== userId) return EXISTED
  if (context.requiresVerification && !isKnown(proof))
    throw signUpRefused(user.email, context.origin, proof)
  return created(userId)
}

const attemptSignUp = async (user: PasswordUser, context: SignUpContext): Promise<Creation> => {
  if (context.requiresVerification && (await canSignIn(user, context))) return EXISTED
  let answer = await signUp(user, context)
  if (answer.code === CLOSED) {
    // An earlier run created the user before it closed sign-up, or passwords are off altogether.
    const known = await signIn(user, context)
    if (isKnown(known)) return EXISTED
    if (known.code === PASSWORDS_OFF) throw passwordsOff(user.email)
    answer = await signUpOpened(user, context)
  }
  if (answer.code.startsWith('USER_ALREADY_EXISTS')) return EXISTED
  if (answer.userId === undefined) throw signUpRefused(user.email, context.origin, answer)
  return proveCreated(user, answer, context)
}

/**
 * Signs a user up, unless they exist. Throws `Problem` if the auth service refuses, with the cause
 * that its code names. If the response is lost, signing in tells what became of the sign-up.
 */
export const signUpOnce = async (user: PasswordUser, context: SignUpContext): Promise<Creation> => {
  try {
    return await attemptSignUp(user, context)
  } catch (error) {
    if (!(error instanceof LostResponseError)) throw error
    const answer = await signIn(user, context)
    return isKnown(answer) ? created(answer.userId) : attemptSignUp(user, context)
  }
}
