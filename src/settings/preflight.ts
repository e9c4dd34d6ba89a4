import type { Log } from '../core/log.ts'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import { hasPassword, rateLimitWarning } from './order-users.ts'
import type { Settings, StoredSettings } from './settings.ts'
import { passwordsOffProblem } from './sign-up-refusals.ts'

/** The input of the checks, which run before the first write. */
export interface PreflightInput {
  /** The settings file. */
  readonly file: Settings
  /** The settings file with the settings that `isolate` and `oauth` add. */
  readonly wanted: Settings
  /** The settings of the branch. `undefined` if auth is off: the branch then gets Neon's defaults. */
  readonly stored: StoredSettings | undefined
  /** Reads the type of the email provider, for APIs whose settings do not include it. */
  readonly emailProviderType: () => Promise<string | undefined>
  /** The time that the run has left, in seconds. */
  readonly seconds: number
  /** Whether the run signs in as a user that it creates (`e2e_session: true`). */
  readonly signsInAsNewUser: boolean
  readonly log: Log
}

/** Throws `Problem` if the session's new user could not sign in on this branch. */
const assertNewUserCanSignIn = ({ wanted, stored, signsInAsNewUser }: PreflightInput): void => {
  if (!signsInAsNewUser) return
  const passwords = { ...stored?.plugins.email_and_password, ...wanted.email_and_password }
  const isOff = passwords.enabled === false
  if (!isOff && !passwords.require_email_verification) return
  throw new Problem({
    what: 'Nothing was changed: the user that `e2e_session: true` creates could not sign in on this branch.',
    why: isOff
      ? 'sign-in with email and password is off'
      : 'the branch requires email verification, and nobody reads the mail of this user',
    fix: isOff
      ? 'add `email_and_password: { enabled: true }` to `settings`'
      : 'add `email_and_password: { require_email_verification: false }` to `settings`',
  })
}

/** Throws `Problem` for a user with a password if sign-in with email and password is off. */
const assertPasswordsOn = ({ wanted, stored }: PreflightInput): void => {
  const enabled = wanted.email_and_password?.enabled ?? stored?.plugins.email_and_password?.enabled
  const user = wanted.users?.find(hasPassword)
  if (user && enabled === false) throw passwordsOffProblem(user.email)
}

/** Throws `Problem` for a test email if the branch has no SMTP server. */
const assertTestEmailCanBeSent = async ({
  wanted,
  stored,
  emailProviderType,
}: PreflightInput): Promise<void> => {
  const to = wanted.test_email
  if (to === undefined) return
  const provider = wanted.email_provider ?? stored?.plugins.email_provider
  const type = provider?.type ?? (stored && (await emailProviderType())) ?? 'shared'
  if (type !== 'shared') return
  throw new Problem({
    what: `Could not send a test email to ${oneLine(to, 100)}: this branch sends emails with Neon's shared provider, which cannot be tested.`,
    fix: 'add your SMTP server as `email_provider` with `type: standard` to `settings`, or remove `test_email`',
  })
}

const LINK_TO_CODE =
  "`isolate` changes email verification on this branch from links to one-time codes, because Neon's shared email provider does not send links. The app must ask for the code. To keep links, add your own `email_provider` to `settings`."
const LINKS_LOST =
  "Email verification on this branch uses links (`email_and_password.email_verification_method: link`), but Neon's shared email provider sends one-time codes only, so new users cannot verify their address. Add `email_verification_method: otp`, or your own `email_provider`, to `settings`."

/** Returns a warning if the shared email provider cannot verify addresses as the app expects. Pure. */
const verificationWarning = ({ file, wanted, stored }: PreflightInput): string | undefined => {
  if (wanted.email_provider?.type !== 'shared') return undefined
  const inherited = stored?.plugins.email_and_password?.email_verification_method
  const method = wanted.email_and_password?.email_verification_method ?? inherited
  if (method === 'link') return LINKS_LOST
  const isChosen = file.email_and_password?.email_verification_method !== undefined
  return inherited === 'link' && !isChosen ? LINK_TO_CODE : undefined
}

/**
 * Checks before the first write whether the settings can work on the branch. Throws `Problem` if a user with
 * a password or the session's new user could not sign in, or if a test email has no SMTP server. Warns about
 * lost verification links and too many users.
 */
export const preflight = async (input: PreflightInput): Promise<void> => {
  assertNewUserCanSignIn(input)
  assertPasswordsOn(input)
  await assertTestEmailCanBeSent(input)
  const { wanted, seconds, log } = input
  const warnings = [verificationWarning(input), rateLimitWarning(wanted.users ?? [], seconds)]
  for (const warning of warnings) if (warning) log.warning(warning)
}
