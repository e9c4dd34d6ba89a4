import { randomUUID } from 'node:crypto'
import { oneLine } from '../core/text.ts'

/** Returns a rejected URL on one line, without a user name or password. */
export const shownUrl = (text: string): string =>
  oneLine(text.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1***@'), 200)

/**
 * Returns the origin of an entry in Neon's list, which stores entries verbatim. An entry without an
 * origin, such as an app's own scheme, is returned unchanged. Never throws.
 */
export const originOf = (entry: string): string => {
  try {
    const { origin } = new URL(entry)
    return origin === 'null' ? entry : origin
  } catch {
    return entry
  }
}

/** Whether entries of Neon's list name the origin, in any spelling. */
export const listsOrigin = (entries: readonly string[], origin: string): boolean =>
  entries.some((entry) => originOf(entry) === origin)

/** Returns an origin to probe the auth service with: one that a wildcard covers, or the origin itself. */
export const sampleOrigin = (domain: string): string => domain.replace(/\*+/g, 'neon-auth-sample')

/** Returns an origin that nobody can have trusted: `.invalid` is reserved (RFC 2606). */
export const untrustableOrigin = (): string => `https://${randomUUID()}.invalid`
