import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { type PlatformDeployment, platformDeployments } from '../deployment-payloads.ts'
import { payload, REPOSITORY } from '../payloads.ts'
import { branch, listing, mockAuthOn, neon, OPENED, runAction, useNock, writes } from './harness.ts'

// Tests each row of the table in docs/github.md. test/contract/deployment-payloads.test.ts compares the
// page with the same rows, so that no row lacks a test.

useNock()

const SHA = (payload('pull_request', 'opened').pull_request as { head: { sha: string } }).head.sha
const HERE = { id: 1, full_name: REPOSITORY }
const PULL = {
  number: 2,
  state: 'open',
  head: { ref: 'changes', sha: SHA, repo: HERE },
  base: { repo: HERE },
}
const TOKEN = { github_token: 'ghs_token' }

const gitHubKnows = (path: string, body: unknown, query: Record<string, unknown> = {}): void => {
  nock('https://api.github.com')
    .persist()
    .get(`/repos/${REPOSITORY}${path}`)
    .query((asked) => Object.entries(query).every(([name, value]) => asked[name] === value))
    .optionally()
    .reply(200, body as nock.Body)
}

const deploymentOf = ({ deployment, creator }: PlatformDeployment): Record<string, unknown> => ({
  id: 1,
  sha: SHA,
  ...deployment,
  ref: deployment.ref === 'branch' ? 'changes' : SHA,
  ...(creator && { creator: { login: creator } }),
})

const statusOf = ({ deployment, status }: PlatformDeployment): Record<string, unknown> => ({
  state: 'success',
  environment: deployment.environment,
  ...status,
})

/** Runs the event that GitHub sends when the platform reports success. */
const followEvent = (one: PlatformDeployment, inputs = {}) => {
  const original = payload('deployment_status') as Record<string, object>
  return runAction(
    ['deployment_status'],
    { ...TOKEN, ...inputs },
    {
      deployment: { ...original['deployment'], ...deploymentOf(one) },
      deployment_status: { ...original['deployment_status'], ...statusOf(one) },
    },
  )
}

/** Runs `discover_domains` after the platform has reported success. */
const discover = (one: PlatformDeployment, inputs = {}) => {
  gitHubKnows('/deployments', [deploymentOf(one)], { sha: SHA })
  gitHubKnows('/deployments', [], { ref: 'refs/pull/2/merge' })
  gitHubKnows('/deployments/1/statuses', [statusOf(one)])
  return runAction(OPENED, { ...TOKEN, discover_domains: 'true', ...inputs })
}

const runs = [
  ['deployment_status', followEvent],
  ['discover_domains', discover],
] as const

const openPullRequest = (): void => {
  gitHubKnows(`/commits/${SHA}/pulls`, [PULL])
  gitHubKnows('/pulls/2', PULL)
}

const authIsOn = (): void => {
  neon('get', '/branches', listing(branch()))
  mockAuthOn()
}

const originOf = ({ status }: PlatformDeployment): string =>
  new URL(status.environment_url ?? '').origin

describe.each(runs)('%s', (name, run) => {
  const trusted = platformDeployments.filter(({ outcome }) => outcome === 'trusted')
  const production = platformDeployments.filter(({ outcome }) => outcome === 'production')

  it.each(trusted)('trusts the URL of $platform, $of', async (one) => {
    openPullRequest()
    authIsOn()
    neon('post', '/auth/domains', [201])
    mockAuthOn(originOf(one))
    const { report, log } = await run(one)
    expect(report?.trustedDomains).toEqual([originOf(one)])
    expect(log.includes('is the host of one build')).toBe(one.leadsTo === 'one build')
    // The URL of the deployment's log is never trusted.
    expect(writes().join()).not.toContain('dash')
  })

  it.each(production)('ignores $platform, $of, as production', async (one) => {
    openPullRequest()
    if (name === 'discover_domains') authIsOn()
    const { report, log } = await run(one)
    expect(writes()).toEqual([])
    if (name === 'discover_domains') expect(log).toContain('it is a production environment')
    else expect(report).toMatchObject({ skipped: { reason: 'production_deployment' } })
  })

  it.each(production)('includes $platform, $of, by its full name', async (one) => {
    openPullRequest()
    authIsOn()
    const isPlatform = one.leadsTo === "the platform's own site"
    if (!isPlatform) {
      neon('post', '/auth/domains', [201])
      mockAuthOn(originOf(one))
    }
    // The line of docs/recipes/vercel.yml, and the name.
    const deployment_environments = `Preview*\n${one.deployment.environment}`
    const { report, log } = await run(one, { deployment_environments })
    expect(report?.trustedDomains).toEqual(isPlatform ? [] : [originOf(one)])
    expect(/URL https:\S+ is not trusted: .*console/.test(log)).toBe(isPlatform)
  })
})

it('has rows with both outcomes', () => {
  expect(new Set(platformDeployments.map(({ outcome }) => outcome)).size).toBe(2)
})
