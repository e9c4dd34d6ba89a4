import { skipClosed, type Target } from '../action/intent.ts'
import { PullRequestClosed } from '../auth/context.ts'
import { converge } from '../auth/converge.ts'
import { guardBranch } from '../auth/guard.ts'
import {
  type AuthUrls,
  checkIntegration,
  type Observed,
  type ObservedOn,
  observe,
} from '../auth/observe.ts'
import { type Change, type Desired, planEnable } from '../auth/plan.ts'
import { verify } from '../auth/verify.ts'
import { oneLine } from '../core/text.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { CreatedAuth } from '../neon/client.ts'
import type { ActionTaken, Report } from '../report/report.ts'
import { planUsers } from '../settings/users.ts'
import { type BranchIntent, handsFor, type RunContext, selectBranch } from './context.ts'
import { beforeUsers, desiredOf, settingsOf } from './desired.ts'
import { assertOpen, identify, locateForEnabling, withHead } from './locate.ts'
import { comment, commentOf, formerDomains } from './pull-request-comment.ts'
import { authReport, planned, skipped } from './reports.ts'
import { seed, warnOfInherited } from './seed.ts'
import { domainsOf } from './wanted-domains.ts'

const actionOf = (changes: readonly Change[]): ActionTaken => {
  if (changes.some(({ change }) => change === 'enable_auth')) return 'enabled'
  return changes.length > 0 ? 'updated' : 'unchanged'
}

const plannedEnable = (
  desired: Desired,
  observed: Observed,
  branch: FoundBranch,
  { log }: RunContext,
): Report => {
  const users = planUsers(desired.settings ?? {})
  const report = planned([...planEnable(desired, observed), ...users], branch, log)
  const { test_email } = desired.settings ?? {}
  if (test_email) log.info(`Would: Send a test email to ${oneLine(test_email, 100)}.`)
  if (observed.auth === 'off') return report
  const urls = checkIntegration(observed.integration, branch, desired)
  return { ...report, ...authReport(observed, urls) }
}

interface ConvergedAuth {
  readonly observed: ObservedOn
  readonly urls: AuthUrls
  readonly created?: CreatedAuth
}

const reach = async (
  desired: Desired,
  before: Observed,
  branch: FoundBranch,
  run: RunContext,
  target: Target,
): Promise<ConvergedAuth> => {
  const hands = handsFor(branch, run, () => assertOpen(target, run))
  const { observed, created } = await converge(desired, before, hands)
  const { database } = desired
  const urls = checkIntegration(observed.integration, branch, { database, created })
  return { observed, urls, ...(created && { created }) }
}

const enable = async (
  desired: Desired,
  before: Observed,
  branch: FoundBranch,
  run: RunContext,
  target: Target,
): Promise<Report> => {
  const { inputs, log, progress } = run
  const first = beforeUsers(desired)
  const reached = await reach(first, before, branch, run, target)
  const { urls, created } = reached
  if (inputs.verify) await verify({ ...run, ...urls, domains: desired.trustedDomains })
  await seed(desired, { ...reached, branch }, run)
  const settled = { ...desired, resendSecrets: false }
  const { observed } =
    first === desired
      ? reached
      : await reach(settled, await observe(run.neon, branch, settled, log), branch, run, target)
  warnOfInherited(observed, desired, urls.baseUrl, log)
  return {
    action: actionOf(progress.changes),
    branch,
    changes: progress.changes,
    ...authReport(observed, urls),
    ...(created && { created }),
  }
}

/**
 * Brings auth on the target's branch to what the inputs ask for, and proves it. Skips where the
 * pull request is closed; only plans with `dry_run`. Throws `Problem` for whatever leaves a doubt.
 */
export const enableRun = async (intent: BranchIntent, run: RunContext): Promise<Report> => {
  const { inputs, env, log, neon, progress } = run
  const settings = await settingsOf(inputs, env)
  const identified = await identify(intent.target, run)
  if ('kind' in identified) return skipped(identified, log)
  const target = await withHead(identified.target, run)
  const [branch, domains, earlier] = await Promise.all([
    locateForEnabling(target, run),
    domainsOf(target, run),
    commentOf(target, run),
  ])
  if (!branch) return skipped(skipClosed(target), log)
  selectBranch(branch, run)
  guardBranch(branch, inputs.allowProtected)
  const { trusted } = domains
  const desired = desiredOf(inputs, settings, {
    trusted,
    former: formerDomains(domains, earlier, run),
  })
  const before = await observe(neon, branch, desired, log)
  if (before.auth === 'on') checkIntegration(before.integration, branch, desired)
  if (inputs.dryRun) return plannedEnable(desired, before, branch, run)
  try {
    const report = await enable(desired, before, branch, run, target)
    await comment(report, target, { earlier, domains }, run)
    return report
  } catch (error) {
    if (!(error instanceof PullRequestClosed)) throw error
    return skipped(skipClosed(target), log, progress)
  }
}
