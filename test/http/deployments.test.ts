import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { HEAD_SHA, payload, REPOSITORY } from '../payloads.ts'
import {
  branchReads,
  CLOSED,
  cancelRun,
  domains,
  github,
  integration,
  mockAuthOn,
  mockBranch,
  neon,
  OPENED,
  PREVIEW,
  requests,
  runAction,
  useNock,
  writes,
} from './harness.ts'
import { mockComment } from './mock-comment.ts'
import { THIS_REPOSITORY, TOKEN } from './mock-github.ts'

useNock()

const SHA = 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e'

/** Mocks one read of a path in the repository. */
const mockGet = (path: string, body: unknown, status = 200, headers = {}) =>
  nock('https://api.github.com')
    .get(`/repos/${REPOSITORY}${path}`)
    .query(true)
    .reply(status, body as nock.Body, headers)

const pull = (number: number, state: 'open' | 'closed' = 'open', head: object = {}) => ({
  number,
  state,
  head: { ref: 'changes', sha: SHA, repo: THIS_REPOSITORY, ...head },
  base: { repo: THIS_REPOSITORY },
})

/** Mocks the pull requests that GitHub associates with the deployed commit. */
const mockPullsOfCommit = (...pulls: object[]) => mockGet(`/commits/${SHA}/pulls`, pulls)
/** Mocks the list of open pull requests. */
const mockOpenPulls = (...pulls: object[]) => mockGet('/pulls', pulls)

/** Runs GitHub's own payload of the event, changed to a preview of the git branch `changes`. */
const runDeploymentStatus = (
  status: object = {},
  inputs: Parameters<typeof runAction>[1] = {},
  deployment: object = {},
) => {
  const original = payload('deployment_status') as Record<string, object>
  return runAction(
    ['deployment_status'],
    { ...TOKEN, ...inputs },
    {
      deployment: {
        ...original['deployment'],
        sha: SHA,
        ref: 'changes',
        environment: 'Preview',
        ...deployment,
      },
      deployment_status: {
        ...original['deployment_status'],
        state: 'success',
        environment: 'Preview',
        environment_url: `${PREVIEW}/some/page`,
        ...status,
      },
    },
  )
}

/** Mocks every read of the pull request. A run that may remove something reads it again. */
const mockPullReads = (status: number, body: object = pull(2)) => {
  nock('https://api.github.com')
    .persist()
    .get(`/repos/${REPOSITORY}/pulls/2`)
    .reply(status, body as nock.Body)
}

/** Mocks a run that trusts the preview on a branch whose auth is on. */
const mockTrusting = (more: Record<string, unknown> = {}) => {
  mockBranch(more)
  mockAuthOn()
  neon('post', '/auth/domains', [201])
  mockAuthOn(PREVIEW)
}

/** Mocks the response to one request for deployments whose query includes `query`. */
const mockDeployments = (query: object, body: unknown, status = 200, headers = {}) =>
  nock('https://api.github.com')
    .get(`/repos/${REPOSITORY}/deployments`)
    .query((actual) => Object.entries(query).every(([key, value]) => actual[key] === value))
    .reply(status, body as nock.Body, headers)

const mockStatuses = (id: number, ...statuses: object[]) =>
  mockGet(`/deployments/${id}/statuses`, statuses)
const success = (url: string) => ({ state: 'success', environment_url: url })

const skippedFor = (reason: string) => ({ action: 'skipped', changes: [], skipped: { reason } })

describe('the pull request of a deployment, in a run that does not enable auth', () => {
  const status = { mode: 'status' }

  it.each([
    ['the ref', 'refs/pull/2/merge', () => github('open')],
    ['the commit', 'changes', () => mockPullsOfCommit(pull(2))],
    [
      'the commit, even if it is closed',
      'changes',
      () => {
        mockPullsOfCommit(pull(2, 'closed'))
        github('closed')
      },
    ],
  ])('is found by %s, and the domain of the deployment stays untrusted', async (_, ref, mock) => {
    mock()
    mockBranch()
    mockAuthOn()
    const { report } = await runDeploymentStatus({}, status, { ref })
    expect(report).toMatchObject({ action: 'status', branch: { name: 'preview/pr-2' } })
    expect(writes()).toEqual([])
  })

  it('determines the branch to close with mode: disable', async () => {
    mockPullsOfCommit(pull(2, 'closed'))
    mockPullReads(200, pull(2, 'closed'))
    mockBranch()
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    const { report } = await runDeploymentStatus({}, { mode: 'disable' })
    expect(report).toMatchObject({ action: 'disabled', branch: { name: 'preview/pr-2' } })
  })

  it('needs no lookup with `branch`', async () => {
    mockBranch({ name: 'mine' })
    mockAuthOn()
    const { report } = await runDeploymentStatus({}, { ...status, branch: 'mine' })
    expect(report).toMatchObject({ branch: { name: 'mine' } })
  })

  it('is never guessed: a commit that is no longer a head is an error', async () => {
    mockPullsOfCommit(pull(7, 'open', { sha: 'newer' }))
    const { failure } = await runDeploymentStatus({}, status)
    expect(failure).toMatch(/deployed commit f95f852bd8fc\.\nIt cannot be used: .*part of #7/)
    expect(requests).toEqual([])
  })

  it('is never guessed: a commit of several closed ones is an error', async () => {
    mockPullsOfCommit(pull(7, 'closed', { sha: 'older' }), pull(8, 'closed', { sha: 'newer' }))
    const { failure } = await runDeploymentStatus({}, { mode: 'disable' })
    expect(failure).toMatch(/It belongs to several closed pull requests: #7, #8\./)
    expect(requests).toEqual([])
  })

  it('protect production: a deployment of the default branch belongs to none', async () => {
    const { failure } = await runDeploymentStatus({}, { mode: 'disable' }, { ref: 'master' })
    expect(failure).toMatch(/It was deployed from the repository's default branch\./)
    expect(requests).toEqual([])
  })
})

describe('the pull request of a deployment', () => {
  it('is the one whose head is the commit, and its domain is trusted', async () => {
    mockPullsOfCommit(pull(2))
    github('open')
    mockTrusting()
    const { report } = await runDeploymentStatus()
    expect(report).toMatchObject({
      action: 'updated',
      branch: { name: 'preview/pr-2' },
      trustedDomains: [PREVIEW],
    })
  })

  it.each([
    ['closed', [pull(1, 'closed'), pull(2)]],
    ['not at this commit anymore', [pull(1, 'open', { sha: 'another' }), pull(2)]],
    ["a stranger's fork with the same commit", [pull(1, 'open', { repo: { id: 9 } }), pull(2)]],
    ['another git branch with the same commit', [pull(1, 'open', { ref: 'other' }), pull(2)]],
  ])('is never one that is %s', async (_, pulls) => {
    mockPullsOfCommit(...pulls)
    github('open')
    mockTrusting()
    expect((await runDeploymentStatus()).report?.branch?.name).toBe('preview/pr-2')
  })

  it('is looked up among the open ones if GitHub returns none for the commit, as for a fork', async () => {
    mockPullsOfCommit()
    mockOpenPulls(pull(3, 'open', { sha: 'another' }), pull(2, 'open', { repo: { id: 9 } }))
    github('open', { head: { ref: 'changes', repo: { id: 9 } }, base: { repo: THIS_REPOSITORY } })
    mockTrusting()
    expect((await runDeploymentStatus()).report?.trustedDomains).toEqual([PREVIEW])
  })

  it('is looked up on later pages too', async () => {
    mockPullsOfCommit()
    const link = `<https://api.github.com/repositories/1/pulls?page=2>; rel="next"`
    mockGet('/pulls', [pull(3, 'open', { sha: 'another' })], 200, { link })
    mockOpenPulls(pull(2, 'open', { repo: { id: 9 } }))
    github('open')
    mockTrusting()
    expect((await runDeploymentStatus()).report?.action).toBe('updated')
  })

  it('is found as one of the 1,000 newest open ones, even if there are more', async () => {
    mockPullsOfCommit()
    const link = `<https://api.github.com/repositories/1/pulls?page=2>; rel="next"`
    for (let page = 0; page < 9; page++) mockGet('/pulls', [], 200, { link })
    mockGet('/pulls', [pull(2, 'open', { repo: { id: 9 } })], 200, { link })
    github('open', { head: { ref: 'changes', repo: { id: 9 } }, base: { repo: THIS_REPOSITORY } })
    mockTrusting()
    expect((await runDeploymentStatus()).report?.action).toBe('updated')
  })

  it('is looked up only among the 1,000 newest open ones', async () => {
    mockPullsOfCommit()
    const link = `<https://api.github.com/repositories/1/pulls?page=2>; rel="next"`
    for (let page = 0; page < 10; page++) mockGet('/pulls', [], 200, { link })
    const { failure } = await runDeploymentStatus()
    expect(failure).toMatch(/1,000 newest open pull requests[\s\S]*`pr_number`/)
  })

  it('is the one in the ref refs/pull/2/merge, for any commit', async () => {
    github('open')
    github('open')
    mockTrusting()
    expect((await runDeploymentStatus({}, {}, { ref: 'refs/pull/2/merge' })).report?.action).toBe(
      'updated',
    )
  })

  it('in the ref identifies the branch, even if GitHub refuses a second read', async () => {
    github('open')
    github(403)
    mockTrusting({ name: 'preview/changes' })
    const { report } = await runDeploymentStatus({}, {}, { ref: 'refs/pull/2/merge' })
    expect(report?.branch?.name).toBe('preview/changes')
  })

  it.each([
    ['there is no token', { github_token: '' }, () => {}],
    [
      'GitHub refuses to show it',
      {},
      () => {
        github(403)
        github(403)
      },
    ],
  ])('in the ref is enough if %s', async (_, inputs, mock) => {
    mock()
    mockTrusting()
    const { report } = await runDeploymentStatus({}, inputs, { ref: 'refs/pull/2/merge' })
    expect(report?.branch?.name).toBe('preview/pr-2')
  })

  it.each([
    ['closed', () => github('closed'), 'pull_request_closed'],
    [
      'from the default branch',
      () =>
        github('open', {
          head: { ref: 'master', repo: THIS_REPOSITORY },
          base: { repo: THIS_REPOSITORY },
        }),
      'not_a_preview',
    ],
  ])('in the ref is skipped if it is %s', async (_, mock, reason) => {
    mock()
    const { report } = await runDeploymentStatus({}, {}, { ref: 'refs/pull/2/merge' })
    expect(report).toMatchObject(skippedFor(reason))
    expect(requests).toEqual([])
  })

  it('is never guessed: a commit that is the head of two is an error', async () => {
    mockPullsOfCommit(pull(2), pull(3))
    const { failure } = await runDeploymentStatus()
    expect(failure).toMatch(
      /f95f852bd8fc\.[\s\S]*several open pull requests: #2, #3\.[\s\S]*pr_number/,
    )
    expect(failure).not.toContain('GitHub: ')
    expect(requests).toEqual([])
  })

  it.each<[string, object[], string, string]>([
    [
      'open ones contain, but none has as its head',
      [pull(7, 'open', { sha: 'newer' }), pull(8, 'open', { sha: 'newer' })],
      'superseded_commit',
      'the deployed commit f95f852bd8fc is part of #7, #8',
    ],
    [
      'is the head of a closed one',
      [pull(2, 'closed')],
      'pull_request_closed',
      'pull request #2 is closed',
    ],
    [
      'is the head of one that proposes the default branch',
      [pull(2, 'open', { ref: 'master' })],
      'not_a_preview',
      'pull request #2 proposes',
    ],
  ])('is not used for a commit that %s, and the run is skipped', async (_, pulls, reason, why) => {
    mockPullsOfCommit(...pulls)
    const { report } = await runDeploymentStatus({}, {}, { ref: SHA })
    expect(report).toMatchObject(skippedFor(reason))
    expect(report?.skipped?.why).toContain(why)
    expect(requests).toEqual([])
  })

  it('is not found for a commit that GitHub does not know, and the run is skipped', async () => {
    mockPullsOfCommit()
    mockOpenPulls(pull(3, 'open', { sha: 'another' }))
    expect((await runDeploymentStatus()).report).toMatchObject(skippedFor('pull_request_not_found'))
    expect(requests).toEqual([])
  })

  it.each([['auto'], ['enable']])('needs no token if `branch` is set (mode: %s)', async (mode) => {
    mockTrusting({ name: 'mine' })
    const { report } = await runDeploymentStatus({}, { mode, branch: 'mine', github_token: '' })
    expect(report?.trustedDomains).toEqual([PREVIEW])
  })

  it.each([
    ['the commit is in this one only', [pull(2, 'closed')]],
    ['the commit is in a later one too', [pull(3, 'closed', { sha: 'newer' }), pull(2, 'closed')]],
  ])('is never resurrected by a late deployment, even with `branch` (%s)', async (_, pulls) => {
    mockPullsOfCommit(...pulls)
    const { report } = await runDeploymentStatus({}, { branch: 'mine' })
    expect(report).toMatchObject(skippedFor('pull_request_closed'))
    expect(requests).toEqual([])
  })

  it.each([
    ['is only in a closed pull request', () => mockPullsOfCommit(pull(2, 'closed', { sha: 'x' }))],
    ['is in no pull request', () => mockPullsOfCommit()],
    [
      'is the head of one that proposes the default branch',
      () => mockPullsOfCommit(pull(2, 'open', { ref: 'master' })),
    ],
    [
      'has pull requests that GitHub does not return',
      () => mockGet(`/commits/${SHA}/pulls`, {}, 403),
    ],
  ])('does not matter if `branch` is set and the commit %s', async (_, mock) => {
    mock()
    mockTrusting({ name: 'mine' })
    const { report } = await runDeploymentStatus({}, { branch: 'mine' })
    expect(report?.trustedDomains).toEqual([PREVIEW])
  })

  it('is read again with `branch`, because it may close while the run waits', async () => {
    mockPullsOfCommit(pull(2))
    github('closed')
    mockBranch({ name: 'mine' })
    const { report } = await runDeploymentStatus({}, { branch: 'mine' })
    expect(report).toMatchObject(skippedFor('pull_request_closed'))
  })

  it.each([404, 422])(
    'is looked up among the open ones if GitHub has no such commit (%i)',
    async (status) => {
      mockGet(`/commits/${SHA}/pulls`, { message: 'No commit found for SHA' }, status)
      mockOpenPulls(pull(2, 'open', { repo: { id: 9 } }))
      github('open', { head: { ref: 'changes', repo: { id: 9 } }, base: { repo: THIS_REPOSITORY } })
      mockTrusting()
      expect((await runDeploymentStatus()).report?.branch?.name).toBe('preview/pr-2')
    },
  )

  it.each([
    ['auto', 'changes'],
    ['enable', 'changes'],
    ['auto', 'refs/pull/2/merge'],
  ])('needs no lookup with `pr_number` and mode: %s (%s)', async (mode, ref) => {
    github('open')
    mockTrusting()
    const { report } = await runDeploymentStatus({}, { mode, pr_number: '2' }, { ref })
    expect(report?.trustedDomains).toEqual([PREVIEW])
  })

  it.each([{}, { branch: 'mine' }])(
    'is no longer searched for after the run is canceled: %j',
    async (inputs) => {
      nock('https://api.github.com')
        .get(`/repos/${REPOSITORY}/commits/${SHA}/pulls`)
        .query(true)
        .reply(() => {
          cancelRun()
          return [200, []]
        })
      const { failure, log } = await runDeploymentStatus({}, inputs)
      expect(failure).toMatch(/was canceled \(SIGTERM\) while/)
      expect(failure + log).not.toMatch(/Could not (check|find)/)
    },
  )

  it('needs no lookup with both `branch` and `pr_number`', async () => {
    github('open')
    mockTrusting({ name: 'mine' })
    const { report } = await runDeploymentStatus({}, { branch: 'mine', pr_number: '2' })
    expect(report?.trustedDomains).toEqual([PREVIEW])
  })

  it('needs no lookup with `branch` if the ref contains its number', async () => {
    github('open')
    mockTrusting({ name: 'mine' })
    const { report } = await runDeploymentStatus(
      {},
      { branch: 'mine' },
      { ref: 'refs/pull/2/merge' },
    )
    expect(report?.trustedDomains).toEqual([PREVIEW])
  })

  it('cannot be found without a token, so the run fails', async () => {
    const { failure } = await runDeploymentStatus({}, { github_token: '' })
    expect(failure).toMatch(/deployed commit f95f852bd8fc[\s\S]*github_token/)
    expect(requests).toEqual([])
  })

  it.each(['/commits', '/pulls'])(
    'cannot be found if GitHub refuses %s, so the run fails',
    async (refused) => {
      const message = { message: 'Resource not accessible by integration' }
      if (refused === '/commits') mockGet(`/commits/${SHA}/pulls`, message, 403)
      else {
        mockPullsOfCommit()
        mockGet('/pulls', message, 403)
      }
      const { failure } = await runDeploymentStatus()
      expect(failure).toMatch(/deployed commit f95f852bd8fc[\s\S]*pull-requests: read/)
      expect(requests).toEqual([])
    },
  )
})

describe('a deployment that is not a working preview', () => {
  it.each<[string, object, object, object, string]>([
    ['is pending', { state: 'pending' }, {}, {}, 'deployment_not_successful'],
    ['failed', { state: 'failure' }, {}, {}, 'deployment_not_successful'],
    [
      "is production by GitHub's flag",
      {},
      { production_environment: true },
      {},
      'production_deployment',
    ],
    [
      'is production by name',
      { environment: 'Production – shop' },
      {},
      {},
      'production_deployment',
    ],
    ['is of the default branch', {}, { ref: 'master' }, {}, 'not_a_preview'],
    [
      'is excluded by `deployment_environments`',
      {},
      {},
      { deployment_environments: '!Preview' },
      'excluded_environment',
    ],
  ])('is skipped without a request if it %s', async (_, status, deployment, inputs, reason) => {
    const { report } = await runDeploymentStatus(status, inputs, deployment)
    expect(report).toMatchObject(skippedFor(reason))
    expect(requests).toEqual([])
  })

  it("is, for example, GitHub's own: a deployment of the default branch to production", async () => {
    expect((await runAction(['deployment_status'], TOKEN)).report).toMatchObject(
      skippedFor('production_deployment'),
    )
  })

  it('prunes nothing if it reports no environment_url, and the run warns', async () => {
    mockPullsOfCommit(pull(2))
    mockPullReads(200)
    mockBranch()
    mockAuthOn('https://live.example.com')
    const { report, log } = await runDeploymentStatus(
      { environment_url: '' },
      { prune_domains: 'true' },
    )
    expect(report?.trustedDomains).toEqual(['https://live.example.com'])
    expect(log).toMatch(
      /warning: The deployment to Preview succeeded but reports no environment_url/,
    )
    expect(log).toMatch(/warning: This run removes no trusted domain/)
  })

  it.each(['http://localhost:3000', 'https://127.0.0.1', 'http://[::1]:80'])(
    'is never trusted on %s',
    async (url) => {
      mockPullsOfCommit(pull(2))
      github('open')
      mockBranch()
      mockAuthOn()
      const { log } = await runDeploymentStatus({ environment_url: url })
      expect(log).toMatch(/warning: The deployment's URL http[\s\S]* is not trusted/)
      expect(writes()).toEqual([])
    },
  )
})

describe('discover_domains', () => {
  const discover = { ...TOKEN, discover_domains: 'true', prune_domains: 'true' }
  const deployment = (id: number, more: object = {}) => ({
    id,
    sha: HEAD_SHA,
    ref: 'changes',
    environment: 'Preview',
    creator: { login: 'vercel[bot]' },
    ...more,
  })
  const mockFound = (ofHead: object[], ofMergeRef: object[] = []) => {
    mockDeployments({ sha: HEAD_SHA }, ofHead)
    mockDeployments({ ref: 'refs/pull/2/merge' }, ofMergeRef)
  }

  it('trusts the URL of the head commit and logs who deployed it', async () => {
    mockPullReads(200)
    mockFound([deployment(1), deployment(2, { environment: 'Production' })])
    mockStatuses(1, { state: 'inactive' }, success(`${PREVIEW}/`))
    mockStatuses(2, success('https://shop.example.com'))
    mockTrusting()
    const { report, log } = await runAction(OPENED, discover)
    expect(report?.trustedDomains).toEqual([PREVIEW])
    expect(log).toContain(`Deployed to Preview by vercel[bot]: ${PREVIEW}/`)
    expect(log).toMatch(/Deployment 2 to Production does not count: it is a production environment/)
  })

  it('removes the domain of an earlier commit, which the comment records', async () => {
    const OLD = 'https://pr-2-old.example.com'
    const named = { id: 'br-cool-sun-1234', name: 'preview/pr-2' }
    const deployed = [{ environment: 'Preview', origin: OLD, sha: 'old' }]
    const writtenRecord = mockComment({ run: 1, attempt: 1, branch: named, deployed })
    mockPullReads(200)
    mockFound([deployment(1)])
    mockStatuses(1, success(PREVIEW))
    mockOpenPulls()
    mockGet('/deployments', [])
    mockBranch()
    mockAuthOn(OLD, 'https://other.example.com')
    neon('post', '/auth/domains', [201])
    neon('delete', '/auth/domains', [200])
    mockAuthOn(PREVIEW, 'https://other.example.com')
    const { report } = await runAction(
      OPENED,
      { ...discover, prune_domains: 'false', comment: 'true' },
      {},
      { GITHUB_RUN_ID: '5', GITHUB_RUN_ATTEMPT: '1' },
    )
    expect(report?.changes).toMatchObject([
      { change: 'trust_domain', domain: PREVIEW },
      { change: 'untrust_domains', domains: [OLD] },
    ])
    // The run reads the branch with its auth, and again before the removal, which follows another write.
    expect(branchReads.get('br-cool-sun-1234')).toBe(2)
    expect(writtenRecord()?.deployed.map(({ origin }) => origin)).toEqual([PREVIEW])
  })

  it('trusts a deployment of refs/pull/2/merge, but not one of another ref and commit', async () => {
    mockPullReads(200)
    const fromMergeRef = deployment(3, { ref: 'refs/pull/2/merge', sha: 'c'.repeat(40) })
    mockFound([], [fromMergeRef, deployment(4, { ref: 'main', sha: 'd'.repeat(40) })])
    mockStatuses(3, success(PREVIEW))
    mockTrusting()
    expect((await runAction(OPENED, discover)).report?.trustedDomains).toEqual([PREVIEW])
  })

  it('reads the five newest deployments of the merge ref in each environment', async () => {
    mockPullReads(200)
    const fromMergeRef = (id: number, environment: string) =>
      deployment(id, { ref: 'refs/pull/2/merge', sha: 'c'.repeat(40), environment })
    const ofShop = [1, 2, 3, 4, 5, 6].map((id) => fromMergeRef(id, 'shop'))
    mockFound([], [...ofShop, fromMergeRef(7, 'docs')])
    for (const id of [1, 2, 3, 4]) mockStatuses(id, { state: 'failure' })
    mockStatuses(5, success(PREVIEW))
    mockStatuses(7, { state: 'failure' })
    mockTrusting()
    expect((await runAction(OPENED, discover)).report?.trustedDomains).toEqual([PREVIEW])
  })

  it('warns once about each environment that has a success but no URL', async () => {
    mockPullReads(200)
    const environments = ['shop', 'shop', 'docs', 'docs', 'production']
    mockFound(environments.map((environment, id) => deployment(id, { environment })))
    for (const id of [0, 1, 2, 4]) mockStatuses(id, { state: 'success' })
    mockStatuses(3, success(PREVIEW))
    mockTrusting()
    const { log } = await runAction(OPENED, discover)
    expect(log.match(/^warning: .*environment_url/gm)).toEqual([
      expect.stringContaining('deployment to shop'),
    ])
    expect(log).not.toContain('No successful')
  })

  it('records each pair of environment and origin once', async () => {
    const named = { id: 'br-cool-sun-1234', name: 'preview/pr-2' }
    const writtenRecord = mockComment({ run: 1, attempt: 1, branch: named, deployed: [] })
    mockPullReads(200)
    const ofShop = [1, 2].map((id) => deployment(id, { environment: 'shop' }))
    mockFound([...ofShop, deployment(3, { environment: 'docs' })])
    mockStatuses(1, success(`${PREVIEW}/a`))
    mockStatuses(2, success(`${PREVIEW}/b`))
    mockStatuses(3, success(`${PREVIEW}/c`))
    mockTrusting()
    await runAction(OPENED, { ...discover, comment: 'true' }, {}, { GITHUB_RUN_ID: '5' })
    expect(writtenRecord()?.deployed).toEqual([
      { environment: 'docs', origin: PREVIEW, sha: HEAD_SHA },
      { environment: 'shop', origin: PREVIEW, sha: HEAD_SHA },
    ])
  })

  const NEXT = { link: '<https://api.github.com/repositories/1/page?page=2>; rel="next"' }
  it.each<[string, () => void]>([
    [
      'deployments',
      () => {
        for (let page = 0; page < 10; page++)
          mockDeployments({ sha: HEAD_SHA }, page > 0 ? [] : [deployment(1)], 200, NEXT)
        mockDeployments({ ref: 'refs/pull/2/merge' }, [])
        mockStatuses(1, success(PREVIEW))
      },
    ],
    [
      'statuses',
      () => {
        mockFound([deployment(1)])
        for (let page = 0; page < 10; page++)
          mockGet('/deployments/1/statuses', page > 0 ? [] : [success(PREVIEW)], 200, NEXT)
      },
    ],
  ])('unknown is not none: warns and removes nothing if there are too many %s', async (_, mock) => {
    const OLD = 'https://pr-2-old.example.com'
    const named = { id: 'br-cool-sun-1234', name: 'preview/pr-2' }
    const deployed = [{ environment: 'Preview', origin: OLD, sha: 'old' }]
    const writtenRecord = mockComment({ run: 1, attempt: 1, branch: named, deployed })
    mockPullReads(200)
    mock()
    mockBranch()
    mockAuthOn(OLD, PREVIEW)
    const { report, log } = await runAction(
      OPENED,
      { ...discover, prune_domains: 'false', comment: 'true' },
      {},
      { GITHUB_RUN_ID: '5' },
    )
    expect(report?.action).toBe('unchanged')
    expect(log).toMatch(/^warning: GitHub lists more deployments or statuses/m)
    expect(log).toMatch(/^warning: This run removes no trusted domain/m)
    expect(writtenRecord()?.deployed.map(({ origin }) => origin)).toContain(OLD)
  })

  it('reads later pages of statuses too, because the success may be old', async () => {
    mockPullReads(200)
    mockFound([deployment(1)])
    const link = `<https://api.github.com/repositories/1/deployments/1/statuses?page=2>; rel="next"`
    mockGet('/deployments/1/statuses', [{ state: 'failure' }], 200, { link })
    mockStatuses(1, success(PREVIEW))
    mockTrusting()
    expect((await runAction(OPENED, discover)).report?.trustedDomains).toEqual([PREVIEW])
  })

  it.each([10, 11])('reads the statuses of all deployments: no. %i of 21', async (nth) => {
    mockPullReads(200)
    const ids = Array.from({ length: 21 }, (_, index) => index + 1)
    mockFound(ids.map((id) => deployment(id)))
    for (const id of ids) mockStatuses(id, id === nth ? success(PREVIEW) : { state: 'failure' })
    mockTrusting()
    expect((await runAction(OPENED, discover)).report?.trustedDomains).toEqual([PREVIEW])
  })

  it.each<[string, () => void]>([
    ['the deployments', () => void mockGet('/deployments', {}, 403).persist()],
    [
      'the statuses',
      () => {
        mockFound([deployment(1)])
        mockGet('/deployments/1/statuses', {}, 403)
      },
    ],
  ])('unknown is not none: removes nothing if GitHub refuses %s', async (_, mock) => {
    mockPullReads(200)
    mock()
    mockBranch()
    mockAuthOn('https://live.example.com')
    const { report, log } = await runAction(OPENED, discover)
    expect(report).toMatchObject({
      action: 'unchanged',
      trustedDomains: ['https://live.example.com'],
    })
    expect(log).toMatch(/warning: The deployments of the head commit could not be read/)
    expect(log).toMatch(/warning: This run removes no trusted domain/)
    expect(log).not.toContain('No successful')
    nock.cleanAll()
  })

  it('removes nothing without a token', async () => {
    mockBranch()
    mockAuthOn('https://live.example.com')
    const { report, log } = await runAction(OPENED, { ...discover, github_token: '' })
    expect(report?.action).toBe('unchanged')
    expect(log).toMatch(/^warning: `discover_domains` needs `github_token`/m)
    expect(log).toMatch(/^warning: This run removes no trusted domain/m)
  })

  it('prunes nothing without deployments, because then it knows no domain', async () => {
    mockPullReads(200)
    mockFound([])
    mockBranch()
    mockAuthOn('https://gone.example.com')
    const { report, log } = await runAction(OPENED, discover)
    expect(report?.trustedDomains).toEqual(['https://gone.example.com'])
    expect(log).toContain('No successful preview deployment')
    expect(log).toContain('warning: `prune_domains` removed nothing')
    expect(log).not.toMatch(/lists more|removes no trusted domain/)
  })

  const byNumber = { ...discover, mode: 'enable', pr_number: '2' }

  it('reads the head commit from GitHub if only the number is known', async () => {
    const head = {
      head: { ref: 'changes', sha: HEAD_SHA, repo: THIS_REPOSITORY },
      base: { repo: THIS_REPOSITORY },
    }
    mockPullReads(200, { ...pull(2), ...head })
    mockFound([deployment(1)])
    mockStatuses(1, success(PREVIEW))
    mockTrusting()
    expect((await runAction(['push'], byNumber)).report?.trustedDomains).toEqual([PREVIEW])
  })

  it('removes nothing if GitHub does not return the head commit', async () => {
    mockPullReads(403)
    mockBranch()
    mockAuthOn('https://live.example.com')
    const { report, log } = await runAction(['push'], byNumber)
    expect(report?.action).toBe('unchanged')
    expect(log).toMatch(/warning: `discover_domains`: the head commit/)
  })
})

describe('discover_domains with on_close untrust', () => {
  const STABLE = 'https://staging.example.com'
  const inputs = { ...TOKEN, discover_domains: 'true', on_close: 'untrust' }
  const deployment = (id: number, sha: string, ref: string) => ({
    id,
    sha,
    ref,
    environment: 'Preview',
  })

  /** Mocks deployments of this pull request to its own host and to one that may be shared. Returns them. */
  const mockOwnDeployments = () => {
    const own = [deployment(1, HEAD_SHA, HEAD_SHA), deployment(2, HEAD_SHA, HEAD_SHA)]
    mockDeployments({ sha: HEAD_SHA }, own)
    mockDeployments({ ref: 'refs/pull/2/merge' }, [])
    mockStatuses(1, success(PREVIEW))
    mockStatuses(2, success(STABLE))
    mockBranch()
    return own
  }
  /** Mocks a close that removes all domains but these. */
  const mockClose = (kept: string[]) => {
    neon('get', '/auth', [200, integration()])
    neon('get', '/auth/domains', domains(PREVIEW, STABLE))
    if (kept.length === 2) return
    neon('delete', '/auth/domains', [204])
    neon('get', '/auth', [200, integration()])
    neon('get', '/auth/domains', domains(...kept))
  }
  const removals = () => writes().map((write) => JSON.parse(write.slice(write.indexOf('{'))))

  it.each([
    ['another open pull request', deployment(3, 'other', 'other')],
    ['the default branch', deployment(3, 'tip', 'master')],
  ])('keeps a host to which %s is also deployed', async (_, shared) => {
    const own = mockOwnDeployments()
    mockOpenPulls(pull(3, 'open', { sha: 'other' }))
    mockDeployments({ environment: 'Preview' }, [shared, ...own, deployment(4, 'old', 'gone')])
    mockStatuses(3, success(`${STABLE}/path`))
    mockClose([STABLE])
    const { report, log } = await runAction(CLOSED, inputs)
    expect(report?.action).toBe('untrusted')
    expect(removals()).toMatchObject([{ domains: [{ domain: PREVIEW }] }])
    expect(log).toContain(`${STABLE} stays trusted`)
    expect(log).not.toContain(`${PREVIEW} stays trusted`)
  })

  it('removes the hosts to which no open pull request is deployed', async () => {
    const own = mockOwnDeployments()
    mockOpenPulls()
    mockDeployments({ environment: 'Preview' }, own)
    mockClose([])
    expect((await runAction(CLOSED, inputs)).report?.action).toBe('untrusted')
    expect(writes()).toHaveLength(1)
  })

  it('unknown is not none: removes no deployed domain if there are too many other deployments to read', async () => {
    const own = mockOwnDeployments()
    mockOpenPulls()
    const link = '<https://api.github.com/repositories/1/deployments?page=2>; rel="next"'
    for (let page = 0; page < 10; page++)
      mockDeployments({ environment: 'Preview' }, page > 0 ? [] : own, 200, { link })
    mockClose([PREVIEW, STABLE])
    const { log } = await runAction(CLOSED, inputs)
    expect(writes()).toEqual([])
    expect(log).toMatch(/warning: Deployed domains stay trusted[\s\S]*lists more deployments/)
  })

  it.each(['deployments', 'pull requests'])(
    'removes no deployed domain if GitHub refuses to show the %s of others',
    async (refused) => {
      const own = mockOwnDeployments()
      if (refused === 'deployments') {
        mockOpenPulls()
        mockDeployments({ environment: 'Preview' }, { message: 'no' }, 403)
      } else {
        mockGet('/pulls', { message: 'no' }, 403)
        mockDeployments({ environment: 'Preview' }, own)
      }
      mockClose([PREVIEW, STABLE])
      const { log } = await runAction(CLOSED, inputs)
      expect(writes()).toEqual([])
      expect(log).toMatch(/warning: Deployed domains stay trusted, because the run does not know/)
    },
  )
})
