import nock from 'nock'
import { beforeEach, describe, expect, it } from 'vitest'
import { REPOSITORY } from '../payloads.ts'
import {
  branch,
  branchReads,
  cancelRun,
  changeBranch,
  domains,
  error,
  integration,
  listing,
  neon,
  neonAlways,
  type Reply,
  requests,
  runAction,
  useNock,
  writes,
} from './harness.ts'
import { TOKEN } from './mock-github.ts'

useNock()

const sweep = (inputs: Parameters<typeof runAction>[1] = {}) =>
  runAction(['push'], { mode: 'sweep', ...TOKEN, ...inputs })

const branchNamed = (id: string, name: string, more: object = {}) => branch({ id, name, ...more })

/** Mocks requests for one branch's auth, in order. */
const mockAuthOf = (id: string, method: 'get' | 'delete', ...replies: Reply[]): void =>
  neon(method, `/api/v2/projects/p1/branches/${id}/auth`, ...replies)

const ON: Reply = [200, integration()]
const OFF: Reply = [404, error('Neon Auth is not enabled for this branch')]

/** Mocks the requests that close each branch: a read for the plan, a read before the close, and the write. */
const mockClose = (...ids: string[]): void => {
  for (const id of ids) {
    mockAuthOf(id, 'get', ON, ON)
    mockAuthOf(id, 'delete', [200])
  }
}

/** Mocks one GraphQL response to the sweep's query. */
const mockStates = (repository: object | null, more: object = {}): void => {
  nock('https://api.github.com')
    .post('/graphql')
    .reply(200, { data: { repository }, ...more })
}

/** The state of each pull request when the sweep reads it again, or the status of the error. */
const pulls = new Map<number, { state: string; headRef: string } | number>()

beforeEach(() => {
  pulls.clear()
  nock('https://api.github.com')
    .persist()
    .get(/\/pulls\/\d+$/)
    .optionally()
    .reply((request: Request) => {
      const pull = pulls.get(Number(new URL(request.url).pathname.split('/').at(-1)))
      if (typeof pull !== 'object')
        return [pull ?? 404, { message: 'Resource not accessible by integration' }] as const
      return [200, { state: pull.state, head: { ref: pull.headRef } }] as const
    })
})

const pull = (number: number, state: 'OPEN' | 'CLOSED' | 'MERGED', headRefName = 'changes') => {
  pulls.set(number, { state: state === 'OPEN' ? 'open' : 'closed', headRef: headRefName })
  return { [`n${number}`]: { number, state, headRefName } }
}

/** Returns the annotation of a branch, as Neon lists it. */
const annotationOf = (id: string, value: Record<string, string>) => ({
  [id]: { object: { type: 'branch', id }, value },
})

const mockAnnotated = (annotations: object, ...branches: unknown[]): void =>
  neon('get', '/branches', [200, { branches, annotations, pagination: {} }])

/** A pull request as the sweep's query reads it for a git branch. By default, that branch is deleted. */
const nodeOf = (number: number, state = 'CLOSED', more: object = {}) => ({
  number,
  state,
  isCrossRepository: false,
  headRef: null,
  ...more,
})
const openNode = (number: number) => nodeOf(number, 'OPEN', { headRef: { name: 'feature' } })
const fiftyFromForks = (state: string) =>
  Array.from({ length: 50 }, () => nodeOf(7, state, { isCrossRepository: true }))

/** Mocks the open and the newest pull requests of the git branch `feature`. */
const mockPullsOfFeature = (open: object[], newest: object[], more?: object): void =>
  mockStates({ o0: { nodes: open }, r0: { nodes: newest } }, more)

/** Mocks a branch that only has the name of the git branch `feature`. */
const mockFeature = (): void =>
  neon('get', '/branches', listing(branchNamed('br-f', 'preview/feature')))

/** Mocks a branch with that name that pull request #7 created. */
const mockAnnotatedFeature = (state: 'OPEN' | 'CLOSED'): void => {
  const annotation = { 'github-pr-number': '7', 'github-commit-repo': REPOSITORY }
  mockAnnotated(annotationOf('br-f', annotation), branchNamed('br-f', 'preview/feature'))
  mockStates(pull(7, state, 'feature'))
}

const FORBIDDEN = {
  errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
}

/** Mocks a branch whose pull request #2 is closed. */
const mockClosedPull = (): void => {
  neon('get', '/branches', listing(branchNamed('br-2', 'preview/pr-2')))
  mockStates(pull(2, 'CLOSED'))
}

describe('unknown is not none: a sweep', () => {
  it('closes closed and merged pull requests, but not open or unknown ones', async () => {
    neon(
      'get',
      '/branches',
      listing(
        branchNamed('br-11', 'preview/pr-11'),
        branchNamed('br-12', 'pr-12'),
        branchNamed('br-13', 'pr-13'),
        branchNamed('br-14', 'pr-14-changes'),
        branchNamed('br-s', 'staging'),
      ),
    )
    const path = ['repository', 'n13']
    mockStates(
      { ...pull(11, 'CLOSED'), ...pull(12, 'OPEN'), n13: null, ...pull(14, 'MERGED') },
      { errors: [{ type: 'NOT_FOUND', path, message: 'Could not resolve to a PullRequest' }] },
    )
    mockClose('br-11', 'br-14')
    const { report, log } = await sweep()
    expect(report?.action).toBe('swept')
    expect(report?.changes).toEqual([
      {
        change: 'sweep_branch',
        branch: 'preview/pr-11',
        branch_id: 'br-11',
        made: { change: 'disable_auth', deleteData: false },
      },
      {
        change: 'sweep_branch',
        branch: 'pr-14-changes',
        branch_id: 'br-14',
        made: { change: 'disable_auth', deleteData: false },
      },
    ])
    expect(writes().sort()).toEqual([
      'DELETE /branches/br-11/auth {"delete_data":false}',
      'DELETE /branches/br-14/auth {"delete_data":false}',
    ])
    expect(log).toContain('4 branches belong to pull requests, 2 of them to closed ones.')
    expect(log).toContain('Closed preview/pr-11: pull request #11 is closed.')
  })

  it.each([{ default: true }, { primary: true }, { protected: true }])(
    'protect production: skips a branch with %j, unless allow_protected',
    async (flags) => {
      neon('get', '/branches', listing(branchNamed('br-11', 'preview/pr-11', flags)))
      expect((await sweep()).report).toMatchObject({ action: 'swept', changes: [] })
      expect(requests).toEqual(['GET /branches'])

      neon('get', '/branches', listing(branchNamed('br-11', 'preview/pr-11', flags)))
      mockStates(pull(11, 'CLOSED'))
      mockClose('br-11')
      expect((await sweep({ allow_protected: 'true' })).report?.changes).toHaveLength(1)
    },
  )

  it.each([
    ['its number may mean another pull request or a date', 'pr-11-load-test'],
    ['only a part matches', 'my-pr-11'],
    ['only a part matches', 'pr-11changes'],
    ['only a part matches', 'my/preview/feature'],
    ['only a part matches', 'preview/pr-x'],
  ])('matches names exactly: %s (%s)', async (_, name) => {
    neon('get', '/branches', listing(branchNamed('br-x', name)))
    // `preview/pr-x` may be named after the git branch `pr-x`, which GitHub does not know.
    if (name === 'pr-11-load-test') mockStates(pull(11, 'CLOSED'))
    if (name === 'preview/pr-x') mockStates({ o0: { nodes: [] }, r0: { nodes: [] } })
    expect((await sweep()).report).toMatchObject({ action: 'swept', changes: [] })
    expect(requests).toEqual(['GET /branches'])
  })

  it('reads no number from the plain name of a git branch, because a stranger can choose it', async () => {
    neon('get', '/branches', listing(branchNamed('br-x', 'preview/pr-11-load')))
    mockStates(pull(11, 'CLOSED', 'pr-11-load'))
    expect((await sweep()).report?.changes).toEqual([])
    expect(requests).toEqual(['GET /branches'])
  })

  it.each(['pr-20240115123456', 'pr-2147483648', 'pr-0'])(
    'reads no pull request number from %s, and does not ask GitHub',
    async (name) => {
      neon('get', '/branches', listing(branchNamed('br-x', name)))
      expect((await sweep()).report).toMatchObject({ action: 'swept', changes: [] })
      expect(requests).toEqual(['GET /branches'])
    },
  )

  it('accepts the lowest and the highest number that GitHub uses', async () => {
    neon(
      'get',
      '/branches',
      listing(branchNamed('br-1', 'pr-1'), branchNamed('br-m', 'pr-2147483647')),
    )
    mockStates({ ...pull(1, 'CLOSED'), ...pull(2_147_483_647, 'CLOSED') })
    mockClose('br-1', 'br-m')
    expect((await sweep()).report?.changes).toHaveLength(2)
  })
})

describe('act only on branches you own: a sweep', () => {
  const OURS = { 'github-pr-number': '11', 'github-commit-repo': REPOSITORY.toUpperCase() }

  it('finds the owner by an annotation of this repository, with any branch name', async () => {
    mockAnnotated(annotationOf('br-odd', OURS), branchNamed('br-odd', 'an odd name'))
    mockStates(pull(11, 'CLOSED'))
    mockClose('br-odd')
    expect((await sweep()).report?.changes).toHaveLength(1)
  })

  it('prefers an annotation to the number in the name', async () => {
    mockAnnotated(annotationOf('br-12', OURS), branchNamed('br-12', 'preview/pr-12'))
    mockStates({ ...pull(11, 'OPEN'), ...pull(12, 'CLOSED') })
    expect((await sweep()).report?.changes).toEqual([])
    expect(writes()).toEqual([])
  })

  it('skips a branch with an annotation of another repository, even if its name matches', async () => {
    const theirs = { 'github-pr-number': '11', 'github-commit-repo': 'other/shop' }
    mockAnnotated(annotationOf('br-11', theirs), branchNamed('br-11', 'preview/pr-11'))
    nock('https://api.github.com').get('/repos/other/shop').reply(404, { message: 'Not Found' })
    expect((await sweep()).report?.changes).toEqual([])
    expect(requests).toEqual(['GET /branches'])
  })

  it('accepts an annotation with a former name of this repository', async () => {
    const older = { 'github-pr-number': '11', 'github-commit-repo': 'Codertocat/Old-World' }
    mockAnnotated(annotationOf('br-odd', older), branchNamed('br-odd', 'an odd name'))
    nock('https://api.github.com')
      .get('/repos/Codertocat/Old-World')
      .reply(200, { full_name: REPOSITORY })
    mockStates(pull(11, 'CLOSED'))
    mockClose('br-odd')
    expect((await sweep()).report?.changes).toHaveLength(1)
  })

  it('ignores an annotated number without a repository', async () => {
    mockAnnotated(
      annotationOf('br-odd', { 'github-pr-number': '11' }),
      branchNamed('br-odd', 'an odd name'),
    )
    expect((await sweep()).report?.changes).toEqual([])
    expect(requests).toEqual(['GET /branches'])
  })

  it('uses the number in the name if the annotation has no pull request', async () => {
    mockAnnotated(
      annotationOf('br-11', { 'github-commit-repo': REPOSITORY }),
      branchNamed('br-11', 'preview/pr-11'),
    )
    mockStates(pull(11, 'CLOSED'))
    mockClose('br-11')
    expect((await sweep()).report?.changes).toHaveLength(1)
  })
})

describe('act only on branches you own: a sweep of a branch named after a git branch', () => {
  it('closes it if the git branch is deleted and all its pull requests are closed', async () => {
    mockFeature()
    mockPullsOfFeature([], [nodeOf(7)])
    mockPullsOfFeature([], [nodeOf(7)])
    mockClose('br-f')
    const { report, log } = await sweep()
    expect(report?.changes).toHaveLength(1)
    expect(log).toContain('Closed preview/feature: the pull request of feature is closed.')
  })

  it.each([
    ['one of its pull requests is open', [], [nodeOf(7), openNode(8)]],
    ['an open pull request is not among the newest fifty', [openNode(8)], [nodeOf(7)]],
    ['the git branch still exists', [], [nodeOf(7, 'CLOSED', { headRef: { name: 'feature' } })]],
    ['the git branch was merged before', [], [nodeOf(9, 'MERGED'), nodeOf(7, 'MERGED')]],
    [
      "only a stranger's fork had that name",
      [],
      [nodeOf(7, 'CLOSED', { isCrossRepository: true })],
    ],
    ['GitHub knows no pull request of it', [], []],
    [
      'there may be an open pull request beyond the fifty from forks',
      fiftyFromForks('OPEN'),
      [nodeOf(7)],
    ],
    ['a merged pull request may follow fifty others', [], [nodeOf(7), ...fiftyFromForks('CLOSED')]],
  ])('skips it if %s', async (_, open, newest) => {
    mockFeature()
    mockPullsOfFeature(open, newest)
    expect((await sweep({ delete_data: 'true' })).report?.changes).toEqual([])
    expect(requests).toEqual(['GET /branches'])
  })

  it.each([
    ['open pull request 9 now uses it', [openNode(9)], [openNode(9)]],
    [
      'there may be an open pull request beyond the fifty from forks',
      fiftyFromForks('OPEN'),
      [nodeOf(7, 'MERGED')],
    ],
    ['GitHub does not know its git branch', [], []],
  ])('skips an annotated branch if %s', async (_, open, newest) => {
    mockAnnotatedFeature('CLOSED')
    mockPullsOfFeature(open, newest)
    expect((await sweep({ delete_data: 'true' })).report?.changes).toEqual([])
    expect(requests).toEqual(['GET /branches'])
  })
})

describe('unknown is not none: a sweep if GitHub does not show a git branch', () => {
  it.each<[string, object]>([
    ['the open pull requests', { r0: { nodes: [nodeOf(7, 'MERGED')] } }],
    ['a list', { o0: 'x', r0: { nodes: [nodeOf(7, 'MERGED')] } }],
  ])('skips the branch if the response lacks %s', async (_, repository) => {
    mockFeature()
    mockStates(repository)
    expect((await sweep({ delete_data: 'true' })).report?.changes).toEqual([])
    expect(writes()).toEqual([])
  })

  it('fails for the branch, because its git branch may still exist', async () => {
    mockFeature()
    const path = ['repository', 'r0', 'nodes', 0, 'headRef']
    const errors = [{ type: 'NOT_FOUND', path, message: 'Could not resolve to a Ref.' }]
    for (let attempt = 0; attempt < 3; attempt++)
      mockPullsOfFeature([], [nodeOf(7, 'MERGED')], { errors })
    const { failure } = await sweep({ delete_data: 'true' })
    expect(failure).toMatch(/GitHub did not say whether its git branch is gone/)
    expect(writes()).toEqual([])
  })

  it('still sweeps numbered branches', async () => {
    neon(
      'get',
      '/branches',
      listing(branchNamed('br-2', 'preview/pr-2'), branchNamed('br-f', 'preview/feature')),
    )
    mockStates(pull(2, 'CLOSED'))
    mockStates(null, FORBIDDEN)
    mockClose('br-2')
    const { failure, journal, log } = await sweep()
    expect(journal.applied).toMatchObject([{ branch_id: 'br-2' }])
    expect(log).not.toContain('Closed preview/feature')
    expect(failure).toMatch(
      /^1 of 2 branches could not be swept:\n- preview\/feature \(br-f\): GitHub did not say.*contents: read/,
    )
  })

  it('does not fail for a branch whose pull request is open anyway', async () => {
    mockAnnotatedFeature('OPEN')
    mockStates(null, FORBIDDEN)
    expect(await sweep()).toMatchObject({ failure: '', report: { changes: [] } })
    expect(requests).toEqual(['GET /branches'])
  })
})

describe('check again right before you remove: a sweep', () => {
  it('deletes the data if the pull request is still closed', async () => {
    mockClosedPull()
    mockClose('br-2')
    const { report } = await sweep({ delete_data: 'true' })
    expect(writes()).toEqual(['DELETE /branches/br-2/auth {"delete_data":true}'])
    expect(report?.changes).toHaveLength(1)
    expect(branchReads.get('br-2')).toBe(1)
  })

  it.each(['true', 'false'])(
    'skips a reopened pull request (delete_data: %s)',
    async (delete_data) => {
      mockClosedPull()
      mockAuthOf('br-2', 'get', ON, ON)
      pulls.set(2, { state: 'open', headRef: 'changes' })
      const { report, log } = await sweep({ delete_data })
      expect(report).toMatchObject({ action: 'swept', changes: [] })
      expect(log).toContain(
        'preview/pr-2 was skipped, because GitHub no longer shows its pull request as closed.',
      )
      expect(writes()).toEqual([])
    },
  )

  it('fails with the name of the branch if GitHub refuses to answer', async () => {
    mockClosedPull()
    mockAuthOf('br-2', 'get', ON, ON)
    pulls.set(2, 403)
    const { failure } = await sweep({ delete_data: 'true' })
    expect(failure).toMatch(/preview\/pr-2 \(br-2\).*could not confirm.*403/)
    expect(writes()).toEqual([])
  })

  it('fails for a branch that became the default branch, and protected, after the listing', async () => {
    mockClosedPull()
    mockAuthOf('br-2', 'get', ON, ON)
    changeBranch({ default: true, protected: true }, 'br-2')
    const { failure } = await sweep({ delete_data: 'true' })
    expect(failure).toMatch(/preview\/pr-2 \(br-2\).*default branch/)
    expect(writes()).toEqual([])
  })

  it('reads the pull request again before each repeat', async () => {
    mockClosedPull()
    mockAuthOf('br-2', 'get', ON, ON)
    const reopen = () => pulls.set(2, { state: 'open', headRef: 'changes' })
    mockAuthOf('br-2', 'delete', [423, reopen])
    expect((await sweep({ delete_data: 'true' })).report?.changes).toEqual([])
    expect(writes()).toHaveLength(1)
  })

  it('reads the pull requests again for a branch named after a git branch', async () => {
    mockFeature()
    mockPullsOfFeature([], [nodeOf(7)])
    mockPullsOfFeature([openNode(8)], [openNode(8), nodeOf(7)])
    mockAuthOf('br-f', 'get', ON, ON)
    expect((await sweep({ delete_data: 'true' })).report?.changes).toEqual([])
    expect(writes()).toEqual([])
  })

  it('gone is done: skips a branch that was deleted after the listing', async () => {
    mockClosedPull()
    mockAuthOf('br-2', 'get', ON, ON)
    changeBranch(undefined, 'br-2')
    const { report, log } = await sweep({ delete_data: 'true' })
    expect(report).toMatchObject({ action: 'swept', changes: [] })
    expect(log).not.toContain('Could not close')
    expect(writes()).toEqual([])
  })

  it('reads nothing twice if there is nothing to close', async () => {
    mockClosedPull()
    mockAuthOf('br-2', 'get', OFF)
    expect((await sweep({ delete_data: 'true' })).report).toMatchObject({
      action: 'swept',
      changes: [],
    })
    expect(branchReads.size).toBe(0)
  })
})

describe('a sweep', () => {
  it('plans and changes nothing with dry_run', async () => {
    mockClosedPull()
    mockAuthOf('br-2', 'get', ON)
    const { report, log, journal } = await sweep({ dry_run: 'true', delete_data: 'true' })
    expect(report).toMatchObject({ action: 'planned', changes: [{ branch_id: 'br-2' }] })
    expect(log).toContain('Would close preview/pr-2: pull request #2 is closed.')
    expect(journal.applied).toEqual([])
    expect(writes()).toEqual([])
  })

  it.each([
    ['swept', 'false'],
    ['planned', 'true'],
  ])('changes nothing with on_close: keep (%s with dry_run: %s)', async (action, dry_run) => {
    mockClosedPull()
    const { report } = await sweep({ on_close: 'keep', dry_run })
    expect(report).toMatchObject({ action, changes: [] })
    expect(report?.note).toContain('on_close: keep')
    expect(requests).toEqual(['GET /branches'])
  })

  it('removes only the domains in trusted_domains with on_close: untrust', async () => {
    mockClosedPull()
    const pathOf = (path: string) => `/api/v2/projects/p1/branches/br-2/auth${path}`
    neon('get', pathOf(''), ON, ON, ON)
    const before = domains('https://a.example', 'https://b.example')
    neon('get', pathOf('/domains'), before, before, domains('https://b.example'))
    neon('delete', pathOf('/domains'), [200])
    const { report } = await sweep({ on_close: 'untrust', trusted_domains: 'https://a.example' })
    expect(report?.changes).toMatchObject([
      { branch_id: 'br-2', made: { change: 'untrust_domains', domains: ['https://a.example'] } },
    ])
    expect(writes()).toEqual([
      'DELETE /branches/br-2/auth/domains {"auth_provider":"better_auth","domains":[{"domain":"https://a.example"}]}',
    ])
  })

  it('gone is done: needs only one read if auth is off', async () => {
    mockClosedPull()
    mockAuthOf('br-2', 'get', OFF)
    const { report, log } = await sweep()
    expect(report).toMatchObject({ action: 'swept', changes: [] })
    expect(log).not.toContain('Closed preview/pr-2')
    expect(requests).toEqual(['GET /branches', 'GET /branches/br-2/auth'])
  })

  it('gone is done: reports no change if auth is disabled in the meantime', async () => {
    mockClosedPull()
    mockAuthOf('br-2', 'get', ON, OFF)
    expect((await sweep()).report).toMatchObject({ action: 'swept', changes: [] })
    expect(writes()).toEqual([])
  })
})

describe('a sweep of many branches', () => {
  const authOf = (number: number) => `/api/v2/projects/p1/branches/br-${number}/auth`

  /** Mocks branches of closed pull requests. Returns their numbers. */
  const mockMany = (count: number): number[] => {
    const numbers = Array.from({ length: count }, (_, index) => index + 1)
    neon(
      'get',
      '/branches',
      listing(...numbers.map((number) => branchNamed(`br-${number}`, `pr-${number}`))),
    )
    mockStates(Object.assign({}, ...numbers.map((number) => pull(number, 'CLOSED'))))
    return numbers
  }

  /** Sweeps. Returns the result, how long the run seemed to take, and how much of that was waits, in ms. */
  const timeSweep = async (inputs: Parameters<typeof runAction>[1] = {}) => {
    const [started, realStart] = [performance.now(), Date.now()]
    const result = await sweep({ timeout: '60', ...inputs })
    const ms = performance.now() - started
    return { ...result, ms, waited: ms - (Date.now() - realStart) }
  }

  /** Sweeps branches whose auth is off, except those in `on`. The first `busy` reads get a 503. */
  const sweepMany = async (count: number, on: readonly number[] = [], busy = 0) => {
    for (const number of mockMany(count)) {
      if (number <= busy)
        mockAuthOf(`br-${number}`, 'get', [503, error('busy'), { 'retry-after': '2' }])
      // A worker reads again if another one has waited in the meantime.
      if (on.includes(number)) {
        neonAlways('get', authOf(number), ON)
        mockAuthOf(`br-${number}`, 'delete', [200])
      } else mockAuthOf(`br-${number}`, 'get', OFF)
    }
    const result = await timeSweep()
    expect(result.report?.changes).toHaveLength(on.length)
    return result
  }

  it("is slow enough for Neon's rate limit", async () => {
    const { ms, waited } = await sweepMany(51)
    // Each request takes 90 ms, except the last one of each worker.
    expect(ms).toBeGreaterThan(46 * 90 - 50)
    expect(waited).toBeLessThan(6000)
  })

  it('takes longer for branches that it closes, which need four requests to Neon and one to GitHub', async () => {
    const { ms } = await sweepMany(51, [1, 2, 3, 4, 5])
    expect(ms).toBeGreaterThan(46 * 90 + 5 * 3 * 90)
  })

  it('takes at least four times as long if Neon refuses to close them', async () => {
    for (const number of mockMany(51)) {
      neonAlways('get', authOf(number), ON)
      mockAuthOf(`br-${number}`, 'delete', [403, error('no')])
    }
    const { ms, failure } = await timeSweep()
    expect(failure).toMatch(/^51 of 51 branches/)
    expect(ms).toBeGreaterThan(46 * 4 * 90)
  })

  it('takes at least twice as long with untrust, which needs two requests for each branch', async () => {
    for (const number of mockMany(51)) {
      neon('get', authOf(number), ON)
      neon('get', `${authOf(number)}/domains`, domains())
    }
    const { ms } = await timeSweep({ on_close: 'untrust', trusted_domains: 'https://a.example' })
    expect(ms).toBeGreaterThan(46 * 2 * 90 - 50)
  })

  it('takes no longer in a dry run, which needs one request for each branch', async () => {
    for (const number of mockMany(51)) neon('get', authOf(number), ON)
    expect((await timeSweep({ dry_run: 'true' })).waited).toBeLessThan(6000)
  })

  it('does not wait after the last branch', async () => {
    // At that pace, the last five branches alone would take 1.8 seconds.
    expect((await sweepMany(55, [51, 52, 53, 54, 55])).waited).toBeLessThan(4500 + 900)
  })

  it('does not wait if a request took long enough', async () => {
    // The two seconds that Neon asks for replace the 90 ms of each request in the meantime.
    expect((await sweepMany(51, [], 5)).waited).toBeLessThan(2500 + 56 * 90)
  })

  it('does not wait if there are at most fifty', async () => {
    expect((await sweepMany(50)).waited).toBeLessThan(400)
  })
})

describe('one deadline covers everything: a canceled sweep', () => {
  it('stops at once, with the last branch still in flight', async () => {
    mockClosedPull()
    mockAuthOf('br-2', 'get', ON, ON)
    mockAuthOf('br-2', 'delete', [423, cancelRun])
    const { failure, journal } = await sweep()
    expect(failure).toMatch(/^The run was canceled \(SIGTERM\)/)
    expect([...journal.inFlight]).toMatchObject([{ change: 'sweep_branch', branch_id: 'br-2' }])
    expect(journal.applied).toEqual([])
  })

  it.each(['pr-2', 'preview/feature'])('does not blame GitHub (%s)', async (name) => {
    neon('get', '/branches', listing(branchNamed('br-2', name)))
    nock('https://api.github.com')
      .post('/graphql')
      .reply(() => {
        cancelRun()
        return [200, { data: {} }]
      })
    const { failure } = await sweep()
    expect(failure).toMatch(/^The run was canceled \(SIGTERM\) while waiting for GitHub/)
    expect(requests).toEqual(['GET /branches'])
  })
})

describe('fail loudly, explain fully: a sweep', () => {
  it('continues after a failed branch, and then fails with the name of that branch', async () => {
    neon('get', '/branches', listing(branchNamed('br-11', 'pr-11'), branchNamed('br-12', 'pr-12')))
    mockStates({ ...pull(11, 'CLOSED'), ...pull(12, 'CLOSED') })
    mockAuthOf('br-11', 'get', ON, ON)
    mockAuthOf('br-11', 'delete', [403, error('not yours')])
    mockClose('br-12')
    const { failure, journal } = await sweep()
    expect(failure).toMatch(/^1 of 2 branches could not be swept:\n- pr-11 \(br-11\): .*not yours/)
    expect(journal.applied).toMatchObject([{ branch_id: 'br-12' }])
  })

  it('sweeps nothing without a token', async () => {
    const { failure } = await sweep({ github_token: '' })
    expect(failure).toMatch(/nothing was swept[\s\S]*github_token/)
    expect(requests).toEqual([])
  })

  it.each([
    [
      'forbids the query, with a 200',
      () => mockStates(null, FORBIDDEN),
      /nothing was swept[\s\S]*403[\s\S]*pull-requests: read/,
    ],
    [
      'reports errors other than unknown numbers',
      () => {
        const unknown = { type: 'NOT_FOUND', path: ['repository', 'n12'] }
        const errors = [unknown, { type: 'SOMETHING', message: 'half an answer' }]
        for (let attempt = 0; attempt < 3; attempt++) mockStates(pull(11, 'CLOSED'), { errors })
      },
      /nothing was swept/,
    ],
    [
      'refuses the token',
      () =>
        nock('https://api.github.com').post('/graphql').reply(401, { message: 'Bad credentials' }),
      /nothing was swept[\s\S]*401, Bad credentials/,
    ],
  ])('sweeps nothing if GitHub %s', async (_, mock, message) => {
    neon('get', '/branches', listing(branchNamed('br-11', 'pr-11')))
    mock()
    expect((await sweep()).failure).toMatch(message)
    expect(requests).toEqual(['GET /branches'])
  })

  it("fails if the project's branches cannot be listed", async () => {
    neon('get', '/branches', [404, error('project not found')])
    const { failure } = await sweep()
    expect(failure).toMatch(
      /Could not list the branches of the Neon project p1[\s\S]*project not found/,
    )
  })
})
