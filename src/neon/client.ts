import type {
  AddBranchNeonAuthTrustedDomainData,
  Branch,
  CreateNeonAuthData,
  DeleteBranchNeonAuthTrustedDomainData,
  DisableNeonAuthData,
  GetConnectionUriData,
  GetNeonAuthAllowLocalhostData,
  GetNeonAuthData,
  ListBranchNeonAuthOauthProvidersData,
  ListBranchNeonAuthTrustedDomainsData,
  ListProjectBranchDatabasesData,
  ListProjectBranchesData,
  ListProjectBranchesResponse,
  NeonAuthCreateIntegrationResponse,
  NeonAuthIntegration,
  UpdateNeonAuthAllowLocalhostData,
} from '@neon/sdk/raw'
import { NeonApiError, UnexpectedAnswerError } from './errors.ts'
import type { Answer, Call, Send } from './http.ts'
import { expectArray, expectRecord, expectText, expectUrl } from './shapes.ts'

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

/** What enabling came to. */
export type EnableAnswer =
  | { readonly created: NeonAuthCreateIntegrationResponse }
  | { readonly conflict: NeonApiError }

/**
 * The part of the Neon API that this action speaks, bound to one project. Requests and answers are
 * typed by the vendor's SDK; answers are checked for what the action relies on. A no throws
 * {@link NeonApiError}, a lost write `LostAnswerError`, a broken shape `UnexpectedAnswerError`.
 */
export interface NeonClient {
  readonly projectId: string
  listBranches(query: NonNullable<ListProjectBranchesData['query']>): Promise<BranchPage>
  /** Absent: 404 or 410, which says "off" only once the branch is known to exist. */
  getAuth(branchId: string): Promise<NeonAuthIntegration | undefined>
  /** A conflict (409) means "already enabled" or "an orphan schema"; only {@link getAuth} tells. */
  enableAuth(branchId: string, database?: string): Promise<EnableAnswer>
  disableAuth(branchId: string, deleteData: boolean): Promise<'disabled' | 'gone'>
  /** Absent where auth is off. */
  listDomains(branchId: string): Promise<TrustedDomain[] | undefined>
  /** A duplicate (409) is fine: it is there. */
  addDomain(branchId: string, domain: string): Promise<void>
  removeDomains(branchId: string, domains: readonly TrustedDomain[]): Promise<void>
  getAllowLocalhost(branchId: string): Promise<boolean | undefined>
  setAllowLocalhost(branchId: string, allow: boolean): Promise<void>
  /** Provider ids (`google`, …), without their credentials. */
  listOauthProviders(branchId: string): Promise<string[]>
  listDatabases(branchId: string): Promise<Database[]>
  /** A secret: it holds the role's password. */
  connectionUri(branchId: string, database: Database): Promise<string>
}

/** What a request function of `@neon/sdk` takes: its URL template and what fills it. */
interface Operation {
  readonly url: string
  readonly path?: object
  readonly query?: object | undefined
  readonly body?: unknown
}

type Ask = <O extends Operation>(
  method: Call['method'],
  url: O['url'],
  fill: Omit<O, 'url'>,
  accept?: readonly number[],
) => Promise<{ answer: Answer; request: Call }>

const fillPath = (template: string, path: object): string =>
  Object.entries(path).reduce(
    (filled, [name, value]) => filled.replace(`{${name}}`, encodeURIComponent(String(value))),
    template,
  )

const queryText = (query: object | undefined): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(name, String(value))
  }
  return search.size > 0 ? `?${search}` : ''
}

const apiError = (call: Call, answer: Answer): NeonApiError => {
  try {
    const body = expectRecord(call, JSON.parse(answer.text), 'the error')
    const text = (value: unknown): string => (typeof value === 'string' ? value : '')
    const { message, code, request_id } = body
    return new NeonApiError(call, answer.status, text(message), text(code), text(request_id))
  } catch {
    return new NeonApiError(call, answer.status, answer.text.slice(0, 300))
  }
}

const parse = (call: Call, answer: Answer): Record<string, unknown> => {
  try {
    return expectRecord(call, JSON.parse(answer.text), 'the answer')
  } catch (error) {
    if (error instanceof UnexpectedAnswerError) throw error
    throw new UnexpectedAnswerError(call, 'it is not JSON')
  }
}

const createAsk =
  (send: Send, apiHost: string, apiKey: string): Ask =>
  async (method, url, fill, accept = []) => {
    const path = fillPath(url, fill.path ?? {})
    const hasBody = fill.body !== undefined
    const request: Call = {
      method,
      path,
      url: `${apiHost}${path}${queryText(fill.query)}`,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${apiKey}`,
        ...(hasBody && { 'content-type': 'application/json' }),
      },
      ...(hasBody && { body: JSON.stringify(fill.body) }),
    }
    const answer = await send(request)
    const fine = answer.status >= 200 && answer.status < 300
    if (!fine && !accept.includes(answer.status)) throw apiError(request, answer)
    return { answer, request }
  }

const GONE = [404, 410]
const AUTH = '/projects/{project_id}/branches/{branch_id}/auth'

const authClient = (
  ask: Ask,
  at: (branchId: string) => { project_id: string; branch_id: string },
): Pick<NeonClient, 'getAuth' | 'enableAuth' | 'disableAuth' | 'listOauthProviders'> => ({
  async getAuth(branchId) {
    const { answer, request } = await ask<GetNeonAuthData>(
      'GET',
      AUTH,
      { path: at(branchId) },
      GONE,
    )
    if (GONE.includes(answer.status)) return undefined
    const auth = parse(request, answer)
    expectText(request, auth, 'auth_provider')
    return auth as NeonAuthIntegration
  },
  async enableAuth(branchId, database) {
    const body: CreateNeonAuthData['body'] = {
      auth_provider: 'better_auth',
      ...(database !== undefined && { database_name: database }),
    }
    const fill = { path: at(branchId), body }
    const { answer, request } = await ask<CreateNeonAuthData>('POST', AUTH, fill, [409])
    if (answer.status === 409) return { conflict: apiError(request, answer) }
    return { created: parse(request, answer) as NeonAuthCreateIntegrationResponse }
  },
  async disableAuth(branchId, deleteData) {
    const fill = { path: at(branchId), body: { delete_data: deleteData } }
    const { answer } = await ask<DisableNeonAuthData>('DELETE', AUTH, fill, GONE)
    return GONE.includes(answer.status) ? 'gone' : 'disabled'
  },
  async listOauthProviders(branchId) {
    const { answer, request } = await ask<ListBranchNeonAuthOauthProvidersData>(
      'GET',
      `${AUTH}/oauth_providers`,
      { path: at(branchId) },
      GONE,
    )
    if (GONE.includes(answer.status)) return []
    const providers = expectArray(request, parse(request, answer), 'providers')
    return providers.map((provider) => expectText(request, provider, 'id'))
  },
})

const domainClient = (
  ask: Ask,
  at: (branchId: string) => { project_id: string; branch_id: string },
): Pick<
  NeonClient,
  'listDomains' | 'addDomain' | 'removeDomains' | 'getAllowLocalhost' | 'setAllowLocalhost'
> => ({
  async listDomains(branchId) {
    const { answer, request } = await ask<ListBranchNeonAuthTrustedDomainsData>(
      'GET',
      `${AUTH}/domains`,
      { path: at(branchId) },
      GONE,
    )
    if (GONE.includes(answer.status)) return undefined
    const domains = expectArray(request, parse(request, answer), 'domains')
    return domains.map((entry) => ({
      domain: expectText(request, entry, 'domain'),
      auth_provider: (entry['auth_provider'] as TrustedDomain['auth_provider']) ?? 'better_auth',
    }))
  },
  async addDomain(branchId, domain) {
    const fill = { path: at(branchId), body: { domain, auth_provider: 'better_auth' } as const }
    await ask<AddBranchNeonAuthTrustedDomainData>('POST', `${AUTH}/domains`, fill, [409])
  },
  async removeDomains(branchId, domains) {
    const auth_provider = domains[0]?.auth_provider ?? 'better_auth'
    const body = { auth_provider, domains: domains.map(({ domain }) => ({ domain })) }
    const fill = { path: at(branchId), body }
    await ask<DeleteBranchNeonAuthTrustedDomainData>('DELETE', `${AUTH}/domains`, fill)
  },
  async getAllowLocalhost(branchId) {
    const { answer, request } = await ask<GetNeonAuthAllowLocalhostData>(
      'GET',
      `${AUTH}/allow_localhost`,
      { path: at(branchId) },
      GONE,
    )
    if (GONE.includes(answer.status)) return undefined
    const { allow_localhost: allow } = parse(request, answer)
    if (typeof allow === 'boolean') return allow
    throw new UnexpectedAnswerError(request, '`allow_localhost` is neither true nor false')
  },
  async setAllowLocalhost(branchId, allow) {
    const fill = { path: at(branchId), body: { allow_localhost: allow } }
    await ask<UpdateNeonAuthAllowLocalhostData>('PATCH', `${AUTH}/allow_localhost`, fill)
  },
})

const branchClient = (
  ask: Ask,
  projectId: string,
): Pick<NeonClient, 'listBranches' | 'listDatabases' | 'connectionUri'> => ({
  async listBranches(query) {
    const { answer, request } = await ask<ListProjectBranchesData>(
      'GET',
      '/projects/{project_id}/branches',
      { path: { project_id: projectId }, query },
    )
    const page = parse(request, answer)
    const branches = expectArray(request, page, 'branches')
    for (const branch of branches) {
      expectText(request, branch, 'id')
      expectText(request, branch, 'name')
    }
    const { annotations, pagination } = page as ListProjectBranchesResponse
    return {
      branches: branches as unknown as Branch[],
      annotations: annotations ?? {},
      ...(pagination?.next && { next: pagination.next }),
    }
  },
  async listDatabases(branchId) {
    const { answer, request } = await ask<ListProjectBranchDatabasesData>(
      'GET',
      '/projects/{project_id}/branches/{branch_id}/databases',
      { path: { project_id: projectId, branch_id: branchId } },
    )
    return expectArray(request, parse(request, answer), 'databases').map((database) => ({
      name: expectText(request, database, 'name'),
      owner: expectText(request, database, 'owner_name'),
    }))
  },
  async connectionUri(branchId, database) {
    const { answer, request } = await ask<GetConnectionUriData>(
      'GET',
      '/projects/{project_id}/connection_uri',
      {
        path: { project_id: projectId },
        query: {
          branch_id: branchId,
          database_name: database.name,
          role_name: database.owner,
        },
      },
    )
    return expectUrl(request, parse(request, answer), 'uri')
  },
})

/** Binds the Neon API to a project and a key. `apiHost` has no slash at its end. */
export const createNeonClient = (
  send: Send,
  { apiHost, apiKey, projectId }: { apiHost: string; apiKey: string; projectId: string },
): NeonClient => {
  const ask = createAsk(send, apiHost, apiKey)
  const at = (branchId: string) => ({ project_id: projectId, branch_id: branchId })
  return {
    projectId,
    ...branchClient(ask, projectId),
    ...authClient(ask, at),
    ...domainClient(ask, at),
  }
}
