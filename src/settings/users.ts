import { optional } from '../core/optional.ts'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { Wording } from '../core/wording.ts'
import { withContext } from '../neon/errors.ts'
import { repeatLostWrite } from '../network/lost-writes.ts'
import type { SettingsContext } from './context.ts'
import { creationOrder, hasPassword, orderUsers } from './order-users.ts'
import type { Settings, SettingsUser } from './settings.ts'
import { type SignUpContext, signUpIfMissing, type UserResult, userExists } from './sign-up.ts'

/** The dependencies for changing the users of one branch, and for recording the changes. */
interface UserChangeContext extends SettingsContext {
  /** Runs `work`, which applies `change`, and lists the change as in flight until it has an outcome. */
  readonly track: <T>(change: UserChange, work: () => Promise<T>) => Promise<T>
  /** Records a user that was created or deleted. */
  readonly record: (change: UserChange) => void
}

/** The dependencies for creating and deleting the users of one branch. */
export interface UsersContext extends UserChangeContext, SignUpContext {}

/** One write to a branch's users. */
export type UserChange =
  | {
      readonly change: 'create_user'
      readonly email: string
      /** The ID, if the user is created and the ID is known. */
      readonly id?: string
      /** The user may have existed before: the response was lost. */
      readonly may_have_existed?: true
    }
  | { readonly change: 'delete_user'; readonly id: string }

/** Describes a change of users. */
export const userWording = (change: UserChange): Wording =>
  change.change === 'create_user'
    ? {
        imperative: `Create the user ${change.email}, unless it already exists.`,
        past: change.may_have_existed
          ? `May have created the user ${change.email}: the response was lost, so the user may have existed before.`
          : `Created the user ${change.email}.`,
      }
    : {
        imperative: `Delete the user ${change.id}, if it exists.`,
        past: `Deleted the user ${change.id}.`,
      }

/** Returns the changes of users in the order in which a run applies them if no user exists. Pure. */
export const planUsers = ({ users = [], delete_users = [] }: Settings): UserChange[] => [
  ...delete_users.map((id): UserChange => ({ change: 'delete_user', id })),
  ...creationOrder(users).map(({ email }): UserChange => ({ change: 'create_user', email })),
]

/** Creates a user without a password through the management API unless the email is taken. */
const createIfMissing = async (
  { email, name = email }: SettingsUser,
  context: UsersContext,
): Promise<UserResult> => {
  const { neon, branch } = context
  return repeatLostWrite<UserResult>(async (attempt) => {
    const id = await neon.createUser(branch.id, email, name)
    if (id !== undefined) return { outcome: 'created', id }
    // If the email is taken after a lost response, the lost request most likely created the user.
    return { outcome: attempt > 0 ? 'may_be_created' : 'existed' }
  }, context)
}

/** The result for a user whom this run created, or may have created. */
type CreatedUser = Extract<UserResult, { outcome: 'created' | 'may_be_created' }>

const creationDetails = (
  creation: CreatedUser,
): Pick<Extract<UserChange, { change: 'create_user' }>, 'id' | 'may_have_existed'> =>
  creation.outcome === 'may_be_created' ? { may_have_existed: true } : optional('id', creation.id)

const rolesNotSetProblem = (
  email: string,
  roles: readonly string[],
  { outcome, id }: CreatedUser,
): Problem =>
  new Problem({
    what: `The user ${oneLine(email, 100)} ${outcome === 'created' ? 'was' : 'may have been'} created, but without the roles ${roles.join(', ')}.`,
    why:
      id === undefined
        ? 'the response with the user ID was lost, and the Neon API cannot list users'
        : `the response to the sign-up was lost, and the sign-in does not show when the user ${oneLine(id, 100)} was created, so the user may have existed before`,
    fix: 'assign the roles in the Neon Console, or delete the user there and run the job again',
  })

const assignRoles = async (
  { email, roles }: SettingsUser,
  creation: CreatedUser,
  { neon, branch, ...context }: UsersContext,
): Promise<void> => {
  if (!roles) return
  const id = creation.outcome === 'created' ? creation.id : undefined
  if (id === undefined) throw rolesNotSetProblem(email, roles, creation)
  await repeatLostWrite(() => neon.setRoles(branch.id, id, [...roles]), context)
}

const DIFFERENT_PASSWORD =
  'already exists with another password, or a webhook refused the sign-up. Better Auth does not say which if verification is required. The run did not change the user and reports no ID. Delete the user with `delete_users`, or correct the password'

const logExisting = ({ email }: SettingsUser, { log }: UsersContext): void =>
  log.info(`The user ${oneLine(email, 100)} already exists, so the run does not change it.`)

const createUser = async (user: SettingsUser, context: UsersContext): Promise<void> => {
  const { log, track, record } = context
  const { email } = user
  const creation = await track({ change: 'create_user', email }, () =>
    hasPassword(user) ? signUpIfMissing(user, context) : createIfMissing(user, context),
  )
  if (creation.outcome === 'existed') return logExisting(user, context)
  if (creation.outcome === 'different_password') {
    log.warning(`The user ${oneLine(email, 100)} ${DIFFERENT_PASSWORD}.`)
    return
  }
  record({ change: 'create_user', email, ...creationDetails(creation) })
  await assignRoles(user, creation, context)
}

const deleteUser = async (id: string, context: UserChangeContext): Promise<void> => {
  const { neon, branch, track, record } = context
  const change: UserChange = { change: 'delete_user', id }
  const remove = () =>
    repeatLostWrite(async (attempt) => {
      const result = await neon.deleteUser(branch.id, id)
      // After a lost response, a missing user was most likely deleted by the lost request.
      return attempt > 0 ? 'removed' : result
    }, context)
  if ((await track(change, remove)) === 'removed') record(change)
}

/**
 * Creates users in the order of {@link orderUsers}. Checks users who most likely exist by alternating between sign-in
 * and sign-up, because the auth service limits each separately. Throws {@link Problem}.
 */
const createUsers = async (
  settingsUsers: readonly SettingsUser[],
  context: UsersContext,
): Promise<void> => {
  const existing = new Set<SettingsUser>()
  const { users, likelyExisting } = await orderUsers(settingsUsers, async (user) => {
    const exists = await userExists(user, context)
    if (exists) existing.add(user)
    return exists
  })
  for (const [index, user] of users.entries()) {
    await explainFailure({ change: 'create_user', email: user.email }, context, async () => {
      const signsInFirst = likelyExisting.has(user) && index % 2 === 0 && hasPassword(user)
      const exists = existing.has(user) || (signsInFirst && (await userExists(user, context)))
      if (exists) logExisting(user, context)
      else await createUser(user, context)
    })
  }
}

/** Runs `work`, which applies `change`. If a request fails, throws a {@link Problem} that names the change. */
const explainFailure = (
  change: UserChange,
  { branch }: UserChangeContext,
  work: () => Promise<void>,
): Promise<void> =>
  withContext(
    `Failed on branch ${branch.name} (${branch.id}): ${userWording(change).imperative}`,
    work,
  )

/** Deletes users one at a time, and records each deletion. Skips missing users. Throws {@link Problem}. */
export const deleteUsers = async (
  ids: readonly string[],
  context: UserChangeContext,
): Promise<void> => {
  for (const id of ids)
    await explainFailure({ change: 'delete_user', id }, context, () => deleteUser(id, context))
}

/**
 * Deletes and creates the users in the settings one at a time, and records each change. Does not change
 * existing users. Throws {@link Problem} if a user cannot be deleted or created.
 */
export const seedUsers = async (settings: Settings, context: UsersContext): Promise<void> => {
  const { users = [], delete_users = [] } = settings
  await deleteUsers(delete_users, context)
  await createUsers(users, context)
}
