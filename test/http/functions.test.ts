import nock from 'nock'
import { describe, expect, it } from 'vitest'
import {
  branch,
  CLOSED,
  domains,
  error,
  integration,
  listing,
  mockAuthOn,
  mockSettings,
  neon,
  OPENED,
  runAction,
  useNock,
  writes,
} from './harness.ts'

useNock()

const ID = 'br-cool-sun-1234'
const ON = { discover_functions: 'true' }
const SHOP = `https://${ID}-shop.compute.c-1.us-east-2.aws.neon.tech`
const API = `https://${ID}-api.compute.c-1.us-east-2.aws.neon.tech`

/** Mocks one page of a list. The request must have this `cursor`. */
const page = (list: 'functions' | 'custom-domains', status: number, body: object, cursor = '') =>
  nock('https://console.neon.tech')
    .get(`/api/v2/projects/p1/branches/${ID}/${list}`)
    .query({ limit: 1000, ...(cursor && { cursor }) })
    .reply(status, body as nock.Body)

const fn = (slug: string, url = `https://${ID}-${slug}.compute.c-1.us-east-2.aws.neon.tech/`) => ({
  id: `fn-${slug}`,
  slug,
  name: slug,
  invocation_url: url,
  created_at: '2026-11-01T10:00:00Z',
})

const functions = (...list: object[]) => page('functions', 200, { functions: list, pagination: {} })

const domain = (more: object = {}) => ({
  domain: 'shop.acme.example',
  entity_type: 'function',
  entity_id: 'shop',
  cname_target: 'edge.example',
  status: 'active',
  ...more,
})

const customDomains = (...list: object[]) =>
  page('custom-domains', 200, { custom_domains: list, pagination: {} })

/** Mocks a run that trusts these domains with one request each. */
const trusts = (...names: string[]): void => {
  neon('get', '/branches', listing(branch()))
  mockAuthOn()
  if (names.length === 0) return
  neon('post', '/auth/domains', ...names.map((): [number] => [201]))
  mockAuthOn(...names)
}

describe('discover_functions', () => {
  it("trusts the origins of the branch's functions and of its active custom domains", async () => {
    functions(fn('shop'), fn('api'))
    customDomains(domain())
    trusts(SHOP, API, 'https://shop.acme.example')
    const { report } = await runAction(OPENED, ON)
    expect(report?.requestedDomains).toEqual([SHOP, API, 'https://shop.acme.example'])
    expect(writes()).toHaveLength(3)
  })

  it('sends no request if the input is off', async () => {
    trusts()
    expect((await runAction(OPENED)).report?.action).toBe('unchanged')
  })

  it('follows the pages of both lists to the end', async () => {
    page('functions', 200, { functions: [fn('shop')], pagination: { next: 'f2' } })
    page('functions', 200, { functions: [fn('api')], pagination: { next: '' } }, 'f2')
    page('custom-domains', 200, { custom_domains: [domain()], pagination: { next: 'd2' } })
    const second = { custom_domains: [domain({ domain: 'b.acme.example' })] }
    page('custom-domains', 200, second, 'd2')
    const all = [SHOP, API, 'https://shop.acme.example', 'https://b.acme.example']
    trusts(...all)
    expect((await runAction(OPENED, ON)).report?.requestedDomains).toEqual(all)
  })

  it('stops at a page that points at itself', async () => {
    page('functions', 200, { functions: [fn('shop')], pagination: { next: 'f2' } })
    page('functions', 200, { functions: [fn('shop')], pagination: { next: 'f2' } }, 'f2')
    customDomains()
    trusts(SHOP)
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
    functions(fn('shop', url))
    customDomains()
    trusts()
    const { report, log } = await runAction(OPENED, ON)
    expect(report?.requestedDomains).toEqual([])
    expect(log).toContain(`warning: The function shop ${warning}`)
  })

  it('warns if there is no function yet', async () => {
    functions()
    customDomains()
    trusts()
    expect((await runAction(OPENED, ON)).log).toContain(
      'warning: The branch has no Neon Function yet',
    )
  })

  it.each([
    ['pending', { status: 'pending' }, '(pending)'],
    ['wrong', { status: 'error', status_reason: 'caa-blocks' }, '(error, caa-blocks)'],
    ['new', { status: undefined }, '(unknown)'],
  ])('does not trust a custom domain that is %s', async (_, more, shown) => {
    functions(fn('shop'))
    customDomains(domain(more))
    trusts(SHOP)
    const { report, log } = await runAction(OPENED, ON)
    expect(report?.requestedDomains).toEqual([SHOP])
    expect(log).toContain(`warning: The custom domain shop.acme.example is not active ${shown}`)
  })

  it('ignores a custom domain that does not belong to a function', async () => {
    functions(fn('shop'))
    customDomains(domain({ entity_type: 'bucket' }))
    trusts(SHOP)
    expect((await runAction(OPENED, ON)).report?.requestedDomains).toEqual([SHOP])
  })

  it('trust exact origins: does not trust a URL that cannot be a preview', async () => {
    functions(
      fn('shop', 'http://shop.example/'),
      fn('api', 'https://undefined/'),
      fn('web', 'not a URL'),
    )
    customDomains(domain({ domain: '*.acme.example' }))
    trusts()
    const { report, log } = await runAction(OPENED, ON)
    expect(report?.requestedDomains).toEqual([])
    expect(log).toContain('warning: The function shop at http://shop.example/ is not trusted')
    expect(log).toContain('warning: The function api at https://undefined/ is not trusted')
    expect(log).toContain('warning: The function web at not a URL is not trusted')
    expect(log).toContain('warning: The custom domain https://*.acme.example is not trusted')
  })

  it.each<[string, 'functions' | 'custom-domains', number, object]>([
    ['functions are refused', 'functions', 403, error('not permitted')],
    ['functions are not found', 'functions', 404, error('not found')],
    ['custom domains are refused', 'custom-domains', 403, error('not permitted')],
    ['custom domains have another shape', 'custom-domains', 200, { domains: [] }],
    ['functions have another shape', 'functions', 200, { functions: [{ name: 'shop' }] }],
  ])('unknown is not none: fails before any write if %s', async (_, list, status, body) => {
    neon('get', '/branches', listing(branch()))
    page(list, status, body)
    const other = list === 'functions' ? customDomains : functions
    other()
    const { failure } = await runAction(OPENED, { ...ON, prune_domains: 'true' })
    expect(failure).toContain('Could not read the Neon Functions of branch preview/pr-2')
    expect(failure).toContain('`discover_functions`')
    expect(writes()).toEqual([])
  })

  it('reads them in a dry run too, which trusts nothing', async () => {
    functions(fn('shop'))
    customDomains()
    trusts()
    const { report } = await runAction(OPENED, { ...ON, dry_run: 'true' })
    expect(report?.changes).toEqual([{ change: 'trust_domain', domain: SHOP }])
    expect(writes()).toEqual([])
  })

  it('protects them from pruning', async () => {
    functions(fn('shop'))
    customDomains()
    neon('get', '/branches', listing(branch()))
    neon('get', '/auth', [200, integration()])
    neon('get', '/auth/domains', domains(SHOP))
    mockSettings()
    const { report } = await runAction(OPENED, { ...ON, prune_domains: 'true' })
    expect(report?.action).toBe('unchanged')
  })

  it('sends no request on close', async () => {
    neon('get', '/branches', listing(branch()))
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    const { report } = await runAction(CLOSED, ON)
    expect(report?.action).toBe('disabled')
  })
})
