import type { Target } from '../action/intent.ts'
import { askOrigins, askService } from '../doctor/ask-service.ts'
import { diagnosisOf } from '../doctor/diagnose.ts'
import { findingLines, verdictSentence } from '../doctor/finding-text.ts'
import { type BranchAuth, known, type Observations } from '../doctor/observations.ts'
import { readBranchAuth, reading } from '../doctor/read-branch.ts'
import { readPreview } from '../doctor/read-preview.ts'
import { isIpAddress } from '../domains/host.ts'
import { type FoundBranch, listAll } from '../neon/branches.ts'
import { missingBranch } from '../preview/find-branch.ts'
import type { Report } from '../report/report.ts'
import { ownOauthProviders } from '../settings/inherited.ts'
import { type BranchIntent, type RunContext, selectBranch } from './context.ts'
import { discoverFunctions } from './discover-functions.ts'
import { locate, withHeadCommit } from './locate.ts'
import { comment, commentOf } from './pull-request-comment.ts'
import { requestedDomains } from './requested-domains.ts'
import { domainsOf, NO_DOMAINS } from './wanted-domains.ts'

/** The previews to examine, and what is wrong with the lists of them. */
type Previews = Pick<Observations, 'unusableDomains' | 'unreadPreviews'> & {
  readonly origins: readonly string[]
}

const previewsOf = async (
  branch: FoundBranch,
  target: Target,
  run: RunContext,
): Promise<Previews> => {
  const requested = await requestedDomains(target, run)
  const [domains, functions] = await Promise.all([
    domainsOf(target, requested, run),
    reading(() => discoverFunctions(branch, target, run)),
  ])
  const own = known(functions) ?? []
  // A wildcard names no page to open.
  const origins = [...domains.trusted, ...own].filter((origin) => !origin.includes('*'))
  return {
    origins: [...new Set(origins)],
    unusableDomains: requested.faults,
    unreadPreviews: [
      ...(domains.isComplete
        ? []
        : ["the pull request's deployments are not fully known; see the log"]),
      ...('unread' in functions ? [functions.unread] : []),
    ],
  }
}

/** Returns whether the doctor may send requests to an origin: a named preview, or a public trusted domain. */
const readableOrigins = (origins: readonly string[], { domains }: BranchAuth) => {
  const trusted = known(domains) ?? []
  return (origin: string): boolean => {
    if (origins.includes(origin)) return true
    const { protocol, hostname } = new URL(origin)
    const isPublic = protocol === 'https:' && hostname.includes('.') && !isIpAddress(hostname)
    return isPublic && trusted.includes(origin)
  }
}

/** Reads the branch, its auth service, and the previews. */
const examine = async (
  branch: FoundBranch,
  target: Target,
  run: RunContext,
): Promise<Observations> => {
  const { neon, http } = run
  const { parentId } = branch
  const [auth, parent, { origins, ...lists }] = await Promise.all([
    readBranchAuth(neon, branch.id),
    parentId === undefined ? undefined : readBranchAuth(neon, parentId),
    previewsOf(branch, target, run),
  ])
  const { urls } = auth
  const access = {
    send: http.once,
    mayRead: readableOrigins(origins, auth),
    ...(urls && { baseUrl: urls.baseUrl }),
    knownUrls: parent?.urls ? [parent.urls.baseUrl] : [],
  }
  const [service, previews] = await Promise.all([
    urls && askService(urls, run),
    Promise.all(origins.map((origin) => readPreview(origin, access))),
  ])
  const aliases = previews.flatMap(({ redirects }) => redirects)
  const trust = urls ? await askOrigins(urls, [...new Set([...origins, ...aliases])], run) : []
  return {
    branch,
    auth,
    ...(parent && { parent }),
    ...(service && { service }),
    trust,
    previews,
    ...lists,
  }
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
  const seen = await examine(branch, target, run)
  const diagnosis = diagnosisOf(seen)
  for (const line of diagnosis.findings.flatMap(findingLines)) log.info(line)
  if (diagnosis.verdict === 'could_not_tell') log.warning(verdictSentence(diagnosis))
  const report: Report = { action: 'status', branch, changes: [], ...stateOf(seen), diagnosis }
  // The record of deployments stays as it is: this run has trusted nothing.
  await comment(report, target, { earlier, domains: { ...NO_DOMAINS, isComplete: false } }, run)
  return report
}
