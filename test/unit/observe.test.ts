import { describe, expect, it, vi } from 'vitest'
import type { ChangeContext } from '../../src/auth/context.ts'
import { type Observed, type ObservedOn, observe, waitForUrls } from '../../src/auth/observe.ts'
import type { Desired } from '../../src/auth/plan.ts'
import { RunAborted } from '../../src/core/deadline.ts'
import type { NeonClient } from '../../src/neon/client.ts'
import { BRANCH, collectingLog, fakeDeadline } from '../fakes.ts'

const NOTHING: Desired = { trustedDomains: [], pruneDomains: false }
const PROVIDERS = { oauth_providers: [{ id: 'google', type: 'standard' }] }

const neonOf = (overrides: object = {}): NeonClient =>
  ({
    getAuth: async () => ({ name: 'shop' }),
    listDomains: async () => [],
    getPlugins: async (id: string) => (id === BRANCH.id ? {} : PROVIDERS),
    getWebhook: async () => undefined,
    ...overrides,
  }) as unknown as NeonClient

const read = (desired: Partial<Desired> = {}, parentId?: string, overrides?: object) => {
  const branch = { ...BRANCH, ...(parentId && { parentId }) }
  const { log } = collectingLog()
  return observe(neonOf(overrides), branch, { ...NOTHING, ...desired }, log)
}

describe('the observed settings', () => {
  it('have the name of the integration, but no name if Neon shows none', async () => {
    expect(await read()).toMatchObject({ settings: { name: 'shop' } })
    const unnamed = await read({}, undefined, { getAuth: async () => ({}) })
    expect((unnamed as ObservedOn).settings).toEqual({ plugins: {}, webhook: { enabled: false } })
    expect((unnamed as ObservedOn).settings).not.toHaveProperty('name')
  })

  it.each([
    [true, 'br-main', { inheritedOauth: ['google'] }],
    [false, 'br-main', {}],
    [true, undefined, {}],
  ])(
    "include the parent's providers only with `oauth: shared` (%s) and a parent (%s)",
    async (sharedOauth, parentId, expected) => {
      const observed = await read({ sharedOauth }, parentId)
      expect((observed as ObservedOn).settings).toEqual({
        plugins: {},
        webhook: { enabled: false },
        name: 'shop',
        ...expected,
      })
    },
  )

  it('do not hide a timeout, even if the run could continue without them', async () => {
    const timeout = new RunAborted({ what: 'The run timed out.' })
    const reading = read({}, undefined, { getPlugins: () => Promise.reject(timeout) })
    await expect(reading).rejects.toBe(timeout)
  })
})

const HOUR_AGO = new Date(Date.now() - 3_600_000).toISOString()
const URLS = { base_url: 'https://auth.test/db', jwks_url: 'https://auth.test/db/jwks' }

const on = (integration: object = {}): ObservedOn =>
  ({
    auth: 'on',
    integration: { created_at: HOUR_AGO, ...integration },
    storedDomains: [],
    trustedDomains: [],
  }) as never

/** Waits for the URLs. Neon answers each read of auth with the next of `answers`. Also counts the reads. */
const wait = async (
  { before = on() as Observed, observed = on(), created = {} },
  branch: object = {},
  answers: readonly (object | undefined)[] = [{ created_at: HOUR_AGO, ...URLS }],
) => {
  const getAuth = vi.fn<() => Promise<object | undefined>>()
  for (const answer of answers) getAuth.mockResolvedValueOnce(answer)
  const context = {
    neon: neonOf({ getAuth }),
    branch: { ...BRANCH, createdAt: Date.parse(HOUR_AGO), ...branch },
    deadline: fakeDeadline(),
    log: collectingLog().log,
  } as unknown as ChangeContext
  const { integration } = await waitForUrls(NOTHING, { before, observed, created }, context)
  return { url: integration.base_url, reads: getAuth.mock.calls.length }
}

describe('the URLs of auth', () => {
  it.each<[string, Parameters<typeof wait>[0], object]>([
    ['auth was off before', { before: { auth: 'off' } }, {}],
    ['auth is new', { observed: on({ created_at: new Date().toISOString() }) }, {}],
    ['the branch is new', {}, { createdAt: Date.now() }],
    ['the branch is not ready', {}, { state: 'init' }],
  ])('are waited for if %s', async (_, state, branch) => {
    expect(await wait(state, branch)).toEqual({ url: URLS.base_url, reads: 1 })
  })

  it.each<[string, Parameters<typeof wait>[0]]>([
    ['nothing is new', {}],
    ['Neon reports them', { before: { auth: 'off' }, observed: on(URLS) }],
    ['the response that enabled auth had them', { before: { auth: 'off' }, created: URLS }],
  ])('are not waited for if %s', async (_, state) => {
    expect(await wait(state)).toMatchObject({ reads: 0 })
  })

  it('are waited for if only the response that enabled other auth had them', async () => {
    const created = { ...URLS, auth_provider_project_id: 'ap-1' }
    const observed = on({ auth_provider_project_id: 'ap-2' })
    expect(await wait({ before: { auth: 'off' }, observed, created })).toMatchObject({ reads: 1 })
  })

  it('are waited for even if auth looks off in between', async () => {
    const answers = [undefined, { created_at: HOUR_AGO }, { created_at: HOUR_AGO, ...URLS }]
    expect(await wait({ before: { auth: 'off' } }, {}, answers)).toEqual({
      url: URLS.base_url,
      reads: 3,
    })
  })
})
