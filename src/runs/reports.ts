import type { Intent } from '../action/intent.ts'
import type { AuthUrls, ObservedOn } from '../auth/observe.ts'
import { type Change, sentence } from '../auth/plan.ts'
import type { Log } from '../core/log.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { Report } from '../report/report.ts'
import { ownOauthProviders } from '../settings/inherited.ts'

/** A run that does nothing and says why, visibly: a notice, not a silent green tick. */
export const skipped = (
  { reason, why }: Intent & { kind: 'skip' },
  log: Log,
  applied: readonly Change[] = [],
): Report => {
  log.notice(`Neon Auth was skipped: ${why}.`)
  return { action: 'skipped', changes: applied, skipped: { reason, why } }
}

/** A dry run's report; the log says what would change. */
export const planned = (changes: readonly Change[], branch: FoundBranch, log: Log): Report => {
  for (const change of changes) log.info(`Would: ${sentence(change)}`)
  return { action: 'planned', branch, changes }
}

/** The part of a report that tells of auth that is on. */
export const authReport = (
  { integration, settings, trustedDomains }: ObservedOn,
  urls: AuthUrls,
): Pick<Report, 'auth' | 'trustedDomains'> => ({
  auth: {
    ...urls,
    integration,
    oauthProviders: (settings?.plugins.oauth_providers ?? []).map(({ id }) => id),
    ownOauthProviders: settings ? ownOauthProviders(settings) : [],
  },
  trustedDomains,
})
