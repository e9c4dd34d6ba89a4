import type { Target } from '../action/intent.ts'
import type { CheckedOrigin } from '../domains/check-domain.ts'
import type { DomainList } from '../domains/list.ts'
import { stableAlias } from '../domains/per-build.ts'
import type { RunContext } from './context.ts'
import {
  type Discovery,
  discoverDomains,
  NOTHING_DISCOVERED,
  noUrlWarning,
} from './discover-domains.ts'
import { originToTrust } from './origin-to-trust.ts'

/** The domains of a pull request. */
export interface Domains extends Discovery {
  /** The domains to trust, from every source. */
  readonly trusted: readonly CheckedOrigin[]
}

/** The domains from one source. */
interface DomainSource {
  readonly origins: readonly CheckedOrigin[]
  /** `false` if something could not be read. There may be more domains, so the run removes none. */
  readonly isComplete: boolean
}

/** Returns the domains with additional trusted origins, such as those of the branch's functions. */
export const withTrustedOrigins = (
  domains: Domains,
  origins: readonly CheckedOrigin[],
): Domains => ({
  ...domains,
  trusted: [...new Set([...domains.trusted, ...origins])],
})

/** The domains of a run that needs none. */
export const NO_DOMAINS: Domains = { ...NOTHING_DISCOVERED, trusted: [] }

/** Returns the domain of the deployment that started the run, if it reported a URL. */
const eventDomains = async (target: Target, run: RunContext): Promise<DomainSource> => {
  const { deployment } = target
  if (!deployment) return { origins: [], isComplete: true }
  if (deployment.url === undefined) {
    run.log.warning(noUrlWarning(deployment.environment))
    return { origins: [], isComplete: false }
  }
  const origin = await originToTrust(deployment.url, target, run)
  return { origins: origin === undefined ? [] : [origin], isComplete: true }
}

/** Warns if the run removes no domain because the domains are incomplete. Call this before planning. */
export const warnIfDomainsUnknown = (
  { isComplete }: Domains,
  { inputs, log }: RunContext,
): void => {
  if (isComplete) return
  if (inputs.pruneDomains || inputs.isolate || inputs.comment)
    log.warning(
      "This run removes no trusted domain, because the pull request's deployments are not fully known.",
    )
}

/**
 * Returns every domain of this run's pull request: from `trusted_domains`, from the deployment that started the
 * run, and, with `discover_domains`, from the other deployments. Warns about the host of a single build.
 */
export const collectDomains = async (
  target: Target,
  requested: DomainList,
  run: RunContext,
): Promise<Domains> => {
  const discovered = await discoverDomains(target, run)
  const sources: readonly DomainSource[] = [
    { origins: requested.origins, isComplete: true },
    await eventDomains(target, run),
    { ...discovered, origins: discovered.deployed.map(({ origin }) => origin) },
  ]
  const trusted = [...new Set(sources.flatMap(({ origins }) => origins))]
  for (const domain of trusted) {
    const alias = stableAlias(domain)
    if (alias)
      run.log.warning(
        `${domain} is the host of one build; trust the stable alias instead (${alias}).`,
      )
  }
  return { ...discovered, trusted, isComplete: sources.every(({ isComplete }) => isComplete) }
}

/**
 * Returns whether `prune_domains` may remove the domains that this run did not request. If the request may
 * be incomplete, for example because a step output is unset, warns and returns `false`. Also logs if the
 * run has no domain to trust.
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
      ? '`prune_domains` removed nothing, because this run received no domain: a step output in `trusted_domains` may be unset.'
      : '`prune_domains` removed nothing, because an entry of `trusted_domains` is empty: a step output in it may be unset.',
  )
  return false
}
