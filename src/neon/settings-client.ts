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
import {
  checkOptionalTexts,
  expectArray,
  expectBoolean,
  expectText,
  optionalRecord,
  optionalText,
  withoutNulls,
} from './response-checks.ts'
import { type Api, type ApiOperation, AUTH, type BranchPath } from './typed-request.ts'

type Body<O extends { body?: unknown }> = NonNullable<O['body']>

/** New values for one plugin. */
type PluginUpdate =
  | { readonly plugin: 'organization'; readonly set: Body<UpdateNeonAuthOrganizationPluginData> }
  | { readonly plugin: 'magic_link'; readonly set: Body<UpdateNeonAuthMagicLinkPluginData> }
  | { readonly plugin: 'phone_number'; readonly set: Body<UpdateNeonAuthPhoneNumberPluginData> }

interface SettingsReads {
  /** Returns all settings except domains, webhook, and name, or `undefined` if auth is off. */
  getPlugins(branchId: string): Promise<NeonAuthPluginConfigs | undefined>
  getWebhook(branchId: string): Promise<NeonAuthWebhookConfig | undefined>
  /** Returns the email provider's type. `undefined` if it was never set, which means `shared`. */
  getEmailProviderType(branchId: string): Promise<string | undefined>
}

interface SettingsWrites {
  /** Replaces the whole webhook. */
  putWebhook(branchId: string, webhook: NeonAuthWebhookConfig): Promise<void>
  setName(branchId: string, name: string): Promise<void>
  setEmailProvider(branchId: string, body: Body<UpdateNeonAuthEmailProviderData>): Promise<void>
  setEmailAndPassword(
    branchId: string,
    body: Body<UpdateNeonAuthEmailAndPasswordConfigData>,
  ): Promise<void>
  updatePlugin(branchId: string, update: PluginUpdate): Promise<void>
}

interface OauthEndpoints {
  /** Adds a provider. Without `credentials`, it uses Neon's shared ones. */
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
}

interface UserEndpoints {
  /** Returns the new user's ID, or `undefined` if the email is taken (409). */
  createUser(branchId: string, email: string, name: string): Promise<string | undefined>
  deleteUser(branchId: string, userId: string): Promise<'removed' | 'gone'>
  setRoles(branchId: string, userId: string, roles: string[]): Promise<void>
  /** Returns `undefined` if the API does not have this endpoint (404 or 405). */
  testEmailProvider(
    branchId: string,
    to: string,
  ): Promise<SendNeonAuthTestEmailResponse | undefined>
  sendTestEmail(
    branchId: string,
    body: SendNeonAuthTestEmailRequest,
  ): Promise<SendNeonAuthTestEmailResponse>
}

/** The endpoints for a branch's auth settings, users, and test email. */
export interface SettingsClient
  extends SettingsReads,
    SettingsWrites,
    OauthEndpoints,
    UserEndpoints {}

/** The groups of settings that have an `enabled` flag. */
const GROUPS_WITH_SWITCH = ['organization', 'magic_link', 'phone_number', 'email_and_password']

const createReads = ({ readIfExists }: Api, branchPath: BranchPath): SettingsReads => ({
  async getPlugins(branchId) {
    const response = await readIfExists<GetNeonAuthPluginConfigsData>(
      `${AUTH}/plugins`,
      branchPath(branchId),
    )
    if (!response) return undefined
    const { request } = response
    const plugins = withoutNulls(response.json())
    for (const name of GROUPS_WITH_SWITCH) {
      if (name in plugins) expectBoolean(request, optionalRecord(request, plugins, name), 'enabled')
    }
    optionalText(request, optionalRecord(request, plugins, 'email_provider'), 'host')
    if (!('oauth_providers' in plugins)) return plugins
    for (const provider of expectArray(request, plugins, 'oauth_providers')) {
      expectText(request, provider, 'id')
      expectText(request, provider, 'type')
    }
    return plugins
  },
  async getWebhook(branchId) {
    const response = await readIfExists<GetNeonAuthWebhookConfigData>(
      `${AUTH}/webhooks`,
      branchPath(branchId),
    )
    if (!response) return undefined
    const webhook = withoutNulls(response.json())
    optionalText(response.request, webhook, 'webhook_url')
    checkOptionalTexts(response.request, webhook, 'enabled_events')
    return { ...webhook, enabled: expectBoolean(response.request, webhook, 'enabled') }
  },
  async getEmailProviderType(branchId) {
    const url = `${AUTH}/email_provider` as const
    const response = await readIfExists<GetNeonAuthEmailProviderData>(url, branchPath(branchId))
    return response && expectText(response.request, response.json(), 'type')
  },
})

const PLUGIN_URLS = {
  organization: `${AUTH}/plugins/organization`,
  magic_link: `${AUTH}/plugins/magic-link`,
  phone_number: `${AUTH}/plugins/phone-number`,
} as const

const createWrites = ({ call }: Api, branchPath: BranchPath): SettingsWrites => {
  const patch = async <O extends ApiOperation & { body: unknown }>(
    url: O['url'],
    branchId: string,
    body: O['body'],
  ): Promise<void> => {
    await call<ApiOperation>('PATCH', url, { ...branchPath(branchId), body })
  }
  return {
    async putWebhook(branchId, body) {
      const params = { ...branchPath(branchId), body }
      await call<UpdateNeonAuthWebhookConfigData>('PUT', `${AUTH}/webhooks`, params)
    },
    setName: (branchId, name) =>
      patch<UpdateNeonAuthConfigData>(`${AUTH}/config`, branchId, { name }),
    setEmailProvider: (branchId, body) =>
      patch<UpdateNeonAuthEmailProviderData>(`${AUTH}/email_provider`, branchId, body),
    setEmailAndPassword: (branchId, body) =>
      patch<UpdateNeonAuthEmailAndPasswordConfigData>(`${AUTH}/email_and_password`, branchId, body),
    updatePlugin: (branchId, { plugin, set }) =>
      patch<
        | UpdateNeonAuthOrganizationPluginData
        | UpdateNeonAuthMagicLinkPluginData
        | UpdateNeonAuthPhoneNumberPluginData
      >(PLUGIN_URLS[plugin], branchId, set),
  }
}

const oauthClient = ({ call, remove }: Api, branchPath: BranchPath): OauthEndpoints => {
  const providerPath = (branchId: string, id: NeonAuthOauthProviderId) => ({
    path: { ...branchPath(branchId).path, oauth_provider_id: id },
  })
  const providerUrl = `${AUTH}/oauth_providers/{oauth_provider_id}` as const
  return {
    async addOauthProvider(branchId, id, credentials = {}) {
      const params = { ...branchPath(branchId), body: { id, ...credentials } }
      await call<AddBranchNeonAuthOauthProviderData>('POST', `${AUTH}/oauth_providers`, params)
    },
    async updateOauthProvider(branchId, id, body) {
      const params = { ...providerPath(branchId, id), body }
      await call<UpdateBranchNeonAuthOauthProviderData>('PATCH', providerUrl, params)
    },
    async removeOauthProvider(branchId, id) {
      await remove<DeleteBranchNeonAuthOauthProviderData>(providerUrl, providerPath(branchId, id))
    },
  }
}

const userClient = ({ call, remove }: Api, branchPath: BranchPath): UserEndpoints => {
  const userPath = (branchId: string, userId: string) => ({
    path: { ...branchPath(branchId).path, auth_user_id: userId },
  })
  const userUrl = `${AUTH}/users/{auth_user_id}` as const
  return {
    async createUser(branchId, email, name) {
      const params = { ...branchPath(branchId), body: { email, name } }
      const url = `${AUTH}/users` as const
      const response = await call<CreateBranchNeonAuthNewUserData>('POST', url, params, [409])
      if (response.status === 409) return undefined
      return expectText(response.request, response.json(), 'id')
    },
    async deleteUser(branchId, userId) {
      return remove<DeleteBranchNeonAuthUserData>(userUrl, userPath(branchId, userId))
    },
    async setRoles(branchId, userId, roles) {
      const params = { ...userPath(branchId, userId), body: { roles } }
      await call<UpdateNeonAuthUserRoleData>('PUT', `${userUrl}/role`, params)
    },
    async testEmailProvider(branchId, recipient_email) {
      const params = { ...branchPath(branchId), body: { recipient_email } }
      const url = `${AUTH}/email_provider/test` as const
      const response = await call<SendNeonAuthEmailProviderTestData>(
        'POST',
        url,
        params,
        [404, 405],
      )
      if (response.status >= 400) return undefined
      return testEmailResult(response.request, response.json())
    },
    async sendTestEmail(branchId, body) {
      const params = { ...branchPath(branchId), body }
      const url = `${AUTH}/send_test_email` as const
      const { request, json } = await call<SendNeonAuthTestEmailData>('POST', url, params)
      return testEmailResult(request, json())
    },
  }
}

const testEmailResult = (
  request: RequestName,
  response: Record<string, unknown>,
): SendNeonAuthTestEmailResponse => {
  const { error_message } = response
  return {
    success: expectBoolean(request, response, 'success'),
    ...(typeof error_message === 'string' && { error_message }),
  }
}

/** Creates the client for the settings endpoints. */
export const createSettingsClient = (api: Api, branchPath: BranchPath): SettingsClient => ({
  ...createReads(api, branchPath),
  ...createWrites(api, branchPath),
  ...oauthClient(api, branchPath),
  ...userClient(api, branchPath),
})
