import { describe, expect, it } from 'vitest'
import type { ChangeContext } from '../../src/auth/context.ts'
import type { ObservedOn } from '../../src/auth/observe.ts'
import type { Desired } from '../../src/auth/plan.ts'
import type { AuthService, UserResponse } from '../../src/auth-service/client.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import { createSignUpSwitch } from '../../src/runs/sign-up-switch.ts'
import { provesSignUpOpen } from '../../src/settings/sign-up.ts'
import { BRANCH, fakeDeadline, SILENT_LOG } from '../fakes.ts'

const ORIGIN = 'https://pr-2.example.com'
const ADA = { email: 'ada@shop.example', password: 'correct horse' }
const CLOSED = { code: 'EMAIL_PASSWORD_SIGN_UP_DISABLED' } as UserResponse
const TAKEN = { code: 'USER_ALREADY_EXISTS' } as UserResponse
const LIMITED = { code: '', status: 429 } as UserResponse
const UNCLEAR = { code: '' } as UserResponse

interface State {
  /** `disable_sign_up` as Neon shows it. */
  readonly shown?: boolean
  readonly hasChanged?: boolean
  readonly wanted?: boolean
  /** What the auth service does with a sign-up. */
  readonly signUp?: () => Promise<UserResponse>
}

/** Returns a switch, the values that it writes, and the users whom it signs up. */
const startSwitch = ({ shown, hasChanged = false, wanted, signUp }: State) => {
  const writes: unknown[] = []
  const signUps: unknown[] = []
  const neon = { setEmailAndPassword: async (_: string, set: object) => void writes.push(set) }
  const context = {
    neon,
    branch: BRANCH,
    deadline: fakeDeadline(),
    log: SILENT_LOG,
    track: (_: unknown, work: () => unknown) => work(),
    record: () => {},
  } as unknown as ChangeContext
  const observed = {
    settings: { plugins: { email_and_password: { enabled: true, disable_sign_up: shown } } },
  } as ObservedOn
  const desired: Desired = {
    trustedDomains: [],
    pruneDomains: false,
    settings: {
      users: [ADA],
      ...(wanted !== undefined && { email_and_password: { disable_sign_up: wanted } }),
    },
  }
  const service = {
    signUp: async (user: object) => {
      signUps.push(user)
      return (signUp ?? (async () => CLOSED))()
    },
  } as AuthService
  const options = { observed, context, hasChanged: () => hasChanged }
  const signUpSwitch = createSignUpSwitch(desired, options)
  return { ...signUpSwitch, service, writes, signUps }
}

/** Neon hides whether sign-up is closed, and the settings close it. */
const hidden = (more: State): State => ({ wanted: true, ...more })

const OPEN = { disable_sign_up: false }
const SHUT = { disable_sign_up: true }

describe('sign-up', () => {
  it.each<[string, State, object[]]>([
    ['stays closed if it was', { shown: true }, []],
    ['stays open if it was', { shown: false }, []],
    ['stays closed if the settings ask for that', { shown: true, wanted: true }, []],
    ['is closed if the settings ask for that', { shown: false, wanted: true }, [SHUT]],
    [
      'is closed if Neon hides it and the run changed something',
      hidden({ hasChanged: true }),
      [SHUT],
    ],
    ['is left alone if Neon hides it and the run changed nothing', hidden({}), []],
  ])('%s', async (_, state, expected) => {
    const { restore, writes } = startSwitch(state)
    await restore()
    expect(writes).toEqual(expected)
    await restore()
    expect(writes).toEqual(expected)
  })

  it.each<[string, State]>([
    ['closed', { shown: true }],
    ['hidden', { wanted: true }],
  ])('is closed again if it was %s before the run opened it', async (_, state) => {
    const { open, restore, writes } = startSwitch(state)
    await open()
    await restore()
    expect(writes).toEqual([OPEN, SHUT])
  })
})

describe('unknown is not none: hidden sign-up, which a killed run may have left open,', () => {
  it.each<[string, () => Promise<UserResponse>, object[]]>([
    ['stays closed if a sign-up is refused', async () => CLOSED, []],
    ['is closed if a sign-up gets as far as the user', async () => TAKEN, [SHUT]],
    ['is closed if the response proves nothing', async () => UNCLEAR, [SHUT]],
    [
      'is closed if the response is lost',
      () => Promise.reject(new LostResponseError({ method: 'POST', path: '/x' }, 'reset')),
      [SHUT],
    ],
  ])('%s', async (_, signUp, expected) => {
    const { check, restore, service, writes, signUps } = startSwitch(hidden({ signUp }))
    await check(service, ORIGIN)
    expect(signUps.at(0)).toEqual({ ...ADA, name: ADA.email, origin: ORIGIN })
    await restore()
    expect(writes).toEqual(expected)
  })

  it('ends the run if the sign-up fails for another reason', async () => {
    const bug = new TypeError('bug')
    const { check, service } = startSwitch(hidden({ signUp: () => Promise.reject(bug) }))
    await expect(check(service, ORIGIN)).rejects.toBe(bug)
  })

  it.each<[string, State]>([
    ['Neon shows that it is closed', { shown: true, wanted: true }],
    ['the run closes it anyway', hidden({ hasChanged: true })],
    ['the settings do not close it', {}],
  ])('is not checked if %s', async (_, state) => {
    const { check, service, signUps } = startSwitch(state)
    await check(service, ORIGIN)
    expect(signUps).toEqual([])
  })

  it.each<[string, UserResponse[], object[]]>([
    ['is closed', [TAKEN], [SHUT]],
    ['is closed, even if a later one proves nothing,', [TAKEN, LIMITED], [SHUT]],
    ['stays closed', [CLOSED], []],
  ])(
    '%s without a check if a sign-up of the run has shown its state',
    async (_, responses, expected) => {
      const left = [...responses]
      const { watch, check, restore, service, writes, signUps } = startSwitch(
        hidden({ signUp: async () => left.shift() ?? UNCLEAR }),
      )
      const watched = watch(service)
      for (const _ of responses) await watched.signUp({ ...ADA, name: 'Ada', origin: ORIGIN })
      await check(service, ORIGIN)
      expect(signUps).toHaveLength(responses.length)
      await restore()
      expect(writes).toEqual(expected)
    },
  )
})

describe('the response to a sign-up', () => {
  it.each<[string, UserResponse, boolean | undefined]>([
    ['a new user', { code: '', userId: 'u1' } as UserResponse, true],
    ['a taken email', TAKEN, true],
    ['closed sign-up', CLOSED, false],
    ['a rate limit', LIMITED, undefined],
  ])('with %s shows whether sign-up is open', (_, response, expected) => {
    expect(provesSignUpOpen(response)).toBe(expected)
  })
})
