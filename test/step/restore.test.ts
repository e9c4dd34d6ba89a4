import { beforeEach, describe, expect, it } from 'vitest'
import { startStepHere } from '../in-process.ts'
import type { SettingChanges } from '../local-neon/local-neon.ts'
import { BRANCH, PREVIEW, signIn, signUp } from '../preview.ts'
import { startStep } from '../runner.ts'
import { useServices } from '../services.ts'
import { withoutMasks } from '../without-masks.ts'

const services = useServices({ start: startStepHere })
const { run } = services
const RESTORING = { trusted_domains: PREVIEW, on_orphan_schema: 'restore' }
const HOUR_MS = 3_600_000

/** Creates an hour-old preview with its own user and settings, and closes it with the action. */
const createClosedPreview = async (more: SettingChanges = {}): Promise<void> => {
  const { neon } = services
  await neon.deleteBranch(neon.branch(BRANCH).id)
  await neon.createBranch({ name: BRANCH, ageMs: HOUR_MS })
  const { baseUrl } = await neon.enableAuth(BRANCH, { domains: [PREVIEW, 'https://old.example'] })
  await neon.configure(BRANCH, {
    name: 'Shop',
    allow_localhost: false,
    social_providers: [{ id: 'github', client_id: 'gh-id', client_secret: 'gh-secret-1' }],
    plugin_configs: { magic_link: { enabled: true, expires_in: 15 } },
    ...more,
  })
  expect(await signUp(baseUrl, PREVIEW, 'ada@example.com')).toBe(200)
  await run('closed', RESTORING)
  neon.clearRequests()
}

/** Fails unless the preview's user, domains, and settings are the same as before the close. */
const expectRestored = async (): Promise<void> => {
  const { neon } = services
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

beforeEach(() => createClosedPreview())

describe('on_orphan_schema restore', () => {
  it('lets the user sign in with the old password after the pull request is reopened', async () => {
    const { exitCode, outputs, annotations, log } = await run('reopened', RESTORING)
    expect(annotations.error).toEqual([])
    expect(annotations.warning).toEqual([expect.stringContaining('/callback/github is registered')])
    expect({ exitCode, action: outputs.action_taken }).toEqual({ exitCode: 0, action: 'enabled' })
    const plan: { change: string; sentence: string }[] = JSON.parse(outputs.plan ?? '')
    expect(plan[0]?.change).toBe('move_auth_data_aside')
    expect(plan.at(-1)?.sentence).toMatch(
      /^Restore 1 user from before the close \(\d rows in all\)\.$/,
    )
    expect(withoutMasks(log)).not.toMatch(/gh-secret-1|npg_/)
    await expectRestored()
    expect((await run('synchronize', RESTORING)).outputs.action_taken).toBe('unchanged')
  })
})

describe('a setting from before the close that Neon refuses', () => {
  it('causes a warning, and other settings and the user are restored', {
    timeout: 90_000,
  }, async () => {
    const { neon } = services
    await createClosedPreview({
      email_provider: {
        type: 'standard',
        host: 'smtp.shop.example',
        port: 587,
        username: 'shop',
        password: 'smtp-secret-1',
        sender_email: 'shop@shop.example',
        sender_name: 'Shop',
      },
      webhook_config: { enabled: true, webhook_url: 'https://hooks.example/in' },
    })
    const operationIds = [
      'updateNeonAuthEmailProvider',
      'updateNeonAuthWebhookConfig',
      'addBranchNeonAuthOauthProvider',
    ]
    for (const operationId of operationIds)
      neon.faults.add({ match: { operationId }, times: 99, fault: { kind: 'status', status: 400 } })
    const { exitCode, annotations, log } = await run('reopened', RESTORING)
    expect({ exitCode, error: annotations.error }).toEqual({ exitCode: 0, error: [] })
    const refused = annotations.warning.filter((text) => text.startsWith('Neon refused a setting'))
    expect(refused.map((text) => /restored: ([\w.]+)\./.exec(text)?.[1]).sort()).toEqual([
      'email_provider',
      'oauth_providers.github',
      'webhook',
    ])
    expect(withoutMasks(log)).not.toMatch(/smtp-secret-1|gh-secret-1/)
    expect(neon.settingsOf(BRANCH)).toMatchObject({ name: 'Shop', allow_localhost: false })
    expect(await signIn(neon.branch(BRANCH).baseUrl, PREVIEW, 'ada@example.com')).toBe(200)
    neon.faults.clear()
    expect((await run('synchronize', RESTORING)).outputs.action_taken).toBe('unchanged')
  })
})

describe('a restore that is killed between two closes', () => {
  it('is completed when the pull request is reopened again', async () => {
    const { neon } = services
    const enabled = neon.nextEffect(
      ({ operationId, effect }) => operationId === 'createNeonAuth' && effect === 201,
    )
    const running = startStep(services.stepOf('reopened', RESTORING))
    await Promise.race([enabled, running.finished])
    running.kill('SIGKILL')
    await running.finished
    const interrupted = neon.branch(BRANCH)
    expect(await signUp(interrupted.baseUrl, PREVIEW, 'eve@example.com')).toBe(403)
    expect(await signUp(interrupted.baseUrl, 'http://localhost:3000', 'bob@example.com')).toBe(200)
    await run('closed', RESTORING)
    expect((await run('reopened', RESTORING)).annotations.error).toEqual([])
    const { baseUrl } = neon.branch(BRANCH)
    expect(await signIn(baseUrl, PREVIEW, 'ada@example.com')).toBe(200)
    expect(await signIn(baseUrl, PREVIEW, 'bob@example.com')).toBe(200)
  })
})

describe('a restore that Neon refuses', () => {
  it('moves the schema back, fails with instructions, and loses nothing', async () => {
    const { neon } = services
    neon.faults.add({
      match: { operationId: 'createNeonAuth' },
      skip: 1,
      times: 9,
      fault: { kind: 'status', status: 402 },
    })
    const { exitCode, annotations, outputs } = await run('reopened', RESTORING)
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(/402[\s\S]*Fix:/)
    expect(outputs.plan).toMatch(/move_auth_data_aside[\s\S]*move_auth_data_back/)
    expect(neon.branch(BRANCH).auth).toBe('off')
    expect(await neon.userCount(BRANCH)).toBe(1)
    neon.faults.clear()
    expect((await run('reopened', RESTORING)).exitCode).toBe(0)
    await expectRestored()
  })
})
