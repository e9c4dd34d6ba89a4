import { apply } from '../auth/apply.ts'
import type { ChangeContext } from '../auth/context.ts'
import type { ObservedOn } from '../auth/observe.ts'
import type { Desired } from '../auth/plan.ts'
import type { AuthService } from '../auth-service/client.ts'
import { optional } from '../core/optional.ts'
import { isLostWrite } from '../network/errors.ts'
import { settleLostWrite } from '../network/lost-writes.ts'
import { hasPassword } from '../settings/order-users.ts'
import { type PasswordUser, provesSignUpOpen } from '../settings/sign-up.ts'
import { withoutClosingSignUp } from './desired-state.ts'

/** Whether sign-up is closed. `hidden`: Neon does not show it, and this run has not set it. */
type SignUpClosed = boolean | 'hidden'

/** The auth on which to open and close sign-up, and what the run has changed. */
interface SignUpSwitchInput {
  readonly observed: ObservedOn
  readonly context: ChangeContext
  /** Returns whether the run has changed anything yet. */
  readonly hasChanged: () => boolean
}

/** Opens sign-up for the users of a run, and closes it again. */
export interface SignUpSwitch {
  /** Opens sign-up. */
  readonly open: () => Promise<void>
  /** Returns a client that notices whether the responses to sign-ups prove that sign-up is open. */
  readonly watch: (service: AuthService) => AuthService
  /**
   * Finds out whether `restore` must close sign-up, if neither Neon nor a response has shown it. To do so, signs up a
   * user who exists, which changes nothing. Call it once every user in the settings exists.
   */
  readonly check: (service: AuthService, origin: string) => Promise<void>
  /**
   * Sets sign-up to the value in the settings, or to its earlier value. Writes nothing if sign-up has that value. If
   * Neon does not show the value, writes it only if this run has changed something, if sign-up may be open, or if
   * `resend_secrets` is set.
   */
  readonly restore: (neon?: ChangeContext['neon']) => Promise<void>
}

/**
 * Signs up a user who exists. Returns whether that shows that sign-up is open, or `undefined` if it shows nothing.
 * Records the user if it is new after all, because another run has replaced auth in the meantime.
 */
const acceptsSignUp = async (
  { email, password, name = email }: PasswordUser,
  origin: string,
  service: AuthService,
  { track, record }: ChangeContext,
): Promise<boolean | undefined> => {
  const change = { change: 'create_user', email } as const
  const send = () => service.signUp({ email, password, name, origin })
  try {
    const response = await track(change, () => settleLostWrite(isLostWrite, send))
    // Without a session, the ID may be invented, as it is for a taken email.
    if (response.hasSession) record({ ...change, ...optional('id', response.userId) })
    return provesSignUpOpen(response)
  } catch (error) {
    if (isLostWrite(error)) return undefined
    throw error
  }
}

/** Creates the switch for the sign-up of one branch. */
export const createSignUpSwitch = (
  desired: Desired,
  { observed, context, hasChanged }: SignUpSwitchInput,
): SignUpSwitch => {
  const stored = observed.settings?.plugins.email_and_password?.disable_sign_up
  let isClosed: SignUpClosed = typeof stored === 'boolean' ? stored : 'hidden'
  // An earlier run may have been killed before it closed sign-up. If Neon hides that, only the auth service shows it.
  let mayBeOpen: boolean | undefined
  const { users = [], email_and_password } = desired.settings ?? {}
  const wanted = email_and_password?.disable_sign_up
  // A hidden value was `true`: otherwise, nothing would need `open`.
  const shouldBeClosed = wanted ?? isClosed !== false
  const closesLast = withoutClosingSignUp(desired) !== desired
  const set = async (disable_sign_up: boolean, neon = context.neon): Promise<void> => {
    // Sign-up may be open even if the request fails.
    if (!disable_sign_up) isClosed = false
    const change = { change: 'update_email_and_password', set: { disable_sign_up } } as const
    await apply(change, { storedDomains: [] }, { ...context, neon })
    isClosed = disable_sign_up
  }
  const isDue = (): boolean => {
    if (isClosed !== 'hidden') return isClosed !== shouldBeClosed
    return closesLast && (mayBeOpen === true || desired.resendSecrets === true || hasChanged())
  }
  return {
    open: () => set(false),
    watch: (service) => ({
      ...service,
      async signUp(user) {
        const response = await service.signUp(user)
        mayBeOpen = provesSignUpOpen(response) ?? mayBeOpen
        return response
      },
    }),
    async check(service, origin) {
      const user = users.find(hasPassword)
      const isKnown = isClosed !== 'hidden' || mayBeOpen !== undefined
      if (!user || !closesLast || isKnown || isDue()) return
      // If nothing is proven, close sign-up: the settings ask for that anyway.
      mayBeOpen = (await acceptsSignUp(user, origin, service, context)) ?? true
    },
    async restore(neon = context.neon) {
      if (isDue()) await set(shouldBeClosed, neon)
    },
  }
}
