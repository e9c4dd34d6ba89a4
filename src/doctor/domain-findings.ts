import { oneLine } from '../core/text.ts'
import { wildcardReach } from '../domains/domain-ownership.ts'
import { isLoopback } from '../domains/loopback.ts'
import { stableAlias } from '../domains/per-build.ts'
import { broken, type Finding, ok, risk, unknown } from './finding.ts'
import { type Coverage, coverageOf } from './listed-domains.ts'
import { knownValue, type Observations, type TrustObservation } from './observations.ts'

const TRUST_IT =
  'add the origin to `trusted_domains` of the step that runs after the deploy, or use `discover_domains`'

const untrustedFinding = (origin: string, isRedirect: boolean): Finding =>
  isRedirect
    ? broken(
        'redirect_untrusted',
        `The preview redirects to ${origin}, which is not trusted, so sign-in fails there with INVALID_ORIGIN`,
        'people end up on another host than the one that the workflow trusts',
        'add that origin to `trusted_domains` too, or remove the redirect',
      )
    : broken(
        'domain_untrusted',
        `${origin} is not trusted, so sign-in fails there with INVALID_ORIGIN`,
        'no run has added it, a run removed it, or the workflow trusts another URL of the preview',
        TRUST_IT,
      )

const rejectedFinding = (origin: string, covered: Coverage): Finding =>
  typeof covered === 'object'
    ? broken(
        'domain_spelling',
        `Neon lists "${oneLine(covered.misspelled, 200)}", which never matches ${origin}`,
        'browsers send origins without a path, without a slash at the end, and in lower case',
        `remove that entry, and add ${origin}`,
      )
    : broken(
        'domain_not_effective',
        `Neon lists ${origin}, but the auth service rejects it`,
        'the change has not reached the auth service, or the entry does not match this origin',
        'wait a minute and run the doctor again. If that does not help, remove the domain and add it again',
      )

const findingFromList = (origin: string, covered: Coverage, isRedirect: boolean): Finding => {
  if (covered === 'not') return untrustedFinding(origin, isRedirect)
  if (typeof covered === 'object') return rejectedFinding(origin, covered)
  return ok('domain_trusted', `Neon lists ${origin} as trusted`)
}

const trustFinding = (
  { origin, accepted }: TrustObservation,
  observations: Observations,
  isRedirect: boolean,
): Finding => {
  const domains = knownValue(observations.auth.domains)
  // If it is unknown whether localhost is allowed, the list alone cannot decide about localhost.
  const allowsLocalhost = knownValue(observations.auth.allowLocalhost)
  const isListKnown = allowsLocalhost !== undefined || !isLoopback(new URL(origin).hostname)
  const covered =
    domains && isListKnown ? coverageOf(origin, domains, allowsLocalhost === true) : undefined
  if ('value' in accepted) {
    if (accepted.value) return ok('domain_trusted', `The auth service accepts ${origin}`)
    return covered === undefined || covered === 'not'
      ? untrustedFinding(origin, isRedirect)
      : rejectedFinding(origin, covered)
  }
  if (covered !== undefined) return findingFromList(origin, covered, isRedirect)
  return unknown(
    'domain_trusted',
    `The doctor could not find out whether ${origin} is trusted`,
    accepted.failure,
    'run the doctor again',
  )
}

const perBuildFindings = (origin: string): Finding[] => {
  const alias = stableAlias(origin)
  if (alias === undefined) return []
  return [
    risk(
      'domain_per_build',
      `${origin} is the host of one build, and the next push has another one`,
      'the workflow passes the URL of the deployment, not its stable alias',
      `open and trust the stable alias (${alias})`,
    ),
  ]
}

const wildcardFindings = (entry: string): Finding[] => {
  const hostname = URL.parse(entry)?.hostname ?? ''
  if (!hostname.includes('*') || wildcardReach(hostname).kind === 'own') return []
  return [
    risk(
      'domain_wildcard',
      `Strangers can register names that match ${oneLine(entry, 200)}, and sign in to this branch from there`,
      'the wildcard is not below a domain that you own, and the branch may have inherited it',
      'remove it, and trust the exact host of the preview',
    ),
  ]
}

/** Returns the findings about the domains that people open. Pure. */
export const domainFindings = (observations: Observations): Finding[] => {
  const { trust, previews, unusableDomains, unreadPreviews, auth } = observations
  const unusable = unusableDomains.map((fault) =>
    broken(
      'domain_unusable',
      `\`trusted_domains\`: ${fault}`,
      'a step output or a template value in the workflow is empty or wrong',
      'correct `trusted_domains`, or the step whose output it contains',
    ),
  )
  const unread = unreadPreviews.map((why) =>
    unknown('unread', 'The list of previews could not be read', why, 'run the doctor again'),
  )
  if (previews.length === 0 && unusable.length + unread.length === 0)
    return [
      unknown(
        'no_preview',
        'No preview was examined',
        '`trusted_domains` is empty, and neither `discover_domains` nor `discover_functions` found one',
        'pass the URL that people open in `trusted_domains`',
      ),
    ]
  const origins = previews.map(({ origin }) => origin)
  const trusted = auth.urls
    ? trust.map((one) => trustFinding(one, observations, !origins.includes(one.origin)))
    : []
  const wide = (knownValue(auth.domains) ?? []).flatMap(wildcardFindings)
  return [...unusable, ...unread, ...trusted, ...origins.flatMap(perBuildFindings), ...wide]
}
