import { oneLine } from '../core/text.ts'
import { broken, type Finding, ok, risk, unknown } from './finding.ts'
import {
  type BranchAuth,
  knownValue,
  type Observations,
  type Reading,
  type ServiceObservation,
} from './observations.ts'

const FIX_UNREAD = 'resolve this error, and run the doctor again'

/** Returns a finding if a part of auth could not be read, otherwise an empty array. */
const findingIfUnread = (part: string, reading: Reading<unknown>): Finding[] =>
  'failure' in reading
    ? [unknown('unread', `${part} could not be read`, reading.failure, FIX_UNREAD)]
    : []

/** Returns a failed reading if Neon has no such part although auth is on, otherwise `reading`. */
const missingAsFailure = <T>(
  reading: Reading<T | undefined>,
  integration: BranchAuth['integration'],
): Reading<T | undefined> =>
  knownValue(integration) && 'value' in reading && reading.value === undefined
    ? { failure: 'Neon answered 404, although auth is on' }
    : reading

const unreadFindings = ({ integration, domains, plugins, webhook, allowLocalhost }: BranchAuth) => [
  ...findingIfUnread('The state of Neon Auth', integration),
  ...findingIfUnread('The list of trusted domains', missingAsFailure(domains, integration)),
  ...findingIfUnread('The sign-in methods and providers', missingAsFailure(plugins, integration)),
  // While auth is on, a 404 means that no webhook is configured.
  ...findingIfUnread('The webhook', webhook),
  ...findingIfUnread('Whether localhost is allowed', allowLocalhost),
]

const stateFindings = ({ auth, branch }: Observations): Finding[] => {
  if ('failure' in auth.integration) return []
  const { value: integration } = auth.integration
  if (!integration)
    return [
      broken(
        'auth_off',
        `Neon Auth is off on branch ${branch.name}`,
        'no run has enabled it yet, a run disabled it when the pull request was closed, or the preview uses another branch',
        'run this action with `mode: enable`, or name the branch of the preview in `branch`',
      ),
    ]
  if (integration.auth_provider !== 'better_auth')
    return [
      broken(
        'provider_unsupported',
        `Neon Auth on this branch uses ${oneLine(integration.auth_provider, 80)}, not Better Auth`,
        'the branch was set up before Neon moved to Better Auth',
        'disable Neon Auth in the Neon Console, and run this action with `mode: enable`',
      ),
    ]
  if (!auth.urls)
    return [
      broken(
        'no_auth_urls',
        'Neon returned no usable auth URLs for this branch',
        'the branch has no read-write compute, which Neon Auth needs',
        'add a read-write compute to the branch (Neon Console → Branches → Computes)',
      ),
    ]
  return [ok('auth_on', `Neon Auth is on, at ${auth.urls.baseUrl}`)]
}

const keyFindings = ({ keys }: ServiceObservation, jwksUrl: string): Finding[] => {
  if ('failure' in keys)
    return [
      unknown(
        'keys',
        `The key set at ${jwksUrl} could not be read`,
        keys.failure,
        "open the URL from another network. If it answers there, check the runner's proxy and firewall",
      ),
    ]
  if (keys.value > 0) return [ok('keys', `The key set at ${jwksUrl} has keys`)]
  return [
    broken(
      'keys_missing',
      `The key set at ${jwksUrl} has no keys`,
      'the auth service has not created its signing keys, so no backend can verify a token of this branch',
      'disable and enable auth on this branch, or report it to Neon',
    ),
  ]
}

const issuerFindings = (baseUrl: string, jwksUrl: string): Finding[] => {
  const [issuer, jwksOrigin] = [new URL(baseUrl).origin, new URL(jwksUrl).origin]
  if (issuer === jwksOrigin)
    return [ok('issuer', `Tokens of this branch have the issuer ${issuer}`)]
  return [
    risk(
      'issuer_differs',
      `The key set is at ${jwksOrigin}, but tokens have the issuer ${issuer}`,
      'Neon serves them from different hosts',
      'use the outputs `jwks_url` and `issuer` of this action, and do not derive one from the other',
    ),
  ]
}

const serviceFindings = ({ service, auth: { urls } }: Observations): Finding[] => {
  if (!service || !urls) return []
  const health =
    'failure' in service.alive
      ? unknown(
          'service_answers',
          `The auth service at ${urls.baseUrl} did not answer as expected`,
          service.alive.failure,
          "append /ok to the URL, and open it from another network. If it answers there, check the runner's proxy and firewall",
        )
      : ok('service_answers', 'The auth service answers')
  return [
    health,
    ...keyFindings(service, urls.jwksUrl),
    ...issuerFindings(urls.baseUrl, urls.jwksUrl),
  ]
}

/** Returns the findings about auth: what could not be read, whether it is on, and whether its service works. Pure. */
export const branchFindings = (observations: Observations): Finding[] => [
  ...unreadFindings(observations.auth),
  ...stateFindings(observations),
  ...serviceFindings(observations),
]
