import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { readSettings } from '../../src/settings/read-settings.ts'
import type { Settings } from '../../src/settings/settings.ts'

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
})

const folder = mkdtempSync(join(tmpdir(), 'settings-source-'))
afterAll(() => rmSync(folder, { recursive: true }))

const read = (input: string): Settings | string => {
  try {
    return readSettings(input, { GITHUB_WORKSPACE: folder, PW: 'correct-horse' })
  } catch (error) {
    return (error as Error).message
  }
}
const readFile = (name: string, bytes: string | Uint8Array): Settings | string => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), bytes)
  return read(name)
}

describe('the path of a settings file', () => {
  it.each(['my settings.yml', '.github/auth (preview).YAML', 'auth.json', "it's.yml", 'a:b.yml'])(
    'may be %s',
    (name) => {
      expect(readFile(name, '{"name": "Shop"}')).toEqual({ name: 'Shop' })
      expect(read(`${name}\n`)).toEqual({ name: 'Shop' })
    },
  )

  it('decides by its extension whether the file is JSON', () => {
    expect(readFile('auth.json.yml', 'name: Shop')).toEqual({ name: 'Shop' })
  })

  it.each([
    'C:\\repo\\auth.yml',
    'D:/a/shop/auth.json',
    '\\\\server\\share\\my auth.yaml',
    '.github\\auth.yml',
  ])('is recognized in %s, although the file is missing', (name) => {
    expect(read(name)).toMatch(/^Could not read the settings file .*: there is no such file\./)
  })

  it.runIf(process.platform !== 'win32')(
    'with backslashes causes an error that suggests slashes',
    () => {
      expect(read('.github\\auth.yml')).toMatch(/write `\/` instead of `\\`/)
      expect(read('auth-missing.yml')).toMatch(/actions\/checkout/)
    },
  )

  it.runIf(process.platform === 'win32')('with backslashes is accepted on Windows', () => {
    expect(read('.github\\auth.yml')).toMatch(/actions\/checkout/)
  })

  it.each([
    'name: auth.yml',
    '{ name: auth.yml }',
    'name: Shop\nwebhook: { enabled: false } # x.yml',
  ])('is not recognized in YAML text: %s', (text) => {
    expect(read(text)).toMatchObject({ name: expect.any(String) })
  })
})

const padded = (bytes: number): string => 'name: Shop\n#'.padEnd(bytes, 'x')

it('a settings file may be up to 1 MB', () => {
  expect(readFile('large.yml', padded(1_000_000))).toEqual({ name: 'Shop' })
})

describe('a settings file that cannot be read', () => {
  it.each<[string, () => Settings | string, string]>([
    ['a folder', () => readFile('folder.yml/auth.yml', '') && read('folder.yml'), 'not a file'],
    ['empty', () => readFile('empty.yml', ''), 'empty'],
    ['too large', () => readFile('large.yml', padded(1_000_001)), 'larger than 1 MB'],
  ])('is explained if it is %s', (_, attempt, words) => {
    const message = attempt()
    expect(message).toMatch(/^Could not read the settings file \w+\.yml: it is /)
    expect(message).toContain(`${words}.\n`)
    expect(message).toContain('Fix: correct the file')
  })
})

describe('the encoding of a settings file', () => {
  const text = 'name: Café\n'
  const utf16 = (littleEndian: boolean, hasMark: boolean): Buffer => {
    const bytes = Buffer.from(`${hasMark ? '\ufeff' : ''}${text}`, 'utf16le')
    return littleEndian ? bytes : bytes.swap16()
  }

  it.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
  ])('may be %s', (_, bytes) => {
    expect(readFile('encoded.yml', bytes)).toEqual({ name: 'Café' })
  })

  it.each<[string, Uint8Array, string]>([
    ['UTF-16, little endian', utf16(true, true), 'encoded as UTF-16'],
    ['UTF-16, big endian', utf16(false, true), 'encoded as UTF-16'],
    ['UTF-16 without a mark', utf16(true, false), 'encoded as UTF-16'],
    ['UTF-16 without a mark, big endian', utf16(false, false), 'encoded as UTF-16'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x6e, 0, 0, 0]), 'encoded as UTF-32'],
    [
      'Windows-1252',
      Buffer.from(`# a\n${text}`, 'latin1'),
      '(line 2); it is most likely encoded as Windows-1252',
    ],
    ['UTF-8 with a truncated character', Buffer.from(text).subarray(0, -2), 'not valid UTF-8'],
  ])('is named in the error if it is %s', (_, bytes, words) => {
    for (const name of ['encoded.yml', 'encoded.json']) {
      const message = readFile(name, bytes)
      expect(message).toContain(words)
      expect(message).toContain('Fix: save the file as UTF-8')
    }
  })
})

describe('YAML', () => {
  it('supports merge keys', () => {
    const text = `
users:
  - &admin { email: a@b.co, roles: [admin], password: "\${PW}" }
  - { <<: *admin, email: c@d.co }
  - <<: [*admin]
    email: e@f.co
    roles: [user]
`
    expect(read(text)).toMatchObject({
      users: [
        { email: 'a@b.co' },
        { email: 'c@d.co', roles: ['admin'], password: 'correct-horse' },
        { email: 'e@f.co', roles: ['user'], password: 'correct-horse' },
      ],
    })
  })

  it.each([
    [
      'users: [{ email: a@b.co, password: ${PW} }]',
      /quote `\$\{NAME\}`: `"\$\{NAME\}"` \(line 1, column 37\)/,
    ],
    ['delete_users: [${PW}]', /quote `\$\{NAME\}`/],
    ['users:\n- { email: a@b.co,\n    password: prefix-${PW} }', /quote `\$\{NAME\}`.*line 3/],
    ['users:\r- { email: a@b.co,\r    password: prefix-${PW} }', /quote `\$\{NAME\}`.*line 3/],
    ['users: [{ email: "a@b.co" "Ada" }]', /a comma is missing between two entries/],
    ['users: [{ "email": a@b.co', /is not YAML: a `\{` or `\[` is not closed/],
    ['name: "${PW}', /a quote is not closed/],
    ['name: {{ X }}', /a mapping is used as a key; quote/],
    ['name: %X%', /is not quoted \(line 1/],
    ['name: *Tr0ub4dor', /an anchor that does not exist; quote/],
    ['name: !!defghijkl x', /a tag is unknown or malformed; quote/],
    ['name: !e!x y', /a tag is unknown or malformed; quote/],
    ['<<: 3', /`<<` takes a mapping/],
    ['name: "open', /a quote is not closed/],
    ['name: [', /is not closed/],
    ['name:\n\tx: 1', /tab/],
    [
      'users: [{ email: a@b.co, password: hun,ter2secret }]',
      /`users\[0\]` has an unknown key; known here: email, name, roles, password/,
    ],
  ])('with a mistake is explained without quoting it: %s', (text, words) => {
    const message = read(text)
    expect(message).toMatch(words)
    expect(message).not.toMatch(/Tr0ub4dor|defghijkl|ter2secret/)
  })
})

describe('JSON', () => {
  it.each([
    [
      '{\n  // the name\n  "name": "Shop"\n}',
      /is not JSON: JSON has no comments \(line 2, column 3\)/,
    ],
    ['{ "name": "https://x" /* y */ }', /JSON has no comments \(line 1, column 23\)/],
    ['{\n  "name": "Shop",\n}', /JSON has no trailing commas \(line 2, column 17\)/],
    ['{ "delete_users": ["a",] }', /JSON has no trailing commas/],
    ["{ 'name': 'Shop' }", /JSON strings are in double quotes/],
    ['{ "name": ${PW} }', /quote `\$\{NAME\}`/],
    ['{ "name": "Shop"', /is missing or misplaced/],
    ['{ "name": "Shop" "users": [] }', /is missing or misplaced \(line 1, column 18\)\./],
    ['{\n  "name": "Shop"\n  "users": [] }', /is missing or misplaced \(line 3, column 3\)\./],
    ['{ "name": "a", "name": "b" }', /is not JSON: a key is duplicated/],
    ['name: Shop', /is not JSON: .* is missing or misplaced\.$/m],
  ])('with a mistake in a file is explained as JSON: %s', (text, words) => {
    expect(readFile('bad.json', text)).toMatch(words)
  })

  it('in the input can use YAML syntax', () => {
    expect(read('{ "name": "Shop", }')).toEqual({ name: 'Shop' })
  })

  it('with a mistake in the input is explained as JSON', () => {
    expect(read('\n  { "name": "Shop"')).toMatch(/is not JSON: .* is missing or misplaced/)
  })
})

describe('an unknown key', () => {
  it.each(['enabled7', '7enabled', 'enabl3d'])(
    'with a digit may be part of a password, so it is not shown: %s',
    (key) => {
      const message = read(`webhook: { ${key}: true }`)
      expect(message).toContain('`webhook` has an unknown key; known here: enabled')
      expect(message).not.toContain(key)
    },
  )

  it.each([
    ['sender_nmae', 'sender_name'],
    ['sender_emial', 'sender_email'],
  ])('is compared with every known key: %s', (key, suggestion) => {
    expect(read(`email_provider: { ${key}: x }`)).toContain(`did you mean \`${suggestion}\`?`)
  })

  it.each([
    [
      'webhook: { enabeld: false }',
      '`webhook.enabeld` is not a known setting; did you mean `enabled`?',
    ],
    [
      'emailProvider: { type: shared }',
      '`emailProvider` is not a known setting; did you mean `email_provider`?',
    ],
    [
      'email_provider: { type: standard, client_id: x }',
      '`email_provider.client_id` is not a known setting here; known here: type, host',
    ],
    [
      'plugins: { magic_link: { s3cr3tpart: 1 } }',
      '`plugins.magic_link` has an unknown key; known here: enabled',
    ],
    ['s3cr3tpart: { password: "${{ x }}" }', '`….password` contains a GitHub expression'],
  ])('is shown only if it is a misspelled or misplaced setting: %s', (text, words) => {
    expect(read(text)).toContain(words)
    expect(read(text)).not.toContain('s3cr3tpart')
  })
})
