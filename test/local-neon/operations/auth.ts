import type {
  DisableNeonAuthData,
  EnableNeonAuthIntegrationRequest,
  NeonAuthConfigResponse,
  NeonAuthConfigUpdate,
  NeonAuthCreateIntegrationResponse,
  NeonAuthIntegration,
} from '@neon/sdk/raw'
import { ApiError, emptyAnswer, jsonAnswer } from '../answer.ts'
import {
  authConfig,
  baseUrl,
  disableAuth,
  enableAuth,
  jwksUrl,
  requireAuth,
  updateAuthConfig,
} from '../integration.ts'
import { bodyAs, branchOf, type Operation } from './operation.ts'

const getNeonAuth: Operation = (call) => {
  const { project } = call
  const branch = branchOf(call)
  const { id, database, createdAt } = requireAuth(branch)
  const integration: NeonAuthIntegration = {
    auth_provider: 'better_auth',
    auth_provider_project_id: id,
    branch_id: branch.id,
    db_name: database,
    created_at: createdAt,
    owned_by: 'neon',
    jwks_url: jwksUrl(project, branch, database),
    base_url: baseUrl(project, branch, database),
    name: authConfig(branch).name,
  }
  return jsonAnswer(200, integration)
}

const createNeonAuth: Operation = async (call) => {
  const { project } = call
  const branch = branchOf(call)
  const { auth_provider, database_name } = bodyAs<EnableNeonAuthIntegrationRequest>(call)
  if (auth_provider !== 'better_auth') {
    throw new ApiError(400, `Local Neon has no auth provider ${auth_provider}`)
  }
  const { id, database } = await enableAuth(project, branch, {
    ...(database_name !== undefined && { database: database_name }),
  })
  const created: NeonAuthCreateIntegrationResponse = {
    auth_provider,
    auth_provider_project_id: id,
    pub_client_key: '',
    secret_server_key: '',
    jwks_url: jwksUrl(project, branch, database),
    schema_name: 'neon_auth',
    table_name: 'user',
    base_url: baseUrl(project, branch, database),
  }
  return jsonAnswer(201, created)
}

const disableNeonAuth: Operation = async (call) => {
  const { delete_data } = bodyAs<NonNullable<DisableNeonAuthData['body']>>(call)
  await disableAuth(branchOf(call), delete_data ?? false)
  return emptyAnswer(200)
}

const updateNeonAuthConfig: Operation = async (call) => {
  const { name } = bodyAs<NeonAuthConfigUpdate>(call)
  const config = await updateAuthConfig(branchOf(call), () => ({ name }))
  return jsonAnswer(200, { name: config.name } satisfies NeonAuthConfigResponse)
}

/** Auth itself: on, off, and its name. */
export const authOperations: Record<string, Operation> = {
  getNeonAuth,
  createNeonAuth,
  disableNeonAuth,
  updateNeonAuthConfig,
}
