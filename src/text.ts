// The control characters, line and paragraph separators, and the marks that reorder text.
const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu

const escaped = (character: string): string =>
  `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`

/**
 * Text from outside (branch names, API messages, inputs) on one line and without anything that a
 * terminal or the runner would act on: control characters, ANSI escapes and bidirectional marks
 * are shown as `\uXXXX`, and what is longer than `limit` characters is cut.
 */
export const oneLine = (text: string, limit = 500): string => {
  const flat = text.replace(/\s*[\r\n]+\s*/g, ' ').replace(UNSAFE, escaped)
  return flat.length > limit ? `${flat.slice(0, limit)}…` : flat
}

/**
 * A line that the runner prints but never obeys. It reads `::name::` at the start of a line and
 * `##[name]` anywhere in it as commands
 * (https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs).
 */
export const inertLine = (line: string): string =>
  line
    .replace(UNSAFE, escaped)
    .replace(/^(\s*):(?=:)/, '$1\u200b:')
    .replace(/##(?=\[)/g, '#\u200b#')
