import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { commentBody, parseCommentRecord } from '../../src/github/comment-marker.ts'
import { payload, REPOSITORY } from '../payloads.ts'
import {
  branch,
  branchReads,
  CLOSED,
  cancelRun,
  domains,
  github,
  integration,
  listing,
  mockAuthOn,
  neon,
  OPENED,
  requests,
  runAction,
  useNock,
  writes,
} from './harness.ts'

useNock()

const TOKEN = { github_token: 'ghs_token' }
const SHA = 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e'
const HERE = { id: 1, full_name: REPOSITORY }
const PREVIEW = 'https://pr-2.example.com'

const gets = (path: string, body: unknown, status = 200, headers = {}) =>
  nock('https://api.github.com')
    .get(`/repos/${REPOSITORY}${path}`)
    .query(true)
    .reply(status, body as nock.Body, headers)

const pull = (number: number, state: 'open' | 'closed' = 'open', head: object = {}) => ({
  number,
  state,
  head: { ref: 'changes', sha: SHA, repo: HERE, ...head },
  base: { repo: HERE },
})

/** Mocks the pull requests that GitHub associates with the deployed commit. */
const associated = (...pulls: object[]) => gets(`/commits/${SHA}/pulls`, pulls)
/** Mocks the list of open pull requests. */
const open = (...pulls: object[]) => gets('/pulls', pulls)

/** Returns GitHub's own payload of the event, changed to a preview of the git branch `changes`. */
const deployed = (
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

/** Mocks every response about the pull request: a run that may remove something reads it again. */
const pullStays = (status: number, body: object = pull(2)) => {
  nock('https://api.github.com')
    .persist()
    .get(`/repos/${REPOSITORY}/pulls/2`)
    .reply(status, body as nock.Body)
}

const trusts = (more: Record<string, unknown> = {}) => {
  neon('get', '/branches', listing(branch(more)))
  mockAuthOn()
  neon('post', '/auth/domains', [201])
  mockAuthOn(PREVIEW)
}

const skippedFor = (reason: string) => ({ action: 'skipped', skipped: { reason } })

describe('the pull request of a deployment', () => {
  it('is the one whose head is the commit, and its domain is trusted', async () => {
    associated(pull(2))
    github('open')
    trusts()
    const { report } = await deployed()
    expect(report).toMatchObject({
      action: 'updated',
      branch: { name: 'preview/pr-2' },
      trustedDomains: [PREVIEW],
    })
  })

  it.each([
    ['closed', [pull(1, 'closed'), pull(2)]],
    ['only a part of it', [pull(1, 'open', { sha: 'another' }), pull(2)]],
    ["a stranger's fork with the same commit", [pull(1, 'open', { repo: { id: 9 } }), pull(2)]],
    ['another git branch with the same commit', [pull(1, 'open', { ref: 'other' }), pull(2)]],
  ])('is not one that is %s', async (_, pulls) => {
    associated(...pulls)
    github('open')
    trusts()
    expect((await deployed()).report?.branch?.name).toBe('preview/pr-2')
  })

  it("is looked up among the open ones if GitHub returns none for the commit, such as a fork's", async () => {
    associated()
    open(pull(3, 'open', { sha: 'another' }), pull(2, 'open', { repo: { id: 9 } }))
    github('open', { head: { ref: 'changes', repo: { id: 9 } }, base: { repo: HERE } })
    trusts()
    expect((await deployed()).report?.trustedDomains).toEqual([PREVIEW])
  })

  it('is looked up on every page', async () => {
    associated()
    const link = `<https://api.github.com/repositories/1/pulls?page=2>; rel="next"`
    gets('/pulls', [pull(3, 'open', { sha: 'another' })], 200, { link })
    open(pull(2, 'open', { repo: { id: 9 } }))
    github('open')
    trusts()
    expect((await deployed()).report?.action).toBe('updated')
  })

  it('is found among the 1,000 newest open ones, even if there are more', async () => {
    associated()
    const link = `<https://api.github.com/repositories/1/pulls?page=2>; rel="next"`
    for (let page = 0; page < 9; page++) gets('/pulls', [], 200, { link })
    gets('/pulls', [pull(2, 'open', { repo: { id: 9 } })], 200, { link })
    github('open', { head: { ref: 'changes', repo: { id: 9 } }, base: { repo: HERE } })
    trusts()
    expect((await deployed()).report?.action).toBe('updated')
  })

  it('is unknown after 1,000 open ones, so that endless pages end', async () => {
    associated()
    const link = `<https://api.github.com/repositories/1/pulls?page=2>; rel="next"`
    for (let page = 0; page < 10; page++) gets('/pulls', [], 200, { link })
    const { failure } = await deployed()
    expect(failure).toMatch(/1,000 newest open pull requests[\s\S]*`pr_number`/)
  })

  it('is the one in the ref refs/pull/2/merge, whatever the commit', async () => {
    github('open')
    github('open')
    trusts()
    expect((await deployed({}, {}, { ref: 'refs/pull/2/merge' })).report?.action).toBe('updated')
  })

  it('in the ref names the branch, even if GitHub does not answer a second time', async () => {
    github('open')
    github(403)
    trusts({ name: 'preview/changes' })
    const { report } = await deployed({}, {}, { ref: 'refs/pull/2/merge' })
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
  ])('in the ref is enough if %s', async (_, inputs, answers) => {
    answers()
    trusts()
    const { report } = await deployed({}, inputs, { ref: 'refs/pull/2/merge' })
    expect(report?.branch?.name).toBe('preview/pr-2')
  })

  it.each([
    ['closed', () => github('closed'), 'pull_request_closed'],
    [
      'of the default branch',
      () => github('open', { head: { ref: 'master', repo: HERE }, base: { repo: HERE } }),
      'not_a_preview',
    ],
  ])('in the ref is skipped if it is %s', async (_, answers, reason) => {
    answers()
    const { report } = await deployed({}, {}, { ref: 'refs/pull/2/merge' })
    expect(report).toMatchObject(skippedFor(reason))
    expect(requests).toEqual([])
  })

  it('is never guessed: a commit that is the head of two is an error', async () => {
    associated(pull(2), pull(3))
    const { failure } = await deployed()
    expect(failure).toMatch(
      /f95f852bd8fc\.[\s\S]*several open pull requests: #2, #3\.[\s\S]*pr_number/,
    )
    expect(failure).not.toContain('GitHub answered')
    expect(requests).toEqual([])
  })

  it.each<[string, object[], string, string]>([
    [
      'is superseded: open ones contain it, but none has it as its head',
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
  ])('does not exist for a commit that %s', async (_, pulls, reason, why) => {
    associated(...pulls)
    const { report } = await deployed({}, {}, { ref: SHA })
    expect(report).toMatchObject(skippedFor(reason))
    expect(report?.skipped?.why).toContain(why)
    expect(requests).toEqual([])
  })

  it('does not exist for a commit unknown to GitHub', async () => {
    associated()
    open(pull(3, 'open', { sha: 'another' }))
    expect((await deployed()).report).toMatchObject(skippedFor('pull_request_not_found'))
    expect(requests).toEqual([])
  })

  it.each([['auto'], ['enable']])('needs no lookup with `branch` and mode: %s', async (mode) => {
    trusts({ name: 'mine' })
    const { report } = await deployed({}, { mode, branch: 'mine', github_token: '' })
    expect(report?.trustedDomains).toEqual([PREVIEW])
  })

  it('is never resurrected by a late deployment, even with `branch`', async () => {
    associated(pull(2, 'closed'))
    const { report } = await deployed({}, { branch: 'mine' })
    expect(report).toMatchObject(skippedFor('pull_request_closed'))
    expect(requests).toEqual([])
  })

  it.each([
    ['is only in a closed pull request', () => associated(pull(2, 'closed', { sha: 'x' }))],
    ['is in no pull request', () => associated()],
    [
      'is the head of one that proposes the default branch',
      () => associated(pull(2, 'open', { ref: 'master' })),
    ],
    ['has pull requests that GitHub does not return', () => gets(`/commits/${SHA}/pulls`, {}, 403)],
  ])('does not matter with `branch` if the commit %s', async (_, answers) => {
    answers()
    trusts({ name: 'mine' })
    const { report } = await deployed({}, { branch: 'mine' })
    expect(report?.trustedDomains).toEqual([PREVIEW])
  })

  it('is read again with `branch`, because it may close while the run waits', async () => {
    associated(pull(2))
    github('closed')
    neon('get', '/branches', listing(branch({ name: 'mine' })))
    const { report } = await deployed({}, { branch: 'mine' })
    expect(report).toMatchObject(skippedFor('pull_request_closed'))
  })

  it.each([404, 422])(
    'is looked up among the open ones if GitHub has no such commit (%i)',
    async (status) => {
      gets(`/commits/${SHA}/pulls`, { message: 'No commit found for SHA' }, status)
      open(pull(2, 'open', { repo: { id: 9 } }))
      github('open', { head: { ref: 'changes', repo: { id: 9 } }, base: { repo: HERE } })
      trusts()
      expect((await deployed()).report?.branch?.name).toBe('preview/pr-2')
    },
  )

  it.each([
    ['auto', 'changes'],
    ['enable', 'changes'],
    ['auto', 'refs/pull/2/merge'],
  ])('needs no lookup with `pr_number` and mode: %s (%s)', async (mode, ref) => {
    github('open')
    trusts()
    const { report } = await deployed({}, { mode, pr_number: '2' }, { ref })
    expect(report?.trustedDomains).toEqual([PREVIEW])
  })

  it.each([{}, { branch: 'mine' }])(
    'is not looked for any longer if the run is canceled: %j',
    async (inputs) => {
      nock('https://api.github.com')
        .get(`/repos/${REPOSITORY}/commits/${SHA}/pulls`)
        .query(true)
        .reply(() => {
          cancelRun()
          return [200, []]
        })
      const { failure, log } = await deployed({}, inputs)
      expect(failure).toMatch(/was canceled \(SIGTERM\) while/)
      expect(failure + log).not.toMatch(/Could not (check|find)/)
    },
  )

  it('needs no lookup with both `branch` and `pr_number`', async () => {
    github('open')
    trusts({ name: 'mine' })
    const { report } = await deployed({}, { branch: 'mine', pr_number: '2' })
    expect(report?.trustedDomains).toEqual([PREVIEW])
  })

  it('needs no lookup with `branch` if the ref names it', async () => {
    github('open')
    trusts({ name: 'mine' })
    const { report } = await deployed({}, { branch: 'mine' }, { ref: 'refs/pull/2/merge' })
    expect(report?.trustedDomains).toEqual([PREVIEW])
  })

  it('cannot be found without a token', async () => {
    const { failure } = await deployed({}, { github_token: '' })
    expect(failure).toMatch(/deployed commit f95f852bd8fc[\s\S]*github_token/)
    expect(requests).toEqual([])
  })

  it.each(['/commits', '/pulls'])('is an error if GitHub refuses %s', async (refused) => {
    const message = { message: 'Resource not accessible by integration' }
    if (refused === '/commits') gets(`/commits/${SHA}/pulls`, message, 403)
    else {
      associated()
      gets('/pulls', message, 403)
    }
    const { failure } = await deployed()
    expect(failure).toMatch(/deployed commit f95f852bd8fc[\s\S]*pull-requests: read/)
    expect(requests).toEqual([])
  })
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
    const { report } = await deployed(status, inputs, deployment)
    expect(report).toMatchObject(skippedFor(reason))
    expect(requests).toEqual([])
  })

  it("is GitHub's own example: a deployment of the default branch to production", async () => {
    expect((await runAction(['deployment_status'], TOKEN)).report).toMatchObject(
      skippedFor('production_deployment'),
    )
  })

  it('warns if it reports no environment_url, and prunes nothing', async () => {
    associated(pull(2))
    pullStays(200)
    neon('get', '/branches', listing(branch()))
    mockAuthOn('https://live.example.com')
    const { report, log } = await deployed({ environment_url: '' }, { prune_domains: 'true' })
    expect(report?.trustedDomains).toEqual(['https://live.example.com'])
    expect(log).toMatch(
      /warning: The deployment to Preview succeeded but reports no environment_url/,
    )
    expect(log).toMatch(/warning: This run removes no trusted domain/)
  })

  it.each(['http://localhost:3000', 'https://127.0.0.1', 'http://[::1]:80'])(
    'is never trusted on %s, whatever the branch allows',
    async (url) => {
      associated(pull(2))
      github('open')
      neon('get', '/branches', listing(branch()))
      mockAuthOn()
      const { log } = await deployed({ environment_url: url })
      expect(log).toMatch(/warning: The deployment's URL http[\s\S]* is not trusted/)
      expect(writes()).toEqual([])
    },
  )
})

describe('discover_domains', () => {
  const HEAD = (payload('pull_request', 'opened').pull_request as { head: { sha: string } }).head
    .sha
  const discover = { ...TOKEN, discover_domains: 'true', prune_domains: 'true' }
  const one = (id: number, more: object = {}) => ({
    id,
    sha: HEAD,
    ref: 'changes',
    environment: 'Preview',
    creator: { login: 'vercel[bot]' },
    ...more,
  })
  const statuses = (id: number, ...list: object[]) => gets(`/deployments/${id}/statuses`, list)
  const success = (url: string) => ({ state: 'success', environment_url: url })
  const deployments = (ofHead: object[], ofMergeRef: object[] = []) => {
    const list = (query: object, body: object[]) =>
      nock('https://api.github.com')
        .get(`/repos/${REPOSITORY}/deployments`)
        .query((asked) => Object.entries(query).every(([key, value]) => asked[key] === value))
        .reply(200, body)
    list({ sha: HEAD }, ofHead)
    list({ ref: 'refs/pull/2/merge' }, ofMergeRef)
  }

  it('trusts the URL of the head commit and logs who deployed it', async () => {
    pullStays(200)
    deployments([one(1), one(2, { environment: 'Production' })])
    statuses(1, { state: 'inactive' }, success(`${PREVIEW}/`))
    statuses(2, success('https://shop.example.com'))
    trusts()
    const { report, log } = await runAction(OPENED, discover)
    expect(report?.trustedDomains).toEqual([PREVIEW])
    expect(log).toContain(`Deployed to Preview by vercel[bot]: ${PREVIEW}/`)
    expect(log).toMatch(/Deployment 2 to Production does not count: it is a production environment/)
  })

  it('looks up the head commit if the event does not have it', async () => {
    pullStays(200, pull(2, 'open', { sha: HEAD }))
    deployments([one(1)])
    statuses(1, success(PREVIEW))
    trusts()
    const inputs = { ...discover, mode: 'enable', pr_number: '2' }
    const { report } = await runAction(['push'], inputs)
    expect(report?.trustedDomains).toEqual([PREVIEW])
  })

  it('removes the domain of an earlier commit, which the comment records', async () => {
    const OLD = 'https://pr-2-old.example.com'
    const named = { id: 'br-cool-sun-1234', name: 'preview/pr-2' }
    const deployed = [{ environment: 'Preview', origin: OLD, sha: 'old' }]
    const body = commentBody('p1', { run: 1, attempt: 1, branch: named, deployed }, 'Enabled')
    const viewer = { login: 'github-actions[bot]' }
    const api = nock('https://api.github.com').persist()
    api.post('/graphql').reply(200, { data: { viewer } })
    api.get(/issues.2.comments/).reply(200, [{ id: 7, body, user: { ...viewer, type: 'Bot' } }])
    let written = ''
    api.patch(/issues.comments.7$/).reply(async (request: Request) => {
      written = JSON.parse(await request.text()).body
      return [200, { id: 7 }] as const
    })
    pullStays(200)
    deployments([one(1)])
    statuses(1, success(PREVIEW))
    open()
    gets('/deployments', [])
    neon('get', '/branches', listing(branch()))
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
    // With its auth, and again before the removal, which follows another write.
    expect(branchReads.get('br-cool-sun-1234')).toBe(2)
    expect(parseCommentRecord(written, 'p1')?.deployed.map(({ origin }) => origin)).toEqual([
      PREVIEW,
    ])
  })

  it('trusts a deployment from refs/pull/2/merge, but not one that only looks similar', async () => {
    pullStays(200)
    const merge = one(3, { ref: 'refs/pull/2/merge', sha: 'c'.repeat(40) })
    deployments([], [merge, one(4, { ref: 'main', sha: 'd'.repeat(40) })])
    statuses(3, success(PREVIEW))
    trusts()
    expect((await runAction(OPENED, discover)).report?.trustedDomains).toEqual([PREVIEW])
  })

  it('reads every page of statuses, because the success may be old', async () => {
    pullStays(200)
    deployments([one(1)])
    const link = `<https://api.github.com/repositories/1/deployments/1/statuses?page=2>; rel="next"`
    gets('/deployments/1/statuses', [{ state: 'failure' }], 200, { link })
    statuses(1, success(PREVIEW))
    trusts()
    expect((await runAction(OPENED, discover)).report?.trustedDomains).toEqual([PREVIEW])
  })

  it.each([10, 11])('reads the statuses of all deployments: no. %i of 21', async (nth) => {
    pullStays(200)
    const ids = Array.from({ length: 21 }, (_, index) => index + 1)
    deployments(ids.map((id) => one(id)))
    for (const id of ids) statuses(id, id === nth ? success(PREVIEW) : { state: 'failure' })
    trusts()
    expect((await runAction(OPENED, discover)).report?.trustedDomains).toEqual([PREVIEW])
  })

  it.each<[string, () => void]>([
    ['the deployments', () => void gets('/deployments', {}, 403).persist()],
    [
      'the statuses',
      () => {
        deployments([one(1)])
        gets('/deployments/1/statuses', {}, 403)
      },
    ],
  ])('removes nothing if GitHub refuses %s: unknown is not none', async (_, answers) => {
    pullStays(200)
    answers()
    neon('get', '/branches', listing(branch()))
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
    neon('get', '/branches', listing(branch()))
    mockAuthOn('https://live.example.com')
    const { report } = await runAction(OPENED, { ...discover, github_token: '' })
    expect(report?.action).toBe('unchanged')
  })

  it('prunes nothing without deployments, because it knows no domain', async () => {
    pullStays(200)
    deployments([])
    neon('get', '/branches', listing(branch()))
    mockAuthOn('https://gone.example.com')
    const { report, log } = await runAction(OPENED, discover)
    expect(report?.trustedDomains).toEqual(['https://gone.example.com'])
    expect(log).toContain('warning: `prune_domains` removed nothing')
  })

  const byNumber = { ...discover, mode: 'enable', pr_number: '2' }

  it('reads the head commit from GitHub if only the number is known', async () => {
    const head = { head: { ref: 'changes', sha: HEAD, repo: HERE }, base: { repo: HERE } }
    pullStays(200, { ...pull(2), ...head })
    deployments([one(1)])
    statuses(1, success(PREVIEW))
    trusts()
    expect((await runAction(['push'], byNumber)).report?.trustedDomains).toEqual([PREVIEW])
  })

  it('removes nothing if GitHub does not return the head commit', async () => {
    pullStays(403)
    neon('get', '/branches', listing(branch()))
    mockAuthOn('https://live.example.com')
    const { report, log } = await runAction(['push'], byNumber)
    expect(report?.action).toBe('unchanged')
    expect(log).toMatch(/warning: `discover_domains`: the head commit/)
  })
})

describe('discover_domains with on_close untrust', () => {
  const HEAD = (payload('pull_request', 'closed').pull_request as { head: { sha: string } }).head
    .sha
  const STABLE = 'https://staging.example.com'
  const inputs = { ...TOKEN, discover_domains: 'true', on_close: 'untrust' }
  const one = (id: number, sha: string, ref: string) => ({ id, sha, ref, environment: 'Preview' })
  const list = (query: object, body: unknown, status = 200) =>
    nock('https://api.github.com')
      .get(`/repos/${REPOSITORY}/deployments`)
      .query((asked) => Object.entries(query).every(([key, value]) => asked[key] === value))
      .reply(status, body as nock.Body)
  const succeeded = (id: number, url: string) =>
    gets(`/deployments/${id}/statuses`, [{ state: 'success', environment_url: url }])

  /** This pull request is deployed to its own host and to one that may be shared. */
  const own = () => {
    const mine = [one(1, HEAD, HEAD), one(2, HEAD, HEAD)]
    list({ sha: HEAD }, mine)
    list({ ref: 'refs/pull/2/merge' }, [])
    succeeded(1, PREVIEW)
    succeeded(2, STABLE)
    neon('get', '/branches', listing(branch()))
    return mine
  }
  const closes = (kept: string[]) => {
    neon('get', '/auth', [200, integration()])
    neon('get', '/auth/domains', domains(PREVIEW, STABLE))
    if (kept.length === 2) return
    neon('delete', '/auth/domains', [204])
    neon('get', '/auth', [200, integration()])
    neon('get', '/auth/domains', domains(...kept))
  }
  const removed = () => writes().map((write) => JSON.parse(write.slice(write.indexOf('{'))))

  it.each([
    ['another open pull request', one(3, 'other', 'other')],
    ['the default branch', one(3, 'tip', 'master')],
  ])('keeps a host that %s is also deployed to', async (_, shared) => {
    const mine = own()
    open(pull(3, 'open', { sha: 'other' }))
    list({ environment: 'Preview' }, [shared, ...mine, one(4, 'old', 'gone')])
    succeeded(3, `${STABLE}/path`)
    closes([STABLE])
    const { report, log } = await runAction(CLOSED, inputs)
    expect(report?.action).toBe('untrusted')
    expect(removed()).toMatchObject([{ domains: [{ domain: PREVIEW }] }])
    expect(log).toContain(`${STABLE} stays trusted`)
  })

  it('removes a host that only closed pull requests were deployed to', async () => {
    const mine = own()
    open()
    list({ environment: 'Preview' }, mine)
    closes([])
    expect((await runAction(CLOSED, inputs)).report?.action).toBe('untrusted')
    expect(writes()).toHaveLength(1)
  })

  it.each(['deployments', 'pull requests'])(
    'removes no reported domain if GitHub refuses the other %s',
    async (refused) => {
      const mine = own()
      if (refused === 'deployments') {
        open()
        list({ environment: 'Preview' }, { message: 'no' }, 403)
      } else {
        gets('/pulls', { message: 'no' }, 403)
        list({ environment: 'Preview' }, mine)
      }
      closes([PREVIEW, STABLE])
      const { log } = await runAction(CLOSED, inputs)
      expect(writes()).toEqual([])
      expect(log).toMatch(/warning: Deployed domains stay trusted, because the run does not know/)
    },
  )
})
