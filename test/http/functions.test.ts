import nock from 'nock'
import { describe, expect, it } from 'vitest'
import {
  BRANCH_ID,
  CLOSED,
  error,
  integration,
  mockAuthOn,
  mockBranch,
  neon,
  OPENED,
  runAction,
  useNock,
  writes,
} from './harness.ts'

useNock()

const ON = { discover_functions: 'true' }
const SHOP = `https://${BRANCH_ID}-shop.compute.c-1.us-east-2.aws.neon.tech`
const API = `https://${BRANCH_ID}-api.compute.c-1.us-east-2.aws.neon.tech`

/** Mocks one page of a list, for a request with this `cursor`. */
const mockPage = (
  list: 'functions' | 'custom-domains',
  status: number,
  body: object,
  cursor = '',
) =>
  nock('https://console.neon.tech')
    .get(`/api/v2/projects/p1/branches/${BRANCH_ID}/${list}`)
    .query({ limit: 1000, ...(cursor && { cursor }) })
    .reply(status, body as nock.Body)

const functionOf = (
  slug: string,
  url = `https://${BRANCH_ID}-${slug}.compute.c-1.us-east-2.aws.neon.tech/`,
) => ({
  id: `fn-${slug}`,
  slug,
  name: slug,
  invocation_url: url,
  created_at: '2026-11-01T10:00:00Z',
})

const mockFunctions = (...list: object[]) =>
  mockPage('functions', 200, { functions: list, pagination: {} })

const customDomain = (more: object = {}) => ({
  domain: 'shop.acme.example',
  entity_type: 'function',
  entity_id: 'shop',
  cname_target: 'edge.example',
  status: 'active',
  ...more,
})

const mockCustomDomains = (...list: object[]) =>
  mockPage('custom-domains', 200, { custom_domains: list, pagination: {} })

/** Mocks a run that trusts these domains, with one request each. */
const mockTrusting = (...names: string[]): void => {
  mockBranch()
  mockAuthOn()
  if (names.length === 0) return
  neon('post', '/auth/domains', ...names.map((): [number] => [201]))
  mockAuthOn(...names)
}

/** Returns the requests that add these domains. */
const addsOf = (...names: string[]): string[] =>
  names.map((domain) => `POST /auth/domains {"domain":"${domain}","auth_provider":"better_auth"}`)

describe('discover_functions', () => {
  it("trusts the origins of the branch's functions and of its active custom domains", async () => {
    mockFunctions(functionOf('shop'), functionOf('api'))
    mockCustomDomains(customDomain())
    mockTrusting(SHOP, API, 'https://shop.acme.example')
    const { report, log } = await runAction(OPENED, ON)
    expect(report?.requestedDomains).toEqual([SHOP, API, 'https://shop.acme.example'])
    expect(log).not.toContain('no Neon Function yet')
    expect(writes()).toEqual(addsOf(SHOP, API, 'https://shop.acme.example'))
  })

  it('does not read the functions if the input is off', async () => {
    mockTrusting()
    expect((await runAction(OPENED)).report?.action).toBe('unchanged')
  })

  it('follows the pages of both lists to the last one', async () => {
    mockPage('functions', 200, { functions: [functionOf('shop')], pagination: { next: 'f2' } })
    mockPage('functions', 200, { functions: [functionOf('api')], pagination: { next: '' } }, 'f2')
    mockPage('custom-domains', 200, {
      custom_domains: [customDomain()],
      pagination: { next: 'd2' },
    })
    const secondPage = { custom_domains: [customDomain({ domain: 'b.acme.example' })] }
    mockPage('custom-domains', 200, secondPage, 'd2')
    const origins = [SHOP, API, 'https://shop.acme.example', 'https://b.acme.example']
    mockTrusting(...origins)
    expect((await runAction(OPENED, ON)).report?.requestedDomains).toEqual(origins)
    expect(writes()).toEqual(addsOf(...origins))
  })

  it('stops at a page that points at itself', async () => {
    mockPage('functions', 200, { functions: [functionOf('shop')], pagination: { next: 'f2' } })
    mockPage(
      'functions',
      200,
      { functions: [functionOf('shop')], pagination: { next: 'f2' } },
      'f2',
    )
    mockCustomDomains()
    mockTrusting(SHOP)
    expect((await runAction(OPENED, ON)).report?.requestedDomains).toEqual([SHOP])
  })

  it.each([
    ['without an invocation URL', '', 'has no invocation URL'],
    [
      'of another branch',
      'https://br-main-1-shop.compute.c-1.us-east-2.aws.neon.tech/',
      'runs on another branch',
    ],
  ])('warns about a function %s and trusts no domain for it', async (_, url, warning) => {
    mockFunctions(functionOf('shop', url))
    mockCustomDomains()
    mockTrusting()
    const { report, log } = await runAction(OPENED, ON)
    expect(report?.requestedDomains).toEqual([])
    expect(log).toContain(`warning: The function shop ${warning}`)
  })

  it('warns if there is no function yet', async () => {
    mockFunctions()
    mockCustomDomains()
    mockTrusting()
    expect((await runAction(OPENED, ON)).log).toContain(
      'warning: The branch has no Neon Function yet',
    )
  })

  it.each([
    ['pending', { status: 'pending' }, '(pending)'],
    ['invalid', { status: 'error', status_reason: 'caa-blocks' }, '(error, caa-blocks)'],
    ['of unknown status', { status: undefined }, '(unknown)'],
  ])('does not trust a custom domain that is %s', async (_, more, status) => {
    mockFunctions(functionOf('shop'))
    mockCustomDomains(customDomain(more))
    mockTrusting(SHOP)
    const { report, log } = await runAction(OPENED, ON)
    expect(report?.requestedDomains).toEqual([SHOP])
    expect(log).toContain(`warning: The custom domain shop.acme.example is not active ${status}`)
  })

  it('ignores a custom domain that does not belong to a function', async () => {
    mockFunctions(functionOf('shop'))
    mockCustomDomains(customDomain({ entity_type: 'bucket' }))
    mockTrusting(SHOP)
    const { report, log } = await runAction(OPENED, ON)
    expect(report?.requestedDomains).toEqual([SHOP])
    expect(log).not.toContain('warning: The custom domain')
  })

  it('trust exact origins: does not trust a URL that cannot be a preview', async () => {
    mockFunctions(
      functionOf('shop', 'http://shop.example/'),
      functionOf('api', 'https://undefined/'),
      functionOf('web', 'not a URL'),
    )
    mockCustomDomains(customDomain({ domain: '*.acme.example' }))
    mockTrusting()
    const { report, log } = await runAction(OPENED, ON)
    expect(report?.requestedDomains).toEqual([])
    expect(log).toContain('warning: The function shop at http://shop.example/ is not trusted')
    expect(log).toContain('warning: The function api at https://undefined/ is not trusted')
    expect(log).toContain('warning: The function web at not a URL is not trusted')
    expect(log).toContain('warning: The custom domain https://*.acme.example is not trusted')
  })

  it.each<[string, 'functions' | 'custom-domains', number, object]>([
    ['reading the functions is refused', 'functions', 403, error('not permitted')],
    ['the functions are not found', 'functions', 404, error('not found')],
    ['reading the custom domains is refused', 'custom-domains', 403, error('not permitted')],
    ['the custom domains have an unexpected shape', 'custom-domains', 200, { domains: [] }],
    ['the functions have an unexpected shape', 'functions', 200, { functions: [{ name: 'shop' }] }],
  ])('unknown is not none: fails before any write if %s', async (_, list, status, body) => {
    mockBranch()
    mockPage(list, status, body)
    const other = list === 'functions' ? mockCustomDomains : mockFunctions
    other()
    const { failure } = await runAction(OPENED, { ...ON, prune_domains: 'true' })
    expect(failure).toContain(
      'Could not read the Neon Functions and custom domains of branch preview/pr-2',
    )
    expect(failure).toContain('`discover_functions`')
    expect(writes()).toEqual([])
  })

  it('unknown is not none: fails and prunes nothing if only the first page can be read', async () => {
    mockBranch()
    mockPage('functions', 200, { functions: [functionOf('shop')], pagination: { next: 'f2' } })
    mockPage('functions', 403, error('not permitted'), 'f2')
    mockCustomDomains()
    const { failure } = await runAction(OPENED, { ...ON, prune_domains: 'true' })
    expect(failure).toContain('Could not read the Neon Functions and custom domains')
    expect(writes()).toEqual([])
  })

  it('reads the functions in a dry run too, but trusts none', async () => {
    mockFunctions(functionOf('shop'))
    mockCustomDomains()
    mockTrusting()
    const { report } = await runAction(OPENED, { ...ON, dry_run: 'true' })
    expect(report?.changes).toEqual([{ change: 'trust_domain', domain: SHOP }])
    expect(writes()).toEqual([])
  })

  it('keeps the domains of functions when it prunes the others', async () => {
    mockFunctions(functionOf('shop'))
    mockCustomDomains()
    mockBranch()
    mockAuthOn(SHOP, 'https://old.example')
    neon('delete', '/auth/domains', [200])
    mockAuthOn(SHOP)
    const { report } = await runAction(OPENED, { ...ON, prune_domains: 'true' })
    expect(report?.trustedDomains).toEqual([SHOP])
    expect(writes()).toEqual([
      'DELETE /auth/domains {"auth_provider":"better_auth","domains":[{"domain":"https://old.example"}]}',
    ])
  })

  it('does not read the functions on close', async () => {
    mockBranch()
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    const { report } = await runAction(CLOSED, ON)
    expect(report?.action).toBe('disabled')
  })
})
