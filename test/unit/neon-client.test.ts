import { describe, expect, it } from 'vitest'
import { messageOf } from '../../src/core/problem.ts'
import { isYoung, toFoundBranch } from '../../src/neon/branches.ts'
import { createNeonClient } from '../../src/neon/client.ts'
import { isAccessDenied, NeonApiError, NOT_NEON, toProblem } from '../../src/neon/errors.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import { type CheckedRequest, type HttpResponse, jsonFields } from '../../src/network/messages.ts'
import { BRANCH } from '../fakes.ts'

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** Returns a client that gets this response to every request, and the requests that it has sent. */
const clientAnswering = (status: number, body: unknown) => {
  const requests: CheckedRequest[] = []
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const send = async (request: CheckedRequest): Promise<HttpResponse> => {
    requests.push(request)
    return { status, headers: {}, text }
  }
  const neon = createNeonClient(send, {
    apiHost: 'https://neon.test/api',
    apiKey: 'napi_key',
    projectId: 'p/1',
  })
  return { neon, requests }
}

it('reads a branch whose parent is null as one without a parent', async () => {
  const branch = { id: 'br-1', name: 'x', default: false, protected: false, parent_id: null }
  const read = await clientAnswering(200, { branch }).neon.getBranch('br-1')
  expect(read && toFoundBranch(read)).not.toHaveProperty('parentId')
})

it.each([
  [{}, false, false],
  [{ default: true }, true, false],
  [{ primary: true }, true, false],
  [{ protected: true }, false, true],
])(
  'protect production: reads whether a branch is the default or protected: %j',
  (flags, isDefault, isProtected) => {
    const branch = { id: 'br-1', name: 'x', default: false, protected: false, ...flags }
    expect(toFoundBranch(branch as never)).toMatchObject({ isDefault, isProtected })
  },
)

it('reads a null field of the integration as absent', async () => {
  const auth = { auth_provider: 'better_auth', base_url: null, db_name: 'neondb' }
  expect(await clientAnswering(200, auth).neon.getAuth('br-1')).toEqual({
    auth_provider: 'better_auth',
    db_name: 'neondb',
  })
})

it('accepts an array of webhook events', async () => {
  const webhook = { enabled: true, enabled_events: ['user.created'] }
  expect(await clientAnswering(200, webhook).neon.getWebhook('br-1')).toEqual(webhook)
})

it('accepts a response to enabling auth without a body, because a later read returns the rest', async () => {
  expect(await clientAnswering(201, '').neon.createAuth('br-1')).toEqual({ created: {} })
})

it('reads missing annotations as none', async () => {
  const branches = [{ id: 'br-1', name: 'a', default: false, protected: false }]
  const { neon } = clientAnswering(200, { branches })
  expect(await neon.listBranches({})).toEqual({ branches, annotations: {} })
})

it('finds no fields in a response that is not an object', () => {
  const fields = (text: string) => jsonFields({ status: 200, headers: {}, text })
  for (const text of ['', '<html>', 'null', '7', '"text"']) expect(fields(text)).toEqual({})
  expect(fields('{"a":1}')).toEqual({ a: 1 })
})

const MINUTE_MS = 60_000

it.each<[{ minutes?: number; state?: string }, boolean]>([
  [{}, true],
  [{ minutes: 9 }, true],
  [{ minutes: 10 }, false],
  [{ minutes: 10, state: 'ready' }, false],
  [{ minutes: 10, state: 'init' }, true],
])(
  'decides by its age and state whether a branch is young: %j: %s',
  ({ minutes, state }, young) => {
    const now = Date.parse('2026-11-26')
    const createdAt = minutes && now - minutes * MINUTE_MS
    const branch = { ...BRANCH, ...(createdAt && { createdAt }), ...(state && { state }) }
    expect(isYoung(branch, now)).toBe(young)
  },
)

it.each([
  [401, '', true],
  [403, '', true],
  [404, 'not permitted', true],
  [404, 'Neon Auth is not enabled', false],
  [400, 'not permitted', false],
])(
  'an error with status %i and the message "%s" counts as denied access: %s',
  (status, message, isDenied) => {
    const request = { method: 'GET', path: '/' } as const
    expect(isAccessDenied(new NeonApiError(request, { status, message }))).toBe(isDenied)
  },
)

const NOT_FOUND_MESSAGE = 'Neon Auth is not enabled'
const OUTSIDE = 'not allowed to perform actions outside the project this key is scoped to'

/** 404 bodies that do not prove that something is gone. */
const NOT_GONE: [string, unknown][] = [
  ["a proxy's page", '<html>Not Found</html>'],
  ['no body', ''],
  ['JSON without a message', { error: 'not found' }],
  ['JSON whose message is not a string', { message: 404 }],
  ['an array', [NOT_FOUND_MESSAGE]],
  ["a refusal because of the key's scope", { code: '', message: OUTSIDE }],
  ['a refusal of access', { code: '', message: 'you do not have access to this project' }],
  ['a refusal for lack of permission', { code: '', message: 'Permission denied' }],
]

const NOT_FOUND = { request_id: 'req-1', code: '', message: NOT_FOUND_MESSAGE }

describe('resolve the branch before trusting a 404: only 404 and 410 mean gone', () => {
  const reads = ['getAuth', 'listDomains', 'getAllowLocalhost', 'getPlugins', 'getWebhook'] as const

  for (const read of reads) {
    it.each([404, 410])(`${read}: returns undefined for %i`, async (status) => {
      expect(await clientAnswering(status, NOT_FOUND).neon[read]('br-1')).toBeUndefined()
    })

    it.each(NOT_GONE)(`${read}: fails on a 404 with %s`, async (_, body) => {
      await expect(clientAnswering(404, body).neon[read]('br-1')).rejects.toBeInstanceOf(
        NeonApiError,
      )
    })

    it.each([199, 300, 302, 400, 401, 403, 409, 422, 500])(
      `${read}: fails on %i`,
      async (status) => {
        await expect(clientAnswering(status, {}).neon[read]('br-1')).rejects.toBeInstanceOf(
          NeonApiError,
        )
      },
    )
  }

  it.each([
    [404, NOT_FOUND, 'gone'],
    [410, NOT_FOUND, 'gone'],
    [200, '', 'removed'],
    [204, '', 'removed'],
  ])('disableAuth: %i with %j means %s', async (status, body, result) => {
    expect(await clientAnswering(status, body).neon.disableAuth('br-1', false)).toBe(result)
  })

  it.each(NOT_GONE)('disableAuth: fails on a 404 with %s', async (_, body) => {
    await expect(clientAnswering(404, body).neon.disableAuth('br-1', true)).rejects.toBeInstanceOf(
      NeonApiError,
    )
  })

  it.each([403, 409])('disableAuth: fails on %i', async (status) => {
    await expect(clientAnswering(status, {}).neon.disableAuth('br-1', true)).rejects.toMatchObject({
      status,
    })
  })

  it.each([404, 410])('listBranches: fails on %i', async (status) => {
    await expect(clientAnswering(status, {}).neon.listBranches({})).rejects.toMatchObject({
      status,
    })
  })
})

describe('decide a 409 by reading: only a 409 is a conflict', () => {
  it('createAuth: returns the conflict', async () => {
    const { neon } = clientAnswering(409, { message: 'exists', code: 'C', request_id: 'r' })
    expect(await neon.createAuth('br-1')).toMatchObject({
      conflict: { status: 409, message: 'exists', code: 'C', requestId: 'r' },
    })
  })

  it.each([400, 404, 410, 422])('createAuth: fails on %i', async (status) => {
    await expect(clientAnswering(status, {}).neon.createAuth('br-1')).rejects.toMatchObject({
      status,
    })
  })

  it('addDomain: distinguishes new, existing, and refused domains', async () => {
    expect(await clientAnswering(409, {}).neon.addDomain('br-1', 'https://a.example')).toBe(
      'exists',
    )
    expect(await clientAnswering(201, '').neon.addDomain('br-1', 'https://a.example')).toBe('added')
    await expect(
      clientAnswering(400, {}).neon.addDomain('br-1', 'https://a.example'),
    ).rejects.toMatchObject({ status: 400 })
  })
})

describe('fail loudly, explain fully: an unusable response is an error that says why', () => {
  it.each([
    ['getAuth', '<html>', /not JSON/],
    ['getAuth', [], /the response is not a JSON object/],
    ['getAuth', 'null', /the response is not a JSON object/],
    ['getAuth', '"on"', /the response is not a JSON object/],
    ['getAuth', {}, /`auth_provider` is missing/],
    ['getAuth', { auth_provider: '' }, /`auth_provider` is missing/],
    ['getAuth', { auth_provider: 7 }, /`auth_provider` is missing/],
    ['listDomains', {}, /`domains` is not a list of objects/],
    ['listDomains', { domains: ['https://a.example'] }, /`domains` is not a list of objects/],
    ['listDomains', { domains: [{}] }, /`domain` is missing/],
    ['getAllowLocalhost', { allow_localhost: 'yes' }, /`allow_localhost` is neither true nor/],
    ['getPlugins', { organization: {} }, /`enabled` is neither true nor/],
    [
      'getWebhook',
      { enabled: true, enabled_events: ['user.created', 7] },
      /`enabled_events` is not a list of str/,
    ],
    ['listDatabases', { databases: [{ name: 'a' }] }, /`owner_name` is missing/],
    ['listDatabases', { databases: [{ owner_name: 'a' }] }, /`name` is missing/],
  ] as const)('%s: names the fault in %j', async (read, body, fault) => {
    await expect(clientAnswering(200, body).neon[read]('br-1')).rejects.toMatchObject({
      name: 'UnexpectedResponseError',
      message: expect.stringMatching(fault),
    })
  })

  it.each([
    [{ branches: [{ name: 'a' }] }, /`id` is missing/],
    [{ branches: [{ id: 'a' }] }, /`name` is missing/],
    [{ branches: {} }, /`branches` is not a list/],
    [{ branches: [{ id: '../other', name: 'a' }] }, /`id` is not a valid ID/],
    [{ branches: [{ id: 'br-1/auth', name: 'a' }] }, /`id` is not a valid ID/],
    [{ branches: [], annotations: { 'br-1': 7 } }, /an annotation/],
    [{ branches: [], annotations: { 'br-1': { value: 7 } } }, /`value` of an annotation/],
    [
      { branches: [], annotations: { 'br-1': { value: { 'github-pr-number': 7 } } } },
      /`github-pr-number`/,
    ],
    [{ branches: [{ id: 'a', name: 'a', protected: false }] }, /`default` is neither true nor/],
    [{ branches: [{ id: 'a', name: 'a', default: false }] }, /`protected` is neither true nor/],
  ])('names the fault in a list of branches: %j', async (body, fault) => {
    await expect(clientAnswering(200, body).neon.listBranches({})).rejects.toThrow(fault)
  })

  it.each(['nowhere', 'https://neon.test/', 'postgresql://owner:password1@neon.test:99999/a'])(
    'names a connection string that is not a Postgres URL: %s',
    async (uri) => {
      const { neon } = clientAnswering(200, { uri })
      await expect(neon.getConnectionUri('br-1', { name: 'a', owner: 'b' })).rejects.toThrow(
        /`uri` is not a connection URI/,
      )
    },
  )

  it.each([
    [404, '<html>', NOT_NEON],
    [410, { error: 'gone' }, NOT_NEON],
    [404, NOT_FOUND, undefined],
    [400, '<html>', undefined],
  ])(
    'a "not found" counts as lost only if it is not from Neon: %i %j',
    async (status, body, fault) => {
      const { neon, requests } = clientAnswering(status, body)
      await neon.getAuth('br-1').catch(() => undefined)
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      expect(requests[0]?.foreignFault?.({ status, headers: {}, text })).toBe(fault)
    },
  )

  it("keeps Neon's message, code, and request ID", async () => {
    const body = { message: 'no such project', code: 'NOT', request_id: 'req-1' }
    await expect(clientAnswering(400, body).neon.getAuth('br-1')).rejects.toMatchObject({
      message: 'no such project',
      code: 'NOT',
      requestId: 'req-1',
      status: 400,
      request: { method: 'GET' },
    })
  })

  it.each([
    ['a text', 'Bad Gateway', 'Bad Gateway'],
    ['a long text, shortened', 'x'.repeat(400), `${'x'.repeat(300)}…`],
    ['JSON with other types', { message: 7, code: null }, '{"message":7,"code":null}'],
    [
      'JSON with other fields',
      { error: 'blocked', request_id: 'proxy-1' },
      '{"error":"blocked","request_id":"proxy-1"}',
    ],
    ['an empty body', '', ''],
  ])("reads an error that is not in Neon's format: %s", async (_, body, message) => {
    await expect(clientAnswering(400, body).neon.getAuth('br-1')).rejects.toMatchObject({
      message,
      code: undefined,
      isForeign: true,
      requestId: expect.stringMatching(UUID),
    })
  })

  it.each([
    [400, '<html>', /not from the Neon API/],
    [499, '<html>', /not from the Neon API/],
    [403, { error: 'blocked' }, /not from the Neon API/],
    [500, '<html>', /internal error/],
    [503, '', /internal error/],
    [429, '', /too many requests/],
    [300, '', /a redirect/],
    [199, { message: 'no' }, /see Neon's message/],
    [307, '<html>', /a redirect/],
  ])('explains a response with status %i and the body %j', async (status, body, why) => {
    const error: unknown = await clientAnswering(status, body)
      .neon.getAuth('br-1')
      .catch((thrown: unknown) => thrown)
    expect(messageOf(toProblem(error, 'Could not read.'))).toMatch(why)
  })
})

describe('the Neon client', () => {
  it('escapes IDs in the path and omits unset parameters', async () => {
    const { neon, requests } = clientAnswering(200, { branches: [] })
    await neon.listBranches({ search: 'a&b', limit: 5 })
    expect(requests[0]?.url).toBe(
      'https://neon.test/api/projects/p%2F1/branches?search=a%26b&limit=5',
    )
    await neon.listBranches({ cursor: undefined } as never)
    expect(requests[1]?.url).toBe('https://neon.test/api/projects/p%2F1/branches')
    expect(requests[1]).not.toHaveProperty('body')
    expect(requests[1]?.headers).toEqual({
      accept: 'application/json',
      authorization: 'Bearer napi_key',
      'x-request-id': expect.stringMatching(UUID),
    })
  })

  it('gives every request its own ID and quotes it in its errors', async () => {
    const { neon, requests } = clientAnswering(400, { message: 'no' })
    const getError = () => neon.getAuth('b').catch((error: unknown) => error)
    const errors = [await getError(), await getError()]
    const ids = requests.map(({ headers }) => headers?.['x-request-id'])
    expect(new Set(ids).size).toBe(2)
    expect(errors).toMatchObject(ids.map((requestId) => ({ requestId })))
    expect(messageOf(toProblem(errors[0], 'Could not read.'))).toContain(`[request ID ${ids[0]}]`)
  })

  it('sends the content type of a JSON body', async () => {
    const { neon, requests } = clientAnswering(200, '')
    await neon.disableAuth('br-1', true)
    expect(requests[0]).toMatchObject({
      method: 'DELETE',
      body: '{"delete_data":true}',
      headers: { 'content-type': 'application/json' },
    })
  })

  it('removes a domain with the auth provider that Neon lists for it', async () => {
    const { neon, requests } = clientAnswering(200, '')
    await neon.removeDomains('br-1', [{ domain: 'https://a.example', auth_provider: 'stack' }])
    expect(requests[0]?.body).toContain('"auth_provider":"stack"')
    expect(
      await clientAnswering(200, { domains: [{ domain: 'https://a.example' }] }).neon.listDomains(
        'b',
      ),
    ).toEqual([{ domain: 'https://a.example', auth_provider: 'better_auth' }])
  })

  it('escapes the ID of a user in the path', async () => {
    const { neon, requests } = clientAnswering(200, { id: 'u/1' })
    expect(await neon.createUser('br-1', 'ada@example.com', 'Ada')).toBe('u/1')
    await neon.setRoles('br-1', 'u/1', ['admin'])
    await neon.deleteUser('br-1', 'u/1')
    const users = 'https://neon.test/api/projects/p%2F1/branches/br-1/auth/users'
    expect(requests.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      `POST ${users} {"email":"ada@example.com","name":"Ada"}`,
      `PUT ${users}/u%2F1/role {"roles":["admin"]}`,
      `DELETE ${users}/u%2F1 undefined`,
    ])
  })

  it.each([
    [200, { success: true }, { success: true }],
    [200, { success: false, error_message: 'no' }, { success: false, error_message: 'no' }],
    [200, { success: true, error_message: null }, { success: true }],
    [404, NOT_FOUND, undefined],
    [405, {}, undefined],
  ])('returns the result of an email provider test: %i %j', async (status, body, expected) => {
    const { neon, requests } = clientAnswering(status, body)
    expect(await neon.testEmailProvider('br-1', 'me@example.com')).toEqual(expected)
    expect(requests[0]?.body).toBe('{"recipient_email":"me@example.com"}')
  })

  it.each([400, 500])('fails if Neon answers an email provider test with %i', async (status) => {
    const { neon } = clientAnswering(status, {})
    await expect(neon.testEmailProvider('br-1', 'me@example.com')).rejects.toMatchObject({
      status,
    })
  })

  it('runs `confirm` with the kind of write, and then the check of the write itself, before an attempt', async () => {
    const { neon, requests } = clientAnswering(200, '')
    const confirmed: string[] = []
    const guarded = neon.confirming(async (kind) => void confirmed.push(kind))
    await guarded.createAuth('br-1', undefined, async () => void confirmed.push('as planned'))
    await guarded.addDomain('br-1', 'https://a.example')
    await guarded.disableAuth('br-1', true, async () => void confirmed.push('as planned'))
    for (const { beforeAttempt } of requests) await beforeAttempt?.()
    expect(confirmed).toEqual(['write', 'as planned', 'write', 'removal', 'as planned'])
  })

  it('reads without confirming anything', async () => {
    const { neon, requests } = clientAnswering(404, { message: 'Neon Auth is not enabled' })
    await neon.confirming(() => Promise.reject(new Error('not for reads'))).getAuth('br-1')
    expect(requests[0]?.beforeAttempt).toBeUndefined()
  })

  it('passes a lost response on to the caller', async () => {
    const lost = new LostResponseError({ method: 'GET', path: '/' }, 'reset')
    const neon = createNeonClient(() => Promise.reject(lost), {
      apiHost: '',
      apiKey: '',
      projectId: '',
    })
    await expect(neon.disableAuth('br-1', true)).rejects.toBe(lost)
  })
})
