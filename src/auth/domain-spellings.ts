import { createAuthService } from '../auth-service/client.ts'
import { acceptsOrigin } from '../auth-service/response.ts'
import { RunAborted } from '../core/deadline.ts'
import { matchesWildcard } from '../core/wildcard.ts'
import { listsOrigin, originOf, sampleOrigin, untrustableOrigin } from '../domains/origin.ts'
import type { ChangeContext } from './context.ts'
import type { Observed, ObservedOn } from './observe.ts'
import type { Desired, PlannedChange } from './plan.ts'
import { type AuthUrls, urlsOf } from './urls.ts'

type ProbeContext = Pick<ChangeContext, 'http' | 'log'>

const isListedDifferently = (origin: string, entries: readonly string[]): boolean =>
  !entries.includes(origin) && listsOrigin(entries, origin)

/** Returns whether another entry covers the origin. If so, accepting it proves nothing about its own entry. */
const isCovered = (origin: string, entries: readonly string[]): boolean =>
  entries
    .map(originOf)
    .some((other) => other !== origin && matchesWildcard(other, sampleOrigin(origin)))

/** Returns the origins that the auth service accepts. Returns none unless it refuses an origin that nobody owns. */
const findAccepted = async (
  urls: AuthUrls,
  origins: readonly string[],
  { http }: ProbeContext,
): Promise<string[]> => {
  const service = createAuthService(http.once, urls)
  const accepts = async (origin: string): Promise<boolean | undefined> =>
    acceptsOrigin(await service.probeOrigin(origin))
  try {
    const [control, ...accepted] = await Promise.all([
      accepts(untrustableOrigin()),
      ...origins.map((origin) => accepts(sampleOrigin(origin))),
    ])
    return control === false ? origins.filter((_, index) => accepted[index]) : []
  } catch (error) {
    if (error instanceof RunAborted) throw error
    return []
  }
}

const respell = (observed: ObservedOn, origins: readonly string[]): ObservedOn => {
  const desiredSpelling = (entry: string): string => {
    const origin = originOf(entry)
    return origins.includes(origin) ? origin : entry
  }
  return { ...observed, trustedDomains: [...new Set(observed.trustedDomains.map(desiredSpelling))] }
}

/**
 * Returns the state with the desired spelling of each origin that Neon lists in another spelling, such as with a
 * trailing slash. Neon may normalize entries or store them verbatim. An entry stored verbatim in another spelling
 * never matches (https://neon.com/docs/auth/guides/configure-domains). Such an entry therefore counts only if this
 * run has sent the origin (`written`) or the auth service accepts it.
 */
export const withDesiredSpellings = async (
  observed: Observed,
  { trustedDomains: desired }: Pick<Desired, 'trustedDomains'>,
  written: readonly PlannedChange[],
  context: ProbeContext,
): Promise<Observed> => {
  if (observed.auth === 'off') return observed
  const entries = observed.trustedDomains
  const sent = written.flatMap((change) =>
    change.change === 'trust_domain' ? [change.domain] : [],
  )
  const listedDifferently = desired.filter((origin) => isListedDifferently(origin, entries))
  if (listedDifferently.length === 0) return observed
  const provable = listedDifferently.filter(
    (origin) => !sent.includes(origin) && !isCovered(origin, entries),
  )
  const urls = urlsOf(observed.integration)
  const accepted = urls && provable.length > 0 ? await findAccepted(urls, provable, context) : []
  const trusted = listedDifferently.filter(
    (origin) => sent.includes(origin) || accepted.includes(origin),
  )
  if (trusted.length > 0)
    context.log.info(
      `Neon lists ${trusted.join(', ')} in another spelling, which this run treats as trusted.`,
    )
  return respell(observed, trusted)
}
