import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { CreateAuthResult, CreatedAuth } from '../neon/client.ts'
import type { NeonApiError } from '../neon/errors.ts'
import { dropAuthSchema } from '../neon/orphan-schema.ts'
import { reconcileLostWrite } from '../network/lost-writes.ts'
import type { Hands } from './context.ts'
import { type Change, sentence } from './plan.ts'

/** What enabling found out, where this run did it. */
export type Enabled =
  | { readonly by: 'this run'; readonly created?: CreatedAuth }
  | { readonly by: 'another run' }

/** Pauses in ms between the reads that tell the two 409s apart: another run may be enabling right now. */
const CONFIRM_PAUSES = [0, 500, 1500]
/** Before anything is deleted, one more. */
const DESTRUCTIVE_PAUSE = 3000

/** Whether auth is on, asked for a little while: `false` only when it stays off. */
const confirmOn = async ({ neon, branch, deadline }: Hands, pauses: number[]): Promise<boolean> => {
  for (const pause of pauses) {
    await deadline.sleep(pause, 'making sure that Neon Auth is off')
    if (await neon.getAuth(branch.id)) return true
  }
  return false
}

const CURES =
  'one of these. (1) `on_orphan_schema: recreate` deletes the leftover users and sessions, then enables auth. ' +
  '(2) Delete the Neon branch and create it anew: it inherits auth from its parent. ' +
  '(3) Keep the data: move it, run `DROP SCHEMA neon_auth CASCADE` and run this again. ' +
  'To reopen without this: close with `on_close: keep`, or with `delete_data: true` where the data may go.'
const STUBBORN =
  '`recreate` did not find the schema, or Neon does not see that it is gone: look at the branch in the Neon Console (SQL Editor: DROP SCHEMA neon_auth CASCADE), or delete the branch and create it anew'

const orphanProblem = ({ branch, onOrphanSchema }: Hands, conflict: NeonApiError): Problem =>
  new Problem({
    what: `Could not enable Neon Auth on branch ${branch.name} (${branch.id}): auth is off there, but a neon_auth schema with earlier users is left in its database, and Neon does not enable auth over one.`,
    response: `Neon answered ${conflict.status} to ${conflict.request.method} ${conflict.request.path}: "${oneLine(conflict.message)}"${conflict.requestId && ` [request id ${oneLine(conflict.requestId, 80)}]`}`,
    why: 'auth was disabled here without deleting its data (this action does so on close unless `delete_data` is true), and the pull request was reopened',
    fix: onOrphanSchema === 'fail' ? CURES : STUBBORN,
  })

const post = async (
  hands: Hands,
  database: string | undefined,
): Promise<Enabled | NeonApiError> => {
  const { neon, branch } = hands
  let lostBefore = false
  const answer = await reconcileLostWrite<CreateAuthResult | 'found on'>(
    (attempt) => {
      lostBefore = attempt > 0
      return neon.createAuth(branch.id, database, hands.assertOpen)
    },
    async () => {
      if (await neon.getAuth(branch.id)) return 'found on'
      await hands.assertOpen()
      return undefined
    },
    hands,
  )
  if (answer === 'found on') return { by: 'this run' }
  if ('created' in answer) return { by: 'this run', created: answer.created }
  const pauses =
    hands.onOrphanSchema === 'recreate' ? [...CONFIRM_PAUSES, DESTRUCTIVE_PAUSE] : CONFIRM_PAUSES
  if (!(await confirmOn(hands, pauses))) return answer.conflict
  return { by: lostBefore ? 'this run' : 'another run' }
}

const deleteOrphan = async (hands: Hands, database: string | undefined): Promise<void> => {
  const { neon, branch, http, deadline, log, making, record } = hands
  const change: Change = { change: 'delete_orphan_schema', ...(database && { database }) }
  const stillOff = async (): Promise<boolean> => !(await neon.getAuth(branch.id))
  // Another run may have recreated it by now. Neon's delete knows no condition, so this is asked last.
  if (!(await stillOff())) return
  log.info(sentence(change))
  const deleted = await making(change, async () => {
    let isRepeated = false
    const outcome = await reconcileLostWrite<'removed' | 'gone' | 'enabled meanwhile'>(
      (attempt) => {
        isRepeated = attempt > 0
        return neon.disableAuth(branch.id, true)
      },
      // Somebody else's fresh users are no leftovers: the delete is not made again over them.
      async () => ((await stillOff()) ? undefined : 'enabled meanwhile'),
      hands,
    )
    if (outcome !== 'gone') return outcome === 'removed'
    // With auth off the API may know nothing to delete, and answer 404.
    const options = { database, stillOff, send: http.retrying, deadline, log }
    const dropped = await dropAuthSchema(neon, branch, options)
    // None, after a delete whose answer was lost: that one has done it.
    return dropped === 'dropped' || (dropped === 'none' && isRepeated)
  })
  if (deleted) record(change)
}

/**
 * Enables Neon Auth. A 409 means either "already enabled" or "an orphan schema", and only GET tells
 * which: found enabled, it is another run's work; an orphan is told with its cures, or, where the
 * user asked for `recreate`, deleted before auth is enabled once more. Throws {@link Problem} for an
 * orphan schema, `PullRequestClosed`, and whatever the API's refusals throw.
 */
export const turnOnAuth = async (hands: Hands, database: string | undefined): Promise<Enabled> => {
  const first = await post(hands, database)
  if ('by' in first) return first
  if (hands.onOrphanSchema === 'fail') throw orphanProblem(hands, first)
  await hands.assertOpen()
  await deleteOrphan(hands, database)
  const second = await post(hands, database)
  if ('by' in second) return second
  throw orphanProblem(hands, second)
}
