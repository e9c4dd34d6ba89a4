import { RunAborted } from '../core/deadline.ts'
import { messageOf } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { MovedSchema } from '../neon/moved-schema.ts'
import type { DatabasesContext } from '../neon/open-databases.ts'
import type { ChangeContext } from './context.ts'

/** Loads what moves and copies schemas, as hardly any run needs it. */
export const loadSchemas = () => import('../neon/auth-schema-restore.ts')

/** What looking for moved auth data needs. */
export type Looking = Pick<ChangeContext, 'neon' | 'branch' | 'http' | 'deadline' | 'log'>

/** Returns what reading a database of the branch needs. `undefined`: all of its databases. */
export const reading = (
  { http, deadline, log }: Looking,
  database: string | undefined,
): DatabasesContext => ({ database, send: http.retrying, deadline, log })

/**
 * Returns the auth data that a restore has moved aside on this branch and not finished, the newest
 * first. Throws `Problem` if Neon or Postgres refuses.
 */
export const movedOn = async (
  context: Looking,
  database: string | undefined,
): Promise<MovedSchema[]> => {
  const { findMovedSchemas } = await loadSchemas()
  return findMovedSchemas(context.neon, context.branch, reading(context, database))
}

/** Says where such a schema is, and how to get its data back. */
const whereItIs = ({ name, database }: MovedSchema): string =>
  `A restore that did not finish has left auth data from before the close in the schema ${name} of the database ${oneLine(database.name, 80)}. Nothing of it is lost: run this job with \`on_orphan_schema: restore\` to bring it back. If you do not need it, drop that schema.`

/**
 * Returns a sentence for each schema that an interrupted restore has left on this branch, for a run that
 * leaves it alone. Best effort: what cannot be read is logged. Only a timeout or a
 * cancellation propagates.
 */
export const unfinishedRestores = async (
  context: Looking,
  database: string | undefined,
): Promise<string[]> => {
  try {
    return (await movedOn(context, database)).map(whereItIs)
  } catch (error) {
    if (error instanceof RunAborted) throw error
    const why = oneLine(messageOf(error))
    context.log.info(`Could not check whether an interrupted restore has left auth data: ${why}`)
    return []
  }
}

/** Returns the database with the auth data that a restore has moved aside, or `undefined`. */
export const databaseOfMoved = async (
  context: Looking,
  database: string | undefined,
): Promise<string | undefined> => {
  const [moved] = await movedOn(context, database)
  return moved?.database.name
}
