import fc from 'fast-check'
import { dump } from 'js-yaml'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { settingsError } from '../settings-error.ts'

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
})

const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
/** Characters that have a meaning in YAML, JSON, or a template, and that passwords contain. */
const marks = '*&!%@`#{}[],:?|>-<=~$^\'"\\/+ .'
const word = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength })
/** Two random words, each after a digit and next to characters in `marks`. No message contains them by chance. */
const secret = fc
  .tuple(
    fc.constantFrom('', ...marks),
    word(8, 12),
    fc.constantFrom('', ...marks),
    word(8, 12),
    fc.constantFrom('', ...marks),
  )
  .map(([a, first, b, second, c]) => ({
    text: `${a}7${first}${b}7${second}${c}`,
    words: [first, second],
  }))
const digits = fc
  .string({ unit: fc.constantFrom(...'0123456789'), minLength: 12, maxLength: 16 })
  .map((text) => ({ text, words: [text, String(Number(text))] }))

const ordinary = fc.constantFrom<unknown>('shared', true, 15, 'a@b.co', 'Shop', null)
const key = fc.constantFrom(
  ...['name', 'users', 'email', 'password', 'webhook', 'webhook_url', 'enabled', 'plugins', 'type'],
  ...['email_provider', 'oauth_providers', 'github', 'client_id', 'client_secret', 'magic_link'],
  ...['expires_in', 'roles', 'delete_users', 'test_email', 'port', 'host', 'allow_localhost'],
)
/** `SECRETHERE` marks where the secret goes, in a value or in a key. */
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      ordinary,
      fc.constant('SECRETHERE'),
      fc.constant('x SECRETHERE y'),
      fc.constant('${SECRETHERE'),
    ),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof({ weight: 6, arbitrary: key }, { weight: 1, arbitrary: fc.constant('SECRETHERE') }),
      tie('tree'),
      { maxKeys: 4 },
    ),
  ),
}))

const PIECES = ['\n', '  ', '\t', ': ', '- ', '!!', '<<: *', '${', '{{', '"', '---\n']
const edits = fc.array(
  fc.record({
    at: fc.nat(),
    remove: fc.nat(2),
    insert: fc.constantFrom('', ...marks, ...PIECES),
  }),
  { maxLength: 3 },
)
type Edit = { at: number; remove: number; insert: string }
const edited = (original: string, all: readonly Edit[]) =>
  all.reduce((text, { at, remove, insert }) => {
    const start = text.length === 0 ? 0 : at % text.length
    return text.slice(0, start) + insert + text.slice(start + remove)
  }, original)

const files = fc.tuple(fc.constantFrom('block', 'flow', 'JSON'), tree).map(([style, data]) => {
  if (style === 'JSON') return JSON.stringify(data) ?? ''
  return dump(data, { flowLevel: style === 'flow' ? 0 : -1 })
})

/** Returns the first eight consecutive characters of a secret that a message shows, or a shorter secret itself. */
const leaked = (message: string, words: readonly string[]): string | undefined =>
  words
    .flatMap((word) =>
      Array.from({ length: Math.max(1, word.length - 7) }, (_, at) => word.slice(at, at + 8)),
    )
    .find((part) => message.includes(part))

describe('an error never shows a secret', () => {
  it('that is pasted unquoted into a file, valid or not', () => {
    fc.assert(
      fc.property(
        files,
        fc.oneof(secret, digits),
        edits,
        (text, { text: pasted, words }, changes) => {
          const file = edited(
            text.replaceAll(/['"]?SECRETHERE['"]?/g, () => pasted),
            changes,
          )
          const message = settingsError(file)
          expect(leaked(message, words), `${file}\n=> ${message}`).toBeUndefined()
        },
      ),
      { numRuns: 6000 },
    )
  })

  it('that comes from a variable, wherever it is used', () => {
    fc.assert(
      fc.property(files, secret, edits, (text, { text: value, words }, changes) => {
        const file = edited(text.replaceAll('SECRETHERE', '${A_SECRET}'), changes)
        const message = settingsError(file, { A_SECRET: value })
        expect(leaked(message, words), `${file}\n=> ${message}`).toBeUndefined()
      }),
      { numRuns: 3000 },
    )
  })
})

it('the random files cause at least seven kinds of errors', () => {
  const kinds = new Set<string>()
  fc.assert(
    fc.property(files, secret, edits, (text, { text: pasted }, changes) => {
      const file = text.replaceAll('SECRETHERE', () => pasted)
      const message = settingsError(edited(file, changes))
      for (const words of [
        'is not YAML',
        'is not JSON',
        'unknown key',
        'not shown',
        'must be',
        'holds',
        'anchor',
        'indentation',
      ]) {
        if (message.includes(words)) kinds.add(words)
      }
    }),
    { numRuns: 1500 },
  )
  expect(kinds.size).toBeGreaterThanOrEqual(7)
})
