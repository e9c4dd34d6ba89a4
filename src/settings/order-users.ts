import type { SettingsUser } from './settings.ts'
import type { PasswordUser } from './sign-up.ts'

/** Better Auth's default limit: 3 sign-ups and 3 sign-ins in 10 seconds from one IP address. */
const RATE_LIMIT = { requests: 3, seconds: 10 }

/** Returns whether a user in the settings has a password. */
export const hasPassword = (user: SettingsUser): user is PasswordUser =>
  user.password !== undefined && user.password !== ''

/** The users in the order of creation, and the users who most likely exist already. */
export interface UserOrder {
  readonly users: readonly SettingsUser[]
  readonly likelyExisting: ReadonlySet<SettingsUser>
}

/**
 * Returns the users in the order in which a run creates them if none exists. If more users have a password than the
 * rate limit allows at once, those without one come first, because the limit does not affect them. Pure.
 */
export const creationOrder = (users: readonly SettingsUser[]): readonly SettingsUser[] =>
  users.filter(hasPassword).length <= RATE_LIMIT.requests
    ? users
    : users.toSorted((a, b) => Number(hasPassword(a)) - Number(hasPassword(b)))

/**
 * Returns the users in {@link creationOrder}, but with those who most likely exist last. A list within the rate
 * limit keeps its order.
 *
 * A sign-up counts toward the auth service's rate limit even if the user exists. A run that starts with
 * existing users may never get to the missing ones. The Neon API cannot list users, so a binary search finds
 * the point in the list where an earlier run ran out of time, if the list is still the same. The search signs users in,
 * which changes no user.
 */
export const orderUsers = async (
  settingsUsers: readonly SettingsUser[],
  exists: (user: PasswordUser) => Promise<boolean>,
): Promise<UserOrder> => {
  const users = creationOrder(settingsUsers)
  const withPassword = users.filter(hasPassword)
  if (withPassword.length <= RATE_LIMIT.requests) return { users, likelyExisting: new Set() }
  let [low, high] = [0, withPassword.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const user = withPassword[middle]
    if (user && (await exists(user))) low = middle + 1
    else high = middle
  }
  const likelyExisting = new Set<SettingsUser>(withPassword.slice(0, low))
  return {
    users: [...users.filter((user) => !likelyExisting.has(user)), ...likelyExisting],
    likelyExisting,
  }
}

/** Returns a warning if `users` cannot all sign up in `seconds` under Better Auth's default rate limit. */
export const rateLimitWarning = (
  users: readonly SettingsUser[],
  seconds: number,
): string | undefined => {
  const count = users.filter(hasPassword).length
  const needed = (Math.ceil(count / RATE_LIMIT.requests) - 1) * RATE_LIMIT.seconds
  if (needed < seconds) return undefined
  return `${count} users with a password may need ${needed} seconds to sign up, because by default Better Auth accepts only ${RATE_LIMIT.requests} sign-ups every ${RATE_LIMIT.seconds} seconds, but the run has only ${Math.floor(seconds)} seconds left. Raise \`timeout\`, or shorten \`users\`. If the time runs out, the next run creates the missing users first.`
}
