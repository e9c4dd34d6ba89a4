import { skipClosed } from '../action/intent.ts'
import { converge } from '../auth/converge.ts'
import { guardBranch } from '../auth/guard.ts'
import { PullRequestClosed } from '../auth/hands.ts'
import { checkIntegration, type Observed, observe } from '../auth/observe.ts'
import { type Change, planEnable } from '../auth/plan.ts'
import { verify } from '../auth/verify.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { ActionTaken, Report } from '../report/report.ts'
import { type Acting, actOn, handsFor, type Run } from './context.ts'
import { assertOpen, locateForEnabling } from './locate.ts'
import { authReport, planned, skipped } from './reports.ts'

const actionOf = (changes: readonly Change[]): ActionTaken => {
  if (changes.some(({ change }) => change === 'enable_auth')) return 'enabled'
  return changes.length > 0 ? 'updated' : 'unchanged'
}

const plannedEnable = (observed: Observed, branch: FoundBranch, { inputs, log }: Run): Report => {
  const report = planned(planEnable(inputs, observed), branch, log)
  if (observed.auth === 'off') return report
  const urls = checkIntegration(observed.integration, branch, inputs)
  return { ...report, ...authReport(observed, urls) }
}

/**
 * Brings auth on the target's branch to what the inputs ask for, and proves it. Skips where the
 * pull request is closed; only plans with `dry_run`. Throws `Problem` for whatever leaves a doubt.
 */
export const enableRun = async ({ target }: Acting, run: Run): Promise<Report> => {
  const { inputs, log, neon, progress } = run
  const branch = await locateForEnabling(target, run)
  if (!branch) return skipped(skipClosed(target), log)
  actOn(branch, run)
  guardBranch(branch, inputs.allowProtected)
  const before = await observe(neon, branch, inputs, log)
  if (before.auth === 'on') checkIntegration(before.integration, branch, inputs)
  if (inputs.dryRun) return plannedEnable(before, branch, run)

  const hands = handsFor(branch, run, () => assertOpen(target, run))
  try {
    const { observed, created } = await converge(inputs, before, hands)
    const { database } = inputs
    const urls = checkIntegration(observed.integration, branch, { database, created })
    if (inputs.verify) await verify({ ...run, ...urls, domains: inputs.trustedDomains })
    return {
      action: actionOf(progress.changes),
      branch,
      changes: progress.changes,
      ...authReport(observed, urls),
      ...(created && { created }),
    }
  } catch (error) {
    if (!(error instanceof PullRequestClosed)) throw error
    return skipped(skipClosed(target), log, progress)
  }
}
