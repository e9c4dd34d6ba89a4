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
  wipeAuth,
} from '../integration.ts'
import type { BranchRecord, Integration, Project } from '../project.ts'
import { bodyAs, branchOf, type Operation } from './operation.ts'

const getNeonAuth: Operation = (call) => {
  const { project } = call
  const branch = branchOf(call)
  const { id, database, createdAt } = requireAuth(branch)
  const { shownName } = call.project.behavior
  const { name } = authConfig(branch)
  const integration: NeonAuthIntegration = {
    auth_provider: 'better_auth',
    auth_provider_project_id: id,
    branch_id: branch.id,
    db_name: database,
    created_at: createdAt,
    owned_by: 'neon',
    ...urlsOf(project, branch, requireAuth(branch)),
    ...(shownName !== 'absent' && { name: shownName === 'trimmed' ? name.trim() : name }),
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
  assertCanEnable(project, branch)
  const auth = await enableAuth(project, branch, {
    ...(database_name !== undefined && { database: database_name }),
  })
  const created: NeonAuthCreateIntegrationResponse = {
    auth_provider,
    auth_provider_project_id: auth.id,
    pub_client_key: '',
    secret_server_key: '',
    schema_name: 'neon_auth',
    table_name: 'user',
    ...urlsOf(project, branch, auth),
  }
  return jsonAnswer(Number(project.behavior.enableStatus), created)
}

/** Throws if auth cannot be enabled on the branch in its current state. Unarchives an archived branch. */
function assertCanEnable({ behavior }: Project, branch: BranchRecord): void {
  if (branch.state === 'archived' && behavior.archivedBranch === 'refused') {
    throw new ApiError(412, `branch ${branch.id} is archived`)
  }
  if (branch.state === 'archived') branch.state = 'ready'
  if (branch.compute !== 'read_write' && behavior.noCompute === 'refused') {
    throw new ApiError(400, `branch ${branch.id} has no read-write endpoint`)
  }
}

/** Returns the auth URLs that the API shows so far. */
function urlsOf(
  project: Project,
  branch: BranchRecord,
  { database, since, isInherited }: Integration,
) {
  const { behavior, clock } = project
  const age = (clock.now() - since) / 1000
  const isLate = behavior.authUrls === 'late' && age < 5
  const isLateCopy = isInherited && behavior.childVisible === 'late-urls' && age < 8
  if (branch.compute !== 'read_write' || isLateCopy) return { jwks_url: '' }
  return {
    jwks_url: jwksUrl(project, branch, database),
    ...(!isLate && { base_url: baseUrl(project, branch, database) }),
  }
}

const disableNeonAuth: Operation = async (call) => {
  const { delete_data } = bodyAs<NonNullable<DisableNeonAuthData['body']>>(call)
  const branch = branchOf(call)
  if (branch.auth === null) return disableWhileOff(call.project, branch, delete_data ?? false)
  await disableAuth(branch, delete_data ?? false)
  return emptyAnswer(200)
}

async function disableWhileOff({ behavior }: Project, branch: BranchRecord, deleteData: boolean) {
  switch (behavior.disableWhileOff) {
    case 'conflict':
      throw new ApiError(409, 'Neon Auth is not enabled for this branch')
    case 'gone':
      throw new ApiError(410, 'Neon Auth is not enabled for this branch')
    case 'not-found':
      requireAuth(branch)
      break
    case 'ok-deletes':
      if (deleteData) await wipeAuth(branch)
  }
  return emptyAnswer(200)
}

const updateNeonAuthConfig: Operation = async (call) => {
  const { name } = bodyAs<NeonAuthConfigUpdate>(call)
  const config = await updateAuthConfig(branchOf(call), () => ({ name }))
  return jsonAnswer(200, { name: config.name } satisfies NeonAuthConfigResponse)
}

/** The operations that read, enable, and disable auth, and name the application. */
export const authOperations: Record<string, Operation> = {
  getNeonAuth,
  createNeonAuth,
  disableNeonAuth,
  updateNeonAuthConfig,
}
