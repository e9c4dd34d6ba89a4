import type { NeonAuthOauthProvider, NeonAuthPluginConfigs } from '@neon/sdk/raw'
import { callbackUrl } from '../auth-service/client.ts'
import { oneLine } from '../core/text.ts'
import { isLoopback } from '../domains/loopback.ts'
import { broken, type Finding, ok, risk } from './finding.ts'
import { type BranchAuth, knownValue, type Observations } from './observations.ts'

const receiverOf = (url: string | undefined): string =>
  oneLine(URL.parse(url ?? '')?.host || 'an unknown receiver', 200)

const providerFinding = (
  { id, type }: NeonAuthOauthProvider,
  baseUrl: string,
  parent: NeonAuthPluginConfigs | undefined,
): Finding => {
  if (type !== 'standard')
    return ok('oauth_shared_app', `Sign-in with ${id} uses Neon's shared app`)
  const redirect = callbackUrl(baseUrl, id)
  const isInherited = parent?.oauth_providers?.some(
    (provider) => provider.id === id && provider.type === type,
  )
  return risk(
    'oauth_own_app',
    `Sign-in with ${id} works only if ${id} knows the redirect URI ${redirect}`,
    isInherited
      ? "the branch inherited its parent's own OAuth app, and each branch has its own redirect URI"
      : 'the branch uses your own OAuth app, and each branch has its own redirect URI',
    `register the redirect URI with ${id}, or set \`oauth_providers: { ${id}: shared }\` in \`settings\` if Neon has a shared app for it`,
  )
}

const methodFindings = (plugins: NeonAuthPluginConfigs): Finding[] => {
  const { email_and_password: password, magic_link, phone_number, oauth_providers = [] } = plugins
  const hasOtherMethod = magic_link?.enabled || phone_number?.enabled || oauth_providers.length > 0
  if (password && !password.enabled && !hasOtherMethod)
    return [
      broken(
        'no_sign_in_method',
        'The branch has no sign-in method',
        'email and password are off, and there is no OAuth provider, magic link, or phone number',
        'enable one in `settings`, such as `email_and_password: { enabled: true }`',
      ),
    ]
  if (!password?.enabled || !password.disable_sign_up) return []
  return [
    risk(
      'sign_up_closed',
      'New users cannot sign up with email and password',
      '`disable_sign_up` is on, perhaps inherited from production',
      'set `email_and_password: { disable_sign_up: false }` in `settings`, or create test users with `users`',
    ),
  ]
}

const emailFindings = (plugins: NeonAuthPluginConfigs): Finding[] => {
  const { email_provider: email, email_and_password: password } = plugins
  const hasOwnServer = email?.type === 'standard'
  const verifiesByLink =
    password?.enabled &&
    password.require_email_verification &&
    password.email_verification_method === 'link'
  return [
    ...(hasOwnServer
      ? [
          risk(
            'email_server',
            `This preview sends emails to real people through ${oneLine(email.host ?? 'an SMTP server', 200)}`,
            "the branch has its own mail server, most likely production's",
            'set `isolate: true`, or `email_provider: { type: shared }` in `settings`',
          ),
        ]
      : []),
    ...(verifiesByLink && !hasOwnServer
      ? [
          risk(
            'email_links',
            'New users may never get the email that verifies their address',
            'the branch verifies addresses by link, and according to Neon, the shared email provider sends only codes',
            'set `email_and_password: { email_verification_method: otp }` in `settings`',
          ),
        ]
      : []),
  ]
}

const webhookFindings = ({ webhook }: BranchAuth, parent: BranchAuth | undefined): Finding[] => {
  const hook = knownValue(webhook)
  if (!hook?.enabled) return []
  const fix = 'set `isolate: true`, or `webhook: { enabled: false }` in `settings`'
  const blockingNote = hook.enabled_events?.includes('user.before_create')
    ? '. Neon calls it before each sign-up, and it can refuse the user'
    : ''
  const { webhook_url: url } = hook
  const receiver = receiverOf(url)
  // If Neon masks both URLs, they only look the same.
  const isShown = url && !/[*•]{3}/.test(url)
  if (isShown && knownValue(parent?.webhook)?.webhook_url === url)
    return [
      risk(
        'webhook_of_parent',
        `The webhook sends this preview's events to the parent branch's receiver ${receiver}`,
        `the branch inherited the webhook of its parent branch${blockingNote}`,
        fix,
      ),
    ]
  const cause = `the webhook is on, set for this branch or inherited earlier${blockingNote}`
  return [risk('webhook_on', `The webhook sends this preview's events to ${receiver}`, cause, fix)]
}

const localhostFindings = ({ auth, previews }: Observations): Finding[] => {
  const examinesLocalhost = previews.some(({ origin }) => isLoopback(new URL(origin).hostname))
  if (!knownValue(auth.allowLocalhost) || examinesLocalhost) return []
  return [
    risk(
      'localhost_allowed',
      'Anyone can sign in to this branch from a page on their own localhost',
      "localhost is allowed, which is Neon's default",
      'set `allow_localhost: false`, or `isolate: true`',
    ),
  ]
}

const inheritedDomainFindings = ({ auth, parent, previews }: Observations): Finding[] => {
  const parentDomains = knownValue(parent?.domains) ?? []
  const examined = previews.map(({ origin }) => origin)
  const inherited = (knownValue(auth.domains) ?? []).filter(
    (domain) => parentDomains.includes(domain) && !examined.includes(domain),
  )
  if (inherited.length === 0) return []
  return [
    risk(
      'domains_inherited',
      `The branch also trusts ${oneLine(inherited.join(', '), 300)}`,
      'it inherited these domains from its parent branch',
      'set `isolate: true` to remove them',
    ),
  ]
}

/**
 * Returns the findings about providers, sign-in methods, and inherited settings. Returns an empty array if
 * the branch has no usable auth URLs. Pure.
 */
export const settingsFindings = (observations: Observations): Finding[] => {
  const { auth, parent } = observations
  const { urls } = auth
  if (!urls) return []
  const plugins = knownValue(auth.plugins)
  const providers = plugins?.oauth_providers ?? []
  const parentPlugins = knownValue(parent?.plugins)
  return [
    ...providers.map((provider) => providerFinding(provider, urls.baseUrl, parentPlugins)),
    ...(plugins ? [...methodFindings(plugins), ...emailFindings(plugins)] : []),
    ...webhookFindings(auth, parent),
    ...localhostFindings(observations),
    ...inheritedDomainFindings(observations),
  ]
}
