import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { registerSecret } from '../core/secrets.ts'
import { isLoopback } from '../domains/loopback.ts'
import { repeatLostWrite } from '../network/lost-writes.ts'
import type { Send } from '../network/messages.ts'
import type { FoundBranch } from './branches.ts'
import type { Database, NeonClient } from './client.ts'
import { UnexpectedResponseError } from './errors.ts'
import { expectArray, expectJson, expectText } from './response-checks.ts'

/** What SQL is sent with, and how long a lost answer is asked for again. */
export interface SqlContext {
  readonly send: Send
  readonly deadline: Deadline
  readonly log: Log
}

/** Runs one statement and gives its rows. It may be sent twice, when the first answer is lost. */
export type Sql = (statement: string) => Promise<Record<string, unknown>[]>

/** How an error names a request that carries SQL. */
export const SQL_REQUEST = { method: 'POST', path: '/sql' } as const

/** What the driver relies on without looking. */
const expectResult = (text: string): void => {
  const result = expectJson(SQL_REQUEST, text)
  for (const field of expectArray(SQL_REQUEST, result, 'fields'))
    expectText(SQL_REQUEST, field, 'name')
  const { rows } = result
  if (Array.isArray(rows) && rows.every(Array.isArray)) return
  throw new UnexpectedResponseError(SQL_REQUEST, '`rows` is not a list of lists')
}

/** What the driver gives to `fetch`: a statement, and the options of its connection. */
interface SqlRequest {
  readonly body: string
  readonly headers: Record<string, string>
  readonly send: Send
}

const sendStatement = async (
  url: string,
  { body, headers, send }: SqlRequest,
): Promise<Response> => {
  const { status, text } = await send({ ...SQL_REQUEST, url, headers, body })
  if (status === 200) expectResult(text)
  return new Response(text, { status })
}

/**
 * Loads Neon's serverless driver, here and now, because hardly any run needs it. Its configuration belongs
 * to the process, so each connection brings its own `send`.
 */
const loadDriver = async () => {
  const { neon, neonConfig } = await import('@neondatabase/serverless')
  if (neonConfig.fetchFunction === sendStatement) return neon
  const { fetchEndpoint } = neonConfig
  const ofVendor = (host: string): string =>
    typeof fetchEndpoint === 'function' ? fetchEndpoint(host, 443) : fetchEndpoint
  neonConfig.fetchEndpoint = (host, port) =>
    isLoopback(host) ? `http://${host}:${port}/sql` : ofVendor(host)
  neonConfig.fetchFunction = sendStatement
  return neon
}

const connect = async (uri: string, send: Send): Promise<Sql> => {
  const neon = await loadDriver()
  const sql = neon(uri, { fetchOptions: { send } })
  return async (statement) => {
    try {
      return await sql.query(statement)
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

/**
 * Opens a branch's database to SQL over HTTPS, on this run's own network (proxy, deadline, retries).
 * Its password is masked. What Postgres refuses throws the driver's `NeonDbError`; the rest is as
 * with any request of {@link NeonClient}.
 */
export const openDatabase = async (
  neon: NeonClient,
  branch: FoundBranch,
  database: Database,
  context: SqlContext,
): Promise<Sql> => {
  const uri = await neon.connectionUri(branch.id, database)
  const { password } = new URL(uri)
  for (const secret of [uri, password, decoded(password)]) registerSecret(secret)
  const sql = await connect(uri, context.send)
  return (statement) => repeatLostWrite(() => sql(statement), context)
}
