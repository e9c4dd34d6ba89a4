import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { annotated } from '../branch-listing.ts'
import { REPOSITORY } from '../payloads.ts'
import {
  branch,
  CLOSED,
  cancelRun,
  github,
  integration,
  listing,
  mockAuthOn,
  mockBranch,
  neon,
  neonAlways,
  OPENED,
  requests,
  runAction,
  useNock,
  writes,
} from './harness.ts'
import { mockGitHub, THIS_REPOSITORY, TOKEN } from './mock-github.ts'

useNock()

describe('act only on branches you own: a close', () => {
  const FORK: [string, string, object] = ['pull_request', 'closed', { headRepo: 'stranger/x' }]
  const mockNamedAfterRef = () => mockBranch({ name: 'preview/changes' })

  it("ignores the branch named after a fork's head ref", async () => {
    mockNamedAfterRef()
    expect((await runAction(FORK, { delete_data: 'true' })).report?.action).toBe('already_gone')
    expect(requests).toEqual(['GET /branches'])
  })

  it('uses the branch named after a head ref of the repository itself', async () => {
    mockGitHub({ 2: { state: 'closed' } })
    mockNamedAfterRef()
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    expect((await runAction(CLOSED, TOKEN)).report?.action).toBe('disabled')
    expect(writes()).toHaveLength(1)
  })

  const DISABLE = { mode: 'disable', pr_number: '2' }

  it.each([
    ['a fork', { head: { ref: 'changes', repo: { id: 9 } }, base: { repo: { id: 1 } } }],
    [
      'a fork that was deleted',
      { head: { ref: 'changes', repo: null }, base: { repo: THIS_REPOSITORY } },
    ],
    ['one without a repository', { head: { ref: 'changes' } }],
  ])(
    'ignores a branch named after the head ref if GitHub returns %s for a pull request known only by number',
    async (_, pull) => {
      github('closed', pull)
      mockNamedAfterRef()
      expect((await runAction(['push'], { ...DISABLE, ...TOKEN })).report?.action).toBe(
        'already_gone',
      )
      expect(writes()).toEqual([])
    },
  )

  it('asks GitHub for the head ref if only the number is known', async () => {
    mockGitHub({ 2: { state: 'closed' } })
    mockNamedAfterRef()
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    expect((await runAction(['push'], { ...DISABLE, ...TOKEN })).report?.action).toBe('disabled')
  })

  it('fails without a token if the branch may be named after the head ref', async () => {
    mockNamedAfterRef()
    const { failure } = await runAction(['push'], DISABLE)
    expect(failure).toMatch(/head ref is unknown[\s\S]*pull-requests: read/)
    expect(writes()).toEqual([])
  })

  it('finds a numbered branch without a token', async () => {
    mockBranch()
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    expect((await runAction(['push'], DISABLE)).report?.branch?.name).toBe('preview/pr-2')
  })

  it('does not ask GitHub if the event and the number in the name identify the branch', async () => {
    const gitHub = mockGitHub({ 2: { state: 'closed' } })
    mockBranch()
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    expect((await runAction(CLOSED, TOKEN)).report?.action).toBe('disabled')
    expect(gitHub.requests).toEqual([])
  })

  it('does not ask GitHub if `branch` names the branch', async () => {
    mockBranch({ name: 'mine' })
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    const { report } = await runAction(['push'], { ...DISABLE, ...TOKEN, branch: 'mine' })
    expect(report?.action).toBe('disabled')
  })
})

describe('never resurrect a closed pull request: a run that enables auth checks the state', () => {
  it('even if `branch` names the branch', async () => {
    mockBranch({ name: 'mine' })
    github('closed')
    const { report } = await runAction(OPENED, { ...TOKEN, branch: 'mine' })
    expect(report).toMatchObject({ action: 'skipped', skipped: { reason: 'pull_request_closed' } })
    expect(writes()).toEqual([])
  })

  it('unless the run belongs to no pull request', async () => {
    mockBranch({ name: 'mine' })
    mockAuthOn()
    const { report } = await runAction(['push'], { ...TOKEN, mode: 'enable', branch: 'mine' })
    expect(report?.action).toBe('unchanged')
  })

  it('before it looks for a branch if only the number is known', async () => {
    github('closed')
    const { report } = await runAction(['push'], { ...TOKEN, mode: 'enable', pr_number: '2' })
    expect(report).toMatchObject({ action: 'skipped', skipped: { reason: 'pull_request_closed' } })
    expect(requests).toEqual([])
    expect(writes()).toEqual([])
  })
})

describe('act only on branches you own: a lookup by number', () => {
  const byNumber = { mode: 'enable', pr_number: '2' }

  it('never guesses between two branches with the number if the head ref is unknown', async () => {
    const other = branch({ id: 'br-other-sun-1234', name: 'preview/pr-2-changes' })
    neon('get', '/branches', listing(branch({ name: 'pr-2' }), other))
    const { failure } = await runAction(['push'], byNumber)
    expect(failure).toMatch(/pull request #2 .*head ref is unknown[\s\S]*no `github_token`/)
    expect(requests).toEqual(['GET /branches'])
  })

  it('never guesses in a close if GitHub does not return the head ref', async () => {
    mockBranch({ name: 'preview/changes' })
    github(403)
    const { failure } = await runAction(['push'], { ...TOKEN, mode: 'disable', pr_number: '2' })
    expect(failure).toMatch(/head ref is unknown[\s\S]*`permissions: pull-requests: read`/)
    expect(writes()).toEqual([])
  })

  it.each<[string, () => ReturnType<typeof runAction>]>([
    ['the event has the head ref, even without a token', () => runAction(OPENED)],
    [
      'GitHub returns the head ref',
      () => {
        mockGitHub()
        return runAction(['push'], { ...byNumber, ...TOKEN })
      },
    ],
  ])('finds the right one of two branches with the number if %s', async (_, start) => {
    const other = branch({ id: 'br-other-sun-1234', name: 'pr-2-changes' })
    neon('get', '/branches', listing(branch({ name: 'preview/pr-2' }), other))
    mockAuthOn()
    expect((await start()).report?.branch?.name).toBe('preview/pr-2')
  })

  it('uses the only branch with the number', async () => {
    const others = ['main', 'pr-3', 'preview/changes'].map((name, index) =>
      branch({ id: `br-other-sun-${index}`, name }),
    )
    neon('get', '/branches', listing(...others, branch({ name: 'pr-2' })))
    mockAuthOn()
    expect((await runAction(['push'], byNumber)).report?.branch?.name).toBe('pr-2')
  })

  it('uses the branch whose annotation names the pull request, whatever the names of others', async () => {
    const own = branch({ name: 'feature' })
    const annotations = annotated(own.id, 2, REPOSITORY)
    const branches = [own, branch({ id: 'br-other-sun-1', name: 'preview/pr-2' })]
    neon('get', '/branches', [200, { branches, annotations, pagination: {} }])
    mockAuthOn()
    expect((await runAction(['push'], byNumber)).report?.branch?.name).toBe('feature')
  })
})

describe('the search for a branch', () => {
  it('asks Neon only for branches that match `branch`', async () => {
    nock('https://console.neon.tech')
      .get('/api/v2/projects/p1/branches')
      .query(({ search }) => search === 'mine')
      .reply(200, listing(branch({ name: 'mine' }))[1] as nock.Body)
    mockAuthOn()
    const { report } = await runAction(['push'], { mode: 'enable', branch: 'mine' })
    expect(report?.branch?.name).toBe('mine')
  })

  it('ends at once if the run is canceled while it reads the pull request', async () => {
    nock('https://api.github.com')
      .get(`/repos/${REPOSITORY}/pulls/2`)
      .reply(() => {
        cancelRun()
        return [200, {}]
      })
    const { failure } = await runAction(['push'], { ...TOKEN, mode: 'disable', pr_number: '2' })
    expect(failure).toMatch(/was canceled \(SIGTERM\) while waiting for GitHub/)
  })
})

describe('a number for which GitHub has no pull request', () => {
  const mockGet = (path: string, status: number, body: object) =>
    nock('https://api.github.com').get(`/repos/${REPOSITORY}/${path}`).reply(status, body)
  const inputs = { mode: 'enable', pr_number: '12', ...TOKEN }
  const mockMissing = () => mockGet('pulls/12', 404, { message: 'Not Found' })

  it('is explained at once in a close', async () => {
    mockMissing()
    const { failure } = await runAction(['push'], { ...inputs, mode: 'disable' })
    expect(failure).toMatch(/GitHub knows no pull request #12[\s\S]*as `pr_number`/)
    expect(requests).toEqual([])
  })

  it('is explained at once if it is the number of an issue', async () => {
    mockMissing()
    mockGet('issues/12', 200, { number: 12, title: 'Broken' })
    const { failure, log } = await runAction(['push'], inputs)
    expect(failure).toMatch(/^#12 in .* is an issue, not a pull request/)
    expect(failure + log).not.toContain('permission')
  })

  it.each<[string, number, object]>([
    [
      'a pull request after all, according to the list of issues',
      200,
      { number: 12, pull_request: { url: 'x' } },
    ],
    ['not visible to this token', 404, { message: 'Not Found' }],
    ['hidden from this token', 403, { message: 'Resource not accessible by integration' }],
  ])('causes a warning if it is %s', async (_, status, body) => {
    neonAlways('get', '/branches', listing(branch({ name: 'preview/pr-12' })))
    mockMissing()
    mockGet('issues/12', status, body)
    mockAuthOn()
    const { report, log } = await runAction(['push'], inputs)
    expect(report?.action).toBe('unchanged')
    expect(log).toContain('warning: Could not check whether pull request #12')
  })
})
