import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { type PlatformDeployment, platformDeployments } from '../deployment-payloads.ts'
import { HEAD_SHA, payload, REPOSITORY } from '../payloads.ts'
import { mockAuthOn, mockBranch, neon, OPENED, runAction, useNock, writes } from './harness.ts'
import { THIS_REPOSITORY, TOKEN } from './mock-github.ts'

// Tests each row of the table in docs/github.md. test/contract/deployment-payloads.test.ts compares the
// page with the same rows.

useNock()

const PULL = {
  number: 2,
  state: 'open',
  head: { ref: 'changes', sha: HEAD_SHA, repo: THIS_REPOSITORY },
  base: { repo: THIS_REPOSITORY },
}

/** Mocks every read of this path in the repository whose query includes `query`. */
const mockReads = (path: string, body: unknown, query: Record<string, unknown> = {}): void => {
  nock('https://api.github.com')
    .persist()
    .get(`/repos/${REPOSITORY}${path}`)
    .query((actual) => Object.entries(query).every(([name, value]) => actual[name] === value))
    .optionally()
    .reply(200, body as nock.Body)
}

const deploymentOf = ({ deployment, creator }: PlatformDeployment): Record<string, unknown> => ({
  id: 1,
  sha: HEAD_SHA,
  ...deployment,
  ref: deployment.ref === 'branch' ? 'changes' : HEAD_SHA,
  ...(creator && { creator: { login: creator } }),
})

const statusOf = ({ deployment, status }: PlatformDeployment): Record<string, unknown> => ({
  state: 'success',
  environment: deployment.environment,
  ...status,
})

/** Runs the action on the event that GitHub sends when the platform reports success. */
const followEvent = (platform: PlatformDeployment, inputs = {}) => {
  const original = payload('deployment_status') as Record<string, object>
  return runAction(
    ['deployment_status'],
    { ...TOKEN, ...inputs },
    {
      deployment: { ...original['deployment'], ...deploymentOf(platform) },
      deployment_status: { ...original['deployment_status'], ...statusOf(platform) },
    },
  )
}

/** Runs `discover_domains` after the platform has reported success. */
const discover = (platform: PlatformDeployment, inputs = {}) => {
  mockReads('/deployments', [deploymentOf(platform)], { sha: HEAD_SHA })
  mockReads('/deployments', [], { ref: 'refs/pull/2/merge' })
  mockReads('/deployments/1/statuses', [statusOf(platform)])
  return runAction(OPENED, { ...TOKEN, discover_domains: 'true', ...inputs })
}

const RUNS = [
  ['deployment_status', followEvent],
  ['discover_domains', discover],
] as const

const mockOpenPull = (): void => {
  mockReads(`/commits/${HEAD_SHA}/pulls`, [PULL])
  mockReads('/pulls/2', PULL)
}

const mockBranchOn = (): void => {
  mockBranch()
  mockAuthOn()
}

const originOf = ({ status }: PlatformDeployment): string =>
  new URL(status.environment_url ?? '').origin

describe.each(RUNS)('%s', (name, run) => {
  const trusted = platformDeployments.filter(({ outcome }) => outcome === 'trusted')
  const production = platformDeployments.filter(({ outcome }) => outcome === 'production')

  it.each(trusted)('trusts the URL of $platform, $of', async (platform) => {
    mockOpenPull()
    mockBranchOn()
    neon('post', '/auth/domains', [201])
    mockAuthOn(originOf(platform))
    const { report, log } = await run(platform)
    expect(report?.trustedDomains).toEqual([originOf(platform)])
    expect(log.includes('is the host of one build')).toBe(platform.leadsTo === 'one build')
    // The URL of the deployment's log is never trusted.
    expect(writes().join()).not.toContain('dash')
  })

  it.each(production)('ignores $platform, $of, as production', async (platform) => {
    mockOpenPull()
    if (name === 'discover_domains') mockBranchOn()
    const { report, log } = await run(platform)
    expect(writes()).toEqual([])
    if (name === 'discover_domains') expect(log).toContain('it is a production environment')
    else expect(report).toMatchObject({ skipped: { reason: 'production_deployment' } })
  })

  it.each(production)('includes $platform, $of, by its full name', async (platform) => {
    mockOpenPull()
    mockBranchOn()
    const isConsole = platform.leadsTo === "the platform's own site"
    if (!isConsole) {
      neon('post', '/auth/domains', [201])
      mockAuthOn(originOf(platform))
    }
    // The line of docs/recipes/vercel.yml, and the full name.
    const deployment_environments = `Preview*\n${platform.deployment.environment}`
    const { report, log } = await run(platform, { deployment_environments })
    expect(report?.trustedDomains).toEqual(isConsole ? [] : [originOf(platform)])
    expect(/URL https:\S+ is not trusted: .*console/.test(log)).toBe(isConsole)
  })
})

it('the table contains platforms with both outcomes', () => {
  expect(new Set(platformDeployments.map(({ outcome }) => outcome)).size).toBe(2)
})
