type Hide = (text: string) => string

/** Each secret, with what hides it in a text. */
const secrets = new Map<string, Hide>()
/** The steps of {@link redact}, longest secret first: one may be the beginning of another. */
let steps: readonly Hide[] = []

/** A shorter text is not a secret. Hiding it would garble every other word. */
const SHORTEST_SECRET = 6
/** A longer secret is looked for as it is only: its pattern would be huge. */
const LONGEST_PATTERN = 4_000
/** Backslashes before a character: JSON within JSON within JSON has seven. */
const ESCAPES = '(?:\\\\|%5[cC]){0,7}'

let maskInLog: (secret: string) => void = () => {}

/** Sets how the runner learns of a secret, such as `core.setSecret`. */
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

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** Hexadecimal digits in either case. */
const hex = (digits: string): string =>
  digits.replace(/[a-f]/gi, (digit) => `[${digit.toLowerCase()}${digit.toUpperCase()}]`)

const unicodeEscape = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => {
    const code = character.charCodeAt(at).toString(16).padStart(4, '0')
    return `u${hex(code)}`
  }).join(ESCAPES)

const percentEncoded = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${hex(byte.toString(16).padStart(2, '0'))}`).join('')

const entity = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  const named = NAMED_ENTITIES[character]
  const names = [`#0*${code}`, `#[xX]0*${hex(code.toString(16))}`, ...(named ? [named] : [])]
  return `&(?:${names.join('|')});`
}

/**
 * A pattern for one character in every spelling that services, proxies, and languages give it: as it
 * is, behind backslashes (JSON, PHP's `\/`), `\u0026` (Go), `%26`, `&amp;`, `&#38;`, and `+` for a space.
 */
const anySpelling = (character: string): string => {
  if (/[A-Za-z0-9]/.test(character)) return character
  const letter = JSON_LETTERS[character]
  const spellings = [
    literally(character),
    entity(character),
    percentEncoded(character),
    unicodeEscape(character),
    ...(letter ? [letter] : []),
    ...(character === ' ' ? ['\\+'] : []),
  ]
  return `${ESCAPES}(?:${spellings.join('|')})`
}

/**
 * Backslashes in a row are one piece, which starts where they start in the text: this keeps matching
 * linear in the text's length.
 */
const backslashes = (count: number): string =>
  `(?:(?<!\\\\)\\\\{${count},}|(?<!%5[cC])(?:%5[cC]){${count},}|(?:&#(?:92|[xX]5[cC]);){${count}})`

const anySpellingOf = (secret: string): string =>
  (secret.match(/\\+|[^\\]/gu) ?? [])
    .map((piece) => (piece.startsWith('\\') ? backslashes(piece.length) : anySpelling(piece)))
    .join('')

/**
 * The secret in Base64, as in an `Authorization` header. Three forms, because what stands before it
 * shifts it; each without its ends, which depend on what stands around it.
 */
const base64Forms = (secret: string): string[] => {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].map((shift) => {
    const whole = bytes.subarray(shift, bytes.length - ((bytes.length - shift) % 3))
    return whole.toString('base64')
  })
}

/** Either alphabet of Base64, and up to three characters more, which hold the secret's end. */
const base64Pattern = (form: string): string => {
  const spelled = [...form].map(
    (character) => ({ '+': '[+-]', '/': '(?:\\\\?\\/|_)' })[character] ?? character,
  )
  return `${spelled.join('')}[\\w+/-]{0,3}={0,2}`
}

const hidingOf = (secret: string): Hide => {
  if (secret.length > LONGEST_PATTERN) return (text) => text.replaceAll(secret, '***')
  const encoded = base64Forms(secret).filter((form) => form.length >= SHORTEST_SECRET)
  const pattern = new RegExp([anySpellingOf(secret), ...encoded.map(base64Pattern)].join('|'), 'g')
  return (text) => text.replace(pattern, '***')
}

/**
 * Registers a secret. The runner then masks it in the log, and {@link redact} hides it, and each of
 * its lines, in the summary and the comment, which the runner does not mask. Ignores an empty
 * string: masking that would garble every line (neondatabase/create-branch-action#56).
 */
export const registerSecret = (secret: string): void => {
  if (secret.trim() === '') return
  maskInLog(secret)
  for (const part of [secret, ...secret.split(/[\r\n]+/)].map((text) => text.trim())) {
    if (part.length < SHORTEST_SECRET || secrets.has(part)) continue
    secrets.set(part, hidingOf(part))
    steps = [...secrets].sort(([a], [b]) => b.length - a.length).map(([, hide]) => hide)
  }
}

/**
 * Returns `text` with every registered secret replaced by `***`: as it is, and as JSON, HTML, a URL,
 * or Base64 spell it.
 */
export const redact = (text: string): string => steps.reduce((shown, hide) => hide(shown), text)
