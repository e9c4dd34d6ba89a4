import { Problem } from '../core/problem.ts'
import { bulletList } from '../core/text.ts'
import type { CreatedAuth } from '../neon/client.ts'
import { backoffMs } from '../network/retry.ts'
import { isSettingsChange, storedDifferently } from '../settings/read-back.ts'
import { apply } from './apply.ts'
import type { ChangeContext } from './context.ts'
import { type Observed, type ObservedOn, observe } from './observe.ts'
import { type Change, type Desired, planEnable, sentence } from './plan.ts'

/** How often a run writes, reads back, and writes again what somebody else undid in between. */
const MAX_ROUNDS = 4
/** How often auth that was on is read before it counts as switched off. */
const READS_UNTIL_OFF = 3

/** The state that was reached, read back from Neon. */
export interface Converged {
  readonly observed: ObservedOn
  /** Present when this run enabled auth and Neon's answer to that arrived. */
  readonly created?: CreatedAuth
}

const notConverged = (
  { branch }: ChangeContext,
  remaining: readonly Change[],
  { trustedDomains }: ObservedOn,
): Problem =>
  new Problem({
    what: `Neon took ${MAX_ROUNDS} rounds of changes on branch ${branch.name} (${branch.id}), but reading back shows that these did not last:\n${bulletList(remaining.map(sentence))}`,
    response: `Neon lists as trusted: ${trustedDomains.join(', ') || '(nothing)'}`,
    why: 'another run or a person is changing the same branch (all auth settings are one row, and parallel writes can undo each other)',
    fix: 'give the jobs of one branch one `concurrency` group with `cancel-in-progress: false`, and run this again',
  })

const disabledDuringRun = ({ branch }: ChangeContext): Problem =>
  new Problem({
    what: `Neon Auth was switched off on branch ${branch.name} (${branch.id}) while this run was working on it.`,
    why: 'the pull request was closed, or somebody disabled auth in the Neon Console, at this very moment',
    fix: 'if auth is still wanted there, run this job again',
  })

const notReportedAsOn = ({ branch }: ChangeContext): Problem =>
  new Problem({
    what: `Neon took the enabling of Neon Auth on branch ${branch.name} (${branch.id}), but does not show it as on.`,
    why: 'Neon is still setting it up, or another run disabled it at once',
    fix: 'run the job again, or give it longer with `timeout`',
  })

/**
 * Reads until auth is on. Just enabled by this run, it may take Neon a moment to show it; otherwise
 * auth that stays off was switched off by somebody, and is not switched on again: the pull request
 * may just have been closed.
 */
const readBack = async (
  read: () => Promise<Observed>,
  enabled: boolean,
  context: ChangeContext,
): Promise<ObservedOn> => {
  for (let attempt = 1; ; attempt++) {
    const observed = await read()
    if (observed.auth === 'on') return observed
    if (attempt >= READS_UNTIL_OFF) {
      if (!enabled) throw disabledDuringRun(context)
      await context.grounds.confirm()
    }
    const pause = 500 + backoffMs(attempt)
    if (pause >= context.deadline.remaining())
      throw enabled ? notReportedAsOn(context) : disabledDuringRun(context)
    await context.deadline.sleep(pause, 'Neon Auth was to show as on')
  }
}

interface RoundResult {
  /** This run switched auth on. */
  readonly enabled: boolean
  readonly created?: CreatedAuth
  /** Every change of the plan was made, or was there. */
  readonly isComplete: boolean
}

const applyAll = async (
  changes: readonly Change[],
  observed: Observed,
  context: ChangeContext,
): Promise<RoundResult> => {
  const storedDomains = observed.auth === 'on' ? observed.storedDomains : []
  let round: RoundResult = { enabled: false, isComplete: true }
  for (const change of changes) {
    const { outcome, created } = await apply(change, { storedDomains }, context)
    if (outcome === 'replan') return { ...round, isComplete: false }
    if (change.change === 'enable_auth')
      round = { ...round, enabled: true, ...(created && { created }) }
  }
  return round
}

/** `planned` without what Neon stores in its own way, which warns instead of being sent forever. */
const withoutStoredDifferently = (
  planned: readonly Change[],
  written: readonly Change[],
  observed: Observed,
  { log }: ChangeContext,
): Change[] => {
  const stored = observed.auth === 'on' ? observed.settings : undefined
  if (!stored) return [...planned]
  return planned.filter((change) => {
    if (!isSettingsChange(change)) return true
    const warnings = storedDifferently(change, written.filter(isSettingsChange), stored)
    for (const warning of warnings) log.warning(warning)
    return warnings.length === 0
  })
}

/**
 * Brings the branch's auth to `desired`: observe, plan, apply, and observe again until nothing is
 * left to plan, which is at once the proof that the writes hold. `observed` is what the caller read.
 * Throws {@link Problem} when the writes do not hold, and when auth goes off in the meantime;
 * `PullRequestClosed` when it would have to be switched on after the pull request was closed.
 */
export const converge = async (
  desired: Desired,
  first: Observed,
  context: ChangeContext,
): Promise<Converged> => {
  const read = () => observe(context.neon, context.branch, desired, context.log)
  let observed = first
  let created: CreatedAuth | undefined
  // Reading never shows whether a secret was taken: sent once, it counts as sent.
  let resendSecrets = desired.resendSecrets ?? false
  let unshownSent = desired.unshownSent ?? false
  const written: Change[] = []
  for (let round = 0; ; round++) {
    const planned = planEnable({ ...desired, resendSecrets, unshownSent }, observed)
    const changes = withoutStoredDifferently(planned, written, observed, context)
    if (observed.auth === 'on') {
      if (changes.length === 0) return { observed, ...(created && { created }) }
      if (round === MAX_ROUNDS) throw notConverged(context, changes, observed)
    }
    if (round > 1) await context.deadline.sleep(backoffMs(round), 'changes were to be made again')
    const done = await applyAll(changes, observed, context)
    created ??= done.created
    if (done.isComplete) {
      resendSecrets = false
      unshownSent = true
      written.push(...changes)
    }
    observed = await readBack(read, done.enabled, context)
  }
}
