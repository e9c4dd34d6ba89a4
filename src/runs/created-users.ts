import type { ChangeContext } from '../auth/context.ts'
import { BranchGone } from '../auth/grounds.ts'
import { RunAborted } from '../core/deadline.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { type OpenDatabase, openDatabases, overSql } from '../neon/over-sql.ts'
import { expectText } from '../neon/response-checks.ts'
import { SQL_REQUEST } from '../neon/sql.ts'
import type { Send } from '../network/messages.ts'
import { pollUntil } from '../network/poll.ts'
import { createdUsersPattern } from '../session/user.ts'
import { deleteUsers } from '../settings/users.ts'
import type { RunContext } from './context.ts'

const UNREACHABLE = {
  why: "the branch's compute cannot be reached from this runner, or the database's owner may not read the schema neon_auth",
  fix: 'delete the users whose address starts with `neon-auth-e2e-` in the Neon Console',
}

/** How long one request to the database may take, in ms. */
const LONGEST_ATTEMPT_MS = 10_000
/** How long to ask a database that is busy, in ms. Turning auth off needs the rest of the time. */
const PATIENCE_MS = 30_000
const PATIENCE_SHARE = 0.3

/** What looking for the users needs. */
type SearchContext = Pick<ChangeContext, 'neon' | 'branch'> &
  Pick<RunContext, 'http' | 'deadline' | 'log'>

/** Whether the database's proxy answered, and not Postgres, whose errors have a code. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && error.name === 'NeonDbError' && !('code' in error && error.code)

/** Opens the database that holds the branch's users. None if auth is off. */
const openUsers = async ({
  neon,
  branch,
  http,
  deadline,
  log,
}: SearchContext): Promise<OpenDatabase[]> => {
  const integration = await neon.getAuth(branch.id)
  if (!integration) return []
  const database = integration.db_name
  // Not retried until the deadline, because the close goes on without an answer.
  const send: Send = (request) => http.once({ ...request, longestMs: LONGEST_ATTEMPT_MS })
  return openDatabases(neon, branch, { send, deadline, log, database })
}

const readIds = async (open: readonly OpenDatabase[], pattern: string): Promise<string[]> => {
  const statement = `SELECT id::text FROM neon_auth."user" WHERE email LIKE '${pattern}'`
  const found = await Promise.all(open.map(({ sql }) => sql(statement)))
  return found.flat().map((row) => expectText(SQL_REQUEST, row, 'id'))
}

/** Looks for the users, and again for a while if the database is busy. */
const patiently = async (
  find: () => Promise<string[]>,
  { deadline }: SearchContext,
): Promise<string[]> => {
  const { value } = await pollUntil<{ ids: string[] } | { busy: unknown }>({
    deadline,
    patienceMs: Math.min(PATIENCE_MS, deadline.remaining() * PATIENCE_SHARE),
    waitingFor: 'looking for the test users',
    attempt: async () => {
      try {
        return { done: true, value: { ids: await find() } }
      } catch (error) {
        if (!isBusy(error)) throw error
        return { done: false, value: { busy: error } }
      }
    },
  })
  if ('busy' in value) throw value.busy
  return value.ids
}

const warnThatTheyStay = (error: unknown, { log }: Pick<SearchContext, 'log'>): void =>
  log.warning(`The test users that runs of this pull request created stay: ${messageOf(error)}`)

/**
 * Returns the IDs of the users that runs of a pull request created for `e2e_session: true`. The
 * management API lists no users, so it looks over SQL. None if auth is off. If the database does not
 * answer, warns and returns none: that must not keep auth on.
 */
export const findCreatedUsers = async (
  prNumber: number | undefined,
  context: SearchContext,
): Promise<string[]> => {
  const { branch } = context
  const what = `Could not look for the test users on branch ${branch.name} (${branch.id}).`
  try {
    return await overSql(what, { what, ...UNREACHABLE }, async () => {
      const open = await openUsers(context)
      return patiently(() => readIds(open, createdUsersPattern(prNumber)), context)
    })
  } catch (error) {
    if (error instanceof RunAborted) throw error
    warnThatTheyStay(error, context)
    return []
  }
}

/**
 * Deletes the users that runs of a pull request created for `e2e_session: true`. If one cannot be deleted,
 * warns: that must not keep auth on.
 */
export const deleteCreatedUsers = async (
  prNumber: number | undefined,
  context: ChangeContext,
  run: RunContext,
): Promise<void> => {
  const ids = await findCreatedUsers(prNumber, { ...run, ...context })
  try {
    await deleteUsers(ids, context)
  } catch (error) {
    const endsRun = error instanceof RunAborted || error instanceof BranchGone
    if (endsRun || !(error instanceof Problem)) throw error
    warnThatTheyStay(error, context)
  }
}
