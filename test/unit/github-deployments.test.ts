import { describe, expect, it } from 'vitest'
import type { GitHub } from '../../src/github/client.ts'
import {
  type Deployment,
  listDeployments,
  readDeploymentStatuses,
} from '../../src/github/endpoints/deployments.ts'

const API = 'https://api.github.com'

interface ListOptions {
  readonly page: number
  readonly deployment_id?: number
}

/** Returns a GitHub that answers every request with the result of `list`. If `isEndless`, there is always a next page. */
const githubOf = (
  list: (options: ListOptions) => unknown,
  isEndless: (options: ListOptions) => boolean = () => false,
) => {
  const requests: ListOptions[] = []
  let inFlight = 0
  const peak = { inFlight: 0 }
  const reply = async (options: ListOptions) => {
    requests.push(options)
    inFlight += 1
    peak.inFlight = Math.max(peak.inFlight, inFlight)
    await Promise.resolve()
    inFlight -= 1
    const link = isEndless(options) ? `<${API}/x?page=${options.page + 1}>; rel="next"` : undefined
    return { data: list(options), headers: { link } }
  }
  const octokit = {
    rest: { repos: { listDeployments: reply, listDeploymentStatuses: reply } },
  }
  const call = (_: string, work: (client: object, options: object) => unknown) => work(octokit, {})
  return { github: { call } as unknown as GitHub, requests, peak }
}

const deployment = (id: number): Deployment => ({
  id,
  environment: 'Preview',
  isFlaggedProduction: false,
})
const deployments = (count: number) =>
  Array.from({ length: count }, (_, index) => deployment(index + 1))

describe('the list of deployments', () => {
  it('needs only an ID, and ignores malformed fields', async () => {
    const full = {
      sha: 'abc',
      ref: 'changes',
      environment: 'Preview',
      creator: { login: 'vercel[bot]' },
    }
    const { github, requests } = githubOf(() => [
      { id: 1, ...full, production_environment: true },
      { id: 2, sha: '', ref: 7, creator: null, production_environment: 'true' },
      { id: 3, creator: {} },
    ])
    const empty = { environment: '', isFlaggedProduction: false }
    expect(await listDeployments(github, { sha: 'abc' })).toEqual({
      isComplete: true,
      items: [
        { ...full, id: 1, isFlaggedProduction: true, creator: 'vercel[bot]' },
        { id: 2, ...empty },
        { id: 3, ...empty },
      ],
    })
    expect(requests).toEqual([{ sha: 'abc', page: 1, per_page: 100 }])
  })

  it.each([[null], [{}], [[null]], [[{ id: 1 }, {}]], [[{ id: '1' }]], [[{ id: 1.5 }]]])(
    'unknown is not none: fails if it is %j',
    async (data) => {
      const listing = listDeployments(githubOf(() => data).github, { ref: 'x' })
      await expect(listing).rejects.toThrow('its response is not a list of deployments with IDs')
    },
  )

  it('unknown is not none: is incomplete if it has more than ten pages', async () => {
    const { github, requests } = githubOf(
      ({ page }) => [{ id: page }],
      () => true,
    )
    const { items, isComplete } = await listDeployments(github, { environment: 'Preview' })
    expect([items.length, isComplete, requests.length]).toEqual([10, false, 10])
  })
})

describe('the statuses of deployments', () => {
  it('ignore malformed fields', async () => {
    const { github } = githubOf(() => [
      { state: 'success', environment: 'Preview', environment_url: 'https://a.example' },
      { state: 7, environment: '', environment_url: null },
    ])
    const { items, isComplete } = await readDeploymentStatuses(github, [deployment(1)])
    const [first] = items
    expect(isComplete).toBe(true)
    expect(first).toEqual({
      ...deployment(1),
      statuses: [
        { state: 'success', environment: 'Preview', url: 'https://a.example' },
        { state: '' },
      ],
    })
  })

  it.each([[null], [{}], [[null]], [[{ state: 'success' }, null]]])(
    'unknown is not none: fail if they are %j',
    async (data) => {
      const reading = readDeploymentStatuses(githubOf(() => data).github, [deployment(1)])
      await expect(reading).rejects.toThrow('its response is not a list of deployment statuses')
    },
  )

  it('are read in order, ten deployments at a time', async () => {
    const { github, requests, peak } = githubOf(() => [])
    const { items } = await readDeploymentStatuses(github, deployments(21))
    expect(items.map(({ id }) => id)).toEqual(deployments(21).map(({ id }) => id))
    expect([requests.length, peak.inFlight]).toEqual([21, 10])
  })

  it.each([1, 10, 11, 21])(
    'unknown is not none: are incomplete if deployment %i of 21 has too many',
    async (nth) => {
      const { github } = githubOf(
        () => [],
        ({ deployment_id }) => deployment_id === nth,
      )
      expect((await readDeploymentStatuses(github, deployments(21))).isComplete).toBe(false)
    },
  )

  it('are complete without deployments', async () => {
    const { github, requests } = githubOf(() => [])
    expect(await readDeploymentStatuses(github, [])).toEqual({ items: [], isComplete: true })
    expect(requests).toEqual([])
  })
})
