import { describe, expect, it, vi } from 'vitest'
import { observeForClose } from '../../src/auth/observe.ts'
import { BRANCH } from '../fakes.ts'

const DOMAIN = { domain: 'https://pr-2.example.com', auth_provider: 'better_auth' }

const read = async (auth: object | undefined, onClose: 'disable' | 'untrust') => {
  const listDomains = vi.fn(async () => [DOMAIN])
  const neon = { getAuth: async () => auth, listDomains }
  const { state, storedDomains } = await observeForClose(neon as never, BRANCH, onClose)
  return { state, storedDomains, listed: listDomains.mock.calls.length }
}

describe('the state that a close reads', () => {
  it('has the domains only with `on_close: untrust`', async () => {
    expect(await read({ auth_provider: 'better_auth' }, 'untrust')).toEqual({
      state: { auth: 'on', trustedDomains: [DOMAIN.domain] },
      storedDomains: [DOMAIN],
      listed: 1,
    })
    expect(await read({ auth_provider: 'better_auth' }, 'disable')).toEqual({
      state: { auth: 'on', trustedDomains: [] },
      storedDomains: [],
      listed: 0,
    })
  })

  it('has no domains if auth is off', async () => {
    expect(await read(undefined, 'untrust')).toMatchObject({
      state: { auth: 'off' },
      storedDomains: [],
    })
  })
})
