import { neon, neonConfig } from '@neondatabase/serverless'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LocalNeon, startLocalNeon } from './local-neon.ts'

const app = 'https://shop-1.example.app'
const stranger = 'https://evil.example'
const TIMEOUT_MS = 60_000
let local: LocalNeon

beforeAll(async () => {
  local = await startLocalNeon({ rateLimit: false })
  await local.enableAuth('main', { domains: [app] })
  expect((await signUp('main', app, 'ada@example.com')).status).toBe(200)
}, TIMEOUT_MS)

afterAll(async () => {
  expect(local.contractBreaches).toEqual([])
  await local.close()
}, TIMEOUT_MS)

function authUrl(branch: string): string {
  const { baseUrl } = local.branch(branch)
  if (baseUrl === undefined) throw new Error(`auth is off on ${branch}`)
  return baseUrl
}

function post(url: string, origin: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(url, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json', 'sec-fetch-mode': 'cors', ...headers },
    body: JSON.stringify(body),
  })
}

function signUp(branch: string, origin: string, email: string) {
  const user = { email, password: 'correct-horse-battery', name: email }
  return post(`${authUrl(branch)}/sign-up/email`, origin, user)
}

async function uriOf(branchId: string, database = 'neondb'): Promise<string> {
  const query = new URLSearchParams({
    branch_id: branchId,
    database_name: database,
    role_name: 'neondb_owner',
  })
  const response = await fetch(
    `${local.apiHost}/projects/${local.projectId}/connection_uri?${query}`,
    { headers: { authorization: `Bearer ${local.apiKey}` } },
  )
  return ((await response.json()) as { uri: string }).uri
}

function driver(uri: string) {
  neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`
  // A step that ran in this process before may have set the action's own.
  neonConfig.fetchFunction = undefined
  return neon(uri, { fullResults: true })
}

test(
  'a child branch inherits users and domains, and is then independent',
  async () => {
    const child = await local.createBranch({ name: 'preview/inherits' })
    expect(local.branch(child.id)).toMatchObject({ auth: 'on', trustedDomains: [app] })
    expect(authUrl(child.id)).not.toBe(authUrl('main'))
    expect(await local.userCount(child.id)).toBe(1)

    await local.setDomains(child.id, [app, 'https://only-the-child.example'])
    expect((await signUp(child.id, 'https://only-the-child.example', 'b@example.com')).status).toBe(
      200,
    )
    expect(await local.userCount(child.id)).toBe(2)
    expect(await local.userCount('main')).toBe(1)
    expect(local.branch('main').trustedDomains).toEqual([app])
    await local.deleteBranch(child.id)
    expect(await local.userCount('main')).toBe(1)
  },
  TIMEOUT_MS,
)

test(
  'an auth service refuses sign-up from an untrusted origin and accepts it from a trusted one',
  async () => {
    const refused = await signUp('main', stranger, 'c@example.com')
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ code: 'INVALID_ORIGIN' })
    expect((await signUp('main', 'http://localhost:3000', 'd@example.com')).status).toBe(200)
  },
  TIMEOUT_MS,
)

test(
  'an auth service trusts a wildcard domain as soon as the API has added it',
  async () => {
    const { id } = await local.createBranch({ name: 'preview/adds' })
    const origin = 'https://deep.sub.shop.example'
    expect((await signUp(id, origin, 'e@example.com')).status).toBe(403)
    const url = `${local.apiHost}/projects/${local.projectId}/branches/${id}/auth/domains`
    const added = await post(
      url,
      '',
      { domain: 'https://*.shop.example', auth_provider: 'better_auth' },
      {
        authorization: `Bearer ${local.apiKey}`,
      },
    )
    expect(added.status).toBe(201)
    expect((await signUp(id, origin, 'e@example.com')).status).toBe(200)
  },
  TIMEOUT_MS,
)

test(
  'an auth service refuses localhost if it is not allowed',
  async () => {
    const { id } = await local.createBranch({ name: 'preview/localhost' })
    await local.disableAuth(id, { deleteData: true })
    await local.enableAuth(id, { allowLocalhost: false })
    expect((await signUp(id, 'http://localhost:3000', 'f@example.com')).status).toBe(403)
  },
  TIMEOUT_MS,
)

test(
  'a sign-out with a meaningless cookie shows whether an origin is trusted',
  async () => {
    const probe = (origin: string) =>
      post(`${authUrl('main')}/sign-out`, origin, {}, { cookie: 'probe=1' })
    const answers = [await probe(app), await probe(stranger), await probe('http://127.0.0.1:5173')]
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 200])
    expect(await answers[1]?.json()).toMatchObject({ code: 'INVALID_ORIGIN' })
  },
  TIMEOUT_MS,
)

test(
  "a token matches the branch's own JWKS, which has the same path as at Neon",
  async () => {
    const url = authUrl('main')
    const signedIn = await post(`${url}/sign-in/email`, app, {
      email: 'ada@example.com',
      password: 'correct-horse-battery',
    })
    expect(signedIn.status).toBe(200)
    const cookie = signedIn.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ')
    const response = await fetch(`${url}/token`, { headers: { cookie } })
    const { token } = (await response.json()) as { token: string }
    const keys = createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json`))
    const { payload } = await jwtVerify(token, keys, { issuer: local.origin })
    expect(payload['email']).toBe('ada@example.com')

    expect(await (await fetch(`${url}/ok`)).json()).toEqual({ ok: true })
    expect((await fetch(`${url}/jwks`)).status).toBe(404)
    expect((await fetch(`${url}/token`)).status).toBe(401)
  },
  TIMEOUT_MS,
)

test(
  'a child branch has the signing keys of its parent and can use them',
  async () => {
    const keysOf = async (branch: string) =>
      (await fetch(`${authUrl(branch)}/.well-known/jwks.json`)).json()
    const parent = await keysOf('main')
    const child = await local.createBranch({ name: 'preview/keys' })
    expect(await keysOf(child.id)).toEqual(parent)
    const signedIn = await post(`${authUrl(child.id)}/sign-in/email`, app, {
      email: 'ada@example.com',
      password: 'correct-horse-battery',
    })
    const cookie = signedIn.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ')
    // The token is signed with the inherited key, which only the project's secret can decrypt.
    expect((await fetch(`${authUrl(child.id)}/token`, { headers: { cookie } })).status).toBe(200)
  },
  TIMEOUT_MS,
)

test(
  'disabling auth without deleting its data leaves a schema that blocks enabling until SQL drops it',
  async () => {
    const { id } = await local.createBranch({ name: 'preview/orphan' })
    await local.disableAuth(id)
    expect(await local.hasAuthSchema(id)).toBe(true)
    await expect(local.enableAuth(id)).rejects.toThrow('schema already exists')
    const sql = driver(await uriOf(id))
    await sql.query('DROP SCHEMA neon_auth CASCADE')
    expect(await local.hasAuthSchema(id)).toBe(false)
    await local.enableAuth(id)
    expect(await local.userCount(id)).toBe(0)
  },
  TIMEOUT_MS,
)

test(
  'deleting the data drops the schema, whether the database is awake or asleep',
  async () => {
    const { id } = await local.createBranch({ name: 'preview/delete' })
    const asleep = await local.createBranch({ name: 'preview/delete-asleep' })
    expect(await local.userCount(id)).toBeGreaterThan(0)
    for (const branch of [id, asleep.id]) {
      await local.disableAuth(branch, { deleteData: true })
      expect(await local.hasAuthSchema(branch)).toBe(false)
      const sql = driver(await uriOf(branch))
      const { rows } = await sql.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'neon_auth'`)
      expect(rows).toEqual([])
    }
  },
  TIMEOUT_MS,
)

test(
  'children of a disabled or schema-only parent get the schema without auth',
  async () => {
    const parent = await local.createBranch({ name: 'preview/disabled' })
    await local.disableAuth(parent.id)
    const child = await local.createBranch({ name: 'preview/disabled-child', parent: parent.id })
    const schemaOnly = await local.createBranch({
      name: 'preview/schema-only',
      initSource: 'schema-only',
    })
    for (const { id } of [child, schemaOnly]) {
      expect(local.branch(id).auth).toBe('off')
      expect(await local.hasAuthSchema(id)).toBe(true)
    }
    expect(await local.userCount(child.id)).toBeGreaterThan(0)
    expect(await local.userCount(schemaOnly.id)).toBe(0)
  },
  TIMEOUT_MS,
)

test(
  'the SQL driver gets typed values, error codes, and batch results',
  async () => {
    const { id } = await local.createBranch({ name: 'preview/sql', databases: ['other'] })
    const sql = driver(await uriOf(id))
    const { rows, rowCount, command } = await sql.query(
      'SELECT $1::int AS n, $2::bool AS b, $3::jsonb AS j, $4::text[] AS l, NULL AS z',
      [7, true, { a: 1 }, ['x', 'y']],
    )
    expect({ rows, rowCount, command }).toEqual({
      rows: [{ n: 7, b: true, j: { a: 1 }, l: ['x', 'y'], z: null }],
      rowCount: 1,
      command: 'SELECT',
    })
    await expect(sql.query('SELECT * FROM nowhere')).rejects.toMatchObject({ code: '42P01' })
    const failed = sql.transaction([sql`CREATE TABLE t (id int)`, sql`SELECT * FROM nowhere`])
    await expect(failed).rejects.toMatchObject({ code: '42P01' })
    const batch = await sql.transaction([
      sql`CREATE TABLE t (id int)`,
      sql`INSERT INTO t VALUES (1)`,
    ])
    expect(batch[1]).toMatchObject({ rowCount: 1 })

    const other = driver(await uriOf(id, 'other'))
    await expect(other.query('SELECT * FROM t')).rejects.toMatchObject({ code: '42P01' })
    await sql.query('CREATE TABLE unique_ids (id int PRIMARY KEY)')
    const duplicate = sql.query('INSERT INTO unique_ids VALUES (1), (1)')
    await expect(duplicate).rejects.toMatchObject({
      code: '23505',
      table: 'unique_ids',
      constraint: 'unique_ids_pkey',
    })
    const wrong = (await uriOf(id)).replace('npg_', 'wrong_')
    await expect(driver(wrong).query('SELECT 1')).rejects.toMatchObject({ code: '28P01' })
  },
  TIMEOUT_MS,
)

test(
  'each SQL request is its own session',
  async () => {
    const { id } = await local.createBranch({ name: 'preview/session' })
    const sql = driver(await uriOf(id))
    await sql.query('CREATE TEMPORARY TABLE shop (id int)')
    const { rows } = await sql.query("SELECT to_regclass('pg_temp.shop') AS found")
    expect(rows).toEqual([{ found: null }])
  },
  TIMEOUT_MS,
)

test(
  'SQL that edits the configuration row changes what is trusted',
  async () => {
    const { id } = await local.createBranch({ name: 'preview/row' })
    const sql = driver(await uriOf(id))
    const { rows } = await sql.query(
      'SELECT endpoint_id, trusted_origins FROM neon_auth.project_config',
    )
    expect(authUrl(id)).toContain(rows[0]?.['endpoint_id'])
    expect(rows[0]?.['trusted_origins']).toEqual([app])
    const edited = JSON.stringify([stranger])
    await sql.query('UPDATE neon_auth.project_config SET trusted_origins = $1', [edited])
    expect(local.branch(id).trustedDomains).toEqual([stranger])
    expect((await signUp(id, stranger, 'g@example.com')).status).toBe(200)
  },
  TIMEOUT_MS,
)

test(
  'auth in another database has its own URL and does not affect the default database',
  async () => {
    const { id } = await local.createBranch({ name: 'preview/second', databases: ['other'] })
    await local.disableAuth(id, { deleteData: true })
    const { baseUrl } = await local.enableAuth(id, { database: 'other', domains: [app] })
    expect(baseUrl).toMatch(/\/other\/auth$/)
    expect((await signUp(id, app, 'h@example.com')).status).toBe(200)
    expect(await local.hasAuthSchema(id, 'neondb')).toBe(false)
    expect((await fetch(`${baseUrl.replace('/other/', '/neondb/')}/ok`)).status).toBe(404)
  },
  TIMEOUT_MS,
)

test(
  'with the rate limit on, Better Auth limits each branch separately',
  async () => {
    const limited = await startLocalNeon()
    try {
      const child = await limited.createBranch({ name: 'preview/limit' })
      const statuses: number[] = []
      for (const branch of ['main', child.id]) {
        const { baseUrl } = await limited.enableAuth(branch, { domains: [app] })
        for (let attempt = 0; attempt < (branch === 'main' ? 4 : 1); attempt += 1) {
          const body = { email: 'nobody@example.com', password: 'wrong-password' }
          statuses.push((await post(`${baseUrl}/sign-in/email`, app, body)).status)
        }
      }
      expect(statuses).toEqual([401, 401, 401, 429, 401])
    } finally {
      await limited.close()
    }
  },
  TIMEOUT_MS,
)
