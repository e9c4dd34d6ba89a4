// Control characters, line and paragraph separators, what is invisible or reorders text, half characters.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const secrets = new Set<string>()

/** A shorter text than this is no secret, and hiding it would garble every other word. */
const SHORTEST_SECRET = 6

/** From here on {@link hushed} and {@link oneLine} show `secret`, and each of its lines, as `***`. */
export const hide = (secret: string): void => {
  for (const part of [secret, ...secret.split(/[\r\n]+/)].map((text) => text.trim())) {
    if (part.length < SHORTEST_SECRET) continue
    secrets.add(part)
    // As it stands in a body that is shown as it came.
    secrets.add(JSON.stringify(part).slice(1, -1))
  }
}

/** `text` with every secret hidden. */
export const hushed = (text: string): string =>
  // Longest first: one secret may be the beginning of another.
  [...secrets]
    .sort((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text)

const escaped = (character: string): string =>
  `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`

/**
 * Text from outside (branch names, API messages, inputs) on one line and without anything that a
 * terminal or the runner would act on: control characters, ANSI escapes, invisible and bidirectional
 * marks are shown as `\uXXXX`, and what is longer than `limit` characters is cut. Secrets are hidden
 * before that: the runner's mask knows neither a part of one nor one that is escaped.
 */
export const oneLine = (text: string, limit = 500): string => {
  const flat = hushed(text)
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(UNSAFE, escaped)
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
    .replace(/^(\s*):(?=:)/, '$1\\u003a')
    .replace(/##(?=\[)/g, '\\u0023#')

/** A value that came from outside, where it is a text that says something. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const MOST_LISTED = 50

/** Sentences as a list, one to a line, cut after `most` of them, where nobody reads on. */
export const listed = (sentences: readonly string[], most = MOST_LISTED): string => {
  const more = sentences.length - most
  const lines = sentences.slice(0, most).map((sentence) => `- ${sentence}`)
  return [...lines, ...(more > 0 ? [`- … and ${more} more`] : [])].join('\n')
}
