import { randomBytes } from 'node:crypto'

/** Returns the prefix of a pull request's test addresses. Runs without a pull request share a prefix. */
const prefixOf = (prNumber: number | undefined): string =>
  `neon-auth-e2e-${prNumber === undefined ? 'branch' : `pr${prNumber}`}-`

/** A domain where nobody receives mail: https://www.rfc-editor.org/rfc/rfc2606#section-3. */
const DOMAIN = 'example.com'

/** Returns an SQL `LIKE` pattern for a pull request's test addresses. Nothing in it needs escaping. */
export const createdUsersPattern = (prNumber: number | undefined): string =>
  `${prefixOf(prNumber)}%@${DOMAIN}`

/** Returns a unique address for a new user of this run. */
export const newAddress = (prNumber: number | undefined, runId: string): string => {
  const run = runId.replace(/[^\w-]/g, '')
  const unique = randomBytes(4).toString('hex')
  return `${prefixOf(prNumber)}${run}-${unique}@${DOMAIN}`
}
