import { describe, expect, it } from 'vitest'
import { orderUsers, rateLimitWarning } from '../../src/settings/order-users.ts'
import type { SettingsUser } from '../../src/settings/settings.ts'
import { planUsers } from '../../src/settings/users.ts'

const user = (email: string, password?: string): SettingsUser => ({
  email,
  name: email,
  ...(password !== undefined && { password }),
})
const withPasswords = (...emails: string[]): SettingsUser[] =>
  emails.map((email) => user(email, 'a password'))

/** Orders users. The first `existing` with a password exist. Also returns the users whose sign-in was tried. */
const order = async (users: readonly SettingsUser[], existing: number) => {
  const existingUsers = users.filter(({ password }) => password).slice(0, existing)
  const tried: string[] = []
  const { users: ordered, likelyExisting } = await orderUsers(users, async (user) => {
    tried.push(user.email)
    return existingUsers.includes(user)
  })
  const emails = (some: Iterable<SettingsUser>) => [...some].map(({ email }) => email).join('')
  return { order: emails(ordered), existing: emails(likelyExisting), tried: tried.join('') }
}

describe('the order in which users are created', () => {
  it.each([
    [0, 'abcde', ''],
    [1, 'bcdea', 'a'],
    [2, 'cdeab', 'ab'],
    [4, 'eabcd', 'abcd'],
    [5, 'abcde', 'abcde'],
  ])(
    'starts with the missing users if an earlier run created %i of five',
    async (count, ...expected) => {
      const result = await order(withPasswords('a', 'b', 'c', 'd', 'e'), count)
      expect([result.order, result.existing]).toEqual(expected)
    },
  )

  it('takes three sign-ins to find for seven users, because sign-ins are rate-limited too', async () => {
    const { tried } = await order(withPasswords('a', 'b', 'c', 'd', 'e', 'f', 'g'), 2)
    expect(tried).toBe('dbc')
  })

  it('is unchanged, without a sign-in, for users within the rate limit', async () => {
    const users = [...withPasswords('a', 'b', 'c'), user('x'), user('y', '')]
    expect(await order(users, 2)).toEqual({ order: 'abcxy', existing: '', tried: '' })
  })

  it('begins with users without a password if there are more than the rate limit allows', async () => {
    const users = [...withPasswords('a', 'b'), user('x'), user('y', ''), ...withPasswords('c', 'd')]
    expect((await order(users, 3)).order).toBe('xydabc')
  })

  it.each([
    ['within the rate limit', ['c']],
    ['beyond the rate limit', ['c', 'd']],
  ])('is that of the plan if nobody exists: %s', async (_, last) => {
    const users = [...withPasswords('a', 'b'), user('x'), user('y', ''), ...withPasswords(...last)]
    const planned = planUsers({ users }).map((change) => 'email' in change && change.email)
    expect(planned.join('')).toBe((await order(users, 0)).order)
  })
})

describe('the warning that there is too little time for all users', () => {
  it.each([
    [4, 11, false],
    [4, 10, true],
    [3, 1, false],
    [7, 20, true],
    [7, 21, false],
  ])('appears for %i users in %i seconds: %s', (count, seconds, warns) => {
    const users = withPasswords(...Array.from({ length: count }, (_, index) => `u${index}`))
    const warning = rateLimitWarning([...users, user('x'), user('y', '')], seconds)
    expect(warning !== undefined).toBe(warns)
  })

  it('names the number of users, the time needed, and the time left', () => {
    expect(rateLimitWarning(withPasswords('a', 'b', 'c', 'd'), 9.6)).toMatch(
      /^4 users with a password may need 10 seconds .* 3 sign-ups every 10 seconds, .* has only 9 seconds left\./,
    )
  })
})
