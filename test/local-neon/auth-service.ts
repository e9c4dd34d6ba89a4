import { randomUUID } from 'node:crypto'
import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { type ProjectConfig, readConfig } from './auth-schema.ts'
import { answerByBehavior, matchedOrigin } from './auth-service-behavior.ts'
import type { Behavior } from './behavior.ts'
import { databaseOptions, poolOver } from './better-auth-options.ts'
import { authPlugins } from './better-auth-plugins.ts'
import type { Database } from './database.ts'
import type { OutboxMail } from './mail.ts'
import { createNotices, ipHeader, type Notices, noticeLifetime } from './notices.ts'
import { hashPassword, verifyPassword } from './password-hash.ts'

const loopbackOrigins = ['localhost', '127.0.0.1'].flatMap((host) =>
  ['http', 'https'].flatMap((scheme) => [`${scheme}://${host}`, `${scheme}://${host}:*`]),
)

/** The made-up client ID and secret of each provider's shared app. */
const sharedClient = 'local-neon-shared'

/** The address of an auth service, its database, and its settings. */
export interface AuthServiceOptions {
  origin: string
  /** The path of the base URL. */
  basePath: string
  branchId: string
  endpointId: string
  database: Database
  secret: string
  rateLimit: boolean
  /** Receives the emails of the shared provider. */
  outbox: OutboxMail[]
  /** Returns whether a listed domain is already accepted. */
  isTrustedYet: (domain: string) => boolean
  behavior: () => Behavior
}

/** Answers one request to an auth service. */
export type AuthService = (request: Request, clientIp: string) => Promise<Response>

/**
 * Creates a real Better Auth instance on a branch's database. Every request uses the current configuration row. Some
 * changes to the row recreate the instance.
 */
export function createAuthService(options: AuthServiceOptions): AuthService {
  const { database, branchId, endpointId, outbox, behavior } = options
  const parts = {
    notices: createNotices({
      branchId,
      endpointId,
      outbox,
      config: () => configOf(database),
      sharedSendsLinks: () => behavior().sharedLinks === 'sent',
    }),
    rateLimitStorage: rateLimitStorage(),
  }
  let built: { fingerprint: string; handler: (request: Request) => Promise<Response> } | undefined
  return async (request, clientIp) => {
    const { config } = database.facts
    if (config === null) return notProvisioned()
    const { name, email_and_password, social_providers, plugin_configs } = config
    const fixedSettings = [name, email_and_password, social_providers, plugin_configs]
    const fingerprint = JSON.stringify(fixedSettings)
    // Better Auth accepts these settings only when it is created. It asks for the trusted origins on every request.
    if (built?.fingerprint !== fingerprint) {
      built = { fingerprint, handler: betterAuth(authOptions(options, config, parts)).handler }
    }
    request.headers.set(ipHeader, clientIp)
    return answerByBehavior(request, behavior(), built.handler)
  }
}

interface Parts {
  notices: Notices
  rateLimitStorage: ReturnType<typeof rateLimitStorage>
}

function authOptions(options: AuthServiceOptions, config: ProjectConfig, parts: Parts) {
  const { origin, basePath, database, secret, rateLimit } = options
  const { notices } = parts
  return {
    database: databaseOptions(poolOver(() => database.hold())),
    plugins: authPlugins(config, notices),
    appName: config.name,
    baseURL: origin,
    basePath,
    secret,
    trustedOrigins: () => trustedOrigins(options),
    ...emailOptions(config, notices),
    socialProviders: socialProviders(config),
    databaseHooks: newUserHooks(notices),
    rateLimit: { enabled: rateLimit, customStorage: parts.rateLimitStorage },
    telemetry: { enabled: false },
    logger: { disabled: true },
    advanced: {
      database: { generateId: () => randomUUID() },
      // Better Auth turns both checks off if it detects a test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [ipHeader] },
      cookiePrefix: 'neon-auth',
      // At Neon, every branch has its own host, so cookies never reach another branch. Here,
      // branches share one host, and the path separates their cookies. The other attributes are
      // Neon's: a preview and its auth service are different sites
      // (https://github.com/neondatabase/neon-js/pull/82).
      defaultCookieAttributes: {
        path: basePath,
        sameSite: 'none',
        secure: true,
        partitioned: true,
      },
    },
  } satisfies BetterAuthOptions
}

function emailOptions({ email_and_password: settings }: ProjectConfig, notices: Notices) {
  type Sent = { user: { email: string; name: string }; url: string; token: string }
  const send =
    (purpose: string) =>
    ({ user, url, token }: Sent, request?: Request) =>
      notices.sendLink(
        { url, token, purpose, to: user, lifetime: noticeLifetime },
        request?.headers,
      )
  return {
    emailAndPassword: {
      enabled: settings.enabled,
      password: { hash: hashPassword, verify: verifyPassword },
      disableSignUp: settings.disable_sign_up,
      requireEmailVerification: settings.require_email_verification,
      resetPasswordTokenExpiresIn: noticeLifetime,
      sendResetPassword: send('forget-password'),
    },
    emailVerification: {
      sendOnSignUp: settings.send_verification_email_on_sign_up,
      sendOnSignIn: settings.send_verification_email_on_sign_in,
      autoSignInAfterVerification: settings.auto_sign_in_after_verification,
      expiresIn: noticeLifetime,
      // If this is set, it overrides the plugin that sends codes.
      ...(settings.email_verification_method === 'link' && {
        sendVerificationEmail: send('email-verification'),
      }),
    },
  } satisfies BetterAuthOptions
}

function newUserHooks(notices: Notices) {
  const provider = (context: { params?: unknown } | null) =>
    (context?.params as { id?: string } | undefined)?.id ?? 'credential'
  return {
    user: {
      create: {
        before: (user, context) => notices.beforeCreate(user, provider(context), context?.headers),
        after: async (user, context) => notices.created(user, provider(context), context?.headers),
      },
    },
  } satisfies BetterAuthOptions['databaseHooks']
}

function configOf(database: Database): ProjectConfig {
  const { config } = database.facts
  if (config === null) throw new Error('neon_auth.project_config has no row')
  return config
}

/** Returns the origins that the configuration row trusts right now. */
async function trustedOrigins(options: AuthServiceOptions): Promise<string[]> {
  const config = await options.database.use('read', readConfig)
  if (config === null) return []
  const trusted = config.trusted_origins.filter(options.isTrustedYet)
  const matched = trusted.map((domain) => matchedOrigin(domain, options.behavior()))
  return [...matched, ...(config.allow_localhost ? loopbackOrigins : [])]
}

function socialProviders({ social_providers }: ProjectConfig) {
  const credentials = social_providers.map(({ id, client_id, client_secret, ...rest }) => {
    const own = client_id !== undefined && client_secret !== undefined
    return [
      id,
      {
        clientId: own ? client_id : sharedClient,
        clientSecret: own ? client_secret : sharedClient,
        ...(rest.microsoft_tenant_id && { tenantId: rest.microsoft_tenant_id }),
      },
    ]
  })
  return Object.fromEntries(credentials) as NonNullable<BetterAuthOptions['socialProviders']>
}

/**
 * Returns a store for the rate limit of one branch. Better Auth's default store is shared by the whole process, but
 * at Neon, a busy branch does not use up the limit of another. The rule is Better Auth's: every allowed request
 * extends the window, and the count starts again after a whole window without one.
 */
function rateLimitStorage() {
  const counts = new Map<string, { count: number; since: number }>()
  return {
    consume: async (key: string, rule: { window: number; max: number }) => {
      const now = Date.now()
      const seen = counts.get(key)
      if (seen === undefined || now - seen.since >= rule.window * 1000) {
        counts.set(key, { count: 1, since: now })
        return { allowed: true, retryAfter: null }
      }
      if (seen.count >= rule.max) {
        const retryAfter = Math.ceil((seen.since + rule.window * 1000 - now) / 1000)
        return { allowed: false, retryAfter }
      }
      counts.set(key, { count: seen.count + 1, since: now })
      return { allowed: true, retryAfter: null }
    },
  }
}

function notProvisioned(): Response {
  const message = 'neon_auth.project_config has no row: the schema was dropped or emptied'
  return Response.json({ code: 'NOT_PROVISIONED', message }, { status: 500 })
}
