import { describe, expect, it } from 'vitest'
import { BRANCH, PREVIEW, signUp } from '../preview.ts'
import { useServices, writesOf } from '../services.ts'

const services = useServices({ latencyMs: 25 })
const { run } = services
const TRUSTING = { trusted_domains: PREVIEW }

const ENABLE = 'POST /auth {"auth_provider":"better_auth"}'

describe('an opened pull request', () => {
  it('lets users sign up right after the step, but only from the preview', async () => {
    const { neon } = services
    const { exitCode, outputs, annotations } = await run('opened', TRUSTING)
    expect(annotations).toEqual({ error: [], warning: [], notice: [] })
    expect(exitCode).toBe(0)
    expect(outputs).toMatchObject({
      action_taken: 'enabled',
      changed: 'true',
      branch_id: neon.branch(BRANCH).id,
      branch_name: BRANCH,
      base_url: neon.branch(BRANCH).baseUrl,
      jwks_url: `${neon.branch(BRANCH).baseUrl}/.well-known/jwks.json`,
      database: 'neondb',
      auth_provider: 'better_auth',
      schema_name: 'neon_auth',
      trusted_domains: JSON.stringify([PREVIEW]),
      domains_added: JSON.stringify([PREVIEW]),
      domains_removed: '[]',
      users: '{}',
    })
    expect(JSON.parse(outputs.plan ?? '')).toEqual([
      { change: 'enable_auth', sentence: 'Enable Neon Auth.' },
      { change: 'trust_domain', domain: PREVIEW, sentence: `Trust ${PREVIEW}.` },
    ])
    expect(outputs).not.toHaveProperty('secret_server_key')
    expect(await signUp(outputs.base_url, PREVIEW, 'ada@example.com')).toBe(200)
    expect(await signUp(outputs.base_url, 'https://evil.example', 'eve@example.com')).toBe(403)
  })

  it('converge: writes nothing in a second run', async () => {
    await run('opened', TRUSTING)
    services.neon.clearRequests()
    const { outputs } = await run('synchronize', TRUSTING)
    expect(outputs).toMatchObject({ action_taken: 'unchanged', changed: 'false', plan: '[]' })
    expect(writesOf(services)).toEqual([])
  })

  it("keeps inherited domains, and outputs the branch's own URL", async () => {
    const { neon } = services
    const parent = await neon.createBranch({ name: 'staging' })
    const production = await neon.enableAuth('staging', { domains: ['https://shop.example'] })
    await neon.createBranch({ name: 'preview/pr-2-changes', parent: parent.id })
    const { outputs } = await run('opened', TRUSTING)
    expect(outputs).toMatchObject({
      action_taken: 'updated',
      branch_name: 'preview/pr-2-changes',
      trusted_domains: JSON.stringify(['https://shop.example', PREVIEW]),
    })
    expect(outputs.base_url).not.toBe(production.baseUrl)
    expect(neon.branch('staging').trustedDomains).toEqual(['https://shop.example'])
    await neon.deleteBranch(neon.branch('preview/pr-2-changes').id)
    await neon.deleteBranch(parent.id)
  })

  it('sets outputs before the deploy and trusts the domain after it, in one job', async () => {
    const before = await run('opened', { export_env: 'true' })
    expect(before.exported).toEqual({
      NEON_AUTH_BASE_URL: before.outputs.base_url,
      NEON_AUTH_JWKS_URL: before.outputs.jwks_url,
      VITE_NEON_AUTH_URL: before.outputs.base_url,
      NEXT_PUBLIC_NEON_AUTH_URL: before.outputs.base_url,
    })
    expect(await signUp(before.outputs.base_url, PREVIEW, 'early@example.com')).toBe(403)
    const after = await run('opened', TRUSTING)
    expect(after.outputs.base_url).toBe(before.outputs.base_url)
    expect(await signUp(after.outputs.base_url, PREVIEW, 'ada@example.com')).toBe(200)
  })

  it('blocks sign-up from localhost and old domains with allow_localhost: false and prune_domains', async () => {
    const { neon } = services
    const { baseUrl } = await neon.enableAuth(BRANCH, { domains: ['https://old.example'] })
    expect(await signUp(baseUrl, 'http://localhost:3000', 'a@example.com')).toBe(200)
    const { outputs } = await run('opened', {
      ...TRUSTING,
      allow_localhost: 'false',
      prune_domains: 'true',
    })
    expect(outputs).toMatchObject({
      domains_removed: '["https://old.example"]',
      trusted_domains: `["${PREVIEW}"]`,
    })
    expect(await signUp(baseUrl, 'http://localhost:3000', 'b@example.com')).toBe(403)
    expect(await signUp(baseUrl, 'https://old.example', 'c@example.com')).toBe(403)
  })

  it('verifies a wildcard with a sample host', async () => {
    const { exitCode, outputs } = await run('opened', {
      trusted_domains: 'https://pr-*.shop.example',
    })
    expect(exitCode).toBe(0)
    expect(await signUp(outputs.base_url, 'https://pr-7.shop.example', 'w@example.com')).toBe(200)
  })

  it('enables auth in the database of the input, and rejects an unknown database', async () => {
    const { neon } = services
    await neon.createBranch({ name: 'two', databases: ['app'] })
    const inputs = { mode: 'enable', branch: 'two', database: 'app' }
    const { outputs } = await run('', inputs, { event: ['push'] })
    expect(outputs.database).toBe('app')
    expect(outputs.base_url).toContain('/app/auth')
    const unknown = await run('opened', { database: 'nope' })
    expect(unknown.annotations.error[0]).toMatch(
      /no database named "nope"[\s\S]*404[\s\S]*`database`/,
    )
    await neon.deleteBranch(neon.branch('two').id)
  })

  it('only says what would change in a dry run', async () => {
    const { outputs, summary } = await run('opened', { ...TRUSTING, dry_run: 'true' })
    expect(outputs).toMatchObject({
      action_taken: 'planned',
      changed: 'false',
      domains_added: '[]',
    })
    expect(JSON.parse(outputs.plan ?? '')).toHaveLength(2)
    expect(summary).toContain('What would change')
    expect(writesOf(services)).toEqual([])
  })
})

describe('a closed and reopened pull request', () => {
  it('disables auth and keeps the users, and the old URL refuses sign-ups', async () => {
    const { neon } = services
    const { outputs: opened } = await run('opened', TRUSTING)
    await signUp(opened.base_url, PREVIEW, 'ada@example.com')
    const { outputs } = await run('closed', TRUSTING, { pull: { state: 'closed' } })
    expect(outputs).toMatchObject({ action_taken: 'disabled', changed: 'true' })
    expect(await signUp(opened.base_url, PREVIEW, 'late@example.com')).toBeGreaterThanOrEqual(400)
    expect(neon.branch(BRANCH).auth).toBe('off')
    expect(await neon.hasAuthSchema(BRANCH)).toBe(true)
    expect(await neon.userCount(BRANCH)).toBe(1)
  })

  it('delete only what was named: fails with instructions if data was kept, and deletes nothing', async () => {
    const { neon } = services
    await neon.enableAuth(BRANCH)
    await run('closed')
    neon.clearRequests()
    const { exitCode, annotations, outputs, summary } = await run('reopened', TRUSTING)
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(
      /neon_auth` schema already exists[\s\S]*on_orphan_schema: recreate/,
    )
    expect(summary).toContain('Neon Auth failed')
    expect(outputs).toMatchObject({ changed: 'false', branch_name: BRANCH })
    expect(outputs).not.toHaveProperty('base_url')
    expect(writesOf(services)).toEqual([ENABLE])
    expect(await neon.hasAuthSchema(BRANCH)).toBe(true)
  })

  it('deletes the schema with delete_data, so reopening works', async () => {
    const { neon } = services
    await run('opened')
    const { outputs } = await run('closed', { delete_data: 'true' })
    expect(outputs.action_taken).toBe('disabled')
    expect(await neon.hasAuthSchema(BRANCH)).toBe(false)
    expect((await run('reopened')).outputs.action_taken).toBe('enabled')
  })

  it('gone is done: succeeds if the branch is missing or auth is off', async () => {
    const { neon } = services
    expect((await run('closed')).outputs).toMatchObject({
      action_taken: 'already_gone',
      changed: 'false',
    })
    await neon.deleteBranch(neon.branch(BRANCH).id)
    const { exitCode, outputs } = await run('closed')
    expect(exitCode).toBe(0)
    expect(outputs.action_taken).toBe('already_gone')
    await neon.createBranch({ name: BRANCH })
  })

  it('leaves auth on with on_close untrust for the other pull requests of a shared branch', async () => {
    const { neon } = services
    const other = 'https://pr-3.shop.example'
    const { baseUrl } = await neon.enableAuth(BRANCH, { domains: [PREVIEW, other] })
    const { outputs } = await run('closed', { ...TRUSTING, on_close: 'untrust' })
    expect(outputs).toMatchObject({ action_taken: 'untrusted', trusted_domains: `["${other}"]` })
    expect(await signUp(baseUrl, other, 'a@example.com')).toBe(200)
    expect(await signUp(baseUrl, PREVIEW, 'b@example.com')).toBe(403)
  })

  it('changes nothing with on_close keep', async () => {
    const { neon } = services
    await neon.enableAuth(BRANCH)
    const { outputs } = await run('closed', { on_close: 'keep' })
    expect(outputs).toMatchObject({ action_taken: 'kept', changed: 'false' })
    expect(neon.branch(BRANCH).auth).toBe('on')
  })
})

describe('a status run', () => {
  it('outputs the URL only if auth is on, and writes nothing', async () => {
    const manual = { event: ['workflow_dispatch'] as [string] }
    const off = await run('', { mode: 'status', branch: 'main' }, manual)
    expect(off.outputs).toMatchObject({ action_taken: 'status', branch_name: 'main' })
    expect(off.outputs).not.toHaveProperty('base_url')
    await services.neon.enableAuth(BRANCH)
    const on = await run('', { mode: 'status', pr_number: '2' }, manual)
    expect(on.outputs.base_url).toBe(services.neon.branch(BRANCH).baseUrl)
    expect(writesOf(services)).toEqual([])
  })
})
