import type { Log } from '../core/log.ts'
import { Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import { hasPassword, tooManyUsers } from './order-users.ts'
import type { Settings, StoredSettings } from './settings.ts'
import { passwordsOff } from './sign-up-refusals.ts'

/** What is known before the first write. */
export interface Preflight {
  /** What the settings file says. */
  readonly file: Settings
  /** The same with what `isolate` adds. */
  readonly wanted: Settings
  /** What the branch has. Absent if auth is off, so that it starts with Neon's defaults. */
  readonly stored: StoredSettings | undefined
  /** Reads who sends the emails, for an API whose snapshot does not show it. */
  readonly emailProviderType: () => Promise<string | undefined>
  /** Seconds that the run may take. */
  readonly seconds: number
  readonly log: Log
}

const assertPasswordsOn = ({ wanted, stored }: Preflight): void => {
  const enabled = wanted.email_and_password?.enabled ?? stored?.plugins.email_and_password?.enabled
  const user = wanted.users?.find(hasPassword)
  if (user && enabled === false) throw passwordsOff(user.email)
}

const assertTestable = async (preflight: Preflight): Promise<void> => {
  const { wanted, stored, emailProviderType } = preflight
  const to = wanted.test_email
  if (to === undefined) return
  const shown = wanted.email_provider ?? stored?.plugins.email_provider
  const type = shown?.type ?? (stored && (await emailProviderType())) ?? 'shared'
  if (type !== 'shared') return
  throw new Problem({
    what: `Could not send a test email to ${oneLine(to, 100)}: this branch sends emails with Neon's shared provider, which cannot be tested.`,
    fix: 'add your SMTP server as `email_provider` with `type: standard` to `settings`, or remove `test_email`',
  })
}

const LINK_TO_CODE =
  "`isolate` changes email verification on this branch from links to one-time codes, because Neon's shared email provider does not send links. The app must ask for the code. To keep links, add an `email_provider` of your own to `settings`."
const LINKS_LOST =
  "Email verification on this branch uses links (`email_and_password.email_verification_method: link`), but Neon's shared email provider sends one-time codes only, so new users cannot verify their address. Add `email_verification_method: otp`, or an `email_provider` of your own, to `settings`."

/** What switching to the shared provider means for the verification of addresses. Pure. */
const verificationWarning = ({ file, wanted, stored }: Preflight): string | undefined => {
  if (wanted.email_provider?.type !== 'shared') return undefined
  const inherited = stored?.plugins.email_and_password?.email_verification_method
  const method = wanted.email_and_password?.email_verification_method ?? inherited
  if (method === 'link') return LINKS_LOST
  const said = file.email_and_password?.email_verification_method
  return method === 'otp' && inherited === 'link' && !said ? LINK_TO_CODE : undefined
}

/**
 * Checks, before the first write, whether the settings fit what the branch has. Throws `Problem` for
 * what cannot work: users with passwords on a branch with password sign-in off, and a test email
 * without an SMTP server. Warns about what may surprise.
 */
export const preflight = async (known: Preflight): Promise<void> => {
  assertPasswordsOn(known)
  await assertTestable(known)
  const { wanted, seconds, log } = known
  const warnings = [verificationWarning(known), tooManyUsers(wanted.users ?? [], seconds)]
  for (const warning of warnings) if (warning) log.warning(warning)
}
