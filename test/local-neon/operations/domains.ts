import type {
  NeonAuthAddDomainToRedirectUriWhitelistRequest,
  NeonAuthDeleteDomainFromRedirectUriWhitelistRequest,
  NeonAuthRedirectUriWhitelistResponse,
} from '@neon/sdk/raw'
import { ApiError, emptyAnswer, jsonAnswer } from '../answer.ts'
import { authConfig, updateAuthConfig } from '../integration.ts'
import { bodyAs, branchOf, type Operation } from './operation.ts'

const listBranchNeonAuthTrustedDomains: Operation = (call) => {
  const domains = authConfig(branchOf(call)).trusted_origins.map((domain) => ({
    domain,
    auth_provider: 'better_auth' as const,
  }))
  return jsonAnswer(200, { domains } satisfies NeonAuthRedirectUriWhitelistResponse)
}

const addBranchNeonAuthTrustedDomain: Operation = async (call) => {
  const { domain } = bodyAs<NeonAuthAddDomainToRedirectUriWhitelistRequest>(call)
  // The string is stored as it came, so that one which can never match can be stored too.
  await updateAuthConfig(branchOf(call), ({ trusted_origins }) => {
    if (trusted_origins.includes(domain)) {
      throw new ApiError(409, `domain ${domain} already exists`, 'DOMAIN_ALREADY_EXISTS')
    }
    return { trusted_origins: [...trusted_origins, domain] }
  })
  return emptyAnswer(201)
}

const deleteBranchNeonAuthTrustedDomain: Operation = async (call) => {
  const { domains } = bodyAs<NeonAuthDeleteDomainFromRedirectUriWhitelistRequest>(call)
  const gone = new Set(domains.map(({ domain }) => domain))
  await updateAuthConfig(branchOf(call), ({ trusted_origins }) => ({
    trusted_origins: trusted_origins.filter((domain) => !gone.has(domain)),
  }))
  return emptyAnswer(200)
}

/** The list of trusted domains. */
export const domainOperations: Record<string, Operation> = {
  listBranchNeonAuthTrustedDomains,
  addBranchNeonAuthTrustedDomain,
  deleteBranchNeonAuthTrustedDomain,
}
