import type { Inputs } from '../action/inputs.ts'
import type { Desired } from '../auth/plan.ts'
import type { Settings } from '../settings/settings.ts'
import type { Domains } from './wanted-domains.ts'

/**
 * What an enabling run wants, by its inputs, the settings they point to, the domains of the
 * pull request now, and those that earlier runs recorded for it.
 */
export const desiredOf = (
  inputs: Inputs,
  settings: Settings | undefined,
  domains: Pick<Domains, 'trusted' | 'isComplete'> & {
    readonly former: readonly string[]
    readonly prunes: boolean
  },
): Desired => ({
  trustedDomains: domains.trusted,
  formerDomains: domains.former,
  keepsDomains: !domains.isComplete,
  pruneDomains: domains.prunes,
  isolate: inputs.isolate,
  ...(inputs.database !== undefined && { database: inputs.database }),
  ...(inputs.allowLocalhost !== undefined && { allowLocalhost: inputs.allowLocalhost }),
  ...(settings && { settings, resendSecrets: settings.resend_secrets ?? false }),
})

/**
 * The settings input, read. Only a run that enables needs it, and only then are the YAML parser and
 * the validator loaded. Throws `Problem` that lists all of its faults.
 */
export const settingsOf = async (
  { settings, isolate }: Inputs,
  env: NodeJS.ProcessEnv,
  warn: (sentence: string) => void,
): Promise<Settings | undefined> => {
  if (settings === undefined) return undefined
  const { readSettings } = await import('../settings/read.ts')
  return readSettings(settings, env, { isolate, warn })
}

/**
 * What is wanted before the users are there: users with a password are signed up, which
 * `disable_sign_up` would forbid, so that comes last.
 */
export const beforeUsers = (desired: Desired): Desired => {
  const { settings } = desired
  const { email_and_password: password, users = [] } = settings ?? {}
  if (!settings || !password?.disable_sign_up || !users.some((user) => user.password))
    return desired
  const { disable_sign_up: _, ...open } = password
  return { ...desired, settings: { ...settings, email_and_password: open } }
}
