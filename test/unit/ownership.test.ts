import type { Branch } from '@neon/sdk/raw'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BranchListing, listAllBranches } from '../../src/neon/branches.ts'
import type { NeonClient } from '../../src/neon/client.ts'
import { branchNames, parseBranchName } from '../../src/preview/branch-names.ts'
import {
  annotationOf,
  conflictProblem,
  decideOwnership,
  findByInput,
  findUndecidedBranch,
  type RepositoryCheck,
  repositoriesToResolve,
  sameName,
} from '../../src/preview/branch-ownership.ts'
import { findBranch, missingBranchProblem } from '../../src/preview/find-branch.ts'
import { annotated, listedBranch } from '../branch-listing.ts'

const REPOSITORY = 'acme/shop'

const own = { number: 7, headRef: 'feat/login', isSameRepository: true }
const fork = { ...own, isSameRepository: false }
const checkRepository: RepositoryCheck = (name) =>
  sameName(name, REPOSITORY) || name === 'acme/old-shop' ? 'this' : 'other'

const decide = (branches: Branch[], annotations = {}, pull = own, check = checkRepository) =>
  decideOwnership(
    { pull, repository: REPOSITORY, checkRepository: check },
    { branches, annotations },
  )

/** Returns the claim and the name of the branch that the pull request owns, or the conflict. */
const ownedName = (...args: Parameters<typeof decide>) => {
  const decided = decide(...args)
  if (!decided) return 'none'
  return 'conflict' in decided
    ? `conflict: ${decided.conflict.branch.name}`
    : `${decided.by}: ${decided.branch.name}`
}

describe('act only on branches you own: the names of a branch', () => {
  it('are listed best first', () => {
    expect(branchNames(own).map(({ name }) => name)).toEqual([
      'preview/pr-7-feat/login',
      'preview/pr-7',
      'pr-7-feat/login',
      'pr-7',
      'preview/feat/login',
    ])
  })

  it('all contain the number if the head ref is unknown', () => {
    const names = branchNames({ number: 7, isSameRepository: true })
    expect(names.map(({ name }) => name)).toEqual(['preview/pr-7', 'pr-7'])
  })

  it.each(['pr-12', 'pr-12-fix', 'pr-8', 'pr-2147483648'])(
    "do not include that of pull request 7's git branch if it is %s",
    (headRef) => {
      const names = branchNames({ ...own, headRef }).map(({ name }) => name)
      expect(names).not.toContain(`preview/${headRef}`)
    },
  )

  it.each(['pr-7', 'pr-7-fix', 'fix-pr-8', 'pr-8x', 'pr-0', 'pr-08'])(
    "include that of pull request 7's git branch even if it is %s",
    (headRef) => {
      const names = branchNames({ ...own, headRef }).map(({ name }) => name)
      expect(names).toContain(`preview/${headRef}`)
    },
  )

  const refs = fc.oneof(
    fc.stringMatching(/^[a-z0-9][a-z0-9/_.-]{0,30}$/),
    fc.constantFrom('pr-8', 'pr-7', 'preview/x', 'pr-7-pr-8', 'a\nb', '-'),
  )
  const pulls = fc.record({
    // Small numbers too, so that a ref such as `pr-8` often has the number of another pull request.
    number: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 2_147_483_647 })),
    headRef: refs,
    isSameRepository: fc.boolean(),
  })

  it('all lead back to the number or the head ref of the pull request', () => {
    fc.assert(
      fc.property(pulls, (pull) => {
        for (const { name, by } of branchNames(pull)) {
          const claim = parseBranchName(name)
          if (claim?.by === 'number') {
            expect(claim.number).toBe(pull.number)
          } else {
            expect(claim).toEqual({ by: 'ref', headRef: pull.headRef })
            expect(by).toBe('ref')
          }
        }
      }),
    )
  })

  it('are never the same for two pull requests, except through a shared head ref', () => {
    fc.assert(
      fc.property(pulls, pulls, (a, b) => {
        fc.pre(a.number !== b.number)
        const namesOfA = new Map(branchNames(a).map(({ name, by }) => [name, by]))
        for (const { name, by } of branchNames(b)) {
          if (!namesOfA.has(name)) continue
          expect([by, namesOfA.get(name), a.headRef === b.headRef]).toEqual(['ref', 'ref', true])
        }
      }),
    )
  })

  it.each([
    'preview/pr-07',
    'preview/pr-',
    'my-preview/pr-7',
    'PR-7',
    'pr-7x',
    'preview/',
    'main',
    'pr-20240115123456',
    'pr-2147483648',
  ])('contain no pull request number: %s', (name) => {
    expect(parseBranchName(name)?.by).not.toBe('number')
  })

  it.each([1, 2_147_483_647])('contain the pull request number %i', (number) => {
    expect(parseBranchName(`pr-${number}`)).toEqual({ by: 'number', number })
  })
})

describe('act only on branches you own: the decision table', () => {
  it.each([
    [{}],
    [{ 'github-pr-number': '', 'github-commit-repo': '' }],
    [{ 'github-pr-number': 7, 'github-commit-repo': 7 }],
  ])('reads no owner in the annotation %j', (value) => {
    const annotations = { 'br-1': { object: { type: 'branch', id: 'br-1' }, value } }
    expect(annotationOf({ annotations } as unknown as BranchListing, 'br-1')).toEqual({})
  })

  it.each(['abc', '0', '7.5', '2147483648', '0x7', '7e0', '7.0', ' 7'])(
    'keeps the unreadable number %s as text',
    (number) => {
      const listed = listedBranch('preview/pr-7')
      const annotations = annotated(listed.id, number, REPOSITORY)
      expect(annotationOf({ branches: [listed], annotations }, listed.id).number).toBe(number)
    },
  )

  it('unknown is not none: stops at a numbered branch whose annotation has an unreadable number', () => {
    const listed = listedBranch('preview/pr-7')
    expect(decide([listed], annotated(listed.id, 'abc', REPOSITORY))).toMatchObject({
      conflict: { annotation: { number: 'abc' }, reason: 'unreadable_number' },
    })
  })

  it('shares a branch named after the ref, even if its annotation has an unreadable number', () => {
    const listed = listedBranch('preview/feat/login')
    expect(decide([listed], annotated(listed.id, 'abc', REPOSITORY))).toMatchObject({
      by: 'ref',
      sharedRef: 'feat/login',
    })
  })

  it('lets the annotation of this repository win over every name', () => {
    const branches = [listedBranch('preview/pr-7'), listedBranch('odd name')]
    expect(ownedName(branches, annotated('br-odd-name', 7, 'Acme/Shop'))).toBe(
      'annotation: odd name',
    )
  })

  it('ignores annotations of other owners on branches with other names', () => {
    const branches = [listedBranch('preview/pr-7'), listedBranch('odd name')]
    expect(ownedName(branches, annotated('br-odd-name', 7, 'other/repo'))).toBe(
      'number: preview/pr-7',
    )
    expect(ownedName(branches, annotated('br-odd-name', 8, REPOSITORY))).toBe(
      'number: preview/pr-7',
    )
  })

  it.each([
    ['another repository', [7, 'acme/admin']],
    ['another number', [8, REPOSITORY]],
    ['another number and no repository', [8, undefined]],
    ['another repository and no number', [undefined, 'acme/admin']],
  ] as const)('stops at a numbered branch that is annotated for %s', (_, [number, repository]) => {
    const annotation = annotated('br-preview-pr-7', number, repository)
    // Not even an unambiguous name of lower rank counts.
    const branches = [listedBranch('preview/pr-7'), listedBranch('pr-7')]
    expect(ownedName(branches, annotation)).toBe('conflict: preview/pr-7')
  })

  it.each([
    [[7, undefined]],
    [[undefined, REPOSITORY]],
    [[7, REPOSITORY]],
    [[undefined, undefined]],
  ] as const)('accepts a numbered branch whose annotation agrees: %j', ([number, repository]) => {
    const annotation = annotated('br-preview-pr-7', number, repository)
    expect(ownedName([listedBranch('preview/pr-7')], annotation)).toMatch(/^(number|annotation): /)
  })

  it('shares a branch that is named after the ref and annotated for another pull request of this repository', () => {
    const annotation = annotated('br-preview-feat-login', 9, REPOSITORY)
    expect(decide([listedBranch('preview/feat/login')], annotation)).toMatchObject({
      by: 'ref',
      sharedRef: 'feat/login',
      otherNumbers: [9],
    })
  })

  it('stops at a branch that is named after the ref and annotated for another repository', () => {
    const annotation = annotated('br-preview-feat-login', undefined, 'acme/admin')
    expect(ownedName([listedBranch('preview/feat/login')], annotation)).toBe(
      'conflict: preview/feat/login',
    )
  })

  it("never matches a branch named after a fork's git branch, but matches a fork's number", () => {
    expect(ownedName([listedBranch('preview/feat/login')], {}, fork)).toBe('none')
    expect(ownedName([listedBranch('preview/pr-7-feat/login')], {}, fork)).toBe(
      'number: preview/pr-7-feat/login',
    )
  })

  it('treats an annotated branch named after its ref as shared', () => {
    const annotation = annotated('br-preview-feat-login', 7, REPOSITORY)
    expect(decide([listedBranch('preview/feat/login')], annotation)).toMatchObject({
      by: 'annotation',
      sharedRef: 'feat/login',
    })
  })

  it.each([
    ['preview/pr-8', { otherNumbers: [8] }],
    ['preview/pr-7', {}],
    ['odd name', {}],
  ])('shares an annotated branch only if its name has another number: %s', (name, shared) => {
    const listed = listedBranch(name)
    expect(decide([listed], annotated(listed.id, 7, REPOSITORY))).toEqual({
      branch: { id: listed.id, name, isDefault: false, isProtected: false },
      by: 'annotation',
      ...shared,
    })
  })

  it('recognizes a renamed repository by its former name', () => {
    const branches = [listedBranch('odd name')]
    const annotation = annotated('br-odd-name', 7, 'acme/old-shop')
    expect(ownedName(branches, annotation)).toBe('annotation: odd name')
    const listing = { branches, annotations: annotation }
    expect(repositoriesToResolve({ pull: own, repository: REPOSITORY }, listing)).toEqual([
      'acme/old-shop',
    ])
  })

  it.each([
    ['preview/pr-7', undefined, 'acme/old-shop', ['acme/old-shop']],
    ['odd name', 7, 'acme/old-shop', ['acme/old-shop']],
    ['odd name', 7, 'Acme/Shop', []],
    ['odd name', 7, undefined, []],
    ['odd name', 8, 'acme/old-shop', []],
    ['odd name', undefined, 'acme/old-shop', []],
  ])(
    'asks GitHub about an annotated repository only if that matters: %s, annotated for %s of %s: %j',
    (name, number, repository, repositories) => {
      const listed = listedBranch(name)
      const listing = { branches: [listed], annotations: annotated(listed.id, number, repository) }
      expect(repositoriesToResolve({ pull: own, repository: REPOSITORY }, listing)).toEqual(
        repositories,
      )
    },
  )

  it.each([
    [{ number: 8, repository: 'a/b' }, 'github-pr-number: 8, github-commit-repo: a/b'],
    [{ number: 8 }, 'github-pr-number: 8'],
    [{ number: 'a\nb' }, 'github-pr-number: a b'],
    [{ repository: 'a/b' }, 'github-commit-repo: a/b'],
  ])('quotes the annotation of a conflict: %j', (annotation, quoted) => {
    const branch = { id: 'br-x', name: 'pr-7', isDefault: false, isProtected: false }
    const conflict = { branch, annotation, reason: 'other_owner' } as const
    expect(conflictProblem({ pull: own, repository: REPOSITORY }, conflict).message).toContain(
      `Annotation: ${quoted}. This run: pull request #7 of acme/shop`,
    )
  })

  it("shares a branch named after a git branch that looks like the pull request's own number", () => {
    const pull = { ...own, headRef: 'pr-7-fix' }
    expect(decide([listedBranch('preview/pr-7-fix')], {}, pull)).toMatchObject({
      by: 'ref',
      sharedRef: 'pr-7-fix',
    })
  })

  it.each([
    ['preview/pr-7', 7, 'unknown', 'unknown_repository'],
    ['preview/pr-7', 8, 'unknown', 'other_owner'],
    ['preview/pr-7', 'abc', 'unknown', 'unreadable_number'],
    ['preview/pr-7', 7, 'other', 'other_owner'],
    ['preview/pr-7', 'abc', 'other', 'other_owner'],
    ['preview/feat/login', 'abc', 'other', 'other_owner'],
    ['preview/feat/login', 'abc', 'unknown', 'unknown_repository'],
  ] as const)(
    'stops at the branch %s annotated for %s and a repository that is %s: %s',
    (name, number, check, reason) => {
      const listed = listedBranch(name)
      const annotation = annotated(listed.id, number, 'acme/old-shop')
      const decided = decide([listed], annotation, own, () =>
        check === 'unknown' ? { unresolved: 'GitHub: 502.' } : check,
      )
      expect(decided).toMatchObject({ conflict: { reason } })
    },
  )

  it.each([
    ['other_owner', /its annotation names another owner\..*give each repository its own/s],
    ['unreadable_number', /its annotation has an unreadable number\..*passed an invalid number/s],
    ['unknown_repository', /its annotation may name another owner\..*with a `github_token`/s],
  ] as const)('explains the conflict %s and how to resolve it', (reason, explanation) => {
    const branch = { id: 'br-x', name: 'pr-7', isDefault: false, isProtected: false }
    const conflict = { branch, annotation: { number: 'abc' }, reason }
    const { message } = conflictProblem({ pull: own, repository: REPOSITORY }, conflict)
    expect(message).toMatch(explanation)
    expect(message).toContain("set `branch` to this pull request's branch")
    expect(message).not.toMatch(/\n\n/)
  })

  it.each([
    [7, 'acme/older', true],
    [8, 'acme/older', false],
    [undefined, 'acme/older', false],
    [7, 'acme/admin', false],
    [7, undefined, false],
  ])(
    'cannot decide about a branch annotated for %s of %s: %s',
    (number, repository, isUndecided) => {
      const listing = {
        branches: [listedBranch('x')],
        annotations: annotated('br-x', number, repository),
      }
      const unresolved = 'GitHub: 502.'
      const check = (name: string) => (name === 'acme/older' ? { unresolved } : 'other')
      const claimant = { pull: own, repository: REPOSITORY, checkRepository: check } as const
      const annotation = { number, repository }
      const undecided = { branch: { id: 'br-x', name: 'x' }, annotation, unresolved }
      if (isUndecided) expect(findUndecidedBranch(claimant, listing)).toMatchObject(undecided)
      else expect(findUndecidedBranch(claimant, listing)).toBeUndefined()
    },
  )

  it('never guesses between two branches with an equal claim', () => {
    const branches = [listedBranch('one'), listedBranch('two')]
    const annotations = {
      ...annotated('br-one', 7, REPOSITORY),
      ...annotated('br-two', 7, REPOSITORY),
    }
    expect(() => decide(branches, annotations)).toThrow(
      /equally well.*one \(br-one\), two \(br-two\)/s,
    )
  })

  it('finds the branch in the input `branch` by exact name or ID, and stops if two branches match', () => {
    const branches = [listedBranch('staging'), listedBranch('other', { id: 'br-cool-sun-1234' })]
    expect(findByInput('staging', branches)?.branch.id).toBe('br-staging')
    expect(findByInput('br-cool-sun-1234', branches)?.branch.name).toBe('other')
    expect(findByInput('stag', branches)).toBeUndefined()
    const ambiguous = [...branches, listedBranch('br-cool-sun-1234', { id: 'br-x' })]
    expect(() => findByInput('br-cool-sun-1234', ambiguous)).toThrow(/equally well/)
  })

  it("recognizes the default branch by Neon's deprecated field too", () => {
    const old = { ...listedBranch('main'), default: undefined, primary: true } as unknown as Branch
    expect(findByInput('main', [old])?.branch.isDefault).toBe(true)
  })
})

describe('listing the branches', () => {
  const mockPages = (...pages: { names: string[]; next?: string }[]) => {
    const queries: object[] = []
    const listBranches = async (query: object) => {
      queries.push(query)
      const { names = [], next } = pages[queries.length - 1] ?? {}
      const annotations = annotated(`br-${names[0]}`, queries.length, REPOSITORY)
      return {
        branches: names.map((name) => listedBranch(name)),
        annotations,
        ...(next && { next }),
      }
    }
    return { queries, neon: { projectId: 'p1', listBranches } as unknown as NeonClient }
  }
  const stableOrder = { limit: 10_000, sort_by: 'created_at', sort_order: 'asc' }

  it('follows the cursor in an order that new branches do not change', async () => {
    const { queries, neon } = mockPages({ names: ['a'], next: 'c1' }, { names: ['b'] })
    const { branches, annotations } = await listAllBranches(neon)
    expect(branches.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(Object.keys(annotations)).toEqual(['br-a', 'br-b'])
    expect(queries).toEqual([stableOrder, { ...stableOrder, cursor: 'c1' }])
  })

  it('finds a branch that is on a later page', async () => {
    const { neon } = mockPages({ names: ['x'], next: 'c1' }, { names: ['pr-7'] })
    const { owned } = await findBranch({ named: 'pr-7' }, { neon, github: undefined })
    expect(owned?.branch.name).toBe('pr-7')
  })
})

describe('fail loudly, explain fully: a missing branch', () => {
  it('is reported with the names tried and the five most similar names, best first', () => {
    const names = ['main', 'preview/pr-70', 'pr-7-x', 'preview/pr-9', 'zzzzzzzzzzzzzzzz', 'pr-77']
    const branches = names.map((name) => listedBranch(name))
    const { message } = missingBranchProblem(
      { pull: own, repository: REPOSITORY },
      { listed: branches },
    )
    expect(message).toContain(
      'Looked for: a branch annotated with its number; preview/pr-7-feat/login, ',
    )
    const similar = /Nearest of the 6 branches there: (.*)/.exec(message)?.[1]?.split(', ')
    expect(similar).toEqual(['preview/pr-70', 'preview/pr-9', 'pr-77', 'pr-7-x', 'main'])
    expect(missingBranchProblem({ named: 'mian' }, { listed: branches }).message).toMatch(
      /Looked for: mian\nNearest of the 6 branches there: main, /,
    )
    expect(missingBranchProblem({ named: 'mian' }, { listed: [] }).message).toContain(
      'there: (none)',
    )
  })

  it('names a branch that may be the right one', () => {
    const undecided = {
      branch: { id: 'br-x', name: 'x', isDefault: false, isProtected: false },
      annotation: { number: 7, repository: 'acme/older' },
      unresolved: 'GitHub: 502.',
    }
    expect(missingBranchProblem({ named: 'mian' }, { listed: [], undecided }).message).toMatch(
      /\nx \(br-x\) is annotated with the number of this pull request and the repository acme\/older, which may be an .*\nGitHub: 502\.$/m,
    )
  })
})
