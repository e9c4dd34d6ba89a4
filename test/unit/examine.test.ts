import { describe, expect, it } from 'vitest'
import { type Examination, examine, type KnownPreviews } from '../../src/doctor/examine.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import type { CheckedRequest, HttpResponse } from '../../src/network/messages.ts'
import { BRANCH } from '../fakes.ts'
import { useFakeClock } from './fake-clock.ts'

const AUTH = 'https://ep-1.neon.example/neondb/auth'
const PARENT_AUTH = 'http://127.0.0.1:4000/ep-2/neondb/auth'
const PREVIEW = 'https://pr-2.shop.example'
const OTHER = 'https://www.shop.example'

type Answer = Partial<HttpResponse> | Error
type Answers = Record<string, Answer | ((request: CheckedRequest) => Answer)>

const redirect = (location: string): Answer => ({ status: 302, headers: { location } })
const accepted: Answer = { text: '{"success":true}' }
const rejected: Answer = { status: 403, text: '{"code":"INVALID_ORIGIN"}' }
const lost = (): Error => new LostResponseError({ method: 'GET', path: '/' }, 'reset')
/** Accepts every origin except the control origin. */
const trusting = ({ headers }: CheckedRequest): Answer =>
  headers?.['origin']?.endsWith('.invalid') ? rejected : accepted

const HEALTHY: Answers = {
  [`GET ${AUTH}/ok`]: { text: '{"ok":true}' },
  [`GET ${AUTH}/jwks`]: { text: '{"keys":[{"kid":"1"}]}' },
  [`POST ${AUTH}/sign-out`]: trusting,
  [`GET ${PREVIEW}/`]: {},
  [`GET ${OTHER}/`]: {},
}

const clock = useFakeClock()

/** Examines a healthy branch, apart from these answers of its auth service and previews. Unknown URLs get 404. */
const examineBranch = async (
  answers: Answers = {},
  {
    parentId,
    auth = { auth_provider: 'better_auth', base_url: AUTH, jwks_url: `${AUTH}/jwks` },
    seconds = 180,
    domains = [PREVIEW],
    functions = async () => [],
    ...known
  }: Partial<KnownPreviews> & {
    readonly parentId?: string
    readonly auth?: object
    readonly seconds?: number
    readonly domains?: string[]
    readonly functions?: Examination['functions']
  } = {},
) => {
  const requests: string[] = []
  const all: Answers = { ...HEALTHY, ...answers }
  const once = async (request: CheckedRequest): Promise<HttpResponse> => {
    const name = `${request.method} ${request.url}`
    requests.push(name)
    const found = all[name] ?? { status: 404 }
    const answer = typeof found === 'function' ? found(request) : found
    if (answer instanceof Error) throw answer
    return { status: 200, headers: {}, text: '', ...answer }
  }
  const parentUrls = { base_url: PARENT_AUTH, jwks_url: `${PARENT_AUTH}/jwks` }
  const neon = {
    getAuth: async (id: string) => (id === 'br-1' ? auth : { ...auth, ...parentUrls }),
    listDomains: async () => domains.map((domain) => ({ domain, auth_provider: 'better_auth' })),
    getPlugins: async () => ({ email_and_password: { enabled: true } }),
    getWebhook: async () => ({ enabled: false }),
    getAllowLocalhost: async () => false,
  } as unknown as Examination['neon']
  const examination: Examination = {
    branch: { ...BRANCH, ...(parentId !== undefined && { parentId }) },
    neon,
    http: { firstSent: Promise.resolve(), once, retrying: once },
    deadline: clock.deadlineIn(seconds),
    previews: async () => ({ origins: [PREVIEW], isComplete: true, unusable: [], ...known }),
    functions,
  }
  const { observations, diagnosis } = await examine(examination)
  return { ...observations, findings: diagnosis.findings, verdict: diagnosis.verdict, requests }
}

describe('the previews that the doctor examines', () => {
  it('are those of the run and the functions, each once, but no wildcards', async () => {
    const { previews, trust, unreadPreviews } = await examineBranch(
      {},
      {
        origins: [PREVIEW, 'https://*.shop.example'],
        functions: async () => [OTHER, PREVIEW],
      },
    )
    expect(previews.map(({ origin }) => origin)).toEqual([PREVIEW, OTHER])
    expect(trust).toEqual([PREVIEW, OTHER].map((origin) => ({ origin, accepted: { value: true } })))
    expect(unreadPreviews).toEqual([])
  })

  it('unknown is not none: are incomplete if a list could not be read', async () => {
    const functions = () => Promise.reject(lost())
    const { unreadPreviews, previews, verdict } = await examineBranch(
      {},
      { isComplete: false, functions },
    )
    expect(unreadPreviews).toEqual([expect.stringContaining('deployments'), 'reset'])
    expect(previews.map(({ origin }) => origin)).toEqual([PREVIEW])
    expect(verdict).toBe('could_not_tell')
  })

  it('may be none, in which case no origin is probed', async () => {
    const { trust, requests } = await examineBranch({}, { origins: [] })
    expect(trust).toEqual([])
    expect(requests.filter((request) => request.includes('sign-out'))).toEqual([])
  })

  it.each([
    ['a trusted https host', OTHER, true],
    ['a host that is not trusted', 'https://evil.example', false],
    ['a trusted host without TLS', 'http://www.shop.example', false],
    ['a trusted name without a dot', 'https://intranet', false],
    ['a trusted address', 'https://10.0.0.1', false],
    ['a trusted loopback name', 'https://app.localhost:8443', false],
  ])('are read after a redirect to %s (%s): %s', async (_, origin, isRead) => {
    const domains = origin.includes('evil') ? [PREVIEW] : [PREVIEW, origin]
    const { requests, previews, trust } = await examineBranch(
      { [`GET ${PREVIEW}/`]: redirect(`${origin}/`) },
      { domains },
    )
    expect(requests.includes(`GET ${origin}/`)).toBe(isRead)
    expect(previews[0]).toMatchObject({ redirects: [origin] })
    expect(trust.map((domain) => domain.origin)).toEqual([PREVIEW, origin])
  })

  it("are searched for the branch's auth URL, whatever it looks like, and their site is compared with its site", async () => {
    const { previews, findings } = await examineBranch({
      [`GET ${PREVIEW}/`]: { text: `auth: ${AUTH};` },
    })
    expect(findings.map(({ id }) => id)).toContain('auth_url_of_this_branch')
    expect(previews[0]).toMatchObject({ isCrossSite: true })
  })

  it('may redirect to each other', async () => {
    const answers = { [`GET ${PREVIEW}/`]: redirect(`${OTHER}/`) }
    const { requests } = await examineBranch(answers, { origins: [PREVIEW, OTHER] })
    expect(requests.filter((request) => request === `GET ${OTHER}/`)).toHaveLength(2)
  })
})

describe('the parent branch', () => {
  it('is read, and its auth URL is recognized in pages', async () => {
    const answers = { [`GET ${PREVIEW}/`]: { text: `client('${PARENT_AUTH}')` } }
    const { parent, findings } = await examineBranch(answers, { parentId: 'br-main' })
    expect(parent?.urls?.baseUrl).toBe(PARENT_AUTH)
    expect(findings.map(({ title }) => title).join()).toContain(
      `built with the auth URL of its parent branch, ${PARENT_AUTH}`,
    )
  })

  it('may not exist', async () => {
    expect(await examineBranch()).not.toHaveProperty('parent')
  })
})

describe('the auth service', () => {
  it('is checked for a response and for its keys', async () => {
    const { service } = await examineBranch()
    expect(service).toEqual({ alive: { value: true }, keys: { value: 1 } })
  })

  it('gets no request if the branch has no auth URLs', async () => {
    const observed = await examineBranch({}, { auth: { auth_provider: 'better_auth' } })
    expect(observed).not.toHaveProperty('service')
    expect(observed.trust).toEqual([])
    expect(observed.requests.join()).not.toContain(new URL(AUTH).host)
  })

  it.each<[string, Answer, object]>([
    ['accepts that too', accepted, { failure: expect.stringContaining('nobody trusts') }],
    ['proves nothing', { status: 429 }, { failure: expect.stringContaining('answered 429') }],
    ['loses the response', lost(), { failure: 'reset' }],
    ['rejects that', rejected, { value: true }],
  ])(
    'unknown is not none: proves that it trusts a preview only if it rejects an untrusted origin: it %s',
    async (_, control, expected) => {
      const { trust } = await examineBranch({
        [`POST ${AUTH}/sign-out`]: ({ headers }) =>
          headers?.['origin'] === PREVIEW ? accepted : control,
      })
      expect(trust).toEqual([{ origin: PREVIEW, accepted: expected }])
    },
  )

  it('shows that it rejects a preview, whatever it says about an untrusted origin', async () => {
    const { trust } = await examineBranch({
      [`POST ${AUTH}/sign-out`]: ({ headers }) =>
        headers?.['origin'] === PREVIEW ? rejected : accepted,
    })
    expect(trust).toEqual([{ origin: PREVIEW, accepted: { value: false } }])
  })

  it.each<[string, Answer, seconds: number, min: number, max: number]>([
    ['a response that proves nothing', { status: 503 }, 180, 3_000, 10_000],
    ['no response, while its compute may start', lost(), 180, 40_000, 60_000],
    ['no response, in a run with little time', lost(), 60, 20_000, 36_000],
  ])(
    'one deadline covers everything: is retried for a while after %s',
    async (_, answer, seconds, min, max) => {
      const { service, verdict } = await examineBranch(
        { [`GET ${AUTH}/ok`]: answer },
        { seconds, origins: [] },
      )
      expect(service?.alive).toHaveProperty('failure')
      expect(verdict).toBe('could_not_tell')
      expect(clock.now()).toBeGreaterThanOrEqual(min)
      expect(clock.now()).toBeLessThanOrEqual(max)
    },
  )
})
