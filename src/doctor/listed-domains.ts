import { matchesWildcard } from '../core/wildcard.ts'
import { isLoopback } from '../domains/loopback.ts'
import { originOf } from '../domains/origin.ts'

/** How Neon's list covers an origin. */
export type Listed =
  | 'exactly'
  | 'by_wildcard'
  | 'as_localhost'
  | { readonly misspelt: string }
  | 'not'

/**
 * Returns how a list of trusted domains covers an origin. An entry with a path or a slash at its end is
 * stored but never matches. Pure.
 */
export const listed = (
  origin: string,
  domains: readonly string[],
  allowLocalhost: boolean,
): Listed => {
  if (domains.includes(origin)) return 'exactly'
  if (domains.some((entry) => matchesWildcard(entry, origin))) return 'by_wildcard'
  if (allowLocalhost && isLoopback(new URL(origin).hostname)) return 'as_localhost'
  const misspelt = domains.find((entry) => originOf(entry) === origin)
  return misspelt === undefined ? 'not' : { misspelt }
}
