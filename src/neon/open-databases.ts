import { messageOf, Problem, type ProblemParts } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { FoundBranch } from './branches.ts'
import type { Database, NeonClient } from './client.ts'
import { withContext } from './errors.ts'
import { openDatabase, type Sql, type SqlContext } from './sql.ts'

/** Dependencies for looking at the databases of a branch. */
export interface DatabasesContext extends SqlContext {
  /** The one database to look in. Absent: all of them. */
  readonly database: string | undefined
}

/** A database of a branch, open to SQL. */
export interface OpenDatabase {
  readonly database: Database
  readonly sql: Sql
}

/** Opens the databases of a branch that `context` asks for. Throws as any request of Neon's API. */
export const openDatabases = async (
  neon: NeonClient,
  branch: FoundBranch,
  { database, ...context }: DatabasesContext,
): Promise<OpenDatabase[]> => {
  const all = await neon.listDatabases(branch.id)
  const wanted = all.filter(({ name }) => database === undefined || name === database)
  return Promise.all(
    wanted.map(async (one) => ({
      database: one,
      sql: await openDatabase(neon, branch, one, context),
    })),
  )
}

/**
 * Runs `work`. `what` names it in errors of Neon's API, and `refused` explains an error of Postgres:
 * both are thrown as {@link Problem}.
 */
export const overSql = async <T>(
  what: string,
  refused: Omit<ProblemParts, 'response' | 'cause'>,
  work: () => Promise<T>,
): Promise<T> =>
  withContext(what, async () => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'NeonDbError') throw error
      const response = `Postgres said: "${oneLine(messageOf(error))}"`
      throw new Problem({ ...refused, response, cause: error })
    }
  })
