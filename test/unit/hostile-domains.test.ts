import fc from 'fast-check'
import { parse } from 'tldts'
import { describe, expect, it } from 'vitest'
import { checkDomain, type DomainVerdict } from '../../src/domains/check-domain.ts'
import { parseDomains } from '../../src/domains/list.ts'
import { isLoopback } from '../../src/domains/loopback.ts'
import { originOf, sampleOrigin } from '../../src/domains/origin.ts'
import { hostileText } from '../hostile/payloads.ts'

/** Parts of URLs, and of tricks with URLs. */
const PIECES = [
  ...'https:// http:// HTTPS:// ftp:// javascript: https: https:/ // \\\\'.split(' '),
  ...'/ \\ ? # @ : . .. - -- _ * ** [ ] % %2e %2A %00 %40 %2F %0a'.split(' '),
  ...['\t', '\n', '\r', ' ', '\u00a0', '\u0000', '\u200b', '\ufeff'],
  ...['\u3002', '\uff0e', '\uff61', '\u2025', '\uff0f', '\u2044', '\u2100', '\uff20', '\ufe6b'],
  ...'com co.uk vercel.app netlify.app pages.dev ck example localhost a pr-7'.split(' '),
  ...'127.0.0.1 0x7f.1 2130706433 0177.1 [::1] [::ffff:127.0.0.1] 1 0 999'.split(' '),
  ...'ex\u0430mple m\u00fcnchen \u0131 \u017f \u00df \u{1d5ba} xn-- xn--a \u202e'.split(' '),
  ...':443 :80 :8443 :0 :65536 :-1 :1e3 user user:secret@ $URL ${URL}'.split(' '),
  ...'{{url}} ( \' " < > | ^ ` ~ ! + ; = & ,'.split(' '),
]

const urlLike = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('', 'https://', 'HTTPS://'),
      fc.array(fc.constantFrom(...PIECES, 'pr-7', 'shop', 'team'), { minLength: 1, maxLength: 2 }),
      fc.constantFrom('.example.com', '.vercel.app', '.localhost', '.b\u00fccher.example.'),
      fc.constantFrom('', ':8443', '/path', '?q', '#h', '/a b'),
    )
    .map(([scheme, labels, domain, rest]) => `${scheme}${labels.join('')}${domain}${rest}`),
  fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 8 }),
  fc
    .tuple(
      fc.constantFrom('', 'https://', 'http://'),
      fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 6 }),
    )
    .map(([scheme, rest]) => `${scheme}${rest}`),
  hostileText(4),
)

const CONTEXTS = [
  { source: 'workflow' },
  { source: 'workflow', allowSharedWildcards: true },
  { source: 'deployment' },
] as const

const check = (text: string): Promise<DomainVerdict> => checkDomain(text, CONTEXTS[0])

const ORIGIN = /^(https?):\/\/(\[[0-9a-f:.]+\]|[a-z0-9*_-]+(?:\.[a-z0-9*_-]+)*)(?::([1-9]\d*|0))?$/

/** Returns the reasons why a string is not an acceptable origin. */
const originFaults = (origin: string): string[] => {
  const [, scheme, host = '', port] = ORIGIN.exec(origin) ?? []
  if (scheme === undefined) return [`${origin} is not scheme://host[:port] in lowercase ASCII`]
  const fixed = host.slice(host.lastIndexOf('*') + 1).replace(/^[^.]*\.?/, '')
  const suffix = fixed === '' ? null : parse(fixed, { allowPrivateDomains: true }).publicSuffix
  const label = (host.split('.').findLast((part) => part.includes('*')) ?? '').replace(/[*_-]/g, '')
  return [
    ...(new URL(origin).origin === origin ? [] : [`browsers send ${new URL(origin).origin}`]),
    ...(scheme === 'http' && !isLoopback(host) ? ['http on another machine'] : []),
    ...(host.includes('*') &&
    !isLoopback(host) &&
    (suffix === fixed || fixed === '') &&
    label === ''
      ? ['a wildcard over a public suffix']
      : []),
    ...(port !== undefined && Number(port) > 65_535 ? ['an invalid port'] : []),
  ]
}

describe('trust exact origins: any text', () => {
  it('is judged by an oracle that recognizes what is not an origin', () => {
    for (const text of [
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
      expect(originFaults(text), text).not.toEqual([])
    }
    expect(originFaults('https://*.shop.example:8443')).toEqual([])
  })

  it('is refused with a reason, or accepted as an exact origin that does not change if it is parsed again', async () => {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(urlLike, fc.constantFrom(...CONTEXTS), async (text, context) => {
        const verdict = await checkDomain(text, context)
        if ('fault' in verdict) {
          expect(verdict.fault).toMatch(/^[\x20-\x7e\u2026]+$/)
          return
        }
        const { origin, warnings } = verdict
        accepted += 1
        expect(originFaults(origin)).toEqual([])
        expect(warnings.join('')).toMatch(/^[\x20-\x7e]*$/)
        expect(await checkDomain(origin, context)).toMatchObject({ origin })
        expect(originOf(origin)).toBe(origin)
        expect(sampleOrigin(origin)).not.toContain('*')
        expect(URL.canParse(sampleOrigin(origin))).toBe(true)
        if (context.source === 'deployment')
          expect(isLoopback(new URL(origin).hostname) || origin.includes('*')).toBe(false)
      }),
      { numRuns: 1500 },
    )
    expect(accepted).toBeGreaterThan(5)
  })

  it('is read as a list without an exception, and each message is one line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(urlLike, { maxLength: 5 }), async (parts) => {
        const text = parts.join('\n')
        const { origins, faults, warnings } = await parseDomains(text, CONTEXTS[0])
        const entries = text.split(/[\n,]/).filter((part) => part.trim() !== '')
        expect(origins.length + faults.length).toBeLessThanOrEqual(Math.max(entries.length, 1))
        expect(text === '').toBe(origins.length + faults.length === 0)
        for (const origin of origins) expect(originFaults(origin)).toEqual([])
        for (const line of [...faults, ...warnings]) expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
      { numRuns: 500 },
    )
  })

  it('is converted to the ASCII form that browsers send', async () => {
    for (const [text, origin] of [
      ['https://ex\u0430mple.com', 'https://xn--exmple-4nf.com'],
      ['example\u3002com', 'https://example.com'],
      ['example\uff0ecom', 'https://example.com'],
      ['\u{1d5ba}.example', 'https://a.example'],
    ] as const)
      expect(await check(text)).toMatchObject({ origin })
    expect(await check('https://example.com\u2044.evil.example')).not.toMatchObject({
      origin: 'https://example.com',
    })
  })

  it.each([
    'https://$PREVIEW_URL',
    '${{steps.deploy.outputs.url}}',
    'https://{{url}}.example.com',
    "https://'a'.example.com",
    'https://a(b).example.com',
  ])('is refused if its host contains a placeholder, quotes, or brackets: %s', async (text) => {
    expect(await check(text)).toHaveProperty('fault')
  })

  it.each([
    'https://admin:hunter2@example.com',
    'https://admin:hun/hunter2@example.com',
    'https://admin:hunter2/x@y@example.com',
    'admin:hunter2@example.com',
    'http://a@hunter2@exa mple.com',
  ])('is shown without its password: %s', async (text) => {
    const { faults } = await parseDomains(text, CONTEXTS[0])
    expect(faults).toHaveLength(1)
    expect(faults[0]).not.toMatch(/hun/)
  })

  it.each([
    ['a megabyte of one host', 'a'.repeat(1_000_000)],
    ['a megabyte of dots', '.'.repeat(1_000_000)],
    ['a megabyte of wildcards', `https://${'*.'.repeat(500_000)}com`],
    ['a megabyte of at signs', `https://${'@'.repeat(1_000_000)}`],
    ['a megabyte of one domain, repeated', 'a.example,'.repeat(100_000)],
  ])('is handled quickly, with a short message: %s', async (_, text) => {
    const started = performance.now()
    const { origins, faults } = await parseDomains(text, CONTEXTS[0])
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(origins.length + faults.length).toBe(1)
    expect((faults[0] ?? '').length).toBeLessThan(500)
  })
})
