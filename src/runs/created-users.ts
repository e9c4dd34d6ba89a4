import type { ChangeContext } from '../auth/context.ts'
import { RunAborted } from '../core/deadline.ts'
import { messageOf } from '../core/problem.ts'
import { openDatabases, overSql } from '../neon/over-sql.ts'
import { expectText } from '../neon/response-checks.ts'
import { SQL_REQUEST } from '../neon/sql.ts'
import { createdUsersPattern } from '../session/user.ts'
import { deleteUsers } from '../settings/users.ts'
import type { RunContext } from './context.ts'

const UNREACHABLE = {
  why: "the branch's compute cannot be reached from this runner, or the database's owner may not read the schema neon_auth",
  fix: 'delete the users whose address starts with `neon-auth-e2e-` in the Neon Console',
}

/**
 * Returns the IDs of the users that runs of a pull request created for `e2e_session: true`. The
 * management API lists no users, so it looks over SQL. None if auth is off. If the database does not
 * answer, warns and returns none: that must not keep auth on.
 */
export const findCreatedUsers = async (
  prNumber: number | undefined,
  {
    neon,
    branch,
    http,
    deadline,
    log,
  }: Pick<ChangeContext, 'neon' | 'branch'> & Pick<RunContext, 'http' | 'deadline' | 'log'>,
): Promise<string[]> => {
  const what = `Could not look for the test users on branch ${branch.name} (${branch.id}).`
  const find = async (): Promise<string[]> => {
    const integration = await neon.getAuth(branch.id)
    if (!integration) return []
    const database = integration.db_name
    const open = await openDatabases(neon, branch, { send: http.retrying, deadline, log, database })
    const found = await Promise.all(
      open.map(({ sql }) =>
        sql(
          `SELECT id::text FROM neon_auth."user" WHERE email LIKE '${createdUsersPattern(prNumber)}'`,
        ),
      ),
    )
    return found.flat().map((row) => expectText(SQL_REQUEST, row, 'id'))
  }
  try {
    return await overSql(what, { what, ...UNREACHABLE }, find)
  } catch (error) {
    if (error instanceof RunAborted) throw error
    log.warning(`The test users that runs of this pull request created stay: ${messageOf(error)}`)
    return []
  }
}

/** Deletes the users that runs of a pull request created for `e2e_session: true`. */
export const deleteCreatedUsers = async (
  prNumber: number | undefined,
  context: ChangeContext,
  run: RunContext,
): Promise<void> => deleteUsers(await findCreatedUsers(prNumber, { ...run, ...context }), context)
