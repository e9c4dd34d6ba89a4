import { beforeAll, describe, expect, test } from 'vitest'
import { createNeonClient, type NeonClient } from '../../src/neon/client.ts'
import type { CheckedRequest, SendChecked } from '../../src/network/messages.ts'
import { operations } from '../local-neon/operations.ts'
import { API_HOST, createRequestChecker, type RequestCheck } from './neon-api.ts'

const BRANCH = 'br-quiet-lake-a1b2c3d4'
const DOMAINS = [
  { domain: 'https://pr-7.example.com', auth_provider: 'better_auth' },
  { domain: 'https://*.shop.example.com', auth_provider: 'better_auth' },
] as const

type Method = Exclude<keyof NeonClient, 'projectId'>

interface Use {
  readonly method: Method
  readonly operation: string
  readonly call: (neon: NeonClient) => Promise<unknown>
  /** A response that the client accepts. Default: `{}`. */
  readonly response?: object
}

/** How this action uses each method of its client, and the operation of Neon's API that it calls. */
const USES: readonly Use[] = [
  {
    method: 'listBranches',
    operation: 'listProjectBranches',
    call: (neon) =>
      neon.listBranches({
        search: 'preview/pr-7-my feature&limit=1',
        limit: 10_000,
        sort_by: 'created_at',
        sort_order: 'asc',
        cursor: 'a+b/c==',
      }),
    response: { branches: [] },
  },
  {
    method: 'listDatabases',
    operation: 'listProjectBranchDatabases',
    call: (neon) => neon.listDatabases(BRANCH),
    response: { databases: [] },
  },
  {
    method: 'getConnectionUri',
    operation: 'getConnectionURI',
    call: (neon) => neon.getConnectionUri(BRANCH, { name: 'shop db', owner: 'shop_owner' }),
    response: { uri: 'postgresql://shop_owner:secret@ep-a.example.com/shop%20db' },
  },
  {
    method: 'getBranch',
    operation: 'getProjectBranch',
    call: (neon) => neon.getBranch(BRANCH),
    response: { branch: { id: BRANCH, name: 'a', default: false, protected: false } },
  },
  {
    method: 'listEndpointIds',
    operation: 'listProjectBranchEndpoints',
    call: (neon) => neon.listEndpointIds(BRANCH),
    response: { endpoints: [{ id: 'ep-cool-sun-1' }] },
  },
  {
    method: 'listFunctions',
    operation: 'listProjectBranchFunctions',
    call: (neon) => neon.listFunctions(BRANCH, 'a+b/c=='),
    response: { functions: [{ slug: 'shop', invocation_url: '' }] },
  },
  {
    method: 'getAuth',
    operation: 'getNeonAuth',
    call: (neon) => neon.getAuth(BRANCH),
    response: { auth_provider: 'better_auth' },
  },
  {
    method: 'createAuth',
    operation: 'createNeonAuth',
    call: (neon) => neon.createAuth(BRANCH),
  },
  {
    method: 'createAuth',
    operation: 'createNeonAuth',
    call: (neon) => neon.createAuth(BRANCH, 'shop db'),
  },
  {
    method: 'disableAuth',
    operation: 'disableNeonAuth',
    call: (neon) => neon.disableAuth(BRANCH, false),
  },
  {
    method: 'disableAuth',
    operation: 'disableNeonAuth',
    call: (neon) => neon.disableAuth(BRANCH, true),
  },
  {
    method: 'listDomains',
    operation: 'listBranchNeonAuthTrustedDomains',
    call: (neon) => neon.listDomains(BRANCH),
    response: { domains: [] },
  },
  {
    method: 'addDomain',
    operation: 'addBranchNeonAuthTrustedDomain',
    call: (neon) => neon.addDomain(BRANCH, DOMAINS[0].domain),
  },
  {
    method: 'addDomain',
    operation: 'addBranchNeonAuthTrustedDomain',
    call: (neon) => neon.addDomain(BRANCH, DOMAINS[1].domain),
  },
  {
    method: 'removeDomains',
    operation: 'deleteBranchNeonAuthTrustedDomain',
    call: (neon) => neon.removeDomains(BRANCH, DOMAINS),
  },
  {
    method: 'getAllowLocalhost',
    operation: 'getNeonAuthAllowLocalhost',
    call: (neon) => neon.getAllowLocalhost(BRANCH),
    response: { allow_localhost: true },
  },
  {
    method: 'setAllowLocalhost',
    operation: 'updateNeonAuthAllowLocalhost',
    call: (neon) => neon.setAllowLocalhost(BRANCH, false),
  },
  {
    method: 'getPlugins',
    operation: 'getNeonAuthPluginConfigs',
    call: (neon) => neon.getPlugins(BRANCH),
  },
  {
    method: 'getWebhook',
    operation: 'getNeonAuthWebhookConfig',
    call: (neon) => neon.getWebhook(BRANCH),
    response: { enabled: false },
  },
  {
    method: 'getEmailProviderType',
    operation: 'getNeonAuthEmailProvider',
    call: (neon) => neon.getEmailProviderType(BRANCH),
    response: { type: 'shared' },
  },
  {
    method: 'putWebhook',
    operation: 'updateNeonAuthWebhookConfig',
    call: (neon) =>
      neon.putWebhook(BRANCH, {
        enabled: true,
        webhook_url: 'https://hooks.example/x',
        enabled_events: ['user.created'],
        timeout_seconds: 5,
      }),
  },
  {
    method: 'setName',
    operation: 'updateNeonAuthConfig',
    call: (neon) => neon.setName(BRANCH, 'Shop'),
  },
  {
    method: 'setEmailProvider',
    operation: 'updateNeonAuthEmailProvider',
    call: (neon) => neon.setEmailProvider(BRANCH, { type: 'shared' }),
  },
  {
    method: 'setEmailAndPassword',
    operation: 'updateNeonAuthEmailAndPasswordConfig',
    call: (neon) => neon.setEmailAndPassword(BRANCH, { enabled: true }),
  },
  {
    method: 'updatePlugin',
    operation: 'updateNeonAuthOrganizationPlugin',
    call: (neon) =>
      neon.updatePlugin(BRANCH, {
        plugin: 'organization',
        set: { enabled: true, creator_role: 'owner' },
      }),
  },
  {
    method: 'updatePlugin',
    operation: 'updateNeonAuthMagicLinkPlugin',
    call: (neon) =>
      neon.updatePlugin(BRANCH, { plugin: 'magic_link', set: { enabled: true, expires_in: 15 } }),
  },
  {
    method: 'updatePlugin',
    operation: 'updateNeonAuthPhoneNumberPlugin',
    call: (neon) =>
      neon.updatePlugin(BRANCH, {
        plugin: 'phone_number',
        set: { enabled: false, otp_expires_in: 60 },
      }),
  },
  {
    method: 'addOauthProvider',
    operation: 'addBranchNeonAuthOauthProvider',
    call: (neon) =>
      neon.addOauthProvider(BRANCH, 'github', { client_id: 'id', client_secret: 'secret' }),
  },
  {
    method: 'updateOauthProvider',
    operation: 'updateBranchNeonAuthOauthProvider',
    call: (neon) =>
      neon.updateOauthProvider(BRANCH, 'microsoft', {
        client_id: 'id',
        client_secret: 'secret',
        microsoft_tenant_id: 'tenant',
      }),
  },
  {
    method: 'removeOauthProvider',
    operation: 'deleteBranchNeonAuthOauthProvider',
    call: (neon) => neon.removeOauthProvider(BRANCH, 'vercel'),
  },
  {
    method: 'createUser',
    operation: 'createBranchNeonAuthNewUser',
    call: (neon) => neon.createUser(BRANCH, 'ada@example.com', 'Ada'),
    response: { id: 'user-1' },
  },
  {
    method: 'deleteUser',
    operation: 'deleteBranchNeonAuthUser',
    call: (neon) => neon.deleteUser(BRANCH, 'user-1'),
  },
  {
    method: 'setRoles',
    operation: 'updateNeonAuthUserRole',
    call: (neon) => neon.setRoles(BRANCH, 'user-1', ['admin']),
  },
  {
    method: 'sendTestEmail',
    operation: 'sendNeonAuthTestEmail',
    call: (neon) =>
      neon.sendTestEmail(BRANCH, {
        host: 'smtp.example',
        port: 587,
        username: 'u',
        password: 'p',
        sender_email: 'shop@example.com',
        sender_name: 'Shop',
        recipient_email: 'qa@example.com',
      }),
    response: { success: true },
  },
]

/** Returns the request that this use of the client sends. */
const requestOf = async ({ call, response = {} }: Use): Promise<CheckedRequest> => {
  const requests: CheckedRequest[] = []
  const send: SendChecked = async (request) => {
    requests.push(request)
    return { status: 200, headers: {}, text: JSON.stringify(response) }
  }
  const neon = createNeonClient(send, {
    apiHost: API_HOST,
    apiKey: 'napi_test',
    projectId: 'quiet-lake-12345678',
  })
  await call(neon)
  expect(requests).toHaveLength(1)
  return requests[0] as CheckedRequest
}

let check: (request: CheckedRequest) => RequestCheck
beforeAll(async () => {
  check = await createRequestChecker()
})

describe("requests match Neon's own API description", () => {
  test('for every method of the client, except two that are newer than the description', () => {
    const {
      projectId: _,
      confirming: __,
      ...methods
    } = createNeonClient(() => Promise.reject(new Error('nothing is sent')), {
      apiHost: API_HOST,
      apiKey: '',
      projectId: 'p',
    })
    // The description does not have these yet. The types of the SDK check their requests.
    const newer = ['testEmailProvider', 'listCustomDomains']
    const checked = USES.map(({ method }) => method as string)
    expect(new Set([...checked, ...newer])).toEqual(new Set(Object.keys(methods)))
  })

  test.each(USES)('with $method sending $operation', async (use) => {
    expect(check(await requestOf(use))).toEqual({ operation: use.operation, faults: [] })
  })

  test('with the key in the `Authorization` header', async () => {
    for (const use of USES) {
      expect((await requestOf(use)).headers?.['authorization']).toBe('Bearer napi_test')
    }
  })
})

describe('Local Neon', () => {
  test.each(USES)('implements $operation', ({ operation }) => {
    expect(Object.keys(operations)).toContain(operation)
  })
})

describe('the check of requests', () => {
  const use = (method: Method): Use => USES.find((candidate) => candidate.method === method) as Use

  const faultsOf = async (
    method: Method,
    change: Partial<CheckedRequest>,
  ): Promise<readonly string[]> => check({ ...(await requestOf(use(method))), ...change }).faults

  test.each<[string, Method, Partial<CheckedRequest>, RegExp]>([
    [
      'a field of the wrong type',
      'disableAuth',
      { body: '{"delete_data":[1]}' },
      /must be boolean/,
    ],
    ['a field that is missing', 'addDomain', { body: '{"auth_provider":"better_auth"}' }, /domain/],
    ['a value that is not allowed', 'createAuth', { body: '{"auth_provider":"x"}' }, /allowed/],
    [
      'a field that does not exist',
      'createAuth',
      { body: '{"auth_provider":"better_auth","database":"a"}' },
      /unknown field database/,
    ],
    [
      'a domain that is not a URI',
      'addDomain',
      { body: '{"auth_provider":"better_auth","domain":"example.com"}' },
      /format "uri"/,
    ],
    ['a body that is missing', 'setAllowLocalhost', { body: '' }, /.+/],
    [
      'a query parameter that does not exist',
      'listBranches',
      { url: `${API_HOST}/projects/p/branches?q=1` },
      /.+/,
    ],
    [
      'a query parameter of the wrong type',
      'listBranches',
      { url: `${API_HOST}/projects/p/branches?limit=many` },
      /integer/,
    ],
    [
      'a path that does not exist',
      'getAuth',
      { url: `${API_HOST}/projects/p/branches/b/oauth` },
      /no such/,
    ],
    ['a method that does not exist', 'setAllowLocalhost', { method: 'PUT' }, /no such/],
  ])('rejects %s', async (_, method, change, fault) => {
    expect((await faultsOf(method, change)).join('\n')).toMatch(fault)
  })
})
