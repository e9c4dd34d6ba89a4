import { RunAborted } from '../core/deadline.ts'
import { messageOf } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { MovedSchema } from '../neon/moved-schema.ts'
import type { WriteContext } from '../neon/open-databases.ts'
import type { AuthDataContext } from './context.ts'

/** Imports the code that moves and copies schemas. Few runs need it. */
export const importSchemaRestore = () => import('../neon/auth-schema-restore.ts')

/** Returns the context for reading a database of the branch, or all of them if `database` is `undefined`. */
export const databasesContext = (
  { http, deadline, log }: AuthDataContext,
  database: string | undefined,
): Omit<WriteContext, 'beforeWrite'> => ({ database, send: http.retrying, deadline, log })

/**
 * Finds the schemas that unfinished restores have moved aside on this branch, newest first. Throws `Problem` if
 * Neon or Postgres refuses.
 */
export const findMoved = async (
  context: AuthDataContext,
  database: string | undefined,
): Promise<MovedSchema[]> => {
  const { findMovedSchemas } = await importSchemaRestore()
  return findMovedSchemas(context.neon, context.branch, databasesContext(context, database))
}

const describeMoved = ({ name, database }: MovedSchema): string =>
  `A restore that did not finish has left auth data from before the close in the schema ${name} of the database ${oneLine(database.name, 80)}. Nothing is lost: run this job with \`on_orphan_schema: restore\` to bring it back. If you do not need it, drop that schema.`

/**
 * Returns a description of each schema that an unfinished restore has left on this branch. Best effort: logs a
 * failed read. Only a timeout or a cancellation propagates.
 */
export const describeUnfinishedRestores = async (
  context: AuthDataContext,
  database: string | undefined,
): Promise<string[]> => {
  try {
    return (await findMoved(context, database)).map(describeMoved)
  } catch (error) {
    if (error instanceof RunAborted) throw error
    const reason = oneLine(messageOf(error))
    context.log.info(`Could not check whether an unfinished restore has left auth data: ${reason}`)
    return []
  }
}

/** Returns the name of the database that has the newest moved schema, or `undefined` if there is none. */
export const findMovedDatabase = async (
  context: AuthDataContext,
  database: string | undefined,
): Promise<string | undefined> => {
  const [moved] = await findMoved(context, database)
  return moved?.database.name
}
