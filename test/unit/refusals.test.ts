import { describe, expect, it } from 'vitest'
import { isLoopback } from '../../src/domains/loopback.ts'
import { parseDomain, parseDomains } from '../../src/domains/origin.ts'

describe('rule 7: a wildcard that is fixed in part', () => {
  it.each(['https://my-app-*.com', 'https://my-app*.co.uk', 'https://ab*.vercel.app'])(
    '%s would trust what others can register',
    async (domain) => {
      await expect(parseDomain(domain)).rejects.toThrow(/would trust every site under/)
    },
  )

  it.each(['https://abc*.vercel.app', 'https://my-app-*.vercel.app'])(
    '%s is fixed enough where a platform gives the names',
    async (domain) => {
      expect(await parseDomain(domain)).toBe(domain)
    },
  )

  it('says how to mend it, with the suffix that was meant', async () => {
    await expect(parseDomain('https://*')).rejects.toThrow(
      /every site there is.*my-app\.example\.com/,
    )
    await expect(parseDomain('https://*.com')).rejects.toThrow(/under com,.*\*\.my-app\.com/)
  })
})

describe('rule 10: a refused domain is shown without its user', () => {
  it.each(['https://user:secret@a.example', 'https://user@a.example', 'https://:secret@a.example'])(
    '%s',
    async (domain) => {
      const { domains, faults } = await parseDomains(domain)
      expect(domains).toEqual([])
      expect(faults[0]).toContain('"https://***@a.example": it holds a user name or password')
      expect(faults[0]).not.toMatch(/secre|user[:@]/)
    },
  )
})

describe('loopback is this machine alone', () => {
  it.each([
    ['127.10.200.1', true],
    ['x127.0.0.1', false],
    ['127.0.0.1.example.com', false],
  ])('%s: %s', (host, loopback) => {
    expect(isLoopback(host)).toBe(loopback)
  })
})
