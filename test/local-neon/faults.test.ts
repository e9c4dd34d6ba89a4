import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { countInnerStatements } from './abort-statement.ts'
import type { Fault, PlainFault } from './faults.ts'
import { type LocalNeon, startLocalNeon } from './local-neon.ts'
import { countSequentialResponses } from './request-log.ts'

const operationId = 'addBranchNeonAuthTrustedDomain'
const domain = 'https://app.example.com'
let local: LocalNeon
let branch: string

beforeAll(async () => {
  local = await startLocalNeon()
})

afterAll(async () => {
  expect(local.contractBreaches).toEqual([])
  await local.close()
})

beforeEach(async () => {
  local.faults.clear()
  local.clearRequests()
  branch = (await local.createBranch({ name: `faults-${crypto.randomUUID()}` })).id
  await local.enableAuth(branch)
})

function call(method = 'POST', signal: AbortSignal | null = null) {
  const body = JSON.stringify({ domain, auth_provider: 'better_auth' })
  return fetch(`${local.apiHost}/projects/${local.projectId}/branches/${branch}/auth/domains`, {
    method,
    signal,
    headers: { authorization: `Bearer ${local.apiKey}`, 'content-type': 'application/json' },
    ...(method !== 'GET' && { body }),
  })
}

function arm(fault: Fault | PlainFault) {
  local.faults.add({ match: { operationId }, fault })
}

function isStored(): boolean {
  return local.branch(branch).trustedDomains.includes(domain)
}

test.for([
  ['reset-before', false],
  ['reset-after', true],
] as const)('the fault %s destroys the connection', async ([fault, effect]) => {
  arm(fault)
  await expect(call()).rejects.toThrow()
  expect(isStored()).toBe(effect)
  expect(local.requests.map(({ status }) => status)).toEqual(['reset'])
})

test.for([
  ['hang', false],
  ['hang-after', true],
] as const)('the fault %s never answers', async ([fault, effect]) => {
  arm(fault)
  const leaving = new AbortController()
  const arrived = local.nextRequest((request) => request.operationId === operationId)
  const response = call('POST', leaving.signal)
  await arrived
  // Once this second request is answered, the first one would have taken effect.
  await call('GET')
  leaving.abort()
  await expect(response).rejects.toThrow()
  expect(isStored()).toBe(effect)
})

test('the fault truncated-body announces more bytes than it sends', async () => {
  arm('truncated-body')
  const cut = await call()
  expect(cut.status).toBe(201)
  await expect(cut.text()).rejects.toThrow()
  expect(isStored()).toBe(true)
  local.faults.add({ match: { method: 'get' }, fault: 'truncated-body' })
  await expect((await call('GET')).json()).rejects.toThrow()
})

test('the fault trickle sends the answer in many small pieces', async () => {
  local.faults.add({ match: { method: 'GET' }, fault: { kind: 'trickle', everyMs: 5 } })
  const pieces: Uint8Array[] = []
  for await (const piece of (await call('GET')).body ?? []) pieces.push(piece)
  expect(JSON.parse(Buffer.concat(pieces).toString())).toEqual({ domains: [] })
  expect(pieces.length).toBeGreaterThan(5)
})

test('the faults status, json, and lost-update replace the effect of a request', async () => {
  arm({ kind: 'status', status: 429, headers: { 'Retry-After': '3' } })
  const limited = await call()
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3'])
  expect(await limited.json()).toMatchObject({ code: '', message: expect.any(String) })
  arm({ kind: 'status', status: 502, body: '<html>Bad Gateway</html>' })
  const html = await call()
  expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html'])
  arm({ kind: 'json', body: { strange: true } })
  expect(await (await call()).json()).toEqual({ strange: true })
  arm('lost-update')
  expect((await call()).status).toBe(201)
  expect(isStored()).toBe(false)
  expect((await call()).status).toBe(201)
  expect(isStored()).toBe(true)
})

test('a fault can skip the first requests, hit several, and match a path on any service', async () => {
  const fault: Fault = { kind: 'status', status: 503 }
  local.faults.add({ match: { path: /\/ok$/ }, skip: 1, times: 2, fault })
  const { baseUrl } = local.branch(branch)
  const statuses: number[] = []
  for (let n = 0; n < 4; n += 1) statuses.push((await fetch(`${baseUrl}/ok`)).status)
  expect(statuses).toEqual([200, 503, 503, 200])
  expect(local.requests.map(({ plane }) => plane)).toEqual(['data', 'data', 'data', 'data'])
})

test('the fault hold makes a request wait until it is released', async () => {
  const gate = Promise.withResolvers<void>()
  arm({ kind: 'hold', until: gate.promise })
  const arrived = local.nextRequest(({ method }) => method === 'POST')
  const response = call()
  expect(await arrived).toMatchObject({ status: 'pending', requestBody: { domain } })
  expect(isStored()).toBe(false)
  gate.resolve()
  expect((await response).status).toBe(201)
  expect(isStored()).toBe(true)
})

test('the fault reshape changes an answer after its effect, and turns a 404 into a success', async () => {
  arm({ kind: 'reshape', body: () => [] })
  const taken = await call()
  expect([taken.status, await taken.json(), isStored()]).toEqual([201, [], true])
  await local.wipeAuth(branch)
  local.faults.add({ match: { method: 'GET' }, fault: { kind: 'reshape', body: (own) => own } })
  const found = await call('GET')
  expect(found.status).toBe(200)
  expect(await found.json()).toHaveProperty('message')
})

test('a test can wait for the effect of a request whose answer never arrives', async () => {
  arm('hang-after')
  const leaving = new AbortController()
  const effect = local.nextEffect((request) => request.operationId === operationId)
  const response = call('POST', leaving.signal)
  expect(await effect).toMatchObject({ effect: 201, status: 'pending' })
  expect(isStored()).toBe(true)
  leaving.abort()
  await expect(response).rejects.toThrow()
})

test('wipeAuth returns a branch to the state before auth, even if a close left the schema behind', async () => {
  await local.disableAuth(branch)
  expect(await local.hasAuthSchema(branch)).toBe(true)
  await local.wipeAuth(branch)
  expect(await local.hasAuthSchema(branch)).toBe(false)
  await local.enableAuth(branch)
  expect(local.branch(branch)).toMatchObject({ auth: 'on', trustedDomains: [] })
})

test('the wait for a request can be aborted', async () => {
  const waiting = local.nextRequest(() => false, { signal: AbortSignal.timeout(1) })
  await expect(waiting).rejects.toThrow()
})

test('closing Local Neon ends requests that hang', async () => {
  const other = await startLocalNeon()
  other.faults.add({ match: {}, fault: 'hang' })
  const arrived = other.nextRequest(() => true)
  const response = fetch(`${other.apiHost}/projects/${other.projectId}`)
  const failed = expect(response).rejects.toThrow()
  await arrived
  await other.close()
  await failed
  expect(other.requests[0]?.status).toBe('hang')
})

test('other processes can arm faults and read the log over HTTP', async () => {
  const faults = `${local.origin}/_local/faults`
  const rule = { match: { path: '/domains$' }, fault: { kind: 'status', status: 423 } }
  await fetch(faults, { method: 'POST', body: JSON.stringify(rule) })
  expect((await call('GET')).status).toBe(423)
  const log = (await (await fetch(`${local.origin}/_local/requests`)).json()) as {
    requests: unknown[]
  }
  expect(log.requests).toMatchObject([{ operationId: expect.any(String), status: 423 }])
})

test('countSequentialResponses counts the round trips that a run has to wait for', async () => {
  const span = (startedAt: number, endedAt: number) => ({ startedAt, endedAt })
  expect(countSequentialResponses([])).toBe(0)
  expect(countSequentialResponses([span(0, 10), span(0, 9), span(10, 20), span(1, 30)])).toBe(2)

  const delayed = await startLocalNeon({ latencyMs: 20 })
  const get = () => fetch(`${delayed.origin}/api/v2/projects/${delayed.projectId}`)
  await Promise.all([get(), get(), get()])
  await get()
  await get()
  expect(countSequentialResponses(delayed.requests)).toBe(3)
  await delayed.close()
})

test('the fault abort-statement rolls back what Postgres did in the statement, and never answers', async () => {
  await local.sql(branch, 'CREATE TABLE public.kept (id int)')
  const connection = await fetch(
    `${local.apiHost}/projects/${local.projectId}/connection_uri?branch_id=${branch}&database_name=neondb&role_name=neondb_owner`,
    { headers: { authorization: `Bearer ${local.apiKey}` } },
  )
  const { uri } = (await connection.json()) as { uri: string }
  const query =
    "DO E'BEGIN INSERT INTO public.kept VALUES (1); ALTER SCHEMA neon_auth RENAME TO \"a;b\"; PERFORM ''x;y''; END'"
  expect(countInnerStatements(query)).toBe(3)
  const ask = (signal: AbortSignal | null = null) =>
    fetch(`${local.origin}/sql`, {
      method: 'POST',
      signal,
      headers: { 'neon-connection-string': uri },
      body: JSON.stringify({ query, params: [] }),
    })
  for (const after of [1, 2, 3]) {
    local.faults.add({ match: { path: /^\/sql$/ }, fault: { kind: 'abort-statement', after } })
    const leaving = new AbortController()
    const effect = local.nextEffect(({ plane }) => plane === 'sql')
    const response = ask(leaving.signal)
    expect((await effect).effect).toBe(400)
    leaving.abort()
    await expect(response).rejects.toThrow()
    expect(await local.sql(branch, 'SELECT * FROM public.kept')).toEqual([])
    expect(await local.hasAuthSchema(branch)).toBe(true)
  }
  expect((await ask()).status).toBe(200)
  expect(await local.sql(branch, 'SELECT * FROM public.kept')).toEqual([{ id: 1 }])
  expect(await local.hasAuthSchema(branch)).toBe(false)
})
