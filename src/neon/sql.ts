import type { Deadline } from '../core/deadline.ts'
import { decodeUriComponent } from '../core/decode-uri-component.ts'
import type { Fields } from '../core/fields.ts'
import type { Log } from '../core/log.ts'
import { registerSecret } from '../core/secrets.ts'
import { isLoopback } from '../domains/loopback.ts'
import { repeatLostRead, repeatLostWrite } from '../network/lost-writes.ts'
import type { Send } from '../network/messages.ts'
import type { FoundBranch } from './branches.ts'
import type { Database, NeonClient } from './client.ts'
import { UnexpectedResponseError } from './errors.ts'
import { expectArray, expectJson, expectText } from './response-checks.ts'

/** The dependencies for sending SQL. */
export interface SqlContext {
  readonly send: Send
  readonly deadline: Deadline
  readonly log: Log
}

/**
 * Runs one statement and returns its rows. If the response is lost, sends the statement again, so every statement
 * must be safe to repeat. Throws the
 * driver's `NeonDbError` if Postgres refuses, and the errors of {@link NeonClient} otherwise.
 */
export type Sql = (statement: string) => Promise<Fields[]>

/** The name of an SQL request in errors. */
export const SQL_REQUEST = { method: 'POST', path: '/sql' } as const

/** Returns the row's `oid` for use in SQL. Throws {@link UnexpectedResponseError} if it is not a number. */
export const expectOid = (row: Fields): string => {
  const oid = expectText(SQL_REQUEST, row, 'oid')
  if (/^\d+$/.test(oid)) return oid
  throw new UnexpectedResponseError(SQL_REQUEST, '`oid` is not a number')
}

/** Throws {@link UnexpectedResponseError} unless the names of the columns and the rows have the form that the driver expects. */
const checkResult = (text: string): void => {
  const result = expectJson(SQL_REQUEST, text)
  for (const field of expectArray(SQL_REQUEST, result, 'fields'))
    expectText(SQL_REQUEST, field, 'name')
  const { rows } = result
  if (Array.isArray(rows) && rows.every(Array.isArray)) return
  throw new UnexpectedResponseError(SQL_REQUEST, '`rows` is not a list of lists')
}

/** The options that the driver passes to `fetch`: a statement, and the options of its connection. */
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
  if (status === 200) checkResult(text)
  return new Response(text, { status })
}

/**
 * Loads Neon's serverless driver, which few runs need. All connections share its configuration, so each one
 * passes its own `send`.
 */
const loadDriver = async () => {
  const { neon, neonConfig } = await import('@neondatabase/serverless')
  if (neonConfig.fetchFunction === sendStatement) return neon
  const { fetchEndpoint } = neonConfig
  const neonEndpoint = (host: string): string =>
    typeof fetchEndpoint === 'function' ? fetchEndpoint(host, 443) : fetchEndpoint
  neonConfig.fetchEndpoint = (host, port) =>
    isLoopback(host) ? `http://${host}:${port}/sql` : neonEndpoint(host)
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
      // The driver wraps the errors of `send`. The retries need the originals.
      throw (error as { sourceError?: unknown }).sourceError ?? error
    }
  }
}

/**
 * Opens a branch's database for SQL over HTTPS, with this run's proxy, deadline, and retries. Registers the
 * URI and its password as secrets. Throws the errors of {@link NeonClient}.
 */
export const openDatabase = async (
  neon: NeonClient,
  branch: FoundBranch,
  database: Database,
  context: SqlContext,
): Promise<Sql> => {
  const uri = await neon.getConnectionUri(branch.id, database)
  const { password } = new URL(uri)
  for (const secret of [uri, password, decodeUriComponent(password)]) registerSecret(secret)
  const sql = await connect(uri, context.send)
  return (statement) => {
    const repeatLost = statement.startsWith('SELECT') ? repeatLostRead : repeatLostWrite
    return repeatLost(() => sql(statement), context)
  }
}
