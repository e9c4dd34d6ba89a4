import { randomUUID } from 'node:crypto'
import { oneLine } from '../core/text.ts'

/** Matches a user name and a password, even with a slash in them. After a dotted host and a slash, `@` is in the path. */
const CREDENTIALS = /^(?!(?:https?:\/\/)?[\w-]+(?:\.[\w-]+)+[/?#])([a-z][a-z\d+.-]*:\/\/)?.*@/is

/** Returns the text of a URL, valid or not, on one line and without its user name and password. */
export const printableUrl = (text: string): string =>
  oneLine(text.replace(CREDENTIALS, '$1***@'), 200)

/**
 * Returns the origin of an entry in Neon's list, so that different spellings compare equal. Returns an entry
 * without an origin, such as an app's own scheme, unchanged. Never throws.
 */
export const originOf = (entry: string): string => {
  try {
    const { origin } = new URL(entry)
    return origin === 'null' ? entry : origin
  } catch {
    return entry
  }
}

/** Returns whether Neon's list has an entry for `origin`, in any spelling. */
export const listsOrigin = (entries: readonly string[], origin: string): boolean =>
  entries.some((entry) => originOf(entry) === origin)

/** Returns an origin to probe the auth service with: `domain` itself, or one that its wildcard matches. */
export const sampleOrigin = (domain: string): string => domain.replace(/\*+/g, 'neon-auth-sample')

/** Returns a random origin that nobody can own, so no branch should trust it: `.invalid` is reserved (RFC 2606). */
export const untrustableOrigin = (): string => `https://${randomUUID()}.invalid`
