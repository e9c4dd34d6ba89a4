import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { NeonClient } from '../neon/client.ts'
import { type OpenDatabase, openDatabases, withSqlContext } from '../neon/open-databases.ts'
import { expectText } from '../neon/response-checks.ts'
import { SQL_REQUEST } from '../neon/sql.ts'
import type { Http } from '../network/http.ts'
import type { Send } from '../network/messages.ts'
import { pollUntil } from '../network/poll.ts'
import { createdUsersPattern } from './user-address.ts'

const UNREACHABLE = {
  why: "the branch's compute cannot be reached from this runner, or the database's owner may not read the schema neon_auth",
  fix: 'delete the users whose address starts with `neon-auth-e2e-` in the Neon Console',
}

/** How long one request to the database may take, in ms. */
const MAX_ATTEMPT_MS = 10_000
/** How long to retry while the database is busy, in ms. */
const PATIENCE_MS = 30_000
/** The share of the remaining time that the retries may use. Disabling auth needs the rest. */
const PATIENCE_SHARE = 0.3

/** The dependencies for finding the users that runs created. */
export interface SearchContext {
  readonly neon: NeonClient
  readonly branch: FoundBranch
  readonly http: Http
  readonly deadline: Deadline
  readonly log: Log
}

/** Returns whether an error comes from the database's proxy. Postgres's own errors have a code. */
const isProxyError = (error: unknown): boolean =>
  error instanceof Error && error.name === 'NeonDbError' && !('code' in error && error.code)

/** Opens the database that auth uses, or all databases if Neon does not name it. Returns none if auth is off. */
const openAuthDatabases = async ({
  neon,
  branch,
  http,
  deadline,
  log,
}: SearchContext): Promise<OpenDatabase[]> => {
  const auth = await neon.getAuth(branch.id)
  if (!auth) return []
  // Does not retry until the deadline, because closing can continue without the users.
  const send: Send = (request) => http.once({ ...request, maxAttemptMs: MAX_ATTEMPT_MS })
  return openDatabases(neon, branch, { send, deadline, log, database: auth.db_name })
}

/** Returns whether Postgres has no such table (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const isTableMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '42P01'

/** Returns the IDs of matching users. Skips a database without a users table, unless no database has one. */
const readIds = async (databases: readonly OpenDatabase[], pattern: string): Promise<string[]> => {
  const statement = `SELECT id::text FROM neon_auth."user" WHERE email LIKE '${pattern}'`
  const results = await Promise.allSettled(databases.map(({ sql }) => sql(statement)))
  const failures = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  )
  const failure =
    failures.find((error) => !isTableMissing(error)) ??
    (failures.length === results.length ? failures[0] : undefined)
  if (failure) throw failure
  return results
    .flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    .map((row) => expectText(SQL_REQUEST, row, 'id'))
}

/** Runs `findIds`, and retries for a while if the database is busy. */
const retryWhileBusy = async (
  findIds: () => Promise<string[]>,
  { deadline }: SearchContext,
): Promise<string[]> => {
  const { value } = await pollUntil<{ ids: string[] } | { busy: unknown }>({
    deadline,
    patienceMs: Math.min(PATIENCE_MS, deadline.remaining() * PATIENCE_SHARE),
    waitingFor: 'looking for the test users',
    attempt: async () => {
      try {
        return { done: true, value: { ids: await findIds() } }
      } catch (error) {
        if (!isProxyError(error)) throw error
        return { done: false, value: { busy: error } }
      }
    },
  })
  if ('busy' in value) throw value.busy
  return value.ids
}

/**
 * Returns the IDs of the users that runs of a pull request created for `e2e_session: true`. Uses SQL,
 * because the management API cannot list users. Returns an empty array if auth is off. Throws `Problem` if Neon
 * or the database refuses or does not answer.
 */
export const findCreatedUsers = async (
  prNumber: number | undefined,
  context: SearchContext,
): Promise<string[]> => {
  const { branch } = context
  const what = `Could not look for the test users on branch ${branch.name} (${branch.id}).`
  return withSqlContext(what, { what, ...UNREACHABLE }, async () => {
    const databases = await openAuthDatabases(context)
    return retryWhileBusy(() => readIds(databases, createdUsersPattern(prNumber)), context)
  })
}
