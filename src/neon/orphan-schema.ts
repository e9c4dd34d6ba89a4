import { messageOf, Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import type { FoundBranch } from './branches.ts'
import type { Database, NeonClient } from './client.ts'
import { UnexpectedResponseError, withContext } from './errors.ts'
import { expectText } from './response-checks.ts'
import { openDatabase, SQL_REQUEST, type Sql, type SqlHands } from './sql.ts'

/** A leftover schema: where it is, and which one it is, as Postgres numbers it. */
interface Leftover {
  readonly database: Database
  readonly sql: Sql
  readonly oid: string
}

const leftoverIn = async (database: Database, sql: Sql): Promise<Leftover[]> => {
  const [row] = await sql("SELECT oid::text FROM pg_namespace WHERE nspname = 'neon_auth'")
  if (!row) return []
  const oid = expectText(SQL_REQUEST, row, 'oid')
  if (!/^\d+$/.test(oid)) throw new UnexpectedResponseError(SQL_REQUEST, '`oid` is no number')
  return [{ database, sql, oid }]
}

/** That very schema or none: another run may have dropped it and made a new one of the same name. */
const drop = ({ sql, oid }: Leftover): Promise<unknown> =>
  sql(`DO $$ BEGIN
     IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'neon_auth' AND oid = ${oid}) THEN
       DROP SCHEMA IF EXISTS neon_auth CASCADE;
     END IF;
   END $$`)

const sqlProblem = (error: unknown, branch: FoundBranch): unknown =>
  error instanceof Error && error.name === 'NeonDbError'
    ? new Problem({
        what: `Could not drop the leftover neon_auth schema on branch ${branch.name} (${branch.id}) over SQL.`,
        response: `Postgres said: "${oneLine(messageOf(error))}"`,
        why: "the branch's compute cannot be reached from this runner, or the database's owner may not drop the schema",
        fix: 'run `DROP SCHEMA neon_auth CASCADE` on that branch in the Neon Console (SQL Editor), then run this again',
        cause: error,
      })
    : error

const severalHold = (holding: readonly Leftover[], branch: FoundBranch): Problem =>
  new Problem({
    what: `Several databases of branch ${branch.name} (${branch.id}) hold a neon_auth schema: ${holding.map(({ database }) => database.name).join(', ')}.`,
    fix: 'say which one auth lives in with the input `database`',
  })

/** What dropping a leftover schema needs to know. */
export interface DropOptions extends SqlHands {
  /** The one database to look in; absent: all of them. */
  readonly database: string | undefined
  /** Whether auth is still off, asked when the schema has been looked at. */
  readonly stillOff: () => Promise<boolean>
}

/**
 * Drops the `neon_auth` schema that a disabled integration left on `branch`: in `database`, or in
 * the one database that holds such a schema. Its users and sessions are gone after that, so call it
 * only where the user spelled that out. What another run made in its place meanwhile is not touched:
 * `on`, where auth is on by now. `none`: no database holds one. Throws {@link Problem} when several databases hold one, and
 * when Postgres refuses.
 */
export const dropAuthSchema = async (
  neon: NeonClient,
  branch: FoundBranch,
  { database, stillOff, ...hands }: DropOptions,
): Promise<'dropped' | 'none' | 'on'> =>
  withContext(
    `Could not delete the leftover neon_auth schema on branch ${branch.name} (${branch.id}).`,
    async () => {
      const all = await neon.listDatabases(branch.id)
      const candidates = all.filter(({ name }) => database === undefined || name === database)
      const look = async (one: Database): Promise<Leftover[]> =>
        leftoverIn(one, await openDatabase(neon, branch, one, hands))
      try {
        const holding = (await Promise.all(candidates.map(look))).flat()
        if (holding.length > 1) throw severalHold(holding, branch)
        // After the look at the schema: whatever is made from here on has another number.
        if (!(await stillOff())) return 'on'
        for (const leftover of holding) await drop(leftover)
        return holding.length > 0 ? 'dropped' : 'none'
      } catch (error) {
        throw sqlProblem(error, branch)
      }
    },
  )
