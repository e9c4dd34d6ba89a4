import { randomBytes } from 'node:crypto'

/** Whose users these are: those of a pull request, or of runs without one. */
const ownerOf = (prNumber: number | undefined): string =>
  prNumber === undefined ? 'branch' : `pr${prNumber}`

/** The beginning of the address of every user that runs of a pull request create. */
const prefixOf = (prNumber: number | undefined): string => `neon-auth-e2e-${ownerOf(prNumber)}-`

/** Nobody receives mail there: https://www.rfc-editor.org/rfc/rfc2606#section-3. */
const DOMAIN = 'example.com'

/**
 * Returns a `LIKE` pattern of SQL for the addresses of the users that runs of a pull request created. It
 * has no characters that SQL or the pattern reads as more than text, except its one `%`.
 */
export const createdUsersPattern = (prNumber: number | undefined): string =>
  `${prefixOf(prNumber)}%@${DOMAIN}`

/** Returns an address for a new user of this run, which no other user has. */
export const newAddress = (prNumber: number | undefined, runId: string): string => {
  const run = runId.replace(/[^\w-]/g, '')
  const unique = randomBytes(4).toString('hex')
  return `${prefixOf(prNumber)}${run}-${unique}@${DOMAIN}`
}
