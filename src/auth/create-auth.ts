import { RunAborted } from '../core/deadline.ts'
import { Problem } from '../core/problem.ts'
import { bulletList, oneLine } from '../core/text.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { CreateAuthResult, NeonClient } from '../neon/client.ts'
import { describeRefusal, isRefusal, NeonApiError } from '../neon/errors.ts'

/** Statuses that can mean an unknown database. Neon's documentation does not name the one it uses. */
const POSSIBLE_STATUSES = [400, 404, 422]

const databaseNames = async (
  neon: NeonClient,
  branch: FoundBranch,
): Promise<string[] | undefined> => {
  try {
    return (await neon.listDatabases(branch.id)).map(({ name }) => name)
  } catch (error) {
    if (error instanceof RunAborted) throw error
    return undefined
  }
}

/**
 * Enables Neon Auth with one request, as {@link NeonClient.createAuth} does. If the branch has no such
 * `database`, throws a {@link Problem} that lists those it has.
 */
export const createAuthIn = async (
  database: string | undefined,
  branch: FoundBranch,
  neon: NeonClient,
): Promise<CreateAuthResult> => {
  try {
    return await neon.createAuth(branch.id, database)
  } catch (error) {
    const mayBeUnknown =
      error instanceof NeonApiError && POSSIBLE_STATUSES.includes(error.status) && !isRefusal(error)
    if (database === undefined || !mayBeUnknown) throw error
    const names = await databaseNames(neon, branch)
    if (!names || names.includes(database)) throw error
    throw new Problem({
      what: `The branch ${branch.name} (${branch.id}) has no database named "${oneLine(database, 100)}", which the input \`database\` names. It has:\n${bulletList(names.map((name) => oneLine(name, 100)))}`,
      response: describeRefusal(error),
      fix: "set `database` to one of these, or remove it to use the project's default database",
      cause: error,
    })
  }
}
