import { type Fields, fieldsOf } from '../core/fields.ts'
import { nonEmptyString } from '../core/text.ts'
import { isPullRequestNumber } from '../github/pull-request.ts'

/** The pull request that a payload names by number only. */
export type Mention =
  | { readonly number: number }
  /** The payload names no pull request, or several. `problem` and `fix` go into the error. */
  | { readonly problem: string; readonly fix: string }

const textOf = (value: unknown): string => nonEmptyString(value) ?? ''

const numberOf = (value: unknown): number | undefined => {
  const { number } = fieldsOf(value)
  return isPullRequestNumber(number) ? number : undefined
}

/**
 * Finds the pull request of an `issues` or `issue_comment` event. On GitHub, every pull request is also
 * an issue.
 */
const mentionInIssue = (issue: unknown): Mention | undefined => {
  const number = numberOf(issue)
  if (number === undefined) return undefined
  if (fieldsOf(issue)['pull_request']) return { number }
  return {
    problem: `The event is about #${number}, which is an issue, not a pull request.`,
    fix: 'run this step only on pull requests with `if: github.event.issue.pull_request`, or set `branch` or `pr_number`',
  }
}

/** The expression for the head commit, by event. Only these events list pull requests. */
const HEAD_SHA_EXPRESSIONS: Record<string, string> = {
  check_run: '${{ github.event.check_run.head_sha }}',
  check_suite: '${{ github.event.check_suite.head_sha }}',
  workflow_run: '${{ github.event.workflow_run.head_sha }}',
}

/** Returns whether a listed pull request merges into the repository with this name or ID. */
const mergesInto = ({ base, url }: Fields, repository: string, repositoryId: unknown): boolean => {
  const { id } = fieldsOf(fieldsOf(base)['repo'])
  const path = `/repos/${repository}/pulls/`.toLowerCase()
  return (id !== undefined && id === repositoryId) || textOf(url).toLowerCase().includes(path)
}

/**
 * Finds the pull request of a `check_run`, `check_suite`, or `workflow_run` event. GitHub's list is empty for
 * forks. It also includes pull requests with the same head into other repositories.
 */
const mentionInList = (
  event: string,
  { pull_requests: list }: Fields,
  isOwn: (pull: Fields) => boolean,
): Mention | undefined => {
  if (!Array.isArray(list)) return undefined
  const own = list.map(fieldsOf).filter(isOwn)
  const numbers = [...new Set(own.flatMap((pull) => numberOf(pull) ?? []))]
  const [number] = numbers
  if (number === undefined) {
    return {
      problem: `The payload of \`${event}\` names no pull request of this repository. For a fork, \`github.event.${event}.pull_requests\` is always empty.`,
      fix: `set \`branch\` or \`pr_number\`. To find the number, use for example \`gh pr list --search ${HEAD_SHA_EXPRESSIONS[event] ?? ''}\`. Do not read it from a file that a fork's run uploaded`,
    }
  }
  if (numbers.length === 1) return { number }
  return {
    problem: `The payload of \`${event}\` names several pull requests: ${numbers.map((listed) => `#${listed}`).join(', ')}.`,
    fix: 'set `pr_number` to the number of the right one',
  }
}

/** GitHub names the branch of a merge group after its last pull request. */
const MERGE_QUEUE_REF = /(?:^|\/)gh-readonly-queue\/.+\/pr-(\d{1,10})-[0-9a-f]{40,64}$/

const mentionInMergeGroup = ({ head_ref: ref }: Fields): Mention | undefined => {
  const number = Number(MERGE_QUEUE_REF.exec(textOf(ref))?.[1] ?? 0)
  return isPullRequestNumber(number) ? { number } : undefined
}

/**
 * Finds the pull request of `repository` (`owner/name`) that an event's payload names. The number may be in
 * an issue, in a list, or in the name of a merge queue's branch. Returns `undefined` if the payload has none
 * of these. Pure. (https://docs.github.com/en/webhooks/webhook-events-and-payloads)
 */
export const findMention = (
  event: string,
  payload: Fields,
  repository: string,
): Mention | undefined => {
  if (Object.hasOwn(HEAD_SHA_EXPRESSIONS, event)) {
    const { id } = fieldsOf(payload['repository'])
    const isOwn = (pull: Fields): boolean => mergesInto(pull, repository, id)
    return mentionInList(event, fieldsOf(payload[event]), isOwn)
  }
  if (payload['issue']) return mentionInIssue(payload['issue'])
  return mentionInMergeGroup(fieldsOf(payload['merge_group']))
}

const TARGET_HINTS: Record<string, string> = {
  workflow_dispatch:
    ', for example `pr_number: ${{ inputs.pr_number }}` from an input of the workflow',
  repository_dispatch:
    ', for example `pr_number: ${{ github.event.client_payload.pr_number }}` if the sender passes it',
  delete: ', for example `branch: preview/${{ github.event.ref }}`',
  create: ', for example `branch: preview/${{ github.event.ref }}`',
  push: ', for example `branch: preview/${{ github.ref_name }}`',
  schedule: '. A scheduled run that cleans up after closed pull requests needs only `mode: sweep`',
}

/** Returns a hint on how to set `branch` or `pr_number` for an event, to append to a sentence. May be empty. */
export const targetHint = (event: string): string =>
  Object.hasOwn(TARGET_HINTS, event) ? (TARGET_HINTS[event] ?? '') : ''
