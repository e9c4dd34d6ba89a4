import { nonEmptyString } from '../core/text.ts'

/** What this action reads of the pull request in a `pull_request` or `pull_request_target` event. */
export interface PullRequest {
  readonly number: number
  /** The name of the branch that the pull request proposes. Absent: not known. */
  readonly headRef?: string
  /** The head is a branch of this very repository. */
  readonly sameRepository: boolean
  /** The head is another repository, or one that was deleted. Neither this nor `sameRepository`: GitHub did not say. */
  readonly fork: boolean
  readonly state: 'open' | 'closed'
  /** The newest commit of `headRef`. Absent: not known. */
  readonly headSha?: string
  /** The author's login, `dependabot[bot]` for Dependabot. */
  readonly author?: string
}

/** A repository, as far as it is read. */
export interface Repository {
  readonly id?: number
  readonly full_name?: string
}

/**
 * The name of a pull request's git branch. `undefined` if it is not known: Gitea and Forgejo send
 * `refs/pull/7/head` in its place once the git branch is gone.
 */
export const headRefOf = (ref: unknown): string | undefined => {
  const name = nonEmptyString(ref)
  return name && /^refs\/pull\/\d+\/head$/.test(name) ? undefined : name
}

const same = (head: Repository, base: Repository): boolean => {
  if (typeof head.id === 'number' && typeof base.id === 'number') return head.id === base.id
  const ours = nonEmptyString(head.full_name)?.toLowerCase()
  return ours !== undefined && ours === nonEmptyString(base.full_name)?.toLowerCase()
}

/**
 * Where a pull request's head lives. `head` is null once a fork has been deleted
 * (https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request); where nothing is
 * said of it, it is neither taken for our own nor for a fork.
 */
export const originOfHead = (
  head: Repository | null | undefined,
  base: Repository | null | undefined,
): Pick<PullRequest, 'sameRepository' | 'fork'> => {
  if (head === null) return { sameRepository: false, fork: true }
  const known = head && base && (head.full_name ?? head.id) !== undefined
  if (!known) return { sameRepository: false, fork: false }
  return { sameRepository: same(head, base), fork: !same(head, base) }
}
