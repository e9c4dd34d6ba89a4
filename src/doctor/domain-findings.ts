import { oneLine } from '../core/text.ts'
import { wildcardReach } from '../domains/domain-ownership.ts'
import { isLoopback } from '../domains/loopback.ts'
import { stableAlias } from '../domains/per-build.ts'
import { broken, type Finding, ok, risk, unknown } from './finding.ts'
import { type Coverage, coverageOf } from './listed-domains.ts'
import { knownValue, type Observations, type TrustObservation } from './observations.ts'

const untrustedFinding = (origin: string, isRedirect: boolean): Finding =>
  isRedirect
    ? broken(
        'redirect_untrusted',
        `The preview redirects to ${origin}, which is not trusted, so sign-in fails there with INVALID_ORIGIN`,
        'people end up on a host that the workflow does not trust',
        'add that origin to `trusted_domains` too, or remove the redirect',
      )
    : broken(
        'domain_untrusted',
        `${origin} is not trusted, so sign-in fails there with INVALID_ORIGIN`,
        'no run has added it, a run removed it, or the workflow trusts another URL of the preview',
        'add the origin to `trusted_domains` of the step that runs after the deploy, or use `discover_domains`',
      )

/** How Neon's settings cover an origin, as a clause. */
const COVERAGE_CLAUSES = {
  exactly: (origin: string) => `Neon lists ${origin} as trusted`,
  by_wildcard: (origin: string) => `Neon lists a wildcard that matches ${origin}`,
  as_localhost: (origin: string) => `Neon allows localhost, which includes ${origin}`,
}

const rejectedFinding = (origin: string, coverage: Exclude<Coverage, 'not'>): Finding =>
  typeof coverage === 'object'
    ? broken(
        'domain_spelling',
        `Neon lists "${oneLine(coverage.misspelled, 200)}", which does not match ${origin}`,
        'browsers send origins without a path, without a trailing slash, and in lower case',
        `remove that entry, and add ${origin}`,
      )
    : broken(
        'domain_not_effective',
        `${COVERAGE_CLAUSES[coverage](origin)}, but the auth service rejects it`,
        'the change has not reached the auth service, or the entry does not match this origin',
        `wait a minute and run the doctor again. If that does not help, ${coverage === 'exactly' ? 'remove the domain and add it again' : `add ${origin} to \`trusted_domains\``}`,
      )

/** Returns the finding if the auth service did not say whether it accepts the origin, for the reason `failure`. */
const findingFromList = (
  origin: string,
  coverage: Coverage,
  failure: string,
  isRedirect: boolean,
): Finding => {
  if (coverage === 'not') return untrustedFinding(origin, isRedirect)
  if (typeof coverage === 'object')
    return unknown(
      'domain_trusted',
      `Neon lists "${oneLine(coverage.misspelled, 200)}", which may not match ${origin}`,
      failure,
      `run the doctor again, or remove that entry and add ${origin}`,
    )
  return ok('domain_trusted', COVERAGE_CLAUSES[coverage](origin))
}

const trustFinding = (
  { origin, accepted }: TrustObservation,
  observations: Observations,
  isRedirect: boolean,
): Finding => {
  const domains = knownValue(observations.auth.domains)
  const allowsLocalhost = knownValue(observations.auth.allowLocalhost)
  const listed = domains && coverageOf(origin, domains, allowsLocalhost === true)
  // If `allowLocalhost` is unknown, a localhost origin that is not listed may be trusted all the same.
  const mayBeAllowed = allowsLocalhost === undefined && isLoopback(new URL(origin).hostname)
  const coverage = listed === 'not' && mayBeAllowed ? undefined : listed
  if ('failure' in accepted)
    return coverage === undefined
      ? unknown(
          'domain_trusted',
          `The doctor could not determine whether ${origin} is trusted`,
          accepted.failure,
          'run the doctor again',
        )
      : findingFromList(origin, coverage, accepted.failure, isRedirect)
  if (accepted.value) return ok('domain_trusted', `The auth service accepts ${origin}`)
  return coverage === undefined || coverage === 'not'
    ? untrustedFinding(origin, isRedirect)
    : rejectedFinding(origin, coverage)
}

const perBuildFindings = (origin: string): Finding[] => {
  const alias = stableAlias(origin)
  if (alias === undefined) return []
  return [
    risk(
      'domain_per_build',
      `${origin} is the host of one build, and the next push gets another host`,
      'the workflow passes, or `discover_domains` found, the URL of the deployment, not its stable alias',
      `open and trust the stable alias (${alias})`,
    ),
  ]
}

const wildcardFindings = (entry: string): Finding[] => {
  const hostname = URL.parse(entry)?.hostname ?? ''
  if (!hostname.includes('*') || isLoopback(hostname)) return []
  if (wildcardReach(hostname).kind === 'own') return []
  return [
    risk(
      'domain_wildcard',
      `Strangers can register names that match ${oneLine(entry, 200)}, and sign in to this branch from there`,
      'the wildcard is not below a domain that you own, and the branch may have inherited it',
      'remove it, and trust the exact host of the preview',
    ),
  ]
}

/** Returns the findings about the domains that people open, and about the branch's wildcards. Pure. */
export const domainFindings = (observations: Observations): Finding[] => {
  const { trust, previews, unusableDomains, unreadPreviews, auth } = observations
  const unusable = unusableDomains.map((fault) =>
    broken(
      'domain_unusable',
      `\`trusted_domains\`: ${fault}`,
      'a step output or a template value in the workflow is empty or wrong',
      'correct `trusted_domains`, or the step that sets it',
    ),
  )
  const unread = unreadPreviews.map((failure) =>
    unknown('unread', 'The list of previews could not be read', failure, 'run the doctor again'),
  )
  const wildcards = (knownValue(auth.domains) ?? []).flatMap(wildcardFindings)
  if (previews.length === 0 && unusable.length + unread.length === 0)
    return [
      unknown(
        'no_preview',
        'No preview was examined',
        '`trusted_domains` contains no exact URL, and neither `discover_domains` nor `discover_functions` found one',
        'add the URL that people open to `trusted_domains`',
      ),
      ...wildcards,
    ]
  const origins = previews.map(({ origin }) => origin)
  const trustFindings = auth.urls
    ? trust.map((domain) => trustFinding(domain, observations, !origins.includes(domain.origin)))
    : []
  return [
    ...unusable,
    ...unread,
    ...trustFindings,
    ...origins.flatMap(perBuildFindings),
    ...wildcards,
  ]
}
