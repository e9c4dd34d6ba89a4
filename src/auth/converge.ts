import type { NeonAuthCreateIntegrationResponse } from '@neon/sdk/raw'
import { backoff } from '../neon/http.ts'
import { Problem } from '../problem.ts'
import { apply, disabledMeanwhile } from './apply.ts'
import { confirmOn } from './enable.ts'
import type { Hands } from './hands.ts'
import { type Observed, observe } from './observe.ts'
import { type Change, type Desired, planEnable, sentence } from './plan.ts'

/** How often a run writes, reads back, and writes again what somebody else undid in between. */
const ROUNDS = 4

/** The state that was reached, read back from Neon. */
export interface Converged {
  readonly observed: Observed & { auth: 'on' }
  /** Present when this run enabled auth and Neon's answer to that arrived. */
  readonly created?: NeonAuthCreateIntegrationResponse
}

const notConverged = ({ branch }: Hands, left: readonly Change[]): Problem =>
  new Problem({
    what: `Neon took ${ROUNDS} rounds of changes on branch ${branch.name} (${branch.id}), but reading back shows that these did not last:\n${left.map((change) => `- ${sentence(change)}`).join('\n')}`,
    why: 'another run or a person is changing the same branch (all auth settings are one row, and parallel writes can undo each other)',
    fix: 'give the jobs of one branch one `concurrency` group with `cancel-in-progress: false`, and run this again',
  })

const applyAll = async (changes: readonly Change[], observed: Observed, hands: Hands) => {
  const entries = observed.auth === 'on' ? observed.entries : []
  let created: NeonAuthCreateIntegrationResponse | undefined
  for (const change of changes) {
    const applied = await apply(change, entries, hands)
    created ??= applied.created
    if (applied.replan) break
  }
  return created
}

/**
 * Brings the branch's auth to `desired`: observe, plan, apply, and observe again until nothing is
 * left to plan, which is at once the proof that the writes hold. `observed` is what the caller read.
 * Throws {@link Problem} when the writes do not hold, and when auth goes off in the meantime: it is
 * then not switched on again, as the pull request may just have been closed.
 */
export const converge = async (
  desired: Desired,
  first: Observed,
  hands: Hands,
): Promise<Converged> => {
  const read = () => observe(hands.neon, hands.branch, desired, hands.log)
  let observed = first
  let created: NeonAuthCreateIntegrationResponse | undefined
  for (let round = 0; ; round++) {
    const changes = planEnable(desired, observed)
    if (observed.auth === 'on' && changes.length === 0) {
      return { observed, ...(created && { created }) }
    }
    if (round === ROUNDS) throw notConverged(hands, changes)
    if (round > 1) await hands.deadline.sleep(backoff(round), 'changes were to be made again')
    created = (await applyAll(changes, observed, hands)) ?? created
    observed = await read()
    if (observed.auth === 'off') {
      if (!(await confirmOn(hands))) throw disabledMeanwhile(hands)
      observed = await read()
    }
  }
}
