import type { Log } from '../action/log.ts'
import { apply } from '../auth/apply.ts'
import type { AuthUrls, Observed } from '../auth/observe.ts'
import type { Desired } from '../auth/plan.ts'
import { sampleOrigin } from '../domains/domains.ts'
import type { FoundBranch } from '../neon/branches.ts'
import { inheritedRisks, ownOauthProviders } from '../settings/inherited.ts'
import { sendTestEmail } from '../settings/test-email.ts'
import { seedUsers } from '../settings/users.ts'
import { handsFor, type Run } from './context.ts'

type On = Observed & { auth: 'on' }

/** An origin that the auth service accepts: the preview's own, one of the list, else the service's. */
const trustedOrigin = (
  { trustedDomains }: On,
  wanted: readonly string[],
  baseUrl: string,
): string => sampleOrigin(wanted[0] ?? trustedDomains[0] ?? new URL(baseUrl).origin)

/** What seeding came to. */
export interface Seeded {
  /** Email → id of the users that were created. */
  readonly users: Readonly<Record<string, string>>
  /** Sign-up was closed and had to be opened for them: it is to be closed again. */
  readonly signUpOpened: boolean
}

const NOBODY: Seeded = { users: {}, signUpOpened: false }

/**
 * What the settings ask for beyond settings, on a branch whose auth is on and proven: users, and one
 * test email. Throws `Problem` when one cannot
 * be, and when the email cannot be sent.
 */
export const seed = async (
  { settings, trustedDomains }: Desired,
  { observed, urls, branch }: { observed: On; urls: AuthUrls; branch: FoundBranch },
  run: Run,
): Promise<Seeded> => {
  if (!settings) return NOBODY
  const origin = trustedOrigin(observed, trustedDomains, urls.baseUrl)
  const hands = handsFor(branch, run)
  const stored = observed.settings?.plugins.email_and_password
  let signUpOpened = false
  const openSignUp = async (): Promise<void> => {
    await apply({ change: 'update_email_and_password', set: { disable_sign_up: false } }, [], hands)
    signUpOpened = true
  }
  const verifies = stored?.require_email_verification ?? false
  const users = await seedUsers(settings, { ...hands, ...urls, origin, verifies, openSignUp })
  await sendTestEmail(run.neon, branch, settings)
  return { users, signUpOpened }
}

/**
 * Tells once what the branch has from production that acts on real people or cannot work here, and
 * how to cut it. With `isolate` only the callback URLs are left to tell.
 */
export const warnOfInherited = (
  { settings: stored }: On,
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
