/** How the name of a schema begins that a restore has moved aside. */
export const MOVED_PREFIX = 'neon_auth_restore_'

/** Returns the name of a schema that is moved aside: it says what it is, and which run it comes from. */
export const movedName = (run: string, oid: string): string =>
  `${MOVED_PREFIX}${run.toLowerCase().replace(/[^a-z0-9]+/g, '_')}_${oid}`.slice(0, 63)
