import { describe, expect, it } from 'vitest'
import { createNeonClient } from '../../src/neon/client.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import type { CheckedRequest, HttpResponse } from '../../src/network/messages.ts'
import type { SettingsChange } from '../../src/settings/changes.ts'
import type { SettingsContext } from '../../src/settings/context.ts'
import { applySetting } from '../../src/settings/write-settings.ts'
import { SILENT_LOG } from '../fakes.ts'

/** What Neon returns for each part of the settings. `undefined` means 404. */
interface Stored {
  readonly auth?: object | undefined
  readonly plugins?: object | undefined
  readonly webhooks?: object | undefined
}

/** Applies a change. The responses to the first `lost` writes are lost. Returns the writes and the reads. */
const applyChange = async (change: SettingsChange, stored: Stored = {}, lost = 0) => {
  const writes: string[] = []
  const reads: string[] = []
  const send = async (request: CheckedRequest): Promise<HttpResponse> => {
    const { method, path, body = '' } = request
    const part = path.replace(/^.*\/auth\/?/, '')
    if (method !== 'GET') {
      writes.push(`${method} ${part} ${body}`.trim())
      if (writes.length <= lost) throw new LostResponseError(request, 'reset')
      return { status: 200, headers: {}, text: '{}' }
    }
    reads.push(part || 'auth')
    const found = stored[(part || 'auth') as keyof Stored]
    const off = { code: '', message: 'Neon Auth is not enabled' }
    return { status: found ? 200 : 404, headers: {}, text: JSON.stringify(found ?? off) }
  }
  const context = {
    neon: createNeonClient(send, { apiHost: '', apiKey: '', projectId: 'p1' }),
    branch: { id: 'br-1' },
    deadline: { sleep: async () => {} },
    log: SILENT_LOG,
  } as unknown as SettingsContext
  await applySetting(change, context)
  return { writes, reads }
}

const NAME: SettingsChange = { change: 'set_name', name: 'Shop' }
const PASSWORDS: SettingsChange = {
  change: 'update_email_and_password',
  set: { disable_sign_up: true },
}
const HOOK = { enabled: true, webhook_url: 'https://hook.example/in' }
const WEBHOOK: SettingsChange = { change: 'set_webhook', webhook: HOOK }
const NO_WEBHOOK: SettingsChange = { change: 'set_webhook', webhook: { enabled: false } }
const ORGANIZATION: SettingsChange = {
  change: 'update_plugin',
  plugin: 'organization',
  set: { enabled: true },
}
const SHARED_EMAIL: SettingsChange = { change: 'set_email_provider', provider: { type: 'shared' } }
const KEYS = { client_id: 'id-1', client_secret: 'secret-1' }
const ADD_SHARED: SettingsChange = { change: 'add_oauth_provider', provider: 'google' }
const ADD: SettingsChange = { ...ADD_SHARED, credentials: KEYS }
const UPDATE: SettingsChange = {
  change: 'update_oauth_provider',
  provider: 'google',
  credentials: KEYS,
}
const REMOVE: SettingsChange = { change: 'remove_oauth_provider', provider: 'google' }
const providers = (...found: object[]): Stored => ({ plugins: { oauth_providers: found } })
const GOOGLE = { id: 'google', type: 'standard', client_id: 'id-1' }
const GITHUB = { id: 'github', type: 'standard', client_id: 'id-2' }

describe('a change of settings is sent once, and nothing is read', () => {
  it.each<[SettingsChange, string]>([
    [NAME, 'PATCH config {"name":"Shop"}'],
    [PASSWORDS, 'PATCH email_and_password {"disable_sign_up":true}'],
    [SHARED_EMAIL, 'PATCH email_provider {"type":"shared"}'],
    [ORGANIZATION, 'PATCH plugins/organization {"enabled":true}'],
    [ADD_SHARED, 'POST oauth_providers {"id":"google"}'],
    [ADD, 'POST oauth_providers {"id":"google","client_id":"id-1","client_secret":"secret-1"}'],
    [UPDATE, 'PATCH oauth_providers/google {"client_id":"id-1","client_secret":"secret-1"}'],
    [REMOVE, 'DELETE oauth_providers/google'],
    [WEBHOOK, `PUT webhooks ${JSON.stringify(HOOK)}`],
  ])('%j', async (change, request) => {
    expect(await applyChange(change)).toEqual({ writes: [request], reads: [] })
  })
})

describe('reconcile lost responses by reading: a change of settings whose response is lost', () => {
  it.each<[string, SettingsChange, Stored, string]>([
    ['a name', NAME, { auth: { auth_provider: 'better_auth', name: 'Shop' } }, 'auth'],
    ['a webhook', WEBHOOK, { webhooks: HOOK }, 'webhooks'],
    ['a webhook that is off', NO_WEBHOOK, {}, 'webhooks'],
    [
      'a password setting',
      PASSWORDS,
      { plugins: { email_and_password: { enabled: true, disable_sign_up: true } } },
      'plugins',
    ],
    ['a plugin', ORGANIZATION, { plugins: { organization: { enabled: true } } }, 'plugins'],
    [
      'the shared email provider',
      SHARED_EMAIL,
      { plugins: { email_provider: { type: 'shared' } } },
      'plugins',
    ],
    ["Neon's OAuth app", ADD_SHARED, providers({ id: 'google', type: 'shared' }), 'plugins'],
    ['a removed provider next to another one', REMOVE, providers(GITHUB), 'plugins'],
    ['a removed provider if auth is off', REMOVE, {}, 'plugins'],
  ])('is not repeated if Neon shows it: %s', async (_, change, stored, part) => {
    const { writes, reads } = await applyChange(change, stored, 1)
    expect(writes).toHaveLength(1)
    expect(reads).toEqual([part])
  })

  it.each<[string, SettingsChange, Stored]>([
    ['another name', NAME, { auth: { auth_provider: 'better_auth', name: 'Old' } }],
    ['a name if auth is off', NAME, {}],
    ['a webhook that is missing', WEBHOOK, {}],
    ['a webhook that is still on', NO_WEBHOOK, { webhooks: HOOK }],
    ['a plugin that is off', ORGANIZATION, { plugins: { organization: { enabled: false } } }],
    ['a plugin if auth is off', ORGANIZATION, {}],
    ['a provider that still exists', REMOVE, providers(GITHUB, GOOGLE)],
    ['a client secret, which Neon does not show', UPDATE, providers(GOOGLE)],
    ["Neon's OAuth app that is missing", ADD_SHARED, providers(GITHUB)],
    ["Neon's OAuth app if the provider has credentials by now", ADD_SHARED, providers(GOOGLE)],
  ])('is repeated unchanged if Neon does not show it: %s', async (_, change, stored) => {
    const { writes, reads } = await applyChange(change, stored, 1)
    expect(writes).toHaveLength(2)
    expect(writes[1]).toBe(writes[0])
    expect(reads).toHaveLength(1)
  })
})

describe('reconcile lost responses by reading: a lost request to add a provider with credentials', () => {
  it.each<[string, Stored, string]>([
    ['as an update if the provider exists by now', providers(GITHUB, GOOGLE), 'PATCH'],
    ['unchanged if only another provider exists', providers(GITHUB), 'POST'],
    ['unchanged if no provider exists', providers(), 'POST'],
    ['unchanged if Neon shows no providers', { plugins: {} }, 'POST'],
    ['unchanged if Neon shows null', { plugins: { oauth_providers: null } }, 'POST'],
    ['unchanged if auth is off', {}, 'POST'],
  ])('is repeated %s', async (_, stored, method) => {
    const { writes } = await applyChange(ADD, stored, 1)
    const update = 'PATCH oauth_providers/google {"client_id":"id-1","client_secret":"secret-1"}'
    expect(writes).toHaveLength(2)
    expect(writes[1]).toBe(method === 'PATCH' ? update : writes[0])
  })
})
