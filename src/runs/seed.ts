import { apply } from '../auth/apply.ts'
import type { ChangeContext } from '../auth/context.ts'
import type { AuthUrls, ObservedOn } from '../auth/observe.ts'
import type { Desired } from '../auth/plan.ts'
import { createAuthService } from '../auth-service/client.ts'
import type { Log } from '../core/log.ts'
import { sampleOrigin } from '../domains/origin.ts'
import { inheritedRisks, ownOauthProviders } from '../settings/inherited.ts'
import type { Settings } from '../settings/settings.ts'
import { sendTestEmail } from '../settings/test-email.ts'
import { seedUsers } from '../settings/users.ts'
import type { RunContext } from './context.ts'

/** Whether a stored entry is an origin as browsers send it; others, such as `exp://…`, never match. */
const isOrigin = (entry: string): boolean => {
  const sample = sampleOrigin(entry)
  return /^https?:/.test(sample) && URL.canParse(sample) && new URL(sample).origin === sample
}

/** An origin that the auth service accepts: the preview's own, one that the branch has, or its own. */
const trustedOrigin = (
  { trustedDomains }: ObservedOn,
  wanted: readonly string[],
  baseUrl: string,
): string => sampleOrigin(wanted[0] ?? trustedDomains.find(isOrigin) ?? new URL(baseUrl).origin)

const STILL_OPEN =
  'Sign-up, which was opened to make users, could not be closed again. Give `email_and_password: { disable_sign_up: true }` in `settings`, so that the next run closes it, or close it in the Neon Console.'

/**
 * Makes the settings' users. Where sign-up is closed it is opened for them, and afterwards it is as
 * the settings want it, or as it was: even when one of them cannot be made.
 */
const users = async (
  settings: Settings,
  { observed, urls, context, origin }: VerifiedAuth & { readonly origin: string },
  run: RunContext,
): Promise<void> => {
  const stored = observed.settings?.plugins.email_and_password
  const wanted = settings.email_and_password?.disable_sign_up ?? stored?.disable_sign_up ?? false
  let closed = stored?.disable_sign_up ?? false
  const setClosed = async (to: boolean): Promise<void> => {
    // Opening may have been done although it failed; closing counts once it is done.
    closed &&= to
    await apply(
      { change: 'update_email_and_password', set: { disable_sign_up: to } },
      { storedDomains: [] },
      context,
    )
    closed = to
  }
  const requiresVerification =
    settings.email_and_password?.require_email_verification ??
    stored?.require_email_verification ??
    false
  const openSignUp = () => setClosed(false)
  const service = createAuthService(run.http.retrying, urls)
  try {
    await seedUsers(settings, {
      ...context,
      service,
      origin,
      requiresVerification,
      openSignUp,
    })
    if (closed !== wanted) await setClosed(wanted)
  } catch (error) {
    // The first failure is the one to tell.
    if (closed !== wanted) await setClosed(wanted).catch(() => run.log.warning(STILL_OPEN))
    throw error
  }
}

/** A branch whose auth is on and proven. */
interface VerifiedAuth {
  readonly observed: ObservedOn
  readonly urls: AuthUrls
  readonly context: ChangeContext
}

/**
 * What the settings ask for beyond settings: users, and one test email. Throws `Problem` when a user
 * cannot be made, and when the email cannot be sent.
 */
export const seed = async (
  { settings, trustedDomains }: Desired,
  ground: VerifiedAuth,
  run: RunContext,
): Promise<void> => {
  if (!settings) return
  const origin = trustedOrigin(ground.observed, trustedDomains, ground.urls.baseUrl)
  await users(settings, { ...ground, origin }, run)
  const server = settings.email_provider ?? ground.observed.settings?.plugins.email_provider
  await sendTestEmail(ground.context.neon, ground.context.branch, settings, server)
}

/**
 * Tells once what the branch has from production that acts on real people or cannot work here, and
 * how to cut it. With `isolate` only the callback URLs are left to tell.
 */
export const warnOfInherited = (
  { settings: stored }: ObservedOn,
  { settings = {}, isolate }: Desired,
  baseUrl: string,
  log: Log,
): void => {
  if (!stored) return
  if (isolate) {
    for (const id of ownOauthProviders(stored)) {
      const url = `${baseUrl}/callback/${id}`
      log.info(`Sign-in with ${id} does not work here until ${url} is registered with ${id}.`)
    }
    return
  }
  const risks = inheritedRisks(stored, settings, baseUrl)
  if (risks.length === 0) return
  log.warning(
    `This branch has settings that it most likely inherited from production: ${risks.join('; ')}. \`isolate: true\` cuts it off; or decide each in \`settings\`.`,
  )
}
