import { beforeEach, describe, expect, it } from 'vitest'
import { startStepHere } from '../in-process.ts'
import type { Readings } from '../local-neon/readings.ts'
import { BRANCH, PREVIEW, useStage, writesOf } from '../stage.ts'

const stage = useStage({ start: startStepHere })
const { play } = stage

beforeEach(() => stage.neon.read({}))

const SETTINGS = `
name: " Shop "
email_provider: { type: shared, sender_name: Shop }
plugins: { phone_number: { enabled: false, otp_expires_in: 120 } }
webhook: { enabled: true, webhook_url: "https://hooks.shop.example", timeout_seconds: 3, enabled_events: [user.created] }`

describe('settings converge, whatever Neon shows of them', () => {
  it.each<Partial<Readings>>([
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
  ])('%o', async (readings) => {
    const { neon } = stage
    neon.read(readings)
    const inputs = { settings: SETTINGS, trusted_domains: PREVIEW }
    const first = await play('opened', inputs)
    expect(first.exitCode, first.log).toBe(0)
    expect(first.annotations.warning.join()).not.toContain('Neon accepted')
    expect(neon.settingsOf(BRANCH)?.webhook_config).toMatchObject({ timeout_seconds: 3 })
    const puts = writesOf(stage).filter((write) => /webhooks|config|plugins|email_/.test(write))
    expect(new Set(puts).size).toBe(puts.length)
    neon.clearRequests()
    const second = await play('synchronize', inputs)
    expect(second.outputs).toMatchObject({ action_taken: 'unchanged', changed: 'false' })
    expect(writesOf(stage)).toEqual([])
  })

  it('even if nothing proves the spelling in which Neon lists a domain', async () => {
    const { neon } = stage
    neon.read({ storedDomain: 'slash', signOutCheck: 'unchecked', shownName: 'absent' })
    const inputs = { settings: SETTINGS, trusted_domains: PREVIEW }
    const first = await play('opened', inputs)
    expect(first.exitCode, first.log).toBe(0)
    neon.clearRequests()
    const second = await play('synchronize', inputs)
    expect(second.outputs).toMatchObject({ action_taken: 'unchanged', changed: 'false' })
    const trust = { domain: PREVIEW, auth_provider: 'better_auth' }
    expect(writesOf(stage)).toEqual([`POST /auth/domains ${JSON.stringify(trust)}`])
    expect(neon.branch(BRANCH).trustedDomains).toEqual([`${PREVIEW}/`])
  })

  it('isolate works if Neon refuses the shared provider with verification links', async () => {
    const { neon } = stage
    await neon.enableAuth(BRANCH)
    neon.configure(BRANCH, {
      email_and_password: { email_verification_method: 'link' },
      email_provider: {
        type: 'standard',
        host: 'smtp.shop.example',
        port: 587,
        username: 'shop',
        password: 'secret-of-production',
        sender_email: 'shop@shop.example',
        sender_name: 'Shop',
      },
    })
    neon.read({ sharedLinks: 'refused' })
    const { exitCode, log } = await play('opened', { trusted_domains: PREVIEW, isolate: 'true' })
    expect(exitCode, log).toBe(0)
    expect(neon.settingsOf(BRANCH)).toMatchObject({
      email_provider: { type: 'shared' },
      email_and_password: { email_verification_method: 'otp' },
    })
  })
})

describe('verification claims only what it proved', () => {
  it('warns if the auth service accepts every origin', async () => {
    stage.neon.read({ signOutCheck: 'unchecked' })
    const { exitCode, log, annotations } = await play('opened', { trusted_domains: PREVIEW })
    expect(exitCode, log).toBe(0)
    expect(annotations.warning.join()).toMatch(
      /Could not verify that https:\/\/pr-2\.shop\.example is trusted/,
    )
  })

  it('waits for trust, whatever the code of the refusal', async () => {
    stage.neon.read({ untrustedCode: 'invalid-domain', trustDelay: '2-s' })
    const { exitCode, log, annotations } = await play('opened', { trusted_domains: PREVIEW })
    expect(exitCode, log).toBe(0)
    expect(annotations.warning).toEqual([])
  })
})
