import { type AuthService, createAuthService } from '../auth-service/client.ts'
import {
  describeServiceResponse,
  rejectsCallback,
  rejectsOrigin,
  type ServiceResponse,
} from '../auth-service/response.ts'
import type { Deadline } from '../core/deadline.ts'
import type { Log } from '../core/log.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { nonEmptyString, oneLine } from '../core/text.ts'
import { LostResponseError } from '../network/errors.ts'
import type { Http } from '../network/http.ts'
import { pollUntil } from '../network/poll.ts'
import { oauthProvider } from '../settings/oauth-providers.ts'
import type { AuthUrls } from './urls.ts'

/** The OAuth app and the redirect URI that sign-in with one provider uses. */
export type OauthCheck = {
  readonly provider: string
  readonly clientId: string
  /** The URL to which the provider sends users after sign-in. */
  readonly redirectUri: string
} & (
  | { readonly app: 'shared' }
  /** The project's own OAuth app, which must list the redirect URI. */
  | { readonly app: 'own'; readonly console: string; readonly consoleName: string }
)

/** What to check, and the dependencies for it. */
export interface OauthPreflight extends AuthUrls {
  /** The IDs of the branch's providers. */
  readonly oauthProviders: readonly string[]
  /** The IDs of the providers that use the project's own credentials. */
  readonly ownOauthProviders: readonly string[]
  /** The domains that this run trusts. */
  readonly domains: readonly string[]
  readonly http: Http
  readonly deadline: Deadline
  readonly log: Log
}

/** Where to look for the console of a provider that this action does not know. */
const OTHER_CONSOLE = {
  name: "provider's console",
  url: 'https://neon.com/docs/auth/guides/setup-oauth',
}

/** How long a new domain may take to count as a callback URL, in ms. */
const PATIENCE_MS = 30_000

/** A sign-in to check. */
interface SignIn {
  readonly provider: string
  readonly origin: string
  readonly usesOwnApp: boolean
}

const isUntrusted = (response: ServiceResponse): boolean =>
  rejectsCallback(response) || rejectsOrigin(response)

const untrustedProblem = ({ provider, origin }: SignIn, response: ServiceResponse): Problem =>
  new Problem({
    what: `Sign-in with ${provider} cannot return to ${origin}: the auth service does not accept it as a callback URL.`,
    response: `${describeServiceResponse(response)}.`,
    why: 'the new trusted domain has not reached the auth service yet, or the trusted domain does not match this origin',
    fix: 'run the job again, or skip this check with `oauth_preflight: false`',
  })

/** Starts a sign-in. Retries for at most 30 s until the auth service accepts its callback URL. */
const startSignIn = async (
  { provider, origin }: SignIn,
  service: AuthService,
  deadline: Deadline,
): Promise<ServiceResponse> => {
  const { value } = await pollUntil({
    deadline,
    patienceMs: PATIENCE_MS,
    waitingFor: `waiting for ${origin} to be accepted as a callback URL`,
    attempt: async () => {
      const response = await service.startSocialSignIn({ provider, origin })
      const failure = describeServiceResponse(response)
      return { done: !isUntrusted(response), value: response, failure }
    },
  })
  return value
}

/** Returns which OAuth app a sign-in uses, or `undefined` if the response does not say. */
const toOauthCheck = (
  { provider, usesOwnApp }: SignIn,
  { ok, fields }: ServiceResponse,
): OauthCheck | undefined => {
  const url = URL.parse(nonEmptyString(fields['url']) ?? '')
  const clientId = url?.searchParams.get('client_id')
  const redirectUri = url?.searchParams.get('redirect_uri')
  if (!ok || !clientId || !redirectUri) return undefined
  const details = { provider, clientId, redirectUri }
  if (!usesOwnApp) return { ...details, app: 'shared' }
  const { name: consoleName, url: console } = oauthProvider(provider)?.console ?? OTHER_CONSOLE
  return { ...details, app: 'own', console, consoleName }
}

const logCheck = (check: OauthCheck, log: Log): void => {
  const { provider } = check
  if (check.app === 'shared') {
    log.info(`Sign-in with ${provider} uses Neon's shared OAuth app, which works on every branch.`)
    return
  }
  const uri = oneLine(check.redirectUri, 300)
  log.warning(
    `Sign-in with ${provider} works here only if the OAuth app ${oneLine(check.clientId, 100)} lists the redirect URI ${uri}. Add it in the ${check.consoleName}: ${check.console}`,
  )
}

const checkSignIn = async (
  signIn: SignIn,
  service: AuthService,
  { deadline, log }: OauthPreflight,
): Promise<OauthCheck | undefined> => {
  const { provider, origin } = signIn
  const warnUnchecked = (reason: string): undefined => {
    log.warning(`Could not check sign-in with ${provider} from ${origin}: ${reason}.`)
  }
  try {
    const response = await startSignIn(signIn, service, deadline)
    if (isUntrusted(response)) throw untrustedProblem(signIn, response)
    const check = toOauthCheck(signIn, response)
    if (!check)
      return warnUnchecked(
        `the auth service answered ${response.summary}, without a sign-in URL that names the OAuth app and the redirect URI`,
      )
    logCheck(check, log)
    return check
  } catch (error) {
    if (error instanceof LostResponseError) return warnUnchecked(messageOf(error))
    throw error
  }
}

/**
 * Asks the auth service to start a sign-in from the preview with each OAuth provider. Returns the OAuth app and
 * the redirect URI that each response names. Contacts no provider. Warns about redirect URIs to register, and
 * about providers that it could not check. Throws {@link Problem} if the auth service does not accept the
 * preview as a callback URL.
 */
export const checkOauth = async (preflight: OauthPreflight): Promise<OauthCheck[]> => {
  const { oauthProviders, ownOauthProviders, domains, http, log } = preflight
  if (oauthProviders.length === 0) {
    log.info('`oauth_preflight` checked nothing, because this branch has no OAuth provider.')
    return []
  }
  const origin = domains.find((domain) => !domain.includes('*'))
  if (origin === undefined) {
    log.warning(
      '`oauth_preflight` checked nothing, because this run knows no exact URL of a preview.',
    )
    return []
  }
  const service = createAuthService(http.retrying, preflight)
  const checks: OauthCheck[] = []
  // Check one at a time, because by default Better Auth accepts only three sign-ins in ten seconds.
  for (const provider of oauthProviders) {
    const usesOwnApp = ownOauthProviders.includes(provider)
    const check = await checkSignIn({ provider, origin, usesOwnApp }, service, preflight)
    if (check) checks.push(check)
  }
  return checks
}
