import { Problem } from '../core/problem.ts'
import { apply } from './apply.ts'
import type { Hands } from './context.ts'
import { observeClosing } from './observe.ts'
import { type DesiredClose, planClose } from './plan.ts'

/** How a closing run ended. */
export interface ClosedAuth {
  readonly action: 'disabled' | 'untrusted' | 'already_gone'
  /** The domains that are trusted now, as Neon lists them. */
  readonly trustedDomains: readonly string[]
}

const ALREADY_GONE: ClosedAuth = { action: 'already_gone', trustedDomains: [] }

/**
 * Closes a branch's auth: observe, plan, apply; removed domains are read back. Auth that is off, or
 * goes off under our hands, is success. Throws {@link Problem} when Neon refuses, and when removed
 * domains are still listed afterwards.
 */
export const turnOffAuth = async (desired: DesiredClose, hands: Hands): Promise<ClosedAuth> => {
  const { neon, branch } = hands
  const { state, entries } = await observeClosing(neon, branch, desired.onClose)
  if (state.auth === 'off') return ALREADY_GONE
  const changes = planClose(desired, state)
  for (const change of changes) {
    const { how } = await apply(change, entries, hands)
    if (how === 'replan' && change.change === 'disable_auth') return ALREADY_GONE
  }
  if (desired.onClose === 'disable') return { action: 'disabled', trustedDomains: [] }
  return changes.length > 0
    ? readBack(desired, hands)
    : { action: 'untrusted', trustedDomains: state.trustedDomains }
}

const readBack = async (desired: DesiredClose, { neon, branch }: Hands): Promise<ClosedAuth> => {
  const { state } = await observeClosing(neon, branch, 'untrust')
  if (state.auth === 'off') return ALREADY_GONE
  if (planClose(desired, state).length === 0) {
    return { action: 'untrusted', trustedDomains: state.trustedDomains }
  }
  throw new Problem({
    what: `Neon took the removal of this pull request's domains from branch ${branch.name} (${branch.id}), but still lists them.`,
    why: 'another run or a person is changing the same branch',
    fix: 'run this job again',
  })
}
