interface Operation {
  responses: { 200: object; default?: object; [status: number]: object }
}

/** The parts of Neon's description that are amended. */
interface Description {
  paths: Record<string, { parameters: object; get: Operation; patch: Operation; post: Operation }>
  components: { schemas: { NeonAuthPluginConfigs: { properties: Record<string, object> } } }
}

const branch = '/projects/{project_id}/branches/{branch_id}'
const auth = '/projects/{project_id}/branches/{branch_id}/auth'
const text = { type: 'string' }
const json = (schema: object) => ({ content: { 'application/json': { schema } } })
const schema = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** The operation that tests the stored email provider. Only the newer SDK describes it. */
export const emailProviderTest = 'sendNeonAuthEmailProviderTest'

const server = {
  host: text,
  port: { type: 'integer' },
  username: text,
  password: text,
  sender_email: text,
  sender_name: text,
}

const shared = {
  type: 'object',
  required: ['type'],
  properties: { type: { enum: ['shared'] }, sender_email: text, sender_name: text },
}

function standard(required: string[]) {
  return {
    type: 'object',
    required: ['type', ...required],
    properties: { type: { enum: ['standard'] }, ...server },
  }
}

const schemas = {
  // The package's description cannot distinguish the two kinds, so it accepts no complete `standard`
  // body. The SDK's description has `type`, and an update may omit what should stay.
  NeonAuthEmailServerConfig: { oneOf: [standard([]), shared] },
  NeonAuthEmailServerConfigResponse: { oneOf: [standard(Object.keys(server)), shared] },
  CustomDomain: {
    type: 'object',
    required: ['domain', 'entity_type', 'entity_id', 'cname_target'],
    properties: {
      domain: text,
      entity_type: text,
      entity_id: text,
      cname_target: text,
      status: text,
      dns_status: text,
      binding_status: text,
      status_reason: text,
    },
  },
  CustomDomainsListResponse: {
    type: 'object',
    required: ['custom_domains'],
    properties: { custom_domains: { type: 'array', items: schema('CustomDomain') } },
  },
  SendNeonAuthEmailProviderTestRequest: {
    type: 'object',
    required: ['recipient_email'],
    properties: { recipient_email: { ...text, format: 'email', minLength: 1, maxLength: 256 } },
  },
}

/**
 * Updates Neon's description to the newer SDK's types of the email provider and of custom domains. Also allows a
 * second success status for two operations.
 */
export function amend(description: object): void {
  const { paths, components } = description as Description
  const provider = paths[`${auth}/email_provider`]
  if (provider === undefined) throw new Error('the description has no email provider')
  // Each place needs its own reference, because the resolver visits each object only once.
  const response = () => schema('NeonAuthEmailServerConfigResponse')
  Object.assign(provider.get.responses[200], json(response()))
  Object.assign(provider.patch.responses[200], json(response()))
  components.schemas.NeonAuthPluginConfigs.properties['email_provider'] = response()
  Object.assign(components.schemas, schemas)
  allowStatus(paths[auth]?.post, 201, 200)
  allowStatus(paths[`${auth}/oauth_providers`]?.post, 200, 201)
  Object.assign(paths, {
    [`${auth}/email_provider/test`]: { parameters: provider.parameters, post: testOperation() },
    [`${branch}/custom-domains`]: customDomains(paths[`${branch}/functions`]),
  })
}

/**
 * Allows a second success status with the same body, because the described status is not certain. Neon's own
 * clients expect 201 for a new sign-in provider, although the description says 200
 * (https://github.com/neondatabase/mcp-server-neon).
 */
function allowStatus(operation: Operation | undefined, like: number, status: number): void {
  if (operation === undefined) throw new Error('the description has no such operation')
  operation.responses[status] = structuredClone(operation.responses[like] ?? {})
}

/** Returns the path that lists custom domains. It works like the list of functions, and only the SDK describes it. */
function customDomains(functions: Description['paths'][string] | undefined): object {
  if (functions === undefined) throw new Error('the description has no functions')
  const { parameters, get } = structuredClone(functions)
  const list = {
    allOf: [schema('CustomDomainsListResponse'), schema('CursorPaginationResponse')],
  }
  const responses = { ...get.responses, 200: { description: 'The list', ...json(list) } }
  return { parameters, get: { ...get, operationId: 'listProjectBranchCustomDomains', responses } }
}

function testOperation(): Operation & Record<string, unknown> {
  return {
    operationId: emailProviderTest,
    requestBody: { required: true, ...json(schema('SendNeonAuthEmailProviderTestRequest')) },
    responses: {
      200: { description: 'Sent or not', ...json(schema('SendNeonAuthTestEmailResponse')) },
      default: { $ref: '#/components/responses/GeneralError' },
    },
  }
}
