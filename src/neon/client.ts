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
import type { Send } from '../network/messages.ts'
import { type Api, type ApiResponse, AUTH, type BranchPath, createApi } from './api.ts'
import type { NeonApiError } from './errors.ts'
import {
  expectArray,
  expectBoolean,
  expectConnectionUri,
  expectId,
  expectRecord,
  expectText,
  optionalRecord,
  optionalText,
} from './response-checks.ts'
import { createSettingsClient, type SettingsClient } from './settings-client.ts'

/** One page of a project's branches, with Neon's annotations of them. */
export interface BranchPage {
  readonly branches: readonly Branch[]
  readonly annotations: ListProjectBranchesResponse['annotations']
  /** The cursor of the next page; absent on the last one. */
  readonly next?: string
}

/** A database of a branch, and the role that owns it. */
export interface Database {
  readonly name: string
  readonly owner: string
}

/** An entry of the list of trusted domains, verbatim. */
export interface TrustedDomain {
  readonly domain: string
  readonly auth_provider: NeonAuthIntegration['auth_provider']
}

/** What the enabling call answers, as far as it did: nothing else holds the keys. */
export type CreatedAuth = Partial<NeonAuthCreateIntegrationResponse>

/** What enabling came to. */
export type CreateAuthResult =
  | { readonly created: CreatedAuth }
  | { readonly conflict: NeonApiError }

/**
 * The part of the Neon API that this action speaks, bound to one project. Requests and answers are
 * typed by the vendor's SDK; answers are checked for what the action relies on. A no throws
 * {@link NeonApiError}, a lost write `LostResponseError`, a broken shape `UnexpectedResponseError`.
 */
export interface NeonClient extends SettingsClient {
  readonly projectId: string
  /** The same client, whose writes confirm their grounds right before every attempt. */
  confirming(confirm: (kind: WriteKind) => Promise<void>): NeonClient
  listBranches(query: NonNullable<ListProjectBranchesData['query']>): Promise<BranchPage>
  /** Absent: the branch does not exist (any more). */
  getBranch(branchId: string): Promise<Branch | undefined>
  /** Absent: 404 or 410, which says "off" only once the branch is known to exist. */
  getAuth(branchId: string): Promise<NeonAuthIntegration | undefined>
  /** A conflict (409) means "already enabled" or "an orphan schema"; only {@link getAuth} tells. */
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
  /** Absent where auth is off. */
  listDomains(branchId: string): Promise<TrustedDomain[] | undefined>
  /** A duplicate (409) is fine: it is `there`. */
  addDomain(branchId: string, domain: string): Promise<'added' | 'there'>
  removeDomains(branchId: string, domains: readonly TrustedDomain[]): Promise<void>
  getAllowLocalhost(branchId: string): Promise<boolean | undefined>
  setAllowLocalhost(branchId: string, allow: boolean): Promise<void>
  /** The IDs of the branch's computes (`ep-…`). */
  listEndpointIds(branchId: string): Promise<string[]>
  listDatabases(branchId: string): Promise<Database[]>
  /** A secret: it holds the role's password. */
  connectionUri(branchId: string, database: Database): Promise<string>
}

const AUTH_TEXTS = ['auth_provider_project_id', 'db_name', 'base_url', 'jwks_url', 'name']

type AuthMethods = 'getAuth' | 'createAuth' | 'disableAuth'

const authClient = (
  { call, readIfOn, remove }: Api,
  at: BranchPath,
): Pick<NeonClient, AuthMethods> => ({
  async getAuth(branchId) {
    const answered = await readIfOn<GetNeonAuthData>(AUTH, at(branchId))
    if (!answered) return undefined
    const auth = answered.json()
    expectText(answered.request, auth, 'auth_provider')
    for (const name of AUTH_TEXTS) optionalText(answered.request, auth, name)
    const said = Object.entries(auth).filter(([, value]) => value !== null)
    return Object.fromEntries(said) as unknown as NeonAuthIntegration
  },
  async createAuth(branchId, database, beforeAttempt) {
    const body: CreateNeonAuthData['body'] = {
      auth_provider: 'better_auth',
      ...(database !== undefined && { database_name: database }),
    }
    const fill = { ...at(branchId), body }
    const answered = await call<CreateNeonAuthData>('POST', AUTH, fill, [409], { beforeAttempt })
    if (answered.status === 409) return { conflict: answered.error() }
    return { created: enabledOf(answered) }
  },
  async disableAuth(branchId, deleteData, beforeAttempt) {
    const fill = { ...at(branchId), body: { delete_data: deleteData } }
    return remove<DisableNeonAuthData>(AUTH, fill, { beforeAttempt })
  },
})

/** The body is welcome but not needed: reading back tells all but the keys. All of it is text. */
const enabledOf = (answered: ApiResponse): CreatedAuth => {
  try {
    const texts = Object.entries(answered.json()).filter(([, value]) => typeof value === 'string')
    const created: CreatedAuth = Object.fromEntries(texts)
    // Before anything that follows could print it.
    registerSecret(created.secret_server_key ?? '')
    return created
  } catch {
    return {}
  }
}

type DomainMethods =
  | 'listDomains'
  | 'addDomain'
  | 'removeDomains'
  | 'getAllowLocalhost'
  | 'setAllowLocalhost'

const domainClient = (
  { call, readIfOn }: Api,
  at: BranchPath,
): Pick<NeonClient, DomainMethods> => ({
  async listDomains(branchId) {
    const answered = await readIfOn<ListBranchNeonAuthTrustedDomainsData>(
      `${AUTH}/domains`,
      at(branchId),
    )
    if (!answered) return undefined
    const { request } = answered
    return expectArray(request, answered.json(), 'domains').map((entry) => ({
      domain: expectText(request, entry, 'domain'),
      auth_provider: (optionalText(request, entry, 'auth_provider') ??
        'better_auth') as TrustedDomain['auth_provider'],
    }))
  },
  async addDomain(branchId, domain) {
    const fill = { ...at(branchId), body: { domain, auth_provider: 'better_auth' } as const }
    const url = `${AUTH}/domains` as const
    const { status } = await call<AddBranchNeonAuthTrustedDomainData>('POST', url, fill, [409])
    return status === 409 ? 'there' : 'added'
  },
  async removeDomains(branchId, domains) {
    const auth_provider = domains[0]?.auth_provider ?? 'better_auth'
    const body = { auth_provider, domains: domains.map(({ domain }) => ({ domain })) }
    const url = `${AUTH}/domains` as const
    await call<DeleteBranchNeonAuthTrustedDomainData>('DELETE', url, { ...at(branchId), body })
  },
  async getAllowLocalhost(branchId) {
    const answered = await readIfOn<GetNeonAuthAllowLocalhostData>(
      `${AUTH}/allow_localhost`,
      at(branchId),
    )
    return answered && expectBoolean(answered.request, answered.json(), 'allow_localhost')
  },
  async setAllowLocalhost(branchId, allow) {
    const fill = { ...at(branchId), body: { allow_localhost: allow } }
    await call<UpdateNeonAuthAllowLocalhostData>('PATCH', `${AUTH}/allow_localhost`, fill)
  },
})

/** Checks what guards a branch. What is not said clearly, nobody may guess: it may be production. */
const checkBranch = (request: RequestName, branch: Record<string, unknown>): void => {
  expectId(request, branch, 'id')
  expectText(request, branch, 'name')
  expectBoolean(request, branch, 'default')
  expectBoolean(request, branch, 'protected')
  optionalText(request, branch, 'parent_id')
}

type BranchMethods =
  | 'listBranches'
  | 'getBranch'
  | 'listEndpointIds'
  | 'listDatabases'
  | 'connectionUri'

const branchClient = (
  { call, readIfOn }: Api,
  projectId: string,
  at: BranchPath,
): Pick<NeonClient, BranchMethods> => ({
  async listBranches(query) {
    const fill = { path: { project_id: projectId }, query }
    const url = '/projects/{project_id}/branches'
    const { request, json } = await call<ListProjectBranchesData>('GET', url, fill)
    const page = json()
    const branches = expectArray(request, page, 'branches')
    for (const branch of branches) checkBranch(request, branch)
    const annotations = optionalRecord(request, page, 'annotations')
    for (const annotation of Object.values(annotations)) {
      const { value } = expectRecord(request, annotation, 'an annotation')
      const values = expectRecord(request, value, '`value` of an annotation')
      optionalText(request, values, 'github-pr-number')
      optionalText(request, values, 'github-commit-repo')
    }
    const next = optionalText(request, optionalRecord(request, page, 'pagination'), 'next')
    return {
      branches: branches as unknown as Branch[],
      annotations: annotations as BranchPage['annotations'],
      ...(next && { next }),
    }
  },
  async getBranch(branchId) {
    const url = '/projects/{project_id}/branches/{branch_id}'
    const answered = await readIfOn<GetProjectBranchData>(url, at(branchId))
    if (!answered) return undefined
    const { request } = answered
    const branch = expectRecord(request, answered.json()['branch'], '`branch`')
    checkBranch(request, branch)
    return branch as unknown as Branch
  },
  async listEndpointIds(branchId) {
    const url = '/projects/{project_id}/branches/{branch_id}/endpoints'
    const { request, json } = await call<ListProjectBranchEndpointsData>('GET', url, at(branchId))
    return expectArray(request, json(), 'endpoints').map((one) => expectId(request, one, 'id'))
  },
  async listDatabases(branchId) {
    const url = '/projects/{project_id}/branches/{branch_id}/databases'
    const { request, json } = await call<ListProjectBranchDatabasesData>('GET', url, at(branchId))
    return expectArray(request, json(), 'databases').map((database) => ({
      name: expectText(request, database, 'name'),
      owner: expectText(request, database, 'owner_name'),
    }))
  },
  async connectionUri(branchId, { name, owner }) {
    const query = { branch_id: branchId, database_name: name, role_name: owner }
    const url = '/projects/{project_id}/connection_uri'
    const fill = { path: { project_id: projectId }, query }
    const { request, json } = await call<GetConnectionUriData>('GET', url, fill)
    return expectConnectionUri(request, json(), 'uri')
  },
})

/** How the Neon API is reached. `apiHost` has no slash at its end. */
export interface NeonAccess {
  readonly apiHost: string
  readonly apiKey: string
  readonly projectId: string
}

/** What a write does, as far as its grounds are concerned: DELETE takes something away. */
export type WriteKind = 'removal' | 'write'

/** Wraps `send` so that `confirm` is awaited right before every attempt of every write. */
const confirmingWrites =
  (send: Send, confirm: (kind: WriteKind) => Promise<void>): Send =>
  (request) => {
    if (request.method === 'GET') return send(request)
    const beforeAttempt = async (): Promise<void> => {
      await confirm(request.method === 'DELETE' ? 'removal' : 'write')
      await request.beforeAttempt?.()
    }
    return send({ ...request, beforeAttempt })
  }

/**
 * Binds the Neon API to a project and a key. With `confirm`, every attempt of every write, repeats
 * included, first confirms its grounds: what that throws ends the request before it is sent.
 */
export const createNeonClient = (
  send: Send,
  { apiHost, apiKey, projectId }: NeonAccess,
  confirm?: (kind: WriteKind) => Promise<void>,
): NeonClient => {
  const api = createApi(confirm ? confirmingWrites(send, confirm) : send, apiHost, apiKey)
  const at: BranchPath = (branchId) => ({ path: { project_id: projectId, branch_id: branchId } })
  return {
    projectId,
    ...branchClient(api, projectId, at),
    ...authClient(api, at),
    ...domainClient(api, at),
    ...createSettingsClient(api, at),
    confirming: (confirmWrite) =>
      createNeonClient(send, { apiHost, apiKey, projectId }, confirmWrite),
  }
}
