import type { Target } from '../action/intent.ts'
import type { KnownPreviews } from '../doctor/examine.ts'
import { findingLines, verdictSentence } from '../doctor/finding-text.ts'
import { knownValue, type Observations } from '../doctor/observations.ts'
import type { Report } from '../report/report.ts'
import { ownOauthProviders } from '../settings/inherited.ts'
import { collectDomains, NO_DOMAINS } from './collect-domains.ts'
import type { BranchIntent, RunContext } from './context.ts'
import { discoverFunctions } from './discover-functions.ts'
import { locateExisting, withHeadCommit } from './locate.ts'
import { updateComment } from './pull-request-comment.ts'
import { readRequestedDomains } from './trusted-domains-input.ts'

const readPreviews = async (target: Target, run: RunContext): Promise<KnownPreviews> => {
  const requested = await readRequestedDomains(target, run)
  const { trusted, isComplete } = await collectDomains(target, requested, run)
  return { origins: trusted, isComplete, unusable: requested.faults }
}

const authState = ({ auth }: Observations): Pick<Report, 'auth' | 'trustedDomains'> => {
  const integration = knownValue(auth.integration)
  if (!integration || !auth.urls) return {}
  const providers = knownValue(auth.plugins)?.oauth_providers ?? []
  const domains = knownValue(auth.domains)
  return {
    auth: {
      ...auth.urls,
      integration,
      oauthProviders: providers.map(({ id }) => id),
      ownOauthProviders: ownOauthProviders(providers),
    },
    ...(domains && { trustedDomains: domains }),
  }
}

/**
 * Finds out why people cannot sign in on a preview. Writes nothing to Neon. Throws `Problem` if it cannot find the
 * branch. A failed read of the branch's auth or of a preview becomes part of the diagnosis.
 */
export const doctorRun = async (intent: BranchIntent, run: RunContext): Promise<Report> => {
  const { log } = run
  const target = await withHeadCommit(intent.target, run)
  const branch = await locateExisting(target, run)
  const { examine } = await import('../doctor/examine.ts')
  const { observations, diagnosis } = await examine({
    ...run,
    branch,
    previews: () => readPreviews(target, run),
    functions: () => discoverFunctions(branch, target, run),
  })
  for (const line of diagnosis.findings.flatMap(findingLines)) log.info(line)
  if (diagnosis.verdict === 'could_not_tell') log.warning(verdictSentence(diagnosis))
  const report: Report = {
    action: 'status',
    branch,
    changes: [],
    ...authState(observations),
    diagnosis,
  }
  // This run adds no domain, so the comment keeps its record of deployments.
  await updateComment(report, target, NO_DOMAINS, run)
  return report
}
