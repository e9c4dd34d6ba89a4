import type { Inputs } from '../action/inputs.ts'
import { skipClosed, type Target } from '../action/intent.ts'
import { PullRequestClosed } from '../auth/context.ts'
import { guardBranch } from '../auth/guard.ts'
import { type Observed, observe } from '../auth/observe.ts'
import { confirmBranch, markRead, type ReadMark } from '../auth/preconditions.ts'
import type { DomainList } from '../domains/list.ts'
import type { FoundComment } from '../github/endpoints/find-own-comments.ts'
import type { FoundBranch } from '../neon/branches.ts'
import { formerDomains } from '../preview/former-domains.ts'
import type { Report } from '../report/report.ts'
import type { Settings } from '../settings/settings.ts'
import {
  canPrune,
  collectDomains,
  type Domains,
  NO_DOMAINS,
  warnIfDomainsUnknown,
  withTrustedOrigins,
} from './collect-domains.ts'
import { type BranchIntent, type RunContext, selectBranch } from './context.ts'
import { convergeBranch } from './converge-branch.ts'
import { loadSettings, toDesired } from './desired-state.ts'
import { discoverFunctions } from './discover-functions.ts'
import type { PlannedSession, SessionInput } from './e2e-session.ts'
import { findExclusiveOrigins } from './exclusive-domains.ts'
import { identifyPullRequest } from './identify-pull-request.ts'
import { locateForEnabling, withHeadCommit } from './locate.ts'
import {
  currentDeployments,
  readEarlierComments,
  recordFor,
  updateComment,
  withFailureComment,
} from './pull-request-comment.ts'
import { assertOpen, isClosed } from './pull-request-state.ts'
import { type GetEarlyState, readEarly } from './read-early.ts'
import { skipReport } from './reports.ts'
import { assertUsable, readRequestedDomains } from './trusted-domains-input.ts'

/** Throws `Problem` if `e2e_session` names no user with a password in the settings. Sends no request. */
const checkSessionUser = async (
  { e2eSession }: Inputs,
  settings: Settings | undefined,
): Promise<void> => {
  if (typeof e2eSession !== 'string') return
  const { assertUserWithPassword } = await import('./e2e-session.ts')
  assertUserWithPassword(e2eSession, settings)
}

/** Plans the session for `e2e_session`. Returns `undefined` if that input is unset. */
const planSessionFor = async (
  branch: FoundBranch,
  input: Omit<SessionInput, 'confirm'>,
  run: RunContext,
): Promise<PlannedSession | undefined> => {
  if (run.inputs.e2eSession === undefined) return undefined
  const { planSession } = await import('./e2e-session.ts')
  const confirm = async (): Promise<void> => {
    // The branch may have become the default branch while the run enabled auth.
    await Promise.all([confirmBranch(run.neon, branch, false), assertOpen(input.target, run)])
  }
  return planSession(branch, { ...input, confirm }, run)
}

/** Returns the report with the results of `oauth_preflight`, if that input is set. */
const withOauthPreflight = async (
  report: Report,
  domains: readonly string[],
  run: RunContext,
): Promise<Report> => {
  if (!run.inputs.oauthPreflight || run.inputs.dryRun || !report.auth) return report
  const { checkOauth } = await import('../auth/oauth-preflight.ts')
  return { ...report, oauth: await checkOauth({ ...run, ...report.auth, domains }) }
}

/** Starts reading auth while the run looks for the branch, if the branch's ID is known. */
const observeEarly = (
  target: Target,
  settings: Settings | undefined,
  run: RunContext,
): GetEarlyState<Observed> => {
  const { inputs, log, neon } = run
  // Both inputs also need the parent branch, which is still unknown.
  if (inputs.isolate || inputs.oauth === 'shared') return async () => undefined
  // A new user for the session needs the branch's sign-up settings, even if `settings` is unset.
  const settingsToRead = inputs.e2eSession === true ? (settings ?? {}) : settings
  // The requested domains do not affect the read.
  const desired = toDesired(inputs, settingsToRead, { ...NO_DOMAINS, former: [], prunes: false })
  return readEarly(target, run, (branch) => observe(neon, branch, desired, log))
}

/** The branch, the domains, and the records that an enabling run needs for its plan. */
interface EnablePreparation {
  readonly branch: FoundBranch
  readonly requested: DomainList
  /** Every domain of the run, including those of Neon Functions. */
  readonly domains: Domains
  readonly earlier: readonly FoundComment[]
  /** When the first read began. */
  readonly since: ReadMark
  readonly getEarlyState: GetEarlyState<Observed>
}

/**
 * Finds the branch and the domains. Throws {@link PullRequestClosed} if the pull request is closed, and
 * `Problem` if the run must not change the branch, or if a domain is unusable.
 */
const prepare = async (
  target: Target,
  settings: Settings | undefined,
  run: RunContext,
): Promise<EnablePreparation> => {
  const since = markRead(run.deadline)
  const locating = locateForEnabling(target, run)
  const getEarlyState = observeEarly(target, settings, run)
  // Checking domains loads the Public Suffix List, which would delay the first request.
  await Promise.race([run.http.firstSent, Promise.allSettled([locating])])
  const requested = await readRequestedDomains(target, run)
  if (requested.faults.length > 0 && (await isClosed(target, run))) throw new PullRequestClosed()
  assertUsable(requested)
  const [owned, pullRequestDomains, earlier] = await Promise.all([
    locating,
    collectDomains(target, requested, run),
    readEarlierComments(target, run),
  ])
  if (!owned) throw new PullRequestClosed()
  const { branch } = owned
  guardBranch(branch, run.inputs.allowProtected)
  selectBranch(branch, run)
  const functionOrigins = await discoverFunctions(branch, target, run)
  const domains = withTrustedOrigins(pullRequestDomains, functionOrigins)
  return { branch, requested, domains, earlier, since, getEarlyState }
}

const enableTarget = async (
  target: Target,
  settings: Settings | undefined,
  run: RunContext,
): Promise<Report> => {
  const prepared = await prepare(target, settings, run)
  const { branch, requested, domains, earlier } = prepared
  const session = await planSessionFor(branch, { target, settings, domains: domains.trusted }, run)
  warnIfDomainsUnknown(domains, run)
  const former = formerDomains(recordFor(earlier, branch), currentDeployments(domains, run))
  const desired = toDesired(run.inputs, session ? session.settings : settings, {
    ...domains,
    former: await findExclusiveOrigins(former, target, run),
    prunes: canPrune(domains, requested, run),
  })
  const enabled = await convergeBranch(branch, desired, target, prepared, run)
  const checked = await withOauthPreflight(enabled, domains.trusted, run)
  const report = session ? await session.open(checked) : checked
  await updateComment(report, target, domains, run)
  return report
}

/**
 * Brings auth on the target's branch to the state that the inputs describe and verifies it. Skips a closed
 * pull request. With `dry_run`, only plans. Throws `Problem` if the state cannot be reached or verified.
 */
export const enableRun = async (intent: BranchIntent, run: RunContext): Promise<Report> => {
  const { inputs, env, log, journal } = run
  const settings = await loadSettings(inputs, env, log.warning)
  await checkSessionUser(inputs, settings)
  const identified = await identifyPullRequest(intent.target, run)
  if ('kind' in identified) return skipReport(identified, log)
  const target = await withHeadCommit(identified.target, run)
  try {
    return await withFailureComment(target, run, () => enableTarget(target, settings, run))
  } catch (error) {
    if (!(error instanceof PullRequestClosed)) throw error
    return skipReport(skipClosed(target), log, journal.applied)
  }
}
