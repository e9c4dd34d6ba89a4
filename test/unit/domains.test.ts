import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLoopback } from '../../src/domains/loopback.ts'
import { originOf, parseDomain, parseDomains, sampleOrigin } from '../../src/domains/origin.ts'

describe('rule 7: domains are origins', () => {
  it.each([
    ['https://pr-7.example.com', 'https://pr-7.example.com'],
    ['pr-7.example.com', 'https://pr-7.example.com'],
    ['  Foo.Vercel.App/  '.trim(), 'https://foo.vercel.app'],
    ['https://foo.example:443/path?q#h', 'https://foo.example'],
    ['https://foo.example:8443/', 'https://foo.example:8443'],
    ['foo.example:8443', 'https://foo.example:8443'],
    ['localhost:3000', 'https://localhost:3000'],
    ['localhost:3000?from=mail', 'https://localhost:3000'],
    ['http://localhost:3000/', 'http://localhost:3000'],
    ['http://127.0.0.1:5173', 'http://127.0.0.1:5173'],
    ['http://[::1]:5173', 'http://[::1]:5173'],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
    ['https://example。com', 'https://example.com'],
    ['https://example.com.', 'https://example.com'],
    ['https://example.com.:8443', 'https://example.com:8443'],
    ['https://*.my-app.vercel.app', 'https://*.my-app.vercel.app'],
    ['https://my-app-*-team.vercel.app', 'https://my-app-*-team.vercel.app'],
    ['https://deploy-preview-*--site.netlify.app', 'https://deploy-preview-*--site.netlify.app'],
    ['https://*.example.co.uk', 'https://*.example.co.uk'],
    ['https://*.example.com:8443', 'https://*.example.com:8443'],
    ['http://*.localhost:3000', 'http://*.localhost:3000'],
  ])('%s is trusted as %s', async (given, origin) => {
    expect(await parseDomain(given)).toBe(origin)
  })

  it.each([
    'https://user:secret@example.com',
    'user:secret@example.com',
    'https://@example.com',
    'http://example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'ftp://example.com',
    'myapp://callback',
    'myapp:',
    'javascript:alert(1)',
    'mailto:a@example.com',
    'https://',
    'https://exa mple.com',
    'https://example.com:*',
    'https://example.com:99999',
    '["https://example.com"]',
    'https://example.com..',
    'https://*.vercel.app..',
    'https://..com',
    '@evil.example',
    ':@evil.example',
    'exa\tmple.com',
  ])('%s is refused', async (given) => {
    await expect(parseDomain(given)).rejects.toThrow()
  })

  it.each([
    'https://*',
    '*',
    '*.*',
    'https://*.com',
    'https://*.co.uk',
    'https://*.vercel.app',
    'https://*.VERCEL.app/',
    'https://*.vercel.app.',
    'https://*.netlify.app',
    'https://*.pages.dev',
    'https://*.github.io',
    'https://**.vercel.app',
    'https://*.*.vercel.app',
    'https://app.*.vercel.app',
    'https://*-*.vercel.app',
    'https://app.*.com',
    'https://my-*.com',
    'https://%2A.vercel.app',
    'https://*.ck',
    'https://*.kawasaki.jp',
    'https://*.sch.uk',
    'https://*.compute.amazonaws.com',
    'https://a*.vercel.app',
    'https://*b.vercel.app',
    'https://*.internal',
  ])('%s is refused: it would trust sites of other people', async (given) => {
    await expect(parseDomain(given)).rejects.toThrow(/would trust every site/)
  })

  it('collects every fault and keeps what is good, once, in order', async () => {
    const parsed = await parseDomains(
      'b.example, https://*.com\n\nhttps://B.example/x,http://c.example\na.example',
    )
    expect(parsed.domains).toEqual(['https://b.example', 'https://a.example'])
    expect(parsed.faults).toHaveLength(2)
  })

  it('never shows the password of a refused domain', async () => {
    const { faults } = await parseDomains('https://admin:hunter2@example.com')
    expect(faults.join()).not.toContain('hunter2')
  })

  it('is idempotent: an origin is its own origin', async () => {
    await fc.assert(
      fc.asyncProperty(fc.webUrl({ validSchemes: ['https'] }), async (url) => {
        const once = await parseDomain(url)
        expect(await parseDomain(once)).toBe(once)
        expect(once).not.toMatch(/[A-Z/]$/)
      }),
    )
  })

  it('never throws on any text, and never yields anything but origins', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
        const { domains } = await parseDomains(text)
        for (const domain of domains) expect(domain).toMatch(/^https?:\/\/[^/?#@\s]+$/)
      }),
      { numRuns: 500 },
    )
  })
})

describe('what Neon lists', () => {
  it('is compared by origin, and kept as it is where it has none', () => {
    expect(originOf('https://Foo.example/')).toBe('https://foo.example')
    expect(originOf('myapp://callback')).toBe('myapp://callback')
    expect(originOf('not a url')).toBe('not a url')
  })

  it('is asked with a sample host where it is a wildcard', () => {
    expect(sampleOrigin('https://app-*-team.vercel.app')).toBe(
      'https://app-neon-auth-sample-team.vercel.app',
    )
    expect(sampleOrigin('https://a.example')).toBe('https://a.example')
  })

  it('knows loopback hosts from look-alikes', () => {
    expect(['localhost', 'app.localhost', '127.8.9.1', '[::1]'].every(isLoopback)).toBe(true)
    expect(['localhost.evil.com', '127.0.0.1.evil.com', 'evil-localhost'].some(isLoopback)).toBe(
      false,
    )
  })
})
