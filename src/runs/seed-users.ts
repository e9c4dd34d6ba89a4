import type { ChangeContext } from '../auth/context.ts'
import type { ObservedOn } from '../auth/observe.ts'
import type { Desired } from '../auth/plan.ts'
import { confirmBranch } from '../auth/preconditions.ts'
import type { AuthUrls } from '../auth/urls.ts'
import { callbackUrl, createAuthService } from '../auth-service/client.ts'
import type { Log } from '../core/log.ts'
import { sampleOrigin } from '../domains/origin.ts'
import { inheritedRisks, ownOauthProviders } from '../settings/inherited.ts'
import type { Settings } from '../settings/settings.ts'
import { seedUsers } from '../settings/users.ts'
import type { RunContext } from './context.ts'
import { createSignUpSwitch } from './sign-up-switch.ts'

/** Returns whether a trusted domain is an origin that a browser can send, unlike `exp://…`. */
const isOrigin = (entry: string): boolean => {
  const sample = sampleOrigin(entry)
  return /^https?:/.test(sample) && URL.canParse(sample) && new URL(sample).origin === sample
}

/** Returns an origin that the auth service trusts: the preview's, another on the branch, or the service's own. */
const trustedOrigin = (
  { trustedDomains }: ObservedOn,
  previews: readonly string[],
  baseUrl: string,
): string => sampleOrigin(previews[0] ?? trustedDomains.find(isOrigin) ?? new URL(baseUrl).origin)

const SIGN_UP_STILL_OPEN =
  'Sign-up may still be open, because the run could not close it. Close it in the Neon Console, or set `email_and_password: { disable_sign_up: true }` in `settings` and run the job again.'

/** Auth that is on, and the dependencies for changing it. */
interface EnabledAuth {
  readonly observed: ObservedOn
  readonly urls: AuthUrls
  readonly context: ChangeContext
}

/**
 * Deletes and creates the users in the settings, and opens sign-up if a user needs it. Afterward, sets sign-up to the
 * value in the settings, or restores its earlier value, even if a user could not be created.
 */
const seedUsersWithOpenSignUp = async (
  settings: Settings,
  desired: Desired,
  auth: EnabledAuth,
  run: RunContext,
): Promise<void> => {
  const { observed, urls, context } = auth
  const hasChanged = () => run.journal.applied.length > 0
  const signUp = createSignUpSwitch(desired, { observed, context, hasChanged })
  const requiresVerification =
    settings.email_and_password?.require_email_verification ??
    observed.settings?.plugins.email_and_password?.require_email_verification ??
    false
  // A sign-up is also a write, but `context.neon` does not send it. So confirm the preconditions here.
  const beforeAttempt = () => context.preconditions.beforeWrite('write')
  const service = signUp.watch(
    createAuthService((request) => run.http.retrying({ ...request, beforeAttempt }), urls),
  )
  const origin = trustedOrigin(observed, desired.trustedDomains, urls.baseUrl)
  try {
    await seedUsers(settings, {
      ...context,
      service,
      origin,
      requiresVerification,
      openSignUp: signUp.open,
    })
    await signUp.check(service, origin)
    await signUp.restore()
  } catch (error) {
    // Sign-up must not stay open on the branch of a closed pull request either.
    const neon = run.neon.confirming(() =>
      confirmBranch(run.neon, context.branch, context.allowProtected),
    )
    // If this write fails too, throw the first error.
    await signUp.restore(neon).catch(() => run.log.warning(SIGN_UP_STILL_OPEN))
    throw error
  }
}

/**
 * Deletes and creates the users in the settings and sends the test email. Throws `Problem` if a user cannot be
 * deleted or created, or if the email cannot be sent.
 */
export const seed = async (desired: Desired, auth: EnabledAuth, run: RunContext): Promise<void> => {
  const { settings } = desired
  if (!settings) return
  await seedUsersWithOpenSignUp(settings, desired, auth, run)
  const { test_email: to } = settings
  if (to === undefined) return
  const { sendTestEmail } = await import('../settings/test-email.ts')
  const server = settings.email_provider ?? auth.observed.settings?.plugins.email_provider
  await sendTestEmail(to, server, settings, auth.context)
}

/**
 * Warns about inherited settings that can reach real people or cannot work on this branch. With `isolate`,
 * only logs the callback URLs to register.
 */
export const warnAboutInherited = (
  { settings: stored }: ObservedOn,
  { settings = {}, isolate }: Desired,
  baseUrl: string,
  log: Log,
): void => {
  if (!stored) return
  if (isolate) {
    for (const id of ownOauthProviders(stored.plugins.oauth_providers)) {
      const url = callbackUrl(baseUrl, id)
      log.info(`Sign-in with ${id} does not work here until ${url} is registered with ${id}.`)
    }
    return
  }
  const risks = inheritedRisks(stored, settings, baseUrl)
  if (risks.length === 0) return
  log.warning(
    `This branch has settings that it most likely inherited from production: ${risks.join('; ')}. Set \`isolate: true\` to cut the branch off, or set each of them in \`settings\`.`,
  )
}
