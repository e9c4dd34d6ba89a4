import { randomBytes } from 'node:crypto'
import { Problem } from '../core/problem.ts'
import { registerSecret } from '../core/secrets.ts'
import { oneLine } from '../core/text.ts'
import { hasPassword } from '../settings/order-users.ts'
import type { Settings } from '../settings/settings.ts'
import type { PasswordUser } from '../settings/sign-up.ts'
import { newAddress } from './user-address.ts'

/** Returns a new user for this run, with a random password that is registered as a secret. */
export const newUser = (prNumber: number | undefined, runId: string): PasswordUser => {
  const password = randomBytes(24).toString('base64url')
  registerSecret(password)
  return { email: newAddress(prNumber, runId), name: 'End-to-end test', password }
}

/** Returns the user in the settings with this email. Throws {@link Problem} if none with a password has it. */
export const findSettingsUser = (email: string, { users = [] }: Settings = {}): PasswordUser => {
  const user = users.find((candidate) => candidate.email.toLowerCase() === email.toLowerCase())
  if (user && hasPassword(user)) return user
  throw new Problem({
    what: `The input \`e2e_session\`: ${oneLine(email, 100)} ${user ? 'has no password in `settings`' : 'is not one of the `users` in `settings`'}.`,
    fix: `${user ? 'add `password: ${NAME}` to that user' : 'add the user with a password to `settings`'}, or set \`e2e_session: true\` for a user that the run creates. Nothing was changed in Neon`,
  })
}
