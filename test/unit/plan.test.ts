import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AuthState,
  type Change,
  type Desired,
  pastSentence,
  planClose,
  planEnable,
  redactChange,
  sentence,
} from '../../src/auth/plan.ts'

/** A model of what Neon does with a change. */
const applyChange = (state: AuthState, change: Change): AuthState => {
  if (change.change === 'enable_auth') {
    return { auth: 'on', trustedDomains: [], allowLocalhost: true }
  }
  if (change.change === 'disable_auth' || state.auth === 'off') return { auth: 'off' }
  switch (change.change) {
    case 'set_allow_localhost':
      return { ...state, allowLocalhost: change.allow }
    case 'trust_domain':
      return { ...state, trustedDomains: [...state.trustedDomains, change.domain] }
    case 'untrust_domains': {
      const trustedDomains = state.trustedDomains.filter(
        (domain) => !change.domains.includes(domain),
      )
      return { ...state, trustedDomains }
    }
    default:
      return state
  }
}

const domain = fc.constantFrom(
  'https://a.example',
  'https://b.example',
  'https://*.c.example',
  'http://localhost:3000',
)
const stored = fc.oneof(
  domain,
  fc.constantFrom('https://A.example/', 'https://b.example/cb', 'myapp://x'),
)
const state: fc.Arbitrary<AuthState> = fc.oneof(
  fc.constant<AuthState>({ auth: 'off' }),
  fc.record({
    auth: fc.constant('on' as const),
    trustedDomains: fc.array(stored, { maxLength: 6 }),
    allowLocalhost: fc.boolean(),
  }),
)
const desired: fc.Arbitrary<Desired> = fc.record(
  {
    trustedDomains: fc.uniqueArray(domain),
    pruneDomains: fc.boolean(),
    allowLocalhost: fc.boolean(),
    database: fc.constantFrom('neondb', 'other'),
  },
  { requiredKeys: ['trustedDomains', 'pruneDomains'] },
)

/** Plans and applies twice, because the first plan does not remove other spellings of domains that it adds. */
const applyTwoPlans = (wanted: Desired, before: AuthState): AuthState =>
  [1, 2].reduce((state) => planEnable(wanted, state).reduce(applyChange, state), before)

describe('converge: the planner', () => {
  it('plans nothing once its plans are applied', () => {
    fc.assert(
      fc.property(desired, state, (wanted, before) => {
        const result = applyTwoPlans(wanted, before)
        expect(planEnable(wanted, result)).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })

  it('reaches the desired state: auth on, every domain trusted, localhost as set, and no other domain if pruned', () => {
    fc.assert(
      fc.property(desired, state, (wanted, before) => {
        const result = applyTwoPlans(wanted, before)
        if (result.auth === 'off') throw new Error('auth is off')
        expect(result.trustedDomains).toEqual(expect.arrayContaining([...wanted.trustedDomains]))
        if (wanted.pruneDomains) {
          expect(new Set(result.trustedDomains)).toEqual(new Set(wanted.trustedDomains))
        }
        if (wanted.allowLocalhost !== undefined) {
          expect(result.allowLocalhost).toBe(wanted.allowLocalhost)
        }
      }),
    )
  })

  it('removes no domain without `prune_domains`, `isolate`, or former domains', () => {
    fc.assert(
      fc.property(desired, state, (wanted, before) => {
        const changes = planEnable({ ...wanted, pruneDomains: false }, before)
        expect(changes.some(({ change }) => change === 'untrust_domains')).toBe(false)
      }),
    )
  })

  it('adds before it removes, so that a preview always has a domain', () => {
    const before: AuthState = { auth: 'on', trustedDomains: ['https://old.example'] }
    const wanted = { trustedDomains: ['https://new.example'], pruneDomains: true }
    expect(planEnable(wanted, before).map(({ change }) => change)).toEqual([
      'trust_domain',
      'untrust_domains',
    ])
  })

  it('removes no entry that may be another spelling of a domain to trust', () => {
    const listed = 'https://a.example/'
    const before: AuthState = { auth: 'on', trustedDomains: [listed, 'https://old.example'] }
    const wanted = { trustedDomains: ['https://a.example'], pruneDomains: true }
    expect(planEnable(wanted, before)).toEqual([
      { change: 'trust_domain', domain: 'https://a.example' },
      { change: 'untrust_domains', domains: ['https://old.example'] },
    ])
  })

  it('plans nothing for a close after a close, and keeps auth on with `untrust`', () => {
    const closing = fc.record({
      onClose: fc.constantFrom('disable' as const, 'untrust' as const),
      deleteData: fc.boolean(),
      trustedDomains: fc.uniqueArray(domain),
    })
    fc.assert(
      fc.property(closing, state, (wanted, before) => {
        const result = planClose(wanted, before).reduce(applyChange, before)
        expect(planClose(wanted, result)).toEqual([])
        if (wanted.onClose === 'untrust') expect(result.auth).toBe(before.auth)
      }),
    )
  })

  it('removes a domain on close even if Neon lists it in another spelling', () => {
    const before: AuthState = {
      auth: 'on',
      trustedDomains: ['https://A.example/', 'https://b.example'],
    }
    const wanted = {
      onClose: 'untrust',
      deleteData: false,
      trustedDomains: ['https://a.example'],
    } as const
    expect(planClose(wanted, before)).toEqual([
      { change: 'untrust_domains', domains: ['https://A.example/'] },
    ])
  })

  it('delete only what was named: deletes data only if `delete_data` is set', () => {
    const on: AuthState = { auth: 'on', trustedDomains: [] }
    const wanted = { onClose: 'disable', trustedDomains: [] } as const
    for (const deleteData of [false, true])
      expect(planClose({ ...wanted, deleteData }, on)).toEqual([
        { change: 'disable_auth', deleteData },
      ])
  })
})

describe('a password that Neon does not show', () => {
  const smtp = { type: 'standard', host: 'smtp.example.com', username: 'ada' } as const
  const state: AuthState = {
    auth: 'on',
    trustedDomains: [],
    settings: { plugins: { email_provider: { ...smtp } }, webhook: { enabled: false } } as never,
  }
  const wanted = {
    trustedDomains: [],
    pruneDomains: false,
    settings: { email_provider: { ...smtp, password: 'secret' } } as never,
  }

  it.each([
    [undefined, []],
    [false, []],
    [true, ['set_email_provider']],
  ])('is sent again only if the run resends secrets: %s', (resendSecrets, expected) => {
    const desired = { ...wanted, ...(resendSecrets !== undefined && { resendSecrets }) }
    expect(planEnable(desired, state).map(({ change }) => change)).toEqual(expected)
  })
})

const changes: Change[] = [
  { change: 'enable_auth' },
  { change: 'enable_auth', database: 'app' },
  { change: 'delete_orphan_schema' },
  { change: 'move_auth_data_aside', schema: 'moved' },
  { change: 'move_auth_data_back', schema: 'moved' },
  { change: 'restore_auth_data', schema: 'moved', database: 'app', users: 1, rows: 2 },
  { change: 'set_allow_localhost', allow: true },
  { change: 'set_allow_localhost', allow: false },
  { change: 'trust_domain', domain: 'https://a.example' },
  { change: 'untrust_domains', domains: ['https://a.example', 'https://b.example'] },
  { change: 'disable_auth', deleteData: false },
  { change: 'disable_auth', deleteData: true },
]

describe('the sentence for a change', () => {
  it('is unique and ends with a period', () => {
    const sentences = changes.map(sentence)
    expect(new Set(sentences).size).toBe(changes.length)
    for (const text of sentences) {
      expect(text).toMatch(/^[A-Z].*\.$/)
      expect(text).not.toContain('undefined')
    }
  })

  it('also exists in the past tense', () => {
    const past = changes.map(pastSentence)
    expect(new Set(past).size).toBe(changes.length)
    for (const text of past)
      expect(text).toMatch(/^(Set|Stopped|On .*: [A-Z]\w+ed|[A-Z]\w+ed) .*\.$/)
    expect(past.join('\n')).not.toMatch(/unless there is|if there is| and (?:keep|delete) /)
  })

  it('counts what it restores', () => {
    const counts = { schema: 'moved', database: 'app', users: 1, rows: 2 }
    expect(pastSentence({ change: 'restore_auth_data', ...counts })).toBe(
      'Restored 1 user from before the close (2 rows in all).',
    )
  })

  it('names the branch in a sweep', () => {
    const made: Change = { change: 'disable_auth', deleteData: true }
    const swept: Change = { change: 'sweep_branch', branch: 'pr-7', branch_id: 'br-7', made }
    expect(sentence(swept)).toBe(`On pr-7: ${sentence(made)}`)
    expect(pastSentence(swept)).toBe(`On pr-7: ${pastSentence(made)}`)
  })
})

it('a redacted change has no secret, and is otherwise the same', () => {
  for (const change of changes) expect(redactChange(change)).toEqual(change)
  expect(
    redactChange({
      change: 'add_oauth_provider',
      provider: 'github',
      credentials: { client_id: 'id', client_secret: 'secret' },
    }),
  ).toEqual({
    change: 'add_oauth_provider',
    provider: 'github',
    credentials: { client_id: 'id' },
  })
})
