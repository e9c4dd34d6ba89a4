import type { Call } from './answer.ts'

// A `DO` statement is a transaction of many statements. When Postgres is shut down between two of
// them, it rolls back all that it did: so does this, as it is Postgres that rolls back.

const SHUTDOWN = `RAISE EXCEPTION USING ERRCODE = '57P01',
  MESSAGE = 'terminating connection due to administrator command';`

/** Literals and quoted names, which may hold a semicolon, and what ends a statement. */
const TOKENS = /E'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\bBEGIN\b|;/gs

/** The PL/pgSQL of a `DO` statement; undefined for any other. */
function bodyOf(query: string): string | undefined {
  const [, escaped] = /^\s*DO E'(.*)'\s*$/s.exec(query) ?? []
  if (escaped !== undefined) return escaped.replaceAll("''", "'").replaceAll('\\\\', '\\')
  return /^\s*DO \$\$(.*)\$\$\s*$/s.exec(query)?.[1]
}

/** Where the statements within end: the declarations before the first BEGIN are none. */
function endsIn(body: string): number[] {
  const ends: number[] = []
  let hasBegun = false
  for (const { 0: token, index } of body.matchAll(TOKENS)) {
    if (token === 'BEGIN') hasBegun = true
    if (token === ';' && hasBegun) ends.push(index + 1)
  }
  return ends
}

/** How many statements a statement holds, as its text has them; none if it is no `DO`. */
export function innerStatements(query: string): number {
  const body = bodyOf(query)
  return body === undefined ? 0 : endsIn(body).length
}

/** The same `DO` statement, whose Postgres is shut down after the `count`th statement within. */
function cutAfter(query: string, count: number): string {
  const body = bodyOf(query) ?? ''
  const end = endsIn(body)[count - 1]
  if (end === undefined) throw new Error(`there are no ${count} statements to cut in: ${query}`)
  const cut = `${body.slice(0, end)} ${SHUTDOWN} ${body.slice(end)}`
  return `DO E'${cut.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

/** The same request, with its statement cut. */
export function withCut(call: Call, count: number): Call {
  const body: { query: string } = JSON.parse(call.body.toString('utf8'))
  return {
    ...call,
    body: Buffer.from(JSON.stringify({ ...body, query: cutAfter(body.query, count) })),
  }
}
