import type { Call } from './answer.ts'

// A `DO` statement is a transaction of many statements. If Postgres is shut down between two of them,
// it rolls everything back. Raising the same error inside the statement has the same effect.

const SHUTDOWN = `RAISE EXCEPTION USING ERRCODE = '57P01',
  MESSAGE = 'terminating connection due to administrator command';`

/** `BEGIN`, what ends a statement, and the literals and quoted names that may contain either. */
const TOKENS = /\bE'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\bBEGIN\b|;/gs

/** Returns the PL/pgSQL of a `DO` statement, or `undefined` for any other statement. */
function bodyOf(query: string): string | undefined {
  const [, escaped] = /^\s*DO E'(.*)'\s*$/s.exec(query) ?? []
  if (escaped !== undefined) return escaped.replaceAll("''", "'").replaceAll('\\\\', '\\')
  return /^\s*DO \$\$(.*)\$\$\s*$/s.exec(query)?.[1]
}

/** Returns where the inner statements end. Declarations before the first BEGIN do not count. */
function statementEnds(body: string): number[] {
  const ends: number[] = []
  let hasBegun = false
  for (const { 0: token, index } of body.matchAll(TOKENS)) {
    if (token === 'BEGIN') hasBegun = true
    if (token === ';' && hasBegun) ends.push(index + 1)
  }
  return ends
}

/** Returns the number of statements in the text of a `DO` statement, or 0 for any other statement. */
export function countInnerStatements(query: string): number {
  const body = bodyOf(query)
  return body === undefined ? 0 : statementEnds(body).length
}

/** Returns the same `DO` statement, aborted after its `count`th inner statement. */
function abortAfter(query: string, count: number): string {
  const body = bodyOf(query) ?? ''
  const end = statementEnds(body)[count - 1]
  if (end === undefined) throw new Error(`there are fewer than ${count} statements in: ${query}`)
  const cut = `${body.slice(0, end)} ${SHUTDOWN} ${body.slice(end)}`
  return `DO E'${cut.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

/** Returns the request with its SQL statement aborted after its `count`th inner statement. */
export function withAbortedStatement(call: Call, count: number): Call {
  const body: { query: string } = JSON.parse(call.body.toString('utf8'))
  return {
    ...call,
    body: Buffer.from(JSON.stringify({ ...body, query: abortAfter(body.query, count) })),
  }
}
