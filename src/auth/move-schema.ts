import { RunAborted } from '../core/deadline.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { MOVED_PREFIX } from '../neon/moved-name.ts'
import type { MovedSchema } from '../neon/moved-schema.ts'
import type { WriteContext } from '../neon/open-databases.ts'
import { assertStillOff, unlessTurnedOn } from './assert-still-off.ts'
import { type ChangeContext, PullRequestClosed } from './context.ts'
import { loadSchemas, reading } from './moved-data.ts'
import { type Change, sentence } from './plan.ts'

/** The name of a moved schema in a plan, before its real name is known. */
export const MOVED_NAME = `${MOVED_PREFIX}…`

/** Returns what a statement needs that changes something: `beforeWrite` confirms each attempt. */
export const writing = (
  context: ChangeContext,
  database: string | undefined,
  beforeWrite: () => Promise<void>,
): WriteContext => ({ ...reading(context, database), beforeWrite })

const moveOf = (
  change: 'move_auth_data_aside' | 'move_auth_data_back',
  { name, database }: MovedSchema,
): Change => ({ change, schema: name, database: database.name })

/**
 * Moves the leftover `neon_auth` schema aside, so that Neon can enable auth. Call it only if nothing
 * but a leftover explains the state. `undefined`: there is no such schema, or another run enables auth
 * meanwhile. Throws as its preconditions do, and {@link Problem} if Neon or Postgres refuses.
 */
export const moveAside = async (
  context: ChangeContext,
  database: string | undefined,
): Promise<MovedSchema | undefined> => {
  const { neon, branch, preconditions, log, runId } = context
  const confirm = async (): Promise<void> => {
    await preconditions.beforeWrite('removal')
    await Promise.all([context.assertKnownOpen(), assertStillOff(context)])
  }
  // Its exact name is known once the schema was found.
  const change: Change = {
    change: 'move_auth_data_aside',
    schema: MOVED_NAME,
    ...(database !== undefined && { database }),
  }
  log.info(sentence(change))
  const schemas = await loadSchemas()
  const move = () =>
    schemas.moveSchemaAside(neon, branch, runId, writing(context, database, confirm))
  const moved = await unlessTurnedOn(() => context.track(change, move), 'moved', context)
  if (moved) context.record(moveOf('move_auth_data_aside', moved))
  return moved
}

/** Moving back needs the branch, and auth that is off. The pull request may be closed. */
const mayMoveBack = async (context: ChangeContext): Promise<void> => {
  try {
    await context.preconditions.confirm()
  } catch (error) {
    if (!(error instanceof PullRequestClosed)) throw error
  }
  await assertStillOff(context)
}

const stillMoved = ({ name, database }: MovedSchema, error: unknown, cause: unknown): Problem =>
  new Problem({
    what: `${messageOf(error)}\nThe auth data is in the schema ${name} of the database ${database.name}, and this run could not move it back. Nothing is lost.`,
    response: messageOf(cause),
    fix: `run this job again with \`on_orphan_schema: restore\`: it finds that schema and finishes the job. To move it back by hand, run ALTER SCHEMA ${name} RENAME TO neon_auth in the Neon Console (SQL Editor)`,
    cause: error,
  })

/**
 * Moves a schema back that {@link moveAside} moved, because `error` keeps this run from enabling auth.
 * Does nothing once the run has no time left: the next one finds the schema. Throws {@link Problem} if
 * the schema cannot be moved back.
 */
export const undoMove = async (
  moved: MovedSchema,
  error: unknown,
  context: ChangeContext,
): Promise<void> => {
  if (error instanceof RunAborted) return
  const { neon, branch, log } = context
  const change = moveOf('move_auth_data_back', moved)
  log.info(sentence(change))
  const options = writing(context, moved.database.name, () => mayMoveBack(context))
  const schemas = await loadSchemas()
  try {
    const isBack = await context.track(change, () =>
      schemas.moveSchemaBack(neon, branch, moved, options),
    )
    if (!isBack) throw new Error('there is a new neon_auth schema already')
    context.record(change)
  } catch (cause) {
    if (cause instanceof RunAborted) throw cause
    throw stillMoved(moved, error, cause)
  }
}
