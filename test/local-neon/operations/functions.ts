import type {
  CursorPagination,
  CustomDomain,
  CustomDomainsListResponse,
  NeonFunction,
  NeonFunctionsListResponse,
} from '@neon/sdk/raw'
import { ApiError, jsonAnswer } from '../answer.ts'
import { type BranchRecord, type DeployedFunction, touch } from '../project.ts'
import { branchOf, type Operation, type OperationCall } from './operation.ts'

const listProjectBranchFunctions: Operation = (call) => {
  const branch = branchOf(call)
  const { shown, pagination } = pageOf(branch.functions, call)
  const functions = shown.map((one) => toFunction(branch, one))
  return jsonAnswer(200, {
    functions,
    pagination,
  } satisfies NeonFunctionsListResponse & { pagination: CursorPagination })
}

const listProjectBranchCustomDomains: Operation = (call) => {
  const { shown, pagination } = pageOf(branchOf(call).customDomains, call)
  return jsonAnswer(200, {
    custom_domains: shown,
    pagination,
  } satisfies CustomDomainsListResponse & { pagination: CursorPagination })
}

/** Returns the page of a list that a request asks for. The cursor is the number of entries before it. */
function pageOf<T>(
  list: readonly T[],
  { project, query }: OperationCall,
): { shown: T[]; pagination: CursorPagination } {
  const start = Number(query['cursor'] ?? 0)
  if (!Number.isSafeInteger(start)) throw new ApiError(400, 'invalid cursor')
  const end = start + Math.min(Number(query['limit'] ?? project.pageSize), project.pageSize)
  return {
    shown: list.slice(start, end),
    pagination: end < list.length ? { next: String(end) } : {},
  }
}

function toFunction(branch: BranchRecord, { slug, invocationUrl }: DeployedFunction): NeonFunction {
  return {
    id: `fn-${branch.serial}-${slug}`,
    slug,
    name: slug,
    invocation_url:
      invocationUrl ?? `https://${branch.id}-${slug}.compute.c-1.us-east-2.aws.neon.tech/`,
    created_at: branch.createdAt,
  }
}

/** Replaces the functions of a branch and their custom domains. */
export function deployFunctions(
  branch: BranchRecord,
  functions: readonly DeployedFunction[],
  domains: readonly Partial<CustomDomain>[] = [],
): void {
  branch.functions = [...functions]
  branch.customDomains = domains.map((domain) => ({
    domain: 'shop.example.com',
    entity_type: 'function',
    entity_id: functions[0]?.slug ?? 'shop',
    cname_target: 'edge.c-1.us-east-2.aws.neon.tech',
    status: 'active',
    dns_status: 'ok',
    binding_status: 'present',
    status_reason: '',
    ...domain,
  }))
  touch(branch)
}

/** The operations on the functions of a branch and their custom domains. */
export const functionOperations: Record<string, Operation> = {
  listProjectBranchFunctions,
  listProjectBranchCustomDomains,
}
