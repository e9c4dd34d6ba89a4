import { matchesWildcard } from '../core/wildcard.ts'
import { isLoopback } from '../domains/loopback.ts'
import { originOf } from '../domains/origin.ts'

/** How a list of trusted domains covers an origin. */
export type Coverage =
  | 'exactly'
  | 'by_wildcard'
  | 'as_localhost'
  | { readonly misspelled: string }
  | 'not'

/**
 * Returns how a list of trusted domains covers an origin. Neon may list an entry in another spelling, such as
 * with a path or a trailing slash. Such an entry matches no origin if Neon compares it verbatim. Pure.
 */
export const coverageOf = (
  origin: string,
  domains: readonly string[],
  allowLocalhost: boolean,
): Coverage => {
  if (domains.includes(origin)) return 'exactly'
  if (domains.some((entry) => matchesWildcard(entry, origin))) return 'by_wildcard'
  if (allowLocalhost && isLoopback(new URL(origin).hostname)) return 'as_localhost'
  const misspelled = domains.find((entry) => originOf(entry) === origin)
  return misspelled === undefined ? 'not' : { misspelled }
}
