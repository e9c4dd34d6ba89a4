import { redact } from './secrets.ts'

// Control characters, line and paragraph separators, what is invisible or reorders text, half characters.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const escaped = (character: string): string =>
  `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`

/**
 * Text from outside (branch names, API messages, inputs) on one line and without anything that a
 * terminal or the runner would act on: control characters, ANSI escapes, invisible and bidirectional
 * marks are shown as `\uXXXX`, and what is longer than `limit` characters is cut. Secrets are hidden
 * before that: the runner's mask knows neither a part of one nor one that is escaped.
 */
export const oneLine = (text: string, limit = 500): string => {
  const flat = redact(text)
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(UNSAFE, escaped)
  return flat.length > limit ? `${flat.slice(0, limit)}…` : flat
}

/**
 * A line that the runner prints but never obeys. It reads `::name::` at the start of a line and
 * `##[name]` anywhere in it as commands
 * (https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs).
 */
export const sanitizeLine = (line: string): string =>
  line
    .replace(UNSAFE, escaped)
    .replace(/^(\s*):(?=:)/, '$1\\u003a')
    .replace(/##(?=\[)/g, '\\u0023#')

/** A value that came from outside, where it is a text that says something. */
export const nonEmptyString = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const MOST_LISTED = 50

/** Sentences as a list, one to a line, cut after `most` of them, where nobody reads on. */
export const bulletList = (sentences: readonly string[], most = MOST_LISTED): string => {
  const more = sentences.length - most
  const lines = sentences.slice(0, most).map((sentence) => `- ${sentence}`)
  return [...lines, ...(more > 0 ? [`- … and ${more} more`] : [])].join('\n')
}
