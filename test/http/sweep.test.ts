import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { REPOSITORY } from '../payloads.ts'
import {
  act,
  branch,
  error,
  github,
  integration,
  listing,
  neon,
  type Reply,
  requests,
  useNock,
  writes,
} from './harness.ts'

useNock()

const TOKEN = { github_token: 'ghs_token' }

const sweep = (inputs: Parameters<typeof act>[1] = {}) =>
  act(['push'], { mode: 'sweep', ...TOKEN, ...inputs })

const named = (id: string, name: string, more: object = {}) => branch({ id, name, ...more })

/** Mocks the answers about one branch's auth, in order. */
const authOf = (id: string, method: 'get' | 'delete', ...replies: Reply[]): void =>
  neon(method, `/api/v2/projects/p1/branches/${id}/auth`, ...replies)

const ON: Reply = [200, integration()]
const OFF: Reply = [404, error('Neon Auth is not enabled for this branch')]

/** Mocks what it takes to close one branch: the plan's read, the close's own, the write. */
const closes = (...ids: string[]): void => {
  for (const id of ids) {
    authOf(id, 'get', ON, ON)
    authOf(id, 'delete', [200])
  }
}

/** Mocks one answer of GitHub's GraphQL to the sweep's question. */
const states = (repository: object | null, more: object = {}): void => {
  nock('https://api.github.com')
    .post('/graphql')
    .reply(200, { data: { repository }, ...more })
}

const pull = (number: number, state: 'OPEN' | 'CLOSED' | 'MERGED', headRefName = 'changes') => ({
  [`n${number}`]: { number, state, headRefName },
})

const annotated = (id: string, value: Record<string, string>) => ({
  [id]: { object: { type: 'branch', id }, value },
})

const listingWith = (annotations: object, ...branches: unknown[]): void =>
  neon('get', '/branches', [200, { branches, annotations, pagination: {} }])

describe('rule 6: a sweep touches only what GitHub says is closed', () => {
  it('closed and merged pull requests, not the open one, not the one that GitHub does not know', async () => {
    neon(
      'get',
      '/branches',
      listing(
        named('br-11', 'preview/pr-11'),
        named('br-12', 'pr-12'),
        named('br-13', 'pr-13'),
        named('br-14', 'pr-14-changes'),
        named('br-s', 'staging'),
      ),
    )
    states(
      { ...pull(11, 'CLOSED'), ...pull(12, 'OPEN'), n13: null, ...pull(14, 'MERGED') },
      { errors: [{ type: 'NOT_FOUND', message: 'Could not resolve to a PullRequest' }] },
    )
    closes('br-11', 'br-14')
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
    'never a branch with %j, unless allow_protected',
    async (flags) => {
      neon('get', '/branches', listing(named('br-11', 'preview/pr-11', flags)))
      expect((await sweep()).report).toMatchObject({ action: 'swept', changes: [] })
      expect(requests).toEqual(['GET /branches'])

      neon('get', '/branches', listing(named('br-11', 'preview/pr-11', flags)))
      states(pull(11, 'CLOSED'))
      closes('br-11')
      expect((await sweep({ allow_protected: 'true' })).report?.changes).toHaveLength(1)
    },
  )

  it.each([
    ['another pull request or a date may lead a name', 'pr-11-load-test'],
    ['a part of a name is no name', 'my-pr-11'],
    ['a part of a name is no name', 'pr-11changes'],
    ['a part of a name is no name', 'my/preview/feature'],
    ['a part of a name is no name', 'preview/pr-x'],
  ])('a name ties exactly: %s (%s)', async (_, name) => {
    neon('get', '/branches', listing(named('br-x', name)))
    // `preview/pr-x` may be the git branch `pr-x`, which GitHub is asked about and does not know.
    if (name === 'pr-11-load-test') states(pull(11, 'CLOSED'))
    if (name === 'preview/pr-x') states({ o0: { nodes: [] }, r0: { nodes: [] } })
    expect((await sweep()).report).toMatchObject({ action: 'swept', changes: [] })
    expect(requests).toEqual(['GET /branches'])
  })

  it("a git branch's own name is no number's, as a stranger's may carry it", async () => {
    neon('get', '/branches', listing(named('br-x', 'preview/pr-11-load')))
    states(pull(11, 'CLOSED', 'pr-11-load'))
    expect((await sweep()).report?.changes).toEqual([])
    expect(requests).toEqual(['GET /branches'])
  })

  it.each(['pr-20240115123456', 'pr-2147483648', 'pr-0'])(
    '%s holds no number that GitHub gives a pull request, and is not asked for',
    async (name) => {
      neon('get', '/branches', listing(named('br-x', name)))
      expect((await sweep()).report).toMatchObject({ action: 'swept', changes: [] })
      expect(requests).toEqual(['GET /branches'])
    },
  )

  it("the highest and the lowest of GitHub's numbers are numbers", async () => {
    neon('get', '/branches', listing(named('br-1', 'pr-1'), named('br-m', 'pr-2147483647')))
    states({ ...pull(1, 'CLOSED'), ...pull(2_147_483_647, 'CLOSED') })
    closes('br-1', 'br-m')
    expect((await sweep()).report?.changes).toHaveLength(2)
  })
})

describe('rule 6: whose branch it is', () => {
  const OURS = { 'github-pr-number': '11', 'github-commit-repo': REPOSITORY.toUpperCase() }

  it("this repository's annotation ties a branch of any name", async () => {
    listingWith(annotated('br-odd', OURS), named('br-odd', 'an odd name'))
    states(pull(11, 'CLOSED'))
    closes('br-odd')
    expect((await sweep()).report?.changes).toHaveLength(1)
  })

  it('the annotation wins over the number in the name', async () => {
    listingWith(annotated('br-12', OURS), named('br-12', 'preview/pr-12'))
    states({ ...pull(11, 'OPEN'), ...pull(12, 'CLOSED') })
    expect((await sweep()).report?.changes).toEqual([])
    expect(writes()).toEqual([])
  })

  it("another repository's annotation unties a branch, whatever its name", async () => {
    const theirs = { 'github-pr-number': '11', 'github-commit-repo': 'other/shop' }
    listingWith(annotated('br-11', theirs), named('br-11', 'preview/pr-11'))
    expect((await sweep()).report?.changes).toEqual([])
    expect(requests).toEqual(['GET /branches'])
  })

  it('a number that is annotated without a repository ties nothing', async () => {
    listingWith(annotated('br-odd', { 'github-pr-number': '11' }), named('br-odd', 'an odd name'))
    expect((await sweep()).report?.changes).toEqual([])
    expect(requests).toEqual(['GET /branches'])
  })

  it('an annotation that names no pull request leaves it to the name', async () => {
    listingWith(
      annotated('br-11', { 'github-commit-repo': REPOSITORY }),
      named('br-11', 'preview/pr-11'),
    )
    states(pull(11, 'CLOSED'))
    closes('br-11')
    expect((await sweep()).report?.changes).toHaveLength(1)
  })

  const asked = (o0: object[], r0: object[]) => states({ o0: { nodes: o0 }, r0: { nodes: r0 } })
  const closedOne = { number: 7, state: 'CLOSED', isCrossRepository: false, headRef: null }
  const openOne = { number: 8, state: 'OPEN', isCrossRepository: false, headRef: { name: 'x' } }

  it('a branch named by its git branch goes when that is gone and all its pull requests are closed', async () => {
    neon('get', '/branches', listing(named('br-f', 'preview/feature')))
    asked([], [closedOne])
    closes('br-f')
    const { report, log } = await sweep()
    expect(report?.changes).toHaveLength(1)
    expect(log).toContain('Closed preview/feature: the pull request of feature is closed.')
  })

  it.each([
    ['one of its pull requests is open', [], [closedOne, openOne]],
    ['one of them is open and beyond the newest fifty', [openOne], [closedOne]],
    ['the git branch lives on', [], [{ ...closedOne, headRef: { name: 'feature' } }]],
    ["only a stranger's fork had that name", [], [{ ...closedOne, isCrossRepository: true }]],
    ['GitHub knows none', [], []],
  ])('and stays when %s', async (_, open, all) => {
    neon('get', '/branches', listing(named('br-f', 'preview/feature')))
    asked(open, all)
    expect((await sweep()).report?.changes).toEqual([])
    expect(writes()).toEqual([])
  })
})

describe('rule 6: a sweep that deletes data looks once more', () => {
  const closing = () => {
    neon('get', '/branches', listing(named('br-2', 'preview/pr-2')))
    states(pull(2, 'CLOSED'))
  }

  it('and deletes what is still closed', async () => {
    closing()
    github('closed')
    closes('br-2')
    const { report } = await sweep({ delete_data: 'true' })
    expect(writes()).toEqual(['DELETE /branches/br-2/auth {"delete_data":true}'])
    expect(report?.changes).toHaveLength(1)
  })

  it.each(['open', 403] as const)(
    'and deletes nothing when GitHub then says %s',
    async (answer) => {
      closing()
      authOf('br-2', 'get', ON)
      github(answer)
      expect((await sweep({ delete_data: 'true' })).report?.changes).toEqual([])
      expect(writes()).toEqual([])
    },
  )

  it('but a git branch that is gone cannot come back with its pull request', async () => {
    neon('get', '/branches', listing(named('br-f', 'preview/feature')))
    const gone = { number: 7, state: 'CLOSED', isCrossRepository: false, headRef: null }
    states({ o0: { nodes: [] }, r0: { nodes: [gone] } })
    closes('br-f')
    expect((await sweep({ delete_data: 'true' })).report?.changes).toHaveLength(1)
  })

  it('only where there is something to close', async () => {
    closing()
    authOf('br-2', 'get', OFF)
    expect((await sweep({ delete_data: 'true' })).report).toMatchObject({
      action: 'swept',
      changes: [],
    })
  })
})

describe('what a sweep does by its inputs', () => {
  const closed = () => {
    neon('get', '/branches', listing(named('br-2', 'preview/pr-2')))
    states(pull(2, 'CLOSED'))
  }

  it('dry_run plans and changes nothing', async () => {
    closed()
    authOf('br-2', 'get', ON)
    const { report, log, progress } = await sweep({ dry_run: 'true', delete_data: 'true' })
    expect(report).toMatchObject({ action: 'planned', changes: [{ branch_id: 'br-2' }] })
    expect(log).toContain('Would close preview/pr-2: pull request #2 is closed.')
    expect(progress.changes).toEqual([])
    expect(writes()).toEqual([])
  })

  it('on_close keep leaves everything as it is', async () => {
    closed()
    const { report } = await sweep({ on_close: 'keep' })
    expect(report).toMatchObject({ action: 'swept', changes: [] })
    expect(report?.note).toContain('on_close: keep')
    expect(requests).toEqual(['GET /branches'])
  })

  it('rule 5: auth that is off is found off by one read', async () => {
    closed()
    authOf('br-2', 'get', OFF)
    const { report, log } = await sweep()
    expect(report).toMatchObject({ action: 'swept', changes: [] })
    expect(log).not.toContain('Closed preview/pr-2')
    expect(requests).toEqual(['GET /branches', 'GET /branches/br-2/auth'])
  })

  it('rule 5: auth that goes off meanwhile is no change of this run', async () => {
    closed()
    authOf('br-2', 'get', ON, OFF)
    expect((await sweep()).report).toMatchObject({ action: 'swept', changes: [] })
    expect(writes()).toEqual([])
  })
})

describe('many branches', () => {
  it("are swept at a pace that keeps inside Neon's limit", async () => {
    const numbers = Array.from({ length: 51 }, (_, index) => index + 1)
    neon('get', '/branches', listing(...numbers.map((n) => named(`br-${n}`, `pr-${n}`))))
    states(Object.assign({}, ...numbers.map((n) => pull(n, 'CLOSED'))))
    for (const n of numbers) authOf(`br-${n}`, 'get', OFF)
    const started = performance.now()
    expect((await sweep({ timeout: '60' })).report).toMatchObject({ action: 'swept', changes: [] })
    // Ten or eleven in each of five lanes, each of them at least 450 ms.
    expect(performance.now() - started).toBeGreaterThan(4400)
  })
})

describe('rule 9: a sweep that fails says what it left', () => {
  it('one that fails does not stop the others, and the run fails with its name', async () => {
    neon('get', '/branches', listing(named('br-11', 'pr-11'), named('br-12', 'pr-12')))
    states({ ...pull(11, 'CLOSED'), ...pull(12, 'CLOSED') })
    authOf('br-11', 'get', ON, ON)
    authOf('br-11', 'delete', [403, error('not yours')])
    closes('br-12')
    const { failure, progress } = await sweep()
    expect(failure).toMatch(/^1 of 2 branches could not be swept:\n- pr-11 \(br-11\): .*not yours/)
    expect(progress.changes).toMatchObject([{ branch_id: 'br-12' }])
  })

  it('without a token nothing is swept', async () => {
    neon('get', '/branches', listing(named('br-11', 'pr-11')))
    const { failure } = await sweep({ github_token: '' })
    expect(failure).toMatch(/nothing was swept[\s\S]*github_token/)
    expect(requests).toEqual(['GET /branches'])
  })

  it.each([
    [
      'forbids it, with a 200',
      () => states(null, { errors: [{ type: 'FORBIDDEN', message: 'not accessible' }] }),
      /nothing was swept[\s\S]*403[\s\S]*pull-requests: read/,
    ],
    [
      'complains of more than unknown numbers',
      () => {
        const errors = [{ type: 'NOT_FOUND' }, { type: 'SOMETHING', message: 'half an answer' }]
        for (let attempt = 0; attempt < 3; attempt++) states(pull(11, 'CLOSED'), { errors })
      },
      /nothing was swept/,
    ],
    [
      'refuses the token',
      () =>
        nock('https://api.github.com').post('/graphql').reply(401, { message: 'Bad credentials' }),
      /nothing was swept[\s\S]*401, Bad credentials/,
    ],
  ])('where GitHub %s nothing is swept', async (_, answer, told) => {
    neon('get', '/branches', listing(named('br-11', 'pr-11')))
    answer()
    expect((await sweep()).failure).toMatch(told)
    expect(requests).toEqual(['GET /branches'])
  })

  it('where the project cannot be listed, the failure says so', async () => {
    neon('get', '/branches', [404, error('project not found')])
    const { failure } = await sweep()
    expect(failure).toMatch(
      /Could not list the branches of the Neon project p1[\s\S]*project not found/,
    )
  })
})
