import { fieldsOf } from '../core/fields.ts'

/** The Neon branch that a comment is about. */
export interface CommentBranch {
  readonly id: string
  readonly name: string
}

/** The run that wrote a comment. */
export interface RunAttempt {
  /** GITHUB_RUN_ID. */
  readonly run: number
  /** GITHUB_RUN_ATTEMPT. */
  readonly attempt: number
}

/** The data that a run stores in its comment for the next run. */
export interface CommentRecord extends RunAttempt {
  /** Absent in comments of earlier versions. */
  readonly branch?: CommentBranch
  /** Where the pull request was deployed, and at which head commit. Oldest first. */
  readonly deployed: readonly {
    readonly environment: string
    readonly origin: string
    readonly sha: string
  }[]
}

type Deployed = CommentRecord['deployed'][number]

const EMPTY_RECORD: CommentRecord = { run: 0, attempt: 0, deployed: [] }

/** The length limit of an encoded record. It leaves room for the comment's text. */
const MAX_RECORD_LENGTH = 24_000

/** Returns whether `a` comes from an earlier run than `b`, or from an earlier attempt of the same run. */
export const isOlder = (a: RunAttempt, b: RunAttempt): boolean =>
  a.run < b.run || (a.run === b.run && a.attempt < b.attempt)

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0

const isText = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' && value !== '' && value.length <= maxLength

const isOrigin = (value: unknown): value is string =>
  isText(value, 300) && URL.canParse(value) && new URL(value).origin === value

const parseDeployed = (value: unknown): Deployed[] => {
  const { environment, origin, sha } = fieldsOf(value)
  const isValid =
    isText(environment, 300) && isOrigin(origin) && isText(sha, 64) && /^\w+$/.test(sha)
  return isValid ? [{ environment, origin, sha }] : []
}

const parseBranch = (value: unknown): CommentBranch | undefined => {
  const { id, name } = fieldsOf(value)
  return isText(id, 100) && isText(name, 300) ? { id, name } : undefined
}

const parseRecord = (value: unknown): CommentRecord => {
  const { run, attempt, branch: branchFields, deployed } = fieldsOf(value)
  // An invalid run number could count as the newest and block all later updates of the comment.
  if (!isCount(run) || !isCount(attempt)) return EMPTY_RECORD
  const branch = parseBranch(branchFields)
  // Earlier versions stored an object without commits. Ignore it.
  const entries = Array.isArray(deployed) ? deployed.flatMap(parseDeployed) : []
  return { run, attempt, ...(branch && { branch }), deployed: entries }
}

/** Decodes a record from {@link encodeRecord}, and drops invalid parts. Never throws. */
export const decodeRecord = (text: string): CommentRecord => {
  try {
    return parseRecord(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
  } catch {
    return EMPTY_RECORD
  }
}

/** Returns the newest entries that fit into a record, one for each environment and origin. */
const newestThatFit = (deployed: readonly Deployed[]): Deployed[] => {
  const kept = new Map<string, Deployed>()
  let size = 0
  for (const entry of deployed.flatMap(parseDeployed).toReversed()) {
    const key = JSON.stringify([entry.environment, entry.origin])
    if (kept.has(key)) continue
    const text = JSON.stringify(entry)
    // Base64 turns three bytes into four characters. A comma separates two entries.
    size += ((Buffer.byteLength(text) + 1) * 4) / 3
    if (size > MAX_RECORD_LENGTH - 2_000) break
    kept.set(key, entry)
  }
  return [...kept.values()].toReversed()
}

/**
 * Encodes a record in Base64, because `-->` in a name would end the HTML comment. Drops the oldest deployments
 * to stay below 24,000 characters. Pure.
 */
export const encodeRecord = (record: CommentRecord): string =>
  Buffer.from(JSON.stringify({ ...record, deployed: newestThatFit(record.deployed) })).toString(
    'base64url',
  )
