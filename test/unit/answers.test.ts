import { describe, expect, it } from 'vitest'
import { messageOf } from '../../src/core/problem.ts'
import { toFoundBranch } from '../../src/neon/branches.ts'
import { createNeonClient } from '../../src/neon/client.ts'
import { NeonApiError, toProblem } from '../../src/neon/errors.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import { type HttpRequest, type HttpResponse, jsonFields } from '../../src/network/messages.ts'

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** Returns a client that gets this response to every request, and the requests that it sent. */
const answering = (status: number, body: unknown) => {
  const calls: HttpRequest[] = []
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const send = async (call: HttpRequest): Promise<HttpResponse> => {
    calls.push(call)
    return { status, headers: {}, text }
  }
  const neon = createNeonClient(send, {
    apiHost: 'https://neon.test/api',
    apiKey: 'napi_key',
    projectId: 'p/1',
  })
  return { neon, calls }
}

const thrownBy = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    return await work
  } catch (error) {
    return error
  }
}

it('reads a branch whose parent is null as one without a parent', async () => {
  const branch = { id: 'br-1', name: 'x', default: false, protected: false, parent_id: null }
  const { neon } = answering(200, { branch })
  const found = await neon.getBranch('br-1')
  expect(found && toFoundBranch(found)).not.toHaveProperty('parentId')
})

const NOT_FOUND_MESSAGE = 'Neon Auth is not enabled'
const OUTSIDE = 'not allowed to perform actions outside the project this key is scoped to'

/** Bodies of a 404 that do not say that something is gone. */
const NOT_GONE: [string, unknown][] = [
  ["a proxy's page", '<html>Not Found</html>'],
  ['no body', ''],
  ['JSON without a message', { error: 'not found' }],
  ['JSON whose message is not a string', { message: 404 }],
  ['a list', [NOT_FOUND_MESSAGE]],
  ['a refusal because of its scope', { code: '', message: OUTSIDE }],
  ['a refusal of access', { code: '', message: 'you do not have access to this project' }],
  ['a refusal by permission', { code: '', message: 'Permission denied' }],
]

const NOT_FOUND = { request_id: 'req-1', code: '', message: NOT_FOUND_MESSAGE }

describe('resolve the branch before trusting a 404: only 404 and 410 mean gone', () => {
  const reads = ['getAuth', 'listDomains', 'getAllowLocalhost', 'getPlugins', 'getWebhook'] as const

  for (const read of reads) {
    it.each([404, 410])(`${read}: %i means that there is none`, async (status) => {
      expect(await answering(status, NOT_FOUND).neon[read]('br-1')).toBeUndefined()
    })

    it.each(NOT_GONE)(`${read}: 404 with %s is an error`, async (_, body) => {
      expect(await thrownBy(answering(404, body).neon[read]('br-1'))).toBeInstanceOf(NeonApiError)
    })

    it.each([199, 300, 302, 400, 401, 403, 409, 422, 500])(
      `${read}: %i is an error`,
      async (status) => {
        expect(await thrownBy(answering(status, {}).neon[read]('br-1'))).toBeInstanceOf(
          NeonApiError,
        )
      },
    )
  }

  it.each([404, 410])('disabling: %i is gone', async (status) => {
    expect(await answering(status, NOT_FOUND).neon.disableAuth('br-1', false)).toBe('gone')
  })

  it.each(NOT_GONE)('disabling: 404 with %s is an error', async (_, body) => {
    expect(await thrownBy(answering(404, body).neon.disableAuth('br-1', true))).toBeInstanceOf(
      NeonApiError,
    )
  })

  it.each([200, 204])('disabling: %i is removed', async (status) => {
    expect(await answering(status, '').neon.disableAuth('br-1', false)).toBe('removed')
  })

  it.each([403, 409])('disabling: %i is an error', async (status) => {
    expect(await thrownBy(answering(status, {}).neon.disableAuth('br-1', true))).toMatchObject({
      status,
    })
  })

  it.each([404, 410])('a project whose branches answer %i is an error', async (status) => {
    expect(await thrownBy(answering(status, {}).neon.listBranches({}))).toMatchObject({ status })
  })
})

describe('decide a 409 by reading: only a 409 is a conflict', () => {
  it('answers the request that enables auth', async () => {
    const { neon } = answering(409, { message: 'exists', code: 'C', request_id: 'r' })
    expect(await neon.createAuth('br-1')).toMatchObject({
      conflict: { status: 409, message: 'exists', code: 'C', requestId: 'r' },
    })
  })

  it.each([400, 404, 410, 422])('enabling: %i is an error', async (status) => {
    expect(await thrownBy(answering(status, {}).neon.createAuth('br-1'))).toMatchObject({ status })
  })

  it('answers the request to trust a domain that is already trusted', async () => {
    expect(await answering(409, {}).neon.addDomain('br-1', 'https://a.example')).toBe('exists')
    expect(await answering(201, '').neon.addDomain('br-1', 'https://a.example')).toBe('added')
    expect(
      await thrownBy(answering(400, {}).neon.addDomain('br-1', 'https://a.example')),
    ).toMatchObject({ status: 400 })
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
    ['listDatabases', { databases: [{ name: 'a' }] }, /`owner_name` is missing/],
    ['listDatabases', { databases: [{ owner_name: 'a' }] }, /`name` is missing/],
  ] as const)('%s answered %j', async (read, body, wrong) => {
    const error = await thrownBy(answering(200, body).neon[read]('br-1'))
    expect(error).toMatchObject({ name: 'UnexpectedResponseError' })
    expect(String(error)).toMatch(wrong)
  })

  it.each([
    [{ branches: [{ name: 'a' }] }, /`id` is missing/],
    [{ branches: [{ id: 'a' }] }, /`name` is missing/],
    [{ branches: {} }, /`branches` is not a list/],
    [{ branches: [{ id: '../other', name: 'a' }] }, /`id` is not a valid ID/],
    [{ branches: [{ id: 'a', name: 'a', protected: false }] }, /`default` is neither true nor/],
    [{ branches: [{ id: 'a', name: 'a', default: false }] }, /`protected` is neither true nor/],
  ])('names the fault in a list of branches: %j', async (body, wrong) => {
    expect(String(await thrownBy(answering(200, body).neon.listBranches({})))).toMatch(wrong)
  })

  it('names a connection string that is not a URL', async () => {
    const { neon } = answering(200, { uri: 'nowhere' })
    const uri = neon.getConnectionUri('br-1', { name: 'a', owner: 'b' })
    expect(String(await thrownBy(uri))).toMatch(/`uri` is not a connection URI/)
  })

  it("keeps Neon's message, code, and request ID", async () => {
    const body = { message: 'no such project', code: 'NOT', request_id: 'req-1' }
    expect(await thrownBy(answering(400, body).neon.getAuth('br-1'))).toMatchObject({
      message: 'no such project',
      code: 'NOT',
      requestId: 'req-1',
      status: 400,
      request: { method: 'GET' },
    })
  })

  it.each([
    ['Bad Gateway', 'Bad Gateway'],
    ['x'.repeat(400), `${'x'.repeat(300)}…`],
    [{ message: 7, code: null }, ''],
    ['', ''],
  ])("shows what it can of an error that is not in Neon's shape (%.20j)", async (body, said) => {
    expect(await thrownBy(answering(400, body).neon.getAuth('br-1'))).toMatchObject({
      message: said,
      code: '',
      requestId: expect.stringMatching(UUID),
    })
  })

  it('accepts an enabling response without a body, because a later read returns the rest', async () => {
    expect(await answering(201, '').neon.createAuth('br-1')).toEqual({ created: {} })
  })

  it('treats a missing list as empty', async () => {
    const branches = [{ id: 'br-1', name: 'a', default: false, protected: false }]
    const { neon } = answering(200, { branches })
    expect(await neon.listBranches({})).toEqual({ branches, annotations: {} })
  })

  it('finds no fields in a response that is not an object', () => {
    const fields = (text: string) => jsonFields({ status: 200, headers: {}, text })
    for (const text of ['', '<html>', 'null', '7', '"text"']) expect(fields(text)).toEqual({})
    expect(fields('{"a":1}')).toEqual({ a: 1 })
  })
})

describe('requests have the intended path, query, and body', () => {
  it('keeps an ID within its part of the path, and sends no optional parameter that is unset', async () => {
    const { neon, calls } = answering(200, { branches: [] })
    await neon.listBranches({ search: 'a&b', limit: 5 })
    expect(calls[0]?.url).toBe('https://neon.test/api/projects/p%2F1/branches?search=a%26b&limit=5')
    await neon.listBranches({ cursor: undefined } as never)
    expect(calls[1]?.url).toBe('https://neon.test/api/projects/p%2F1/branches')
    expect(calls[1]).not.toHaveProperty('body')
    expect(calls[1]?.headers).toEqual({
      accept: 'application/json',
      authorization: 'Bearer napi_key',
      'x-request-id': expect.stringMatching(UUID),
    })
  })

  it('gives every request its own ID, which its errors name', async () => {
    const { neon, calls } = answering(400, { message: 'no' })
    const errors = [await thrownBy(neon.getAuth('b')), await thrownBy(neon.getAuth('b'))]
    const ids = calls.map(({ headers }) => headers?.['x-request-id'])
    expect(new Set(ids).size).toBe(2)
    expect(errors).toMatchObject(ids.map((requestId) => ({ requestId })))
    const shown = messageOf(toProblem(errors[0], 'Could not read.'))
    expect(shown).toContain(`[request ID ${ids[0]}]`)
  })

  it('sends the content type of a JSON body', async () => {
    const { neon, calls } = answering(200, '')
    await neon.disableAuth('br-1', true)
    expect(calls[0]).toMatchObject({
      method: 'DELETE',
      body: '{"delete_data":true}',
      headers: { 'content-type': 'application/json' },
    })
  })

  it("removes a domain with its integration's own provider", async () => {
    const { neon, calls } = answering(200, '')
    await neon.removeDomains('br-1', [{ domain: 'https://a.example', auth_provider: 'stack' }])
    expect(calls[0]?.body).toContain('"auth_provider":"stack"')
    expect(
      await answering(200, { domains: [{ domain: 'https://a.example' }] }).neon.listDomains('b'),
    ).toEqual([{ domain: 'https://a.example', auth_provider: 'better_auth' }])
  })

  it('confirms every attempt of every write, and distinguishes removals from other writes', async () => {
    const { neon, calls } = answering(200, '')
    const confirmed: string[] = []
    const guarded = neon.confirming(async (kind) => void confirmed.push(kind))
    await guarded.createAuth('br-1')
    await guarded.addDomain('br-1', 'https://a.example')
    await guarded.disableAuth('br-1', true, async () => void confirmed.push('as planned'))
    for (const { beforeAttempt } of calls) await beforeAttempt?.()
    expect(confirmed).toEqual(['write', 'write', 'removal', 'as planned'])
  })

  it('confirms nothing for a read', async () => {
    const { neon, calls } = answering(404, { message: 'Neon Auth is not enabled' })
    await neon.confirming(() => Promise.reject(new Error('not for reads'))).getAuth('br-1')
    expect(calls[0]?.beforeAttempt).toBeUndefined()
  })

  it('passes a lost response on to the caller', async () => {
    const lost = new LostResponseError({ method: 'GET', path: '/' }, 'reset')
    const neon = createNeonClient(() => Promise.reject(lost), {
      apiHost: '',
      apiKey: '',
      projectId: '',
    })
    expect(await thrownBy(neon.disableAuth('br-1', true))).toBe(lost)
  })
})
