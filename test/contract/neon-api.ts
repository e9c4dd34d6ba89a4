import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { OpenAPIBackend, type Request } from 'openapi-backend'
import { parse } from 'yaml'
import type { HttpRequest } from '../../src/network/messages.ts'

type Definition = Exclude<ConstructorParameters<typeof OpenAPIBackend>[0]['definition'], string>

/** The API's base URL in the calls to judge. */
export const API_HOST = 'https://api.test/api/v2'

const DESCRIPTION = '@neondatabase/api-client/public-v2-for-users.gen.yaml'

interface BodySchema {
  readonly properties?: Record<string, BodySchema>
  readonly items?: BodySchema
  readonly allOf?: readonly BodySchema[]
  readonly oneOf?: readonly BodySchema[]
  readonly discriminator?: { readonly propertyName: string }
}

/** A field's schema, wherever a composed schema holds it. */
const fieldOf = (schema: BodySchema | undefined, name: string): BodySchema | undefined =>
  schema?.properties?.[name] ??
  (schema?.discriminator?.propertyName === name ? {} : undefined) ??
  [...(schema?.allOf ?? []), ...(schema?.oneOf ?? [])]
    .map((part) => fieldOf(part, name))
    .find((field) => field !== undefined)

/** Field names in `body` that `schema` does not have: JSON Schema itself lets extra fields pass. */
const unknownFields = (body: unknown, schema: BodySchema | undefined): string[] => {
  if (Array.isArray(body)) return body.flatMap((item) => unknownFields(item, schema?.items))
  if (typeof body !== 'object' || body === null) return []
  return Object.entries(body).flatMap(([name, value]) => {
    const field = fieldOf(schema, name)
    return field ? unknownFields(value, field) : [`unknown field ${name}`]
  })
}

const toRequest = ({ method, url, headers = {}, body }: HttpRequest): Request => {
  const { pathname, searchParams } = new URL(url)
  return {
    method,
    path: pathname,
    headers,
    query: Object.fromEntries(searchParams),
    ...(body !== undefined && { body }),
  }
}

/** What the vendor's description of the API says to a request. */
export interface Judgement {
  /** Absent: the description has no such operation. */
  readonly operation?: string
  /** Why the request breaks the description; empty when it keeps it. */
  readonly faults: readonly string[]
}

/** Reads the vendor's description of its API and returns a judge of requests. */
export const createJudge = async (): Promise<(call: HttpRequest) => Judgement> => {
  const file = createRequire(import.meta.url).resolve(DESCRIPTION)
  const definition = parse(readFileSync(file, 'utf8')) as Definition
  // The rest of the API would only cost the time to compile its schemas.
  definition.paths = Object.fromEntries(
    Object.entries(definition.paths ?? {}).filter(([path]) =>
      /^\/projects\/\{project_id\}\/(branches|connection_uri)/.test(path),
    ),
  )
  const api = new OpenAPIBackend({
    definition,
    apiRoot: new URL(API_HOST).pathname,
    // Leaves out the check of the description itself, which the vendor's does not quite pass.
    quick: true,
    strict: true,
    // Query parameters are text on the wire, whatever their type.
    coerceTypes: true,
    customizeAjv: (ajv) => ajv.addFormat('uri', (text: string) => URL.canParse(text)),
  })
  await api.init()
  return (call) => {
    const request = toRequest(call)
    const operation = api.router.matchOperation(request)
    if (!operation?.operationId) return { faults: ['no such operation'] }
    const { errors } = api.validateRequest(request, operation)
    const faults = (errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
    const content = operation.requestBody as { content?: Record<string, { schema?: BodySchema }> }
    const schema = content?.content?.['application/json']?.schema
    const body: unknown = call.body ? JSON.parse(call.body) : undefined
    return {
      operation: operation.operationId,
      faults: [...faults, ...unknownFields(body, schema)],
    }
  }
}
