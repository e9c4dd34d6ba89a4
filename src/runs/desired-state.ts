import type { Inputs } from '../action/inputs.ts'
import { type AuthState, type Change, type Desired, planEnable } from '../auth/plan.ts'
import { optional } from '../core/optional.ts'
import type { Settings } from '../settings/settings.ts'
import { planUsers } from '../settings/users.ts'
import type { Domains } from './collect-domains.ts'

/**
 * Returns the desired state for an enabling run, from its inputs, its settings, and the pull request's domains.
 * Earlier runs recorded the `former` domains.
 */
export const toDesired = (
  inputs: Inputs,
  settings: Settings | undefined,
  domains: Pick<Domains, 'trusted' | 'isComplete'> & {
    readonly former: readonly string[]
    readonly prunes: boolean
  },
): Desired => ({
  trustedDomains: domains.trusted,
  formerDomains: domains.former,
  keepDomains: !domains.isComplete,
  pruneDomains: domains.prunes,
  isolate: inputs.isolate,
  sharedOauth: inputs.oauth === 'shared',
  ...optional('database', inputs.database),
  ...optional('allowLocalhost', inputs.allowLocalhost),
  ...(settings && { settings, resendSecrets: settings.resend_secrets ?? false }),
})

/**
 * Reads the input `settings`. Loads the YAML parser and the validator only if it is set. Throws like `readSettings`.
 */
export const loadSettings = async (
  { settings, isolate }: Inputs,
  env: NodeJS.ProcessEnv,
  warn: (sentence: string) => void,
): Promise<Settings | undefined> => {
  if (settings === undefined) return undefined
  const { readSettings } = await import('../settings/read-settings.ts')
  return readSettings(settings, env, { isolate, warn })
}

/**
 * Returns the state to reach before users are created. It lacks `disable_sign_up: true` if a user has a password,
 * because that user must sign up. Otherwise, returns `desired` itself, so that callers can compare by identity.
 */
export const withoutClosingSignUp = (desired: Desired): Desired => {
  const { settings } = desired
  const { email_and_password: emailSettings, users = [] } = settings ?? {}
  if (!settings || !emailSettings?.disable_sign_up || !users.some((user) => user.password))
    return desired
  const { disable_sign_up: _, ...email_and_password } = emailSettings
  return { ...desired, settings: { ...settings, email_and_password } }
}

const closesSignUp = (change: Change): boolean =>
  change.change === 'update_email_and_password' && change.set.disable_sign_up === true

/**
 * Returns the changes that lead from `state` to `desired`, users included, in the order in which a run makes them if no
 * user exists. If sign-up must be open for the users, closing it comes last. Pure.
 */
export const planInOrder = (desired: Desired, state: AuthState): Change[] => {
  const initial = withoutClosingSignUp(desired)
  const closing: Change[] =
    initial !== desired && planEnable(desired, state).some(closesSignUp)
      ? [{ change: 'update_email_and_password', set: { disable_sign_up: true } }]
      : []
  return [...planEnable(initial, state), ...planUsers(desired.settings ?? {}), ...closing]
}
