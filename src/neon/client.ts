import type {
  AddBranchNeonAuthTrustedDomainData,
  Branch,
  CreateNeonAuthData,
  DeleteBranchNeonAuthTrustedDomainData,
  DisableNeonAuthData,
  GetConnectionUriData,
  GetNeonAuthAllowLocalhostData,
  GetNeonAuthData,
  GetProjectBranchData,
  ListBranchNeonAuthTrustedDomainsData,
  ListProjectBranchDatabasesData,
  ListProjectBranchEndpointsData,
  ListProjectBranchesData,
  ListProjectBranchesResponse,
  NeonAuthCreateIntegrationResponse,
  NeonAuthIntegration,
  UpdateNeonAuthAllowLocalhostData,
} from '@neon/sdk/raw'
import { registerSecret } from '../core/secrets.ts'
import type { RequestName } from '../network/errors.ts'
import type { SendChecked } from '../network/messages.ts'
import { type CursorPage, nextCursor } from './cursor-pages.ts'
import type { NeonApiError } from './errors.ts'
import { createFunctionsClient, type FunctionsClient } from './functions-client.ts'
import {
  expectArray,
  expectBoolean,
  expectConnectionUri,
  expectId,
  expectRecord,
  expectText,
  optionalRecord,
  optionalText,
  withoutNulls,
} from './response-checks.ts'
import { createSettingsClient, type SettingsClient } from './settings-client.ts'
import { type Api, type ApiResponse, AUTH, type BranchPath, createApi } from './typed-request.ts'

/** One page of a project's branches and their annotations. */
export interface BranchPage extends CursorPage {
  readonly branches: readonly Branch[]
  readonly annotations: ListProjectBranchesResponse['annotations']
}

/** A database of a branch, and the role that owns it. */
export interface Database {
  readonly name: string
  readonly owner: string
}

/** An entry of Neon's list of trusted domains, verbatim. */
export interface TrustedDomain {
  readonly domain: string
  readonly auth_provider: NeonAuthIntegration['auth_provider']
}

/** The response to enabling auth. No other response contains the keys. Any field may be missing. */
export type CreatedAuth = Partial<NeonAuthCreateIntegrationResponse>

/** The result of enabling auth. */
export type CreateAuthResult =
  | { readonly created: CreatedAuth }
  | { readonly conflict: NeonApiError }

interface BranchEndpoints {
  listBranches(query: NonNullable<ListProjectBranchesData['query']>): Promise<BranchPage>
  /** Returns `undefined` if the branch does not exist. */
  getBranch(branchId: string): Promise<Branch | undefined>
  /** Returns the IDs of the branch's computes (`ep-…`). */
  listEndpointIds(branchId: string): Promise<string[]>
  listDatabases(branchId: string): Promise<Database[]>
  /** Returns a URI that contains the role's password. Register both as secrets. */
  getConnectionUri(branchId: string, database: Database): Promise<string>
}

interface AuthEndpoints {
  /** Returns `undefined` for Neon's own 404 or 410, which means "off" only if the branch exists. */
  getAuth(branchId: string): Promise<NeonAuthIntegration | undefined>
  /**
   * Enables auth. A conflict (409) means that auth is already on, that inherited auth is not visible yet, or that
   * there is an orphan schema. {@link getAuth} returns auth only in the first case.
   */
  createAuth(
    branchId: string,
    database?: string,
    beforeAttempt?: () => Promise<void>,
  ): Promise<CreateAuthResult>
  disableAuth(
    branchId: string,
    deleteData: boolean,
    beforeAttempt?: () => Promise<void>,
  ): Promise<'removed' | 'gone'>
}

interface DomainEndpoints {
  /** Returns `undefined` if auth is off or the branch does not exist. */
  listDomains(branchId: string): Promise<TrustedDomain[] | undefined>
  /** Returns `exists` if the domain is already in the list (409). */
  addDomain(branchId: string, domain: string): Promise<'added' | 'exists'>
  removeDomains(branchId: string, domains: readonly TrustedDomain[]): Promise<void>
  /** Returns `undefined` if auth is off or the branch does not exist. */
  getAllowLocalhost(branchId: string): Promise<boolean | undefined>
  setAllowLocalhost(branchId: string, allow: boolean): Promise<void>
}

/**
 * The part of the Neon API that this action uses, for one project. Requests and responses have the SDK's
 * types, and responses are validated. Methods throw {@link NeonApiError} if Neon refuses, and
 * `UnexpectedResponseError` if a response does not have the documented shape. They throw
 * `LostResponseError` if a response is lost. Reads are retried first.
 */
export interface NeonClient
  extends BranchEndpoints,
    AuthEndpoints,
    DomainEndpoints,
    FunctionsClient,
    SettingsClient {
  readonly projectId: string
  /** Returns a client that runs `confirm` right before every attempt of every write. */
  confirming(confirm: (kind: WriteKind) => Promise<void>): NeonClient
}

const AUTH_TEXT_FIELDS = ['auth_provider_project_id', 'db_name', 'base_url', 'jwks_url', 'name']

const authClient = (
  { call, readIfExists, remove }: Api,
  branchPath: BranchPath,
): AuthEndpoints => ({
  async getAuth(branchId) {
    const response = await readIfExists<GetNeonAuthData>(AUTH, branchPath(branchId))
    if (!response) return undefined
    const auth = response.json()
    expectText(response.request, auth, 'auth_provider')
    for (const name of AUTH_TEXT_FIELDS) optionalText(response.request, auth, name)
    return withoutNulls(auth) as unknown as NeonAuthIntegration
  },
  async createAuth(branchId, database, beforeAttempt) {
    const body: CreateNeonAuthData['body'] = {
      auth_provider: 'better_auth',
      ...(database !== undefined && { database_name: database }),
    }
    const params = { ...branchPath(branchId), body }
    const response = await call<CreateNeonAuthData>('POST', AUTH, params, [409], { beforeAttempt })
    if (response.status === 409) return { conflict: response.error() }
    return { created: readCreatedAuth(response) }
  },
  async disableAuth(branchId, deleteData, beforeAttempt) {
    const params = { ...branchPath(branchId), body: { delete_data: deleteData } }
    return remove<DisableNeonAuthData>(AUTH, params, { beforeAttempt })
  },
})

/** Returns the body's strings, or `{}` if the body is unusable. Auth is on, and its URLs can be read back. */
const readCreatedAuth = (response: ApiResponse): CreatedAuth => {
  try {
    const texts = Object.entries(response.json()).filter(([, value]) => typeof value === 'string')
    const created: CreatedAuth = Object.fromEntries(texts)
    // Register it before anything can print it.
    registerSecret(created.secret_server_key ?? '')
    return created
  } catch {
    return {}
  }
}

const domainClient = ({ call, readIfExists }: Api, branchPath: BranchPath): DomainEndpoints => ({
  async listDomains(branchId) {
    const response = await readIfExists<ListBranchNeonAuthTrustedDomainsData>(
      `${AUTH}/domains`,
      branchPath(branchId),
    )
    if (!response) return undefined
    const { request } = response
    return expectArray(request, response.json(), 'domains').map((entry) => ({
      domain: expectText(request, entry, 'domain'),
      auth_provider: (optionalText(request, entry, 'auth_provider') ??
        'better_auth') as TrustedDomain['auth_provider'],
    }))
  },
  async addDomain(branchId, domain) {
    const body = { domain, auth_provider: 'better_auth' } as const
    const params = { ...branchPath(branchId), body }
    const url = `${AUTH}/domains` as const
    const { status } = await call<AddBranchNeonAuthTrustedDomainData>('POST', url, params, [409])
    return status === 409 ? 'exists' : 'added'
  },
  async removeDomains(branchId, domains) {
    const auth_provider = domains[0]?.auth_provider ?? 'better_auth'
    const body = { auth_provider, domains: domains.map(({ domain }) => ({ domain })) }
    const url = `${AUTH}/domains` as const
    const params = { ...branchPath(branchId), body }
    await call<DeleteBranchNeonAuthTrustedDomainData>('DELETE', url, params)
  },
  async getAllowLocalhost(branchId) {
    const response = await readIfExists<GetNeonAuthAllowLocalhostData>(
      `${AUTH}/allow_localhost`,
      branchPath(branchId),
    )
    return response && expectBoolean(response.request, response.json(), 'allow_localhost')
  },
  async setAllowLocalhost(branchId, allow) {
    const params = { ...branchPath(branchId), body: { allow_localhost: allow } }
    await call<UpdateNeonAuthAllowLocalhostData>('PATCH', `${AUTH}/allow_localhost`, params)
  },
})

/** Checks the fields that the run relies on. Assuming a default for `protected`, for example, could expose production. */
const checkBranch = (request: RequestName, branch: Record<string, unknown>): void => {
  expectId(request, branch, 'id')
  expectText(request, branch, 'name')
  expectBoolean(request, branch, 'default')
  expectBoolean(request, branch, 'protected')
  optionalText(request, branch, 'parent_id')
}

const checkAnnotation = (request: RequestName, annotation: unknown): void => {
  const { value } = expectRecord(request, annotation, 'an annotation')
  const values = expectRecord(request, value, '`value` of an annotation')
  optionalText(request, values, 'github-pr-number')
  optionalText(request, values, 'github-commit-repo')
}

const branchClient = (
  { call, readIfExists }: Api,
  projectId: string,
  branchPath: BranchPath,
): BranchEndpoints => ({
  async listBranches(query) {
    const params = { path: { project_id: projectId }, query }
    const url = '/projects/{project_id}/branches'
    const { request, json } = await call<ListProjectBranchesData>('GET', url, params)
    const page = json()
    const branches = expectArray(request, page, 'branches')
    for (const branch of branches) checkBranch(request, branch)
    const annotations = optionalRecord(request, page, 'annotations')
    for (const annotation of Object.values(annotations)) checkAnnotation(request, annotation)
    return {
      branches: branches as unknown as Branch[],
      annotations: annotations as BranchPage['annotations'],
      ...nextCursor(request, page),
    }
  },
  async getBranch(branchId) {
    const url = '/projects/{project_id}/branches/{branch_id}'
    const response = await readIfExists<GetProjectBranchData>(url, branchPath(branchId))
    if (!response) return undefined
    const { request } = response
    const branch = expectRecord(request, response.json()['branch'], '`branch`')
    checkBranch(request, branch)
    return branch as unknown as Branch
  },
  async listEndpointIds(branchId) {
    const url = '/projects/{project_id}/branches/{branch_id}/endpoints'
    const params = branchPath(branchId)
    const { request, json } = await call<ListProjectBranchEndpointsData>('GET', url, params)
    return expectArray(request, json(), 'endpoints').map((endpoint) =>
      expectId(request, endpoint, 'id'),
    )
  },
  async listDatabases(branchId) {
    const url = '/projects/{project_id}/branches/{branch_id}/databases'
    const params = branchPath(branchId)
    const { request, json } = await call<ListProjectBranchDatabasesData>('GET', url, params)
    return expectArray(request, json(), 'databases').map((database) => ({
      name: expectText(request, database, 'name'),
      owner: expectText(request, database, 'owner_name'),
    }))
  },
  async getConnectionUri(branchId, { name, owner }) {
    const query = { branch_id: branchId, database_name: name, role_name: owner }
    const url = '/projects/{project_id}/connection_uri'
    const params = { path: { project_id: projectId }, query }
    const { request, json } = await call<GetConnectionUriData>('GET', url, params)
    return expectConnectionUri(request, json(), 'uri')
  },
})

/** The address and credentials of the Neon API. `apiHost` has no trailing slash. */
export interface NeonAccess {
  readonly apiHost: string
  readonly apiKey: string
  readonly projectId: string
}

/** `removal` for DELETE, `write` for every other method except GET. */
export type WriteKind = 'removal' | 'write'

/** Returns a `send` that runs `confirm` right before every attempt of every write. */
const confirmingWrites =
  (send: SendChecked, confirm: (kind: WriteKind) => Promise<void>): SendChecked =>
  (request) => {
    if (request.method === 'GET') return send(request)
    const beforeAttempt = async (): Promise<void> => {
      await confirm(request.method === 'DELETE' ? 'removal' : 'write')
      await request.beforeAttempt?.()
    }
    return send({ ...request, beforeAttempt })
  }

/**
 * Creates a Neon API client for a project and a key. `confirm` runs before every attempt of every write. If
 * it throws, the write is not sent.
 */
export const createNeonClient = (
  send: SendChecked,
  access: NeonAccess,
  confirm?: (kind: WriteKind) => Promise<void>,
): NeonClient => {
  const { apiHost, apiKey, projectId } = access
  const api = createApi(confirm ? confirmingWrites(send, confirm) : send, apiHost, apiKey)
  const branchPath: BranchPath = (branchId) => ({
    path: { project_id: projectId, branch_id: branchId },
  })
  return {
    projectId,
    ...branchClient(api, projectId, branchPath),
    ...authClient(api, branchPath),
    ...domainClient(api, branchPath),
    ...createFunctionsClient(api, branchPath),
    ...createSettingsClient(api, branchPath),
    confirming: (confirmWrite) => createNeonClient(send, access, confirmWrite),
  }
}
