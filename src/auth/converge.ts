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
import { type Observed, type ObservedOn, observe } from './observe.ts'
import { type Desired, type PlannedChange, planEnable, sentence } from './plan.ts'
import { withRestored } from './restore.ts'
import { restoredSettingName } from './restored-settings.ts'

/** The maximum number of rounds. Each round writes the differences and reads back. */
const MAX_ROUNDS = 4
/** How many times auth must read as off before the run treats it as disabled. */
const READS_UNTIL_OFF = 3

/** Runs between the writes of a round and their read-back. `before` is the state before the writes. */
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

const disabledDuringRunProblem = ({ branch }: ChangeContext): Problem =>
  new Problem({
    what: `Neon Auth was disabled on branch ${branch.name} (${branch.id}) while this run was in progress.`,
    why: 'the pull request was closed, or somebody disabled auth in the Neon Console',
    fix: 'if the branch still needs auth, run the job again',
  })

const notReportedAsOnProblem = ({ branch }: ChangeContext): Problem =>
  new Problem({
    what: `Neon accepted the request to enable auth on branch ${branch.name} (${branch.id}) but still reports it as off.`,
    why: 'Neon is still setting it up, or another run disabled it right away',
    fix: 'run the job again, or raise `timeout`',
  })

/**
 * Waits until Neon reports auth as on, and returns that state. If this run has just enabled auth, Neon may need
 * a moment. Otherwise, another run disabled it. This run then fails instead of enabling auth again, because the
 * pull request may have been closed.
 */
const readBack = async (
  read: () => Promise<Observed>,
  hasEnabled: boolean,
  context: ChangeContext,
): Promise<ObservedOn> => {
  for (let attempt = 1; ; attempt++) {
    const observed = await read()
    if (observed.auth === 'on') return observed
    if (attempt >= READS_UNTIL_OFF) {
      if (!hasEnabled) throw disabledDuringRunProblem(context)
      await context.preconditions.confirm()
    }
    const pause = 500 + backoffMs(attempt)
    if (pause >= context.deadline.remaining())
      throw hasEnabled ? notReportedAsOnProblem(context) : disabledDuringRunProblem(context)
    await context.deadline.sleep(pause, 'waiting for Neon to report auth as on')
  }
}

interface RoundResult {
  /** Whether this run enabled auth in this round. */
  readonly hasEnabled: boolean
  readonly created?: CreatedAuth
  /** Whether every change of the plan is applied. */
  readonly isComplete: boolean
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

/** Applies a change. If Neon refuses a setting from before the close, only warns, so that the data is restored. */
const applyOrWarn = async (
  change: PlannedChange,
  basis: PlanBasis,
  { all, refused }: RestoredSettings,
  context: ChangeContext,
): Promise<ApplyResult> => {
  try {
    return await apply(change, basis, context)
  } catch (error) {
    const setting = restoredSettingName(change)
    const isRestored = setting !== undefined && all.includes(setting)
    if (!isRestored || !isRefusedValue(error)) throw error
    refused.add(setting)
    context.log.warning(
      `Neon refused a setting from before the close, so it was not restored: ${setting}. Set it again in the Neon Console or with the input \`settings\`.\n${messageOf(error)}`,
    )
    return { outcome: 'already_applied' }
  }
}

const applyAll = async (
  changes: readonly PlannedChange[],
  observed: Observed,
  restored: RestoredSettings,
  context: ChangeContext,
): Promise<RoundResult> => {
  const storedDomains = observed.auth === 'on' ? observed.storedDomains : []
  let result: RoundResult = { hasEnabled: false, isComplete: true }
  for (const change of changes) {
    const { outcome, created } = await applyOrWarn(change, { storedDomains }, restored, context)
    if (outcome === 'replan') return { ...result, isComplete: false }
    if (change.change === 'enable_auth')
      result = { ...result, hasEnabled: true, ...(created && { created }) }
  }
  return result
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
 * `first` is the state that the caller observed. Returns the final state. Throws {@link Problem} if the
 * branch still differs after the last round, or if another run disables auth. Throws `PullRequestClosed`
 * if the pull request was closed in the meantime.
 */
export const converge = async (
  desired: Desired,
  first: Observed,
  context: ChangeContext,
  afterWrites: AfterWrites = () => {},
): Promise<Converged> => {
  // With `restore`, the goal includes the data and the settings from before the close.
  let goal = desired
  const refused = new Set<string>()
  const written: PlannedChange[] = []
  const respell = (state: Observed) => withDesiredSpellings(state, desired, written, context)
  const read = async (): Promise<Observed> => {
    if (context.onOrphanSchema === 'restore') goal = await withRestored(desired, context, refused)
    return respell(await observe(context.neon, context.branch, goal, context.log))
  }
  // If auth is on, an earlier run may have enabled it without finishing its restore.
  const mayHaveUnfinishedRestore = first.auth === 'on' && context.onOrphanSchema === 'restore'
  let observed = mayHaveUnfinishedRestore ? await read() : await respell(first)
  let created: CreatedAuth | undefined
  // Neon never returns secrets, so a secret counts as applied once this run has sent it.
  let resendSecrets = desired.resendSecrets ?? false
  let writeOnlySent = desired.writeOnlySent ?? false
  for (let round = 0; ; round++) {
    const planned = planEnable({ ...goal, resendSecrets, writeOnlySent }, observed)
    const changes = withoutStoredDifferently(planned, written, observed, context)
    if (observed.auth === 'on') {
      if (changes.length === 0) return { observed, ...(created && { created }) }
      if (round === MAX_ROUNDS) throw notConvergedProblem(context, changes, observed)
    }
    if (round > 1)
      await context.deadline.sleep(backoffMs(round), 'waiting to apply the changes again')
    const restored = { all: goal.restoredSettings ?? [], refused }
    const result = await applyAll(changes, observed, restored, context)
    created ??= result.created
    if (result.isComplete) {
      resendSecrets = false
      writeOnlySent = true
      written.push(...changes)
    }
    afterWrites(observed, created)
    const settingsBefore = goal.settings
    observed = await readBack(read, result.hasEnabled, context)
    // If the read-back found more settings to restore, the run has not sent them yet.
    if (!isDeepStrictEqual(settingsBefore, goal.settings))
      writeOnlySent = desired.writeOnlySent ?? false
  }
}
