import type { PGlite, QueryOptions, Results } from '@electric-sql/pglite'
import { type Answer, type Call, jsonAnswer, parsedBody } from './answer.ts'
import type { Database } from './database.ts'
import { ownerRole } from './pristine.ts'
import type { BranchRecord, Project } from './project.ts'

interface Statement {
  query: string
  params?: unknown[]
}

/** Returns the branch's password. It identifies the branch in a connection string. */
export function branchPassword(branch: BranchRecord): string {
  return `npg_${branch.id}`
}

/** Returns the connection string of one database of a branch. */
export function connectionUri(project: Project, branch: BranchRecord, database: string): string {
  const { host } = new URL(project.origin)
  const user = `${ownerRole}:${branchPassword(branch)}`
  return `postgresql://${user}@${host}/${encodeURIComponent(database)}?sslmode=require`
}

/**
 * Runs SQL as Neon's SQL-over-HTTP proxy does for `@neondatabase/serverless`. Ignores the `Neon-Batch-*` headers, so a
 * batch is always a plain `BEGIN`.
 */
export async function answerSql(project: Project, call: Call): Promise<Answer> {
  const database = databaseOfConnection(project, call.headers['neon-connection-string'])
  if ('refused' in database) return jsonAnswer(400, database.refused)
  const body = parsedBody(call)
  const batch = isRecord(body) && Array.isArray(body['queries']) ? body['queries'] : undefined
  const statements = batch ?? [body]
  if (!statements.every(isStatement)) {
    return jsonAnswer(400, { message: 'expected {query, params} or {queries}', code: null })
  }
  try {
    const results = await database.found.use('write', (postgres) =>
      inOneSession(postgres, statements, batch !== undefined, call),
    )
    return jsonAnswer(200, batch ? { results } : results[0])
  } catch (error) {
    return jsonAnswer(400, postgresError(error))
  }
}

type Lookup = { found: Database } | { refused: { message: string; code: string | null } }

function databaseOfConnection(project: Project, header: string | string[] | undefined): Lookup {
  const url = typeof header === 'string' && URL.canParse(header) ? new URL(header) : undefined
  if (url === undefined) {
    return { refused: { message: 'missing or malformed Neon-Connection-String', code: null } }
  }
  const branch = [...project.branches.values()].find(
    (each) => branchPassword(each) === url.password && url.username === ownerRole,
  )
  if (branch === undefined) {
    const message = `password authentication failed for user '${url.username}'`
    return { refused: { message, code: '28P01' } }
  }
  const name = decodeURIComponent(url.pathname.slice(1))
  const found = branch.databases.get(name)
  if (found !== undefined) return { found }
  return { refused: { message: `database "${name}" does not exist`, code: '3D000' } }
}

async function inOneSession(
  postgres: PGlite,
  statements: Statement[],
  transaction: boolean,
  call: Call,
): Promise<unknown[]> {
  const results: unknown[] = []
  try {
    if (transaction) await postgres.exec('BEGIN')
    for (const statement of statements) results.push(await run(postgres, statement, call))
    if (transaction) await postgres.exec('COMMIT')
    return results
  } finally {
    // Each request is its own session at Neon, so nothing may carry over here.
    await postgres.exec('ROLLBACK')
    await postgres.exec('DISCARD ALL')
  }
}

async function run(postgres: PGlite, { query, params }: Statement, call: Call) {
  const result = await postgres.query(query, params ?? [], rawOptions(postgres, call))
  const asArray = call.headers['neon-array-mode'] === 'true'
  return {
    command: result.command ?? '',
    rowCount: result.rowCount ?? 0,
    rows: result.rows,
    fields: result.fields.map(toField),
    rowAsArray: asArray,
  }
}

/**
 * Returns options that pass parameters through, and results too if the driver asks for raw text. The driver then
 * serializes and parses them itself.
 */
function rawOptions(postgres: PGlite, call: Call): QueryOptions {
  const asIs = (types: object) => Object.fromEntries(Object.keys(types).map((type) => [type, same]))
  const rawText = call.headers['neon-raw-text-output'] === 'true'
  return {
    rowMode: call.headers['neon-array-mode'] === 'true' ? 'array' : 'object',
    serializers: asIs(postgres.serializers),
    ...(rawText && { parsers: asIs(postgres.parsers) }),
  }
}

function same<T>(value: T): T {
  return value
}

function toField({ name, dataTypeID }: Results['fields'][number]) {
  return {
    name,
    dataTypeID,
    tableID: 0,
    columnID: 0,
    dataTypeSize: -1,
    dataTypeModifier: -1,
    format: 'text',
  }
}

/** Returns the fields of a Postgres error that the driver copies to its own errors. */
function postgresError(error: unknown): Record<string, unknown> {
  const names = [
    'severity',
    'code',
    'detail',
    'hint',
    'position',
    'internalPosition',
    'internalQuery',
    'where',
    'schema',
    'table',
    'column',
    'dataType',
    'constraint',
    'file',
    'line',
    'routine',
  ] as const
  const fields: Record<string, unknown> = isRecord(error) ? error : {}
  const copied = Object.fromEntries(names.map((name) => [name, fields[name] ?? null]))
  return { message: error instanceof Error ? error.message : String(error), ...copied }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isStatement(value: unknown): value is Statement {
  return isRecord(value) && typeof value['query'] === 'string'
}
