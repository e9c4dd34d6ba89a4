import { quotingFailure } from '../core/deadline.ts'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import { isYoung } from '../neon/branches.ts'
import type { CreateAuthResult, CreatedAuth } from '../neon/client.ts'
import { describeErrorResponse, NeonApiError, withContext } from '../neon/errors.ts'
import { dropAuthSchema, findAuthSchema } from '../neon/orphan-schema.ts'
import {
  findLostWrite,
  reconcileLostWrite,
  repeatLostWrite,
  settleLostWrite,
} from '../network/lost-writes.ts'
import { pollUntil } from '../network/poll.ts'
import {
  AuthTurnedOn,
  assertMayDelete,
  confirmSqlRemoval,
  unlessTurnedOn,
} from './assert-still-off.ts'
import type { AuthDataContext, ChangeContext } from './context.ts'
import { contradictionProblem } from './contradiction.ts'
import { createAuthIn } from './create-auth.ts'
import { moveAside, undoMove } from './move-schema.ts'
import { databasesContext, findMovedDatabase } from './moved-data.ts'
import { type Change, sentence } from './plan.ts'

/** Who turned auth on, and Neon's response if this run did and received it. */
export type TurnedOn =
  | { readonly by: 'this run'; readonly created?: CreatedAuth }
  | { readonly by: 'another run' }

/** The pauses in ms before the reads that decide what a 409 means. Another run may be enabling auth. */
const CONFIRM_PAUSES = [0, 500, 1500]
/** The pause in ms before one more read if the run then deletes or moves data. */
const DESTRUCTIVE_PAUSE = 3000
/** How long auth that a young branch inherits may take to show, in ms. */
const INHERITANCE_MS = 60_000

/** Reads auth after each pause. Returns `false` only if every read reports it as off. */
const isOnAfterPauses = async (
  { neon, branch, deadline }: ChangeContext,
  pauses: readonly number[],
): Promise<boolean> => {
  for (const pause of pauses) {
    await deadline.sleep(pause, 'confirming that Neon Auth is off')
    if (await neon.getAuth(branch.id)) return true
  }
  return false
}

/** Waits at most a minute for auth that a young branch may inherit. Returns whether auth is on. */
const waitForInheritedAuth = async ({
  neon,
  branch,
  deadline,
  log,
}: ChangeContext): Promise<boolean> => {
  log.info('The branch is new: waiting for the auth that it may inherit from its parent.')
  const { done } = await pollUntil({
    attempt: async () => ({
      done: (await neon.getAuth(branch.id)) !== undefined,
      value: undefined,
    }),
    deadline,
    patienceMs: INHERITANCE_MS,
    waitingFor: 'waiting for inherited auth',
  })
  return done
}

const FIXES =
  'do one of these. (1) `on_orphan_schema: recreate` deletes the leftover users and sessions, then enables auth. ' +
  '(2) `on_orphan_schema: restore` (experimental) enables auth and brings that data back. ' +
  '(3) Delete the Neon branch and create it again: it inherits auth from its parent. ' +
  '(4) Copy the data elsewhere, run `DROP SCHEMA neon_auth CASCADE`, and run the job again. ' +
  'To avoid this, close with `on_close: keep`, or with `delete_data: true` if you do not need the data'
const NOT_MOVED =
  'use `on_orphan_schema: recreate` if you do not need the data, or delete the Neon branch and create it again. `restore` did not find the schema, or Neon does not see that it was moved'
const NOT_DELETED =
  'run DROP SCHEMA neon_auth CASCADE in the Neon Console (SQL Editor), or delete the Neon branch and create it again. `recreate` did not find the schema, or Neon does not see that it is gone'
const CLOSED_EARLIER =
  'auth was disabled here without deleting its data (this action does so on close unless `delete_data` is true), and the pull request was reopened'
const NOT_VISIBLE_YET =
  'the branch is new: the auth that it inherits from its parent may not be visible yet, or the branch was created from a parent whose auth was disabled'

const orphanProblem = (
  { branch, onOrphanSchema }: ChangeContext,
  conflict: NeonApiError,
): Problem => {
  const isYoungBranch = isYoung(branch)
  const fixes = { fail: FIXES, recreate: NOT_DELETED, restore: NOT_MOVED }
  return new Problem({
    what: `Could not enable Neon Auth on branch ${branch.name} (${branch.id}): auth is off there, but its database holds a neon_auth schema, and Neon does not enable auth while one exists.`,
    response: describeErrorResponse(conflict),
    why: isYoungBranch ? `${NOT_VISIBLE_YET}. Otherwise, ${CLOSED_EARLIER}` : CLOSED_EARLIER,
    fix: `${isYoungBranch ? 'run the job again in a minute. If it fails again, ' : ''}${fixes[onOrphanSchema]}`,
  })
}

/** Returns whether a conflict claims that auth is on. Neon may report it as off at the same time. */
const claimsOn = ({ message }: NeonApiError): boolean =>
  /\balready\b[^.]*\b(enabled|on|active|provisioned)\b/i.test(message) && !/schema/i.test(message)

/**
 * Finds out by reading what a conflict means. Returns the conflict if a leftover schema explains it. `wasLost` says
 * whether the response to an earlier attempt was lost.
 */
const explainConflict = async (
  conflict: NeonApiError,
  wasLost: boolean,
  context: ChangeContext,
): Promise<TurnedOn | NeonApiError> => {
  const { branch, onOrphanSchema } = context
  const response = describeErrorResponse(conflict)
  const pauses = onOrphanSchema === 'fail' ? CONFIRM_PAUSES : [...CONFIRM_PAUSES, DESTRUCTIVE_PAUSE]
  const isOn = await quotingFailure(response, () =>
    isYoung(branch) ? waitForInheritedAuth(context) : isOnAfterPauses(context, pauses),
  )
  if (isOn) return { by: wasLost ? 'this run' : 'another run' }
  if (!claimsOn(conflict)) return conflict
  const claims = 'refused to enable auth because auth is on, but it reports auth as off'
  throw contradictionProblem(branch, claims, {
    response,
    why: 'the API key is not allowed to read the auth of this branch, or Neon is still setting it up',
  })
}

/** Asks Neon to enable auth. Returns the conflict if a leftover schema explains it. */
const requestAuth = async (
  context: ChangeContext,
  database: string | undefined,
): Promise<TurnedOn | NeonApiError> => {
  const { neon, branch } = context
  let wasLost = false
  const result = await reconcileLostWrite<CreateAuthResult | 'found on'>(
    () => createAuthIn(database, branch, neon),
    async () => {
      wasLost = true
      return (await neon.getAuth(branch.id)) ? 'found on' : undefined
    },
    context,
  )
  if (result === 'found on') return { by: 'this run' }
  if ('created' in result) return { by: 'this run', created: result.created }
  return settleLostWrite(
    () => wasLost,
    () => explainConflict(result.conflict, wasLost, context),
  )
}

const unprovenLeftoverProblem = ({ branch }: ChangeContext, evidence: string): Problem =>
  new Problem({
    what: `Nothing was changed: the neon_auth schema on branch ${branch.name} (${branch.id}) may be a copy of its parent's users rather than a leftover.`,
    response: evidence,
    why: NOT_VISIBLE_YET,
    fix: 'run the job again in a few minutes. `on_orphan_schema` deletes or moves such a schema only if its project_config row names a compute of this branch, or once the branch is ten minutes old',
  })

/**
 * Throws {@link Problem} if the schema may be a copy of the parent's, which is possible only on a young branch.
 * There, its configuration row must name a compute of the branch: a copy still names the parent's compute.
 */
const assertLeftover = async (
  context: ChangeContext,
  database: string | undefined,
): Promise<void> => {
  const { neon, branch } = context
  if (!isYoung(branch)) return
  const [schema, computes] = await Promise.all([
    findAuthSchema(neon, branch, databasesContext(context, database)),
    withContext(`Could not list the computes of branch ${branch.name} (${branch.id}).`, () =>
      neon.listEndpointIds(branch.id),
    ),
  ])
  if (!schema) throw unprovenLeftoverProblem(context, 'No neon_auth schema was found over SQL.')
  const { endpointId } = schema
  if (computes.some((id) => id === endpointId)) return
  const named = endpointId === undefined ? 'no compute' : `the compute ${oneLine(endpointId, 60)}`
  const ownComputes = computes.map((id) => oneLine(id, 60)).join(', ') || 'none'
  throw unprovenLeftoverProblem(
    context,
    `Its project_config row names ${named}. The computes of this branch: ${ownComputes}.`,
  )
}

const orphanDeletion = (database: string | undefined): Change => ({
  change: 'delete_orphan_schema',
  ...(database && { database }),
})

/**
 * Returns the deletion with which `recreate` starts, for a dry run. Looks for the leftover over SQL. On a young branch,
 * a schema may belong to auth that is not visible yet, so nothing counts as a leftover there. Throws {@link Problem} if
 * Neon or Postgres refuses.
 */
export const planRecreate = async (
  context: AuthDataContext,
  database: string | undefined,
): Promise<Change[]> => {
  const { neon, branch } = context
  if (isYoung(branch)) return []
  const leftover = await findAuthSchema(neon, branch, databasesContext(context, database))
  return leftover ? [orphanDeletion(database)] : []
}

/** How this run deleted a leftover schema. `none`: it deleted nothing. */
type Deletion = 'by Neon' | 'over SQL' | 'none'

/**
 * Drops the schema over SQL. Returns whether there was one. `wasLost` says whether an earlier request, whose
 * response was lost, may have deleted it.
 */
const dropOverSql = async (
  context: ChangeContext,
  database: string | undefined,
  wasLost = false,
): Promise<boolean> => {
  const { neon, branch } = context
  const beforeWrite = () => confirmSqlRemoval(context)
  const options = { ...databasesContext(context, database), beforeWrite }
  try {
    return (await dropAuthSchema(neon, branch, options)) === 'dropped' || wasLost
  } catch (error) {
    if (error instanceof AuthTurnedOn && (wasLost || findLostWrite(error))) return true
    throw error
  }
}

/** Asks Neon to delete the schema, and drops it over SQL if Neon finds nothing to delete. */
const deleteSchema = async (
  context: ChangeContext,
  database: string | undefined,
): Promise<Deletion> => {
  const { neon, branch } = context
  let wasLost = false
  const settle = (error: unknown): 'removed' | 'gone' => {
    // Auth can be on only because the schema is gone. Most likely, the lost request deleted it.
    if (wasLost && error instanceof AuthTurnedOn) return 'removed'
    // Neon refuses because auth is off. It then deletes nothing, even if the schema exists.
    if (error instanceof NeonApiError && error.status === 409 && !error.isForeign) return 'gone'
    throw error
  }
  const outcome = await repeatLostWrite((attempt) => {
    wasLost = attempt > 0
    return neon.disableAuth(branch.id, true, () => assertMayDelete(context)).catch(settle)
  }, context)
  if (outcome === 'removed') return 'by Neon'
  const dropped = await settleLostWrite(
    () => wasLost,
    () => dropOverSql(context, database, wasLost),
  )
  return dropped ? 'over SQL' : 'none'
}

/** Runs `work`, which deletes a leftover. Returns `none` if another run has enabled auth in the meantime. */
const deleteLeftover = async <T>(
  context: ChangeContext,
  database: string | undefined,
  work: () => Promise<T>,
): Promise<T | 'none'> => {
  const change = orphanDeletion(database)
  await assertLeftover(context, database)
  const deleted = await unlessTurnedOn(() => context.track(change, work), context)
  return deleted ?? 'none'
}

/**
 * Deletes the leftover schema and enables auth. If Neon reports the deletion but still refuses to enable auth, drops
 * the schema over SQL, because Neon may answer 200 without deleting anything while auth is off.
 */
const recreate = async (
  context: ChangeContext,
  database: string | undefined,
): Promise<TurnedOn | NeonApiError> => {
  const change = orphanDeletion(database)
  context.log.info(sentence(change))
  const deletion = await deleteLeftover(context, database, () => deleteSchema(context, database))
  if (deletion !== 'none') context.record(change)
  const second = await requestAuth(context, database)
  if ('by' in second || deletion !== 'by Neon') return second
  const dropped = await deleteLeftover(context, database, () => dropOverSql(context, database))
  return dropped === false ? second : requestAuth(context, database)
}

/** Moves a leftover schema aside and enables auth. If that fails, moves the schema back. */
const enableBesideLeftover = async (
  context: ChangeContext,
  database: string | undefined,
): Promise<TurnedOn> => {
  await assertLeftover(context, database)
  const moved = await moveAside(context, database)
  try {
    // Moving takes a while, so the pull request may have been closed.
    await context.preconditions.confirm()
    const result = await requestAuth(context, database ?? moved?.database.name)
    if ('by' in result) return result
    throw orphanProblem(context, result)
  } catch (error) {
    if (moved) await undoMove(moved, error, context)
    throw error
  }
}

/**
 * Turns Neon Auth on. A 409 means "already enabled", "a schema is left over", or "inherited auth is not visible
 * yet", so reads decide which. A leftover schema fails the run by default. `recreate` deletes it first. `restore`
 * moves it aside, and the next plan restores its data. Throws {@link Problem}, `PullRequestClosed`, and
 * `NeonApiError`.
 */
export const turnOnAuth = async (
  context: ChangeContext,
  database: string | undefined,
): Promise<TurnedOn> => {
  const { onOrphanSchema } = context
  // Data that an unfinished restore has moved aside can be restored only within the same database.
  const movedDatabase =
    onOrphanSchema === 'restore' ? await findMovedDatabase(context, database) : undefined
  const first = await requestAuth(context, database ?? movedDatabase)
  if ('by' in first) return first
  if (onOrphanSchema === 'fail') throw orphanProblem(context, first)
  if (onOrphanSchema === 'restore') return enableBesideLeftover(context, database ?? movedDatabase)
  const recreated = await recreate(context, database)
  if ('by' in recreated) return recreated
  throw orphanProblem(context, recreated)
}
