import { Problem } from '../core/problem.ts'
import { pollUntil } from '../network/poll.ts'
import { apply } from './apply.ts'
import type { ChangeContext } from './context.ts'
import { type ObservedForClose, observeForClose } from './observe.ts'
import { type DesiredClose, planClose } from './plan.ts'
import { BranchGone, markRead, type ReadMark } from './preconditions.ts'

/** The result of closing the auth of a branch. */
export interface ClosedAuth {
  readonly action: 'disabled' | 'untrusted' | 'already_gone'
  /** The domains that are still trusted, as Neon lists them. */
  readonly trustedDomains: readonly string[]
}

const ALREADY_GONE: ClosedAuth = { action: 'already_gone', trustedDomains: [] }

const stillListedProblem = ({ branch }: ChangeContext): Problem =>
  new Problem({
    what: `Neon accepted the removal of this pull request's domains from branch ${branch.name} (${branch.id}) but still lists them.`,
    why: 'another run or a person is changing the same branch',
    fix: 'run the job again',
  })

/** How long Neon's list of domains may take to show a removal, in ms. */
const REMOVAL_MS = 10_000

const readBack = async (desired: DesiredClose, context: ChangeContext): Promise<ClosedAuth> => {
  const { neon, branch, deadline } = context
  const { done, value: state } = await pollUntil({
    attempt: async () => {
      const { state } = await observeForClose(neon, branch, 'untrust')
      return { done: planClose(desired, state).length === 0, value: state }
    },
    deadline,
    patienceMs: REMOVAL_MS,
    waitingFor: 'waiting for Neon to stop listing the removed domains',
  })
  if (state.auth === 'off') return ALREADY_GONE
  if (!done) throw stillListedProblem(context)
  return { action: 'untrusted', trustedDomains: state.trustedDomains }
}

/** A state that was read together with the preconditions. The first write can rely on both. */
export interface CloseSnapshot {
  readonly state: ObservedForClose
  readonly since: ReadMark
}

/** Reads the state and confirms the preconditions in parallel. The first write then needs no extra requests. */
const readForClose = async (
  { onClose }: DesiredClose,
  { neon, branch, preconditions, deadline }: ChangeContext,
): Promise<CloseSnapshot> => {
  const since = markRead(deadline)
  const [observed, confirmed] = await Promise.allSettled([
    observeForClose(neon, branch, onClose),
    preconditions.confirm(),
  ])
  if (observed.status === 'rejected') throw observed.reason
  if (confirmed.status === 'rejected') {
    // If auth is off, there is nothing to remove, so only a missing branch matters.
    const isOn = observed.value.state.auth === 'on'
    if (isOn || confirmed.reason instanceof BranchGone) throw confirmed.reason
  }
  return { state: observed.value, since }
}

/**
 * Closes the auth of a branch: disables it, or removes the pull request's domains and reads the list back.
 * Succeeds if auth is already off. Reads the state first, unless the caller passes it as `known`. Throws
 * {@link BranchGone} if the branch was deleted, {@link Problem} if Neon refuses or still lists the domains, and
 * the errors of the preconditions.
 */
export const turnOffAuth = async (
  desired: DesiredClose,
  context: ChangeContext,
  known?: CloseSnapshot,
): Promise<ClosedAuth> => {
  const { state: observed, since } = known ?? (await readForClose(desired, context))
  const { state, storedDomains, integration } = observed
  if (state.auth === 'off') return ALREADY_GONE
  const changes = planClose(desired, state)
  for (const change of changes) {
    const { outcome } = await apply(change, { storedDomains, integration, since }, context)
    if (outcome === 'replan' && change.change === 'disable_auth') return ALREADY_GONE
  }
  if (desired.onClose === 'disable') return { action: 'disabled', trustedDomains: [] }
  return changes.length > 0
    ? readBack(desired, context)
    : { action: 'untrusted', trustedDomains: state.trustedDomains }
}
