import type {
  AddBranchNeonAuthOauthProviderData,
  CreateBranchNeonAuthNewUserData,
  DeleteBranchNeonAuthOauthProviderData,
  DeleteBranchNeonAuthUserData,
  GetNeonAuthEmailProviderData,
  GetNeonAuthPluginConfigsData,
  GetNeonAuthWebhookConfigData,
  NeonAuthOauthProviderId,
  NeonAuthPluginConfigs,
  NeonAuthUpdateOAuthProviderRequest,
  NeonAuthWebhookConfig,
  SendNeonAuthEmailProviderTestData,
  SendNeonAuthTestEmailData,
  SendNeonAuthTestEmailRequest,
  SendNeonAuthTestEmailResponse,
  UpdateBranchNeonAuthOauthProviderData,
  UpdateNeonAuthConfigData,
  UpdateNeonAuthEmailAndPasswordConfigData,
  UpdateNeonAuthEmailProviderData,
  UpdateNeonAuthMagicLinkPluginData,
  UpdateNeonAuthOrganizationPluginData,
  UpdateNeonAuthPhoneNumberPluginData,
  UpdateNeonAuthUserRoleData,
  UpdateNeonAuthWebhookConfigData,
} from '@neon/sdk/raw'
import type { RequestName } from '../network/errors.ts'
import { type Api, AUTH, type BranchPath } from './api.ts'
import {
  expectArray,
  expectBoolean,
  expectText,
  optionalRecord,
  optionalText,
  optionalTexts,
} from './response-checks.ts'

type Body<O extends { body?: unknown }> = NonNullable<O['body']>

/** The endpoints of a branch's auth settings, users and test email. */
export interface SettingsClient {
  /** Everything but domains, webhook and name, in one answer. Absent where auth is off. */
  getPlugins(branchId: string): Promise<NeonAuthPluginConfigs | undefined>
  getWebhook(branchId: string): Promise<NeonAuthWebhookConfig | undefined>
  /** Who sends the emails. Absent if nobody ever set it: Neon's shared provider then sends them. */
  getEmailProviderType(branchId: string): Promise<string | undefined>
  /** Replaces the whole webhook. */
  putWebhook(branchId: string, webhook: NeonAuthWebhookConfig): Promise<void>
  setName(branchId: string, name: string): Promise<void>
  setEmailProvider(branchId: string, body: Body<UpdateNeonAuthEmailProviderData>): Promise<void>
  setEmailAndPassword(
    branchId: string,
    body: Body<UpdateNeonAuthEmailAndPasswordConfigData>,
  ): Promise<void>
  setOrganization(branchId: string, body: Body<UpdateNeonAuthOrganizationPluginData>): Promise<void>
  setMagicLink(branchId: string, body: Body<UpdateNeonAuthMagicLinkPluginData>): Promise<void>
  setPhoneNumber(branchId: string, body: Body<UpdateNeonAuthPhoneNumberPluginData>): Promise<void>
  /** Without credentials: Neon's own. */
  addOauthProvider(
    branchId: string,
    id: NeonAuthOauthProviderId,
    credentials?: NeonAuthUpdateOAuthProviderRequest,
  ): Promise<void>
  updateOauthProvider(
    branchId: string,
    id: NeonAuthOauthProviderId,
    credentials: NeonAuthUpdateOAuthProviderRequest,
  ): Promise<void>
  removeOauthProvider(branchId: string, id: NeonAuthOauthProviderId): Promise<void>
  /** The new user's id; `undefined` where the email is taken (409). */
  createUser(branchId: string, email: string, name: string): Promise<string | undefined>
  deleteUser(branchId: string, userId: string): Promise<'removed' | 'gone'>
  setRoles(branchId: string, userId: string, roles: string[]): Promise<void>
  /** `undefined` where the API does not know this endpoint yet (404). */
  testEmailProvider(
    branchId: string,
    to: string,
  ): Promise<SendNeonAuthTestEmailResponse | undefined>
  sendTestEmail(
    branchId: string,
    body: SendNeonAuthTestEmailRequest,
  ): Promise<SendNeonAuthTestEmailResponse>
}

const GROUPS = ['organization', 'magic_link', 'phone_number', 'email_and_password']

type Reading = 'getPlugins' | 'getWebhook' | 'getEmailProviderType'

const reading = ({ readIfOn }: Api, at: BranchPath): Pick<SettingsClient, Reading> => ({
  async getPlugins(branchId) {
    const answered = await readIfOn<GetNeonAuthPluginConfigsData>(`${AUTH}/plugins`, at(branchId))
    if (!answered) return undefined
    const { request } = answered
    const plugins = answered.json()
    for (const name of GROUPS) {
      if (plugins[name] != null)
        expectBoolean(request, optionalRecord(request, plugins, name), 'enabled')
    }
    optionalText(request, optionalRecord(request, plugins, 'email_provider'), 'host')
    if (plugins['oauth_providers'] == null) return plugins
    for (const provider of expectArray(request, plugins, 'oauth_providers')) {
      expectText(request, provider, 'id')
      expectText(request, provider, 'type')
    }
    return plugins
  },
  async getWebhook(branchId) {
    const answered = await readIfOn<GetNeonAuthWebhookConfigData>(`${AUTH}/webhooks`, at(branchId))
    if (!answered) return undefined
    const webhook = answered.json()
    optionalText(answered.request, webhook, 'webhook_url')
    optionalTexts(answered.request, webhook, 'enabled_events')
    return { ...webhook, enabled: expectBoolean(answered.request, webhook, 'enabled') }
  },
  async getEmailProviderType(branchId) {
    const url = `${AUTH}/email_provider` as const
    const answered = await readIfOn<GetNeonAuthEmailProviderData>(url, at(branchId))
    return answered && expectText(answered.request, answered.json(), 'type')
  },
})

type Writing =
  | 'putWebhook'
  | 'setName'
  | 'setEmailProvider'
  | 'setEmailAndPassword'
  | 'setOrganization'
  | 'setMagicLink'
  | 'setPhoneNumber'

const writing = ({ call }: Api, at: BranchPath): Pick<SettingsClient, Writing> => ({
  async putWebhook(branchId, body) {
    const fill = { ...at(branchId), body }
    await call<UpdateNeonAuthWebhookConfigData>('PUT', `${AUTH}/webhooks`, fill)
  },
  async setName(branchId, name) {
    const fill = { ...at(branchId), body: { name } }
    await call<UpdateNeonAuthConfigData>('PATCH', `${AUTH}/config`, fill)
  },
  async setEmailProvider(branchId, body) {
    const fill = { ...at(branchId), body }
    await call<UpdateNeonAuthEmailProviderData>('PATCH', `${AUTH}/email_provider`, fill)
  },
  async setEmailAndPassword(branchId, body) {
    const fill = { ...at(branchId), body }
    await call<UpdateNeonAuthEmailAndPasswordConfigData>(
      'PATCH',
      `${AUTH}/email_and_password`,
      fill,
    )
  },
  async setOrganization(branchId, body) {
    const fill = { ...at(branchId), body }
    await call<UpdateNeonAuthOrganizationPluginData>('PATCH', `${AUTH}/plugins/organization`, fill)
  },
  async setMagicLink(branchId, body) {
    const fill = { ...at(branchId), body }
    await call<UpdateNeonAuthMagicLinkPluginData>('PATCH', `${AUTH}/plugins/magic-link`, fill)
  },
  async setPhoneNumber(branchId, body) {
    const fill = { ...at(branchId), body }
    await call<UpdateNeonAuthPhoneNumberPluginData>('PATCH', `${AUTH}/plugins/phone-number`, fill)
  },
})

type Oauth = 'addOauthProvider' | 'updateOauthProvider' | 'removeOauthProvider'

const oauth = ({ call, remove }: Api, at: BranchPath): Pick<SettingsClient, Oauth> => {
  const atProvider = (branchId: string, id: NeonAuthOauthProviderId) => ({
    path: { ...at(branchId).path, oauth_provider_id: id },
  })
  const one = `${AUTH}/oauth_providers/{oauth_provider_id}` as const
  return {
    async addOauthProvider(branchId, id, credentials = {}) {
      const fill = { ...at(branchId), body: { id, ...credentials } }
      await call<AddBranchNeonAuthOauthProviderData>('POST', `${AUTH}/oauth_providers`, fill)
    },
    async updateOauthProvider(branchId, id, body) {
      const fill = { ...atProvider(branchId, id), body }
      await call<UpdateBranchNeonAuthOauthProviderData>('PATCH', one, fill)
    },
    async removeOauthProvider(branchId, id) {
      await remove<DeleteBranchNeonAuthOauthProviderData>(one, atProvider(branchId, id))
    },
  }
}

type Users = 'createUser' | 'deleteUser' | 'setRoles' | 'testEmailProvider' | 'sendTestEmail'

const users = ({ call, remove }: Api, at: BranchPath): Pick<SettingsClient, Users> => {
  const atUser = (branchId: string, userId: string) => ({
    path: { ...at(branchId).path, auth_user_id: userId },
  })
  const one = `${AUTH}/users/{auth_user_id}` as const
  return {
    async createUser(branchId, email, name) {
      const fill = { ...at(branchId), body: { email, name } }
      const url = `${AUTH}/users` as const
      const answered = await call<CreateBranchNeonAuthNewUserData>('POST', url, fill, [409])
      if (answered.status === 409) return undefined
      return expectText(answered.request, answered.json(), 'id')
    },
    async deleteUser(branchId, userId) {
      return remove<DeleteBranchNeonAuthUserData>(one, atUser(branchId, userId))
    },
    async setRoles(branchId, userId, roles) {
      const fill = { ...atUser(branchId, userId), body: { roles } }
      await call<UpdateNeonAuthUserRoleData>('PUT', `${one}/role`, fill)
    },
    async testEmailProvider(branchId, recipient_email) {
      const fill = { ...at(branchId), body: { recipient_email } }
      const url = `${AUTH}/email_provider/test` as const
      const answered = await call<SendNeonAuthEmailProviderTestData>('POST', url, fill, [404, 405])
      if (answered.status >= 400) return undefined
      return sent(answered.request, answered.json())
    },
    async sendTestEmail(branchId, body) {
      const fill = { ...at(branchId), body }
      const url = `${AUTH}/send_test_email` as const
      const { request, json } = await call<SendNeonAuthTestEmailData>('POST', url, fill)
      return sent(request, json())
    },
  }
}

const sent = (
  request: RequestName,
  answer: Record<string, unknown>,
): SendNeonAuthTestEmailResponse => {
  const said = answer['error_message']
  return {
    success: expectBoolean(request, answer, 'success'),
    ...(typeof said === 'string' && { error_message: said }),
  }
}

/** Binds the endpoints of auth settings to an API. */
export const createSettingsClient = (api: Api, at: BranchPath): SettingsClient => ({
  ...reading(api, at),
  ...writing(api, at),
  ...oauth(api, at),
  ...users(api, at),
})
