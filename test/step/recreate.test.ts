import { describe, expect, it } from 'vitest'
import { startStepHere } from '../in-process.ts'
import { BRANCH, PREVIEW, signUp } from '../preview.ts'
import { useServices, writesOf } from '../services.ts'
import { withoutMasks } from '../without-masks.ts'

const services = useServices({ start: startStepHere })
const { run } = services
const TRUSTING = { trusted_domains: PREVIEW }

const ENABLE = 'POST /auth {"auth_provider":"better_auth"}'
const TRUST = `POST /auth/domains {"domain":"${PREVIEW}","auth_provider":"better_auth"}`

describe('on_orphan_schema recreate', () => {
  it('drops the leftover schema over SQL if the API finds nothing to delete, and enables auth', async () => {
    const { neon } = services
    const { baseUrl } = await neon.enableAuth(BRANCH)
    await signUp(baseUrl, 'http://localhost:3000', 'ada@example.com')
    await run('closed')
    neon.clearRequests()
    const { outputs, log } = await run('reopened', { ...TRUSTING, on_orphan_schema: 'recreate' })
    expect(outputs).toMatchObject({ action_taken: 'enabled' })
    expect(writesOf(services)).toEqual([ENABLE, 'DELETE /auth {"delete_data":true}', ENABLE, TRUST])
    expect(neon.requests.filter(({ plane }) => plane === 'sql')).toHaveLength(2)
    expect(await neon.userCount(BRANCH)).toBe(0)
    expect(await signUp(outputs.base_url, PREVIEW, 'ada@example.com')).toBe(200)
    // The connection string contains a password, so it is masked first.
    expect(log).toMatch(/^::add-mask::postgresql:\/\//m)
    expect(withoutMasks(log)).not.toMatch(/postgresql:|npg_/)
  })

  it('fails if two databases have the schema, and deletes neither', async () => {
    const { neon } = services
    await neon.createBranch({ name: 'multi', databases: ['app'] })
    const inputs = { mode: 'enable', branch: 'multi', on_orphan_schema: 'recreate' }
    for (const database of ['app', 'neondb']) {
      await neon.enableAuth('multi', { database })
      await neon.disableAuth('multi')
    }
    const { annotations } = await run('', inputs, { event: ['push'] })
    expect(annotations.error[0]).toMatch(
      /neon_auth schema: (app, neondb|neondb, app)[\s\S]*`database`/,
    )
    expect(await neon.hasAuthSchema('multi', 'app')).toBe(true)
    expect(await neon.hasAuthSchema('multi', 'neondb')).toBe(true)
    await neon.deleteBranch(neon.branch('multi').id)
  })
})
