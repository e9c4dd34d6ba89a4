import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import { toProblem } from '../neon/errors.ts'
import { LostResponseError } from '../network/errors.ts'
import type { Http } from '../network/http.ts'
import { repeatLostWrite } from '../network/lost-writes.ts'
import {
  errorText,
  type HttpResponse,
  isInvalidOrigin,
  isSuccess,
  jsonFields,
} from '../network/messages.ts'
import { backoffMs } from '../network/retry.ts'
import type { Settings, SettingsUser } from './settings.ts'

/** What seeding users needs of the world. */
export interface Seeding {
  readonly neon: NeonClient
  readonly http: Http
  readonly branch: FoundBranch
  readonly deadline: Deadline
  readonly log: Log
  readonly baseUrl: string
  /** An origin that the branch trusts: sign-up is refused from any other. */
  readonly origin: string
  /** Email addresses must be verified: signing up somebody twice then looks like signing up. */
  readonly verifies: boolean
  /** Lets people sign up for the moment, where that is closed. */
  readonly openSignUp: () => Promise<void>
  /** Makes a change: while `work` is under way, a run that is stopped cannot know whether it was made. */
  readonly making: <T>(change: UserChange, work: () => Promise<T>) => Promise<T>
  /** Told of every user that was made or deleted. */
  readonly record: (change: UserChange) => void
}

/** One write to a branch's users. */
export type UserChange =
  | {
      readonly change: 'create_user'
      readonly email: string
      /** Once it is made: its id, where Neon told it. */
      readonly id?: string
    }
  | { readonly change: 'delete_user'; readonly id: string }

/** A change of users as an English sentence. */
export const userSentence = (change: UserChange): string =>
  change.change === 'create_user'
    ? `Create the user ${change.email}, unless there is one.`
    : `Delete the user ${change.id}, if there is one.`

/** What is to be done about users, in the order in which it is done. Pure. */
export const planUsers = ({ users = [], delete_users = [] }: Settings): UserChange[] => [
  ...delete_users.map((id): UserChange => ({ change: 'delete_user', id })),
  ...users.map(({ email }): UserChange => ({ change: 'create_user', email })),
]

const post = async (path: string, body: object, seeding: Seeding): Promise<HttpResponse> => {
  const { http, baseUrl, origin, deadline, log } = seeding
  const url = `${baseUrl}${path}`
  for (let attempt = 0; ; attempt++) {
    const headers = { origin, 'content-type': 'application/json', 'sec-fetch-mode': 'cors' }
    const call = { method: 'POST', path: url, url, headers, body: JSON.stringify(body) } as const
    const answer = await http.retrying(call)
    const pause = 500 + backoffMs(attempt)
    if (!isInvalidOrigin(answer) || pause >= deadline.remaining()) return answer
    log.info(`${origin} is not trusted yet; signing up again in ${(pause / 1000).toFixed(1)} s`)
    await deadline.sleep(pause, `${origin} was to be trusted`)
  }
}

const idOf = ({ user }: Record<string, unknown>): string | undefined => {
  const id = (user as { id?: unknown } | undefined)?.id
  return typeof id === 'string' ? id : undefined
}

/** Whether there is such a user, with this password: signed in, or only not verified yet. */
const exists = async (
  { email, password }: SettingsUser,
  seeding: Seeding,
): Promise<{ found: boolean; id?: string | undefined }> => {
  const answer = await post('/sign-in/email', { email, password }, seeding)
  const fields = jsonFields(answer)
  return { found: isSuccess(answer) || fields['code'] === 'EMAIL_NOT_VERIFIED', id: idOf(fields) }
}

const signUpRefused = (user: SettingsUser, answer: HttpResponse): Problem => {
  const tried = {
    what: `Could not sign up the user ${oneLine(user.email, 100)}.`,
    answer: `The auth service answered ${answer.status} to POST /sign-up/email: ${oneLine(errorText(answer)) || '(no message)'}`,
  }
  if (answer.status === 429) {
    const why = 'the auth service limits how many sign-ups it takes in a short time'
    return new Problem({
      ...tried,
      why,
      fix: 'run the job again, or give it longer with `timeout`',
    })
  }
  return new Problem({
    ...tried,
    why: 'sign-up with email and password is off (`email_and_password`), the password is too weak, or a webhook refused the user',
    fix: 'change the password, or leave it out: the user is then made without one',
  })
}

const CLOSED = 'EMAIL_PASSWORD_SIGN_UP_DISABLED'
const OPENING_ATTEMPTS = 8

const trySignUp = (
  { email, password, name = email }: SettingsUser,
  seeding: Seeding,
): Promise<HttpResponse> => post('/sign-up/email', { email, password, name }, seeding)

/** A user that this run made; the id may not be known. `there`: somebody else made it. */
type Made = { readonly id?: string | undefined } | 'there'

/** Signs up where sign-up has just been opened: the auth service may need a moment to know. */
const signUpOpened = async (user: SettingsUser, seeding: Seeding): Promise<HttpResponse> => {
  await seeding.openSignUp()
  for (let attempt = 0; ; attempt++) {
    const answer = await trySignUp(user, seeding)
    const pause = backoffMs(attempt)
    const late = attempt >= OPENING_ATTEMPTS || pause >= seeding.deadline.remaining()
    if (jsonFields(answer)['code'] !== CLOSED || late) return answer
    await seeding.deadline.sleep(pause, 'sign-up was to be open')
  }
}

const signUp = async (user: SettingsUser, seeding: Seeding): Promise<Made> => {
  if (seeding.verifies && (await exists(user, seeding)).found) return 'there'
  let answer = await trySignUp(user, seeding)
  if (jsonFields(answer)['code'] === CLOSED) {
    // A user that is there was made by an earlier run, before sign-up was closed.
    if ((await exists(user, seeding)).found) return 'there'
    answer = await signUpOpened(user, seeding)
  }
  const fields = jsonFields(answer)
  if (String(fields['code']).startsWith('USER_ALREADY_EXISTS')) return 'there'
  if (!isSuccess(answer)) throw signUpRefused(user, answer)
  return { id: idOf(fields) }
}

/** A sign-up whose answer was lost: signing in tells whether it had its effect, and the id. */
const signUpOnce = async (user: SettingsUser, seeding: Seeding): Promise<Made> => {
  try {
    return await signUp(user, seeding)
  } catch (error) {
    if (!(error instanceof LostResponseError)) throw error
    const { found, id } = await exists(user, seeding)
    return found ? { id } : signUp(user, seeding)
  }
}

/** Through the management API; taken after a lost answer, the lost call has made the user. */
const createOnce = async (user: SettingsUser, seeding: Seeding): Promise<Made> => {
  const { neon, branch } = seeding
  const { email, name = email } = user
  return repeatLostWrite<Made>(async (attempt) => {
    const id = await neon.createUser(branch.id, email, name)
    if (id !== undefined) return { id }
    return attempt > 0 ? {} : 'there'
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
      what: `The user ${oneLine(email, 100)} was made, but not given the roles ${roles.join(', ')}.`,
      why: 'the answer with its id was lost, and Neon lists no users',
      fix: 'give the roles in the Neon Console, or delete the user there and run this again',
    })
  }
  await repeatLostWrite(() => neon.setRoles(branch.id, id, [...roles]), seeding)
}

const seedUser = async (user: SettingsUser, seeding: Seeding): Promise<void> => {
  const { log, making, record } = seeding
  const { email } = user
  const made = await making({ change: 'create_user', email }, () =>
    user.password ? signUpOnce(user, seeding) : createOnce(user, seeding),
  )
  if (made === 'there') {
    log.info(`The user ${oneLine(email, 100)} is there already and is left alone.`)
    return
  }
  record({ change: 'create_user', email, ...(made.id !== undefined && { id: made.id }) })
  await giveRoles(user, made.id, seeding)
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

/**
 * Deletes and creates the users that the settings name, one after another, and records those that
 * this run made. Users that exist are left alone. Throws {@link Problem} for one that cannot be made.
 */
export const seedUsers = async (settings: Settings, seeding: Seeding): Promise<void> => {
  const { branch } = seeding
  const each = async (change: UserChange, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      throw toProblem(
        error,
        `Failed on branch ${branch.name} (${branch.id}): ${userSentence(change)}`,
      )
    }
  }
  for (const id of settings.delete_users ?? []) {
    await each({ change: 'delete_user', id }, () => deleteUser(id, seeding))
  }
  for (const user of settings.users ?? []) {
    await each({ change: 'create_user', email: user.email }, () => seedUser(user, seeding))
  }
}
