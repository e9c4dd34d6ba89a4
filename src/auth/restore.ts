import { RunAborted } from '../core/deadline.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { Restored, WriteContext } from '../neon/auth-schema-restore.ts'
import { isYoung } from '../neon/branches.ts'
import { MOVED_PREFIX } from '../neon/moved-name.ts'
import type { MovedSchema } from '../neon/moved-schema.ts'
import { findAuthSchema } from '../neon/orphan-schema.ts'
import { type ChangeContext, PullRequestClosed } from './context.ts'
import { type Change, type Desired, type RestoreAuthData, sentence } from './plan.ts'
import { configOf, withConfig } from './restored-settings.ts'

/** Loads what moves and copies schemas, as hardly any run needs it. */
const loadSchemas = () => import('../neon/auth-schema-restore.ts')

/** How a moved schema is called before its name is known. */
const MOVED_NAME = `${MOVED_PREFIX}…`

const writing = (
  { http, deadline, log }: ChangeContext,
  database: string | undefined,
  beforeWrite: () => Promise<void>,
): WriteContext => ({ database, send: http.retrying, deadline, log, beforeWrite })

const moveOf = (
  change: 'move_auth_data_aside' | 'move_auth_data_back',
  { name, database }: MovedSchema,
): Change => ({ change, schema: name, database: database.name })

const unexpectedlyOn = ({ branch }: ChangeContext): Problem =>
  new Problem({
    what: `Neon Auth was enabled on branch ${branch.name} (${branch.id}) while this run was about to move its leftover data.`,
    why: 'another run or a person enabled it at this very moment',
    fix: 'run this job again',
  })

const assertOff = async (context: ChangeContext): Promise<void> => {
  if (await context.neon.getAuth(context.branch.id)) throw unexpectedlyOn(context)
}

/**
 * Moves the leftover `neon_auth` schema aside, so that Neon can enable auth. Call it only if nothing
 * but a leftover explains the state. `undefined`: there is no such schema. Throws as its grounds do,
 * and {@link Problem} if auth is on by now, or Neon or Postgres refuses.
 */
export const moveAside = async (
  context: ChangeContext,
  database: string | undefined,
): Promise<MovedSchema | undefined> => {
  const { neon, branch, grounds, log, runId } = context
  const confirm = async (): Promise<void> => {
    await grounds.beforeWrite('removal')
    await Promise.all([context.assertKnownOpen(), assertOff(context)])
  }
  // Its exact name is known once the schema was found.
  const change: Change = {
    change: 'move_auth_data_aside',
    schema: MOVED_NAME,
    ...(database !== undefined && { database }),
  }
  log.info(sentence(change))
  const schemas = await loadSchemas()
  const moved = await context.track(change, () =>
    schemas.moveSchemaAside(neon, branch, runId, writing(context, database, confirm)),
  )
  if (moved) context.record(moveOf('move_auth_data_aside', moved))
  return moved
}

/** Undoing what this run did needs the branch and that auth is off, not an open pull request. */
const mayMoveBack = async (context: ChangeContext): Promise<void> => {
  try {
    await context.grounds.confirm()
  } catch (error) {
    if (!(error instanceof PullRequestClosed)) throw error
  }
  await assertOff(context)
}

const stillMoved = ({ name, database }: MovedSchema, error: unknown, cause: unknown): Problem =>
  new Problem({
    what: `${messageOf(error)}\nThe auth data is in the schema ${name} of the database ${database.name}, and this run could not move it back. Nothing is lost.`,
    response: messageOf(cause),
    fix: 'run this job again with `on_orphan_schema: restore`: it finds that schema and finishes the job',
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
    if (!isBack) throw new Error('a new neon_auth schema is there already')
    context.record(change)
  } catch (cause) {
    if (cause instanceof RunAborted) throw cause
    throw stillMoved(moved, error, cause)
  }
}

const isOnElsewhere = ({ branch }: ChangeContext, { name, database }: MovedSchema): Problem =>
  new Problem({
    what: `The auth data from before the close cannot be restored on branch ${branch.name} (${branch.id}): it is in the schema ${name} of the database ${database.name}, and Neon Auth is not on in that database.`,
    why: 'auth was disabled, or enabled in another database, in the meantime',
    fix: `set \`database: ${oneLine(database.name, 80)}\`, disable auth on this branch, and run this job again`,
  })

const warnOfRest = ({ how, left }: Restored, moved: MovedSchema, { log }: ChangeContext): void => {
  if (how === 'dropped') return
  const names = left.map(({ table, column }) => oneLine(column ? `${table}.${column}` : table, 80))
  const why =
    names.length > 0
      ? `The new neon_auth schema has no place for ${names.join(', ')}`
      : 'Something else in the database needs it, or it holds more than tables'
  log.warning(
    `The auth data was restored, but the schema ${moved.name} in the database ${moved.database.name} was kept. ${why}. If you do not need it, drop it.`,
  )
}

/**
 * Copies auth data back that was moved aside, and drops the moved schema. `there`: another run has
 * done so. Warns of what could not be brought back. Throws {@link Problem} if the data did not arrive
 * whole, which leaves it where it was.
 */
export const restoreAuthData = async (
  { schema, database }: RestoreAuthData,
  context: ChangeContext,
): Promise<'applied' | 'already_applied'> => {
  const { neon, branch, grounds } = context
  const schemas = await loadSchemas()
  const find = async (): Promise<MovedSchema | undefined> => {
    const all = await schemas.findMovedSchemas(
      neon,
      branch,
      writing(context, database, async () => {}),
    )
    return all.find(({ name }) => name === schema)
  }
  const moved = await find()
  if (!moved) return 'already_applied'
  const confirm = async (): Promise<void> => {
    await grounds.beforeWrite('removal')
    const [integration] = await Promise.all([neon.getAuth(branch.id), context.assertKnownOpen()])
    if (!integration || (integration.db_name ?? database) !== database)
      throw isOnElsewhere(context, moved)
  }
  const options = writing(context, database, confirm)
  // Read first: the copy may drop it.
  const { config } = await schemas.readMovedSchema(neon, branch, moved, options)
  const restored = await schemas.restoreRows(neon, branch, moved, options)
  warnOfRest(restored, moved, context)
  const { unread } = await configOf(config)
  if (unread.length > 0) {
    context.log.warning(
      `Not every setting from before the close could be read: ${unread.join(', ')}. Set them again in the Neon Console or with the input \`settings\`.`,
    )
  }
  return 'applied'
}

/** What looking for moved auth data needs. */
type Looking = Pick<ChangeContext, 'neon' | 'branch' | 'http' | 'deadline' | 'log'>

const restorable = async (
  schema: MovedSchema,
  { neon, branch, http, deadline, log }: Looking,
): Promise<{ change: RestoreAuthData; config?: Record<string, unknown> }> => {
  const { name, database } = schema
  const options = { database: database.name, send: http.retrying, deadline, log }
  const { readMovedSchema } = await loadSchemas()
  const { rows, config } = await readMovedSchema(neon, branch, schema, options)
  const { project_config: _, jwks: __, ...data } = rows
  const change: RestoreAuthData = {
    change: 'restore_auth_data',
    schema: name,
    database: database.name,
    users: data['user'] ?? 0,
    rows: Object.values(data).reduce((sum, count) => sum + count, 0),
  }
  return { change, ...(config && { config }) }
}

const movedOn = async (
  { neon, branch, http, deadline, log }: Looking,
  database: string | undefined,
): Promise<MovedSchema[]> => {
  const { findMovedSchemas } = await loadSchemas()
  return findMovedSchemas(neon, branch, { database, send: http.retrying, deadline, log })
}

const restoringFrom = async (
  moved: readonly MovedSchema[],
  desired: Desired,
  context: Looking,
): Promise<Desired> => {
  if (moved.length === 0) return desired
  const found = await Promise.all(moved.map((schema) => restorable(schema, context)))
  const restore = found.map(({ change }) => change)
  // Newer ones come from runs that were stopped before they had brought the settings back.
  const config = await configOf(found.at(-1)?.config)
  return { ...withConfig(desired, config), restore }
}

/**
 * Adds to what a run wants the auth data that a restore has moved aside on this branch, and its
 * configuration. Throws {@link Problem} if Neon or Postgres refuses to show them.
 */
export const withRestored = async (desired: Desired, context: Looking): Promise<Desired> =>
  restoringFrom(await movedOn(context, desired.database), desired, context)

/**
 * As {@link withRestored}, before anything was moved: for a dry run on a branch whose auth is off. The
 * leftover schema counts as moved; `aside` is the change that would move it.
 */
export const withLeftover = async (
  desired: Desired,
  context: Looking,
): Promise<{ readonly aside: readonly Change[]; readonly desired: Desired }> => {
  const { neon, branch, http, deadline, log } = context
  const options = { database: desired.database, send: http.retrying, deadline, log }
  const [moved, leftover] = await Promise.all([
    movedOn(context, desired.database),
    // On a young branch it may be a copy of the parent's.
    isYoung(branch) ? undefined : findAuthSchema(neon, branch, options),
  ])
  if (!leftover) return { aside: [], desired: await restoringFrom(moved, desired, context) }
  const now = new Date().toISOString()
  const marker = { branch: branch.id, run: '', step: 'moved', at: now } as const
  const all = [{ ...leftover, ...marker, name: 'neon_auth' }, ...moved]
  const aside: Change = {
    change: 'move_auth_data_aside',
    schema: MOVED_NAME,
    database: leftover.database.name,
  }
  return { aside: [aside], desired: await restoringFrom(all, desired, context) }
}

/** The database that holds auth data which a restore has moved aside. Absent: there is none. */
export const databaseOfMoved = async (
  context: Looking,
  database: string | undefined,
): Promise<string | undefined> => {
  const [moved] = await movedOn(context, database)
  return moved?.database.name
}
