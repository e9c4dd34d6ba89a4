import { redact } from './secrets.ts'

// Control characters, line separators, invisible or reordering characters, and lone surrogates.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const escaped = (character: string): string =>
  `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`

/**
 * Returns text from outside (branch names, API messages, inputs) on one line, safe to print. Control
 * characters, ANSI escapes, and invisible or bidirectional marks become `\uXXXX`. Text beyond `limit`
 * characters is cut. Secrets are redacted first, because the runner does not mask a part of a secret
 * or an escaped one.
 */
export const oneLine = (text: string, limit = 500): string => {
  const flat = redact(text)
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(UNSAFE, escaped)
  return flat.length > limit ? `${flat.slice(0, limit)}…` : flat
}

/**
 * Returns a line that the runner prints but does not execute. The runner treats `::name::` at the
 * start of a line and `##[name]` anywhere in it as commands
 * (https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs).
 */
export const sanitizeLine = (line: string): string =>
  line
    .replace(UNSAFE, escaped)
    .replace(/^(\s*):(?=:)/, '$1\\u003a')
    .replace(/##(?=\[)/g, '\\u0023#')

/** Returns lines of text that are safe to print, see {@link sanitizeLine}. Secrets are redacted first. */
export const sanitize = (text: string): string =>
  redact(text).split('\n').map(sanitizeLine).join('\n')

/** Returns `value` if it is a string that is not empty. */
export const nonEmptyString = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const MAX_LISTED = 50

/** Returns sentences as a Markdown list, one per line, cut after `most` of them. */
export const bulletList = (sentences: readonly string[], most = MAX_LISTED): string => {
  const more = sentences.length - most
  const lines = sentences.slice(0, most).map((sentence) => `- ${sentence}`)
  return [...lines, ...(more > 0 ? [`- … and ${more} more`] : [])].join('\n')
}
