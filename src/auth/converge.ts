import { isDeepStrictEqual } from 'node:util'
import { messageOf, Problem } from '../core/problem.ts'
import { bulletList } from '../core/text.ts'
import type { CreatedAuth } from '../neon/client.ts'
import { NeonApiError } from '../neon/errors.ts'
import { backoffMs, RETRYABLE_STATUSES } from '../network/retry.ts'
import { isSettingsChange } from '../settings/changes.ts'
import { storedDifferentlyWarnings } from '../settings/read-back.ts'
import { type ApplyResult, apply, type PlanBasis } from './apply.ts'
import type { ChangeContext } from './context.ts'
import { withDesiredSpellings } from './domain-spellings.ts'
import { isSameAuth, type Observed, type ObservedOn, observe } from './observe.ts'
import { type Desired, type PlannedChange, planEnable, sentence } from './plan.ts'
import { withRestored } from './restore.ts'
import { writtenSettingName } from './restored-settings.ts'
import { disabledDuringRunProblem, pauseBeforeReread, READS_UNTIL_OFF } from './same-auth.ts'

/** The maximum number of rounds. Each round writes the differences and reads back. */
const MAX_ROUNDS = 4

/**
 * Called between the writes of a round and their read-back, with the state before the writes. If the read-back shows
 * that auth was replaced, called again with the state that was read.
 */
export type AfterWrites = (before: Observed, created: CreatedAuth | undefined) => void

/** The final state, as read back from Neon. */
export interface Converged {
  readonly observed: ObservedOn
  /** The response to the request that enabled auth, if this run made it and received the response. */
  readonly created?: CreatedAuth
}

const SETTINGS_NOT_APPLIED = {
  why: 'Neon does not apply these values on this branch, or something changes them back',
  fix: 'compare the branch in the Neon Console with `settings`, correct or remove these settings, and run the job again',
}

const CHANGES_NOT_APPLIED = {
  why: 'another run or a person is changing the same branch (Neon stores all auth settings in one row, so parallel writes can undo each other)',
  fix: 'give the jobs of one branch one `concurrency` group with `cancel-in-progress: false`, and run the job again',
}

const notConvergedProblem = (
  { branch }: ChangeContext,
  remaining: readonly PlannedChange[],
  { trustedDomains }: ObservedOn,
): Problem =>
  new Problem({
    what: `Neon accepted ${MAX_ROUNDS} rounds of changes on branch ${branch.name} (${branch.id}), but still reports other values. These changes are still missing:\n${bulletList(remaining.map(sentence))}`,
    response: `Trusted domains that Neon lists: ${trustedDomains.join(', ') || '(none)'}`,
    ...(remaining.every(isSettingsChange) ? SETTINGS_NOT_APPLIED : CHANGES_NOT_APPLIED),
  })

const notReportedAsOnProblem = ({ branch }: ChangeContext): Problem =>
  new Problem({
    what: `Neon accepted the request to enable auth on branch ${branch.name} (${branch.id}) but still reports it as off.`,
    why: 'Neon is still setting it up, or another run disabled it right away',
    fix: 'run the job again, or raise `timeout`',
  })

/**
 * Waits until Neon reports auth as on, and returns that reading. If this run has just enabled auth, Neon may need
 * a moment. Otherwise, another run or a person has disabled it. This run then stops instead of enabling auth again,
 * because the pull request may have been closed.
 */
const readBack = async (
  read: () => Promise<Reading>,
  hasEnabled: boolean,
  context: ChangeContext,
): Promise<Reading> => {
  for (let attempt = 1; ; attempt++) {
    const reading = await read()
    if (reading.observed.auth === 'on') return reading
    if (attempt >= READS_UNTIL_OFF) {
      await context.preconditions.confirm()
      if (!hasEnabled) throw disabledDuringRunProblem(context.branch)
    }
    const pause = pauseBeforeReread(attempt)
    if (pause >= context.deadline.remaining())
      throw hasEnabled ? notReportedAsOnProblem(context) : disabledDuringRunProblem(context.branch)
    await context.deadline.sleep(pause, 'waiting for Neon to report auth as on')
  }
}

/** The desired state, with what a restore brings back, and the state to compare it with. */
interface Reading {
  readonly goal: Desired
  readonly observed: Observed
}

/** What Neon has accepted from this run for the auth that is on now. */
interface Accepted {
  readonly changes: readonly PlannedChange[]
  /** The goal of the last round. Neon has accepted or refused each of its settings. */
  readonly goal?: Desired
}

const NOTHING_ACCEPTED: Accepted = { changes: [] }

/** Returns whether `now` shows other auth than `before`, or than this run `created`: somebody has enabled it again. */
const isReplaced = (before: Observed, created: CreatedAuth | undefined, now: Observed): boolean => {
  if (now.auth === 'off') return false
  if (before.auth === 'on') return !isSameAuth(before.integration, now.integration)
  const id = created?.auth_provider_project_id
  return id !== undefined && id !== now.integration.auth_provider_project_id
}

/** Returns the goal, marked so that values that Neon has accepted but never returns are not sent again. */
const markAccepted = (goal: Desired, { goal: accepted }: Accepted): Desired => {
  if (!accepted) return goal
  // A restore may have found more settings since.
  const isSame = isDeepStrictEqual(goal.settings, accepted.settings)
  return { ...goal, resendSecrets: false, writeOnlySent: goal.writeOnlySent || isSame }
}

interface RoundResult {
  /** The changes that are now in effect, whichever run made them. */
  readonly applied: readonly PlannedChange[]
  readonly created: CreatedAuth | undefined
  /** Whether the round ended early, because another run enabled or disabled auth. */
  readonly isOutdated: boolean
}

const isRefusedValue = (error: unknown): boolean => {
  const cause = error instanceof Problem ? error.cause : undefined
  if (!(cause instanceof NeonApiError) || cause.isForeign) return false
  const { status } = cause
  // A 401 refuses the API key, and `RETRYABLE_STATUSES` ask for a retry. Neither refuses a value.
  return status >= 400 && status < 500 && status !== 401 && !RETRYABLE_STATUSES.has(status)
}

/** The names of all settings from before the close, and of those that Neon has refused. */
interface RestoredSettings {
  readonly all: readonly string[]
  readonly refused: Set<string>
}

/**
 * Applies a change. If Neon refuses a setting from before the close, warns instead of failing, so that the run still
 * restores the data.
 */
const applyOrWarn = async (
  change: PlannedChange,
  basis: PlanBasis,
  { all, refused }: RestoredSettings,
  context: ChangeContext,
): Promise<ApplyResult | 'refused'> => {
  try {
    return await apply(change, basis, context)
  } catch (error) {
    const setting = writtenSettingName(change)
    const isRestored = setting !== undefined && all.includes(setting)
    if (!isRestored || !isRefusedValue(error)) throw error
    refused.add(setting)
    context.log.warning(
      `Neon refused a setting from before the close, so it was not restored: ${setting}. Set it again in the Neon Console or with the inputs of this step.\n${messageOf(error)}`,
    )
    return 'refused'
  }
}

const applyAll = async (
  changes: readonly PlannedChange[],
  { goal, observed }: Reading,
  refused: Set<string>,
  context: ChangeContext,
): Promise<RoundResult> => {
  const storedDomains = observed.auth === 'on' ? observed.storedDomains : []
  const restored = { all: goal.restoredSettings ?? [], refused }
  const applied: PlannedChange[] = []
  let created: CreatedAuth | undefined
  for (const change of changes) {
    const result = await applyOrWarn(change, { storedDomains }, restored, context)
    if (result === 'refused') continue
    if (result.outcome === 'replan') return { applied, created, isOutdated: true }
    applied.push(change)
    created ??= result.created
  }
  return { applied, created, isOutdated: false }
}

/** Returns the planned changes except those whose values Neon stores in its own form. Warns about these. */
const withoutStoredDifferently = (
  planned: readonly PlannedChange[],
  written: readonly PlannedChange[],
  observed: Observed,
  { log }: ChangeContext,
): readonly PlannedChange[] => {
  const stored = observed.auth === 'on' ? observed.settings : undefined
  if (!stored) return planned
  return planned.filter((change) => {
    if (!isSettingsChange(change)) return true
    const warnings = storedDifferentlyWarnings(change, written.filter(isSettingsChange), stored)
    for (const warning of warnings) log.warning(warning)
    return warnings.length === 0
  })
}

/**
 * Brings the branch's auth to the desired state: plans, applies, and observes until nothing is left to plan.
 * `first` is the state that the caller observed. Returns the final state. Throws {@link Problem} if Neon refuses
 * a change, if the branch still differs after the last round, or if another run disables auth. Throws
 * `PullRequestClosed` if the pull request was closed in the meantime.
 */
export const converge = async (
  desired: Desired,
  first: Observed,
  context: ChangeContext,
  afterWrites: AfterWrites = () => {},
): Promise<Converged> => {
  const isRestoring = context.onOrphanSchema === 'restore'
  const refused = new Set<string>()
  let accepted = NOTHING_ACCEPTED
  let created: CreatedAuth | undefined
  const respell = (state: Observed) =>
    withDesiredSpellings(state, desired, accepted.changes, context)
  const read = async (): Promise<Reading> => {
    const goal = isRestoring ? await withRestored(desired, context, refused) : desired
    const state = await observe(context.neon, context.branch, goal, context.log)
    return { goal, observed: await respell(state) }
  }
  // If auth is on, an earlier run may have enabled it without finishing its restore.
  let reading: Reading =
    first.auth === 'on' && isRestoring
      ? await read()
      : { goal: desired, observed: await respell(first) }
  for (let round = 0; ; round++) {
    const { goal, observed } = reading
    const planned = planEnable(markAccepted(goal, accepted), observed)
    const changes = withoutStoredDifferently(planned, accepted.changes, observed, context)
    if (observed.auth === 'on') {
      if (changes.length === 0) return { observed, ...(created && { created }) }
      if (round === MAX_ROUNDS) throw notConvergedProblem(context, changes, observed)
    }
    if (round > 1)
      await context.deadline.sleep(backoffMs(round), 'waiting to apply the changes again')
    const result = await applyAll(changes, reading, refused, context)
    created ??= result.created
    // If another run has enabled auth since, that auth has none of these changes.
    accepted = result.isOutdated
      ? NOTHING_ACCEPTED
      : { changes: [...accepted.changes, ...result.applied], goal }
    afterWrites(observed, created)
    const hasEnabled = result.applied.some(({ change }) => change === 'enable_auth')
    reading = await readBack(read, hasEnabled, context)
    if (isReplaced(observed, created, reading.observed)) {
      accepted = NOTHING_ACCEPTED
      // What was verified since the writes may have been the former auth.
      afterWrites(reading.observed, undefined)
    }
  }
}
