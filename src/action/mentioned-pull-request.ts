import { nonEmptyString } from '../core/text.ts'

/** The pull request that a payload mentions without containing it. */
export type Mention =
  | { readonly number: number }
  /** The payload names no pull request, or several. Both texts go into the error. */
  | { readonly problem: string; readonly fix: string }

type Fields = Record<string, unknown>

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {}

const textOf = (value: unknown): string => nonEmptyString(value) ?? ''

const numberOf = (value: unknown): number | undefined => {
  const { number } = fieldsOf(value)
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0
    ? number
    : undefined
}

/** `issues` and `issue_comment`: for GitHub, every pull request is an issue too. */
const ofIssue = (issue: unknown): Mention | undefined => {
  const number = numberOf(issue)
  if (number === undefined) return undefined
  if (fieldsOf(issue)['pull_request']) return { number }
  return {
    problem: `The event is about #${number}, which is an issue, not a pull request.`,
    fix: 'run this step only on pull requests with `if: github.event.issue.pull_request`, or set `branch` or `pr_number`',
  }
}

/** The events with a list of pull requests, and how a workflow names their commit. */
const HEAD_SHA: Record<string, string> = {
  check_run: '${{ github.event.check_run.head_sha }}',
  check_suite: '${{ github.event.check_suite.head_sha }}',
  workflow_run: '${{ github.event.workflow_run.head_sha }}',
}

/** Returns whether a listed pull request merges into this repository, by ID or URL. */
const mergesInto =
  (repository: string, { id: here }: Fields) =>
  ({ base, url }: Fields): boolean => {
    const { id } = fieldsOf(fieldsOf(base)['repo'])
    const path = `/repos/${repository}/pulls/`.toLowerCase()
    return (id !== undefined && id === here) || textOf(url).toLowerCase().includes(path)
  }

/**
 * The pull requests of a `check_run`, `check_suite`, or `workflow_run`. GitHub leaves the list empty
 * for forks, and lists pull requests into other repositories that have the same head.
 */
const ofList = (
  event: string,
  { pull_requests: list }: Fields,
  isOwn: (pull: Fields) => boolean,
): Mention | undefined => {
  if (!Array.isArray(list)) return undefined
  const own = list.map(fieldsOf).filter(isOwn)
  const [number, ...others] = new Set(own.map(numberOf).filter((found) => found !== undefined))
  if (number !== undefined && others.length === 0) return { number }
  if (number === undefined) {
    return {
      problem: `The payload of \`${event}\` names no pull request (\`github.event.${event}.pull_requests\` is empty, as it always is for a fork).`,
      fix: `set \`branch\` or \`pr_number\`, for example looked up with \`gh pr list --search ${HEAD_SHA[event] ?? ''}\`. Do not take it from a file that a fork's run has uploaded`,
    }
  }
  return {
    problem: `The payload of \`${event}\` names several pull requests: ${[number, ...others].map((one) => `#${one}`).join(', ')}.`,
    fix: 'set `pr_number` to the right one',
  }
}

/** GitHub names the branch of a merge group after its last pull request. */
const QUEUE_REF = /(?:^|\/)gh-readonly-queue\/.+\/pr-(\d{1,10})-[0-9a-f]{40,64}$/

const ofMergeGroup = ({ head_ref: ref }: Fields): Mention | undefined => {
  const number = Number(QUEUE_REF.exec(textOf(ref))?.[1] ?? 0)
  return number > 0 ? { number } : undefined
}

/**
 * Finds the pull request of `repository` (`owner/name`) that an event's payload mentions: in an issue, in a
 * list, or in the name of a merge queue's branch. Returns `undefined` for any other event. Pure.
 * (https://docs.github.com/en/webhooks/webhook-events-and-payloads)
 */
export const mentionIn = (
  event: string,
  payload: object,
  repository: string,
): Mention | undefined => {
  const fields = payload as Fields
  if (Object.hasOwn(HEAD_SHA, event)) {
    const isOwn = mergesInto(repository, fieldsOf(fields['repository']))
    return ofList(event, fieldsOf(fields[event]), isOwn)
  }
  if (fields['issue']) return ofIssue(fields['issue'])
  return ofMergeGroup(fieldsOf(fields['merge_group']))
}

const HOW_TO_PASS: Record<string, string> = {
  workflow_dispatch:
    ', for example `pr_number: ${{ inputs.pr_number }}` from an input of the workflow',
  repository_dispatch:
    ', for example `pr_number: ${{ github.event.client_payload.pr_number }}` if the sender passes it',
  delete: ', for example `branch: preview/${{ github.event.ref }}`',
  create: ', for example `branch: preview/${{ github.event.ref }}`',
  push: ', for example `branch: preview/${{ github.ref_name }}`',
  schedule: '. A scheduled run that closes leftover branches needs only `mode: sweep`',
}

/** Returns how to identify the branch on an event without a pull request, as the end of a sentence. */
export const howToPass = (event: string): string =>
  Object.hasOwn(HOW_TO_PASS, event) ? (HOW_TO_PASS[event] ?? '') : ''
