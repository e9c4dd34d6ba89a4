import { describe, expect, it } from 'vitest'
import {
  act,
  branch,
  listing,
  neon,
  OPENED,
  readsOn,
  requests,
  servesWell,
  useNock,
  writes,
} from './harness.ts'

useNock()

const PREVIEW = 'https://pr-2.example.com'
const there = () => neon('get', '/branches', listing(branch()))

describe('e2e_session', () => {
  it.each([{}, { e2e_session: 'false' }, { e2e_session: '' }])(
    'sends no request more if it is off: %j',
    async (inputs) => {
      there()
      readsOn(PREVIEW)
      servesWell(1)
      await act(OPENED, { trusted_domains: PREVIEW, verify: 'true', ...inputs })
      expect(requests.filter((request) => /sign-(in|up)|session|token/.test(request))).toEqual([])
      expect(writes()).toEqual([])
    },
  )
})
