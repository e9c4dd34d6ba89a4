import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { MovedContent, RestoreResult } from '../neon/auth-schema-restore.ts'
import { isYoung } from '../neon/branches.ts'
import type { MovedSchema } from '../neon/moved-schema.ts'
import { findAuthSchema } from '../neon/orphan-schema.ts'
import type { ChangeContext } from './context.ts'
import { MOVED_NAME, writing } from './move-schema.ts'
import { type Looking, loadSchemas, movedOn, reading } from './moved-data.ts'
import type { Change, Desired, RestoreAuthData } from './plan.ts'
import { configOf, withConfig } from './restored-settings.ts'

const isOnElsewhere = ({ branch }: ChangeContext, { name, database }: MovedSchema): Problem =>
  new Problem({
    what: `The auth data from before the close cannot be restored on branch ${branch.name} (${branch.id}): it is in the schema ${name} of the database ${database.name}, and Neon Auth is not on in that database.`,
    why: 'auth was disabled, or enabled in another database, in the meantime',
    fix: `set \`database: ${oneLine(database.name, 80)}\`, disable auth on this branch, and run this job again`,
  })

const warnOfRest = (
  { outcome, leftBehind }: RestoreResult,
  moved: MovedSchema,
  { log }: ChangeContext,
): void => {
  if (outcome === 'dropped') return
  const names = leftBehind.map(({ table, column }) =>
    oneLine(column ? `${table}.${column}` : table, 80),
  )
  const why =
    names.length > 0
      ? `The new neon_auth schema has no place for ${names.join(', ')}`
      : 'Something else in the database needs it, or it holds more than tables'
  log.warning(
    `The auth data was restored, but the schema ${moved.name} in the database ${moved.database.name} was kept. ${why}. If you do not need it, drop it.`,
  )
}

const warnOfUnread = async (
  { rows, config }: MovedContent,
  { log }: ChangeContext,
): Promise<void> => {
  // Another run has just dropped it, or it never held anything.
  if (Object.keys(rows).length === 0) return
  const { unread } = await configOf(config)
  if (unread.length === 0) return
  log.warning(
    `Not every setting from before the close could be read: ${unread.join(', ')}. Set them again in the Neon Console or with the input \`settings\`.`,
  )
}

/** Runs `work`, which reads or drops a moved schema. `gone`: another run has restored it under this one. */
const unlessGone = async <T>(
  work: () => Promise<T>,
  find: () => Promise<MovedSchema | undefined>,
): Promise<T | 'gone'> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Problem) || (await find().catch(() => true))) throw error
    return 'gone'
  }
}

/**
 * Copies auth data back that was moved aside, and drops the moved schema. `already_applied`: another run
 * has done so. Warns of what could not be brought back. Throws {@link Problem} if the data did not arrive
 * whole, which leaves it where it was.
 */
export const restoreAuthData = async (
  { schema, database }: RestoreAuthData,
  context: ChangeContext,
): Promise<'applied' | 'already_applied'> => {
  const { neon, branch, preconditions } = context
  const find = async (): Promise<MovedSchema | undefined> =>
    (await movedOn(context, database)).find(({ name }) => name === schema)
  const moved = await find()
  if (!moved) return 'already_applied'
  const confirm = async (): Promise<void> => {
    await preconditions.beforeWrite('removal')
    const [integration] = await Promise.all([neon.getAuth(branch.id), context.assertKnownOpen()])
    if (!integration || (integration.db_name ?? database) !== database)
      throw isOnElsewhere(context, moved)
  }
  const { readMovedSchema, restoreRows } = await loadSchemas()
  const restore = async () => {
    // Read first: the copy may drop it.
    const content = await readMovedSchema(neon, branch, moved, reading(context, database))
    const options = writing(context, database, confirm)
    return { content, restored: await restoreRows(neon, branch, moved, options) }
  }
  const outcome = await unlessGone(restore, find)
  if (outcome === 'gone') return 'already_applied'
  warnOfRest(outcome.restored, moved, context)
  await warnOfUnread(outcome.content, context)
  return 'applied'
}

const restorable = async (
  schema: MovedSchema,
  context: Looking,
): Promise<{ change: RestoreAuthData; config?: Record<string, unknown> } | 'gone'> => {
  const { neon, branch } = context
  const { name, oid, database } = schema
  const { readMovedSchema } = await loadSchemas()
  const read = () => readMovedSchema(neon, branch, schema, reading(context, database.name))
  const find = async () => (await movedOn(context, database.name)).find((one) => one.oid === oid)
  // Before anything was moved, it is no moved schema, and no other run restores it.
  const content = name === 'neon_auth' ? await read() : await unlessGone(read, find)
  if (content === 'gone') return 'gone'
  const { project_config: _, jwks: __, ...data } = content.rows
  const change: RestoreAuthData = {
    change: 'restore_auth_data',
    schema: name,
    database: database.name,
    users: data['user'] ?? 0,
    rows: Object.values(data).reduce((sum, count) => sum + count, 0),
  }
  return { change, ...(content.config && { config: content.config }) }
}

const restoringFrom = async (
  moved: readonly MovedSchema[],
  desired: Desired,
  refused: ReadonlySet<string>,
  context: Looking,
): Promise<Desired> => {
  const all = await Promise.all(moved.map((schema) => restorable(schema, context)))
  const found = all.filter((one) => one !== 'gone')
  if (found.length === 0) return desired
  const restore = found.map(({ change }) => change)
  // Newer ones come from runs that were stopped before they had brought the settings back.
  const config = await configOf(found.at(-1)?.config)
  return { ...withConfig(desired, config, refused), restore }
}

/** No setting was refused so far. */
const NONE: ReadonlySet<string> = new Set()

/**
 * Adds to what a run wants the auth data that a restore has moved aside on this branch, and its
 * configuration, without the settings that Neon has `refused`. Throws {@link Problem} if Neon or
 * Postgres refuses to show them.
 */
export const withRestored = async (
  desired: Desired,
  context: Looking,
  refused = NONE,
): Promise<Desired> =>
  restoringFrom(await movedOn(context, desired.database), desired, refused, context)

/**
 * As {@link withRestored}, before anything was moved: for a dry run on a branch whose auth is off. The
 * leftover schema counts as moved; `aside` is the change that would move it.
 */
export const withLeftover = async (
  desired: Desired,
  context: Looking,
): Promise<{ readonly aside: readonly Change[]; readonly desired: Desired }> => {
  const { neon, branch } = context
  const [moved, leftover] = await Promise.all([
    movedOn(context, desired.database),
    // On a young branch it may be a copy of the parent's.
    isYoung(branch) ? undefined : findAuthSchema(neon, branch, reading(context, desired.database)),
  ])
  if (!leftover) return { aside: [], desired: await restoringFrom(moved, desired, NONE, context) }
  const now = new Date().toISOString()
  const marker = { branch: branch.id, run: '', step: 'moved', at: now } as const
  const all = [{ ...leftover, ...marker, name: 'neon_auth' }, ...moved]
  const aside: Change = {
    change: 'move_auth_data_aside',
    schema: MOVED_NAME,
    database: leftover.database.name,
  }
  return { aside: [aside], desired: await restoringFrom(all, desired, NONE, context) }
}
