import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { OpenAPIBackend } from 'openapi-backend'
import { parse } from 'yaml'
import { type Answer, type Call, parsedBody } from './answer.ts'
import { amend } from './contract-amendments.ts'
import { operations } from './operations.ts'

const description = '@neondatabase/api-client/public-v2-for-users.gen.yaml'
const apiRoot = '/api/v2'
const auth = '/projects/{project_id}/branches/{branch_id}/auth'

type Document = Exclude<ConstructorParameters<typeof OpenAPIBackend>[0]['definition'], string>
type Backend = OpenAPIBackend<Document>
type Operation = NonNullable<ReturnType<Backend['router']['getOperation']>>

/** A request that Neon's description knows. The query parameters have the types from the description. */
export interface MatchedCall {
  operationId: string
  params: Record<string, string>
  query: Record<string, unknown>
  body: unknown
  /** Why the request violates the description. Empty if it does not. */
  problems: string[]
}

/** Neon's description of its API, for checking requests and answers. */
export interface Contract {
  /** Returns the operation's name without checking the request. */
  operationId(call: Call): string | undefined
  /** Checks a request. Returns `undefined` if the description has no such operation. */
  match(call: Call): MatchedCall | undefined
  /** Returns the success status of an operation whose answer has no body. */
  successStatus(operationId: string): number
  /** Returns why an answer violates the description. Empty if it does not. */
  violations(operationId: string, answer: Answer): string[]
}

let loading: Promise<Contract> | undefined

/** Loads the description, once per process. */
export function loadContract(): Promise<Contract> {
  loading ??= load()
  return loading
}

async function load(): Promise<Contract> {
  const file = createRequire(import.meta.url).resolve(description)
  const definition = parse(await readFile(file, 'utf8')) as Document
  amend(definition)
  definition.paths = Object.fromEntries(
    Object.entries(definition.paths ?? {}).filter(([path, methods]) =>
      isServed(path, methods ?? {}),
    ),
  )
  const backend: Backend = new OpenAPIBackend<Document>({
    definition,
    apiRoot,
    coerceTypes: true,
    // Skips validating the description itself, because Neon's does not quite pass (unused schemas of other
    // products), and compiles each validator when it is first needed.
    quick: true,
    strict: true,
    // Otherwise, Ajv would ignore unknown formats. `uri` and `date-time` matter here.
    customizeAjv: (ajv) => {
      for (const [name, check] of Object.entries(formats)) ajv.addFormat(name, check)
      return ajv
    },
  })
  await backend.init()
  // The router would build its list of all operations again for every lookup, several times per request.
  const served = backend.router.getOperations()
  backend.router.getOperations = () => served
  const operationOf = operationFinder(backend)
  return {
    operationId: (call) => operationOf(toRequest(call))?.operationId,
    match: (call) => match(backend, call, operationOf),
    successStatus: (operationId) => successStatus(backend, operationId),
    violations: (operationId, answer) => violations(backend, operationId, answer),
  }
}

const formats = {
  uri: (value: string) => /^[a-z][a-z0-9+.-]*:\S+$/i.test(value),
  'date-time': (value: string) =>
    /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value)),
  uuid: (value: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
  email: (value: string) => /^\S+@\S+$/.test(value),
}

/**
 * Returns whether the contract includes a path: if Local Neon implements one of its operations, or if it belongs to
 * auth. Operations of auth that Local Neon does not implement get a 501.
 */
function isServed(path: string, methods: object): boolean {
  if (path === auth || path.startsWith(`${auth}/`)) return true
  const names = Object.values(methods).map((method: { operationId?: string }) => method.operationId)
  return names.some((name) => name !== undefined && Object.hasOwn(operations, name))
}

function toRequest(call: Call) {
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(call.headers)) {
    // A JSON content type with an empty body counts as no body.
    if (name === 'content-type' && call.body.length === 0) continue
    if (value !== undefined) headers[name] = value
  }
  const body = parsedBody(call)
  const query = Object.fromEntries(call.query)
  return {
    method: call.method,
    path: call.path,
    headers,
    query,
    ...(body !== undefined && { body }),
  }
}

type FindOperation = (request: ReturnType<typeof toRequest>) => Operation | undefined

/** Returns the router's lookup, cached, because each lookup compiles a regular expression for every path. */
function operationFinder({ router }: Backend): FindOperation {
  const found = new Map<string, Operation | undefined>()
  return (request) => {
    const key = `${request.method} ${request.path}`
    if (!found.has(key)) found.set(key, router.matchOperation(request))
    return found.get(key)
  }
}

function match(backend: Backend, call: Call, operationOf: FindOperation): MatchedCall | undefined {
  const request = toRequest(call)
  const operation = operationOf(request)
  if (operation?.operationId === undefined) return undefined
  const parsed = backend.router.parseRequest(request, operation)
  const result = backend.validateRequest(request, operation)
  const coerced = result.coerced as { query?: Record<string, unknown> } | undefined
  return {
    operationId: operation.operationId,
    params: parsed.params as Record<string, string>,
    query: coerced?.query ?? {},
    body: request.body,
    problems: complaints(result.errors),
  }
}

function successStatus(backend: Backend, operationId: string): number {
  const responses = backend.router.getOperation(operationId)?.responses ?? {}
  return Number(Object.keys(responses).find((status) => status.startsWith('2')) ?? 200)
}

function violations(backend: Backend, operationId: string, answer: Answer): string[] {
  const operation = backend.router.getOperation(operationId)
  if (operation === undefined) return [`unknown operation ${operationId}`]
  const declared = operation.responses?.[String(answer.status)]
  if (declared === undefined && answer.status < 400) return [`undeclared status ${answer.status}`]
  // For a response declared without a body, openapi-backend would use the default response.
  if (declared !== undefined && !('content' in declared)) {
    return answer.body.length === 0 ? [] : ['it has a body, but none is declared']
  }
  if (answer.body.length === 0) return ['it has no body, but one is declared']
  const body: unknown = JSON.parse(answer.body.toString('utf8'))
  return complaints(backend.validateResponse(body, operation, answer.status).errors)
}

function complaints(errors: readonly Complaint[] | null | undefined): string[] {
  return (errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`)
}

interface Complaint {
  instancePath: string
  message?: string
}
