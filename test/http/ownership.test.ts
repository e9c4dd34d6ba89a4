import { describe, expect, it } from 'vitest'
import { REPOSITORY } from '../payloads.ts'
import {
  branch,
  CLOSED,
  domains,
  error,
  integration,
  neon,
  OPENED,
  type Reply,
  runAction,
  useNock,
  writes,
} from './harness.ts'
import { type GitHubState, mockGitHub, type PullState, TOKEN } from './mock-github.ts'

useNock()

const DELETE_DATA = { ...TOKEN, delete_data: 'true' }

type Annotation = Record<string, string>

/** Mocks one list of these branches with their annotations. */
const mockAnnotated = (...listed: (readonly [{ id: string }, (Annotation | undefined)?])[]) => {
  const annotations = listed.flatMap(([{ id }, value]) =>
    value ? [[id, { object: { type: 'branch', id }, value }] as const] : [],
  )
  const branches = listed.map(([branch]) => branch)
  const body = { branches, annotations: Object.fromEntries(annotations), pagination: {} }
  neon('get', '/branches', [200, body])
}

/** Mocks one list of these branches, the first with this annotation. */
const mockList = (
  annotation: Annotation | undefined,
  first: { id: string },
  ...others: { id: string }[]
) => mockAnnotated([first, annotation], ...others.map((other) => [other] as const))

const namedAfterRef = () => branch({ name: 'preview/changes' })
const mockReadOn = () => neon('get', '/auth', [200, integration()])

describe('act only on branches you own: a run', () => {
  it.each([
    ['another repository', { 'github-commit-repo': 'acme/admin' }],
    ['another number', { 'github-commit-repo': REPOSITORY, 'github-pr-number': '8' }],
  ])(
    'never closes a branch whose annotation names %s, even if its name matches',
    async (_, value) => {
      mockGitHub({ 2: { state: 'closed' } })
      mockList(value, branch())
      const { failure, journal } = await runAction(CLOSED, DELETE_DATA)
      expect(failure).toMatch(/Nothing was changed[\s\S]*Annotation: .*[\s\S]*set `branch`/)
      expect(journal.branch).toBeUndefined()
      expect(writes()).toEqual([])
    },
  )

  it.each([
    ['GitHub does not answer', TOKEN, 'GitHub: 403, '],
    ['there is no token', {}, 'GitHub was not asked, because the run has no `github_token`.'],
  ])(
    'fails if the annotation may contain a former name of the repository, and %s',
    async (_, inputs, quoted) => {
      const gitHub = mockGitHub({ 2: { state: 'closed' } })
      gitHub.refusedPaths = /^\/repos\//
      mockList(
        { 'github-commit-repo': 'acme/older', 'github-pr-number': '2' },
        branch({ name: 'feature' }),
      )
      const { failure } = await runAction(CLOSED, inputs)
      expect(failure).toMatch(/Nothing was changed: .*feature[\s\S]*acme\/older[\s\S]*set `branch`/)
      expect(failure).toContain(quoted)
      expect(writes()).toEqual([])
    },
  )

  describe('a branch whose annotation may have a former name of the repository', () => {
    const OLD = { 'github-commit-repo': 'acme/older', 'github-pr-number': '2' }
    const mockBoth = () => mockList(OLD, branch({ id: 'br-old', name: 'feature' }), branch())

    it('stops a run that GitHub does not answer, because the annotation would win over the name', async () => {
      mockGitHub({ 2: { state: 'closed' } }).refusedPaths = /^\/repos\/acme\/older$/
      mockBoth()
      const { failure } = await runAction(CLOSED, DELETE_DATA)
      expect(failure).toMatch(
        /Nothing was changed: .*feature \(br-old\)[\s\S]*acme\/older\.\nGitHub: 403/,
      )
      expect(writes()).toEqual([])
    })

    it('does not stop a run whose own branch is annotated with the current name', async () => {
      mockGitHub({ 2: { state: 'closed' } }).refusedPaths = /^\/repos\/acme\/older$/
      mockAnnotated(
        [branch({ id: 'br-old', name: 'feature' }), OLD],
        [branch({ name: 'own' }), { ...OLD, 'github-commit-repo': REPOSITORY }],
      )
      neon('get', '/auth', [404, { message: 'not found' }])
      const { report, failure } = await runAction(CLOSED, TOKEN)
      expect(failure).toBe('')
      expect(report).toMatchObject({ action: 'already_gone', branch: { name: 'own' } })
    })

    it('does not stop a run that skips a closed pull request', async () => {
      mockGitHub({ 2: { state: 'closed' } }).refusedPaths = /^\/repos\/acme\/older$/
      mockBoth()
      const { report } = await runAction(OPENED, TOKEN)
      expect(report).toMatchObject({ action: 'skipped' })
    })

    it.each([
      ['GitHub does not show that repository', TOKEN],
      ['there is no token', {}],
    ])('does not hide the branch with the right name if %s', async (_, inputs) => {
      mockGitHub({ 2: { state: 'closed' } })
      mockBoth()
      neon('get', '/auth', [200, integration()])
      neon('delete', '/auth', [200])
      const { report } = await runAction(CLOSED, inputs)
      expect(report).toMatchObject({ action: 'disabled', branch: { id: branch().id } })
    })
  })

  it('does not enable auth on a branch of another repository', async () => {
    mockGitHub()
    mockList({ 'github-commit-repo': 'acme/admin' }, branch())
    const { failure } = await runAction(OPENED, {
      ...TOKEN,
      trusted_domains: 'https://a.example.com',
    })
    expect(failure).toMatch(/Nothing was changed/)
    expect(writes()).toEqual([])
  })
})

describe('act only on branches you own: closing a shared branch', () => {
  const closeShared = async (state: Partial<GitHubState>, inputs = {}) => {
    Object.assign(mockGitHub({ 2: { state: 'closed' } }), state)
    mockList(undefined, namedAfterRef())
    return runAction(CLOSED, {
      ...DELETE_DATA,
      trusted_domains: 'https://pr-2.example.com',
      ...inputs,
    })
  }

  it.each<PullState>([{ state: 'closed' }, { state: 'closed', merged: true }])(
    'deletes the data if only this pull request has this head: %j',
    async (pull) => {
      mockReadOn()
      neon('delete', '/auth', [200])
      const { report } = await closeShared({ pulls: { 2: pull } })
      expect(report?.action).toBe('disabled')
      expect(writes()).toEqual(['DELETE /auth {"delete_data":true}'])
    },
  )

  it("removes only this pull request's domains if another open one has the same head", async () => {
    mockReadOn()
    neon('get', '/auth/domains', domains('https://pr-2.example.com', 'https://pr-9.example.com'))
    neon('delete', '/auth/domains', [200])
    mockReadOn()
    neon('get', '/auth/domains', domains('https://pr-9.example.com'))
    const { report, log } = await closeShared({
      pulls: { 2: { state: 'closed' }, 9: { state: 'open' } },
    })
    expect(report?.action).toBe('untrusted')
    expect(report?.note).toContain('#9')
    expect(log).toContain('#9')
    expect(writes()).toEqual([expect.stringMatching(/^DELETE \/auth\/domains .*pr-2/)])
  })

  const SHARED = { pulls: { 2: { state: 'closed' }, 9: { state: 'open' } } } as const

  it('says that it knows no domain to remove, without naming an input that is unset', async () => {
    mockReadOn()
    neon('get', '/auth/domains', domains('https://pr-9.example.com'))
    const { report } = await closeShared(SHARED, { trusted_domains: '' })
    expect(report?.note).toMatch(/^Only this pull request's domains .*#9.*No domain was removed/)
    expect(report?.note).not.toContain('on_close')
    expect(writes()).toEqual([])
  })

  it('gone is done: does not suggest dropping the schema of a branch that others use', async () => {
    neon('get', '/auth', [404, error('Neon Auth is not enabled')])
    neon('get', '/auth/domains', [404, error('Neon Auth is not enabled')])
    const { report, log } = await closeShared(SHARED, { on_orphan_schema: 'restore' })
    expect(report?.action).toBe('already_gone')
    expect(report?.note).toMatch(/^Only this pull request's domains .*#9.*Auth was already off/)
    expect(log).not.toMatch(/stays on|DROP SCHEMA|warning/)
  })

  it('only warns about an incomplete domain, because `on_close` is `disable`', async () => {
    mockReadOn()
    neon('get', '/auth/domains', domains('https://pr-9.example.com'))
    const pulls = { 2: { state: 'closed' }, 9: { state: 'open' } } as const
    const { report, log } = await closeShared({ pulls }, { trusted_domains: 'https://' })
    expect(report?.action).toBe('untrusted')
    expect(log).toContain('warning: `trusted_domains`: "https://": there is no host')
  })

  it("does not count a fork's pull request with the same ref", async () => {
    mockReadOn()
    neon('delete', '/auth', [200])
    const pulls = { 2: { state: 'closed' }, 9: { state: 'open', fork: true } } as const
    expect((await closeShared({ pulls })).report?.action).toBe('disabled')
  })

  it.each<[string, Partial<GitHubState>]>([
    ['is the default branch', { defaultBranch: 'changes' }],
    ['is protected', { gitBranches: { changes: true } }],
    [
      'is the base of an open pull request',
      { pulls: { 2: { state: 'closed' }, 9: { state: 'open', ref: 'x', base: 'changes' } } },
    ],
    [
      'was the head of an earlier merged pull request',
      { pulls: { 2: { state: 'closed' }, 1: { state: 'closed', merged: true } } },
    ],
  ])('leaves auth on if the ref %s', async (_, state) => {
    mockReadOn()
    neon('get', '/auth/domains', domains('https://other.example.com'))
    const { report } = await closeShared(state)
    expect(report?.action).toBe('untrusted')
    expect(report?.note).toContain('is long-lived')
    expect(writes()).toEqual([])
  })

  it.each([/pulls$/, /branches/, /^\/$/])(
    'changes nothing if GitHub refuses %s, and names the permission',
    async (refusedPaths) => {
      const { failure } = await closeShared({ refusedPaths })
      expect(failure).toMatch(
        /may belong to other open pull requests[\s\S]*GitHub: .*403[\s\S]*pull-requests: read[\s\S]*contents: read/,
      )
      expect(writes()).toEqual([])
    },
  )

  it('changes nothing without a token', async () => {
    const { failure } = await closeShared({}, { github_token: '' })
    expect(failure).toMatch(/may belong to other open pull requests[\s\S]*github_token/)
    expect(writes()).toEqual([])
  })

  it('does not call GitHub if the input `branch` names the branch', async () => {
    mockReadOn()
    neon('delete', '/auth', [200])
    const { report } = await closeShared({ refusedPaths: /./ }, { branch: 'preview/changes' })
    expect(report?.action).toBe('disabled')
  })

  it('counts the pull request in the annotation of the branch as an owner too', async () => {
    mockGitHub({ 2: { state: 'closed' }, 9: { state: 'open', ref: 'renamed' } })
    mockList({ 'github-commit-repo': REPOSITORY, 'github-pr-number': '9' }, namedAfterRef())
    mockReadOn()
    neon('get', '/auth/domains', domains())
    const { report } = await runAction(CLOSED, DELETE_DATA)
    expect(report).toMatchObject({ action: 'untrusted', changes: [] })
  })

  it.each(['open', 'closed'] as const)(
    'also checks the pull request in the name of an annotated branch, and no other (%s)',
    async (state) => {
      const gitHub = mockGitHub({ 2: { state: 'closed' }, 9: { state, ref: 'renamed' } })
      gitHub.refusedPaths = /pulls$/
      const value = { 'github-commit-repo': REPOSITORY, 'github-pr-number': '2' }
      mockList(value, branch({ name: 'preview/pr-9' }))
      mockReadOn()
      if (state === 'open') neon('get', '/auth/domains', domains())
      else neon('delete', '/auth', [200])
      const { report } = await runAction(CLOSED, DELETE_DATA)
      expect(report?.action).toBe(state === 'open' ? 'untrusted' : 'disabled')
    },
  )

  it('disables auth on a branch whose annotation names the pull request, even if the git branch is long-lived', async () => {
    const gitHub = mockGitHub({ 2: { state: 'closed', merged: true } })
    Object.assign(gitHub, { defaultBranch: 'changes', refusedPaths: /branches/ })
    mockList({ 'github-commit-repo': REPOSITORY, 'github-pr-number': '2' }, namedAfterRef())
    mockReadOn()
    neon('delete', '/auth', [200])
    const { report } = await runAction(CLOSED, DELETE_DATA)
    expect(report?.action).toBe('disabled')
  })

  it('names every open pull request that shares the branch', async () => {
    mockReadOn()
    neon('get', '/auth/domains', domains())
    const pulls = { 2: { state: 'closed' }, 8: { state: 'open' }, 9: { state: 'open' } } as const
    expect((await closeShared({ pulls })).report?.note).toContain(
      'pull requests #8, #9 have the same',
    )
  })
})

describe('check again right before you remove: closing', () => {
  const mockClose = () => {
    const gitHub = mockGitHub({ 2: { state: 'closed' } })
    mockList(undefined, branch())
    mockReadOn()
    return gitHub
  }

  it('stops before a repeat if the pull request was reopened', async () => {
    const gitHub = mockClose()
    neon('delete', '/auth', [423, () => Object.assign(gitHub.pulls, { 2: { state: 'open' } })])
    const { report } = await runAction(CLOSED, DELETE_DATA)
    expect(report).toMatchObject({
      action: 'skipped',
      skipped: { reason: 'pull_request_reopened' },
    })
    expect(writes()).toHaveLength(1)
  })

  it('leaves auth on if another pull request with the same head opens before a repeat', async () => {
    const gitHub = mockGitHub({ 2: { state: 'closed' } })
    mockList(undefined, namedAfterRef())
    mockReadOn()
    neon('delete', '/auth', [423, () => Object.assign(gitHub.pulls, { 9: { state: 'open' } })])
    mockReadOn()
    neon('get', '/auth/domains', domains())
    const { report } = await runAction(CLOSED, DELETE_DATA)
    expect(report).toMatchObject({ action: 'untrusted', changes: [] })
    expect(report?.note).toContain('#9 has the same head')
    expect(writes()).toHaveLength(1)
  })

  it('stops before a repeat if GitHub refuses to show the pull request', async () => {
    const gitHub = mockClose()
    neon('delete', '/auth', [423, () => Object.assign(gitHub, { refusedPaths: /./ })])
    const { failure } = await runAction(CLOSED, DELETE_DATA)
    expect(failure).toMatch(/could not confirm that pull request #2 is still closed[\s\S]*403/)
    expect(writes()).toHaveLength(1)
  })

  it('stops before a repeat without a token', async () => {
    mockClose()
    neon('delete', '/auth', [423, error('locked')])
    const { failure } = await runAction(CLOSED, { delete_data: 'true' })
    expect(failure).toMatch(/could not confirm[\s\S]*github_token/)
    expect(writes()).toHaveLength(1)
  })

  it('never deletes the auth that another run enabled after a lost response', async () => {
    mockClose()
    neon('delete', '/auth', [502, 'bad gateway'])
    const newer: Reply = [200, integration({ created_at: '2026-11-25T10:00:00Z' })]
    neon('get', '/auth', newer, newer)
    const { failure } = await runAction(CLOSED, DELETE_DATA)
    expect(failure).toMatch(/disabled and enabled again/)
    expect(writes()).toHaveLength(1)
  })
})
