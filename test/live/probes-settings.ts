import {
  answerEach,
  answerFor,
  byStatus,
  type Findings,
  Inconclusive,
  readable,
  succeeded,
} from './findings.ts'
import { at, isSuccess, type Reply, textAt } from './service.ts'
import { enable, type Workspace, type WorkspaceBranch } from './workspace.ts'

/** Finds out how settings read back, and which are refused. */
export async function probeSettings(workspace: Workspace): Promise<Findings> {
  const branch = await workspace.createClean()
  await enable(workspace, branch)
  return {
    ...(await probeProviders(branch)),
    ...(await answerEach({
      shownName: () => probeName(branch),
      shownWebhook: () => probeWebhook(branch),
      shownPassword: () => probePassword(branch),
      shownSender: () => probeSender(branch),
      sharedLinks: () => probeLinks(branch),
      shownPlugins: async () => shownPlugins(await branch.auth('GET', '/plugins')),
    })),
  }
}

async function probeProviders(branch: WorkspaceBranch): Promise<Findings> {
  const removed = await branch.auth('DELETE', '/oauth_providers/google')
  const first = await branch.auth('POST', '/oauth_providers', { id: 'google' })
  const again = await branch.auth('POST', '/oauth_providers', { id: 'google' })
  return answerEach({
    firstProvider: () => {
      // New auth may come without Google.
      byStatus(removed, { 200: 'removed', 204: 'removed', 404: 'absent' })
      return byStatus(first, { 200: '200', 201: '201' })
    },
    providerAgain: () => {
      succeeded(first)
      return byStatus(again, { 200: 'replaced', 201: 'created', 409: 'conflict' })
    },
    shownSecret: () => probeSecret(branch),
  })
}

async function probeSecret(branch: WorkspaceBranch): Promise<Findings['shownSecret']> {
  const github = { id: 'github', client_id: 'live-examination', client_secret: 'live-secret' }
  succeeded(await branch.auth('POST', '/oauth_providers', github))
  const list = readable(await branch.auth('GET', '/oauth_providers'))
  const shown = JSON.stringify(at(list, 'providers') ?? [])
  if (!shown.includes(github.id)) throw new Inconclusive(list, 'no github')
  return shown.includes(github.client_secret) ? 'shown' : 'hidden'
}

async function probeName(branch: WorkspaceBranch): Promise<Findings['shownName']> {
  const name = 'Live examination '
  succeeded(await branch.auth('PATCH', '/config', { name }))
  const auth = readable(await branch.auth('GET'))
  const shown = at(auth, 'name') ?? ''
  return answerFor(auth, shown, { '': 'absent', [name]: 'verbatim', [name.trim()]: 'trimmed' })
}

function shownPlugins(reply: Reply): Findings['shownPlugins'] {
  const names = Object.keys(readable(reply).body as object)
  if (names.length === 0) throw new Inconclusive(reply)
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
  return names.every((name) => known.includes(name)) ? 'all' : 'unknown-too'
}

async function probeWebhook(branch: WorkspaceBranch): Promise<Findings['shownWebhook']> {
  const origin = 'https://hooks.example'
  const set = async (webhook_url: string) => {
    const webhook = { enabled: false, webhook_url, timeout_seconds: 7 }
    succeeded(await branch.auth('PUT', '/webhooks', webhook))
    const shown = readable(await branch.auth('GET', '/webhooks'))
    if (!textAt(shown, 'webhook_url').startsWith(origin)) throw new Inconclusive(shown)
    return shown
  }
  const plain = await set(origin)
  const secret = await set(`${origin}/in/live-path`)
  if (!textAt(secret, 'webhook_url').includes('live-path')) return 'masked'
  if (textAt(plain, 'webhook_url').endsWith('/')) return 'slash'
  return at(plain, 'timeout_seconds') === undefined ? 'no-timeout' : 'verbatim'
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
const shared = { type: 'shared', sender_name: 'Live', sender_email: 'live@live.example' }

/** Sets the email provider. Returns how it reads back. */
async function setEmail(branch: WorkspaceBranch, provider: { type: string }): Promise<Reply> {
  succeeded(await branch.auth('PATCH', '/email_provider', provider))
  const shown = readable(await branch.auth('GET', '/email_provider'))
  if (at(shown, 'type') !== provider.type) throw new Inconclusive(shown)
  return shown
}

async function probePassword(branch: WorkspaceBranch): Promise<Findings['shownPassword']> {
  const shown = await setEmail(branch, smtp)
  const password = at(shown, 'password')
  if (typeof password !== 'string') throw new Inconclusive(shown)
  return password === '' ? 'empty' : password === smtp.password ? 'clear' : 'masked'
}

async function probeSender(branch: WorkspaceBranch): Promise<Findings['shownSender']> {
  const shown = await setEmail(branch, shared)
  return textAt(shown, 'sender_name') === '' ? 'absent' : 'all'
}

async function probeLinks(branch: WorkspaceBranch): Promise<Findings['sharedLinks']> {
  await setEmail(branch, shared)
  const links = { email_verification_method: 'link' }
  const reply = await branch.auth('PATCH', '/email_and_password', links)
  if (!isSuccess(reply)) return byStatus(reply, { 400: 'refused' })
  // Only a mailbox could show whether an accepted link is ever sent.
  succeeded(reply)
  return undefined
}
