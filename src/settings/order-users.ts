import type { SettingsUser } from './settings.ts'
import type { PasswordUser } from './sign-up.ts'

/** Better Auth's default limit: 3 sign-ups, and 3 sign-ins, per 10 seconds and address. */
const LIMIT = { requests: 3, seconds: 10 }

/** Whether a user signs up with a password. */
export const hasPassword = (user: SettingsUser): user is PasswordUser =>
  user.password !== undefined && user.password !== ''

/**
 * The users in the order to create them, and those of them that most likely exist.
 */
export interface UserOrder {
  readonly users: readonly SettingsUser[]
  readonly likely: ReadonlySet<SettingsUser>
}

/**
 * Puts missing users first. A refused sign-up of a user who exists uses up the auth service's limit
 * as much as one that creates a user, so a run that starts with those may never get to the rest.
 * Nobody lists the users, but runs that ended early created the list up to some point: a binary
 * search with sign-ins, which change nothing, finds it. Keeps the order of a list within the limit.
 */
export const missingFirst = async (
  users: readonly SettingsUser[],
  exists: (user: PasswordUser) => Promise<boolean>,
): Promise<UserOrder> => {
  const limited = users.filter(hasPassword)
  if (limited.length <= LIMIT.requests) return { users, likely: new Set() }
  let [low, high] = [0, limited.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const user = limited[middle]
    if (user && (await exists(user))) low = middle + 1
    else high = middle
  }
  const likely = limited.slice(0, low)
  const unlimited = users.filter((user) => !hasPassword(user))
  return { users: [...unlimited, ...limited.slice(low), ...likely], likely: new Set(likely) }
}

/**
 * A warning if `users` cannot all sign up within `seconds` under Better Auth's default limit.
 */
export const tooManyUsers = (
  users: readonly SettingsUser[],
  seconds: number,
): string | undefined => {
  const limited = users.filter(hasPassword).length
  const needed = (Math.ceil(limited / LIMIT.requests) - 1) * LIMIT.seconds
  if (needed < seconds) return undefined
  return `${limited} users with a password can take ${needed} seconds to sign up, because Better Auth accepts ${LIMIT.requests} sign-ups in ${LIMIT.seconds} seconds by default, but \`timeout\` is ${Math.round(seconds)}. Raise \`timeout\`, or shorten \`users\`. If the time runs out, the next run creates the missing users first.`
}
