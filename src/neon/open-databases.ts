import { messageOf, Problem, type ProblemParts } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { SendChecked } from '../network/messages.ts'
import type { FoundBranch } from './branches.ts'
import type { Database, NeonClient } from './client.ts'
import { withContext } from './errors.ts'
import { openDatabase, type Sql, type SqlContext } from './sql.ts'

/** The dependencies for reading the databases of a branch. */
export interface DatabasesContext extends SqlContext {
  /** The database to read. `undefined` for all of them. */
  readonly database: string | undefined
}

/** The dependencies for a statement that changes something. */
export interface WriteContext extends DatabasesContext {
  readonly send: SendChecked
  /** Runs right before every attempt of the statement. If it throws, the statement is not sent. */
  readonly beforeWrite: () => Promise<void>
}

/** Returns a context whose statements run `beforeWrite` right before every attempt. */
export const withBeforeWrite = ({ beforeWrite, ...context }: WriteContext): DatabasesContext => ({
  ...context,
  send: (request) => context.send({ ...request, beforeAttempt: beforeWrite }),
})

/** A database of a branch that is open for SQL. */
export interface OpenDatabase {
  readonly database: Database
  readonly sql: Sql
}

/** Opens the databases of a branch that `context` selects. Throws the errors of {@link NeonClient}. */
export const openDatabases = async (
  neon: NeonClient,
  branch: FoundBranch,
  context: DatabasesContext,
): Promise<OpenDatabase[]> => {
  const selected = (await neon.listDatabases(branch.id)).filter(
    ({ name }) => context.database === undefined || name === context.database,
  )
  return Promise.all(
    selected.map(async (database) => ({
      database,
      sql: await openDatabase(neon, branch, database, context),
    })),
  )
}

/**
 * Runs `work` and returns its result. Converts a Neon API error to a {@link Problem} that starts with `what`,
 * and a Postgres error to one with the parts in `refused`.
 */
export const withSqlContext = async <T>(
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
