import { beforeEach, describe, expect, it } from 'vitest'
import { BRANCH, PREVIEW, signIn, signUp, useStage, writesOf } from './stage.ts'

const stage = useStage()
const { play } = stage
const RESTORING = { trusted_domains: PREVIEW, on_orphan_schema: 'restore' }
const HOUR_MS = 3_600_000

/** A preview an hour old with a user and settings of its own, closed by the action. */
const closedPreview = async (): Promise<void> => {
  const { neon } = stage
  await neon.deleteBranch(neon.branch(BRANCH).id)
  const createdAt = new Date(Date.now() - HOUR_MS).toISOString()
  await neon.createBranch({ name: BRANCH, createdAt })
  const { baseUrl } = await neon.enableAuth(BRANCH, { domains: [PREVIEW, 'https://old.example'] })
  await neon.configure(BRANCH, {
    name: 'Shop',
    allow_localhost: false,
    social_providers: [{ id: 'github', client_id: 'gh-id', client_secret: 'gh-secret-1' }],
    plugin_configs: { magic_link: { enabled: true, expires_in: 15 } },
  })
  expect(await signUp(baseUrl, PREVIEW, 'ada@example.com')).toBe(200)
  await play('closed', RESTORING)
  neon.clearRequests()
}

/** Fails unless the preview is as it was before the close. */
const expectRestored = async (): Promise<void> => {
  const { neon } = stage
  const { auth, baseUrl, trustedDomains, allowLocalhost } = neon.branch(BRANCH)
  expect({ auth, allowLocalhost }).toEqual({ auth: 'on', allowLocalhost: false })
  expect([...trustedDomains].sort()).toEqual(['https://old.example', PREVIEW])
  expect(await neon.userCount(BRANCH)).toBe(1)
  expect(await signIn(baseUrl, PREVIEW, 'ada@example.com')).toBe(200)
  expect(neon.settingsOf(BRANCH)).toMatchObject({
    name: 'Shop',
    social_providers: [{ id: 'github', client_id: 'gh-id', client_secret: 'gh-secret-1' }],
    plugin_configs: { magic_link: { enabled: true, expires_in: 15 } },
  })
}

beforeEach(closedPreview)

describe('on_orphan_schema: restore', () => {
  it('signs the old user in with the old password after the pull request is reopened', async () => {
    const { exitCode, outputs, annotations, log } = await play('reopened', RESTORING)
    expect(annotations).toEqual({ error: [], warning: [], notice: [] })
    expect({ exitCode, action: outputs.action_taken }).toEqual({ exitCode: 0, action: 'enabled' })
    const plan: { change: string; sentence: string }[] = JSON.parse(outputs.plan ?? '')
    expect(plan[0]?.change).toBe('move_auth_data_aside')
    expect(plan.at(-1)?.sentence).toMatch(/^Restore 1 user from before the close \(\d rows in all\)\.$/)
    expect(log.replace(/^::add-mask::.*$/gm, '')).not.toMatch(/gh-secret-1|npg_/)
    await expectRestored()
    expect((await play('synchronize', RESTORING)).outputs.action_taken).toBe('unchanged')
  })
})
