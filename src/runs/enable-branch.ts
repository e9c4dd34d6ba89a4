import type { Target } from '../action/intent.ts'
import type { ChangeContext } from '../auth/context.ts'
import { type AfterWrites, converge } from '../auth/converge.ts'
import { withDesiredSpellings } from '../auth/domain-spellings.ts'
import {
  checkIntegration,
  checkProviderAndDatabase,
  type Observed,
  type ObservedOn,
  observe,
  waitForUrls,
} from '../auth/observe.ts'
import { type Change, type Desired, desiredSettings, planEnable } from '../auth/plan.ts'
import {
  confirmBranch,
  createPreconditions,
  type Preconditions,
  type ReadMark,
} from '../auth/preconditions.ts'
import { withLeftover, withRestored } from '../auth/restore.ts'
import { type AuthUrls, urlsOf } from '../auth/urls.ts'
import { type Proof, startVerification } from '../auth/verify.ts'
import { oneLine } from '../core/text.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { CreatedAuth } from '../neon/client.ts'
import type { ActionTaken, Report } from '../report/report.ts'
import { preflight } from '../settings/preflight.ts'
import { planUsers } from '../settings/users.ts'
import { changeContext, type RunContext } from './context.ts'
import { withSignUpOpen } from './desired-state.ts'
import { assertKnownOpen, assertOpen } from './pull-request-state.ts'
import type { TakeEarly } from './read-early.ts'
import { authReport, planReport } from './reports.ts'
import { seed, warnOfInherited } from './seed-users.ts'

const actionOf = (changes: readonly Change[]): ActionTaken => {
  if (changes.some(({ change }) => change === 'enable_auth')) return 'enabled'
  return changes.length > 0 ? 'updated' : 'unchanged'
}

const dryRunReport = async (
  desired: Desired,
  before: Observed,
  branch: FoundBranch,
  run: RunContext,
  aside: readonly Change[] = [],
): Promise<Report> => {
  const { log } = run
  const observed = await withDesiredSpellings(before, desired, [], run)
  const users = planUsers(desired.settings ?? {})
  const report = planReport([...aside, ...planEnable(desired, observed), ...users], branch, log)
  const { test_email } = desired.settings ?? {}
  if (test_email) log.info(`Would: Send a test email to ${oneLine(test_email, 100)}.`)
  if (observed.auth === 'off') return report
  const urls = checkIntegration(observed.integration, branch, desired)
  return { ...report, ...authReport(observed, urls), requestedDomains: desired.trustedDomains }
}

/** Plans a run that may restore: for that, it looks at the database over SQL. */
const plannedRestore = async (
  desired: Desired,
  before: Observed,
  branch: FoundBranch,
  run: RunContext,
): Promise<Report> => {
  const looking = { ...run, branch }
  if (before.auth === 'off') {
    const found = await withLeftover(desired, looking)
    return dryRunReport(found.desired, before, branch, run, found.aside)
  }
  const wanted = await withRestored(desired, looking)
  return dryRunReport(wanted, await observe(run.neon, branch, wanted, run.log), branch, run)
}

/** Checks before the first write whether the settings can work on the branch. */
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

/** The same state, for a run that has already sent the values that reading does not show. */
const withoutResending = (desired: Desired): Desired => ({
  ...desired,
  resendSecrets: false,
  unshownSent: true,
})

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
  const again = async () => converge(withoutResending(desired), ready, context, afterWrites)
  const settled = ready === observed ? observed : (await again()).observed
  const urls = checkIntegration(settled.integration, context.branch, { database, created })
  return { observed: settled, urls, ...(created && { created }) }
}

/**
 * Starts to verify auth after each round of writes, in parallel with reading back. Only what was asked after
 * the last write counts, and only at the URLs that reading back shows.
 */
const earlyVerification = (domains: readonly string[], run: RunContext) => {
  let started: { readonly urls: AuthUrls; readonly finish: () => Promise<Proof> } | undefined
  const begin = (urls: AuthUrls) => ({
    urls,
    finish: startVerification({ ...run, ...urls, domains }),
  })
  return {
    afterWrites(before: Observed, created: CreatedAuth | undefined): void {
      const urls =
        urlsOf(created ?? {}) ?? (before.auth === 'on' ? urlsOf(before.integration) : undefined)
      started = urls && run.inputs.verify ? begin(urls) : undefined
    },
    async finish(urls: AuthUrls): Promise<Proof | undefined> {
      if (!run.inputs.verify) return undefined
      const { baseUrl, jwksUrl } = started?.urls ?? {}
      const isSame = baseUrl === urls.baseUrl && jwksUrl === urls.jwksUrl
      return (started && isSame ? started : begin(urls)).finish()
    },
  }
}

const enable = async (
  desired: Desired,
  before: Observed,
  context: ChangeContext,
  run: RunContext,
): Promise<Report> => {
  const { log, journal } = run
  const { branch } = context
  const first = withSignUpOpen(desired)
  const domains = desired.trustedDomains
  const verification = earlyVerification(domains, run)
  const reached = await convergeAndWait(first, before, context, verification.afterWrites)
  const { urls, created } = reached
  const proof = await verification.finish(urls)
  await seed(desired, { ...reached, context }, run)
  const settled = withoutResending(desired)
  const { observed } =
    first === desired
      ? reached
      : await convergeAndWait(settled, await observe(run.neon, branch, settled, log), context)
  warnOfInherited(observed, desired, urls.baseUrl, log)
  return {
    action: actionOf(journal.applied),
    branch,
    changes: journal.applied,
    ...authReport(observed, urls),
    requestedDomains: domains,
    ...(proof && { proof }),
    ...(created && { created }),
  }
}

/** Whether a run may remove something, which needs preconditions that were read in the same round. */
const mayRemove = ({ pruneDomains, isolate, formerDomains = [] }: Desired): boolean =>
  pruneDomains || isolate === true || formerDomains.length > 0

/** How long GitHub is not asked again after it did not answer, in ms. */
const GITHUB_PAUSE_MS = 15_000

/** Creates the preconditions of an enabling run: the branch may be changed, and the pull request is not closed. */
const enablingPreconditions = (
  target: Target,
  branch: FoundBranch,
  since: ReadMark,
  run: RunContext,
): Preconditions => {
  let silentUntil = Number.NEGATIVE_INFINITY
  const checkOpen = async (): Promise<void> => {
    if (performance.now() < silentUntil) return
    const hasAnswered = await assertOpen(target, run)
    // A GitHub that does not answer would otherwise delay every single write by its retries.
    if (!hasAnswered) silentUntil = performance.now() + GITHUB_PAUSE_MS
  }
  const read = async (): Promise<void> => {
    await Promise.all([confirmBranch(run.neon, branch, run.inputs.allowProtected), checkOpen()])
  }
  return createPreconditions(read, run.deadline, { since })
}

/**
 * Brings auth on a branch to the desired state, and verifies it. With `dry_run`, only plans. Throws
 * `Problem` if the state cannot be reached or verified, and `PullRequestClosed`.
 */
export const enableBranch = async (
  branch: FoundBranch,
  desired: Desired,
  target: Target,
  { since, early }: { readonly since: ReadMark; readonly early: TakeEarly<Observed> },
  run: RunContext,
): Promise<Report> => {
  const { inputs, log, neon } = run
  const preconditions = enablingPreconditions(target, branch, since, run)
  const confirms = mayRemove(desired) && !inputs.dryRun
  // What may remove something confirms its preconditions beside reading, so reading early would gain nothing.
  const known = confirms ? undefined : await early(branch)
  const [before] = await Promise.all([
    known?.state ?? observe(neon, branch, desired, log),
    confirms ? preconditions.confirm() : undefined,
  ])
  if (before.auth === 'on') checkProviderAndDatabase(before.integration, branch, desired.database)
  await checkSettings(desired, before, branch, run)
  if (inputs.dryRun) {
    return inputs.onOrphanSchema === 'restore'
      ? plannedRestore(desired, before, branch, run)
      : dryRunReport(desired, before, branch, run)
  }
  const context = changeContext(branch, preconditions, run, () => assertKnownOpen(target, run))
  return enable(desired, before, context, run)
}
