/** The prefix of every schema that a restore moved aside. */
export const MOVED_PREFIX = 'neon_auth_restore_'

/**
 * Returns the name for a schema to move aside. It contains the run and the schema's `oid`, within Postgres's limit
 * of 63 bytes.
 */
export const movedName = (run: string, oid: string): string =>
  `${MOVED_PREFIX}${run.toLowerCase().replace(/[^a-z0-9]+/g, '_')}_${oid}`.slice(0, 63)
