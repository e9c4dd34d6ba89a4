import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { type ProjectConfig, readConfig } from './auth-schema.ts'
import { poolOver, schemaOptions } from './better-auth-options.ts'
import type { Database } from './database.ts'

const ipHeader = 'x-local-neon-client-ip'
const loopbackOrigins = ['localhost', '127.0.0.1'].flatMap((host) =>
  ['http', 'https'].flatMap((scheme) => [`${scheme}://${host}`, `${scheme}://${host}:*`]),
)

/** Where an auth service is reached, and what it works on. */
export interface AuthServiceOptions {
  origin: string
  /** The path of the base URL. */
  basePath: string
  database: Database
  secret: string
  rateLimit: boolean
}

/** Answers one request to an auth service. */
export type AuthService = (request: Request, clientIp: string) => Promise<Response>

/** A real Better Auth over a branch's database, which reads its configuration row as it goes. */
export function createAuthService(options: AuthServiceOptions): AuthService {
  let built: { fingerprint: string; handler: (request: Request) => Promise<Response> } | undefined
  return async (request, clientIp) => {
    const { config } = options.database.facts
    if (config === null) return notProvisioned()
    const fingerprint = JSON.stringify([config.email_and_password, config.social_providers])
    // What Better Auth only takes when it is built makes it be built again; the rest it asks for.
    if (built?.fingerprint !== fingerprint) {
      built = { fingerprint, handler: betterAuth(authOptions(options, config)).handler }
    }
    request.headers.set(ipHeader, clientIp)
    return built.handler(request)
  }
}

function authOptions(options: AuthServiceOptions, config: ProjectConfig) {
  const { origin, basePath, database, secret, rateLimit } = options
  return {
    ...schemaOptions(poolOver(() => database.hold())),
    appName: config.name,
    baseURL: origin,
    basePath,
    secret,
    trustedOrigins: () => trustedOrigins(database),
    emailAndPassword: {
      enabled: config.email_and_password.enabled,
      disableSignUp: config.email_and_password.disable_sign_up,
      requireEmailVerification: config.email_and_password.require_email_verification,
    },
    socialProviders: socialProviders(config),
    rateLimit: { enabled: rateLimit, customStorage: rateLimitStorage() },
    telemetry: { enabled: false },
    logger: { disabled: true },
    advanced: {
      // Better Auth switches both checks off when it believes itself in a test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [ipHeader] },
      cookiePrefix: 'neon-auth',
      // At Neon every branch has a host of its own, so cookies never reach another branch. Here
      // they share one host, and the path keeps them apart.
      defaultCookieAttributes: { path: basePath },
    },
  } satisfies BetterAuthOptions
}

/** The origins the row names at this moment. */
async function trustedOrigins(database: Database): Promise<string[]> {
  const config = await database.use('read', readConfig)
  if (config === null) return []
  return [...config.trusted_origins, ...(config.allow_localhost ? loopbackOrigins : [])]
}

function socialProviders(config: ProjectConfig) {
  const own = config.social_providers.flatMap(({ id, client_id, client_secret }) =>
    client_id && client_secret ? [[id, { clientId: client_id, clientSecret: client_secret }]] : [],
  )
  return Object.fromEntries(own) as NonNullable<BetterAuthOptions['socialProviders']>
}

/**
 * Better Auth's default counts in memory that is shared by the whole process; at Neon a busy branch
 * does not use up another's allowance. Same rule: a window that starts anew once it has passed.
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
