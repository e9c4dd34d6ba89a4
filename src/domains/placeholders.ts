/** Anywhere in a label, these are what JavaScript and JSON print for a missing value. */
const MISSING = ['undefined', 'null', 'nan']
/** These are missing values only as a whole label or at its end: `pr-none`, but not `true-north`. */
const MISSING_AT_END = [...MISSING, 'none', 'nil', 'true', 'false']

const wordsOf = (text: string): string[] => text.toLowerCase().split(/[^a-z\d]+/)

/**
 * Returns the word in a label that a missing value was printed as, such as `null` in `pr-null`.
 * Words that `names` (the head ref, the repository) contain do not count, because platforms build
 * hosts from those: the branch `fix-null-check` is no missing value.
 */
export const missingWord = (label: string, names: readonly string[]): string | undefined => {
  const words = wordsOf(label)
  const last = words.at(-1)
  const found =
    words.find((word) => MISSING.includes(word)) ??
    (last !== undefined && MISSING_AT_END.includes(last) ? last : undefined)
  return found !== undefined && names.flatMap(wordsOf).includes(found) ? undefined : found
}

const PULL_REQUEST_PREFIX = /(^|[-_])(pr|pull|pullrequest|mr|preview|deploy-preview)[-_]?$/

/** Names the template value that probably left a gap after `prefix`. */
export const likelyValue = (prefix: string): string =>
  PULL_REQUEST_PREFIX.test(prefix)
    ? 'the pull request number, for example `${{ github.event.number }}` (only pull request events have it)'
    : 'for example a step output that was not set'
