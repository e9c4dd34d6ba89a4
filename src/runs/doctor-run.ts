import type { Target } from '../action/intent.ts'
import type { KnownPreviews } from '../doctor/examine.ts'
import { findingLines, verdictSentence } from '../doctor/finding-text.ts'
import { known, type Observations } from '../doctor/observations.ts'
import { listAll } from '../neon/branches.ts'
import { missingBranch } from '../preview/find-branch.ts'
import type { Report } from '../report/report.ts'
import { ownOauthProviders } from '../settings/inherited.ts'
import { type BranchIntent, type RunContext, selectBranch } from './context.ts'
import { discoverFunctions } from './discover-functions.ts'
import { locate, withHeadCommit } from './locate.ts'
import { comment, commentOf } from './pull-request-comment.ts'
import { requestedDomains } from './trusted-domains-input.ts'
import { domainsOf, NO_DOMAINS } from './wanted-domains.ts'

const previewsOf = async (target: Target, run: RunContext): Promise<KnownPreviews> => {
  const requested = await requestedDomains(target, run)
  const { trusted, isComplete } = await domainsOf(target, requested, run)
  return { origins: trusted, isComplete, unusable: requested.faults }
}

const stateOf = ({ auth }: Observations): Pick<Report, 'auth' | 'trustedDomains'> => {
  const integration = known(auth.integration)
  if (!integration || !auth.urls) return {}
  const plugins = known(auth.plugins)
  const domains = known(auth.domains)
  return {
    auth: {
      ...auth.urls,
      integration,
      oauthProviders: (plugins?.oauth_providers ?? []).map(({ id }) => id),
      ownOauthProviders: plugins ? ownOauthProviders({ plugins, webhook: { enabled: false } }) : [],
    },
    ...(domains && { trustedDomains: domains }),
  }
}

/**
 * Finds out why people cannot sign in on a preview. Writes nothing at Neon. Throws `Problem` if there is no
 * such branch; everything else that cannot be read is part of the diagnosis.
 */
export const doctorRun = async (intent: BranchIntent, run: RunContext): Promise<Report> => {
  const { neon, log } = run
  const target = await withHeadCommit(intent.target, run)
  const [{ search, found }, earlier] = await Promise.all([
    locate(target, run),
    commentOf(target, run),
  ])
  const branch = found.owned?.branch
  if (!branch) throw missingBranch(search, (await listAll(neon)).branches)
  selectBranch(branch, run)
  const { examine } = await import('../doctor/examine.ts')
  const { seen, diagnosis } = await examine({
    ...run,
    branch,
    previews: () => previewsOf(target, run),
    functions: () => discoverFunctions(branch, target, run),
  })
  for (const line of diagnosis.findings.flatMap(findingLines)) log.info(line)
  if (diagnosis.verdict === 'could_not_tell') log.warning(verdictSentence(diagnosis))
  const report: Report = { action: 'status', branch, changes: [], ...stateOf(seen), diagnosis }
  // The record of deployments stays as it is: this run has trusted nothing.
  await comment(report, target, { earlier, domains: { ...NO_DOMAINS, isComplete: false } }, run)
  return report
}
