import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { REPOSITORY } from '../payloads.ts'
import { githubWorld } from './github-world.ts'
import {
  act,
  branch,
  CLOSED,
  github,
  integration,
  listing,
  neon,
  neonAlways,
  OPENED,
  readsOn,
  requests,
  useNock,
  writes,
} from './harness.ts'

useNock()

const TOKEN = { github_token: 'ghs_token' }
const SHA = 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e'
const HERE = { id: 1, full_name: REPOSITORY }

const pull = (number: number, state: 'open' | 'closed' = 'open', head: object = {}) => ({
  number,
  state,
  head: { ref: 'changes', sha: SHA, repo: HERE, ...head },
  base: { repo: HERE },
})

/** Mocks GitHub's answer to whose head the deployed commit is. */
const headOf = (...pulls: object[]): void => {
  nock('https://api.github.com').get(`/repos/${REPOSITORY}/commits/${SHA}/pulls`).reply(200, pulls)
}

const deployed = (
  status: object = {},
  inputs: Parameters<typeof act>[1] = {},
  deployment: object = {},
) =>
  act(
    ['deployment_status'],
    { ...TOKEN, ...inputs },
    {
      deployment: { sha: SHA, environment: 'Preview', ...deployment },
      deployment_status: {
        state: 'success',
        environment: 'Preview',
        environment_url: 'https://pr-2.example.com/some/page',
        ...status,
      },
    },
  )

const trusts = () => {
  neon('get', '/branches', listing(branch()))
  readsOn()
  neon('post', '/auth/domains', [201])
  readsOn('https://pr-2.example.com')
}

describe('rule 6: whose commit was deployed is asked, never guessed', () => {
  it("enables for the pull request of that commit and trusts the deployment's origin", async () => {
    headOf(pull(2))
    github('open')
    trusts()
    const { report } = await deployed()
    expect(report).toMatchObject({
      action: 'updated',
      branch: { name: 'preview/pr-2' },
      trustedDomains: ['https://pr-2.example.com'],
    })
  })

  it('an open one is meant where a closed one has the same head', async () => {
    headOf(pull(1, 'closed'), pull(2))
    github('open')
    trusts()
    expect((await deployed()).report?.branch?.name).toBe('preview/pr-2')
  })

  it('one that it is only a part of does not count beside one that it is the head of', async () => {
    headOf(pull(1, 'open', { sha: 'another' }), pull(2))
    github('open')
    trusts()
    expect((await deployed()).report?.branch?.name).toBe('preview/pr-2')
  })

  it('the head of two open ones is an error that names both', async () => {
    headOf(pull(2), pull(3))
    const { failure } = await deployed()
    expect(failure).toMatch(/f95f852bd8fc\.[\s\S]*several open ones: #2, #3\.[\s\S]*pr_number/)
    expect(requests).toEqual([])
  })

  it('pr_number says which of the two is meant', async () => {
    github('open')
    trusts()
    expect((await deployed({}, { pr_number: '2' })).report?.action).toBe('updated')
  })

  it('two of which one is closed are no two', async () => {
    headOf(pull(2), pull(3, 'closed'))
    github('open')
    trusts()
    expect((await deployed()).report?.action).toBe('updated')
  })

  it("a commit of nobody's pull request is skipped", async () => {
    headOf()
    const { report } = await deployed()
    expect(report).toMatchObject({
      action: 'skipped',
      skipped: { reason: 'pull_request_not_found' },
    })
    expect(requests).toEqual([])
  })

  it('a late run never resurrects: the commit of a closed pull request is skipped', async () => {
    headOf(pull(2, 'closed'))
    const { report } = await deployed()
    expect(report).toMatchObject({ action: 'skipped', skipped: { reason: 'pull_request_closed' } })
    expect(requests).toEqual([])
  })

  it.each([
    ['is no success yet', { state: 'pending' }, {}, 'deployment_not_successful'],
    ['failed', { state: 'failure' }, {}, 'deployment_not_successful'],
    [
      "is to production by GitHub's flag",
      {},
      { production_environment: true },
      'production_deployment',
    ],
    ['is to production by name', { environment: 'Production – shop' }, {}, 'production_deployment'],
  ])('a deployment that %s is skipped without a request', async (_, status, deployment, reason) => {
    const { report } = await deployed(status, {}, deployment)
    expect(report).toMatchObject({ action: 'skipped', skipped: { reason } })
    expect(requests).toEqual([])
  })

  it.each(['pre-production', 'productionlike'])('%s is a preview by its name', async (name) => {
    headOf(pull(2))
    github('open')
    trusts()
    expect((await deployed({ environment: name })).report?.action).toBe('updated')
  })

  it('without a token nobody can be asked, and nothing is done', async () => {
    const { failure } = await deployed({}, { github_token: '' })
    expect(failure).toMatch(/deployed commit f95f852bd8fc[\s\S]*github_token/)
    expect(requests).toEqual([])
  })

  it('what GitHub refuses fails the run, with the permission to add', async () => {
    nock('https://api.github.com')
      .get(`/repos/${REPOSITORY}/commits/${SHA}/pulls`)
      .reply(403, { message: 'Resource not accessible by integration' })
    const { failure } = await deployed()
    expect(failure).toMatch(/deployed commit f95f852bd8fc[\s\S]*pull-requests: read/)
    expect(requests).toEqual([])
  })
})

describe("rule 6: a fork's run never reaches another pull request's branch", () => {
  const FORK: [string, string, object] = ['pull_request', 'closed', { headRepo: 'stranger/x' }]
  const byRef = () => neon('get', '/branches', listing(branch({ name: 'preview/changes' })))

  it('its git branch names nothing when it closes', async () => {
    byRef()
    expect((await act(FORK, { delete_data: 'true' })).report?.action).toBe('already_gone')
    expect(requests).toEqual(['GET /branches'])
  })

  it("a git branch of the repository's own does", async () => {
    githubWorld({ 2: { state: 'closed' } })
    byRef()
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    expect((await act(CLOSED, TOKEN)).report?.action).toBe('disabled')
    expect(writes()).toHaveLength(1)
  })

  const byHand = { mode: 'disable', pr_number: '2' }

  it.each([
    ['a fork', { head: { ref: 'changes', repo: { id: 9 } }, base: { repo: { id: 1 } } }],
    ['a fork that was deleted', { head: { ref: 'changes', repo: null }, base: { repo: HERE } }],
    ['GitHub does not say what', { head: { ref: 'changes' } }],
  ])('known by its number alone, it counts as what GitHub says: %s', async (_, told) => {
    github('closed', told)
    byRef()
    expect((await act(['push'], { ...byHand, ...TOKEN })).report?.action).toBe('already_gone')
    expect(writes()).toEqual([])
  })

  it("known by its number alone, the repository's own is found by its git branch", async () => {
    githubWorld({ 2: { state: 'closed' } })
    byRef()
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    expect((await act(['push'], { ...byHand, ...TOKEN })).report?.action).toBe('disabled')
  })

  it('and without a token the run fails: the branch may be named after the head ref', async () => {
    byRef()
    const { failure } = await act(['push'], byHand)
    expect(failure).toMatch(/head ref is unknown[\s\S]*pull-requests: read/)
    expect(writes()).toEqual([])
  })

  it('by that number it is found without a token', async () => {
    neon('get', '/branches', listing(branch()))
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    expect((await act(['push'], byHand)).report?.branch?.name).toBe('preview/pr-2')
  })

  it('GitHub is not asked if the event and the number in the name say whose branch it is', async () => {
    const world = githubWorld({ 2: { state: 'closed' } })
    neon('get', '/branches', listing(branch()))
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    expect((await act(CLOSED, TOKEN)).report?.action).toBe('disabled')
    expect(world.requests).toEqual([])
  })

  it('GitHub is not asked where `branch` says which is meant', async () => {
    neon('get', '/branches', listing(branch({ name: 'mine' })))
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    const { report } = await act(['push'], { ...byHand, ...TOKEN, branch: 'mine' })
    expect(report?.action).toBe('disabled')
  })
})

describe('never resurrect: an enabling run asks who is open', () => {
  it('also for a branch that is named by hand', async () => {
    neon('get', '/branches', listing(branch({ name: 'mine' })))
    github('closed')
    const { report } = await act(OPENED, { ...TOKEN, branch: 'mine' })
    expect(report).toMatchObject({ action: 'skipped', skipped: { reason: 'pull_request_closed' } })
    expect(writes()).toEqual([])
  })

  it('but not where the run is about no pull request', async () => {
    neon('get', '/branches', listing(branch({ name: 'mine' })))
    readsOn()
    const { report } = await act(['push'], { ...TOKEN, mode: 'enable', branch: 'mine' })
    expect(report?.action).toBe('unchanged')
  })

  it('and, for a number alone, before it looks for any branch', async () => {
    github('closed')
    neon('get', '/branches', listing(branch()))
    const { report } = await act(['push'], { ...TOKEN, mode: 'enable', pr_number: '2' })
    expect(report).toMatchObject({ action: 'skipped', skipped: { reason: 'pull_request_closed' } })
    expect(writes()).toEqual([])
  })
})

describe('discover_domains by a number alone', () => {
  const discover = { ...TOKEN, mode: 'enable', pr_number: '2', discover_domains: 'true' }
  const answered = (path: string, body: unknown) =>
    nock('https://api.github.com').get(`/repos/${REPOSITORY}${path}`).query(true).reply(200, body)

  it("asks GitHub for the head commit, whose previews' domains are trusted", async () => {
    const head = { head: { ref: 'changes', sha: SHA, repo: HERE }, base: { repo: HERE } }
    github('open', head)
    github('open', head)
    answered('/deployments', [
      { id: 1, environment: 'Preview', created_at: '2026-11-23T10:00:00Z' },
      { id: 2, environment: 'Preview', created_at: '2026-11-23T11:00:00Z' },
      { id: 3, environment: 'Production', created_at: '2026-11-23T11:00:00Z' },
      { id: 4, environment: 'Docs', created_at: '2026-11-23T11:00:00Z' },
    ])
    answered('/deployments/2/statuses', [
      { state: 'success', environment_url: 'https://pr-2.example.com/' },
    ])
    answered('/deployments/4/statuses', [
      { state: 'inactive' },
      { state: 'success', environment_url: 'https://docs.example.com' },
    ])
    trusts()
    const { report } = await act(['push'], discover)
    expect(report?.trustedDomains).toEqual(['https://pr-2.example.com'])
    expect(writes()).toHaveLength(1)
  })

  it('goes on without where GitHub does not tell', async () => {
    github(403)
    github(403)
    neon('get', '/branches', listing(branch()))
    readsOn()
    const { report, log } = await act(['push'], discover)
    expect(report?.action).toBe('unchanged')
    expect(log).toContain('No head commit is known')
  })
})

describe('a number that GitHub does not know as a pull request', () => {
  const answers = (path: string, status: number, body: object) =>
    nock('https://api.github.com').get(`/repos/${REPOSITORY}/${path}`).reply(status, body)
  const inputs = { mode: 'enable', pr_number: '12', github_token: 'ghs_token' }
  const missing = () => answers('pulls/12', 404, { message: 'Not Found' })

  it('is explained at once if it is that of an issue', async () => {
    missing()
    answers('issues/12', 200, { number: 12, title: 'Broken' })
    const { failure, log } = await act(['push'], inputs)
    expect(failure).toMatch(/^#12 in .* is an issue, not a pull request/)
    expect(failure + log).not.toContain('permission')
  })

  it.each<[string, number, object]>([
    ['a pull request for all that GitHub says', 200, { number: 12, pull_request: { url: 'x' } }],
    ['not known to this token', 404, { message: 'Not Found' }],
    ['hidden from this token', 403, { message: 'Resource not accessible by integration' }],
  ])('is a warning if it is %s', async (_, status, body) => {
    neonAlways('get', '/branches', listing(branch({ name: 'preview/pr-12' })))
    missing()
    answers('issues/12', status, body)
    readsOn()
    const { report, log } = await act(['push'], inputs)
    expect(report?.action).toBe('unchanged')
    expect(log).toContain('warning: GitHub did not tell whether pull request #12')
  })
})
