import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type LocalNeon, startLocalNeon } from './local-neon.ts'
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts'

let local: LocalNeon
let sink: SmtpSink

beforeAll(async () => {
  local = await startLocalNeon()
  sink = await startSmtpSink()
})

afterEach(() => {
  expect(local.contractBreaches).toEqual([])
})

afterAll(async () => {
  await local.close()
  await sink.close()
})

const smtp = {
  type: 'standard' as const,
  host: 'smtp.example.com',
  port: 587,
  username: 'postmaster',
  password: 'hunter2',
  sender_email: 'noreply@shop.example',
  sender_name: 'Shop',
}

async function branchWithAuth(name: string): Promise<string> {
  const { id } = await local.createBranch({ name })
  await local.enableAuth(id)
  return id
}

/** Returns the answer's status and body. The body is `undefined` if there is none. */
async function api(
  method: string,
  branchId: string,
  rest: string,
  body?: unknown,
  at = local,
): Promise<[status: number, body: unknown]> {
  const url = `${at.apiHost}/projects/${at.projectId}/branches/${branchId}/auth${rest}`
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${at.apiKey}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return [response.status, text === '' ? undefined : JSON.parse(text)]
}

test("an update of the project's own mail server is merged field by field, and its password is never shown", async () => {
  const id = await branchWithAuth('mail-server')
  const provider = '/email_provider'
  expect(await api('GET', id, provider)).toEqual([200, { type: 'shared' }])
  const [status, problem] = await api('PATCH', id, provider, { type: 'standard', host: 'x' })
  expect([status, problem]).toMatchObject([400, { message: expect.stringContaining('port') }])
  expect((await api('PATCH', id, provider, { host: 'x' }))[0]).toBe(400)

  const masked = { ...smtp, password: '' }
  expect(await api('PATCH', id, provider, smtp)).toEqual([200, masked])
  const update = { type: 'standard', sender_name: 'Shop preview' }
  const updated = { ...masked, sender_name: 'Shop preview' }
  expect(await api('PATCH', id, provider, update)).toEqual([200, updated])
  expect(await api('GET', id, provider)).toEqual([200, updated])
  expect(local.settingsOf(id).email_provider).toEqual({ ...updated, password: 'hunter2' })

  const shared = { type: 'shared', sender_name: 'Shop' }
  expect(await api('PATCH', id, provider, shared)).toEqual([200, shared])
  expect(local.settingsOf(id).email_provider).toEqual(shared)
  expect((await api('PATCH', id, provider, update))[0]).toBe(400)
  await local.configure(id, { email_provider: null })
  expect((await api('GET', id, provider))[0]).toBe(404)
  expect((await api('GET', id, '/plugins'))[1]).not.toHaveProperty('email_provider')
})

test('an update of the email and password settings is merged', async () => {
  const id = await branchWithAuth('email-and-password')
  const before = local.settingsOf(id).email_and_password
  const path = '/email_and_password'
  expect(await api('GET', id, path)).toEqual([200, before])
  const change = { require_email_verification: true, email_verification_method: 'link' }
  expect(await api('PATCH', id, path, change)).toEqual([200, { ...before, ...change }])
  const [, after] = await api('PATCH', id, path, { disable_sign_up: true })
  expect(after).toEqual({ ...before, ...change, disable_sign_up: true })
  expect((await api('PATCH', id, path, { email_verification_method: 'sms' }))[0]).toBe(400)
})

test('an update of a plugin is merged within its limits, and a read shows all plugins together', async () => {
  const id = await branchWithAuth('plugins')
  expect(await api('PATCH', id, '/plugins/organization', { membership_limit: 7 })).toEqual([
    200,
    { ...local.settingsOf(id).plugin_configs.organization, enabled: true, membership_limit: 7 },
  ])
  const magic = { enabled: true, expires_in: 30, disable_sign_up: false }
  const { disable_sign_up: _, ...change } = magic
  expect(await api('PATCH', id, '/plugins/magic-link', change)).toEqual([200, magic])
  expect(await api('PATCH', id, '/plugins/phone-number', { enabled: true })).toEqual([
    200,
    { enabled: true, otp_expires_in: 300 },
  ])
  expect((await api('GET', id, '/plugins/phone-number'))[1]).toMatchObject({ enabled: true })
  const refused = await Promise.all([
    api('PATCH', id, '/plugins/magic-link', { expires_in: 4 }),
    api('PATCH', id, '/plugins/magic-link', { expires_in: 1441 }),
    api('PATCH', id, '/plugins/phone-number', { otp_expires_in: 59 }),
    api('PATCH', id, '/plugins/phone-number', { otp_expires_in: 601 }),
    api('PATCH', id, '/plugins/organization', { creator_role: 'king' }),
  ])
  expect(refused.map(([status]) => status)).toEqual([400, 400, 400, 400, 400])

  await local.configure(id, { email_provider: smtp })
  const { plugin_configs, email_and_password } = local.settingsOf(id)
  expect(await api('GET', id, '/plugins')).toEqual([
    200,
    {
      ...plugin_configs,
      email_and_password,
      email_provider: { ...smtp, password: '' },
      oauth_providers: [{ id: 'google', type: 'shared' }],
      allow_localhost: true,
    },
  ])
  expect(plugin_configs).toMatchObject({ magic_link: magic, organization: { membership_limit: 7 } })
})

test('an update of a webhook replaces it as a whole', async () => {
  const id = await branchWithAuth('webhook')
  expect(await api('GET', id, '/webhooks')).toEqual([200, { enabled: false }])
  const hook = {
    enabled: true,
    webhook_url: 'https://shop.example/hook',
    enabled_events: ['user.created'],
  }
  expect(await api('PUT', id, '/webhooks', hook)).toEqual([200, { ...hook, timeout_seconds: 5 }])
  expect(await api('PUT', id, '/webhooks', { enabled: false, timeout_seconds: 9 })).toEqual([
    200,
    { enabled: false, timeout_seconds: 9 },
  ])
  expect(await api('GET', id, '/webhooks')).toEqual([200, { enabled: false, timeout_seconds: 9 }])
  const refused = await Promise.all([
    api('PUT', id, '/webhooks', { webhook_url: hook.webhook_url }),
    api('PUT', id, '/webhooks', { ...hook, timeout_seconds: 11 }),
    api('PUT', id, '/webhooks', { ...hook, enabled_events: ['user.deleted'] }),
  ])
  expect(refused.map(([status]) => status)).toEqual([400, 400, 400])
})

test('a sign-in provider other than Google needs both credentials', async () => {
  const id = await branchWithAuth('oauth')
  const providers = '/oauth_providers'
  const code = 'INVALID_SHARED_OAUTH_PROVIDER'
  for (const other of ['github', 'vercel', 'microsoft']) {
    expect(await api('POST', id, providers, { id: other })).toMatchObject([400, { code }])
  }
  expect((await api('POST', id, providers, { id: 'google', client_id: 'i' }))[0]).toBe(400)
  const own = { id: 'google', client_id: 'i', client_secret: 's' }
  expect(await api('POST', id, providers, own)).toEqual([200, { ...own, type: 'standard' }])
  const rotated = { ...own, client_secret: 't', type: 'standard' }
  const rotation = api('PATCH', id, `${providers}/google`, { client_secret: 't' })
  expect(await rotation).toEqual([200, rotated])
  expect(await api('GET', id, providers)).toEqual([200, { providers: [rotated] }])
  const shared = { id: 'google', type: 'shared' }
  expect(await api('POST', id, providers, { id: 'google' })).toEqual([200, shared])
  for (const _ of [1, 2]) {
    expect(await api('DELETE', id, `${providers}/google`)).toEqual([200, undefined])
  }
  expect((await api('PATCH', id, `${providers}/google`, { client_secret: 't' }))[0]).toBe(404)
})

test('users can be created without a password, get roles, and be deleted', async () => {
  const id = await branchWithAuth('users')
  const [status, created] = await api('POST', id, '/users', {
    email: 'Ada@example.com',
    name: 'Ada',
  })
  expect([status, created]).toEqual([201, { id: expect.any(String) }])
  const user = (created as { id: string }).id
  expect((await api('POST', id, '/users', { email: 'ada@example.com' }))[0]).toBe(409)
  expect((await api('POST', id, '/users', { email: 'nobody' }))[0]).toBe(400)
  const ada = {
    id: user,
    email: 'ada@example.com',
    name: 'Ada',
    role: 'user',
    emailVerified: false,
  }
  expect(await local.users(id)).toEqual([ada])

  const role = `/users/${user}/role`
  expect(await api('PUT', id, role, { roles: ['admin', 'editor'] })).toEqual([200, { id: user }])
  expect(await local.users(id)).toEqual([{ ...ada, role: 'admin,editor' }])
  expect((await api('PUT', id, role, { roles: [] }))[0]).toBe(400)
  expect((await api('PUT', id, '/users/nobody/role', { roles: ['admin'] }))[0]).toBe(404)

  expect(await api('DELETE', id, `/users/${user}`)).toEqual([204, undefined])
  expect((await api('DELETE', id, `/users/${user}`))[0]).toBe(404)
  expect(await local.users(id)).toEqual([])
})

test('a test email is delivered, and a failure is reported as a result, not an error', async () => {
  const id = await branchWithAuth('test-email')
  const recipient = { recipient_email: 'ops@shop.example' }
  const path = '/email_provider/test'
  expect((await api('POST', id, path, recipient))[0]).toBe(400)
  const { host, port, username, password } = sink
  const reachable = { ...smtp, host, port, username, password, sender_name: 'Zoë’s Shop' }
  await api('PATCH', id, '/email_provider', reachable)
  expect(await api('POST', id, path, recipient)).toEqual([200, { success: true }])
  expect(await sink.nextMessage()).toMatchObject({
    from: expect.stringMatching(/Zoë’s Shop.*<noreply@shop\.example>/),
    to: 'ops@shop.example',
  })

  await local.configure(id, { email_provider: { ...reachable, password: 'wrong' } })
  const failed = { success: false, error_message: expect.stringContaining('Invalid login') }
  expect(await api('POST', id, path, recipient)).toEqual([200, failed])
  const { type: _, ...server } = reachable
  const sendTestEmail = (body: object) =>
    api('POST', id, '/send_test_email', { ...recipient, ...body })
  expect(await sendTestEmail(server)).toEqual([200, { success: true }])
  expect(await sendTestEmail({ ...server, port: 1 })).toMatchObject([200, { success: false }])
  expect((await sendTestEmail({ host }))[0]).toBe(400)
  expect(sink.messages).toHaveLength(2)
})

test('an older API cannot test the stored mail server', async () => {
  const older = await startLocalNeon({ emailProviderTest: false })
  const { id } = older.defaultBranch
  await older.enableAuth(id)
  await older.configure(id, { email_provider: smtp })
  const recipient = { recipient_email: 'ops@shop.example' }
  expect((await api('POST', id, '/email_provider/test', recipient, older))[0]).toBe(404)
  expect(older.contractBreaches).toEqual([])
  await older.close()
})

test('requests for settings and users get a 404 while auth is off', async () => {
  const { id } = await local.createBranch({ name: 'off' })
  const paths = ['/email_provider', '/email_and_password', '/plugins', '/webhooks']
  const answers = await Promise.all(paths.map((path) => api('GET', id, path)))
  expect(answers.map(([status]) => status)).toEqual([404, 404, 404, 404])
  expect((await api('POST', id, '/users', { email: 'a@example.com' }))[0]).toBe(404)
})

test("a child branch inherits its parent's settings and secrets, and is then independent", async () => {
  const id = await branchWithAuth('production')
  const webhook_config = { enabled: true, webhook_url: 'https://shop.example/hook' }
  const social_providers = [{ id: 'github' as const, client_id: 'i', client_secret: 's' }]
  await local.configure(id, {
    webhook_config,
    social_providers,
    email_provider: smtp,
    plugin_configs: { magic_link: { enabled: true } },
  })
  const child = await local.createBranch({ name: 'preview/inherits', parent: id })
  const inherited = local.settingsOf(child.id)
  expect(inherited).toMatchObject({ webhook_config, social_providers, email_provider: smtp })
  expect(inherited.plugin_configs.magic_link).toMatchObject({ enabled: true, expires_in: 5 })
  const [, provider] = await api('GET', child.id, '/email_provider')
  expect(provider).toEqual({ ...smtp, password: '' })

  await api('PUT', child.id, '/webhooks', { enabled: false })
  await api('PATCH', child.id, '/email_provider', { type: 'shared' })
  expect(local.settingsOf(id)).toMatchObject({ webhook_config, email_provider: smtp })
  expect(local.settingsOf(child.id)).toMatchObject({ email_provider: { type: 'shared' } })
})
