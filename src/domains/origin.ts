import { oneLine } from '../core/text.ts'

/** A URL that was refused, on one line and without what may be a password in it. */
export const shownUrl = (text: string): string =>
  oneLine(text.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1***@'), 200)

/**
 * Returns an entry of Neon's list, which stores what it was given, as the origin it was meant to be.
 * The entry itself if it is none (an app's own scheme, for example). Never throws.
 */
export const originOf = (entry: string): string => {
  try {
    const { origin } = new URL(entry)
    return origin === 'null' ? entry : origin
  } catch {
    return entry
  }
}

/** Returns an origin that a wildcard covers, to ask the auth service with; any other origin as it is. */
export const sampleOrigin = (domain: string): string => domain.replace(/\*+/g, 'neon-auth-sample')
