import { describe, expect, it } from 'vitest'
import { authUrlsIn, belongsTo, mergeFound } from '../../src/doctor/auth-urls.ts'
import { coverageOf } from '../../src/doctor/listed-domains.ts'

const BASE = 'https://ep-cool-sun-123.neonauth.c-2.us-east-2.aws.neon.tech/neondb/auth'

describe('auth URLs in a page', () => {
  it.each<[string, string]>([
    ['a string', `createAuthClient("${BASE}")`],
    ['a string with a route', `fetch('${BASE}/sign-in/email')`],
    ['JSON with escaped slashes', `{"url":"${BASE.replaceAll('/', '\\/')}"}`],
    ['JSON in a script', `self.push("{\\"url\\":\\"${BASE.replaceAll('/', '\\\\/')}\\"}")`],
    ['an attribute', `<meta name="auth" content="${BASE}/">`],
    ['a policy', `connect-src 'self' ${BASE};`],
  ])('are found in %s', (_, text) => {
    const { urls, broken } = authUrlsIn(text, [])
    expect(urls).toHaveLength(1)
    expect(belongsTo(urls[0] ?? '', BASE)).toBe(true)
    expect(broken).toEqual([])
  })

  it('are found if they are known, whatever their form', () => {
    const known = [
      'http://127.0.0.1:4000/ep-1/neondb/auth',
      'http://127.0.0.1:4000/ep-2/neondb/auth',
    ]
    expect(authUrlsIn(`x = '${known[1]}'`, known).urls).toEqual([known[1]])
  })

  it.each([
    `NEXT_PUBLIC_NEON_AUTH_URL:"https://auth.example.com/api"`,
    `VITE_NEON_AUTH_URL="https://auth.example.com/api"`,
    `{"NEON_AUTH_BASE_URL":"https://auth.example.com/api"}`,
    `env["VITE_NEON_AUTH_URL"] = 'https://auth.example.com/api'`,
  ])('are the values of variables: %s', (text) => {
    expect(authUrlsIn(text, []).urls).toEqual(['https://auth.example.com/api'])
  })

  it.each([
    [`new URL("https://undefined")`, 'https://undefined'],
    [`fetch("https://undefined/sign-in/email")`, 'https://undefined'],
    [`"url":"https:\\/\\/null\\/auth"`, 'https://null'],
    ['href="https://[object Object]"', 'https://[object Object]'],
  ])('show a value that was missing: %s', (text, trace) => {
    expect(authUrlsIn(text, []).broken).toEqual([trace])
  })

  it.each(['https://undefined.example.com', 'https://null-island.com', 'typeof x === "undefined"'])(
    'do not mistake %s for that',
    (text) => {
      expect(authUrlsIn(text, [])).toEqual({ urls: [], broken: [] })
    },
  )

  it.each([
    'createAuthClient(process.env.NEXT_PUBLIC_NEON_AUTH_URL)',
    '{BASE_URL:"/",MODE:"production"}.VITE_NEON_AUTH_URL)',
    'VITE_NEON_AUTH_URL:""',
    'VITE_NEON_AUTH_URL:"undefined"',
  ])('show a variable without a value: %s', (text) => {
    expect(authUrlsIn(text, []).unset).toMatch(/NEON_AUTH_URL$/)
  })

  it.each([
    'throw new Error("NEON_AUTH_BASE_URL is not set")',
    '<p>Copy <code>VITE_NEON_AUTH_URL</code> to .env</p>',
    'process.env.NEON_AUTH_BASE_URL',
  ])('do not mistake a mention, or a server variable, for one without a value: %s', (text) => {
    expect(authUrlsIn(text, []).unset).toBeUndefined()
  })

  it('are merged from all texts, each once', () => {
    const merged = mergeFound([
      { urls: [BASE], broken: [] },
      { urls: [BASE], broken: ['https://undefined'], unset: 'VITE_NEON_AUTH_URL' },
    ])
    expect(merged).toEqual({
      urls: [BASE],
      broken: ['https://undefined'],
      unset: 'VITE_NEON_AUTH_URL',
    })
  })

  it('are read in linear time', () => {
    const text = `${'https://a.neonauth.'.repeat(20_000)}${'NEON_AUTH_URL '.repeat(20_000)}`
    const start = performance.now()
    authUrlsIn(text, [])
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})

describe('the list of trusted domains', () => {
  const ORIGIN = 'https://pr-7.preview.example.com'

  it.each([
    ['exactly', [ORIGIN], 'exactly'],
    ['by a wildcard', ['https://*.preview.example.com'], 'by_wildcard'],
    ['not by another wildcard', ['https://*.review.example.com'], 'not'],
    ['not by a dot as a wildcard', ['https://*xpreview.example.com'], 'not'],
    ['not by a part of it', ['https://preview.example.com'], 'not'],
  ])('covers an origin %s', (_, domains, expected) => {
    expect(coverageOf(ORIGIN, domains, true)).toBe(expected)
  })

  it.each([`${ORIGIN}/`, `${ORIGIN}/app`, ORIGIN.toUpperCase(), `${ORIGIN}:443`])(
    'covers an origin only in an equivalent spelling: %s',
    (entry) => {
      expect(coverageOf(ORIGIN, [entry], false)).toEqual({ misspelled: entry })
    },
  )

  it('covers localhost if localhost is allowed', () => {
    expect(coverageOf('http://localhost:3000', [], true)).toBe('as_localhost')
    expect(coverageOf('http://localhost:3000', [], false)).toBe('not')
  })
})
