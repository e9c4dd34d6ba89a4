import { describe, expect, it, vi } from 'vitest'
import { RunAborted } from '../../src/core/deadline.ts'
import { type GitHub, GitHubError } from '../../src/github/client.ts'
import { fetchViewer } from '../../src/github/endpoints/authenticated-user.ts'
import {
  fetchPullRequestOrWarn,
  listPullRequests,
  readHeadRefStates,
  readPullRequestStates,
} from '../../src/github/endpoints/pull-requests.ts'
import { readGitBranch, resolveRepository } from '../../src/github/endpoints/repositories.ts'
import type { Permission } from '../../src/github/errors.ts'
import { headRefOf } from '../../src/github/pull-request.ts'
import { collectingLog } from '../fakes.ts'
import { REPOSITORY } from '../payloads.ts'

const [OWNER = '', REPO = ''] = REPOSITORY.split('/')
const REQUEST = { fetch }

/** Returns a GitHub that calls the functions of `octokit`, without retries. Its `read` always fails with a 404. */
const githubOf = (octokit: object): GitHub => {
  const call = async (
    permission: Permission,
    send: (client: object, options: object) => unknown,
  ): Promise<unknown> => {
    try {
      return await send(octokit, { owner: OWNER, repo: REPO, request: REQUEST })
    } catch (error) {
      throw error instanceof RunAborted ? error : new GitHubError(error, permission)
    }
  }
  const read = (permission: Permission) => call(permission, () => Promise.reject(refusal(404)))
  return { repository: REPOSITORY, isApp: true, call, read } as unknown as GitHub
}

const refusal = (status: number, more: object = {}) =>
  Object.assign(new Error('Not Found'), { status, ...more })

describe('the list of pull requests', () => {
  const THIS = { id: 1, full_name: REPOSITORY }
  const pull = (number: number, ref: string, more: object = {}) => ({
    number,
    state: 'closed',
    head: { ref, repo: THIS },
    base: { ref: 'main', repo: THIS },
    ...more,
  })

  const listOf = (data: unknown[], link?: string) => {
    const list = vi.fn(async (_: object) => ({ data, headers: { link } }))
    return { list, github: githubOf({ rest: { pulls: { list } } }) }
  }

  it('by head contains only those of this repository, even if the server ignores the filter', async () => {
    const { list, github } = listOf([
      pull(1, 'fix', { merged_at: '2026-11-20T10:00:00Z' }),
      pull(2, 'fix', { merged_at: null, base: { repo: THIS } }),
      pull(3, 'fix', { head: { ref: 'fix', repo: { id: 9 } } }),
      pull(4, 'other'),
      pull(5, 'fix', { base: undefined }),
    ])
    const pulls = await listPullRequests(github, { head: 'fix' }, 'all')
    expect(pulls).toMatchObject([
      { number: 1, isMerged: true, baseRef: 'main' },
      { number: 2, isMerged: false },
      { number: 5, isMerged: false },
    ])
    expect(pulls[1]).not.toHaveProperty('baseRef')
    expect(list.mock.calls[0]?.[0]).toMatchObject({ head: `${OWNER}:fix`, state: 'all' })
  })

  it('by base contains only those into that base', async () => {
    const { list, github } = listOf([pull(1, 'a'), pull(2, 'b', { base: { ref: 'next' } })])
    const pulls = await listPullRequests(github, { base: 'main' }, 'open')
    expect(pulls.map(({ number }) => number)).toEqual([1])
    expect(list.mock.calls[0]?.[0]).toMatchObject({ base: 'main', state: 'open' })
  })

  it.each([null, {}, { number: 1, state: 'merged' }, { number: '1', state: 'open' }])(
    'unknown is not none: fails if an entry is %j',
    async (entry) => {
      const { github } = listOf([{ number: 2, state: 'open' }, entry])
      const listing = listPullRequests(github, { base: 'main' }, 'all')
      await expect(listing).rejects.toThrow('not a list of pull requests with numbers and states')
    },
  )

  it('may have entries with nothing but a number and a state, which match no head', async () => {
    const { github } = listOf([{ number: 2, state: 'open' }, pull(1, 'fix')])
    const pulls = await listPullRequests(github, { head: 'fix' }, 'all')
    expect(pulls.map(({ number }) => number)).toEqual([1])
  })

  it('unknown is not none: fails if there are more than 1,000', async () => {
    const { github } = listOf([pull(1, 'fix')], '<https://api.github.com/x>; rel="next"')
    const listing = listPullRequests(github, { head: 'fix' }, 'all')
    await expect(listing).rejects.toBeInstanceOf(GitHubError)
    await expect(listing).rejects.toThrow('it lists more than 1,000 pull requests')
  })
})

/** Returns a GitHub whose GraphQL API answers each query with `reply`, and the queries. */
const graphqlOf = (reply: (query: string, variables: Record<string, string>) => unknown) => {
  const queries: { query: string; variables: Record<string, unknown> }[] = []
  const graphql = async (query: string, variables: Record<string, string>) => {
    queries.push({ query, variables })
    return reply(query, variables)
  }
  return { github: githubOf({ graphql }), queries }
}

const aliasesIn = (query: string): string[] =>
  [...query.matchAll(/(n\d+): pullRequest\(number: \d+\)/g)].map(([, alias = '']) => alias)

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('the states of pull requests', () => {
  it('are read by number, 100 per query', async () => {
    const { github, queries } = graphqlOf((query) => ({
      repository: Object.fromEntries(
        aliasesIn(query).map((alias) => [alias, { state: 'OPEN', headRefName: `of-${alias}` }]),
      ),
    }))
    const states = await readPullRequestStates(github, numbers(201))
    expect([...states.keys()]).toEqual(numbers(201))
    expect(states.get(201)).toEqual({ state: 'open', headRef: 'of-n201' })
    expect(queries.map(({ query }) => aliasesIn(query).length)).toEqual([100, 100, 1])
    expect(queries[0]?.variables).toEqual({ owner: OWNER, repo: REPO, request: REQUEST })
  })

  it('are closed only if GitHub says so, and omit what is not a pull request', async () => {
    const { github } = graphqlOf(() => ({
      repository: {
        n1: { state: 'CLOSED', headRefName: 'fix' },
        n2: { state: 'MERGED', headRefName: '' },
        n3: { state: 'LOCKED' },
        n4: null,
        n5: 'CLOSED',
        n6: {},
      },
    }))
    expect([...(await readPullRequestStates(github, numbers(6)))]).toEqual([
      [1, { state: 'closed', headRef: 'fix' }],
      [2, { state: 'closed', headRef: '' }],
      [3, { state: 'open', headRef: '' }],
    ])
  })

  const failing = (errors: object[], data?: object | null) =>
    graphqlOf(() => {
      throw Object.assign(new Error('Request failed'), { errors, data })
    }).github
  const unknown = (alias: string) => ({
    type: 'NOT_FOUND',
    path: ['repository', alias],
    message: 'Could not resolve',
  })
  const repository = { n1: { state: 'CLOSED', headRefName: 'fix' }, n2: null }

  it('omit numbers that GitHub does not know', async () => {
    const github = failing([unknown('n2'), unknown('n12')], { repository })
    expect([...(await readPullRequestStates(github, [1, 2, 12])).keys()]).toEqual([1])
  })

  it.each<[string, object[], object | null | undefined, string]>([
    [
      'another error',
      [unknown('n2'), { message: 'Oops' }],
      { repository },
      'Could not resolve; Oops',
    ],
    [
      'an error of another type about a number',
      [{ ...unknown('n2'), type: 'SERVICE_UNAVAILABLE' }],
      { repository },
      'Could not resolve',
    ],
    ['an unknown git branch', [unknown('r0')], { repository }, 'Could not resolve'],
    ['an unknown repository', [unknown('n2')], { repository: null }, 'Could not resolve'],
    ['no data', [unknown('n2')], null, 'Could not resolve'],
    ['an error that lists no errors', [], { repository }, 'Request failed'],
    [
      'a missing permission',
      [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
      { repository: {} },
      '403, Resource not accessible by integration; add `permissions: pull-requests: read` to the job',
    ],
  ])('unknown is not none: fail after %s', async (_, errors, data, message) => {
    const reading = readPullRequestStates(failing(errors, data), [1, 2])
    await expect(reading).rejects.toBeInstanceOf(GitHubError)
    await expect(reading).rejects.toThrow(message)
  })

  it('unknown is not none: fail if the response names no repository', async () => {
    const reading = readPullRequestStates(graphqlOf(() => ({ repository: null })).github, [1])
    await expect(reading).rejects.toThrow('its response names no repository')
  })
})

describe('the state of a head ref', () => {
  const pull = (state: string, more: object = {}) => ({
    state,
    isCrossRepository: false,
    headRef: null,
    ...more,
  })
  const ofFork = (state: string) => pull(state, { isCrossRepository: true })
  const many = (count: number, entry: object) => Array.from({ length: count }, () => entry)

  it.each<[state: string, why: string, open: unknown, all: unknown]>([
    ['closed', 'its only pull request is closed', [], [pull('CLOSED')]],
    ['closed', 'its newest pull request is merged', [], [pull('MERGED'), pull('CLOSED')]],
    [
      'closed',
      'only forks have open ones',
      many(49, ofFork('OPEN')),
      [ofFork('OPEN'), pull('CLOSED')],
    ],
    ['closed', 'a node is null', [null], [null, pull('CLOSED')]],
    ['open', 'the newest is open', [], [pull('OPEN'), pull('CLOSED')]],
    ['open', 'an older one is open', [pull('OPEN')], [pull('CLOSED')]],
    ['open', 'the state of one is unknown', [], [pull('CLOSED'), pull('LOCKED')]],
    ['long-lived', 'an earlier one was merged', [], [pull('CLOSED'), pull('MERGED')]],
    ['long-lived', 'it still exists', [], [pull('CLOSED', { headRef: { name: 'x' } })]],
    [
      'long-lived',
      'it exists according to one of them',
      [],
      [pull('CLOSED'), pull('CLOSED', { headRef: { name: 'x' } })],
    ],
    [
      'long-lived',
      'not all pull requests are shown',
      [],
      [...many(49, ofFork('CLOSED')), pull('CLOSED')],
    ],
    ['unknown', 'not all open ones are shown', many(50, ofFork('OPEN')), [pull('CLOSED')]],
    ['unknown', 'there is no pull request', [], []],
    ['unknown', 'only forks have one', [], [ofFork('CLOSED')]],
    [
      'unknown',
      'a pull request may come from a fork',
      [],
      [pull('CLOSED'), pull('CLOSED', { isCrossRepository: null })],
    ],
    ['unknown', 'the open ones are missing', undefined, [pull('CLOSED')]],
    ['unknown', 'the list is missing', [], undefined],
    ['unknown', 'the list is a string', [], 'none'],
  ])('unknown is not none: is %s if %s', async (state, _, open, all) => {
    const { github } = graphqlOf(() => ({
      repository: { o0: { nodes: open }, r0: { nodes: all } },
    }))
    expect([...(await readHeadRefStates(github, ['fix']))]).toEqual([['fix', state]])
  })

  it.each<[unknown]>([[null], ['x'], [[]], [7]])(
    'unknown is not none: is unknown if its list is %j',
    async (list) => {
      const { github } = graphqlOf(() => ({ repository: { o0: list, r0: list } }))
      expect([...(await readHeadRefStates(github, ['fix']))]).toEqual([['fix', 'unknown']])
    },
  )

  it('is read with those of 99 others, by name', async () => {
    const { github, queries } = graphqlOf((query, variables) => ({
      repository: Object.fromEntries(
        [...query.matchAll(/([or]\d+): pullRequests\(headRefName: \$(r\d+), /g)].map(
          ([, alias = '', name = '']) => [
            alias,
            { nodes: variables[name] === 'ref-101' ? [pull('CLOSED')] : [pull('OPEN')] },
          ],
        ),
      ),
    }))
    const states = await readHeadRefStates(
      github,
      numbers(101).map((number) => `ref-${number}`),
    )
    expect([states.size, states.get('ref-100'), states.get('ref-101')]).toEqual([
      101,
      'open',
      'closed',
    ])
    expect(queries).toHaveLength(2)
    expect(queries[1]?.query).toMatch(
      /^query \(\$owner: String!, \$repo: String!, \$r0: String!\) /,
    )
    expect(queries[1]?.variables).toMatchObject({ owner: OWNER, repo: REPO, r0: 'ref-101' })
  })
})

describe('a pull request', () => {
  it('ends the run if the run times out while it is read', async () => {
    const timeout = new RunAborted({ what: 'The run timed out.' })
    const github = { ...githubOf({}), read: () => Promise.reject(timeout) }
    const reading = fetchPullRequestOrWarn(github, 7, collectingLog().log)
    await expect(reading).rejects.toBe(timeout)
  })
})

describe('a number that GitHub does not find among pull requests', () => {
  const read = async (get: () => Promise<unknown>) => {
    const { log, warnings } = collectingLog()
    const pull = await fetchPullRequestOrWarn(githubOf({ rest: { issues: { get } } }), 7, log)
    return { pull, warnings }
  }

  it('is an issue if GitHub says so', async () => {
    const reading = read(async () => ({ data: { number: 7 } }))
    await expect(reading).rejects.toThrow(/^#7 in .* is an issue, not a pull request/)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['GitHub refuses the check', () => Promise.reject(refusal(404))],
    ['it is a pull request', async () => ({ data: { number: 7, pull_request: {} } })],
    ['the response is about another', async () => ({ data: { number: 8 } })],
    ['the response is empty', async () => ({ data: null })],
  ])('is not reported as an issue if %s', async (_, get) => {
    const { pull, warnings } = await read(get)
    expect(pull).toBeUndefined()
    expect(warnings).toEqual([
      expect.stringMatching(
        /^Could not check whether pull request #7 is still open: 404, Not Found/,
      ),
    ])
  })

  it('ends the run if the run times out during the request', async () => {
    const reading = read(() => Promise.reject(new RunAborted({ what: 'The run timed out.' })))
    await expect(reading).rejects.toBeInstanceOf(RunAborted)
  })
})

describe('the repository that a name refers to', () => {
  const resolve = async (name: string, reply: () => unknown) => {
    const get = vi.fn(async (_: object) => reply())
    const resolved = await resolveRepository(githubOf({ rest: { repos: { get } } }), name)
    return { resolved, sent: get.mock.calls[0]?.[0] }
  }
  const named = (full_name: unknown) => () => ({ data: { full_name } })
  const refused = (status: number) => () => {
    throw refusal(status)
  }

  it.each<[string, string, () => unknown]>([
    ['this', 'GitHub redirects its name here', named(REPOSITORY.toUpperCase())],
    ['other', 'GitHub knows it by another name', named('acme/other')],
    ['other', 'the token cannot see it', refused(404)],
  ])('is %s if %s', async (expected, _, reply) => {
    const { resolved, sent } = await resolve('acme/older', reply)
    expect(resolved).toBe(expected)
    expect(sent).toEqual({ owner: 'acme', repo: 'older', request: REQUEST })
  })

  it.each<[string, () => unknown, RegExp]>([
    ['GitHub refuses the request', refused(403), /^GitHub: 403, /],
    ['the response does not name it', named(7), /^GitHub: .*names no repository/],
  ])('is unresolved for a reason if %s', async (_, reply, unresolved) => {
    const { resolved } = await resolve('acme/older', reply)
    expect(resolved).toEqual({ unresolved: expect.stringMatching(unresolved) })
  })

  it.each(['acme', 'acme/a/b', 'acme/', '/shop', 'acme/a b', '../acme/shop', ' acme/shop'])(
    'is another one, without a request, if the name is %j',
    async (name) => {
      expect(await resolve(name, named(REPOSITORY))).toEqual({ resolved: 'other' })
    },
  )

  it('ends the run if the run times out during the request', async () => {
    const resolving = resolve('acme/older', () => {
      throw new RunAborted({ what: 'The run timed out.' })
    })
    await expect(resolving).rejects.toBeInstanceOf(RunAborted)
  })
})

describe('a git branch', () => {
  const read = (getBranch: () => Promise<unknown>) =>
    readGitBranch(githubOf({ rest: { repos: { getBranch } } }), 'develop')

  it.each<[string, string, () => Promise<unknown>]>([
    ['protected', 'GitHub says so', async () => ({ data: { protected: true } })],
    ['unprotected', 'GitHub says so', async () => ({ data: { protected: false } })],
    ['gone', 'GitHub does not find it', () => Promise.reject(refusal(404))],
  ])('is %s if %s', async (expected, _, getBranch) => {
    expect(await read(getBranch)).toBe(expected)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['GitHub refuses', () => Promise.reject(refusal(403))],
    ['the response does not say', async () => ({ data: { protected: null } })],
  ])('unknown is not none: is neither protected nor gone if %s', async (_, getBranch) => {
    await expect(read(getBranch)).rejects.toBeInstanceOf(GitHubError)
  })
})

describe('the account of a token', () => {
  const read = (graphql: () => Promise<unknown>, getAuthenticated = vi.fn()) =>
    fetchViewer(
      githubOf({ graphql, rest: { users: { getAuthenticated } } }),
      'pull-requests: write',
    )
  const viewer =
    (databaseId: unknown) =>
    async (..._: unknown[]) => ({ viewer: { login: 'ada', databaseId } })
  const noGraphql = () =>
    Promise.reject(refusal(404, { request: { url: 'https://git.example/api/graphql' } }))

  it.each([
    [7, { login: 'ada', id: 7 }],
    [null, { login: 'ada' }],
    ['7', { login: 'ada' }],
  ])('has an ID if GraphQL returns one: %j', async (id, expected) => {
    const graphql = vi.fn(viewer(id))
    expect(await read(graphql)).toEqual(expected)
    expect(graphql.mock.calls).toEqual([[expect.any(String), { request: REQUEST }]])
  })

  it('is read with REST if the server has no GraphQL', async () => {
    const getAuthenticated = vi.fn(async () => ({ data: { login: 'gitea-actions', id: -2 } }))
    expect(await read(noGraphql, getAuthenticated)).toEqual({ login: 'gitea-actions', id: -2 })
    expect(getAuthenticated.mock.calls).toEqual([[{ request: REQUEST }]])
  })

  it.each<[string, Error]>([
    ['GitHub refuses', refusal(403)],
    ['the time is up', new RunAborted({ what: 'The run timed out.' })],
  ])('is not read with REST if %s', async (_, error) => {
    const getAuthenticated = vi.fn()
    await expect(read(() => Promise.reject(error), getAuthenticated)).rejects.toBeInstanceOf(
      error instanceof RunAborted ? RunAborted : GitHubError,
    )
    expect(getAuthenticated).not.toHaveBeenCalled()
  })
})

describe('the git branch of a pull request', () => {
  it.each([
    ['fix', 'fix'],
    ['refs/pull/12/head', undefined],
    ['refs/pull/12/head-2', 'refs/pull/12/head-2'],
    ['my/refs/pull/12/head', 'my/refs/pull/12/head'],
    ['', undefined],
    [7, undefined],
  ])('for the ref %j is %j', (ref, expected) => {
    expect(headRefOf(ref)).toBe(expected)
  })
})
