import type {
  CustomDomain,
  ListProjectBranchCustomDomainsData,
  ListProjectBranchFunctionsData,
  NeonFunction,
} from '@neon/sdk/raw'
import type { Fields } from '../core/fields.ts'
import { given } from '../core/optional.ts'
import type { RequestName } from '../network/errors.ts'
import type { CursorPage } from './cursor-pages.ts'
import { expectArray, expectText, optionalRecord, optionalText } from './response-checks.ts'
import type { Api, BranchPath } from './typed-request.ts'

/** One page of a list. */
export interface Page<T> extends CursorPage {
  readonly items: readonly T[]
}

/** A Neon Function. */
export interface FoundFunction {
  readonly slug: NeonFunction['slug']
  /** Absent if the function has no host yet. */
  readonly invocationUrl?: NeonFunction['invocation_url']
}

/** A custom domain of a branch. */
export interface FoundCustomDomain {
  /** A host: `dashboard.acme.com`. */
  readonly domain: CustomDomain['domain']
  readonly entityType: CustomDomain['entity_type']
  /** `pending`, `active`, `error`, or a newer value. Absent right after the registration. */
  readonly status?: string
  /** Why the domain is not active, such as `cname-not-pointing-at-edge`. */
  readonly statusReason?: string
}

/** The endpoints for a branch's Neon Functions. */
export interface FunctionsClient {
  /** Returns one page, the first one if there is no cursor. */
  listFunctions(branchId: string, cursor?: string): Promise<Page<FoundFunction>>
  /** Returns one page, the first one if there is no cursor. */
  listCustomDomains(branchId: string, cursor?: string): Promise<Page<FoundCustomDomain>>
}

/** The maximum number of entries on a page, according to the API description. */
const MAX_PAGE_SIZE = 1000

const pageQuery = (cursor: string | undefined) => ({
  limit: MAX_PAGE_SIZE,
  ...(cursor && { cursor }),
})

const nextOf = (request: RequestName, page: Fields) =>
  given('next', optionalText(request, optionalRecord(request, page, 'pagination'), 'next'))

/** Creates the client for the endpoints of Neon Functions. */
export const createFunctionsClient = ({ call }: Api, at: BranchPath): FunctionsClient => ({
  async listFunctions(branchId, cursor) {
    const params = { ...at(branchId), query: pageQuery(cursor) }
    const url = '/projects/{project_id}/branches/{branch_id}/functions'
    const { request, json } = await call<ListProjectBranchFunctionsData>('GET', url, params)
    const page = json()
    const items = expectArray(request, page, 'functions').map((one) => ({
      slug: expectText(request, one, 'slug'),
      ...given('invocationUrl', optionalText(request, one, 'invocation_url')),
    }))
    return { items, ...nextOf(request, page) }
  },
  async listCustomDomains(branchId, cursor) {
    const params = { ...at(branchId), query: pageQuery(cursor) }
    const url = '/projects/{project_id}/branches/{branch_id}/custom-domains'
    const { request, json } = await call<ListProjectBranchCustomDomainsData>('GET', url, params)
    const page = json()
    const items = expectArray(request, page, 'custom_domains').map((one) => ({
      domain: expectText(request, one, 'domain'),
      entityType: expectText(request, one, 'entity_type'),
      ...given('status', optionalText(request, one, 'status')),
      ...given('statusReason', optionalText(request, one, 'status_reason')),
    }))
    return { items, ...nextOf(request, page) }
  },
})
