import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { OpenAPIBackend, type Request } from 'openapi-backend'
import { parse } from 'yaml'
import type { CheckedRequest } from '../../src/network/messages.ts'

type Definition = Exclude<ConstructorParameters<typeof OpenAPIBackend>[0]['definition'], string>

/** The API's base URL in the requests to check. */
export const API_HOST = 'https://api.test/api/v2'

/** Returns the vendor's API description. */
export const readDescription = (): unknown => {
  const path = '@neondatabase/api-client/public-v2-for-users.gen.yaml'
  return parse(readFileSync(createRequire(import.meta.url).resolve(path), 'utf8'))
}

interface BodySchema {
  readonly properties?: Record<string, BodySchema>
  readonly items?: BodySchema
  readonly allOf?: readonly BodySchema[]
  readonly oneOf?: readonly BodySchema[]
  readonly discriminator?: { readonly propertyName: string }
}

/** Returns a field's schema from any part of a composed schema. */
const fieldOf = (schema: BodySchema | undefined, name: string): BodySchema | undefined =>
  schema?.properties?.[name] ??
  (schema?.discriminator?.propertyName === name ? {} : undefined) ??
  [...(schema?.allOf ?? []), ...(schema?.oneOf ?? [])]
    .map((part) => fieldOf(part, name))
    .find((field) => field !== undefined)

/** Returns a fault for each field of `body` that `schema` does not have. JSON Schema itself allows extra fields. */
const unknownFields = (body: unknown, schema: BodySchema | undefined): string[] => {
  if (Array.isArray(body)) return body.flatMap((item) => unknownFields(item, schema?.items))
  if (typeof body !== 'object' || body === null) return []
  return Object.entries(body).flatMap(([name, value]) => {
    const field = fieldOf(schema, name)
    return field ? unknownFields(value, field) : [`unknown field ${name}`]
  })
}

const toRequest = ({ method, url, headers = {}, body }: CheckedRequest): Request => {
  const { pathname, searchParams } = new URL(url)
  return {
    method,
    path: pathname,
    headers,
    query: Object.fromEntries(searchParams),
    ...(body !== undefined && { body }),
  }
}

/** The result of checking a request against the vendor's API description. */
export interface RequestCheck {
  /** Absent if the description has no such operation. */
  readonly operation?: string
  /** How the request violates the description. */
  readonly faults: readonly string[]
}

/** Reads the vendor's API description and returns a function that checks a request against it. */
export const createRequestChecker = async (): Promise<(sent: CheckedRequest) => RequestCheck> => {
  const definition = readDescription() as Definition
  // Compiling the schemas of other paths would only cost time.
  definition.paths = Object.fromEntries(
    Object.entries(definition.paths ?? {}).filter(([path]) =>
      /^\/projects\/\{project_id\}\/(branches|connection_uri)/.test(path),
    ),
  )
  const api = new OpenAPIBackend({
    definition,
    apiRoot: new URL(API_HOST).pathname,
    // Skips validating the description itself, because the vendor's does not quite pass.
    quick: true,
    strict: true,
    // In a URL, query parameters of every type are strings.
    coerceTypes: true,
    customizeAjv: (ajv) => ajv.addFormat('uri', (text: string) => URL.canParse(text)),
  })
  await api.init()
  return (sent) => {
    const request = toRequest(sent)
    const operation = api.router.matchOperation(request)
    if (!operation?.operationId) return { faults: ['no such operation'] }
    const { errors } = api.validateRequest(request, operation)
    const faults = (errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
    const content = operation.requestBody as { content?: Record<string, { schema?: BodySchema }> }
    const schema = content?.content?.['application/json']?.schema
    const body: unknown = sent.body ? JSON.parse(sent.body) : undefined
    return {
      operation: operation.operationId,
      faults: [...faults, ...unknownFields(body, schema)],
    }
  }
}
