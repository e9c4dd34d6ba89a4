/** Words that JavaScript and JSON print for a missing value. They count anywhere in a label. */
const MISSING_WORDS = ['undefined', 'null', 'nan']
/** Words that count only at the end of a label: `pr-none`, but not `true-north`. */
const MISSING_AT_END = ['none', 'nil', 'true', 'false']

const wordsOf = (text: string): string[] => text.toLowerCase().split(/[^a-z\d]/)

/**
 * Returns the word in a label that stands for a missing value, such as `null` in `pr-null`. Words in `names`
 * (the head ref, the repository) do not count, because platforms build hosts from them. For example, the
 * `null` in the host of the branch `fix-null-check` is intentional.
 */
export const missingWord = (label: string, names: readonly string[]): string | undefined => {
  const known = names.flatMap(wordsOf)
  return wordsOf(label).find(
    (word, index, words) =>
      !known.includes(word) &&
      (MISSING_WORDS.includes(word) ||
        (index === words.length - 1 && MISSING_AT_END.includes(word))),
  )
}

const PULL_REQUEST_PREFIX = /(^|[-_])(pr|pull|pullrequest|mr|preview|deploy-preview)[-_]?$/

/** Returns a hint about the template value that is probably missing after `prefix`. */
export const likelyValue = (prefix: string): string =>
  PULL_REQUEST_PREFIX.test(prefix)
    ? 'the pull request number, for example `${{ github.event.number }}` (only pull request events have it)'
    : 'for example a step output that was not set'
