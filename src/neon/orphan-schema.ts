import { type Log, mask } from '../action/log.ts'
import type { Deadline } from '../deadline.ts'
import { isLoopback } from '../domains/loopback.ts'
import { messageOf, Problem } from '../problem.ts'
import { oneLine } from '../text.ts'
import type { FoundBranch } from './branches.ts'
import type { Database, NeonClient } from './client.ts'
import { explained, UnexpectedAnswerError } from './errors.ts'
import type { Send } from './http.ts'
import { settle } from './settle.ts'
import { expectArray, expectRecord, expectText } from './shapes.ts'

type Sql = (text: string) => Promise<unknown[]>

/** What SQL is sent with, and how long a lost answer may be asked for again. */
export interface SqlHands {
  readonly send: Send
  readonly deadline: Deadline
  readonly log: Log
}

const SQL = { method: 'POST', path: '/sql' } as const

/** What the driver relies on without looking. */
const expectResult = (text: string): void => {
  const result = expectRecord(SQL, parsed(text), 'the answer')
  for (const field of expectArray(SQL, result, 'fields')) expectText(SQL, field, 'name')
  const { rows } = result
  if (Array.isArray(rows) && rows.every(Array.isArray)) return
  throw new UnexpectedAnswerError(SQL, '`rows` is not a list of lists')
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new UnexpectedAnswerError(SQL, 'it is not JSON')
  }
}

const endpoint = (fallback: (host: string) => string) => (host: string, port: number | string) =>
  isLoopback(host) ? `http://${host}:${port}/sql` : fallback(host)

/**
 * SQL over HTTPS, by Neon's serverless driver, on this run's own network (proxy, deadline, retries).
 * Loaded here and now: hardly any run needs it.
 */
const connect = async (uri: string, send: Send): Promise<Sql> => {
  const { neon, neonConfig } = await import('@neondatabase/serverless')
  const { fetchEndpoint } = neonConfig
  const vendors = (host: string): string =>
    typeof fetchEndpoint === 'function' ? fetchEndpoint(host, 443) : fetchEndpoint
  neonConfig.fetchEndpoint = endpoint(vendors)
  neonConfig.fetchFunction = async (
    url: string,
    { body, headers }: { body: string; headers: Record<string, string> },
  ) => {
    const { status, text } = await send({ ...SQL, url, headers, body })
    if (status === 200) expectResult(text)
    return new Response(text, { status })
  }
  const sql = neon(uri)
  return async (text) => {
    try {
      return await sql.query(text)
    } catch (error) {
      // The driver wraps what the network threw, which says by itself what it is.
      throw (error as { sourceError?: unknown }).sourceError ?? error
    }
  }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const open = async (
  neon: NeonClient,
  branch: FoundBranch,
  database: Database,
  send: Send,
): Promise<Sql> => {
  const uri = await neon.connectionUri(branch.id, database)
  const { password } = new URL(uri)
  for (const secret of [uri, password, decoded(password)]) mask(secret)
  return connect(uri, send)
}

const holdsSchema = async (sql: Sql, hands: SqlHands): Promise<boolean> => {
  const rows = await settle(
    () => sql("SELECT 1 FROM pg_namespace WHERE nspname = 'neon_auth'"),
    async () => undefined,
    hands,
  )
  return rows.length > 0
}

const withSchema = async (
  databases: [Database, Sql][],
  hands: SqlHands,
): Promise<[Database, Sql][]> => {
  const found = await Promise.all(databases.map(([, sql]) => holdsSchema(sql, hands)))
  return databases.filter((_, index) => found[index])
}

const drop = async (
  neon: NeonClient,
  branch: FoundBranch,
  sql: Sql,
  hands: SqlHands,
): Promise<void> => {
  await settle<true>(
    () => sql('DROP SCHEMA IF EXISTS neon_auth CASCADE').then(() => true),
    // Once it is gone, a schema may be that of somebody who is enabling auth: it is no leftover.
    async () =>
      !(await holdsSchema(sql, hands)) || (await neon.getAuth(branch.id)) ? true : undefined,
    hands,
  )
}

const sqlProblem = (error: unknown, branch: FoundBranch): unknown =>
  error instanceof Error && error.name === 'NeonDbError'
    ? new Problem({
        what: `Could not drop the leftover neon_auth schema on branch ${branch.name} (${branch.id}) over SQL.`,
        answer: `Postgres said: "${oneLine(messageOf(error))}"`,
        why: "the branch's compute cannot be reached from this runner, or the database's owner may not drop the schema",
        fix: 'run `DROP SCHEMA neon_auth CASCADE` on that branch in the Neon Console (SQL Editor), then run this again',
        cause: error,
      })
    : error

const severalHold = (holding: [Database, Sql][], branch: FoundBranch): Problem =>
  new Problem({
    what: `Several databases of branch ${branch.name} (${branch.id}) hold a neon_auth schema: ${holding.map(([{ name }]) => name).join(', ')}.`,
    fix: 'say which one auth lives in with the input `database`',
  })

/**
 * Drops the `neon_auth` schema that a disabled integration left on `branch`: in `database`, or in
 * the one database that holds such a schema. Its users and sessions are gone after that, so call it
 * only where the user spelled that out. Throws {@link Problem} when several databases hold one, and
 * when Postgres refuses.
 */
export const dropAuthSchema = async (
  neon: NeonClient,
  branch: FoundBranch,
  { database, ...hands }: SqlHands & { database: string | undefined },
): Promise<void> =>
  explained(
    `Could not delete the leftover neon_auth schema on branch ${branch.name} (${branch.id}).`,
    async () => {
      const all = await neon.listDatabases(branch.id)
      const candidates = all.filter(({ name }) => database === undefined || name === database)
      try {
        const opened = await Promise.all(
          candidates.map(
            async (one): Promise<[Database, Sql]> => [
              one,
              await open(neon, branch, one, hands.send),
            ],
          ),
        )
        const holding = await withSchema(opened, hands)
        if (holding.length > 1) throw severalHold(holding, branch)
        // None: an earlier delete whose answer was lost has done it. Enabling will tell.
        for (const [, sql] of holding) await drop(neon, branch, sql, hands)
      } catch (error) {
        throw sqlProblem(error, branch)
      }
    },
  )
