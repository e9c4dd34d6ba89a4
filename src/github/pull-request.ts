import { nonEmptyString } from '../core/text.ts'

/** A pull request, from an event's payload or the GitHub API. */
export interface PullRequest {
  readonly number: number
  /** The pull request's git branch. Absent if unknown. */
  readonly headRef?: string
  /** Whether the head is a branch of this repository. */
  readonly isSameRepository: boolean
  /** Whether the head is in another or a deleted repository. If unknown, neither flag is set. */
  readonly isFork: boolean
  readonly state: 'open' | 'closed'
  /** The newest commit of `headRef`. Absent if unknown. */
  readonly headSha?: string
  /** The author's login, `dependabot[bot]` for Dependabot. */
  readonly author?: string
}

/** Pull request numbers on GitHub fit in 32 bits. A larger number is something else, such as a date. */
export const MAX_PULL_REQUEST_NUMBER = 2_147_483_647

/** Returns whether a value can be the number of a pull request. */
export const isPullRequestNumber = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= MAX_PULL_REQUEST_NUMBER

/** The fields of a repository that this action reads. */
export interface Repository {
  readonly id?: number
  readonly full_name?: string
}

/**
 * Returns the name of a pull request's git branch, or `undefined` if it is unknown. Gitea and Forgejo send
 * `refs/pull/7/head` once the git branch is gone.
 */
export const headRefOf = (ref: unknown): string | undefined => {
  const name = nonEmptyString(ref)
  return name && /^refs\/pull\/\d+\/head$/.test(name) ? undefined : name
}

const areSame = (head: Repository, base: Repository): boolean => {
  if (typeof head.id === 'number' && typeof base.id === 'number') return head.id === base.id
  const headName = nonEmptyString(head.full_name)?.toLowerCase()
  return headName !== undefined && headName === nonEmptyString(base.full_name)?.toLowerCase()
}

/**
 * Returns whether a pull request's head is in this repository or a fork. `head` is null if the fork was
 * deleted (https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request). If a repository is
 * unknown, both are `false`.
 */
export const classifyHead = (
  head: Repository | null | undefined,
  base: Repository | null | undefined,
) => {
  if (head === null) return { isSameRepository: false, isFork: true }
  const isKnown = head && base && (head.full_name ?? head.id) !== undefined
  if (!isKnown) return { isSameRepository: false, isFork: false }
  const isSameRepository = areSame(head, base)
  return { isSameRepository, isFork: !isSameRepository }
}
