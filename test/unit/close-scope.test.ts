import { expect, it } from 'vitest'
import { type GitHub, GitHubError } from '../../src/github/client.ts'
import { closeScope } from '../../src/preview/close-scope.ts'

const failingGitHub = (cause: unknown): GitHub => {
  const error = new GitHubError(cause, 'pull-requests: read')
  const fail = async () => {
    throw error
  }
  return { repository: 'acme/shop', isApp: true, call: fail, read: fail }
}

const owned = {
  branch: { id: 'br-1', name: 'preview/changes', isDefault: false, isProtected: false },
  by: 'annotation',
  sharedRef: 'changes',
} as const

it.each([
  [403, 'Resource not accessible by integration', /Fix: add `permissions: pull-requests: read`/],
  [404, 'Not Found', /Fix: add `permissions: pull-requests: read`/],
  [429, 'API rate limit exceeded', /Fix: run the job again, or set `branch`/],
  [503, 'Service Unavailable', /Fix: run the job again, or set `branch`/],
])('explains how to fix a close if GitHub answers %i', async (status, message, fix) => {
  const github = failingGitHub({ status, response: { data: { message } } })
  await expect(closeScope(owned, { number: 2 }, github)).rejects.toThrow(fix)
})

it('does not claim that GitHub answered if the connection was lost', async () => {
  const github = failingGitHub(new Error('read ECONNRESET'))
  await expect(closeScope(owned, { number: 2 }, github)).rejects.toThrow(
    /could not check that\.\nGitHub: read ECONNRESET\nFix: run the job again, or set `branch`$/,
  )
})

it('does not suggest a rerun if there are more pull requests than a run reads', async () => {
  const endless = async () => ({ data: [], headers: { link: '<https://a>; rel="next"' } })
  const github = { repository: 'acme/shop', call: endless } as unknown as GitHub
  await expect(closeScope(owned, { number: 2 }, github)).rejects.toThrow(
    /it lists more than 1,000 pull requests\nFix: set `branch`$/,
  )
})

it.each([
  ['none, although GitHub may still list the closed one as open', [2], { scope: 'branch' }],
  [
    'one',
    [2, 9],
    {
      scope: 'domains',
      why: 'pull request #9 has the same head, is open, and uses this branch too',
    },
  ],
  [
    'two',
    [9, 2, 10],
    {
      scope: 'domains',
      why: 'pull requests #9, #10 have the same head, are open, and use this branch too',
    },
  ],
])(
  'removes only domains if other open pull requests have the same head: %s',
  async (_, open, scope) => {
    const repo = { id: 1, full_name: 'acme/shop' }
    const data = open.map((number) => ({
      number,
      state: 'open',
      head: { ref: 'changes', repo },
      base: { ref: 'main', repo },
    }))
    const github = { repository: 'acme/shop', call: async () => ({ data, headers: {} }) }
    expect(await closeScope(owned, { number: 2 }, github as unknown as GitHub)).toEqual(scope)
  },
)

it.each([
  [
    'stops if the list of pull requests lacks the closed one',
    'changes',
    [9],
    /lacks #2\nFix: set `branch`$/,
  ],
  ['stops if that list is empty', 'changes', [], /lacks #2/],
  ['expects no pull request with another head in that list', 'other', [], undefined],
])('unknown is not none: %s', async (_, headRef, closed, failure) => {
  const repo = { id: 1, full_name: 'acme/shop' }
  const head = { ref: 'changes', repo }
  const data = closed.map((number) => ({
    number,
    state: 'closed',
    head,
    base: { ref: 'main', repo },
  }))
  const github = {
    repository: 'acme/shop',
    call: async () => ({ data, headers: {} }),
  } as unknown as GitHub
  const scope = closeScope(owned, { number: 2, headRef, isSameRepository: true }, github)
  if (failure) await expect(scope).rejects.toThrow(failure)
  else expect(await scope).toEqual({ scope: 'branch' })
})

it('trusts a list without the closed pull request if another query shows that all are closed', async () => {
  const closed = { number: 2, state: 'CLOSED', isCrossRepository: false, headRef: null }
  const replies: unknown[] = [
    { data: [], headers: {} },
    { o0: { nodes: [] }, r0: { nodes: [closed] } },
  ]
  const github = { repository: 'acme/shop', call: async () => replies.shift() }
  const pull = { number: 2, headRef: 'changes', isSameRepository: true }
  expect(await closeScope(owned, pull, github as unknown as GitHub)).toEqual({ scope: 'branch' })
})

it("does not expect a fork's pull request among those of this repository", async () => {
  const call = async () => ({ data: [], headers: {} })
  const github = { repository: 'acme/shop', call } as unknown as GitHub
  const pull = { number: 2, headRef: 'changes', isSameRepository: false }
  expect(await closeScope(owned, pull, github)).toEqual({ scope: 'branch' })
})
