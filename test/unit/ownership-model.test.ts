import type { Branch } from '@neon/sdk/raw'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Problem } from '../../src/core/problem.ts'
import type { GitHub } from '../../src/github/client.ts'
import type { RefState } from '../../src/github/endpoints/pull-requests.ts'
import { toFoundBranch } from '../../src/neon/branches.ts'
import { branchNames } from '../../src/preview/branch-names.ts'
import {
  annotationOf,
  decideOwnership,
  type RepositoryCheck,
} from '../../src/preview/branch-ownership.ts'
import { closeScope } from '../../src/preview/close-scope.ts'
import { isLeftBehind, toSweepCandidate } from '../../src/preview/sweep-candidates.ts'
import { annotated, listedBranch } from '../branch-listing.ts'

const REPOSITORY = 'acme/shop'
/** How many random states to try. For the full campaign, set OWNERSHIP_RUNS=1000000. */
const RUNS = Number(process.env['OWNERSHIP_RUNS'] ?? 20_000)

interface Pull {
  readonly number: number
  readonly ref: string
  readonly isOpen: boolean
  readonly isMerged: boolean
  readonly isFork: boolean
}

interface NeonBranch {
  readonly id: string
  readonly name: string
  readonly number?: number | undefined
  readonly repository?: string | undefined
}

interface State {
  readonly pulls: readonly Pull[]
  readonly branches: readonly NeonBranch[]
  readonly protectedRef: string
}

const REFS = ['login', 'develop', 'master', 'pr-2', 'pr-1-login']
const numbers = fc.integer({ min: 1, max: 4 })
const pulls = fc.uniqueArray(
  fc.record({
    number: numbers,
    ref: fc.constantFrom(...REFS),
    isOpen: fc.boolean(),
    isMerged: fc.boolean(),
    isFork: fc.boolean(),
  }),
  { selector: ({ number }) => number, minLength: 1, maxLength: 4 },
)
const names = fc.oneof(
  fc.tuple(numbers, fc.constantFrom(...REFS)).map(([n, ref]) => `preview/pr-${n}-${ref}`),
  numbers.map((n) => `preview/pr-${n}`),
  fc.tuple(numbers, fc.constantFrom(...REFS)).map(([n, ref]) => `pr-${n}-${ref}`),
  numbers.map((n) => `pr-${n}`),
  fc.constantFrom(...REFS).map((ref) => `preview/${ref}`),
  fc.constantFrom('main', 'odd'),
)
const branches = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 99 }).map((n) => `br-${n}`),
    name: names,
    number: fc.option(numbers, { nil: undefined }),
    repository: fc.option(fc.constantFrom(REPOSITORY, 'Acme/Shop', 'acme/old', 'acme/admin'), {
      nil: undefined,
    }),
  }),
  { selector: ({ name }) => name, maxLength: 4 },
)
const states: fc.Arbitrary<State> = fc
  .record({ pulls, branches, protectedRef: fc.constantFrom(...REFS) })
  .filter(({ branches: all }) => new Set(all.map(({ id }) => id)).size === all.length)

/** Returns whether a name is one of this repository, whose former name is `acme/old`. */
const isOurs = (name: string): boolean => [REPOSITORY, 'acme/old'].includes(name.toLowerCase())
const checkRepository: RepositoryCheck = (name) => (isOurs(name) ? 'this' : 'other')

/** Decides by the table in the documentation, row by row, without the code under test. */
const table = (
  branch: NeonBranch,
  pull: Pull,
): 'annotation' | 'number' | 'ref' | 'conflict' | 'none' => {
  const { name, number, repository } = branch
  const isForeign = repository !== undefined && !isOurs(repository)
  if (number === pull.number && repository !== undefined && !isForeign) return 'annotation'
  const n = pull.number
  const byNumber = [
    `preview/pr-${n}-${pull.ref}`,
    `preview/pr-${n}`,
    `pr-${n}-${pull.ref}`,
    `pr-${n}`,
  ]
  if (byNumber.includes(name))
    return isForeign || (number !== undefined && number !== n) ? 'conflict' : 'number'
  const numberInName = /^preview\/pr-(\d+)(-|$)/.exec(name)?.[1]
  if (numberInName !== undefined && Number(numberInName) !== n) return 'none'
  if (name === `preview/${pull.ref}` && !pull.isFork) return isForeign ? 'conflict' : 'ref'
  return 'none'
}

const toBranch = ({ id, name }: NeonBranch): Branch => listedBranch(name, { id })

const listingOf = (all: readonly NeonBranch[]) => ({
  branches: all.map(toBranch),
  annotations: Object.assign(
    {},
    ...all.map((item) => annotated(item.id, item.number, item.repository)),
  ),
})

const toPullRequest = ({ number, ref, isFork }: Pull) => ({
  number,
  headRef: ref,
  isSameRepository: !isFork,
})

const decide = (pull: Pull, all: readonly NeonBranch[]) => {
  try {
    return decideOwnership(
      { pull: toPullRequest(pull), repository: REPOSITORY, checkRepository },
      listingOf(all),
    )
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return 'equal claim'
  }
}

const restPull = ({ number, ref, isOpen, isMerged, isFork }: Pull) => ({
  number,
  state: isOpen ? 'open' : 'closed',
  merged_at: !isOpen && isMerged ? '2026-11-20T10:00:00Z' : null,
  head: { ref, repo: { full_name: isFork ? 'stranger/x' : REPOSITORY } },
  base: { ref: 'master', repo: { full_name: REPOSITORY } },
})

/** Returns a GitHub client that answers from this state. */
const gitHubOf = ({ pulls: all, protectedRef }: State): GitHub => {
  const rest = {
    pulls: {
      list: async ({ head, base, state }: { head?: string; base?: string; state: string }) => ({
        data: all
          .map(restPull)
          .filter((pull) => state === 'all' || pull.state === state)
          .filter((pull) => !head || `acme:${pull.head.ref}` === head)
          .filter((pull) => !base || pull.base.ref === base),
        headers: {},
      }),
    },
    repos: {
      get: async () => ({ data: { full_name: REPOSITORY, default_branch: 'master' } }),
      getBranch: async ({ branch }: { branch: string }) => ({
        data: { protected: branch === protectedRef },
      }),
    },
  }
  const call = (_: string, work: (octokit: unknown, options: object) => Promise<unknown>) =>
    work({ rest }, { owner: 'acme', repo: 'shop', request: {} })
  const read = async (_: string, path: string, convert: (body: unknown) => unknown) => {
    const pull = all.find(({ number }) => path === `/pulls/${number}`)
    return convert(pull ? restPull(pull) : { state: 'closed' })
  }
  return { repository: REPOSITORY, call, read } as unknown as GitHub
}

/** Returns whether a git branch outlives its pull requests, according to the documented rule. */
const isLongLived = (ref: string, self: Pull, { pulls: all, protectedRef }: State): boolean =>
  ref === 'master' ||
  ref === protectedRef ||
  all.some(
    (pull) => pull.ref === ref && !pull.isFork && !pull.isOpen && pull.isMerged && pull !== self,
  )

/** Returns every pull request that may own a branch, except `self`. */
const otherOwners = (branch: NeonBranch, self: Pull | undefined, { pulls: all }: State): Pull[] =>
  all.filter(
    (pull) => pull !== self && ['annotation', 'number', 'ref'].includes(table(branch, pull)),
  )

const refState = (ref: string, { pulls: all }: State): RefState => {
  const ofRef = all.filter((pull) => pull.ref === ref && !pull.isFork)
  if (ofRef.some(({ isOpen }) => isOpen)) return 'open'
  const newest = Math.max(...ofRef.map(({ number }) => number))
  const isReused = ofRef.some(({ number, isMerged }) => number !== newest && isMerged)
  if (ofRef.length === 0) return 'unknown'
  return isReused || ref === 'master' ? 'long-lived' : 'closed'
}

it('the random states and the table include every name that a branch may have', () => {
  const pull: Pull = { number: 3, ref: 'login', isOpen: true, isMerged: false, isFork: false }
  const generated = new Set(fc.sample(names, { numRuns: 2000, seed: 1 }))
  for (const { name } of branchNames({ number: 3, headRef: 'login', isSameRepository: true })) {
    expect([name, generated.has(name)]).toEqual([name, true])
    expect([name, table({ id: 'br-1', name }, pull)]).not.toEqual([name, 'none'])
  }
})

describe('act only on branches you own: in random states, the action', () => {
  it('gives a pull request only a branch that the documented table gives it', () => {
    fc.assert(
      fc.property(states, ({ pulls: all, branches: listed }) => {
        for (const pull of all) {
          const decided = decide(pull, listed)
          if (decided === 'equal claim' || decided === undefined) continue
          if ('conflict' in decided) {
            const branch = listed.find(({ id }) => id === decided.conflict.branch.id)
            expect(branch && table(branch, pull)).toBe('conflict')
            continue
          }
          const branch = listed.find(({ id }) => id === decided.branch.id)
          expect(branch && table(branch, pull)).toBe(decided.by)
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('finds a branch or a conflict exactly if the documented table has one for the pull request', () => {
    fc.assert(
      fc.property(states, ({ pulls: all, branches: listed }) => {
        for (const pull of all) {
          const isOwned = listed.some((branch) => table(branch, pull) !== 'none')
          expect(decide(pull, listed) !== undefined).toBe(isOwned)
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('disables auth in a close only if every other possible owner is closed and the ref is not long-lived', async () => {
    await fc.assert(
      fc.asyncProperty(states, async (state) => {
        const github = gitHubOf(state)
        for (const pull of state.pulls.filter(({ isOpen }) => !isOpen)) {
          const decided = decide(pull, state.branches)
          if (decided === 'equal claim' || !decided || 'conflict' in decided) continue
          const { scope } = await closeScope(decided, toPullRequest(pull), github)
          const branch = state.branches.find(({ id }) => id === decided.branch.id) as NeonBranch
          const isNeeded = otherOwners(branch, pull, state).some(({ isOpen }) => isOpen)
          const outlives = decided.by === 'ref' && isLongLived(pull.ref, pull, state)
          if (isNeeded || outlives) expect(scope).toBe('domains')
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('sweeps a branch only if every possible owner is closed', () => {
    fc.assert(
      fc.property(states, (state) => {
        const listing = listingOf(state.branches)
        for (const branch of state.branches) {
          const found = toFoundBranch(toBranch(branch))
          const candidate = toSweepCandidate(
            found,
            annotationOf(listing, branch.id),
            checkRepository,
          )
          if (!candidate) continue
          const byNumber = new Map(
            state.pulls.map(({ number, isOpen, ref }) => [
              number,
              { state: isOpen ? ('open' as const) : ('closed' as const), headRef: ref },
            ]),
          )
          const byRef = new Map(REFS.map((ref) => [ref, refState(ref, state)]))
          if (!isLeftBehind(candidate, { byNumber, byRef })) continue
          expect(otherOwners(branch, undefined, state).filter(({ isOpen }) => isOpen)).toEqual([])
          if (branch.repository !== undefined) expect(isOurs(branch.repository)).toBe(true)
        }
      }),
      { numRuns: RUNS },
    )
  })
})
