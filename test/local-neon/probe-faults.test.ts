import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { everyOr } from '../every.ts'
import { deleteLeftovers, examine, productionSigns } from '../live/examine.ts'
import { type Findings, Inconclusive } from '../live/findings.ts'
import { PROBES, type Probe } from '../live/probes.ts'
import { askAuthService } from '../live/probes-auth.ts'
import { answersOf, markdownOf } from '../live/report.ts'
import { createService, type Service } from '../live/service.ts'
import { createWorkspace, deleteBranches } from '../live/workspace.ts'
import { virtualClock } from './clock.ts'
import type { Fault, FaultRule } from './faults.ts'
import { type LocalNeon, startLocalNeon } from './local-neon.ts'

vi.setConfig({ testTimeout: 60_000 })

const failure: Fault = { kind: 'status', status: 500, body: { message: 'injected' } }
const wrongPath: Fault = { kind: 'status', status: 404, body: { message: 'no such path' } }

let neon: LocalNeon
let service: Service

beforeEach(async () => {
  const clock = virtualClock()
  neon = await startLocalNeon({ clock })
  const { apiHost, apiKey, projectId } = neon
  const { signal } = new AbortController()
  service = createService({ apiHost, apiKey, projectId, clock, signal })
})

afterEach(() => neon.close())

/** Returns what a probe finds out, which is nothing if it fails. */
const findingsOf = async (probe: Probe, ...faults: FaultRule[]): Promise<Findings> => {
  const workspace = createWorkspace(service, 'test')
  for (const fault of faults) neon.faults.add(fault)
  const findings = await probe.run(workspace).catch(() => ({}))
  neon.faults.clear()
  await deleteBranches(service, workspace.takeCreated())
  return findings
}

const answersIn = (findings: Findings) =>
  Object.entries(findings).filter(([, found]) => typeof found === 'string')

const reasonsIn = (findings: Findings) =>
  Object.entries(findings).flatMap(([name, found]) =>
    found instanceof Inconclusive ? [`${name}: ${found.message}`] : [],
  )

const probeNamed = (name: string) => PROBES.find((probe) => probe.name === name) as Probe
const children = probeNamed('children')

// "children" takes a second or more, so it gets fewer faults, below.
test.each(PROBES.filter((probe) => probe !== children))(
  'the probe "$name" gives no false answer if one of its requests fails',
  async (probe) => {
    const expected = answersIn(await findingsOf(probe))
    // `findingsOf` hides every error.
    expect(expected).not.toEqual([])
    const count = neon.requests.length
    for (let skip = 1; skip < count; skip += everyOr(4)) {
      const found = answersIn(await findingsOf(probe, { match: {}, skip, fault: failure }))
      expect(expected, `request ${skip}`).toEqual(expect.arrayContaining(found))
    }
  },
)

test('a child that could inherit nothing gives no answer', async () => {
  const findings = await findingsOf(
    children,
    { match: { method: 'POST', path: /\/domains$/ }, fault: failure },
    { match: { path: /\/sign-up\/email$/ }, fault: failure },
    { match: { method: 'PUT', path: /\/webhooks$/ }, fault: failure },
    { match: { method: 'PATCH', path: /\/email_provider$/ }, fault: failure },
  )
  expect(answersIn(findings)).toEqual([
    ['childVisible', 'at-once'],
    ['childKeys', 'copied'],
  ])
  const injected = '500 {"message":"injected"} (no effect on the parent)'
  expect(reasonsIn(findings)).toEqual([
    `childDomains: could not tell from POST /branches/{branch}/auth/domains: ${injected}`,
    `childWebhook: could not tell from PUT /branches/{branch}/auth/webhooks: ${injected}`,
    `childSmtp: could not tell from PATCH /branches/{branch}/auth/email_provider: ${injected}`,
    expect.stringMatching(/^childUsers: could not tell from POST .*\/sign-up\/email/),
  ])
})

test('what cannot be read of a child does not count as missing', async () => {
  const ofChild = (path: RegExp, skip = 1, times = 1): FaultRule => ({
    match: { path },
    skip,
    times,
    fault: wrongPath,
  })
  const findings = await findingsOf(
    children,
    // One request adds a domain to the parent, and eight read its list.
    ofChild(/\/auth\/domains$/, 9, 4),
    ofChild(/\/webhooks$/, 2),
    ofChild(/\/email_provider$/, 2),
    ofChild(/\/sign-in\/email$/),
    ofChild(/\/jwks\.json$/),
  )
  expect(answersIn(findings)).toEqual([['childVisible', 'at-once']])
  expect(reasonsIn(findings)).toHaveLength(5)
  for (const reason of reasonsIn(findings))
    expect(reason).toContain('404 {"message":"no such path"}')
})

test.each([
  ['children', {}],
  ['schema-only', { schemaOnlyChild: 'on' }],
] as const)(
  'the probe "%s" gives no answer if auth of the child cannot be read',
  async (name, behavior) => {
    neon.setBehavior(behavior)
    // The first two reads are of the parent.
    const fault = { match: { operationId: 'getNeonAuth' }, skip: 2, fault: failure }
    expect(await findingsOf(probeNamed(name), fault)).toEqual({})
  },
)

test('an auth service that is elsewhere gives no answer', async () => {
  const { baseUrl } = await neon.enableAuth('main')
  const findings = await askAuthService(service, baseUrl.replace('neondb', 'otherdb'))
  expect(answersIn(findings)).toEqual([])
  expect(reasonsIn(findings)).toHaveLength(5)
})

test.each([401, 403])('a %i that is not from the auth service gives no answer', async (status) => {
  const { baseUrl } = await neon.enableAuth('main')
  const fault: Fault = { kind: 'status', status, body: { message: 'no entry' } }
  neon.faults.add({ match: {}, times: 9, fault })
  const findings = await askAuthService(service, baseUrl)
  expect(answersIn(findings)).toEqual([])
  expect(reasonsIn(findings)).toHaveLength(5)
})

test('a project looks like production if its auth cannot be read', async () => {
  neon.faults.add({ match: { operationId: 'getNeonAuth' }, fault: failure })
  expect(await productionSigns(service)).toEqual([
    'auth of its default branch cannot be read (500)',
  ])
})

test('an examination that cannot list its branches reports that some may be left behind', async () => {
  neon.faults.add({ match: { operationId: 'listProjectBranches' }, fault: failure })
  const { leftBehind } = await examine(service, () => {}, ['schema-only'])
  expect(leftBehind).toEqual([
    expect.stringMatching(
      /^Could not list the branches named neon-auth-live-.*, so some may be left: /,
    ),
  ])
  expect(await deleteLeftovers(service)).toBe(0)
})

test('the report says why a question is undecided', () => {
  const request = 'GET /branches/{branch}/auth/email_provider'
  const body = { password: 'hunter2', host: 'smtp.shop.com' }
  const reply = { request, status: 418, body, headers: new Headers(), ms: 1 }
  const answers = answersOf({ childSmtp: new Inconclusive(reply) }, [])
  const why = `could not tell from ${request}: 418 {"password":"<7 characters>","host":"<not shown>"}`
  const childSmtp = answers.find(({ question }) => question === 'childSmtp')
  expect(childSmtp).toMatchObject({ verdict: 'undecided', reason: why })
  expect(childSmtp).not.toHaveProperty('seen')
  const rest = { examined: '', lifecycle: [], failures: [], leftBehind: [], evidence: {} }
  expect(markdownOf({ ...rest, answers })).toContain(`| ${why} | undecided |`)
})
