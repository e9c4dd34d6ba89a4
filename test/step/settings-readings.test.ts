import { beforeEach, describe, expect, it } from 'vitest'
import { startStepHere } from '../in-process.ts'
import type { Behavior } from '../local-neon/behavior.ts'
import { BRANCH, PREVIEW, PRODUCTION_MAIL } from '../preview.ts'
import { startStep } from '../runner.ts'
import { useServices, writesOf } from '../services.ts'

const services = useServices({ start: startStepHere })
const { run } = services

beforeEach(() => services.neon.setBehavior({}))

const SETTINGS = `
name: " Shop "
email_provider: { type: shared, sender_name: Shop }
plugins: { phone_number: { enabled: false, otp_expires_in: 120 } }
webhook: { enabled: true, webhook_url: "https://hooks.shop.example", timeout_seconds: 3, enabled_events: [user.created] }`

describe('settings converge', () => {
  it.each<Partial<Behavior>>([
    { shownName: 'absent' },
    { shownName: 'trimmed' },
    { shownPlugins: 'plugin-absent' },
    { shownPlugins: 'field-absent' },
    { shownPlugins: 'unknown-too' },
    { shownWebhook: 'no-timeout' },
    { shownWebhook: 'slash' },
    { shownWebhook: 'masked' },
    { shownSender: 'absent' },
    { freshEmailProvider: 'none' },
  ])('even if Neon shows them differently: %o', async (behavior) => {
    const { neon } = services
    neon.setBehavior(behavior)
    const inputs = { settings: SETTINGS, trusted_domains: PREVIEW }
    const first = await run('opened', inputs)
    expect(first.exitCode, first.log).toBe(0)
    expect(first.annotations.warning.join()).not.toContain('Neon accepted')
    expect(neon.settingsOf(BRANCH)?.webhook_config).toMatchObject({ timeout_seconds: 3 })
    const settingsWrites = writesOf(services).filter((write) =>
      /webhooks|config|plugins|email_/.test(write),
    )
    expect(new Set(settingsWrites).size).toBe(settingsWrites.length)
    neon.clearRequests()
    const second = await run('synchronize', inputs)
    expect(second.outputs).toMatchObject({ action_taken: 'unchanged', changed: 'false' })
    expect(writesOf(services)).toEqual([])
  })

  it('even if nothing proves how Neon spells a domain', async () => {
    const { neon } = services
    neon.setBehavior({ storedDomain: 'slash', signOutCheck: 'unchecked', shownName: 'absent' })
    const inputs = { settings: SETTINGS, trusted_domains: PREVIEW }
    const first = await run('opened', inputs)
    expect(first.exitCode, first.log).toBe(0)
    neon.clearRequests()
    const second = await run('synchronize', inputs)
    expect(second.outputs).toMatchObject({ action_taken: 'unchanged', changed: 'false' })
    const trust = { domain: PREVIEW, auth_provider: 'better_auth' }
    expect(writesOf(services)).toEqual([`POST /auth/domains ${JSON.stringify(trust)}`])
    expect(neon.branch(BRANCH).trustedDomains).toEqual([`${PREVIEW}/`])
  })

  it('even if Neon refuses the shared email provider together with verification links (isolate)', async () => {
    const { neon } = services
    await neon.enableAuth(BRANCH)
    await neon.configure(BRANCH, {
      email_and_password: { email_verification_method: 'link' },
      email_provider: PRODUCTION_MAIL,
    })
    neon.setBehavior({ sharedLinks: 'refused' })
    const { exitCode, log } = await run('opened', { trusted_domains: PREVIEW, isolate: 'true' })
    expect(exitCode, log).toBe(0)
    expect(neon.settingsOf(BRANCH)).toMatchObject({
      email_provider: { type: 'shared' },
      email_and_password: { email_verification_method: 'otp' },
    })
  })
})

describe('verification claims only what it proved', () => {
  it('warns if the auth service accepts every origin', async () => {
    services.neon.setBehavior({ signOutCheck: 'unchecked' })
    const { exitCode, log, annotations } = await run('opened', { trusted_domains: PREVIEW })
    expect(exitCode, log).toBe(0)
    expect(annotations.warning.join()).toMatch(
      /Could not verify that https:\/\/pr-2\.shop\.example is trusted/,
    )
  })

  it('waits for trust if the refusal has another code', async () => {
    services.neon.setBehavior({ untrustedCode: 'invalid-domain', trustDelay: '2-s' })
    // In its own process, because the waits of steps in this process are shortened.
    const step = services.stepOf('opened', { trusted_domains: PREVIEW })
    const { exitCode, log, annotations } = await startStep(step).finished
    expect(exitCode, log).toBe(0)
    expect(annotations.warning).toEqual([])
  })
})
