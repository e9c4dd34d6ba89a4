import { describe, expect, it, onTestFinished } from 'vitest'
import { startStepHere } from '../in-process.ts'
import { startSmtpSink } from '../local-neon/smtp-sink.ts'
import { startWebhookReceiver } from '../local-neon/webhook-receiver.ts'
import { BRANCH, PASSWORD, PREVIEW, PRODUCTION_MAIL, signIn, signUp } from '../preview.ts'
import { useServices, writesOf } from '../services.ts'
import { withoutMasks } from '../without-masks.ts'

const services = useServices({ start: startStepHere })
const { run } = services
const TRUSTING = { trusted_domains: PREVIEW }

const SETTINGS = `
name: Shop (preview)
allow_localhost: false
email_and_password: { require_email_verification: false }
email_provider: { type: shared, sender_name: Shop }
oauth_providers:
  google: shared
  github: { client_id: gh-id, client_secret: "\${GH_SECRET}" }
plugins:
  organization: { enabled: false }
  magic_link: { enabled: true, expires_in: 15 }
webhook: { enabled: false }
users:
  - { email: admin@example.com, name: Admin, roles: [admin], password: "\${E2E_PASSWORD}" }
  - { email: guest@example.com }
`
/** The variables that the settings use from the job's environment. */
const SECRETS = { GH_SECRET: 'gh-very-secret', E2E_PASSWORD: PASSWORD }
const WITH_SECRETS = { env: SECRETS }

describe('a run with settings', () => {
  it('configures a preview and creates its users, so that sign-in works right after the step', async () => {
    const { neon } = services
    const { exitCode, outputs, log, summary } = await run(
      'opened',
      { ...TRUSTING, settings: SETTINGS },
      WITH_SECRETS,
    )
    expect(exitCode, log).toBe(0)
    expect(neon.settingsOf(BRANCH)).toMatchObject({
      name: 'Shop (preview)',
      allow_localhost: false,
      webhook_config: { enabled: false },
    })
    expect(JSON.parse(outputs.callback_urls ?? '')).toEqual({
      google: `${outputs.base_url}/callback/google`,
      github: `${outputs.base_url}/callback/github`,
    })
    // The redirect URIs of Neon's shared provider are already registered.
    expect(summary).toContain('/callback/github')
    expect(summary).not.toContain('/callback/google')
    const users = await neon.users(BRANCH)
    const ids = JSON.parse(outputs.users ?? '') as Record<string, string>
    expect(ids).toEqual(Object.fromEntries(users.map(({ email, id }) => [email, id])))
    expect(users.find(({ email }) => email === 'admin@example.com')).toMatchObject({
      role: 'admin',
      name: 'Admin',
    })
    expect(await signIn(outputs.base_url, PREVIEW, 'admin@example.com')).toBe(200)
    const shown = [withoutMasks(log), JSON.stringify(outputs), summary].join('\n')
    for (const secret of Object.values(SECRETS)) expect(shown).not.toContain(secret)
  })

  it('converge: a second run with the same file changes nothing', async () => {
    const { neon } = services
    await run('opened', { ...TRUSTING, settings: SETTINGS }, WITH_SECRETS)
    neon.clearRequests()
    const { outputs, log } = await run(
      'synchronize',
      { ...TRUSTING, settings: SETTINGS },
      WITH_SECRETS,
    )
    expect(outputs).toMatchObject({ action_taken: 'unchanged', changed: 'false', users: '{}' })
    // Neon does not list users. Creating an existing one is refused and changes nothing.
    expect(writesOf(services)).toEqual([
      'POST /auth/users {"email":"guest@example.com","name":"guest@example.com"}',
    ])
    expect(log).toContain(
      'The user admin@example.com already exists, so the run does not change it.',
    )
    expect(await neon.users(BRANCH)).toHaveLength(2)
  })

  it('creates users before it closes sign-up, and finds them afterwards', async () => {
    const settings = `
email_and_password: { disable_sign_up: true }
users: [{ email: ada@example.com, password: "\${E2E_PASSWORD}" }]`
    const first = await run('opened', { ...TRUSTING, settings }, WITH_SECRETS)
    expect(first.exitCode, first.log).toBe(0)
    expect(await signIn(first.outputs.base_url, PREVIEW, 'ada@example.com')).toBe(200)
    expect(await signUp(first.outputs.base_url, PREVIEW, 'eve@example.com')).toBe(400)
    const second = await run('synchronize', { ...TRUSTING, settings }, WITH_SECRETS)
    expect(second.exitCode, second.log).toBe(0)
    expect(second.outputs.changed).toBe('false')
  })

  it.each(['1.7', '1.4.18'] as const)(
    'opens sign-up of Better Auth %s for a user who was added later, and closes it again',
    async (engine) => {
      const { neon } = services
      neon.setBehavior({ engine })
      onTestFinished(() => neon.setBehavior({}))
      await neon.enableAuth(BRANCH)
      await neon.configure(BRANCH, { email_and_password: { disable_sign_up: true } })
      const settings = 'users: [{ email: late@example.com, password: "${E2E_PASSWORD}" }]'
      const { exitCode, outputs, log } = await run(
        'opened',
        { ...TRUSTING, settings },
        WITH_SECRETS,
      )
      expect(exitCode, log).toBe(0)
      expect(await signIn(outputs.base_url, PREVIEW, 'late@example.com')).toBe(200)
      expect(await signUp(outputs.base_url, PREVIEW, 'eve@example.com')).toBe(400)
      const again = await run('synchronize', { ...TRUSTING, settings }, WITH_SECRETS)
      expect(again.outputs).toMatchObject({ changed: 'false', users: '{}' })
    },
  )

  it('fails with the changes so far if it cannot close sign-up that it opened for a user', async () => {
    const { neon } = services
    await neon.enableAuth(BRANCH)
    await neon.configure(BRANCH, { email_and_password: { disable_sign_up: true } })
    neon.faults.add({
      match: { method: 'PATCH', path: /\/email_and_password$/ },
      skip: 1,
      times: 99,
      fault: { kind: 'status', status: 403, body: { message: 'no' } },
    })
    const settings = 'users: [{ email: late@example.com, password: "${E2E_PASSWORD}" }]'
    const { exitCode, annotations } = await run('opened', { ...TRUSTING, settings }, WITH_SECRETS)
    expect(exitCode).toBe(1)
    expect(annotations.warning[0]).toMatch(/could not close it/)
    expect(annotations.error[0]).toMatch(
      /403[\s\S]*Changed before the run stopped:[\s\S]*late@example\.com/,
    )
  })

  it('does not report a user again if a second sign-up seems to succeed', async () => {
    const settings = `
email_and_password: { require_email_verification: true }
users: [{ email: ada@example.com, roles: [admin], password: "\${E2E_PASSWORD}" }]`
    const first = await run('opened', { ...TRUSTING, settings }, WITH_SECRETS)
    expect(first.exitCode, first.log).toBe(0)
    expect(JSON.parse(first.outputs.users ?? '')).toHaveProperty(['ada@example.com'])
    const second = await run('synchronize', { ...TRUSTING, settings }, WITH_SECRETS)
    expect(second.exitCode, second.log).toBe(0)
    expect(second.outputs).toMatchObject({ changed: 'false', users: '{}' })
  })

  it('does not report a taken email as a new user if verification is required', async () => {
    const { neon } = services
    await neon.enableAuth(BRANCH)
    await neon.setDomains(BRANCH, [PREVIEW])
    await signUp(neon.branch(BRANCH).baseUrl, PREVIEW, 'ada@example.com')
    await neon.configure(BRANCH, { email_and_password: { require_email_verification: true } })
    const settings =
      'users: [{ email: ada@example.com, roles: [admin], password: "a different one" }]'
    const { exitCode, outputs, log, annotations } = await run('opened', {
      ...TRUSTING,
      settings,
    })
    expect(exitCode, log).toBe(0)
    expect(outputs).toMatchObject({ changed: 'false', users: '{}' })
    expect(annotations.warning).toEqual([
      expect.stringMatching(/ada@example\.com already exists with another password/),
    ])
  })

  it('fails before the first write if inherited password sign-in is off', async () => {
    const { neon } = services
    await neon.enableAuth(BRANCH)
    await neon.configure(BRANCH, { email_and_password: { enabled: false } })
    const settings = 'users: [{ email: ada@example.com, password: "${E2E_PASSWORD}" }]'
    const { exitCode, annotations } = await run('opened', { ...TRUSTING, settings }, WITH_SECRETS)
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(
      /ada@example\.com[\s\S]*`email_and_password: \{ enabled: true \}`/,
    )
    expect(writesOf(services)).toEqual([])
  })

  it('signs up users even if the first trusted domain at Neon is not an origin', async () => {
    const { neon } = services
    await neon.enableAuth(BRANCH)
    await neon.setDomains(BRANCH, ['exp://192.168.0.1', 'https://shop.example.com/'])
    const settings = 'users: [{ email: ada@example.com, password: "${E2E_PASSWORD}" }]'
    const { exitCode, outputs, log } = await run('opened', { settings }, WITH_SECRETS)
    expect(exitCode, log).toBe(0)
    expect(JSON.parse(outputs.users ?? '')).toHaveProperty(['ada@example.com'])
  })

  it('turns inherited verification links into codes with isolate', async () => {
    const { neon } = services
    await neon.enableAuth(BRANCH)
    await neon.configure(BRANCH, { email_and_password: { email_verification_method: 'link' } })
    const { exitCode, log, annotations } = await run('opened', { ...TRUSTING, isolate: 'true' })
    expect(exitCode, log).toBe(0)
    expect(neon.settingsOf(BRANCH)?.email_and_password.email_verification_method).toBe('otp')
    expect(annotations.warning.join('\n')).toContain('from links to one-time codes')
    const again = await run('synchronize', { ...TRUSTING, isolate: 'true' })
    expect(again.outputs.changed).toBe('false')
  })

  it('reports all errors at once, before the first request', async () => {
    const settings =
      'plugins: { magic_link: { expires_in: 1 } }\nusers: [{ email: x, password: "${NOT_SET}" }]'
    const { exitCode, annotations } = await run('opened', { settings })
    expect(exitCode).toBe(1)
    for (const place of ['plugins.magic_link.expires_in', 'users[0].email', 'NOT_SET'])
      expect(annotations.error[0]).toContain(place)
    expect(services.neon.requests).toEqual([])
  })

  it('does not read the settings on close', async () => {
    await services.neon.enableAuth(BRANCH)
    const { exitCode } = await run('closed', { settings: 'no: such setting' })
    expect(exitCode).toBe(0)
  })

  it('only plans the settings with dry_run', async () => {
    const { outputs, log } = await run(
      'opened',
      { ...TRUSTING, settings: SETTINGS, dry_run: 'true' },
      WITH_SECRETS,
    )
    expect(log).toContain('Would: Create the user admin@example.com, unless it already exists.')
    expect(outputs.plan).toContain('"change":"update_plugin"')
    expect(writesOf(services)).toEqual([])
  })

  it('sends secrets again, once per run, with resend_secrets', async () => {
    const settings = `${SETTINGS}\nresend_secrets: true`
    await run('opened', { ...TRUSTING, settings }, WITH_SECRETS)
    services.neon.clearRequests()
    const { exitCode } = await run('synchronize', { ...TRUSTING, settings }, WITH_SECRETS)
    expect(exitCode).toBe(0)
    expect(writesOf(services).filter((write) => write.includes('oauth_providers'))).toHaveLength(1)
  })
})

describe('users whose creation is disturbed', () => {
  const users = `
users:
  - { email: admin@example.com, roles: [admin], password: "\${E2E_PASSWORD}" }`

  it('are reported with their ID and get their roles if the response to the sign-up is lost', async () => {
    const { neon } = services
    neon.faults.add({ match: { path: /\/sign-up\/email$/ }, fault: 'reset-after' })
    const { exitCode, outputs, log } = await run(
      'opened',
      { ...TRUSTING, settings: users },
      WITH_SECRETS,
    )
    expect(exitCode, log).toBe(0)
    const [admin] = await neon.users(BRANCH)
    expect(admin).toMatchObject({ email: 'admin@example.com', role: 'admin' })
    expect(JSON.parse(outputs.users ?? '')).toEqual({ 'admin@example.com': admin?.id })
  })

  it('are reported with their ID if setting their roles fails', async () => {
    const { neon } = services
    neon.faults.add({
      match: { path: /\/role$/ },
      times: 9,
      fault: { kind: 'status', status: 400, body: { message: 'no such role' } },
    })
    const { exitCode, outputs } = await run(
      'opened',
      { ...TRUSTING, settings: users },
      WITH_SECRETS,
    )
    expect(exitCode).toBe(1)
    const [admin] = await neon.users(BRANCH)
    expect(JSON.parse(outputs.users ?? '')).toEqual({ 'admin@example.com': admin?.id })
  })

  it('fail the run if they have no password and the response with their ID is lost', async () => {
    const { neon } = services
    neon.faults.add({ match: { operationId: 'createBranchNeonAuthNewUser' }, fault: 'reset-after' })
    const settings = 'users: [{ email: guest@example.com, roles: [editor] }]'
    const { exitCode, annotations, outputs } = await run('opened', { ...TRUSTING, settings })
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(
      /guest@example\.com may have been created, but without the roles editor/,
    )
    expect(outputs.changed).toBe('true')
  })
})

describe('an email', () => {
  const settingsFor = (sink: { port: number; username: string; password: string }) => `
email_provider:
  type: standard
  host: 127.0.0.1
  port: ${sink.port}
  username: ${sink.username}
  password: "\${SMTP_PASSWORD}"
  sender_email: shop@example.com
  sender_name: Shop
email_and_password: { require_email_verification: true, send_verification_email_on_sign_up: true }
test_email: qa@example.com`

  it.each([true, false])(
    'reaches the recipient of the test email and a new user (newer endpoint: %s)',
    async (isNewer) => {
      const { neon } = services
      const sink = await startSmtpSink()
      if (!isNewer) {
        const fault = {
          kind: 'status',
          status: 404,
          body: { code: '', message: 'not found' },
        } as const
        neon.faults.add({ match: { path: /\/email_provider\/test$/ }, fault })
      }
      const env = { SMTP_PASSWORD: sink.password }
      const { exitCode, outputs, log } = await run(
        'opened',
        { ...TRUSTING, settings: settingsFor(sink) },
        { env },
      )
      expect(exitCode, log).toBe(0)
      expect(await sink.nextMessage()).toMatchObject({ to: 'qa@example.com' })
      await signUp(outputs.base_url, PREVIEW, 'ada@example.com')
      expect(await sink.nextMessage()).toMatchObject({ to: 'ada@example.com' })
      await sink.close()
    },
  )

  it("fails the step with the mail server's message if the server refuses it", async () => {
    const sink = await startSmtpSink()
    const env = { SMTP_PASSWORD: 'wrong' }
    const { exitCode, annotations } = await run(
      'opened',
      { ...TRUSTING, settings: settingsFor(sink) },
      { env },
    )
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(
      /test email to qa@example\.com[\s\S]*The mail server answered[\s\S]*`email_provider`/,
    )
    await sink.close()
  })
})

describe('settings inherited from production', () => {
  /** Creates a production branch and a preview that inherits its settings. */
  const createProduction = async () => {
    const { neon } = services
    const receiver = await startWebhookReceiver()
    const parent = await neon.createBranch({ name: 'production' })
    await neon.enableAuth('production', { domains: ['https://shop.example'] })
    await neon.configure('production', {
      webhook_config: {
        enabled: true,
        webhook_url: receiver.url,
        enabled_events: ['user.created'],
      },
      email_provider: PRODUCTION_MAIL,
      social_providers: [{ id: 'github', type: 'standard', client_id: 'i', client_secret: 's' }],
    } as never)
    const child = await neon.createBranch({ name: 'preview/pr-2-changes', parent: parent.id })
    return {
      receiver,
      clean: async () => {
        await neon.deleteBranch(child.id)
        await neon.deleteBranch(parent.id)
        await receiver.close()
      },
    }
  }

  it('cause one warning that explains their effect and how to remove them', async () => {
    const { receiver, clean } = await createProduction()
    const { annotations, exitCode } = await run('opened', TRUSTING)
    expect(exitCode).toBe(0)
    expect(annotations.warning).toHaveLength(1)
    expect(annotations.warning[0]).toContain(new URL(receiver.url).host)
    expect(annotations.warning[0]).toMatch(
      /smtp\.shop\.example[\s\S]*callback\/github[\s\S]*isolate: true/,
    )
    await clean()
  })

  it('are removed with isolate, so no event reaches production, and a rerun changes nothing', async () => {
    const { receiver, clean } = await createProduction()
    const { outputs, annotations, log } = await run('opened', { ...TRUSTING, isolate: 'true' })
    expect(annotations.warning).toEqual([])
    expect(log).toContain('/callback/github is registered with github')
    expect(outputs.trusted_domains).toBe(JSON.stringify([PREVIEW]))
    expect(await signUp(outputs.base_url, PREVIEW, 'ada@example.com')).toBe(200)
    expect(await signUp(outputs.base_url, 'http://localhost:3000', 'eve@example.com')).toBe(403)
    expect(receiver.received).toEqual([])
    expect(services.neon.settingsOf('preview/pr-2-changes')).toMatchObject({
      webhook_config: { enabled: false },
      email_provider: { type: 'shared' },
    })
    expect(services.neon.settingsOf('production')).toMatchObject({
      webhook_config: { enabled: true },
    })
    services.neon.clearRequests()
    await run('synchronize', { ...TRUSTING, isolate: 'true' })
    expect(writesOf(services)).toEqual([])
    await clean()
  })
})

describe('reconcile lost responses by reading: a run survives a fault in a settings write', () => {
  const settings = SETTINGS.replace(/users:[\s\S]*/, '').replace(
    'organization: { enabled: false }',
    'organization: { enabled: false }\n  phone_number: { enabled: true, otp_expires_in: 120 }',
  )
  const OPERATIONS = [
    'updateNeonAuthConfig',
    'updateNeonAuthEmailProvider',
    'addBranchNeonAuthOauthProvider',
    'updateNeonAuthOrganizationPlugin',
    'updateNeonAuthMagicLinkPlugin',
    'updateNeonAuthPhoneNumberPlugin',
    'updateNeonAuthAllowLocalhost',
  ]
  it.each(
    OPERATIONS.flatMap((operationId) =>
      (['reset-before', 'reset-after'] as const).map((fault) => [operationId, fault] as const),
    ),
  )('%s: %s', async (operationId, fault) => {
    const { neon } = services
    neon.faults.add({ match: { operationId }, fault })
    const { exitCode, log } = await run('opened', { settings, verify: 'false' }, WITH_SECRETS)
    expect(exitCode, log).toBe(0)
    expect(log).toContain('checking whether it was applied')
    expect(neon.settingsOf(BRANCH)).toMatchObject({
      name: 'Shop (preview)',
      allow_localhost: false,
    })
    neon.clearRequests()
    await run('synchronize', { settings, verify: 'false' }, WITH_SECRETS)
    expect(writesOf(services)).toEqual([])
  })
})
