import { randomUUID } from 'node:crypto'
import type { BetterAuthPlugin } from 'better-auth'
import { createAuthMiddleware, isAPIError } from 'better-auth/api'
import { admin, emailOTP, jwt, magicLink, organization, phoneNumber } from 'better-auth/plugins'
import type { ProjectConfig } from './auth-schema.ts'
import { type Notices, noticeLifetime } from './notices.ts'

/** The settings that control the plugins. */
export type PluginSettings = Pick<ProjectConfig, 'plugin_configs' | 'email_and_password'>

/** Returns Better Auth's plugins: some always, others only if they are enabled. */
export function authPlugins(settings: PluginSettings, notices: Notices): BetterAuthPlugin[] {
  const { organization, magic_link, phone_number } = settings.plugin_configs
  return [
    jwt({ jwks: { jwksPath: '/.well-known/jwks.json' } }),
    admin(),
    sessionChallenge(),
    codesByEmail(settings, notices),
    ...(organization.enabled ? [organizations(settings, notices)] : []),
    ...(magic_link.enabled ? [linksByEmail(settings, notices)] : []),
    ...(phone_number.enabled ? [codesByPhone(settings, notices)] : []),
  ]
}

/** How long a sign-in at a provider may take, in seconds. */
const challengeLifetime = 600

/**
 * Sets the cookie that a browser must still have when it returns from a provider. Neon sets it on
 * every sign-in, for now also under its earlier, misspelled name
 * (https://github.com/neondatabase/neon-js/pull/141).
 */
function sessionChallenge(): BetterAuthPlugin {
  const setCookies = createAuthMiddleware(async (context) => {
    if (isAPIError(context.context.returned)) return
    const value = randomUUID()
    for (const spelling of ['session_challenge', 'session_challange']) {
      const cookie = context.context.createAuthCookie(spelling, { maxAge: challengeLifetime })
      context.setCookie(cookie.name, value, cookie.attributes)
    }
  })
  const isSignIn = ({ path }: { path?: string }) => path?.startsWith('/sign-in/') ?? false
  return {
    id: 'session-challenge',
    hooks: { after: [{ matcher: isSignIn, handler: setCookies }] },
  }
}

function codesByEmail({ email_and_password }: PluginSettings, notices: Notices): BetterAuthPlugin {
  return emailOTP({
    overrideDefaultEmailVerification: email_and_password.email_verification_method === 'otp',
    disableSignUp: email_and_password.disable_sign_up,
    expiresIn: noticeLifetime,
    sendVerificationOTP: ({ email, otp, type }, context) =>
      notices.sendCode(
        { code: otp, purpose: type, to: { email }, lifetime: noticeLifetime },
        context?.headers,
      ),
  })
}

function linksByEmail({ plugin_configs }: PluginSettings, notices: Notices): BetterAuthPlugin {
  const { expires_in, disable_sign_up } = plugin_configs.magic_link
  const lifetime = expires_in * 60
  return magicLink({
    expiresIn: lifetime,
    disableSignUp: disable_sign_up,
    sendMagicLink: ({ email, url, token }, context) =>
      notices.sendLink(
        { url, token, purpose: 'sign-in', to: { email }, lifetime },
        context?.headers,
      ),
  })
}

function codesByPhone({ plugin_configs }: PluginSettings, notices: Notices): BetterAuthPlugin {
  const { otp_expires_in: lifetime = 300 } = plugin_configs.phone_number
  return phoneNumber({
    expiresIn: lifetime,
    sendOTP: (sent, context) =>
      notices.sendCode(
        { code: sent.code, purpose: 'sign-in', to: { phoneNumber: sent.phoneNumber }, lifetime },
        context?.headers,
      ),
    signUpOnVerification: { getTempEmail: (number) => `${number.replace(/\D/g, '')}@phone.local` },
  })
}

function organizations({ plugin_configs }: PluginSettings, notices: Notices): BetterAuthPlugin {
  const settings = plugin_configs.organization
  return organization({
    organizationLimit: settings.organization_limit,
    membershipLimit: settings.membership_limit,
    creatorRole: settings.creator_role,
    ...(settings.send_invitation_email && {
      sendInvitationEmail: ({ email, organization }) =>
        notices.sendInvitation(email, organization.name),
    }),
  })
}
