import { at, type Reply, textAt } from './service.ts'
import { enable, type Findings, type Workspace, type WorkspaceBranch } from './workspace.ts'

/** Finds out how settings read back, and which are refused. */
export async function probeSettings(workspace: Workspace): Promise<Findings> {
  const branch = await workspace.createClean()
  await enable(workspace, branch)
  return {
    ...(await probeProviders(branch)),
    ...(await probeName(branch)),
    ...(await probeWebhook(branch)),
    ...(await probeEmail(branch)),
    shownPlugins: shownPlugins(await branch.auth('GET', '/plugins')),
  }
}

async function probeProviders(branch: WorkspaceBranch): Promise<Findings> {
  await branch.auth('DELETE', '/oauth_providers/google')
  const first = await branch.auth('POST', '/oauth_providers', { id: 'google' })
  const again = await branch.auth('POST', '/oauth_providers', { id: 'google' })
  const credentials = { client_id: 'live-examination', client_secret: 'live-secret' }
  await branch.auth('POST', '/oauth_providers', { id: 'github', ...credentials })
  const list = at(await branch.auth('GET', '/oauth_providers'), 'providers')
  const shown = JSON.stringify(list ?? []).includes(credentials.client_secret)
  return {
    firstProvider: first.status === 201 ? '201' : first.status === 200 ? '200' : undefined,
    providerAgain: providerAgain(again),
    shownSecret: shown ? 'shown' : 'hidden',
  }
}

function providerAgain({ status }: Reply): Findings['providerAgain'] {
  if (status === 409) return 'conflict'
  return status === 201 ? 'created' : status === 200 ? 'replaced' : undefined
}

async function probeName(branch: WorkspaceBranch): Promise<Findings> {
  const name = 'Live examination '
  await branch.auth('PATCH', '/config', { name })
  const shown = at(await branch.auth('GET'), 'name')
  if (shown === undefined || shown === null) return { shownName: 'absent' }
  if (shown === name) return { shownName: 'verbatim' }
  return { shownName: shown === name.trim() ? 'trimmed' : undefined }
}

function shownPlugins(reply: Reply): Findings['shownPlugins'] {
  const phone = at(reply, 'phone_number')
  if (phone === undefined || phone === null) return 'plugin-absent'
  if (at(reply, 'phone_number', 'otp_expires_in') === undefined) return 'field-absent'
  const known = [
    'organization',
    'magic_link',
    'phone_number',
    'email_provider',
    'email_and_password',
    'oauth_providers',
    'allow_localhost',
  ]
  const names = Object.keys((reply.body ?? {}) as object)
  return names.every((name) => known.includes(name)) ? 'all' : 'unknown-too'
}

async function probeWebhook(branch: WorkspaceBranch): Promise<Findings> {
  const webhook_url = 'https://hooks.example'
  const set = (url: string) =>
    branch.auth('PUT', '/webhooks', { enabled: false, webhook_url: url, timeout_seconds: 7 })
  await set(webhook_url)
  const plain = await branch.auth('GET', '/webhooks')
  await set(`${webhook_url}/in/live-path`)
  const secret = await branch.auth('GET', '/webhooks')
  if (!textAt(secret, 'webhook_url').includes('live-path')) return { shownWebhook: 'masked' }
  if (textAt(plain, 'webhook_url').endsWith('/')) return { shownWebhook: 'slash' }
  const hasTimeout = at(plain, 'timeout_seconds') !== undefined
  return { shownWebhook: hasTimeout ? 'verbatim' : 'no-timeout' }
}

const smtp = {
  type: 'standard',
  host: 'smtp.live.invalid',
  port: 587,
  username: 'live',
  password: 'live-secret',
  sender_email: 'live@live.example',
  sender_name: 'Live',
}

async function probeEmail(branch: WorkspaceBranch): Promise<Findings> {
  await branch.auth('PATCH', '/email_provider', smtp)
  const password = textAt(await branch.auth('GET', '/email_provider'), 'password')
  const sender = { sender_name: 'Live', sender_email: 'live@live.example' }
  await branch.auth('PATCH', '/email_provider', { type: 'shared', ...sender })
  const shared = await branch.auth('GET', '/email_provider')
  const links = await branch.auth('PATCH', '/email_and_password', {
    email_verification_method: 'link',
  })
  return {
    shownPassword: password === '' ? 'empty' : password === smtp.password ? 'clear' : 'masked',
    shownSender: textAt(shared, 'sender_name') === '' ? 'absent' : 'all',
    // Only a mailbox could show whether an accepted link is ever sent.
    sharedLinks: links.status === 400 ? 'refused' : undefined,
  }
}
