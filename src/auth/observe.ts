import { isDeepStrictEqual } from 'node:util'
import type { NeonAuthIntegration } from '@neon/sdk/raw'
import { RunAborted } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import { type FoundBranch, isRecentlyCreated, isYoung } from '../neon/branches.ts'
import type { CreatedAuth, NeonClient, TrustedDomain } from '../neon/client.ts'
import { toProblem, withContext } from '../neon/errors.ts'
import { pollUntil } from '../network/poll.ts'
import { type StoredSettings, shareableProviders } from '../settings/settings.ts'
import type { ChangeContext } from './context.ts'
import { type AuthState, type Desired, desiredLocalhost, desiredSettings } from './plan.ts'
import { type AuthUrls, urlsOf } from './urls.ts'

/** Auth that is on, as Neon reports it. The planner uses the state, and the outputs use the integration. */
export type ObservedOn = Extract<AuthState, { auth: 'on' }> & {
  readonly integration: NeonAuthIntegration
  /** The trusted domains, exactly as Neon stores them. A removal must use that form. */
  readonly storedDomains: readonly TrustedDomain[]
}

/** The auth of a branch, as Neon reports it. */
export type Observed = { readonly auth: 'off' } | ObservedOn

/** The branch properties that a read needs. The others may not be known yet. */
type BranchToRead = Pick<FoundBranch, 'id' | 'name' | 'parentId'>

const noSettingsProblem = (branch: BranchToRead): Problem =>
  new Problem({
    what: `Neon Auth is on for branch ${branch.name} (${branch.id}), but Neon returns no settings for it (404).`,
    why: 'auth was disabled in the meantime, or this Neon API does not support settings',
    fix: 'run the job again, or remove `settings`, `isolate`, and `oauth: shared`',
  })

const readSettings = async (
  neon: NeonClient,
  branch: BranchToRead,
): Promise<StoredSettings | undefined> => {
  const [plugins, webhook] = await Promise.all([
    neon.getPlugins(branch.id),
    neon.getWebhook(branch.id),
  ])
  // While auth is on, a 404 means that no webhook is configured.
  return plugins && { plugins, webhook: webhook ?? { enabled: false } }
}

/**
 * Reads the settings for a run that does not change them. It needs them only for `callback_urls` and a warning
 * about inherited settings, so a failed read is only a warning.
 */
const tryReadSettings = async (
  neon: NeonClient,
  branch: BranchToRead,
  log: Log,
): Promise<StoredSettings | undefined> => {
  try {
    return await readSettings(neon, branch)
  } catch (error) {
    if (error instanceof RunAborted) throw error
    const problem = toProblem(
      error,
      'Could not read the settings, so `callback_urls` may be incomplete.',
    )
    log.warning(messageOf(problem))
    return undefined
  }
}

/**
 * Reads the auth of a branch, with all requests in parallel. The branch must exist, because a 404 counts as auth
 * that is off. Throws {@link Problem} if Neon refuses a read.
 */
export const observe = async (
  neon: NeonClient,
  branch: BranchToRead,
  desired: Desired,
  log: Log,
): Promise<Observed> =>
  withContext(
    `Could not read the state of Neon Auth on branch ${branch.name} (${branch.id}).`,
    async () => {
      const changesSettings = desiredSettings(desired) !== undefined
      const { parentId } = branch
      const [integration, storedDomains = [], settings, localhost, inherited = [], parent] =
        await Promise.all([
          neon.getAuth(branch.id),
          neon.listDomains(branch.id),
          changesSettings ? readSettings(neon, branch) : tryReadSettings(neon, branch, log),
          desiredLocalhost(desired) === undefined ? undefined : neon.getAllowLocalhost(branch.id),
          desired.isolate && parentId ? neon.listDomains(parentId) : undefined,
          desired.sharedOauth && parentId ? neon.getPlugins(parentId) : undefined,
        ])
      if (!integration) return { auth: 'off' }
      if (changesSettings && !settings) throw noSettingsProblem(branch)
      const { name } = integration
      return {
        auth: 'on',
        integration,
        storedDomains,
        trustedDomains: storedDomains.map(({ domain }) => domain),
        inheritedDomains: inherited.map(({ domain }) => domain),
        ...(settings && {
          settings: {
            ...settings,
            ...(name !== undefined && { name }),
            ...(parent && { inheritedOauth: shareableProviders(parent) }),
          },
        }),
        ...(localhost !== undefined && { allowLocalhost: localhost }),
      }
    },
  )

// Neon's response is not validated, so the values may have any type.
const generatedValues = ({ auth_provider_project_id, created_at }: NeonAuthIntegration) => [
  auth_provider_project_id,
  created_at,
]

/**
 * Returns whether two readings show the same integration. Compares values that Neon generates whenever auth is enabled.
 * So the integrations differ if auth was disabled and enabled again in between.
 */
export const isSameAuth = (a: NeonAuthIntegration, b: NeonAuthIntegration): boolean =>
  isDeepStrictEqual(generatedValues(a), generatedValues(b))

/** The state that a close needs. */
export interface ObservedForClose {
  readonly state: AuthState
  /** The trusted domains, exactly as Neon stores them. A removal must use that form. */
  readonly storedDomains: readonly TrustedDomain[]
  /** The integration. Absent if auth is off. */
  readonly integration?: NeonAuthIntegration
}

/**
 * Reads the state that a close needs: whether auth is on, and for `untrust` its trusted domains. Throws
 * {@link Problem} if Neon refuses a read.
 */
export const observeForClose = async (
  neon: NeonClient,
  branch: BranchToRead,
  onClose: 'disable' | 'untrust',
): Promise<ObservedForClose> =>
  withContext(
    `Could not read the state of Neon Auth on branch ${branch.name} (${branch.id}).`,
    async () => {
      const [integration, storedDomains = []] = await Promise.all([
        neon.getAuth(branch.id),
        onClose === 'untrust' ? neon.listDomains(branch.id) : undefined,
      ])
      if (!integration) return { state: { auth: 'off' }, storedDomains: [] }
      const trustedDomains = storedDomains.map(({ domain }) => domain)
      return { state: { auth: 'on', trustedDomains }, storedDomains, integration }
    },
  )

/** The context of an integration: the input `database`, and the response to the request that enabled auth. */
interface IntegrationContext {
  readonly database?: string | undefined
  readonly created?: CreatedAuth | undefined
}

const describeAuthOn = ({ name, id }: FoundBranch): string =>
  `Neon Auth is on for branch ${name} (${id})`

/** Throws {@link Problem} if the provider is not Better Auth, or if Neon reports another database than `database`. */
export const checkProviderAndDatabase = (
  { auth_provider, db_name }: NeonAuthIntegration,
  branch: FoundBranch,
  database: string | undefined,
): void => {
  const authOn = describeAuthOn(branch)
  if (auth_provider !== 'better_auth') {
    throw new Problem({
      what: `${authOn}, but with the provider ${oneLine(auth_provider, 80)}. This action supports only better_auth.`,
      fix: 'move the branch to Better Auth: disable Neon Auth in the Neon Console, then run the job again',
    })
  }
  if (database !== undefined && db_name !== undefined && db_name !== database) {
    throw new Problem({
      what: `${authOn} in the database ${oneLine(db_name, 80)}, but the input \`database\` is ${oneLine(database, 80)}.`,
      why: 'the branch inherited auth from its parent, or an earlier run enabled it without `database`',
      fix: `remove \`database\`, or set it to ${oneLine(db_name, 80)}. To move auth to another database, disable it on this branch first`,
    })
  }
}

/** Returns the URLs of an integration. Takes URLs that it lacks from `created`, if that belongs to the same auth. */
const completeUrls = (
  integration: NeonAuthIntegration,
  created: CreatedAuth | undefined,
): AuthUrls | undefined => {
  const { auth_provider_project_id: id } = integration
  const isSame = (created?.auth_provider_project_id ?? id) === id
  return urlsOf(integration) ?? (isSame ? urlsOf({ ...integration, ...created }) : undefined)
}

/**
 * Returns the URLs of an integration, or those in `created` if it has none. Throws {@link Problem} if neither has
 * usable URLs, and like {@link checkProviderAndDatabase}.
 */
export const checkIntegration = (
  integration: NeonAuthIntegration,
  branch: FoundBranch,
  { database, created }: IntegrationContext = {},
): AuthUrls => {
  checkProviderAndDatabase(integration, branch, database)
  const urls = completeUrls(integration, created)
  if (urls) return urls
  throw new Problem({
    what: `${describeAuthOn(branch)}, but Neon returns no usable base_url and jwks_url for it.`,
    why: 'the branch has no read-write compute, which Neon Auth needs',
    fix: 'add a read-write compute to the branch (Neon Console → Branches → Computes) and run the job again',
  })
}

/** How long to wait for the URLs of auth that Neon is still setting up, in ms. */
const URLS_MS = 60_000

/** Auth that is on now, and its state when the run began. */
interface AuthSinceStart {
  readonly before: Observed
  readonly observed: ObservedOn
  readonly created?: CreatedAuth | undefined
}

/**
 * Waits for the URLs of auth if Neon may still be setting it up because auth or the branch is new. Returns the
 * last state in which auth was on, with or without URLs.
 */
export const waitForUrls = async (
  desired: Desired,
  { before, observed, created }: AuthSinceStart,
  { neon, branch, deadline, log }: ChangeContext,
): Promise<ObservedOn> => {
  const hasUrls = ({ integration }: ObservedOn): boolean =>
    completeUrls(integration, created) !== undefined
  const isNewAuth = isRecentlyCreated(Date.parse(observed.integration.created_at))
  const isBeingSetUp = before.auth === 'off' || isNewAuth || isYoung(branch)
  if (hasUrls(observed) || !isBeingSetUp) return observed
  log.info('Waiting for Neon to report the URLs of Neon Auth.')
  let last = observed
  await pollUntil({
    attempt: async () => {
      const current = await observe(neon, branch, desired, log)
      if (current.auth === 'on') last = current
      return { done: hasUrls(last), value: undefined }
    },
    deadline,
    patienceMs: URLS_MS,
    waitingFor: 'waiting for the URLs of Neon Auth',
  })
  return last
}
