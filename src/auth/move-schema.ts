import { RunAborted } from '../core/deadline.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { MOVED_PREFIX } from '../neon/moved-name.ts'
import type { MovedSchema } from '../neon/moved-schema.ts'
import type { WriteContext } from '../neon/open-databases.ts'
import { findLostWrite } from '../network/lost-writes.ts'
import { assertStillOff, confirmSqlRemoval, unlessTurnedOn } from './assert-still-off.ts'
import type { ChangeContext } from './context.ts'
import { databasesContext, findMoved, importSchemaRestore } from './moved-data.ts'
import { type Change, sentence } from './plan.ts'
import { confirmBranch } from './preconditions.ts'

/** The name of a moved schema in a plan, before its exact name is known. */
export const PLANNED_NAME = `${MOVED_PREFIX}…`

/** Returns the context for statements that change a database. `beforeWrite` runs before each attempt. */
export const writeContext = (
  context: ChangeContext,
  database: string | undefined,
  beforeWrite: () => Promise<void>,
): WriteContext => ({ ...databasesContext(context, database), beforeWrite })

const rethrowAbort = (error: unknown): undefined => {
  if (error instanceof RunAborted) throw error
}

const moveChange = (
  change: 'move_auth_data_aside' | 'move_auth_data_back',
  { name, database }: MovedSchema,
): Change => ({ change, schema: name, database: database.name })

/**
 * Moves the leftover `neon_auth` schema aside, so that Neon can enable auth. Confirm first that the
 * schema is a leftover. Returns `undefined` if there is no such schema, or if another run has enabled auth.
 * Throws {@link Problem} if Neon or Postgres refuses, and the errors of {@link confirmSqlRemoval}.
 */
export const moveAside = async (
  context: ChangeContext,
  database: string | undefined,
): Promise<MovedSchema | undefined> => {
  const { neon, branch, log, runId } = context
  const confirm = () => confirmSqlRemoval(context)
  // The exact name contains the schema's `oid`, which is not known yet.
  const change: Change = {
    change: 'move_auth_data_aside',
    schema: PLANNED_NAME,
    ...(database !== undefined && { database }),
  }
  log.info(sentence(change))
  const { moveSchemaAside } = await importSchemaRestore()
  const move = async (): Promise<MovedSchema | undefined> => {
    try {
      return await moveSchemaAside(neon, branch, runId, writeContext(context, database, confirm))
    } catch (error) {
      if (error instanceof RunAborted || !findLostWrite(error)) throw error
      // If it was moved, the caller checks again whether the run may go on, and otherwise moves it back.
      const moved = await findMoved(context, database).catch(rethrowAbort)
      const own = moved?.find(({ run }) => run === runId)
      if (!own) throw error
      return own
    }
  }
  const moved = await unlessTurnedOn(() => context.track(change, move), context)
  if (moved) context.record(moveChange('move_auth_data_aside', moved))
  return moved
}

/** Throws unless the branch may be changed and its auth is off. Accepts a closed pull request. */
const assertMayMoveBack = async (context: ChangeContext): Promise<void> => {
  const { neon, branch, allowProtected } = context
  await Promise.all([confirmBranch(neon, branch, allowProtected), assertStillOff(context)])
}

const notMovedBackProblem = (
  { name, database }: MovedSchema,
  error: unknown,
  cause: unknown,
): Problem =>
  new Problem({
    what: `${messageOf(error)}\nThe auth data is in the schema ${name} of the database ${database.name}, and this run could not move it back. Nothing is lost.`,
    response: messageOf(cause),
    fix: `run this job again with \`on_orphan_schema: restore\`: it finds that schema and finishes the restore. To move it back by hand, run ALTER SCHEMA ${name} RENAME TO neon_auth in the Neon Console (SQL Editor)`,
    cause: error,
  })

/**
 * Moves back a schema that {@link moveAside} moved, because `error` kept this run from enabling auth. Does
 * nothing if `error` aborts the run, because the next run finds the schema. Throws {@link Problem} if the
 * schema cannot be moved back.
 */
export const undoMove = async (
  moved: MovedSchema,
  error: unknown,
  context: ChangeContext,
): Promise<void> => {
  if (error instanceof RunAborted) return
  const { neon, branch, log } = context
  const change = moveChange('move_auth_data_back', moved)
  log.info(sentence(change))
  const options = writeContext(context, moved.database.name, () => assertMayMoveBack(context))
  const { moveSchemaBack } = await importSchemaRestore()
  try {
    const isBack = await context.track(change, () => moveSchemaBack(neon, branch, moved, options))
    if (!isBack) throw new Error('there is already a new neon_auth schema')
    context.record(change)
  } catch (cause) {
    if (cause instanceof RunAborted) throw cause
    throw notMovedBackProblem(moved, error, cause)
  }
}
