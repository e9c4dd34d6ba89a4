import { RunAborted } from '../core/deadline.ts'
import { Problem } from '../core/problem.ts'
import { bulletList, oneLine } from '../core/text.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { CreateAuthResult, NeonClient } from '../neon/client.ts'
import { describeErrorResponse, isAccessDenied, NeonApiError } from '../neon/errors.ts'

/** Neon does not document its status for an unknown database. */
const UNKNOWN_DATABASE_STATUSES = [400, 404, 422]

const readDatabaseNames = async (
  neon: NeonClient,
  branch: FoundBranch,
): Promise<string[] | undefined> => {
  try {
    return (await neon.listDatabases(branch.id)).map(({ name }) => name)
  } catch (error) {
    if (error instanceof RunAborted) throw error
    // The error of `createAuth` matters more.
    return undefined
  }
}

/**
 * Enables Neon Auth with one request, as {@link NeonClient.createAuth} does. If `database` does not exist, throws
 * a {@link Problem} that lists the databases of the branch.
 */
export const createAuthIn = async (
  database: string | undefined,
  branch: FoundBranch,
  neon: NeonClient,
): Promise<CreateAuthResult> => {
  try {
    return await neon.createAuth(branch.id, database)
  } catch (error) {
    const mayBeUnknownDatabase =
      error instanceof NeonApiError &&
      UNKNOWN_DATABASE_STATUSES.includes(error.status) &&
      !isAccessDenied(error)
    if (database === undefined || !mayBeUnknownDatabase) throw error
    const names = await readDatabaseNames(neon, branch)
    if (!names || names.includes(database)) throw error
    throw new Problem({
      what: `The branch ${branch.name} (${branch.id}) has no database named "${oneLine(database, 100)}" (the input \`database\`). It has:\n${bulletList(names.map((name) => oneLine(name, 100)))}`,
      response: describeErrorResponse(error),
      fix: "set `database` to one of these, or remove it to use the project's default database",
      cause: error,
    })
  }
}
