import type { Target } from '../action/intent.ts'
import type { ChangeContext } from '../auth/context.ts'
import { type AfterWrites, converge } from '../auth/converge.ts'
import { withDesiredSpellings } from '../auth/domain-spellings.ts'
import {
  checkIntegration,
  checkProviderAndDatabase,
  isSameAuth,
  type Observed,
  type ObservedOn,
  observe,
  waitForUrls,
} from '../auth/observe.ts'
import { type Change, type Desired, desiredSettings } from '../auth/plan.ts'
import {
  confirmBranch,
  createPreconditions,
  type Preconditions,
  type ReadMark,
} from '../auth/preconditions.ts'
import { withLeftover, withRestored } from '../auth/restore.ts'
import { assertSameAuth, confirmSameAuth, observeSameAuth } from '../auth/same-auth.ts'
import { planRecreate } from '../auth/turn-on.ts'
import { type AuthUrls, urlsOf } from '../auth/urls.ts'
import { type Proof, startVerification } from '../auth/verify.ts'
import { oneLine } from '../core/text.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { CreatedAuth } from '../neon/client.ts'
import type { ActionTaken } from '../report/action-taken.ts'
import type { Report } from '../report/report.ts'
import { preflight } from '../settings/preflight.ts'
import { bestEffort } from './best-effort.ts'
import { changeContext, type RunContext } from './context.ts'
import { planInOrder, withoutClosingSignUp } from './desired-state.ts'
import { assertKnownOpen, assertOpen } from './pull-request-state.ts'
import type { GetEarlyState } from './read-early.ts'
import { authReport, planReport } from './reports.ts'
import { seed, warnAboutInherited } from './seed-users.ts'

const actionOf = (changes: readonly Change[]): ActionTaken => {
  if (changes.some(({ change }) => change === 'enable_auth')) return 'enabled'
  return changes.length > 0 ? 'updated' : 'unchanged'
}

const dryRunReport = async (
  desired: Desired,
  before: Observed,
  branch: FoundBranch,
  run: RunContext,
  leftoverChanges: readonly Change[] = [],
): Promise<Report> => {
  const { log } = run
  const observed = await withDesiredSpellings(before, desired, [], run)
  const report = planReport([...leftoverChanges, ...planInOrder(desired, observed)], branch, log)
  const { test_email } = desired.settings ?? {}
  if (test_email) log.info(`Would: Send a test email to ${oneLine(test_email, 100)}.`)
  if (observed.auth === 'off') return report
  const urls = checkIntegration(observed.integration, branch, desired)
  return { ...report, ...authReport(observed, urls), requestedDomains: desired.trustedDomains }
}

/** Returns the report of a dry run that may restore data. Looks for that data over SQL. */
const restoreDryRunReport = async (
  desired: Desired,
  before: Observed,
  branch: FoundBranch,
  run: RunContext,
): Promise<Report> => {
  const context = { ...run, branch }
  if (before.auth === 'off') {
    const leftover = await withLeftover(desired, context)
    return dryRunReport(leftover.desired, before, branch, run, leftover.aside)
  }
  const restored = await withRestored(desired, context)
  return dryRunReport(restored, await observe(run.neon, branch, restored, run.log), branch, run)
}

/** Returns the report of a dry run. Looks over SQL for a leftover schema that the run would delete or restore. */
const planOnly = async (
  desired: Desired,
  before: Observed,
  branch: FoundBranch,
  run: RunContext,
): Promise<Report> => {
  const { onOrphanSchema } = run.inputs
  if (onOrphanSchema === 'restore') return restoreDryRunReport(desired, before, branch, run)
  if (onOrphanSchema === 'fail' || before.auth === 'on')
    return dryRunReport(desired, before, branch, run)
  const deletion = await bestEffort(
    'This dry run could not find out whether `on_orphan_schema: recreate` would delete a leftover schema',
    run,
    () => planRecreate({ ...run, branch }, desired.database),
  )
  return dryRunReport(desired, before, branch, run, deletion)
}

/** Throws `Problem` if the settings cannot work on the branch. Call this before the first write. */
const checkSettings = async (
  desired: Desired,
  before: Observed,
  branch: FoundBranch,
  { inputs, neon, deadline, log }: RunContext,
): Promise<void> => {
  const stored = before.auth === 'on' ? before.settings : undefined
  const wanted = desiredSettings(desired, stored)
  if (!wanted) return
  await preflight({
    file: desired.settings ?? {},
    wanted,
    stored,
    emailProviderType: () => neon.getEmailProviderType(branch.id),
    seconds: deadline.remaining() / 1000,
    signsInAsNewUser: inputs.e2eSession === true,
    log,
  })
}

/**
 * Returns the desired state, marked so that values that Neon does not return are not sent again: this run has sent
 * them to the auth of `before`. Returns it unmarked if that auth is no longer on.
 */
const withoutResending = (desired: Desired, before: ObservedOn, now: Observed): Desired =>
  now.auth === 'on' && isSameAuth(before.integration, now.integration)
    ? { ...desired, resendSecrets: false, writeOnlySent: true }
    : desired

interface ConvergedAuth {
  readonly observed: ObservedOn
  readonly urls: AuthUrls
  readonly created?: CreatedAuth
}

const convergeAndWait = async (
  desired: Desired,
  before: Observed,
  context: ChangeContext,
  afterWrites?: AfterWrites,
): Promise<ConvergedAuth> => {
  const { observed, created } = await converge(desired, before, context, afterWrites)
  const { database } = desired
  const ready = await waitForUrls(desired, { before, observed, created }, context)
  // Another run may have changed the same branch during the wait.
  const converged =
    ready === observed
      ? observed
      : (await converge(withoutResending(desired, observed, ready), ready, context, afterWrites))
          .observed
  const urls = checkIntegration(converged.integration, context.branch, { database, created })
  return { observed: converged, urls, ...(created && { created }) }
}

/**
 * Starts verifying auth after each round of writes, in parallel with reading the result back. Only the last
 * verification counts, and only if Neon then returns the same URLs.
 */
const earlyVerification = (domains: readonly string[], run: RunContext) => {
  let latest: { readonly urls: AuthUrls; readonly finish: () => Promise<Proof> } | undefined
  const start = (urls: AuthUrls) => ({
    urls,
    finish: startVerification({ ...run, ...urls, domains }),
  })
  return {
    afterWrites(before: Observed, created: CreatedAuth | undefined): void {
      const urls =
        urlsOf(created ?? {}) ?? (before.auth === 'on' ? urlsOf(before.integration) : undefined)
      latest = urls && run.inputs.verify ? start(urls) : undefined
    },
    async finish(urls: AuthUrls): Promise<Proof | undefined> {
      if (!run.inputs.verify) return undefined
      const { baseUrl, jwksUrl } = latest?.urls ?? {}
      const isSame = baseUrl === urls.baseUrl && jwksUrl === urls.jwksUrl
      return (latest && isSame ? latest : start(urls)).finish()
    },
  }
}

/**
 * Creates the users, and closes sign-up afterward if the settings say so. Returns the final state. Throws `Problem` if
 * somebody has disabled or replaced auth in the meantime: new auth has none of the users, and nobody has verified it.
 */
const seedAndCloseSignUp = async (
  desired: Desired,
  converged: ConvergedAuth,
  context: ChangeContext,
  run: RunContext,
): Promise<ConvergedAuth> => {
  const { applied } = run.journal
  const { branch } = context
  const changes = applied.length
  await seed(desired, { ...converged, context }, run)
  const before = converged.observed
  if (withoutClosingSignUp(desired) === desired) {
    if (applied.length > changes) await confirmSameAuth(before, context)
    return converged
  }
  const now = await observeSameAuth(
    before,
    () => observe(run.neon, branch, desired, run.log),
    context,
  )
  const { observed } = await convergeAndWait(withoutResending(desired, before, now), now, context)
  await assertSameAuth(before, observed.integration, context)
  return { ...converged, observed }
}

const enable = async (
  desired: Desired,
  before: Observed,
  context: ChangeContext,
  run: RunContext,
): Promise<Report> => {
  const { log, journal } = run
  const initial = withoutClosingSignUp(desired)
  const domains = desired.trustedDomains
  const verification = earlyVerification(domains, run)
  const converged = await convergeAndWait(initial, before, context, verification.afterWrites)
  const { urls, created } = converged
  const proof = await verification.finish(urls)
  const { observed } = await seedAndCloseSignUp(desired, converged, context, run)
  warnAboutInherited(observed, desired, urls.baseUrl, log)
  return {
    action: actionOf(journal.applied),
    branch: context.branch,
    changes: journal.applied,
    ...authReport(observed, urls),
    requestedDomains: domains,
    ...(proof && { proof }),
    ...(created && { created }),
  }
}

/** Returns whether a run may remove domains or inherited settings. If so, it confirms the preconditions first. */
const mayRemove = ({ pruneDomains, isolate, formerDomains = [] }: Desired): boolean =>
  pruneDomains || isolate === true || formerDomains.length > 0

/** How long to skip asking GitHub after a failed request, in ms. */
const GITHUB_PAUSE_MS = 15_000

/** Creates the preconditions for enabling: the branch may be changed, and the pull request is not closed. */
const enablingPreconditions = (
  target: Target,
  branch: FoundBranch,
  since: ReadMark,
  run: RunContext,
): Preconditions => {
  let nextCheckAt = Number.NEGATIVE_INFINITY
  const checkOpen = async (): Promise<void> => {
    if (performance.now() < nextCheckAt) return
    const isKnownOpen = await assertOpen(target, run)
    // Otherwise, an outage at GitHub would delay every write by a round of retries.
    if (!isKnownOpen) nextCheckAt = performance.now() + GITHUB_PAUSE_MS
  }
  const read = async (): Promise<void> => {
    await Promise.all([confirmBranch(run.neon, branch, run.inputs.allowProtected), checkOpen()])
  }
  return createPreconditions(read, run.deadline, { since })
}

/**
 * Brings auth on a branch to the desired state and verifies it. With `dry_run`, only plans. Throws `Problem`
 * if the state cannot be reached or verified, and `PullRequestClosed` if the pull request is closed.
 */
export const convergeBranch = async (
  branch: FoundBranch,
  desired: Desired,
  target: Target,
  {
    since,
    getEarlyState,
  }: { readonly since: ReadMark; readonly getEarlyState: GetEarlyState<Observed> },
  run: RunContext,
): Promise<Report> => {
  const { inputs, log, neon } = run
  const preconditions = enablingPreconditions(target, branch, since, run)
  const confirmsFirst = mayRemove(desired) && !inputs.dryRun
  // Confirming the preconditions takes a round of requests anyway, so an early state would save nothing.
  const early = confirmsFirst ? undefined : await getEarlyState(branch)
  const [before] = await Promise.all([
    early?.state ?? observe(neon, branch, desired, log),
    confirmsFirst ? preconditions.confirm() : undefined,
  ])
  if (before.auth === 'on') checkProviderAndDatabase(before.integration, branch, desired.database)
  await checkSettings(desired, before, branch, run)
  if (inputs.dryRun) return planOnly(desired, before, branch, run)
  const context = changeContext(branch, preconditions, run, () => assertKnownOpen(target, run))
  return enable(desired, before, context, run)
}
