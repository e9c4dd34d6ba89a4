import { createNeonClient } from '@neon/sdk'
import type { Branch, NeonAuthIntegration } from '@neon/sdk/raw'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type LocalNeon, startLocalNeon } from './local-neon.ts'

let local: LocalNeon

beforeAll(async () => {
  local = await startLocalNeon({ pageSize: 40 })
})

afterAll(async () => {
  expect(local.contractBreaches).toEqual([])
  await local.close()
})

beforeEach(() => {
  local.faults.clear()
  local.clearRequests()
})

function api(method: string, path: string, body?: unknown, key = local.apiKey) {
  return fetch(`${local.apiHost}${path}`, {
    method,
    headers: {
      ...(key !== '' && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

function auth(branchId: string, rest = ''): string {
  return `/projects/${local.projectId}/branches/${branchId}/auth${rest}`
}

async function problem(response: Response): Promise<[number, string, string]> {
  const { code, message } = (await response.json()) as { code: string; message: string }
  return [response.status, code, message]
}

const betterAuth = { auth_provider: 'better_auth' }

test('the API refuses a wrong key, an unknown project, branch, or path, and an operation that it lacks', async () => {
  const project = `/projects/${local.projectId}`
  expect((await api('GET', project, undefined, '')).status).toBe(401)
  expect((await api('GET', project, undefined, 'wrong')).status).toBe(401)
  expect((await api('GET', '/projects/other')).status).toBe(404)
  expect((await api('GET', project)).status).toBe(200)
  expect((await api('GET', auth('br-no-such-branch'))).status).toBe(404)
  expect((await api('GET', '/nowhere')).status).toBe(404)
  const unimplemented = `${project}/branches/${local.defaultBranch.id}`
  expect((await api('PATCH', unimplemented, { branch: { name: 'other' } })).status).toBe(501)
})

test("the API refuses a request that violates Neon's description", async () => {
  const { id } = await local.createBranch({ name: 'bad-requests' })
  const refused = await Promise.all([
    api('POST', auth(id), { auth_provider: 'nonsense' }),
    api('POST', auth(id), {}),
    api('POST', auth(id)),
    api('POST', auth(id, '/domains'), { ...betterAuth, domain: 'no-scheme.example' }),
    api('PATCH', auth(id, '/allow_localhost'), { allow_localhost: 'true' }),
    api('GET', `/projects/${local.projectId}/branches?limit=0`),
  ])
  expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400])
})

test('the API enables auth, and answers with the two kinds of 409', async () => {
  const { id } = await local.createBranch({ name: 'enabling' })
  expect(await problem(await api('GET', auth(id)))).toEqual([
    404,
    '',
    'Neon Auth is not enabled for this branch',
  ])
  expect((await api('POST', auth(id), { ...betterAuth, database_name: 'nope' })).status).toBe(404)
  expect((await api('POST', auth(id), betterAuth)).status).toBe(201)
  const [status, , message] = await problem(await api('POST', auth(id), betterAuth))
  expect([status, message]).toEqual([409, 'Neon Auth is already enabled for this branch'])
  const got = (await (await api('GET', auth(id))).json()) as NeonAuthIntegration
  expect(got).toMatchObject({ branch_id: id, db_name: 'neondb', auth_provider: 'better_auth' })
  expect(got.base_url).toBe(local.branch(id).baseUrl)
  expect(got.jwks_url).toBe(`${got.base_url}/.well-known/jwks.json`)

  expect((await api('DELETE', auth(id))).status).toBe(200)
  expect((await api('DELETE', auth(id))).status).toBe(404)
  expect(await problem(await api('POST', auth(id), betterAuth))).toEqual([
    409,
    '',
    'The `neon_auth` schema already exists and cannot be automatically provisioned. ' +
      'Please drop the existing `neon_auth` schema before provisioning Neon Auth.',
  ])
})

test('the API accepts only one of two simultaneous requests to enable auth', async () => {
  const { id } = await local.createBranch({ name: 'race' })
  const answers = await Promise.all([1, 2].map(() => api('POST', auth(id), betterAuth)))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409])
})

test('the API stores domains verbatim, refuses a duplicate, and ignores the removal of an absent one', async () => {
  const { id } = await local.createBranch({ name: 'domains' })
  await local.enableAuth(id)
  const domain = 'https://App.example.com/path/'
  const add = () => api('POST', auth(id, '/domains'), { ...betterAuth, domain })
  expect((await add()).status).toBe(201)
  expect((await add()).status).toBe(409)
  const listed = (await (await api('GET', auth(id, '/domains'))).json()) as { domains: unknown }
  expect(listed.domains).toEqual([{ domain, auth_provider: 'better_auth' }])
  const removing = { ...betterAuth, domains: [{ domain }, { domain: 'https://absent.example' }] }
  expect((await api('DELETE', auth(id, '/domains'), removing)).status).toBe(200)
  expect((await api('DELETE', auth(id, '/domains'), removing)).status).toBe(200)
  expect(local.branch(id).trustedDomains).toEqual([])
})

test('the API reads and writes settings and providers', async () => {
  const { id } = await local.createBranch({ name: 'settings' })
  await local.enableAuth(id)
  const json = async (response: Promise<Response>) => (await response).json()
  const localhost = auth(id, '/allow_localhost')
  expect(await json(api('GET', localhost))).toEqual({ allow_localhost: true })
  await api('PATCH', localhost, { allow_localhost: false })
  expect(await json(api('GET', localhost))).toEqual({ allow_localhost: false })
  expect(await json(api('PATCH', auth(id, '/config'), { name: 'Shop' }))).toEqual({ name: 'Shop' })
  expect(await json(api('GET', auth(id)))).toMatchObject({ name: 'Shop' })

  const providers = auth(id, '/oauth_providers')
  expect((await api('POST', providers, { id: 'github' })).status).toBe(400)
  const github = { id: 'github', client_id: 'i', client_secret: 's' }
  expect((await api('POST', providers, github)).status).toBe(200)
  expect((await api('DELETE', `${providers}/google`)).status).toBe(200)
  expect((await api('DELETE', `${providers}/google`)).status).toBe(200)
  const patched = await api('PATCH', `${providers}/github`, { client_id: 'j' })
  expect(await patched.json()).toEqual({ ...github, type: 'standard', client_id: 'j' })
  expect(await json(api('GET', auth(id, '/plugins')))).toMatchObject({
    oauth_providers: [{ id: 'github', client_id: 'j' }],
    allow_localhost: false,
    magic_link: { enabled: false },
  })
})

test('the API searches branches and lists them in pages, with their annotations', async () => {
  const names = Array.from({ length: 200 }, (_, n) => `many/pr-${n}`)
  for (const name of names) await local.createBranch({ name, annotations: { of: name } })
  const found: Branch[] = []
  let cursor: string | undefined
  let pages = 0
  do {
    const query = new URLSearchParams({
      search: 'many/',
      limit: '10000',
      ...(cursor && { cursor }),
    })
    const response = await api('GET', `/projects/${local.projectId}/branches?${query}`)
    const page = (await response.json()) as {
      branches: Branch[]
      annotations: Record<string, { value: Record<string, string> }>
      pagination: { next?: string }
    }
    for (const { id, name } of page.branches) expect(page.annotations[id]?.value['of']).toBe(name)
    found.push(...page.branches)
    cursor = page.pagination.next
    pages += 1
  } while (cursor !== undefined)
  expect(pages).toBe(5)
  expect(found.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
})

test('the API creates and deletes branches', async () => {
  const branches = `/projects/${local.projectId}/branches`
  const body = { branch: { name: 'by-http' }, annotation_value: { 'github-pr-number': '7' } }
  const created = await api('POST', branches, { ...body, endpoints: [{ type: 'read_write' }] })
  expect(created.status).toBe(201)
  const { branch } = (await created.json()) as { branch: Branch }
  expect(branch).toMatchObject({ name: 'by-http', parent_id: local.defaultBranch.id })
  expect((await api('POST', branches, body)).status).toBe(409)
  expect(await (await api('GET', `${branches}/${branch.id}`)).json()).toMatchObject({
    branch: { id: branch.id },
    annotation: { value: { 'github-pr-number': '7' } },
  })
  expect((await api('DELETE', `${branches}/${branch.id}`)).status).toBe(200)
  expect((await api('DELETE', `${branches}/${branch.id}`)).status).toBe(204)
  expect((await api('GET', auth(branch.id))).status).toBe(404)
  expect((await api('DELETE', `${branches}/${local.defaultBranch.id}`)).status).toBe(422)
  expect(local.writes().map(({ operationId }) => operationId)).toContain('deleteProjectBranch')
})

test("the API works with Neon's own client", async () => {
  const { id: branchId } = await local.createBranch({ name: 'by-sdk' })
  const client = createNeonClient({
    apiKey: local.apiKey,
    baseUrl: local.apiHost,
    throwOnError: true,
  })
  const at = { projectId: local.projectId, branchId }
  const provider = { auth_provider: 'better_auth' as const }
  const { base_url } = await client.auth.create({ ...at, ...provider })
  expect(base_url).toBe(local.branch(branchId).baseUrl)
  const domain = 'https://*.shop.example'
  await client.auth.trustedDomains.add({ ...at, ...provider, domain })
  expect(await client.auth.trustedDomains.list(at)).toMatchObject([{ domain }])
  await client.auth.trustedDomains.delete({ ...at, ...provider, domains: [{ domain }] })
  expect(local.branch(branchId).trustedDomains).toEqual([])
  await client.auth.disable({ ...at, deleteData: true })
  expect(await local.hasAuthSchema(branchId)).toBe(false)
})
