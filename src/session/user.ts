import { randomBytes } from 'node:crypto'
import { Problem } from '../core/problem.ts'
import { registerSecret } from '../core/secrets.ts'
import { oneLine } from '../core/text.ts'
import { hasPassword } from '../settings/order-users.ts'
import type { Settings } from '../settings/settings.ts'
import type { PasswordUser } from '../settings/sign-up.ts'

/** Whose users these are: those of a pull request, or of runs without one. */
const ownerOf = (prNumber: number | undefined): string =>
  prNumber === undefined ? 'branch' : `pr${prNumber}`

/** The beginning of the address of every user that runs of a pull request create. */
const prefixOf = (prNumber: number | undefined): string => `neon-auth-e2e-${ownerOf(prNumber)}-`

/** Nobody receives mail there: https://www.rfc-editor.org/rfc/rfc2606#section-3. */
const DOMAIN = 'example.com'

/**
 * Returns a `LIKE` pattern of SQL for the addresses of the users that runs of a pull request created. It
 * has no characters that SQL or the pattern reads as more than text, except its one `%`.
 */
export const createdUsersPattern = (prNumber: number | undefined): string =>
  `${prefixOf(prNumber)}%@${DOMAIN}`

/** Returns a new user for this run. The password is random, and registered as a secret. */
export const newUser = (prNumber: number | undefined, runId: string): PasswordUser => {
  const password = randomBytes(24).toString('base64url')
  registerSecret(password)
  const run = runId.replace(/[^\w-]/g, '')
  const unique = randomBytes(4).toString('hex')
  return {
    email: `${prefixOf(prNumber)}${run}-${unique}@${DOMAIN}`,
    name: 'End-to-end test',
    password,
  }
}

/** Returns the settings' user with this address. Throws {@link Problem} if there is none with a password. */
export const settingsUser = (email: string, { users = [] }: Settings = {}): PasswordUser => {
  const user = users.find((one) => one.email.toLowerCase() === email.toLowerCase())
  if (user && hasPassword(user)) return user
  const named = oneLine(email, 100)
  throw new Problem({
    what: `The input \`e2e_session\`: ${named} ${user ? 'has no password in `settings`' : 'is not one of the `users` in `settings`'}.`,
    fix: user
      ? 'add `password: ${NAME}` to that user, or set `e2e_session: true` for a user that the run creates'
      : 'add the user with a password to `settings`, or set `e2e_session: true` for a user that the run creates. Nothing was changed in Neon',
  })
}
