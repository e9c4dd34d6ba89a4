import { describe, expect, it } from 'vitest'
import type { GitHub } from '../../src/github/client.ts'
import type { PullRequestState, RefState } from '../../src/github/endpoints/pull-requests.ts'
import { type BranchAnnotation, sameName } from '../../src/preview/branch-ownership.ts'
import { closeScope } from '../../src/preview/close-scope.ts'
import {
  describeClosedOwners,
  isLeftBehind,
  refreshOwnerStates,
  type SweepCandidate,
  toSweepCandidate,
} from '../../src/preview/sweep-candidates.ts'

const REPOSITORY = 'acme/shop'
const branch = (name: string) => ({ id: 'br-1', name, isDefault: false, isProtected: false })
const candidate = (name: string, annotation: BranchAnnotation = {}) =>
  toSweepCandidate(branch(name), annotation, (repository) => {
    if (repository === 'acme/older') return { unresolved: 'GitHub: 502.' }
    return sameName(repository, REPOSITORY) ? 'this' : 'other'
  })

describe('act only on branches you own: the possible owners of a branch in a sweep', () => {
  it.each<[string, BranchAnnotation, Omit<SweepCandidate, 'branch'> | undefined]>([
    ['pr-7', {}, { numbers: [7], isAnnotated: false }],
    ['pr-7', { number: 7 }, { numbers: [7], isAnnotated: false }],
    ['pr-7', { repository: REPOSITORY }, { numbers: [7], isAnnotated: false }],
    ['pr-7', { number: 7, repository: REPOSITORY }, { numbers: [7], isAnnotated: true }],
    ['pr-7', { number: 8, repository: REPOSITORY }, { numbers: [8, 7], isAnnotated: true }],
    ['pr-7', { number: 8 }, undefined],
    ['pr-7', { number: '0', repository: REPOSITORY }, undefined],
    ['preview/x', { number: 'abc', repository: REPOSITORY }, undefined],
    ['preview/x', { number: 'abc' }, undefined],
    ['pr-7', { repository: 'acme/admin' }, undefined],
    ['pr-7', { repository: 'acme/older' }, undefined],
    ['preview/x', {}, { numbers: [], ref: 'x', isAnnotated: false }],
    ['preview/x', { number: 9 }, { numbers: [], ref: 'x', isAnnotated: false }],
    [
      'preview/x',
      { number: 9, repository: REPOSITORY },
      { numbers: [9], ref: 'x', isAnnotated: true },
    ],
    ['odd name', {}, undefined],
    ['odd name', { number: 9 }, undefined],
    ['odd name', { repository: REPOSITORY }, undefined],
    ['odd name', { number: 9, repository: REPOSITORY }, { numbers: [9], isAnnotated: true }],
    ['odd name', { number: 'abc', repository: REPOSITORY }, undefined],
  ])('%s, annotated %j', (name, annotation, expected) => {
    expect(candidate(name, annotation)).toEqual(expected && { branch: branch(name), ...expected })
  })
})

describe('unknown is not none: whether a branch is left behind', () => {
  const closed: PullRequestState = { state: 'closed', headRef: 'x' }
  const open: PullRequestState = { state: 'open', headRef: 'x' }
  const of9 = { number: 9, repository: REPOSITORY }
  const of8 = { number: 8, repository: REPOSITORY }
  it.each<
    [string, BranchAnnotation, Record<number, PullRequestState>, RefState | undefined, boolean]
  >([
    ['pr-7', {}, { 7: closed }, undefined, true],
    ['pr-7', {}, { 7: open }, undefined, false],
    ['pr-7', {}, {}, undefined, false],
    ['pr-7-x', {}, { 7: closed }, undefined, true],
    ['pr-7-x-2', {}, { 7: closed }, undefined, false],
    ['preview/pr-7-x', {}, { 7: { ...closed, headRef: 'pr-7-x' } }, undefined, false],
    ['pr-7-x-2', { number: 7, repository: REPOSITORY }, { 7: closed }, undefined, true],
    ['pr-7', of8, { 7: closed, 8: closed }, undefined, true],
    ['pr-7', of8, { 7: open, 8: closed }, undefined, false],
    ['pr-7', of8, { 7: closed, 8: open }, undefined, false],
    ['preview/x', {}, {}, 'closed', true],
    ['preview/x', {}, {}, 'open', false],
    ['preview/x', {}, {}, 'long-lived', false],
    ['preview/x', {}, {}, undefined, false],
    ['preview/x', of9, { 9: closed }, 'closed', true],
    ['preview/x', of9, { 9: closed }, 'long-lived', true],
    ['preview/x', of9, { 9: closed }, 'open', false],
    ['preview/x', of9, { 9: closed }, undefined, false],
    ['preview/x', of9, { 9: open }, 'closed', false],
    ['preview/x', of9, {}, 'closed', false],
  ])(
    '%s, annotated %j, with pull requests %j and its ref %s: %s',
    (name, annotation, pulls, ref, isLeft) => {
      const byNumber = new Map(
        Object.entries(pulls).map(([number, pull]) => [Number(number), pull]),
      )
      const byRef = new Map(ref === undefined ? [] : [['x', ref]])
      const found = candidate(name, annotation) as SweepCandidate
      expect(isLeftBehind(found, { byNumber, byRef })).toBe(isLeft)
    },
  )
})

it.each<[string, BranchAnnotation, string]>([
  ['pr-7', {}, 'pull request #7 is closed'],
  ['pr-7', { number: 8, repository: REPOSITORY }, 'pull requests #8 and #7 are closed'],
  ['preview/x', {}, 'the pull request of x is closed'],
])('names the owners of %s, annotated %j', (name, annotation, expected) => {
  expect(describeClosedOwners(candidate(name, annotation) as SweepCandidate)).toBe(expected)
})

it('one deadline covers everything: a timeout of a request to GitHub ends a close or a sweep', async () => {
  const timeout = new Error('the time is up')
  const github = new Proxy({} as GitHub, {
    get: () => {
      throw timeout
    },
  })
  const owned = { branch: branch('preview/x'), by: 'ref', sharedRef: 'x' } as const
  await expect(closeScope(owned, { number: 7 }, github)).rejects.toBe(timeout)
  await expect(refreshOwnerStates(candidate('pr-7') as SweepCandidate, github)).rejects.toBe(
    timeout,
  )
})
