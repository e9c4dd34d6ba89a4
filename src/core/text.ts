import { redact } from './secrets.ts'

/** Matches control characters, line separators, invisible and reordering characters, and lone surrogates. */
export const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const escapeCharacter = (character: string): string =>
  `\\u${Number(character.codePointAt(0)).toString(16).padStart(4, '0')}`

/**
 * Returns text from outside (branch names, API messages, inputs) on one line. Escapes control characters,
 * such as those of ANSI codes, and invisible or bidirectional marks as `\uXXXX`. Cuts the text after `limit`
 * characters. Redacts secrets first, because the runner masks neither a part of a secret nor an escaped one.
 */
export const oneLine = (text: string, limit = 500): string => {
  const line = redact(text)
    .replace(/\s*[\r\n]\s*/g, ' ')
    .replace(UNSAFE, escapeCharacter)
  // Never keep half of a character, such as an emoji.
  return line.length > limit ? `${line.slice(0, limit).replace(/\p{Cs}$/u, '')}…` : line
}

/**
 * Returns a line that the runner prints but does not execute. The runner treats `::name::` at the start of a
 * line, and `##[name]` anywhere in a line, as commands
 * (https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs).
 */
export const sanitizeLine = (line: string): string =>
  line
    .replace(UNSAFE, escapeCharacter)
    .replace(/^(\s*):(?=:)/, '$1\\u003a')
    .replace(/##(?=\[)/g, '\\u0023#')

/** Redacts secrets in `text`, and escapes each line with {@link sanitizeLine}. */
export const sanitize = (text: string): string =>
  redact(text).split('\n').map(sanitizeLine).join('\n')

/** Returns `value` if it is a non-empty string, or `undefined`. */
export const nonEmptyString = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const MAX_LISTED = 50

/** Returns a Markdown list of at most `limit` items. If it omits any, a last line says how many. */
export const bulletList = (items: readonly string[], limit = MAX_LISTED): string => {
  const omitted = items.length - limit
  const lines = items.slice(0, limit).map((item) => `- ${item}`)
  return [...lines, ...(omitted > 0 ? [`- … and ${omitted} more`] : [])].join('\n')
}
