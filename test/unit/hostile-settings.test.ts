import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { Problem } from '../../src/core/problem.ts'
import { readSettings } from '../../src/settings/read-settings.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { hostileText } from '../hostile/payloads.ts'
import { maskedBy, runnerCommands } from '../hostile/runner-commands.ts'

let written = ''
beforeEach(() => {
  written = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written += chunk
    return true
  })
})

const SECRET = 'Zq7!kept-<secret>&value'
// Like `process.env`, it inherits properties such as `constructor`.
const ENV = Object.assign(
  Object.create({ constructor: Object, toString: Object.prototype.toString }),
  {
    SECRET,
    PORT: '587',
    EMPTY: '',
    INPUT_API_KEY: 'napi_reserved_key',
  },
) as NodeJS.ProcessEnv

/** Returns the settings or the error message. Any error other than a `Problem` is a bug. */
const read = (text: string, env = ENV): Settings | string => {
  try {
    return readSettings(text, env)
  } catch (error) {
    if (error instanceof Problem) return error.message
    throw error
  }
}

const prototypeKeys = () => Object.getOwnPropertyNames(Object.prototype).join()
const PRISTINE_KEYS = prototypeKeys()

/** Reads settings and checks what must hold for every text. Returns the settings or the error message. */
const readChecked = (text: string): Settings | string => {
  const result = read(text)
  expect(prototypeKeys()).toBe(PRISTINE_KEYS)
  if (typeof result !== 'string') {
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype)
    return result
  }
  expect(result.length).toBeLessThan(30_000)
  expect(result).toMatch(/\nFix: /)
  expect(result).not.toMatch(/Unexpected error|TypeError|RangeError|\[object |\[native code/)
  expect(result).not.toContain(SECRET)
  expect(result).not.toContain('napi_reserved_key')
  return result
}

const KEYS = [
  ...'name allow_localhost email_and_password email_provider oauth_providers plugins'.split(' '),
  ...'webhook users delete_users test_email resend_secrets enabled type host port'.split(' '),
  ...'password email roles google client_id client_secret magic_link expires_in'.split(' '),
  ...'webhook_url __proto__ constructor prototype toString << $schema'.split(' '),
]

const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    true,
    false,
    null,
    0,
    -1,
    1e308,
    587,
    'shared',
    'standard',
    'absent',
    'a@b.example',
  ),
  fc.constantFrom(
    '${SECRET}',
    '$${SECRET}',
    'x ${SECRET} y',
    '$${SECRET} ${SECRET}',
    '${PORT}',
    '${EMPTY}',
  ),
  fc.constantFrom('${constructor}', 'x ${toString}', '${__proto__}', '${INPUT_API_KEY}', '${'),
  hostileText(4),
  fc.double(),
)

const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), hostileText(2)), tie('value'), { maxKeys: 6 }),
  ),
}))

const TOKENS = [
  ...'name users plugins webhook email a 1 true no ~ 0o17 0x1f 1_000'.split(' '),
  ...'2026-11-23 .nan -.inf 1e999 " \' \\ : , { } [ ] *a # @ `'.split(' '),
  ...[': ', '- ', '? ', '|\n', '>-\n', '&a ', '<<: *a', '  ', '\t', '\n', '\r\n', '\r'],
  ...['!!js/function ', '!!binary ', '!!set ', '!!python/object:x ', '!<tag:x> '],
  ...['%YAML 1.1\n', '---\n', '...\n', '\ufeff', '\u0000', '\u2028'],
  ...'${SECRET} $${SECRET} ${constructor} __proto__'.split(' '),
]

describe('settings in any text', () => {
  it('are valid or explained if they consist of YAML tokens', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...TOKENS), maxLength: 24 }), (text) => {
        readChecked(text)
      }),
      { numRuns: 1000 },
    )
  })

  it('are valid or explained if they are JSON with known and malicious keys', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        readChecked(JSON.stringify(value) ?? '')
      }),
      { numRuns: 1000 },
    )
  })

  it('are valid or explained if they consist of any characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => void readChecked(text)),
      { numRuns: 1000 },
    )
  })

  it('mask the values that they read from the environment', () => {
    const piece = fc.constantFrom('${SECRET}', '$${SECRET}', '$', '{', '}', 'x', ' ', '${PORT}')
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
        written = ''
        const result = read(`name: ${JSON.stringify(pieces.join(''))}`)
        if (typeof result === 'string' || !result.name?.includes(SECRET)) return
        expect(maskedBy(runnerCommands(written))).toContain(SECRET)
      }),
      { numRuns: 500 },
    )
  })
})

const levels = 'abcdefghi'
const BOMBS: [string, string, RegExp?][] = [
  ['an alias that contains itself, in a list', 'name: &a [*a]', /more than 100 levels/],
  ['an alias that contains itself, in a mapping', '&a {x: *a}', /more than 100 levels/],
  [
    'an alias that contains itself many times',
    'name: &a [*a, *a, *a, *a, *a]',
    /more than 100 levels/,
  ],
  [
    'a billion laughs',
    [...levels]
      .map(
        (name, level) =>
          `${name}: &${name} [${Array(9)
            .fill(level ? `*${levels[level - 1]}` : 'lol')
            .join(', ')}]`,
      )
      .join('\n'),
    /more than 10000 values/,
  ],
  [
    'twenty thousand merge keys of one mapping',
    `a: &a {${Array.from({ length: 50 }, (_, index) => `k${index}: 1`).join(', ')}}\nb: {<<: [${Array(20_000).fill('*a').join(',')}]}`,
  ],
  ['lists nested a hundred thousand levels deep', `name: ${'['.repeat(100_000)}`, /not YAML/],
  ['mappings nested a hundred thousand levels deep', '{a: '.repeat(100_000), /not YAML/],
  ['a one-megabyte key', `${'k'.repeat(1_000_000)}: 1`, /unknown key|not YAML/],
  ['a one-megabyte value', `name: ${'v'.repeat(1_000_000)}`, /is 1000000 characters long/],
  [
    'a one-megabyte password',
    `users: [{email: a@b.example, password: "${'p'.repeat(1_000_000)}"}]`,
    /is 1000000 characters long/,
  ],
  [
    'a one-megabyte address',
    `test_email: "${'a'.repeat(500_000)}@${'b'.repeat(500_000)}"`,
    /is 1000001 characters long/,
  ],
  ['sixty thousand keys', Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join('\n')],
  ['four thousand errors', `users: [${'{a: 1},'.repeat(4000)}]`, /and \d+ more/],
  [
    'nine thousand roles',
    `users: [{email: a@b.example, roles: [${Array(9000).fill('[r]').join(',')}]}]`,
  ],
  ['a long line of colons', ':'.repeat(500_000)],
  ['a long line of quotes', '"'.repeat(500_001)],
  ['a long line of question marks', '? '.repeat(100_000)],
  ['a long line of dashes', '- '.repeat(100_000)],
  ['many anchors', Array.from({ length: 50_000 }, (_, index) => `- &a${index} x`).join('\n')],
  ['many documents', '---\na\n'.repeat(50_000), /not YAML/],
  ['ten megabytes', `name: a\n${'# comment\n'.repeat(1_000_000)}`],
  ['a function', 'name: !!js/function "function () { return 1 }"', /not YAML/],
  ['binary', 'name: !!binary aGVsbG8=', /not YAML/],
  ['a set', 'users: !!set {a, b}', /not YAML/],
  ['a duplicate key', 'name: a\nname: b', /duplicated/],
  ['two documents', 'name: a\n---\nname: b', /single document/],
  ['a zero byte', 'name: a\u0000b', /null byte/],
  ['nothing', '   ', /empty/],
  [
    'a key that forges log lines',
    '"x\\n::error::forged\\nFix: nothing": 1',
    /^- The top level has an unknown key; known here: /m,
  ],
]

describe('the settings parser', () => {
  it.each(BOMBS)('handles %s within ten seconds', (_, text, message) => {
    const started = performance.now()
    const result = readChecked(text)
    expect(performance.now() - started).toBeLessThan(10_000)
    if (message) expect(result).toMatch(message)
  })

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'rejects the key %s at the top and inside a setting, without prototype pollution',
    (key) => {
      for (const text of [
        `${key}: {polluted: 1}`,
        `plugins: {${key}: {polluted: 1}}`,
        `{"webhook": {"enabled": false, "${key}": {"polluted": 1}}}`,
      ]) {
        expect(readChecked(text)).toContain('has an unknown key')
        expect('polluted' in {}).toBe(false)
      }
    },
  )

  it('reads a BOM and CRLF, as Windows and editors write them', () => {
    expect(read('\ufeffname: a\r\nallow_localhost: false\r\n')).toEqual({
      name: 'a',
      allow_localhost: false,
    })
  })

  it.each(['no', 'off', 'yes', '"true"', '1'])('refuses %s for allow_localhost', (value) => {
    expect(readChecked(`allow_localhost: ${value}`)).toMatch(
      /`allow_localhost` must be true or false/,
    )
  })

  it.each(['..', '.'])('refuses the user ID %s, which would point to another URL', (id) => {
    expect(readChecked(`delete_users: ["${id}"]`)).toMatch(/`delete_users\[0\]` is not an ID/)
  })
})

describe('reading a settings file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const inFolder = { ...ENV, GITHUB_WORKSPACE: folder }

  it.each<[string, (path: string) => void, RegExp]>([
    ['a folder', (path) => mkdirSync(path), /not a file/],
    ['a link to an endless device', (path) => symlinkSync('/dev/zero', path), /not a file/],
    [
      "a link to the process's environment",
      (path) => symlinkSync('/proc/self/environ', path),
      /is empty/,
    ],
    ['a pipe that nobody writes to', (path) => execFileSync('mkfifo', [path]), /not a file/],
    ['a link to itself', (path) => symlinkSync(path, path), /ELOOP/],
    [
      'a file larger than a megabyte',
      (path) => writeFileSync(path, `# ${'x'.repeat(1_000_000)}`),
      /larger than 1 MB/,
    ],
    ['an empty file', (path) => writeFileSync(path, ''), /empty/],
    ['UTF-16', (path) => writeFileSync(path, Buffer.from('\ufeffname: a', 'utf16le')), /UTF-16/],
  ])('refuses %s', (name, make, message) => {
    const file = `${name.replaceAll(' ', '-')}.yml`
    make(join(folder, file))
    expect(read(file, inFolder)).toMatch(message)
  })

  it('reports a path with a zero byte, or a very long one', () => {
    for (const name of ['a\u0000b.yml', `${'a/'.repeat(20_000)}b.yml`]) {
      expect(read(name, inFolder)).toMatch(/^Could not read the settings file /)
    }
  })
})
