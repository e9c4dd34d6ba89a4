import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'

let registerSecret: (secret: string) => void
let redact: (text: string) => string
// Secrets are registered for the whole process, so reload the module before each test.
const forgetSecrets = async (): Promise<void> => {
  vi.resetModules()
  ;({ registerSecret, redact } = await import('../../src/core/secrets.ts'))
}
beforeEach(forgetSecrets)

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
  'a URL component': encodeURIComponent,
  'a URL': encodeURI,
  'a URL component with lowercase escapes': (secret) =>
    encodeURIComponent(secret).replace(/%../g, (escaped) => escaped.toLowerCase()),
  'a form': (secret) => new URLSearchParams({ a: secret }).toString(),
}

const SECRET = 'Zq7!kept-<secret>&"va/l\'ue" é😀 \\x\\\\"y'

describe('redact', () => {
  it.each(Object.entries(SPELLINGS))('hides a secret spelled as %s', (_, spell) => {
    registerSecret(SECRET)
    expect(redact(`before ${spell(SECRET)} after`)).toMatch(
      /^before (a=|["\\]|&#34;)*\*\*\*["\\]* ?(&#34;)? ?after$/,
    )
  })

  it.each(['', 'a', 'ab', 'user:'])('hides a secret in Base64 after "%s"', (before) => {
    registerSecret(SECRET)
    expect(redact(base64(`${before}${SECRET}`))).toMatch(/^[\w+/=]{0,8}\*\*\*$/)
    expect(redact(Buffer.from(before + SECRET).toString('base64url'))).toMatch(/^[\w-]{0,8}\*\*\*$/)
  })

  it('hides a random secret in each spelling', async () => {
    const character = fc.oneof(
      fc.constantFrom(...'\\"\'&<>/%+ =#;\té😀aZ0'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    )
    const secret = fc
      .string({ unit: character, minLength: 8, maxLength: 24 })
      .map((text) => text.trim())
      .filter((text) => text.length >= 8 && text.isWellFormed() && !/[\r\n]/.test(text))
      // The end `&a` already matches the start of `&amp;a`, so `mp;a` would remain.
      .filter((text) => !/[%&][\w#;]*$/.test(text))
    await fc.assert(
      fc.asyncProperty(
        secret,
        fc.constantFrom(...Object.values(SPELLINGS)),
        async (text, spell) => {
          await forgetSecrets()
          registerSecret(text)
          expect(redact(`[${spell(text)}]`)).toMatch(
            /^\[(?:a=|["\\]|&#34;)*\*\*\*(?:["\\]|&#34;)*\]$/,
          )
        },
      ),
      { numRuns: 500 },
    )
  })

  it('leaves other text unchanged', () => {
    registerSecret('s3cret-value')
    expect(redact('s3cret value, s3cret\\value, s3cre%20t')).toBe(
      's3cret value, s3cret\\value, s3cre%20t',
    )
  })

  const LONG = `"${'k'.repeat(3_999)}`
  const ENCODED = LONG.replace('"', '&quot;')
  it.each([
    ['hides each line of a secret', 'first-line\r\nlast-line', 'first-line, last-line', '***, ***'],
    [
      'hides the lines of a secret together',
      'first-line\r\nlast-line',
      '"first-line\\r\\nlast-line"',
      '"***"',
    ],
    ['hides a tab, a backspace, and a form feed', 'secret\t\b\f.', '"secret\\t\\b\\f."', '"***"'],
    ['hides a secret without the space around it', ' padded-secret\n', '(padded-secret)', '(***)'],
    ['hides six characters', 'abcdef', 'abcdef YWJjZGVm', '*** ***'],
    ['does not hide five characters', 'abcde', 'abcde', 'abcde'],
    ['does not hide a short part in Base64', 'abcdef', 'YmNk', 'YmNk'],
    [
      'does not hide letters as numeric character references',
      'secret',
      's&#101;cret',
      's&#101;cret',
    ],
    [
      'treats `+` only as a space',
      'a secret-value',
      'a+secret-value a+secret+value',
      '*** a+secret+value',
    ],
    [
      'hides numeric character references',
      'secret<',
      'secret&#0060; secret&#X3C; secret&#x03c;',
      '*** *** ***',
    ],
    [
      'hides escapes in either case',
      'secret<',
      'secret\\u003C secret\\u003c secret%3C',
      '*** *** ***',
    ],
    ['hides nested escapes', 'secret"', 'secret\\\\\\\\\\\\\\"', '***'],
    ['hides 4,000 characters, encoded', LONG, ENCODED, '***'],
    ['hides more than 4,000 characters if unchanged', `${LONG}k`, `${LONG}k`, '***'],
    ['does not hide more than 4,000 characters, encoded', `${LONG}k`, `${ENCODED}k`, `${ENCODED}k`],
  ])('%s', (_, secret, text, shown) => {
    registerSecret(secret)
    expect(redact(text)).toBe(shown)
  })

  it.each([
    ['kept-secret', 'kept-secret-too'],
    ['kept-secret-too', 'kept-secret'],
  ])(
    'hides a secret completely, even if another secret is a prefix of it (%s, %s)',
    (first, second) => {
      registerSecret(first)
      registerSecret(second)
      expect(redact('kept-secret-too')).toBe('***')
    },
  )

  it.each([
    ['backslashes', '\\'.repeat(200_000)],
    ['quotes', '\\"'.repeat(100_000)],
    ['zeros', `&#${'0'.repeat(200_000)}`],
    ['a repeated prefix of a secret', '"&<'.repeat(70_000)],
  ])('avoids catastrophic backtracking: %s', (_, text) => {
    registerSecret(`${'\\'.repeat(40)}"&<`)
    registerSecret('"'.repeat(40))
    registerSecret(`${'"&<'.repeat(20)}!`)
    registerSecret('k'.repeat(1_000_000))
    const started = performance.now()
    redact(text)
    expect(performance.now() - started).toBeLessThan(3_000)
  })
})
