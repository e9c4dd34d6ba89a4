import type {
  NeonAuthAddDomainToRedirectUriWhitelistRequest,
  NeonAuthDeleteDomainFromRedirectUriWhitelistRequest,
  NeonAuthRedirectUriWhitelistResponse,
} from '@neon/sdk/raw'
import { ApiError, emptyAnswer, jsonAnswer } from '../answer.ts'
import { storedDomain } from '../auth-service-behavior.ts'
import type { Behavior } from '../behavior.ts'
import { authConfig, requireAuth, updateAuthConfig } from '../integration.ts'
import type { BranchRecord, Integration } from '../project.ts'
import { bodyAs, branchOf, type Operation } from './operation.ts'

const listBranchNeonAuthTrustedDomains: Operation = (call) => {
  const domains = readDomains(branchOf(call)).map((domain) => ({
    domain,
    auth_provider: 'better_auth' as const,
  }))
  return jsonAnswer(200, { domains } satisfies NeonAuthRedirectUriWhitelistResponse)
}

const addBranchNeonAuthTrustedDomain: Operation = async (call) => {
  const { behavior, clock } = call.project
  const branch = branchOf(call)
  const body = bodyAs<NeonAuthAddDomainToRedirectUriWhitelistRequest>(call)
  const domain = storedDomain(body.domain, behavior)
  const auth = requireAuth(branch)
  await updateAuthConfig(branch, ({ trusted_origins }) => {
    if (trusted_origins.includes(domain)) {
      answerDuplicate(domain, behavior)
      return {}
    }
    keepStale(auth, trusted_origins, behavior)
    auth.trustedSince.set(domain, clock.now())
    return { trusted_origins: [...trusted_origins, domain] }
  })
  return emptyAnswer(201)
}

/** Throws the API's error for a domain that is already trusted, unless the behavior accepts it. */
function answerDuplicate(domain: string, { duplicateDomain }: Behavior): void {
  const message = `domain ${domain} already exists`
  if (duplicateDomain === 'conflict-code') throw new ApiError(409, message, 'DOMAIN_ALREADY_EXISTS')
  if (duplicateDomain === 'conflict-bare') throw new ApiError(409, message)
  if (duplicateDomain === 'bad-request') throw new ApiError(400, message)
}

/**
 * Reads the list as the API would. If writes show up late, the next two reads after a write return the list before
 * it.
 */
function readDomains(branch: BranchRecord): string[] {
  const { trusted_origins } = authConfig(branch)
  const stale = requireAuth(branch).staleDomains
  if (stale === undefined || stale.reads === 0) return trusted_origins
  stale.reads -= 1
  return stale.list
}

function keepStale(auth: Integration, list: string[], { domainList }: Behavior): void {
  if (domainList === 'stale') auth.staleDomains = { list: [...list], reads: 2 }
}

const deleteBranchNeonAuthTrustedDomain: Operation = async (call) => {
  const { domains } = bodyAs<NeonAuthDeleteDomainFromRedirectUriWhitelistRequest>(call)
  // A domain is deleted by its stored spelling, as the list shows it.
  const gone = new Set(domains.map(({ domain }) => domain))
  const branch = branchOf(call)
  const auth = requireAuth(branch)
  await updateAuthConfig(branch, ({ trusted_origins }) => {
    keepStale(auth, trusted_origins, call.project.behavior)
    return { trusted_origins: trusted_origins.filter((domain) => !gone.has(domain)) }
  })
  return emptyAnswer(200)
}

/** The operations on trusted domains. */
export const domainOperations: Record<string, Operation> = {
  listBranchNeonAuthTrustedDomains,
  addBranchNeonAuthTrustedDomain,
  deleteBranchNeonAuthTrustedDomain,
}
