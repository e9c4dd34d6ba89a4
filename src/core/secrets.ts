/** Replaces one secret in a string. */
type Redactor = (text: string) => string

/** Each secret with its redactor. */
const secrets = new Map<string, Redactor>()
/** All redactors, longest secret first, because one secret may be a prefix of another. */
let redactors: readonly Redactor[] = []

/** Shorter secrets are not redacted, because that would garble ordinary words. */
const MIN_SECRET_LENGTH = 6
/** Longer secrets match only verbatim, because their pattern would be huge. */
const MAX_PATTERN_LENGTH = 4_000
/** A pattern for the backslashes before a character. JSON nested three times has up to seven. */
const ESCAPES = '(?:\\\\|%5[cC]){0,7}'

let maskInLog: (secret: string) => void = () => {}

/** Sets the function that masks a secret in the runner's log, such as `core.setSecret`. */
export const maskWith = (mask: (secret: string) => void): void => {
  maskInLog = mask
}

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
}
const JSON_LETTERS: Readonly<Record<string, string>> = {
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\b': 'b',
  '\f': 'f',
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** Returns a pattern for hexadecimal digits in either case. */
const hexPattern = (digits: string): string =>
  digits.replace(/[a-f]/gi, (digit) => `[${digit.toLowerCase()}${digit.toUpperCase()}]`)

const unicodePattern = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => {
    const code = character.charCodeAt(index).toString(16).padStart(4, '0')
    return `u${hexPattern(code)}`
  }).join(ESCAPES)

const percentPattern = (character: string): string =>
  [...Buffer.from(character)]
    .map((byte) => `%${hexPattern(byte.toString(16).padStart(2, '0'))}`)
    .join('')

const entityPattern = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  const name = NAMED_ENTITIES[character]
  const numbers = [`#0*${code}`, `#[xX]0*${hexPattern(code.toString(16))}`]
  return `&(?:${[...numbers, ...(name ? [name] : [])].join('|')});`
}

/**
 * Returns a pattern for the usual spellings of a character: verbatim, after backslashes (JSON, PHP's `\/`),
 * `\u0026` (Go), `%26`, `&amp;`, `&#38;`, and `+` for a space. Letters and digits match only verbatim.
 */
const characterPattern = (character: string): string => {
  if (/[A-Za-z0-9]/.test(character)) return character
  const letter = JSON_LETTERS[character]
  const spellings = [
    escapeRegExp(character),
    entityPattern(character),
    percentPattern(character),
    unicodePattern(character),
    ...(letter ? [letter] : []),
    ...(character === ' ' ? ['\\+'] : []),
  ]
  return `${ESCAPES}(?:${spellings.join('|')})`
}

/**
 * Returns a pattern for `count` consecutive backslashes or more. It matches only from the first of them,
 * because trying every one would take quadratic time.
 */
const backslashPattern = (count: number): string =>
  `(?:(?<!\\\\)\\\\{${count},}|(?<!%5[cC])(?:%5[cC]){${count},}|(?:&#(?:92|[xX]5[cC]);){${count}})`

const secretPattern = (secret: string): string =>
  (secret.match(/\\+|[^\\]/gu) ?? [])
    .map((piece) =>
      piece.startsWith('\\') ? backslashPattern(piece.length) : characterPattern(piece),
    )
    .join('')

/**
 * Returns the three forms that a secret can have in Base64, as in an `Authorization` header. The form depends
 * on the length of the text before the secret. Omits the ends, which depend on the surrounding text.
 */
const base64Forms = (secret: string): string[] => {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].map((shift) => {
    const wholeGroups = bytes.subarray(shift, bytes.length - ((bytes.length - shift) % 3))
    return wholeGroups.toString('base64')
  })
}

/** Returns a pattern for `form` in both Base64 alphabets, followed by up to three more characters. */
const base64Pattern = (form: string): string => {
  const patterns = [...form].map(
    (character) => ({ '+': '[+-]', '/': '(?:\\\\?\\/|_)' })[character] ?? character,
  )
  return `${patterns.join('')}[\\w+/-]{0,3}={0,2}`
}

const redactorFor = (secret: string): Redactor => {
  if (secret.length > MAX_PATTERN_LENGTH) return (text) => text.replaceAll(secret, '***')
  const encoded = base64Forms(secret).filter((form) => form.length >= MIN_SECRET_LENGTH)
  const pattern = new RegExp([secretPattern(secret), ...encoded.map(base64Pattern)].join('|'), 'g')
  return (text) => text.replace(pattern, '***')
}

/**
 * Registers a secret. The runner masks it in the log only, so {@link redact} also hides it, and each of its
 * lines, in everything that this action writes. Ignores a blank string, because masking that would garble
 * every line (neondatabase/create-branch-action#56).
 */
export const registerSecret = (secret: string): void => {
  if (secret.trim() === '') return
  maskInLog(secret)
  for (const part of [secret, ...secret.split(/[\r\n]/)].map((line) => line.trim())) {
    if (part.length < MIN_SECRET_LENGTH || secrets.has(part)) continue
    secrets.set(part, redactorFor(part))
    redactors = [...secrets].sort(([a], [b]) => b.length - a.length).map(([, redactor]) => redactor)
  }
}

/**
 * Returns `text` with every registered secret replaced by `***`: in plain text, and encoded for JSON, HTML,
 * a URL, or Base64.
 */
export const redact = (text: string): string =>
  redactors.reduce((redacted, redactor) => redactor(redacted), text)
