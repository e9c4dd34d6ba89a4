import type { SkipIntent } from '../action/intent.ts'
import type { ObservedOn } from '../auth/observe.ts'
import { type Change, sentence } from '../auth/plan.ts'
import type { AuthUrls } from '../auth/urls.ts'
import type { Log } from '../core/log.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { Report } from '../report/report.ts'
import { ownOauthProviders } from '../settings/inherited.ts'

/** Logs a notice about why the run is skipped, and returns its report. */
export const skipReport = (
  { reason, why }: SkipIntent,
  log: Log,
  applied: readonly Change[] = [],
): Report => {
  log.notice(`Neon Auth was skipped: ${why}.`)
  return { action: 'skipped', changes: applied, skipped: { reason, why } }
}

/** Logs the planned changes and returns the report of a dry run. */
export const planReport = (changes: readonly Change[], branch: FoundBranch, log: Log): Report => {
  for (const change of changes) log.info(`Would: ${sentence(change)}`)
  return { action: 'planned', branch, changes }
}

/** Returns the part of a report that describes enabled auth. */
export const authReport = (
  { integration, settings, trustedDomains }: ObservedOn,
  urls: AuthUrls,
): Pick<Report, 'auth' | 'trustedDomains'> => ({
  auth: {
    ...urls,
    integration,
    oauthProviders: (settings?.plugins.oauth_providers ?? []).map(({ id }) => id),
    ownOauthProviders: ownOauthProviders(settings?.plugins.oauth_providers),
  },
  trustedDomains,
})
