import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { MovedContent, RestoreResult } from '../neon/auth-schema-restore.ts'
import { isYoung } from '../neon/branches.ts'
import type { MovedSchema } from '../neon/moved-schema.ts'
import { findAuthSchema } from '../neon/orphan-schema.ts'
import type { AuthDataContext, ChangeContext } from './context.ts'
import { PLANNED_NAME, writeContext } from './move-schema.ts'
import { databasesContext, findMoved, importSchemaRestore } from './moved-data.ts'
import type { Change, Desired, RestoreAuthData } from './plan.ts'
import { readConfig, withRestoredConfig } from './restored-settings.ts'

const authNotInDatabaseProblem = (
  { branch }: ChangeContext,
  { name, database }: MovedSchema,
): Problem =>
  new Problem({
    what: `The auth data from before the close cannot be restored on branch ${branch.name} (${branch.id}): it is in the schema ${name} of the database ${database.name}, and Neon Auth is not on in that database.`,
    why: 'auth was disabled, or enabled in another database, in the meantime',
    fix: `set \`database: ${oneLine(database.name, 80)}\`, disable auth on this branch, and run this job again`,
  })

const warnAboutKeptSchema = (
  { outcome, leftBehind }: RestoreResult,
  moved: MovedSchema,
  { log }: ChangeContext,
): void => {
  if (outcome === 'dropped') return
  const names = leftBehind.map(({ table, column }) =>
    oneLine(column ? `${table}.${column}` : table, 80),
  )
  const reason =
    names.length > 0
      ? `The new neon_auth schema has no place for ${names.join(', ')}`
      : 'Something else in the database needs it, or it holds more than tables'
  log.warning(
    `The auth data was restored, but the schema ${moved.name} in the database ${moved.database.name} was kept. ${reason}. If you do not need it, drop it.`,
  )
}

const warnAboutUnreadSettings = async (
  { rows, config }: MovedContent,
  { log, sharedOauth }: ChangeContext,
): Promise<void> => {
  // Another run has just dropped the schema, or it was always empty.
  if (Object.keys(rows).length === 0) return
  const { unread } = await readConfig(config, sharedOauth)
  if (unread.length === 0) return
  log.warning(
    `These settings from before the close could not be read: ${unread.join(', ')}. Set them again in the Neon Console or with the input \`settings\`.`,
  )
}

/** Runs `work` on a moved schema. Returns `gone` if it fails and the schema is gone: another run has restored it. */
const unlessGone = async <T>(
  work: () => Promise<T>,
  find: () => Promise<MovedSchema | undefined>,
): Promise<T | 'gone'> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const mayExist = await find().then(Boolean, () => true)
    if (mayExist) throw error
    return 'gone'
  }
}

/**
 * Copies the auth data back from a moved schema, and drops that schema. Returns `already_applied` if another
 * run has done so. Warns about data and settings that it could not restore. If it could not copy every row,
 * throws {@link Problem} and leaves the data where it was.
 */
export const restoreAuthData = async (
  { schema, database }: RestoreAuthData,
  context: ChangeContext,
): Promise<'applied' | 'already_applied'> => {
  const { neon, branch, preconditions } = context
  const find = async (): Promise<MovedSchema | undefined> =>
    (await findMoved(context, database)).find(({ name }) => name === schema)
  const moved = await find()
  if (!moved) return 'already_applied'
  const confirm = async (): Promise<void> => {
    await preconditions.beforeWrite('removal')
    const [integration] = await Promise.all([neon.getAuth(branch.id), context.assertKnownOpen()])
    if (!integration || (integration.db_name ?? database) !== database)
      throw authNotInDatabaseProblem(context, moved)
  }
  const { readMovedSchema, restoreRows } = await importSchemaRestore()
  const restore = async () => {
    // Read the schema first, because copying may drop it.
    const content = await readMovedSchema(neon, branch, moved, databasesContext(context, database))
    const options = writeContext(context, database, confirm)
    return { content, restored: await restoreRows(neon, branch, moved, options) }
  }
  const outcome = await unlessGone(restore, find)
  if (outcome === 'gone') return 'already_applied'
  warnAboutKeptSchema(outcome.restored, moved, context)
  await warnAboutUnreadSettings(outcome.content, context)
  return 'applied'
}

const planRestore = async (
  schema: MovedSchema,
  context: AuthDataContext,
): Promise<{ change: RestoreAuthData; config?: Record<string, unknown> } | 'gone'> => {
  const { neon, branch } = context
  const { name, oid, database } = schema
  const { readMovedSchema } = await importSchemaRestore()
  const read = () => readMovedSchema(neon, branch, schema, databasesContext(context, database.name))
  const find = async () =>
    (await findMoved(context, database.name)).find((moved) => moved.oid === oid)
  // In a dry run, a leftover still has its usual name, and no other run restores it from there.
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

const withMovedData = async (
  moved: readonly MovedSchema[],
  desired: Desired,
  context: AuthDataContext,
  refused?: ReadonlySet<string>,
): Promise<Desired> => {
  const plans = await Promise.all(moved.map((schema) => planRestore(schema, context)))
  const remaining = plans.filter((plan) => plan !== 'gone')
  if (remaining.length === 0) return desired
  const restore = remaining.map(({ change }) => change)
  // The oldest schema has the settings. The runs that left newer schemas stopped before they restored any settings.
  const config = await readConfig(remaining.at(-1)?.config, desired.sharedOauth)
  return { ...withRestoredConfig(desired, config, refused), restore }
}

/**
 * Returns `desired` with the auth data and the settings that a restore has moved aside on this branch. Leaves out
 * settings that Neon has `refused`. Throws {@link Problem} if Neon or Postgres refuses a read.
 */
export const withRestored = async (
  desired: Desired,
  context: AuthDataContext,
  refused?: ReadonlySet<string>,
): Promise<Desired> =>
  withMovedData(await findMoved(context, desired.database), desired, context, refused)

/**
 * Returns `desired` as {@link withRestored} would after moving the leftover schema, and in `aside` the change that
 * would move it. Use it for a dry run on a branch whose auth is off. Throws {@link Problem} if Neon or Postgres
 * refuses a read.
 */
export const withLeftover = async (
  desired: Desired,
  context: AuthDataContext,
): Promise<{ readonly aside: readonly Change[]; readonly desired: Desired }> => {
  const { neon, branch } = context
  const [moved, leftover] = await Promise.all([
    findMoved(context, desired.database),
    // On a young branch, the schema may be a copy of the parent's.
    isYoung(branch)
      ? undefined
      : findAuthSchema(neon, branch, databasesContext(context, desired.database)),
  ])
  if (!leftover) return { aside: [], desired: await withMovedData(moved, desired, context) }
  const marker = {
    branch: branch.id,
    run: '',
    step: 'moved',
    at: new Date().toISOString(),
  } as const
  const schemas = [{ ...leftover, ...marker, name: 'neon_auth' }, ...moved]
  const aside: Change = {
    change: 'move_auth_data_aside',
    schema: PLANNED_NAME,
    database: leftover.database.name,
  }
  return { aside: [aside], desired: await withMovedData(schemas, desired, context) }
}
