import { describe, expect, it } from 'vitest'
import type { InputName } from '../../src/action/inputs.ts'
import { everyOr } from '../every.ts'
import { BRANCH_ID, CLOSED, OPENED, PREVIEW, runAction, useNock } from './harness.ts'
import { TOKEN } from './mock-github.ts'
import {
  enableAuth,
  type Hooks,
  mockRemote,
  type RemoteBranch,
  type RemoteState,
  remoteBranch,
  type SeenRequest,
} from './mock-remote.ts'

useNock(1 / 2000)

/** A change during a run, and the removals that it forbids. */
interface Mutation {
  readonly name: string
  readonly change: (remote: RemoteState) => void
  /**
   * Returns whether the change forbids a removal on `branch`. `planned` is the generation of auth that
   * the run read before its first removal.
   */
  readonly forbids: (branch: RemoteBranch, planned: number) => boolean
}

const firstBranch = (remote: RemoteState): RemoteBranch => remote.branches[0] as RemoteBranch

const isFirst = (branch: RemoteBranch): boolean => branch.id === BRANCH_ID

const MUTATIONS: readonly Mutation[] = [
  {
    name: 'the branch becomes the default',
    change: (remote) => Object.assign(firstBranch(remote), { isDefault: true, name: 'production' }),
    forbids: isFirst,
  },
  {
    name: 'the branch is protected',
    change: (remote) => Object.assign(firstBranch(remote), { isProtected: true }),
    forbids: isFirst,
  },
  {
    name: 'the permission is revoked',
    change: (remote) => Object.assign(remote, { isGitHubForbidden: true }),
    forbids: () => false,
  },
]

const REOPENED: Mutation = {
  name: 'the pull request is reopened',
  change: ({ pulls }) => Object.assign(pulls, { 2: { ...pulls[2], state: 'open' } }),
  forbids: isFirst,
}

const CLOSED_MEANWHILE: Mutation = {
  name: 'the pull request is closed',
  change: ({ pulls }) => Object.assign(pulls, { 2: { ...pulls[2], state: 'closed' } }),
  forbids: () => false,
}

const REPLACED: Mutation = {
  name: 'another run disables auth and enables it again',
  change: (remote) => enableAuth(firstBranch(remote)),
  forbids: (branch, planned) => branch.isOn && branch.generation !== planned,
}

interface RunCase {
  readonly name: string
  readonly event: [string, string] | [string]
  readonly inputs: Partial<Record<InputName, string>>
  readonly remote: () => RemoteState
  readonly mutations: readonly Mutation[]
  /** The event itself confirms the first removal, so a reopened pull request forbids only later ones. */
  readonly isConfirmedByEvent?: boolean
}

const remoteWith = (
  more: Partial<RemoteBranch> = {},
  state: 'open' | 'closed' = 'closed',
): RemoteState => ({
  branches: [remoteBranch({ domains: ['https://old.example.com', PREVIEW], ...more })],
  pulls: { 2: { state, ref: 'changes' } },
  isGitHubForbidden: false,
})

const DELETE_DATA = { ...TOKEN, delete_data: 'true' }
const NEW_DOMAIN = { ...TOKEN, trusted_domains: 'https://new.example.com' }

const RUNS: readonly RunCase[] = [
  {
    name: 'a close that deletes data',
    event: CLOSED,
    inputs: DELETE_DATA,
    remote: () => remoteWith(),
    mutations: [...MUTATIONS, REOPENED, REPLACED],
    isConfirmedByEvent: true,
  },
  {
    name: 'a close of a shared branch',
    event: CLOSED,
    inputs: DELETE_DATA,
    remote: () => remoteWith({ name: 'preview/changes' }),
    mutations: [
      ...MUTATIONS,
      REOPENED,
      REPLACED,
      {
        name: 'another pull request with the same head is opened',
        change: ({ pulls }) => Object.assign(pulls, { 9: { state: 'open', ref: 'changes' } }),
        forbids: isFirst,
      },
    ],
  },
  {
    name: 'a close that untrusts',
    event: CLOSED,
    inputs: { ...TOKEN, on_close: 'untrust', trusted_domains: PREVIEW },
    remote: () => remoteWith(),
    mutations: [...MUTATIONS, REOPENED],
    isConfirmedByEvent: true,
  },
  {
    name: 'a sweep',
    event: ['push'],
    inputs: { ...DELETE_DATA, mode: 'sweep' },
    remote: () => remoteWith(),
    mutations: [...MUTATIONS, REOPENED, REPLACED],
  },
  {
    name: 'an open that prunes',
    event: OPENED,
    inputs: { ...NEW_DOMAIN, prune_domains: 'true' },
    remote: () => remoteWith({}, 'open'),
    mutations: [...MUTATIONS, CLOSED_MEANWHILE],
  },
  {
    name: 'an open that isolates',
    event: OPENED,
    inputs: { ...NEW_DOMAIN, prune_domains: 'true', isolate: 'true' },
    remote: () => remoteWith({}, 'open'),
    mutations: [...MUTATIONS, CLOSED_MEANWHILE],
  },
  {
    name: 'an open that recreates',
    event: OPENED,
    inputs: { ...NEW_DOMAIN, on_orphan_schema: 'recreate' },
    remote: () => remoteWith({ isOn: false, domains: [] }, 'open'),
    mutations: [...MUTATIONS, { ...CLOSED_MEANWHILE, forbids: isFirst }, REPLACED],
  },
]

/** Returns a hook that locks out each kind of write once, so the run repeats it. */
const lockOnce = (): NonNullable<Hooks['isLocked']> => {
  const locked = new Set<string>()
  return ({ method, path }) => {
    const key = `${method} ${path}`
    const isNew = !locked.has(key)
    locked.add(key)
    return isNew
  }
}

interface Outcome {
  readonly log: readonly SeenRequest[]
  readonly stale: readonly string[]
}

/**
 * Runs the action and applies the mutation right before or after the response to request `at`. A removal is
 * stale if the mutation forbids it and the run could have noticed, because it sent requests in between.
 */
const runWith = async (
  runCase: RunCase,
  mutation: Mutation,
  at: number,
  when: 'before' | 'after',
  isLocked?: Hooks['isLocked'],
): Promise<Outcome> => {
  const remote = runCase.remote()
  let changedAt = Number.POSITIVE_INFINITY
  let removals = 0
  let planned = 0
  let attempts = 0
  const stale: string[] = []
  const change = (index: number): void => {
    if (index !== at) return
    mutation.change(remote)
    // Requests that were in progress at that moment may still show the old state.
    changedAt = when === 'before' ? index : index + 1
  }
  const hooks: Hooks = {
    [when]: change,
    isLocked: (request) => {
      if (request.method === 'DELETE') attempts += 1
      return isLocked?.(request) ?? false
    },
    onRead: (branch) => {
      if (attempts === 0) planned = branch.generation
    },
    onWrite: (request, branch) => {
      if (request.method !== 'DELETE') return
      removals += 1
      const isExempt =
        mutation === REOPENED && runCase.isConfirmedByEvent && removals === 1 && !isLocked
      const couldKnow = request.index > changedAt + MAX_PARALLEL
      if (!isExempt && couldKnow && mutation.forbids(branch, planned))
        stale.push(`${request.method} ${request.path}`)
    },
  }
  const log = mockRemote(remote, hooks)
  await runAction(runCase.event as [string], runCase.inputs)
  return { log, stale }
}

/** A change happens at every n-th request of a run, starting with one in the middle of the first n. */
const EVERY = everyOr(12)

/** The maximum number of requests that one round of reads sends in parallel. */
const MAX_PARALLEL = 6

describe('check again right before you remove: no removal is stale', () => {
  describe.each(RUNS)('in $name', (runCase) => {
    it.each(runCase.mutations)('if $name', { timeout: 60_000 }, async (mutation) => {
      const undisturbed = await runWith(runCase, mutation, -1, 'before')
      expect(undisturbed.log.some(({ method }) => method === 'DELETE')).toBe(true)
      for (const when of ['before', 'after'] as const) {
        for (const isLocked of [undefined, lockOnce]) {
          const length = isLocked ? undisturbed.log.length * 2 : undisturbed.log.length
          for (let at = Math.floor(EVERY / 2); at < length; at += EVERY) {
            const { stale } = await runWith(runCase, mutation, at, when, isLocked?.())
            expect(
              stale,
              `${when} request ${at}, ${isLocked ? 'locked once' : 'not locked'}`,
            ).toEqual([])
          }
        }
      }
    })
  })
})
