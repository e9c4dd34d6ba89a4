import {
  describeServiceResponse,
  refusesPasswords,
  refusesSignUps,
  rejectsCallback,
  rejectsOrigin,
  type ServiceResponse,
} from '../auth-service/response.ts'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'

/** The likely cause of a refusal, and its fix. */
export interface RefusalExplanation {
  readonly why: string
  readonly fix: string
}

const WITHOUT_PASSWORD = 'remove `password` from the user to create them without one'

/** The explanation if password sign-in is off on the branch. */
export const PASSWORDS_OFF: RefusalExplanation = {
  why: 'sign-in with email and password is off on this branch, inherited from its parent or turned off by an earlier run',
  fix: 'add `email_and_password: { enabled: true }` to `settings`',
}

/** The same for the sign-up of a user in `settings`, who needs no password. */
const SIGN_UP_WITH_PASSWORDS_OFF: RefusalExplanation = {
  ...PASSWORDS_OFF,
  fix: `${PASSWORDS_OFF.fix}, or ${WITHOUT_PASSWORD}`,
}

/** The explanation if sign-up stays closed. */
const SIGN_UP_CLOSED: RefusalExplanation = {
  why: 'sign-up was closed (`email_and_password.disable_sign_up`), and the auth service still refuses sign-ups although the run opened it',
  fix: 'run the job again',
}

/**
 * The explanations, by prefix of Better Auth's error code. A code may have a suffix such as
 * `_USE_ANOTHER_EMAIL`.
 */
const BY_CODE: Record<string, RefusalExplanation> = {
  INVALID_EMAIL: {
    why: 'Better Auth does not accept this email address',
    fix: 'correct `email` in `users`',
  },
  PASSWORD_TOO_SHORT: {
    why: 'the password is too short',
    fix: 'use a longer password: Better Auth requires at least 8 characters by default',
  },
  PASSWORD_TOO_LONG: {
    why: 'the password is too long',
    fix: 'use a shorter password: Better Auth accepts up to 128 characters by default',
  },
  PASSWORD_COMPROMISED: {
    why: 'the password is on a public list of leaked passwords',
    fix: 'use another password',
  },
  INVALID_PASSWORD: {
    why: 'Better Auth does not accept this password',
    fix: 'use another password',
  },
  SIGN_UP_REJECTED: {
    why: 'the webhook for `user.before_create`, from `settings` or inherited, refused the user',
    fix: 'let the webhook accept this user, or turn it off with `webhook: { enabled: false }` in `settings`',
  },
  FAILED_TO_CREATE_USER: {
    why: 'the auth service could not store the user; a webhook or a database trigger may have refused it',
    fix: 'look at the webhook for `user.before_create` and at triggers on `neon_auth."user"`',
  },
}

const untrustedOrigin = (origin: string): RefusalExplanation => ({
  why: `the auth service does not trust ${oneLine(origin, 200)}, the origin of the sign-up`,
  fix: "pass the preview's URL in `trusted_domains`, or run the job again if it was just added",
})

const explainStatus = ({ status, ok }: ServiceResponse): RefusalExplanation => {
  if (status === 429) {
    return {
      why: 'the auth service limits how many sign-ups it accepts in a short time',
      fix: 'raise `timeout`, or run the job again: it creates the missing users first',
    }
  }
  if (ok) {
    return {
      why: 'something other than the auth service answered, such as a proxy, or the API has changed',
      fix: 'check that the runner reaches `base_url` directly (HTTPS_PROXY, NO_PROXY)',
    }
  }
  if (status >= 500) {
    return {
      why: 'the auth service failed, or its compute is starting',
      fix: 'run the job again, and look at https://neonstatus.com',
    }
  }
  return {
    why: 'the auth service refuses this user, for a reason that this action does not know',
    fix: `read the response above, or ${WITHOUT_PASSWORD}`,
  }
}

const explain = (response: ServiceResponse, origin: string): RefusalExplanation => {
  if (rejectsOrigin(response) || rejectsCallback(response)) return untrustedOrigin(origin)
  if (response.code === 'MISSING_OR_NULL_ORIGIN') return untrustedOrigin(origin)
  if (refusesSignUps(response)) return SIGN_UP_CLOSED
  if (refusesPasswords(response)) return SIGN_UP_WITH_PASSWORDS_OFF
  const prefix = Object.keys(BY_CODE).find((known) => response.code.startsWith(known))
  return (prefix && BY_CODE[prefix]) || explainStatus(response)
}

/** Returns the problem that explains a refused sign-up of `email` from `origin`. */
export const signUpProblem = (
  email: string,
  origin: string,
  response: ServiceResponse,
): Problem => {
  const suffix = response.ok ? ', without a user ID' : ''
  return new Problem({
    what: `Could not sign up the user ${oneLine(email, 100)}.`,
    response: `${describeServiceResponse(response)}${suffix}.`,
    ...explain(response, origin),
  })
}

/** Returns the problem for a user with a password on a branch where password sign-in is off. */
export const passwordsOffProblem = (email: string): Problem =>
  new Problem({
    what: `Could not sign up the user ${oneLine(email, 100)}, who has a password in \`settings\`.`,
    ...SIGN_UP_WITH_PASSWORDS_OFF,
  })
