import type { NeonAuthIntegration } from '@neon/sdk/raw'
import { RunAborted } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import { isLoopback } from '../domains/loopback.ts'
import { type FoundBranch, isYoung } from '../neon/branches.ts'
import type { CreatedAuth, NeonClient, TrustedDomain } from '../neon/client.ts'
import { toProblem, withContext } from '../neon/errors.ts'
import { backoffMs } from '../network/retry.ts'
import type { StoredSettings } from '../settings/settings.ts'
import type { ChangeContext } from './context.ts'
import { type AuthState, type Desired, wantedLocalhost, wantedSettings } from './plan.ts'

/** Auth that is on, as Neon tells it: what the planner needs, and what the outputs repeat. */
export type ObservedOn = Extract<AuthState, { auth: 'on' }> & {
  readonly integration: NeonAuthIntegration
  /** The entries as Neon stores them: removing needs them verbatim. */
  readonly storedDomains: readonly TrustedDomain[]
}

/** A branch's auth as Neon tells it. */
export type Observed = { readonly auth: 'off' } | ObservedOn

const noSettings = (branch: FoundBranch): Problem =>
  new Problem({
    what: `Neon Auth is on for branch ${branch.name} (${branch.id}), but Neon gives no settings for it (404).`,
    why: 'auth was switched off this very moment, or this Neon API has no settings',
    fix: 'run the job again, or leave `settings` and `isolate` out',
  })

const read = async (neon: NeonClient, branch: FoundBranch): Promise<StoredSettings | undefined> => {
  const [plugins, webhook] = await Promise.all([
    neon.getPlugins(branch.id),
    neon.getWebhook(branch.id),
  ])
  // No webhook (404 while auth is on) is a webhook that is off.
  return plugins && { plugins, webhook: webhook ?? { enabled: false } }
}

/**
 * The settings. Where nothing is wanted of them they are only told of (callback URLs, a warning of
 * what was inherited), which is not worth failing a run that can do its job without.
 */
const storedSettings = async (
  neon: NeonClient,
  branch: FoundBranch,
  needed: boolean,
  log: Log,
): Promise<StoredSettings | undefined> => {
  if (needed) return read(neon, branch)
  try {
    return await read(neon, branch)
  } catch (error) {
    if (error instanceof RunAborted) throw error
    const told = toProblem(
      error,
      'The settings could not be read: `callback_urls` may be incomplete.',
    )
    log.warning(messageOf(told))
    return undefined
  }
}

/**
 * Reads a branch's auth; all reads run side by side. The branch must be known to exist: only then
 * does a 404 mean "off". Throws {@link Problem} when Neon refuses a read.
 */
export const observe = async (
  neon: NeonClient,
  branch: FoundBranch,
  desired: Desired,
  log: Log,
): Promise<Observed> =>
  withContext(
    `Could not read the state of Neon Auth on branch ${branch.name} (${branch.id}).`,
    async () => {
      const wanted = wantedSettings(desired) !== undefined
      const [integration, storedDomains = [], settings, localhost, inherited = []] =
        await Promise.all([
          neon.getAuth(branch.id),
          neon.listDomains(branch.id),
          storedSettings(neon, branch, wanted, log),
          wantedLocalhost(desired) === undefined ? undefined : neon.getAllowLocalhost(branch.id),
          desired.isolate && branch.parentId ? neon.listDomains(branch.parentId) : undefined,
        ])
      if (!integration) return { auth: 'off' }
      if (wanted && !settings) throw noSettings(branch)
      const { name } = integration
      return {
        auth: 'on',
        integration,
        storedDomains,
        trustedDomains: storedDomains.map(({ domain }) => domain),
        inheritedDomains: inherited.map(({ domain }) => domain),
        ...(settings && { settings: { ...settings, ...(name !== undefined && { name }) } }),
        ...(localhost !== undefined && { allowLocalhost: localhost }),
      }
    },
  )

/** Which integration it is: one that was disabled and enabled again has another identity. */
export type AuthIdentity = string

/** Returns the identity of an integration, made of what Neon gives anew to each. */
export const identityOf = ({
  auth_provider_project_id,
  created_at,
}: NeonAuthIntegration): AuthIdentity => `${auth_provider_project_id} ${created_at}`

/** What closing reads. */
export interface ObservedClosing {
  readonly state: AuthState
  /** The entries as Neon stores them: removing needs them verbatim. */
  readonly storedDomains: readonly TrustedDomain[]
  /** Absent if auth is off. */
  readonly identity?: AuthIdentity
}

/** Reads only what closing needs: whether auth is on, and for `untrust` the list of domains. */
export const observeClosing = async (
  neon: NeonClient,
  branch: FoundBranch,
  onClose: 'disable' | 'untrust',
): Promise<ObservedClosing> =>
  withContext(
    `Could not read the state of Neon Auth on branch ${branch.name} (${branch.id}).`,
    async () => {
      const [integration, storedDomains = []] = await Promise.all([
        neon.getAuth(branch.id),
        onClose === 'untrust' ? neon.listDomains(branch.id) : undefined,
      ])
      if (!integration) return { state: { auth: 'off' }, storedDomains: [] }
      const trustedDomains = storedDomains.map(({ domain }) => domain)
      return {
        state: { auth: 'on', trustedDomains },
        storedDomains,
        identity: identityOf(integration),
      }
    },
  )

/** Where the auth service of a branch is found. */
export interface AuthUrls {
  readonly baseUrl: string
  readonly jwksUrl: string
}

/** What is asked of an integration, and what the enabling call said about it. */
interface Expected {
  readonly database?: string | undefined
  readonly created?: CreatedAuth | undefined
}

const isOnFor = ({ name, id }: FoundBranch): string => `Neon Auth is on for branch ${name} (${id})`

/**
 * Checks that an integration that is on is the one that was asked for. Throws {@link Problem} if the
 * provider is not Better Auth, and if auth lives in another database.
 */
export const checkProvider = (
  { auth_provider, db_name }: NeonAuthIntegration,
  branch: FoundBranch,
  { database }: Pick<Expected, 'database'>,
): void => {
  const on = isOnFor(branch)
  if (auth_provider !== 'better_auth') {
    throw new Problem({
      what: `${on}, but with the provider ${oneLine(auth_provider, 80)}; this action knows only better_auth.`,
      fix: 'migrate the branch to Neon Auth with Better Auth: disable it in the Neon Console, then run this again',
    })
  }
  if (database !== undefined && db_name !== undefined && db_name !== database) {
    throw new Problem({
      what: `${on} in the database ${oneLine(db_name, 80)}, but the input \`database\` asks for ${oneLine(database, 80)}.`,
      why: 'it was inherited from the parent branch, or enabled by an earlier run without `database`',
      fix: `unset \`database\` or set it to ${oneLine(db_name, 80)}; to move auth, disable it on this branch first`,
    })
  }
}

/**
 * As {@link checkProvider}, and returns the URLs. They may come from the response to the enabling call
 * (`created`) if reading does not show them. Throws {@link Problem} if there is no usable URL.
 */
export const checkIntegration = (
  integration: NeonAuthIntegration,
  branch: FoundBranch,
  { database, created = {} }: Expected = {},
): AuthUrls => {
  checkProvider(integration, branch, { database })
  const urls = urlsOf(integration) ?? urlsOf({ ...integration, ...created })
  if (urls) return urls
  throw new Problem({
    what: `${isOnFor(branch)}, but Neon gives no usable base_url and jwks_url for it.`,
    why: 'the branch has no read-write compute, which Neon Auth runs on',
    fix: 'add a read-write compute to the branch (Neon Console → Branches → Computes) and run this again',
  })
}

/** How long the URLs of auth that is just being set up may take to show, in ms. */
const URLS_MS = 60_000

/**
 * Waits until auth that is on has its URLs, if it was just enabled or the branch is new. Returns what
 * was read last, with or without them.
 */
export const waitForUrls = async (
  desired: Desired,
  observed: ObservedOn,
  created: CreatedAuth | undefined,
  { neon, branch, deadline, log }: ChangeContext,
): Promise<ObservedOn> => {
  const until = performance.now() + URLS_MS
  let last = observed
  for (let attempt = 0; ; attempt++) {
    const isReady = urlsOf(last.integration) ?? urlsOf({ ...last.integration, ...created })
    const isBeingSetUp = created !== undefined || isYoung(branch)
    const pause = 500 + backoffMs(attempt)
    const isLate = performance.now() + pause > until || pause >= deadline.remaining()
    if (isReady || !isBeingSetUp || isLate) return last
    if (attempt === 0) log.info('Waiting for the URLs of Neon Auth, which is being set up.')
    await deadline.sleep(pause, 'waiting for the URLs of Neon Auth')
    const now = await observe(neon, branch, desired, log)
    if (now.auth === 'on') last = now
  }
}

/** Passwords go there: never in the clear. */
const isService = (text: string | undefined): text is string => {
  const url = text && !/\s/.test(text) && URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
}

/** Where auth is found, if the integration tells; `undefined` when a URL is missing or is none. */
export const urlsOf = ({
  base_url,
  jwks_url,
}: Partial<NeonAuthIntegration>): AuthUrls | undefined => {
  if (!isService(base_url) || !isService(jwks_url)) return undefined
  return { baseUrl: base_url, jwksUrl: jwks_url }
}
