import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type LocalNeon, type SettingChanges, startLocalNeon } from './local-neon.ts'
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts'
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts'
import type { WebhookEventType } from './webhooks.ts'

const app = 'https://shop-1.example.app'
const welcome = `${app}/welcome`
const password = 'correct-horse-battery'
let local: LocalNeon
let sink: SmtpSink
let hook: WebhookReceiver

beforeAll(async () => {
  local = await startLocalNeon({ rateLimit: false })
  sink = await startSmtpSink()
  hook = await startWebhookReceiver()
})

afterEach(() => {
  hook.answerWith(200)
  expect(local.contractBreaches).toEqual([])
})

afterAll(async () => {
  await local.close()
  await sink.close()
  await hook.close()
})

/** Creates a branch with this name and these settings. */
async function branchWith(name: string, changes: SettingChanges = {}): Promise<string> {
  const { id } = await local.createBranch({ name })
  await local.enableAuth(id, { domains: [app] })
  await local.configure(id, changes)
  return id
}

function sinkProvider() {
  const { host, port, username, password } = sink
  const sender = { sender_email: 'noreply@shop.example', sender_name: 'Shop' }
  return { type: 'standard' as const, host, port, username, password, ...sender }
}

function hooked(...enabled_events: WebhookEventType[]) {
  return { webhook_config: { enabled: true, webhook_url: hook.url, enabled_events } }
}

async function auth(
  branch: string,
  path: string,
  body: object,
  cookie = '',
): Promise<{ status: number; body: unknown; cookie: string }> {
  const response = await fetch(`${local.branch(branch).baseUrl}${path}`, {
    method: 'POST',
    headers: { origin: app, 'content-type': 'application/json', ...(cookie && { cookie }) },
    body: JSON.stringify(body),
  })
  const set = response.headers.getSetCookie().map((each) => each.split(';')[0])
  const text = await response.text()
  return {
    status: response.status,
    body: text === '' ? undefined : JSON.parse(text),
    cookie: set.join('; '),
  }
}

function signUp(branch: string, email: string) {
  return auth(branch, '/sign-up/email', { email, password, name: 'Ada', callbackURL: welcome })
}

async function signIn(branch: string, email: string) {
  const { status, body } = await auth(branch, '/sign-in/email', { email, password })
  return [status, (body as { code?: string }).code]
}

/** Opens the link in an email, as a browser does. Returns the target of its redirect, and the cookies that it sets. */
async function follow(text: string) {
  const url = /https?:\/\/\S+/.exec(text)?.[0] ?? ''
  const response = await fetch(url, { redirect: 'manual' })
  return { location: response.headers.get('location'), cookies: response.headers.getSetCookie() }
}

function codeIn(text: string): string {
  return /\b\d{6}\b/.exec(text)?.[0] ?? ''
}

test('required verification by link blocks sign-in until the emailed link is opened', async () => {
  const id = await branchWith('verify-link', {
    email_provider: sinkProvider(),
    email_and_password: {
      require_email_verification: true,
      email_verification_method: 'link',
      send_verification_email_on_sign_up: true,
      auto_sign_in_after_verification: false,
    },
  })
  expect((await signUp(id, 'ada@example.com')).status).toBe(200)
  expect(await signIn(id, 'ada@example.com')).toEqual([403, 'EMAIL_NOT_VERIFIED'])
  const mail = await sink.nextMessage()
  expect(mail).toMatchObject({ to: 'ada@example.com', from: 'Shop <noreply@shop.example>' })
  expect(await follow(mail.text)).toEqual({ location: welcome, cookies: [] })
  expect(await signIn(id, 'ada@example.com')).toEqual([200, undefined])
  expect(await local.users(id)).toMatchObject([{ role: 'user', emailVerified: true }])
})

test('required verification by code sends the code through the shared provider', async () => {
  const id = await branchWith('verify-code', {
    email_and_password: {
      require_email_verification: true,
      send_verification_email_on_sign_in: true,
    },
  })
  await signUp(id, 'ada@example.com')
  expect(local.outbox).toEqual([])
  expect(await signIn(id, 'ada@example.com')).toEqual([403, 'EMAIL_NOT_VERIFIED'])
  const [mail] = local.outbox
  expect(mail).toMatchObject({
    to: 'ada@example.com',
    from: 'Neon Auth <auth@mail.myneon.app>',
    branch: id,
  })
  const email = 'ada@example.com'
  expect((await auth(id, '/email-otp/verify-email', { email, otp: '' })).status).toBe(400)
  const otp = codeIn(mail?.text ?? '')
  const verified = await auth(id, '/email-otp/verify-email', { email, otp })
  expect(verified).toMatchObject({ status: 200, cookie: expect.stringContaining('session') })
  expect(await signIn(id, email)).toEqual([200, undefined])
  const outbox = await fetch(`${local.origin}/_local/outbox`)
  expect(await outbox.json()).toEqual({ outbox: [mail] })
})

test('a sign-up succeeds even if the mail server fails', async () => {
  const id = await branchWith('broken-mail', {
    email_provider: { ...sinkProvider(), password: 'wrong' },
    email_and_password: { send_verification_email_on_sign_up: true },
  })
  expect((await signUp(id, 'ada@example.com')).status).toBe(200)
  expect(await local.userCount(id)).toBe(1)
})

test('sign-up and passwords can be disabled with immediate effect', async () => {
  const id = await branchWith('switches')
  const set = (email_and_password: SettingChanges['email_and_password'] = {}) =>
    local.configure(id, { email_and_password })
  await set({ disable_sign_up: true })
  expect((await signUp(id, 'ada@example.com')).status).toBe(400)
  await set({ disable_sign_up: false })
  expect((await signUp(id, 'ada@example.com')).status).toBe(200)
  await set({ enabled: false })
  expect((await signIn(id, 'ada@example.com'))[0]).toBe(400)
  await set({ enabled: true })
  expect((await signIn(id, 'ada@example.com'))[0]).toBe(200)
})

test("a plugin's requests are answered only while it is enabled", async () => {
  const id = await branchWith('plugins', { plugin_configs: { organization: { enabled: false } } })
  const { cookie } = await signUp(id, 'ada@example.com')
  const tryAll = async () => {
    const answers = [
      await auth(id, '/sign-in/magic-link', { email: 'bob@example.com', callbackURL: welcome }),
      await auth(id, '/phone-number/send-otp', { phoneNumber: '+4912345' }),
      await auth(id, '/organization/create', { name: 'Shop', slug: 'shop' }, cookie),
    ]
    return answers.map(({ status }) => status)
  }
  expect(await tryAll()).toEqual([404, 404, 404])
  await local.configure(id, {
    ...hooked('send.otp'),
    email_provider: sinkProvider(),
    plugin_configs: {
      organization: { enabled: true },
      magic_link: { enabled: true },
      phone_number: { enabled: true },
    },
  })
  expect(await tryAll()).toEqual([200, 200, 200])
  expect(await hook.next()).toMatchObject({
    user: { phone_number: '+4912345' },
    event_data: { delivery_preference: 'sms' },
  })
  const mail = await sink.nextMessage()
  expect(mail.to).toBe('bob@example.com')
  const { location, cookies } = await follow(mail.text)
  expect([location, cookies.join()]).toEqual([welcome, expect.stringContaining('session_token')])
  expect(await local.users(id)).toMatchObject([
    { email: 'ada@example.com' },
    { email: 'bob@example.com', emailVerified: true },
  ])
  await local.configure(id, { plugin_configs: { magic_link: { disable_sign_up: true } } })
  await auth(id, '/sign-in/magic-link', { email: 'new@example.com', callbackURL: welcome })
  const refused = await follow((await sink.nextMessage()).text)
  expect(refused.location).toContain('error=')
})

test('a user created through the API has the assigned roles, can sign in with a code, and can set a password', async () => {
  const id = await branchWith('made-by-api')
  const users = `${local.apiHost}/projects/${local.projectId}/branches/${id}/auth/users`
  const call = (method: string, path: string, body: object) =>
    fetch(users + path, {
      method,
      headers: { authorization: `Bearer ${local.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const email = 'root@example.com'
  const { id: user } = (await (await call('POST', '', { email })).json()) as { id: string }
  expect((await signIn(id, email))[0]).toBe(401)

  await auth(id, '/email-otp/send-verification-otp', { email, type: 'sign-in' })
  const otp = codeIn(local.outbox.at(-1)?.text ?? '')
  const { cookie } = await auth(id, '/sign-in/email-otp', { email, otp })
  const listing = async () =>
    (await fetch(`${local.branch(id).baseUrl}/admin/list-users`, { headers: { cookie } })).status
  expect(await listing()).toBe(403)
  await call('PUT', `/${user}/role`, { roles: ['user', 'admin'] })
  expect(await listing()).toBe(200)

  await auth(id, '/request-password-reset', { email, redirectTo: `${app}/reset` })
  const { location } = await follow(local.outbox.at(-1)?.text ?? '')
  const token = new URL(location ?? '').searchParams.get('token')
  await auth(id, '/reset-password', { newPassword: password, token })
  expect((await signIn(id, email))[0]).toBe(200)
})

test('a webhook receives new users and may refuse them', async () => {
  const id = await branchWith('veto', hooked('user.before_create', 'user.created'))
  expect((await signUp(id, 'ada@example.com')).status).toBe(200)
  expect([await hook.next(), await hook.next()]).toMatchObject([
    {
      event_type: 'user.before_create',
      context: { project_name: local.projectId, endpoint_id: expect.stringMatching(/^ep-/) },
      user: { email: 'ada@example.com', name: 'Ada' },
      event_data: { auth_provider: 'credential', ip_address: '127.0.0.1' },
    },
    { event_type: 'user.created', user: { id: expect.any(String), email: 'ada@example.com' } },
  ])

  hook.answerWith(403)
  expect((await signUp(id, 'eve@example.com')).status).toBe(400)
  hook.answerWith(200, { allowed: false, error_code: 'DOMAIN_BLOCKED' })
  expect((await signUp(id, 'eve@example.com')).body).toMatchObject({ code: 'DOMAIN_BLOCKED' })
  hook.answerWith(500)
  expect((await signUp(id, 'eve@example.com')).status).toBe(400)
  const sent = hook.received.filter(({ user }) => user['email'] === 'eve@example.com')
  expect(new Set(sent.map(({ event_id }) => event_id)).size).toBe(3)
  // A failure of the receiver is retried.
  expect(sent).toHaveLength(5)
  expect(await local.userCount(id)).toBe(1)
  for (const _ of sent) await hook.next()
})

test('new users are refused if the webhook is unreachable', async () => {
  const { webhook_config } = hooked('user.before_create')
  const id = await branchWith('unreachable', {
    // Nobody listens there.
    webhook_config: { ...webhook_config, webhook_url: 'http://127.0.0.1:1/' },
  })
  expect((await signUp(id, 'ada@example.com')).status).toBe(400)
  expect(await local.userCount(id)).toBe(0)
})

test('codes and links go to a subscribed webhook instead of the mail server', async () => {
  const parent = await branchWith('delivers', {
    ...hooked('send.otp', 'send.magic_link'),
    email_provider: sinkProvider(),
    plugin_configs: { magic_link: { enabled: true, expires_in: 20 } },
  })
  const { id } = await local.createBranch({ name: 'preview/delivers', parent })
  const before = sink.messages.length
  const email = 'ada@example.com'
  await auth(id, '/email-otp/send-verification-otp', { email, type: 'sign-in' })
  await auth(id, '/sign-in/magic-link', { email, callbackURL: welcome })
  const [code, link] = [await hook.next(), await hook.next()]
  expect(code).toMatchObject({ event_type: 'send.otp', user: { email } })
  const otp = code.event_data['otp_code']
  expect((await auth(id, '/sign-in/email-otp', { email, otp })).status).toBe(200)
  expect(link.event_type).toBe('send.magic_link')
  const { link_url, expires_at } = link.event_data
  const minutes = (Date.parse(String(expires_at)) - Date.now()) / 60_000
  expect(Math.round(minutes)).toBe(20)
  expect((await follow(String(link_url))).location).toBe(welcome)
  expect(sink.messages).toHaveLength(before)
})

test("sign-in with Google uses the project's own app if there is one, otherwise the shared one", async () => {
  const id = await branchWith('google')
  const clientOf = async (provider: string) => {
    const { body } = await auth(id, '/sign-in/social', { provider, callbackURL: welcome })
    const { url } = body as { url?: string }
    return url === undefined ? undefined : new URL(url).searchParams.get('client_id')
  }
  expect(await clientOf('google')).toBe('local-neon-shared')
  expect(await clientOf('github')).toBeUndefined()
  const own = { client_id: 'own-app', client_secret: 's' }
  await local.configure(id, {
    social_providers: [
      { id: 'google', ...own },
      { id: 'github', ...own },
    ],
  })
  expect([await clientOf('google'), await clientOf('github')]).toEqual(['own-app', 'own-app'])
})
