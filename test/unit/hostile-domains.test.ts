import fc from 'fast-check'
import { parse } from 'tldts'
import { describe, expect, it } from 'vitest'
import { isLoopback } from '../../src/domains/loopback.ts'
import { originOf, parseDomain, parseDomains, sampleOrigin } from '../../src/domains/origin.ts'
import { hostileText } from '../hostile/payloads.ts'

/** Parts that URLs and tricks with URLs are made of. */
const PIECES = [
  ...[
    'https://',
    'http://',
    'HTTPS://',
    'ftp://',
    'javascript:',
    'https:',
    'https:/',
    '//',
    '\\\\',
  ],
  ...[
    '/',
    '\\',
    '?',
    '#',
    '@',
    ':',
    '.',
    '..',
    '-',
    '--',
    '_',
    '*',
    '**',
    '[',
    ']',
    '%',
    '%2e',
    '%2A',
  ],
  ...['%00', '%40', '%2F', '%0a', '\t', '\n', '\r', ' ', '\u00a0', '\u0000', '\u200b', '\ufeff'],
  ...['\u3002', '\uff0e', '\uff61', '\u2025', '\uff0f', '\u2044', '\u2100', '\uff20', '\ufe6b'],
  ...[
    'com',
    'co.uk',
    'vercel.app',
    'netlify.app',
    'pages.dev',
    'ck',
    'example',
    'localhost',
    'a',
    'pr-7',
  ],
  ...[
    '127.0.0.1',
    '0x7f.1',
    '2130706433',
    '0177.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '1',
    '0',
    '999',
  ],
  ...[
    'ex\u0430mple',
    'm\u00fcnchen',
    '\u0131',
    '\u017f',
    '\u00df',
    '\u{1d5ba}',
    'xn--',
    'xn--a',
    '\u202e',
  ],
  ...[
    ':443',
    ':80',
    ':8443',
    ':0',
    ':65536',
    ':-1',
    ':1e3',
    'user',
    'user:secret@',
    '$URL',
    '${URL}',
  ],
  ...['{{url}}', '(', "'", '"', '<', '>', '|', '^', '`', '~', '!', '+', ';', '=', '&', ','],
] as const

const urlLike = fc.oneof(
  fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 8 }),
  fc
    .tuple(
      fc.constantFrom('', 'https://', 'http://'),
      fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 6 }),
    )
    .map(([scheme, rest]) => `${scheme}${rest}`),
  hostileText(4),
)

const originOrError = async (text: string): Promise<string | Error> => {
  try {
    return await parseDomain(text)
  } catch (error) {
    return error as Error
  }
}

const ORIGIN = /^(https?):\/\/(\[[0-9a-f:.]+\]|[a-z0-9*_-]+(?:\.[a-z0-9*_-]+)*)(?::([1-9]\d*|0))?$/

/** Everything that rule 7 says of an origin; empty when it keeps it. */
const breaches = (origin: string): string[] => {
  const [, scheme, host = '', port] = ORIGIN.exec(origin) ?? []
  if (scheme === undefined)
    return [`${origin} is not scheme://host[:port] in plain lower-case ASCII`]
  const fixed = host.slice(host.lastIndexOf('*') + 1).replace(/^[^.]*\.?/, '')
  const suffix = fixed === '' ? null : parse(fixed, { allowPrivateDomains: true }).publicSuffix
  const label = (host.split('.').findLast((part) => part.includes('*')) ?? '').replace(/[*_-]/g, '')
  return [
    ...(new URL(origin).origin === origin ? [] : [`a browser says ${new URL(origin).origin}`]),
    ...(scheme === 'http' && !isLoopback(host) ? ['http, and not on this machine'] : []),
    ...(host.includes('*') &&
    !isLoopback(host) &&
    (suffix === fixed || fixed === '') &&
    label === ''
      ? ['a wildcard over a public suffix']
      : []),
    ...(port !== undefined && Number(port) > 65_535 ? ['no such port'] : []),
  ]
}

describe('rule 7: whatever is given, what is trusted is an origin, or the input is refused in words', () => {
  it('the judge knows what is none', () => {
    for (const none of [
      'https://A.example',
      'https://a.example/',
      'https://u@a.example',
      'https://a.example:443',
      'http://a.example',
      'https://*.vercel.app',
      'https://*.com',
      'https://m\u00fcnchen.example',
      'https://a.example\\b',
      'https://$url',
    ]) {
      expect(breaches(none), none).not.toEqual([])
    }
    expect(breaches('https://*.shop.example:8443')).toEqual([])
  })

  it('an origin, exactly, and its own origin again; or an Error with a sentence', async () => {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(urlLike, async (text) => {
        const found = await originOrError(text)
        if (found instanceof Error) {
          expect(found.name).toBe('Error')
          expect(found.message).toMatch(/^[\x20-\x7e\u2192]+$/)
          return
        }
        accepted += 1
        expect(breaches(found)).toEqual([])
        expect(await parseDomain(found)).toBe(found)
        expect(originOf(found)).toBe(found)
        expect(sampleOrigin(found)).not.toContain('*')
        expect(URL.canParse(sampleOrigin(found))).toBe(true)
      }),
      { numRuns: 6000 },
    )
    expect(accepted).toBeGreaterThan(100)
  })

  it('a list never throws, shows no more than a line of each part, and tells of every part', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(urlLike, { maxLength: 5 }), async (parts) => {
        const text = parts.join('\n')
        const { domains, faults } = await parseDomains(text)
        const given = text.split(/[\n,]/).filter((part) => part.trim() !== '')
        expect(domains.length + faults.length).toBeLessThanOrEqual(given.length)
        expect(given.length === 0).toBe(domains.length + faults.length === 0)
        for (const domain of domains) expect(breaches(domain)).toEqual([])
        for (const fault of faults) expect(fault).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
      { numRuns: 1500 },
    )
  })

  it('look-alikes are shown as what they are', async () => {
    expect(await parseDomain('https://ex\u0430mple.com')).toBe('https://xn--exmple-4nf.com')
    expect(await parseDomain('example\u3002com')).toBe('https://example.com')
    expect(await parseDomain('example\uff0ecom')).toBe('https://example.com')
    expect(await parseDomain('\u{1d5ba}.example')).toBe('https://a.example')
    expect(await originOrError('https://example.com\u2044.evil.example')).not.toBe(
      'https://example.com',
    )
  })

  it.each([
    'https://$PREVIEW_URL',
    '${{ steps.deploy.outputs.url }}'.replace(/ /g, ''),
    'https://{{url}}.example.com',
    "https://'a'.example.com",
    'https://a(b).example.com',
  ])('%s is a variable that nobody filled in, and no host', async (text) => {
    await expect(parseDomain(text)).rejects.toThrow()
  })

  it.each([
    'https://admin:hunter2@example.com',
    'https://admin:hun/hunter2@example.com',
    'https://admin:hunter2/x@y@example.com',
    'admin:hunter2@example.com',
    'http://a@hunter2@exa mple.com',
  ])('the password in %s is not shown', async (text) => {
    const { faults } = await parseDomains(text)
    expect(faults).toHaveLength(1)
    expect(faults[0]).not.toMatch(/hun/)
  })

  it.each([
    ['a megabyte of one host', 'a'.repeat(1_000_000)],
    ['a megabyte of dots', '.'.repeat(1_000_000)],
    ['a megabyte of wildcards', `https://${'*.'.repeat(500_000)}com`],
    ['a megabyte of at signs', `https://${'@'.repeat(1_000_000)}`],
    ['as many domains as fit', 'a.example,'.repeat(100_000)],
  ])('%s ends soon, with short words', async (_, text) => {
    const started = performance.now()
    const { domains, faults } = await parseDomains(text)
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(domains.length + faults.length).toBe(1)
    expect((faults[0] ?? '').length).toBeLessThan(500)
  })
})
