import type {
  CustomDomain,
  ListProjectBranchCustomDomainsData,
  ListProjectBranchFunctionsData,
  NeonFunction,
} from '@neon/sdk/raw'
import { optional } from '../core/optional.ts'
import { type CursorPage, nextCursor } from './cursor-pages.ts'
import { expectArray, expectText, optionalText } from './response-checks.ts'
import type { Api, BranchPath } from './typed-request.ts'

/** One page of a list. */
export interface Page<T> extends CursorPage {
  readonly items: readonly T[]
}

/** A Neon Function. */
export interface FoundFunction {
  readonly slug: NeonFunction['slug']
  /** Absent if the function has no host where it can be invoked. Neon then returns an empty string. */
  readonly invocationUrl?: NeonFunction['invocation_url']
}

/** A custom domain that is registered for an entity of a branch. */
export interface FoundCustomDomain {
  /** A host: `dashboard.acme.com`. */
  readonly domain: CustomDomain['domain']
  /** `function`, or a kind that Neon added later. */
  readonly entityType: CustomDomain['entity_type']
  /** `pending`, `active`, `error`, or a value that Neon added later. May be absent right after registration. */
  readonly status?: string
  /** Neon's code for what to fix, such as `cname-not-pointing-at-edge`. Absent if `active` or `pending`. */
  readonly statusReason?: string
}

/** The endpoints for a branch's Neon Functions and custom domains. */
export interface FunctionsClient {
  /** Returns the page at the cursor. Without a cursor, returns the first page. */
  listFunctions(branchId: string, cursor?: string): Promise<Page<FoundFunction>>
  /** Returns the page at the cursor. Without a cursor, returns the first page. */
  listCustomDomains(branchId: string, cursor?: string): Promise<Page<FoundCustomDomain>>
}

/** The maximum number of entries on a page, according to the API description. */
const MAX_PAGE_SIZE = 1000

const pageQuery = (cursor: string | undefined) => ({
  limit: MAX_PAGE_SIZE,
  ...(cursor && { cursor }),
})

/** Creates the client for the endpoints of Neon Functions and custom domains. */
export const createFunctionsClient = ({ call }: Api, branchPath: BranchPath): FunctionsClient => ({
  async listFunctions(branchId, cursor) {
    const params = { ...branchPath(branchId), query: pageQuery(cursor) }
    const url = '/projects/{project_id}/branches/{branch_id}/functions'
    const { request, json } = await call<ListProjectBranchFunctionsData>('GET', url, params)
    const page = json()
    const items = expectArray(request, page, 'functions').map((neonFunction) => ({
      slug: expectText(request, neonFunction, 'slug'),
      ...optional('invocationUrl', optionalText(request, neonFunction, 'invocation_url')),
    }))
    return { items, ...nextCursor(request, page) }
  },
  async listCustomDomains(branchId, cursor) {
    const params = { ...branchPath(branchId), query: pageQuery(cursor) }
    const url = '/projects/{project_id}/branches/{branch_id}/custom-domains'
    const { request, json } = await call<ListProjectBranchCustomDomainsData>('GET', url, params)
    const page = json()
    const items = expectArray(request, page, 'custom_domains').map((customDomain) => ({
      domain: expectText(request, customDomain, 'domain'),
      entityType: expectText(request, customDomain, 'entity_type'),
      ...optional('status', optionalText(request, customDomain, 'status')),
      ...optional('statusReason', optionalText(request, customDomain, 'status_reason')),
    }))
    return { items, ...nextCursor(request, page) }
  },
})
