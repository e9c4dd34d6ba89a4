import type { Target } from '../action/intent.ts'
import { oneLine } from '../core/text.ts'
import { judgeDomain } from '../domains/judge.ts'
import type { DomainList } from '../domains/list.ts'
import { shownUrl } from '../domains/origin.ts'
import { stableAlias } from '../domains/per-build.ts'
import { environmentUrls } from '../github/deployments.ts'
import { bestEffort, warnNoToken } from './best-effort.ts'
import type { RunContext } from './context.ts'
import { domainContext } from './requested-domains.ts'

/** The origin of a URL that a platform reported. One that cannot be trusted is a warning. */
const originToTrust = async (
  url: string,
  target: Target,
  run: RunContext,
): Promise<string | undefined> => {
  const verdict = await judgeDomain(url, domainContext('deployment', target, run))
  const name = `The deployment's URL ${shownUrl(url)}`
  if ('fault' in verdict) {
    run.log.warning(`${name} is not trusted: ${verdict.fault}.`)
    return undefined
  }
  for (const warning of verdict.warnings) run.log.warning(`${name}: ${warning}.`)
  return verdict.origin
}

const discover = async (target: Target, run: RunContext): Promise<Record<string, string>> => {
  const { github, inputs, log } = run
  const sha = target.pullRequest?.headSha
  if (!inputs.discoverDomains) return {}
  if (!github) {
    warnNoToken('discover_domains', run)
    return {}
  }
  if (sha === undefined) {
    log.info('No head commit is known, so no deployments are looked for.')
    return {}
  }
  const what = 'The deployments of the head commit could not be read'
  const found = (await bestEffort(what, run, () => environmentUrls(github, sha))) ?? []
  if (found.length === 0) log.info('No successful deployment of the head commit yet.')
  const deployed: Record<string, string> = {}
  for (const { environment, url } of found) {
    log.info(`Deployed to ${oneLine(environment, 80)}: ${shownUrl(url)}`)
    const origin = await originToTrust(url, target, run)
    if (origin !== undefined) deployed[environment] = origin
  }
  return deployed
}

/** The domains of a pull request. */
export interface Domains {
  /** All that this run is to trust. */
  readonly trusted: readonly string[]
  /** Environment → origin, for what the head commit was deployed to. */
  readonly deployed: Readonly<Record<string, string>>
}

/**
 * Every domain of this run's pull request: those that `trusted_domains` requests, the URL of the
 * deployment that started the run, and, with `discover_domains`, the environment URLs of the head
 * commit.
 */
export const domainsOf = async (
  target: Target,
  requested: DomainList,
  run: RunContext,
): Promise<Domains> => {
  const { log } = run
  const deployed = await discover(target, run)
  const started = target.deploymentUrl
    ? await originToTrust(target.deploymentUrl, target, run)
    : undefined
  const trusted = [
    ...new Set([...requested.origins, ...(started ? [started] : []), ...Object.values(deployed)]),
  ]
  for (const domain of trusted) {
    const alias = stableAlias(domain)
    if (alias)
      log.warning(`${domain} is the host of one build; trust the stable alias instead (${alias}).`)
  }
  return { trusted, deployed }
}

/**
 * Returns whether `prune_domains` may remove what this run did not ask for. If a domain may be
 * missing from the request, such as that of an unset step output, what is unasked for is unknown, so
 * nothing is removed and a warning says so. Also reports a run without any domain.
 */
export const canPrune = (
  { trusted }: Domains,
  { hasGap }: DomainList,
  { inputs, log }: RunContext,
): boolean => {
  if (!inputs.pruneDomains) {
    if (trusted.length === 0)
      log.info(
        'No domain to trust: `trusted_domains` is empty. Sign-in works only from trusted domains.',
      )
    return false
  }
  if (trusted.length > 0 && !hasGap) return true
  log.warning(
    trusted.length === 0
      ? '`prune_domains` removed nothing, because this run was given no domain: a step output in `trusted_domains` may be unset.'
      : '`prune_domains` removed nothing, because an entry of `trusted_domains` is empty: a step output in it may be unset.',
  )
  return false
}
