import { REPOSITORY } from '../payloads.ts'
import { BOT_ACCOUNT, type LocalAccount } from './accounts.ts'

/** A permission that a request requires of the token. */
export type Permission =
  | 'pull-requests: read'
  | 'pull-requests: write'
  | 'deployments: read'
  | 'contents: read'
  | 'metadata: read'

/** The ID of {@link REPOSITORY} in GitHub's example payloads. */
export const REPOSITORY_ID = 186_853_002

/** The tip of every branch that no test has set. */
const BASE_SHA = 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e'

export interface LocalPull {
  state: 'open' | 'closed'
  headRef: string
  headSha: string
  /** `null`: a deleted fork. */
  headRepo: string | null
  /** Whether the git branch outlives the pull request. By default, it is deleted on close. */
  headKept?: boolean
  /** The base branch. Default: the repository's default branch. */
  baseRef?: string
  /** When it was merged, as an ISO time. By default, it was closed without a merge. */
  mergedAt?: string | null
  author?: string
  /** Commits that it contains in addition to its head. */
  commits?: readonly string[]
}

export interface LocalStatus {
  readonly state: string
  readonly environmentUrl?: string
  readonly creator?: string
}

export interface LocalDeployment {
  readonly id: number
  readonly sha: string
  readonly ref: string
  readonly environment: string
  readonly production: boolean
  readonly transient: boolean
  readonly task: string
  readonly creator: LocalAccount | null
  /** Oldest first. */
  readonly statuses: LocalStatus[]
}

/** A comment on a pull request. */
export interface LocalComment {
  readonly id: number
  readonly number: number
  /** The author's login; `ghost` for a deleted account. */
  readonly author: string
  /** `null`: the account was deleted. */
  readonly account: LocalAccount | null
  /** The slug of the app that wrote it, on its own behalf or on a user's. */
  readonly app: string | null
  body: string
  /** When it was written or edited last, in ms. */
  updatedAt: number
}

export interface LocalBranch {
  readonly protected: boolean
  readonly sha: string
}

export interface LocalRepository {
  id: number
  fullName: string
  defaultBranch: string
  /** Previous names. GitHub redirects them. */
  formerNames: readonly string[]
}

/** The state of the local GitHub. Tests change it through `LocalGitHub`. */
export interface State {
  repository: LocalRepository
  /** Other repositories by lowercase name, such as a fork, or one that took an old name. */
  others: Map<string, LocalRepository>
  branches: Map<string, LocalBranch | 'deleted'>
  pulls: Map<number, LocalPull>
  /** The numbers of issues that are not pull requests. */
  issues: Set<number>
  locked: Set<number>
  deployments: LocalDeployment[]
  comments: LocalComment[]
  nextComment: number
  forbidden: Set<Permission>
  viewer: LocalAccount
  requests: string[]
}

export const freshState = (): State => ({
  repository: {
    id: REPOSITORY_ID,
    fullName: REPOSITORY,
    defaultBranch: 'master',
    formerNames: [],
  },
  others: new Map(),
  branches: new Map(),
  pulls: new Map(),
  issues: new Set(),
  locked: new Set(),
  deployments: [],
  comments: [],
  nextComment: 1,
  forbidden: new Set(),
  viewer: BOT_ACCOUNT,
  requests: [],
})

/** Returns a pull request. One that no test has set is open. */
export const pullOf = (state: State, number: number): LocalPull =>
  state.pulls.get(number) ?? {
    state: 'open',
    headRef: 'changes',
    headSha: 'ec26c3e57ca3a959ca5aad62de7213c562f8c821',
    headRepo: REPOSITORY,
  }

/** Returns whether a pull request's head is a branch of the repository itself. */
export const isOwn = (state: State, { headRepo }: LocalPull): boolean =>
  headRepo?.toLowerCase() === state.repository.fullName.toLowerCase() || headRepo === REPOSITORY

const isHeadThere = (state: State, name: string): boolean =>
  [...state.pulls.values()].some(
    (pull) =>
      pull.headRef === name && isOwn(state, pull) && (pull.state === 'open' || pull.headKept),
  )

/** Returns a git branch: one that a test set, the default branch, or a pull request's existing head. */
export const branchOf = (state: State, name: string): LocalBranch | undefined => {
  const set = state.branches.get(name)
  if (set) return set === 'deleted' ? undefined : set
  const isDefault = name === state.repository.defaultBranch
  return isDefault || isHeadThere(state, name) ? { protected: isDefault, sha: BASE_SHA } : undefined
}
