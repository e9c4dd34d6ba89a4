import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'

let registerSecret: (secret: string) => void
let redact: (text: string) => string
// Secrets are registered for the whole process, so each test starts without those of the others.
beforeEach(async () => {
  vi.resetModules()
  ;({ registerSecret, redact } = await import('../../src/core/secrets.ts'))
})

const escapeAsUnicode = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#x27;',
}
const html = (text: string): string => text.replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark)
const base64 = (text: string): string => Buffer.from(text).toString('base64')

const SPELLINGS: Readonly<Record<string, (secret: string) => string>> = {
  unchanged: (secret) => secret,
  JSON: JSON.stringify,
  'JSON in JSON': (secret) => JSON.stringify(JSON.stringify(secret)),
  "Go's JSON": (secret) => JSON.stringify(secret).replace(/[<>&\u2028\u2029]/g, escapeAsUnicode),
  "PHP's JSON": (secret) => JSON.stringify(secret).replaceAll('/', '\\/'),
  "Python's JSON": (secret) => JSON.stringify(secret).replace(/[^ -~]/g, escapeAsUnicode),
  HTML: html,
  'JSON in HTML': (secret) => html(JSON.stringify(secret)),
  'HTML in JSON': (secret) => JSON.stringify(html(secret)),
  'a part of a URL': encodeURIComponent,
  'a URL': encodeURI,
  'a part of a URL in lowercase': (secret) =>
    encodeURIComponent(secret).replace(/%../g, (escaped) => escaped.toLowerCase()),
  'a form': (secret) => new URLSearchParams({ a: secret }).toString(),
}

const SECRET = 'Zq7!kept-<secret>&"va/l\'ue" é😀 \\x\\\\"y'

describe('redact hides a secret', () => {
  it.each(Object.entries(SPELLINGS))('spelled as %s', (_, spell) => {
    registerSecret(SECRET)
    expect(redact(`before ${spell(SECRET)} after`)).toMatch(
      /^before (a=|["\\]|&#34;)*\*\*\*["\\]* ?(&#34;)? ?after$/,
    )
  })

  it.each(['', 'a', 'ab', 'user:'])('in Base64 after "%s"', (before) => {
    registerSecret(SECRET)
    expect(redact(base64(`${before}${SECRET}`))).toMatch(/^[\w+/=]{0,8}\*\*\*$/)
    expect(redact(Buffer.from(before + SECRET).toString('base64url'))).toContain('***')
  })

  it('with any characters, in every encoding', () => {
    const character = fc.oneof(
      fc.constantFrom(...'\\"\'&<>/%+ =#;\té😀aZ0'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    )
    const secret = fc
      .string({ unit: character, minLength: 8, maxLength: 24 })
      .map((text) => text.trim())
      .filter((text) => text.length >= 8 && text.isWellFormed() && !/[\r\n]/.test(text))
    fc.assert(
      fc.property(secret, fc.constantFrom(...Object.values(SPELLINGS)), (text, spell) => {
        registerSecret(text)
        expect(redact(`[${spell(text)}]`)).toContain('***')
      }),
      { numRuns: 500 },
    )
  })

  it('and leaves other text unchanged', () => {
    registerSecret('s3cret-value')
    expect(redact('s3cret value, s3cret\\value, s3cre%20t')).toBe(
      's3cret value, s3cret\\value, s3cre%20t',
    )
  })

  const LONG = `"${'k'.repeat(3_999)}`
  const ENCODED = LONG.replace('"', '&quot;')
  it.each([
    ['each line of a secret', 'first-line\r\nlast-line', 'first-line, last-line', '***, ***'],
    ['its lines together', 'first-line\r\nlast-line', '"first-line\\r\\nlast-line"', '"***"'],
    ['a tab, a backspace, and a form feed', 'secret\t\b\f.', '"secret\\t\\b\\f."', '"***"'],
    ['a secret without the space around it', ' padded-secret\n', '(padded-secret)', '(***)'],
    ['six characters', 'abcdef', 'abcdef YWJjZGVm', '*** ***'],
    ['but not five characters', 'abcde', 'abcde', 'abcde'],
    ['but not a short part in Base64', 'abcdef', 'YmNk', 'YmNk'],
    ['but not letters by number', 'secret', 's&#101;cret', 's&#101;cret'],
    [
      'with a plus for each space only',
      'a secret-value',
      'a+secret-value a+secret+value',
      '*** a+secret+value',
    ],
    ['HTML by number', 'secret<', 'secret&#0060; secret&#X3C; secret&#x03c;', '*** *** ***'],
    ['escapes in either case', 'secret<', 'secret\\u003C secret\\u003c secret%3C', '*** *** ***'],
    ['nested escapes', 'secret"', 'secret\\\\\\\\\\\\\\"', '***'],
    ['4,000 characters, encoded', LONG, ENCODED, '***'],
    ['more than 4,000 characters if unchanged', `${LONG}k`, `${LONG}k`, '***'],
    ['but not more than 4,000 characters, encoded', `${LONG}k`, `${ENCODED}k`, `${ENCODED}k`],
  ])('%s', (_, secret, text, shown) => {
    registerSecret(secret)
    expect(redact(text)).toBe(shown)
  })

  it.each([
    ['kept-secret', 'kept-secret-too'],
    ['kept-secret-too', 'kept-secret'],
  ])('completely, even if another secret is its beginning (%s, %s)', (first, second) => {
    registerSecret(first)
    registerSecret(second)
    expect(redact('kept-secret-too')).toBe('***')
  })

  it.each([
    ['backslashes', '\\'.repeat(200_000)],
    ['quotes', '\\"'.repeat(100_000)],
    ['zeros', `&#${'0'.repeat(200_000)}`],
    ['its own beginning', '"&<'.repeat(70_000)],
  ])('in linear time: %s', (_, text) => {
    registerSecret(`${'\\'.repeat(40)}"&<`)
    registerSecret('"'.repeat(40))
    registerSecret(`${'"&<'.repeat(20)}!`)
    registerSecret('k'.repeat(1_000_000))
    const started = performance.now()
    redact(text)
    expect(performance.now() - started).toBeLessThan(3_000)
  })
})
