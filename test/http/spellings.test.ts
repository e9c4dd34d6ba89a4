import { beforeEach, describe, expect, it } from 'vitest'
import {
  domains,
  error,
  mockAcceptingEveryOrigin,
  mockAuthOff,
  mockAuthOn,
  mockBranch,
  neon,
  OPENED,
  PREVIEW,
  type Reply,
  runAction,
  service,
  useNock,
  writes,
} from './harness.ts'

useNock()

const SLASH = `${PREVIEW}/`
const OTHER = 'https://other.example.com'
const TRUSTING = { trusted_domains: PREVIEW }
const TRUST = `POST /auth/domains {"domain":"${PREVIEW}","auth_provider":"better_auth"}`
const REFUSED: Reply = [403, error('Invalid origin', 'INVALID_ORIGIN')]

beforeEach(() => mockBranch())

describe('converge: an origin that Neon lists in another spelling', () => {
  it('counts as trusted after the run has sent it', async () => {
    mockAuthOff()
    neon('post', '/auth', [201, {}])
    neon('post', '/auth/domains', [201])
    mockAuthOn(SLASH)
    const { report, failure } = await runAction(OPENED, TRUSTING)
    expect(failure).toBe('')
    expect(report).toMatchObject({ action: 'enabled', trustedDomains: [PREVIEW] })
  })

  it.each([
    [PREVIEW, SLASH],
    ['https://xn--bcher-kva.example.com', 'https://bücher.example.com'],
    ['https://*.pr-2.example.com', 'https://*.pr-2.example.com/'],
  ])(
    'counts as trusted in later runs if the auth service accepts it: %s',
    async (origin, entry) => {
      mockAuthOn(entry)
      service('post', '/sign-out', [200, { success: true }])
      const { report, failure, log } = await runAction(OPENED, { trusted_domains: origin })
      expect(failure).toBe('')
      expect(log).toContain(`Neon lists ${origin} in another spelling`)
      expect(report).toMatchObject({ action: 'unchanged', trustedDomains: [origin] })
    },
  )

  it('counts as trusted in a dry run too', async () => {
    mockAuthOn(SLASH)
    service('post', '/sign-out', [200, { success: true }])
    const { report } = await runAction(OPENED, { ...TRUSTING, dry_run: 'true' })
    expect(report).toMatchObject({ action: 'planned', changes: [] })
  })

  it('is not pruned', async () => {
    mockAuthOn(SLASH, OTHER)
    service('post', '/sign-out', [200, { success: true }])
    neon('delete', '/auth/domains', [200])
    mockAuthOn(SLASH)
    service('post', '/sign-out', [200, { success: true }])
    const { report } = await runAction(OPENED, { ...TRUSTING, prune_domains: 'true' })
    expect(report?.trustedDomains).toEqual([PREVIEW])
    expect(writes()).toEqual([
      `DELETE /auth/domains {"auth_provider":"better_auth","domains":[{"domain":"${OTHER}"}]}`,
    ])
  })

  it('is not pruned before the run knows how Neon spells it', async () => {
    mockAuthOn(SLASH, OTHER)
    mockAcceptingEveryOrigin()
    service('post', '/sign-out', [200, { success: true }])
    neon('post', '/auth/domains', [409, error('it exists')])
    neon('delete', '/auth/domains', [200])
    mockAuthOn(SLASH)
    const { report, failure } = await runAction(OPENED, { ...TRUSTING, prune_domains: 'true' })
    expect(failure).toBe('')
    expect(report?.trustedDomains).toEqual([PREVIEW])
    expect(writes()).toEqual([
      TRUST,
      `DELETE /auth/domains {"auth_provider":"better_auth","domains":[{"domain":"${OTHER}"}]}`,
    ])
  })

  it('counts as trusted if Neon refuses to add it a second time', async () => {
    mockAuthOn(SLASH)
    service('post', '/sign-out', REFUSED)
    neon('post', '/auth/domains', [400, error('it exists')])
    neon('get', '/auth/domains', domains(SLASH))
    mockAuthOn(SLASH)
    const { report, failure } = await runAction(OPENED, TRUSTING)
    expect(failure).toBe('')
    expect(report?.trustedDomains).toEqual([PREVIEW])
  })
})

describe('trust exact origins: an entry in another spelling, if Neon stores entries verbatim', () => {
  const expectAdded = async (): Promise<void> => {
    neon('post', '/auth/domains', [201])
    mockAuthOn(SLASH, PREVIEW)
    const { report, log } = await runAction(OPENED, TRUSTING)
    expect(report).toMatchObject({ action: 'updated', trustedDomains: [SLASH, PREVIEW] })
    expect(log).not.toContain('in another spelling')
    expect(writes()).toEqual([TRUST])
  }

  it.each<[string, Reply]>([
    ['refuses the origin', REFUSED],
    ['returns 503', [503, '']],
    ['returns 404', [404, '']],
    ['cannot be reached', 'reset'],
  ])('does not count if the auth service %s, so the run adds the origin', async (_, reply) => {
    mockAuthOn(SLASH)
    service('post', '/sign-out', reply)
    await expectAdded()
  })

  it('does not count if the auth service accepts every origin', async () => {
    mockAuthOn(SLASH)
    mockAcceptingEveryOrigin()
    service('post', '/sign-out', [200, { success: true }])
    await expectAdded()
  })

  it('is pruned once the origin is listed', async () => {
    mockAuthOn(SLASH)
    service('post', '/sign-out', REFUSED)
    neon('post', '/auth/domains', [201])
    mockAuthOn(SLASH, PREVIEW)
    neon('delete', '/auth/domains', [200])
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, { ...TRUSTING, prune_domains: 'true' })
    expect(report).toMatchObject({ action: 'updated', trustedDomains: [PREVIEW] })
    expect(writes()).toEqual([
      TRUST,
      `DELETE /auth/domains {"auth_provider":"better_auth","domains":[{"domain":"${SLASH}"}]}`,
    ])
  })

  it('does not count if a wildcard may be why the origin is accepted', async () => {
    const wildcard = 'https://*.example.com'
    mockAuthOn(SLASH, wildcard)
    neon('post', '/auth/domains', [201])
    mockAuthOn(SLASH, wildcard, PREVIEW)
    const { report } = await runAction(OPENED, TRUSTING)
    expect(report?.action).toBe('updated')
    expect(writes()).toEqual([TRUST])
  })
})
