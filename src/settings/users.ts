import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { Wording } from '../core/wording.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import { toProblem } from '../neon/errors.ts'
import { repeatLostWrite } from '../network/lost-writes.ts'
import { hasPassword, missingFirst } from './order-users.ts'
import type { Settings, SettingsUser } from './settings.ts'
import { type Creation, canSignIn, type SignUpContext, signUpOnce } from './sign-up.ts'

/** What seeding users needs. */
export interface Seeding extends SignUpContext {
  readonly neon: NeonClient
  readonly branch: FoundBranch
  /** Makes a change: while `work` is under way, a run that is stopped cannot know whether it was made. */
  readonly making: <T>(change: UserChange, work: () => Promise<T>) => Promise<T>
  /** Called for every user that was created or deleted. */
  readonly record: (change: UserChange) => void
}

/** One write to a branch's users. */
export type UserChange =
  | {
      readonly change: 'create_user'
      readonly email: string
      /** Once it is created: its ID, if known. */
      readonly id?: string
    }
  | { readonly change: 'delete_user'; readonly id: string }

/** Returns a change of users in words. Only a user that was really created or deleted is told as such. */
export const userWording = (change: UserChange): Wording =>
  change.change === 'create_user'
    ? {
        imperative: `Create the user ${change.email}, unless there is one.`,
        past: `Created the user ${change.email}.`,
      }
    : {
        imperative: `Delete the user ${change.id}, if there is one.`,
        past: `Deleted the user ${change.id}.`,
      }

/** What is to be done about users, in the order in which it is done. Pure. */
export const planUsers = ({ users = [], delete_users = [] }: Settings): UserChange[] => [
  ...delete_users.map((id): UserChange => ({ change: 'delete_user', id })),
  ...users.map(({ email }): UserChange => ({ change: 'create_user', email })),
]

/** Creates a user without a password through the management API. */
const createOnce = async (
  { email, name = email }: SettingsUser,
  seeding: Seeding,
): Promise<Creation> => {
  const { neon, branch } = seeding
  return repeatLostWrite<Creation>(async (attempt) => {
    const id = await neon.createUser(branch.id, email, name)
    if (id !== undefined) return { outcome: 'created', id }
    // Taken after a lost response: the lost request created the user.
    return { outcome: attempt > 0 ? 'created' : 'existed' }
  }, seeding)
}

const giveRoles = async (
  { email, roles }: SettingsUser,
  id: string | undefined,
  seeding: Seeding,
): Promise<void> => {
  const { neon, branch } = seeding
  if (!roles) return
  if (id === undefined) {
    throw new Problem({
      what: `The user ${oneLine(email, 100)} was created, but not given the roles ${roles.join(', ')}.`,
      why: 'the response with the user ID was lost, and Neon has no list of users',
      fix: 'give the roles in the Neon Console, or delete the user there and run the job again',
    })
  }
  await repeatLostWrite(() => neon.setRoles(branch.id, id, [...roles]), seeding)
}

const ANOTHER_PASSWORD =
  'already exists with another password, or a webhook refused the sign-up. Better Auth does not say which if verification is required. The run left the user alone and reports no ID. Delete the user with `delete_users`, or correct the password'

const seedUser = async (user: SettingsUser, seeding: Seeding): Promise<void> => {
  const { log, making, record } = seeding
  const { email } = user
  const creation = await making({ change: 'create_user', email }, () =>
    hasPassword(user) ? signUpOnce(user, seeding) : createOnce(user, seeding),
  )
  const named = `The user ${oneLine(email, 100)}`
  if (creation.outcome === 'existed') {
    log.info(`${named} already exists and is left alone.`)
    return
  }
  if (creation.outcome === 'another_password') {
    log.warning(`${named} ${ANOTHER_PASSWORD}.`)
    return
  }
  const { id } = creation
  record({ change: 'create_user', email, ...(id !== undefined && { id }) })
  await giveRoles(user, id, seeding)
}

const deleteUser = async (id: string, seeding: Seeding): Promise<void> => {
  const { neon, branch, making, record } = seeding
  const change: UserChange = { change: 'delete_user', id }
  const deleted = () =>
    repeatLostWrite(async (attempt) => {
      const how = await neon.deleteUser(branch.id, id)
      return attempt > 0 ? 'removed' : how
    }, seeding)
  if ((await making(change, deleted)) === 'removed') record(change)
}

const warnOfVerification = (users: readonly SettingsUser[], seeding: Seeding): void => {
  if (!seeding.requiresVerification || !users.some(hasPassword)) return
  seeding.log.warning(
    'Email verification is required on this branch, so the users of `settings` cannot sign in until their address is verified. To let them sign in at once, add `email_and_password: { require_email_verification: false }` to `settings`.',
  )
}

/**
 * Creates users, missing ones first. One that most likely exists is looked for by sign-in and by
 * sign-up in turns, as the auth service limits the two separately.
 */
const seedAll = async (
  all: readonly SettingsUser[],
  seeding: Seeding,
  each: (user: SettingsUser, work: () => Promise<void>) => Promise<void>,
): Promise<void> => {
  const known = new Set<SettingsUser>()
  const { users, likely } = await missingFirst(all, async (user) => {
    const exists = await canSignIn(user, seeding)
    if (exists) known.add(user)
    return exists
  })
  for (const [index, user] of users.entries()) {
    await each(user, async () => {
      const askFirst = likely.has(user) && !known.has(user) && index % 2 === 0 && hasPassword(user)
      const exists = known.has(user) || (askFirst && (await canSignIn(user, seeding)))
      if (exists)
        seeding.log.info(`The user ${oneLine(user.email, 100)} already exists and is left alone.`)
      else await seedUser(user, seeding)
    })
  }
}

/**
 * Deletes and creates the users that the settings name, one at a time, and records those that this
 * run created. Leaves users that exist alone. Throws {@link Problem} for one that cannot be created.
 */
export const seedUsers = async (settings: Settings, seeding: Seeding): Promise<void> => {
  const { branch } = seeding
  const { users = [], delete_users = [] } = settings
  const each = async (change: UserChange, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      throw toProblem(
        error,
        `Failed on branch ${branch.name} (${branch.id}): ${userWording(change).imperative}`,
      )
    }
  }
  for (const id of delete_users) {
    await each({ change: 'delete_user', id }, () => deleteUser(id, seeding))
  }
  warnOfVerification(users, seeding)
  await seedAll(users, seeding, ({ email }, work) => each({ change: 'create_user', email }, work))
}
