import type { Branch } from '@neon/sdk/raw'
import { describe, expect, it } from 'vitest'
import { listAll } from '../../src/neon/branches.ts'
import type { NeonClient } from '../../src/neon/client.ts'
import {
  branchMissing,
  branchNames,
  findBranch,
  pickBranch,
} from '../../src/preview/find-branch.ts'

const branch = (name: string, more: Partial<Branch> = {}): Branch =>
  ({
    id: `br-${name.replace(/\W/g, '-')}`,
    name,
    default: false,
    protected: false,
    ...more,
  }) as Branch

const annotated = (id: string, number: number, repository: string) => ({
  [id]: {
    object: { type: 'branch', id },
    value: { 'github-pr-number': String(number), 'github-commit-repo': repository },
  },
})

const own = { number: 7, headRef: 'feature', sameRepository: true }
const wanted = { pullRequest: own, repository: 'acme/shop' }
const listing = (branches: Branch[], annotations = {}) => ({ branches, annotations })

describe('section 4: finding the branch', () => {
  it('tries the conventions in their order', () => {
    expect(branchNames(own)).toEqual([
      'preview/pr-7-feature',
      'preview/pr-7',
      'pr-7-feature',
      'pr-7',
      'preview/feature',
    ])
  })

  it('lets the annotation of this repository win over every name', () => {
    const there = [branch('preview/pr-7'), branch('odd name')]
    expect(pickBranch(wanted, listing(there, annotated('br-odd-name', 7, 'Acme/Shop')))?.name).toBe(
      'odd name',
    )
    expect(
      pickBranch(wanted, listing(there, annotated('br-odd-name', 7, 'other/repo')))?.name,
    ).toBe('preview/pr-7')
    expect(pickBranch(wanted, listing(there, annotated('br-odd-name', 8, 'acme/shop')))?.name).toBe(
      'preview/pr-7',
    )
  })

  it('matches names exactly: never a part, never another case', () => {
    const there = [branch('preview/pr-77'), branch('preview/PR-7'), branch('my-preview/pr-7')]
    expect(pickBranch(wanted, listing(there))).toBeUndefined()
  })

  it("never reaches another pull request's branch from a fork that carries the same ref", () => {
    const there = [branch('preview/feature')]
    expect(pickBranch(wanted, listing(there))?.name).toBe('preview/feature')
    const fork = { ...wanted, pullRequest: { ...own, sameRepository: false } }
    expect(pickBranch(fork, listing(there))).toBeUndefined()
  })

  it("never reads a git branch named pr-8 as pull request 8's Neon branch", () => {
    const sly = { ...wanted, pullRequest: { ...own, headRef: 'pr-8' } }
    expect(pickBranch(sly, listing([branch('preview/pr-8')]))).toBeUndefined()
    expect(branchNames({ ...own, headRef: 'pr-7-fix' })).toContain('preview/pr-7-fix')
  })

  it('never guesses between two with an equal claim', () => {
    const there = [branch('one'), branch('two')]
    const both = { ...annotated('br-one', 7, 'acme/shop'), ...annotated('br-two', 7, 'acme/shop') }
    expect(() => pickBranch(wanted, listing(there, both))).toThrow(
      /equal claim.*one \(br-one\), two \(br-two\)/s,
    )
  })

  it('takes an explicit branch by exact name or id, and tells a clash of both', () => {
    const there = [branch('staging'), branch('other', { id: 'br-cool-sun-1234' })]
    expect(pickBranch({ branch: 'staging' }, listing(there))?.id).toBe('br-staging')
    expect(pickBranch({ branch: 'br-cool-sun-1234' }, listing(there))?.name).toBe('other')
    expect(pickBranch({ branch: 'stag' }, listing(there))).toBeUndefined()
    const clash = [...there, branch('br-cool-sun-1234', { id: 'br-x' })]
    expect(() => pickBranch({ branch: 'br-cool-sun-1234' }, listing(clash))).toThrow(/equal claim/)
  })

  it('sees the default branch under its old name too', () => {
    const old = { ...branch('main'), default: undefined, primary: true } as unknown as Branch
    expect(pickBranch({ branch: 'main' }, listing([old]))?.isDefault).toBe(true)
  })
})

describe('section 4: which names count', () => {
  it('without a git branch, only those of the number', () => {
    expect(branchNames({ number: 7, sameRepository: true })).toEqual(['preview/pr-7', 'pr-7'])
  })

  it("without being the repository's own, only those with the number", () => {
    expect(branchNames({ ...own, sameRepository: false })).toEqual([
      'preview/pr-7-feature',
      'preview/pr-7',
      'pr-7-feature',
      'pr-7',
    ])
  })

  it.each([
    ['pr-12', false],
    ['pr-12-fix', false],
    ['pr-7', true],
    ['fix-pr-8', true],
    ['pr-8x', true],
  ])('a git branch %s of pull request 7 names a branch: %s', (headRef, counts) => {
    expect(branchNames({ ...own, headRef }).includes(`preview/${headRef}`)).toBe(counts)
  })
})

describe('section 4: listing the branches', () => {
  const paging = (...pages: { names: string[]; next?: string }[]) => {
    const queries: object[] = []
    const listBranches = async (query: object) => {
      queries.push(query)
      const { names = [], next } = pages[queries.length - 1] ?? {}
      const id = `br-${names[0]}`
      const annotations = annotated(id, queries.length, 'acme/shop')
      return { branches: names.map((name) => branch(name)), annotations, ...(next && { next }) }
    }
    return { queries, neon: { projectId: 'p1', listBranches } as unknown as NeonClient }
  }
  const stable = { limit: 10_000, sort_by: 'created_at', sort_order: 'asc' }

  it('follows the cursor in an order that new branches do not disturb', async () => {
    const { queries, neon } = paging({ names: ['a'], next: 'c1' }, { names: ['b'] })
    const { branches, annotations } = await listAll(neon)
    expect(branches.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(Object.keys(annotations)).toEqual(['br-a', 'br-b'])
    expect(queries).toEqual([stable, { ...stable, cursor: 'c1' }])
  })

  it('searches for a branch that is named, and reads all for a pull request', async () => {
    const byName = paging({ names: ['staging'] })
    expect((await findBranch(byName.neon, { branch: 'staging' }))?.name).toBe('staging')
    expect(byName.queries).toEqual([{ ...stable, search: 'staging' }])
    const byPull = paging({ names: ['pr-7'] })
    expect((await findBranch(byPull.neon, wanted))?.name).toBe('pr-7')
    expect(byPull.queries).toEqual([stable])
  })
})

describe('rule 9: a branch that is not there', () => {
  it('is told with what was looked for and the five nearest names, nearest first', async () => {
    const names = ['main', 'preview/pr-70', 'pr-7-x', 'preview/pr-9', 'zzzzzzzzzzzzzzzz', 'pr-77']
    const neon = {
      projectId: 'p1',
      listBranches: async () => ({ branches: names.map((name) => branch(name)), annotations: {} }),
    } as unknown as NeonClient
    const { message } = await branchMissing(neon, wanted)
    expect(message).toContain(
      'Looked for: a branch annotated with its number; preview/pr-7-feature, ',
    )
    expect(message).toContain('Nearest of the 6 there: ')
    const near = /Nearest of the 6 there: (.*)/.exec(message)?.[1]?.split(', ')
    expect(near).toHaveLength(5)
    expect(near?.slice(0, 3).sort()).toEqual(['pr-77', 'preview/pr-70', 'preview/pr-9'])
    expect(near).not.toContain('zzzzzzzzzzzzzzzz')
    const byName = await branchMissing(neon, { branch: 'mian' })
    expect(byName.message).toMatch(/Looked for: mian\nNearest of the 6 there: main, /)
  })

  it('is told so in a project without any', async () => {
    const listBranches = async () => ({ branches: [], annotations: {} })
    const neon = { projectId: 'p1', listBranches } as unknown as NeonClient
    expect((await branchMissing(neon, wanted)).message).toContain('Nearest of the 0 there: (none)')
  })
})
