import type {
  ListNeonAuthOauthProvidersResponse,
  NeonAuthAddOAuthProviderRequest,
  NeonAuthOauthProvider,
  NeonAuthUpdateOAuthProviderRequest,
} from '@neon/sdk/raw'
import { ApiError, emptyAnswer, jsonAnswer } from '../answer.ts'
import type { SocialProvider } from '../auth-schema.ts'
import type { Behavior } from '../behavior.ts'
import { authConfig, updateAuthConfig } from '../integration.ts'
import { bodyAs, branchOf, type Operation } from './operation.ts'

/** Returns a stored provider as the API shows it. */
export function toOauthProvider(
  provider: SocialProvider,
  { shownSecret }: Pick<Behavior, 'shownSecret'>,
): NeonAuthOauthProvider {
  const { id, client_id, client_secret } = provider
  return {
    id,
    type: client_id === undefined ? 'shared' : 'standard',
    ...(client_id !== undefined && { client_id }),
    ...(client_secret !== undefined && shownSecret === 'shown' && { client_secret }),
  }
}

const listBranchNeonAuthOauthProviders: Operation = (call) => {
  const stored = authConfig(branchOf(call)).social_providers
  const providers = stored.map((each) => toOauthProvider(each, call.project.behavior))
  return jsonAnswer(200, { providers } satisfies ListNeonAuthOauthProvidersResponse)
}

const addBranchNeonAuthOauthProvider: Operation = async (call) => {
  const added = bodyAs<NeonAuthAddOAuthProviderRequest>(call)
  const { behavior } = call.project
  refuseShared(added)
  let status = Number(behavior.firstProvider)
  await updateAuthConfig(branchOf(call), ({ social_providers }) => {
    const others = social_providers.filter(({ id }) => id !== added.id)
    if (others.length < social_providers.length) status = statusOfAgain(added, behavior)
    return { social_providers: [...others, added] }
  })
  return jsonAnswer(status, toOauthProvider(added, behavior))
}

function statusOfAgain({ id }: SocialProvider, { providerAgain }: Behavior): number {
  if (providerAgain === 'conflict') throw new ApiError(409, `OAuth provider ${id} already exists`)
  return providerAgain === 'created' ? 201 : 200
}

const updateBranchNeonAuthOauthProvider: Operation = async (call) => {
  const id = call.params['oauth_provider_id']
  const patch = bodyAs<NeonAuthUpdateOAuthProviderRequest>(call)
  const config = await updateAuthConfig(branchOf(call), ({ social_providers }) => {
    const before = social_providers.find((provider) => provider.id === id)
    if (before === undefined) throw notConfigured(id)
    const updated = { ...before, ...patch }
    refuseShared(updated)
    return { social_providers: social_providers.map((each) => (each.id === id ? updated : each)) }
  })
  const updated = config.social_providers.filter((provider) => provider.id === id)
  return jsonAnswer(
    200,
    updated.map((provider) => toOauthProvider(provider, call.project.behavior))[0],
  )
}

const deleteBranchNeonAuthOauthProvider: Operation = async (call) => {
  const id = call.params['oauth_provider_id']
  // Deleting a provider that does not exist succeeds too.
  await updateAuthConfig(branchOf(call), ({ social_providers }) => ({
    social_providers: social_providers.filter((provider) => provider.id !== id),
  }))
  return emptyAnswer(200)
}

/** Throws unless both credentials are set, or neither for Google, which has a shared app. */
function refuseShared({ id, client_id, client_secret }: SocialProvider): void {
  if (client_id !== undefined && client_secret !== undefined) return
  if (client_id !== undefined || client_secret !== undefined) {
    throw new ApiError(400, 'client_id and client_secret go together')
  }
  if (id === 'google') return
  const message = `${id} has no shared OAuth app: provide client_id and client_secret`
  throw new ApiError(400, message, 'INVALID_SHARED_OAUTH_PROVIDER')
}

function notConfigured(id: string | undefined): ApiError {
  return new ApiError(404, `OAuth provider ${id} is not configured`)
}

/** The operations on OAuth providers. */
export const oauthProviderOperations: Record<string, Operation> = {
  listBranchNeonAuthOauthProviders,
  addBranchNeonAuthOauthProvider,
  updateBranchNeonAuthOauthProvider,
  deleteBranchNeonAuthOauthProvider,
}
