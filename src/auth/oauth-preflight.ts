import { type AuthService, createAuthService } from '../auth-service/client.ts'
import {
  describeAnswer,
  isInvalidCallback,
  isInvalidOrigin,
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

/** An OAuth provider to which the auth service sends people from the preview. */
export type OauthCheck = {
  readonly provider: string
  readonly clientId: string
  /** Where the provider sends people back to. */
  readonly redirectUri: string
} & (
  | { readonly app: 'shared' }
  /** The project's own OAuth app, which must list the redirect URI. */
  | { readonly app: 'own'; readonly console: string; readonly consoleName: string }
)

/** What to check, and what is needed for it. */
export interface OauthPreflight extends AuthUrls {
  /** The providers of the branch, by ID. */
  readonly oauthProviders: readonly string[]
  /** The ones that use the project's own credentials. */
  readonly ownOauthProviders: readonly string[]
  /** The domains that this run trusts. */
  readonly domains: readonly string[]
  readonly http: Http
  readonly deadline: Deadline
  readonly log: Log
}

/** Where the OAuth apps of a provider are edited that this action does not know. */
const OTHER_CONSOLE = {
  name: "provider's console",
  url: 'https://neon.com/docs/auth/guides/setup-oauth',
}

/** How long a new domain may take to count as callback URL, in ms. */
const PATIENCE_MS = 30_000

const isUntrusted = (response: ServiceResponse): boolean =>
  isInvalidCallback(response) || isInvalidOrigin(response)

const untrusted = (provider: string, origin: string, response: ServiceResponse) =>
  new Problem({
    what: `Sign-in with ${provider} cannot return to ${origin}: the auth service does not accept it as callback URL.`,
    response: `${describeAnswer(response)}.`,
    why: 'the change has not reached the auth service yet, or the trusted domain does not match this origin',
    fix: 'run the job again, raise `timeout`, or skip this check with `oauth_preflight: false`',
  })

interface Question {
  readonly provider: string
  readonly origin: string
  readonly isOwn: boolean
}

/** Starts a sign-in, again until its callback URL is trusted. */
const start = async (
  { provider, origin }: Question,
  service: AuthService,
  deadline: Deadline,
): Promise<ServiceResponse> => {
  const { value } = await pollUntil({
    deadline,
    patienceMs: PATIENCE_MS,
    waitingFor: `waiting for ${origin} to be accepted as callback URL`,
    attempt: async () => {
      const value = await service.startSocialSignIn({ provider, origin })
      return { done: !isUntrusted(value), value, failure: describeAnswer(value) }
    },
  })
  return value
}

/** Reads which OAuth app a sign-in uses. `undefined` if the response does not say. */
const readCheck = (
  { provider, isOwn }: Question,
  { ok, fields }: ServiceResponse,
): OauthCheck | undefined => {
  const url = URL.parse(nonEmptyString(fields['url']) ?? '')
  const clientId = url?.searchParams.get('client_id')
  const redirectUri = url?.searchParams.get('redirect_uri')
  if (!ok || !clientId || !redirectUri) return undefined
  const found = { provider, clientId, redirectUri }
  if (!isOwn) return { ...found, app: 'shared' }
  const { name: consoleName, url: console } = oauthProvider(provider)?.console ?? OTHER_CONSOLE
  return { ...found, app: 'own', console, consoleName }
}

const tell = (check: OauthCheck, log: Log): void => {
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

const checkOne = async (
  question: Question,
  service: AuthService,
  { deadline, log }: OauthPreflight,
): Promise<OauthCheck[]> => {
  const { provider, origin } = question
  const unknown = (why: string): OauthCheck[] => {
    log.warning(`Could not check sign-in with ${provider} from ${origin}: ${why}.`)
    return []
  }
  try {
    const response = await start(question, service, deadline)
    if (isUntrusted(response)) throw untrusted(provider, origin, response)
    const check = readCheck(question, response)
    if (!check) return unknown(`the auth service answered ${response.summary}, without a redirect`)
    tell(check, log)
    return [check]
  } catch (error) {
    if (error instanceof LostResponseError) return unknown(messageOf(error))
    throw error
  }
}

/**
 * Asks the auth service to start a sign-in with each OAuth provider from the preview, and reads from the
 * redirect which OAuth app it uses and where that sends people back to. Contacts no provider. Warns
 * about redirect URIs that have to be registered, and about providers that cannot be checked. Throws
 * {@link Problem} if the auth service does not accept the preview as callback URL.
 */
export const checkOauth = async (preflight: OauthPreflight): Promise<OauthCheck[]> => {
  const { oauthProviders, ownOauthProviders, domains, http, log } = preflight
  const origin = domains.find((domain) => !domain.includes('*'))
  if (origin === undefined) {
    log.warning(
      '`oauth_preflight` checked nothing, because this run knows no exact URL of a preview.',
    )
    return []
  }
  const service = createAuthService(http.retrying, preflight)
  const checks: OauthCheck[] = []
  // One at a time: Better Auth accepts three sign-ins in ten seconds.
  for (const provider of oauthProviders) {
    const isOwn = ownOauthProviders.includes(provider)
    checks.push(...(await checkOne({ provider, origin, isOwn }, service, preflight)))
  }
  return checks
}
