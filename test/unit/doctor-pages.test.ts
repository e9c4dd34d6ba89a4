import { describe, expect, it } from 'vitest'
import { authUrlsIn, isUnderAuthUrl, mergeAuthUrls } from '../../src/doctor/auth-urls.ts'

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
    expect(isUnderAuthUrl(urls[0] ?? '', BASE)).toBe(true)
    expect(broken).toEqual([])
  })

  it('end before the slashes and periods that follow them', () => {
    expect(authUrlsIn(`Open ${BASE}/. Or ${BASE}...`, [`${BASE}//`]).urls).toEqual([BASE])
  })

  it('are limited to 20, without duplicates', () => {
    const urls = Array.from({ length: 25 }, (_, index) => BASE.replace('123', `${index}`))
    expect(authUrlsIn([...urls, ...urls].join(' '), []).urls).toEqual(urls.slice(0, 20))
  })

  it('are found on any host if they are known', () => {
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
  ])('are found in variables: %s', (text) => {
    const found = { urls: ['https://auth.example.com/api'], broken: [] }
    expect(authUrlsIn(text, [])).toEqual(found)
  })

  it.each(['"https://a.neonauth.1"', 'NEON_AUTH_URL:"https://."', 'NEON_AUTH_URL:"https://[/"'])(
    'do not include the invalid URL in %s',
    (text) => {
      expect(authUrlsIn(text, [])).toEqual({ urls: [], broken: [] })
    },
  )

  it('are merged from the page and its scripts, without duplicates', () => {
    const merged = mergeAuthUrls([
      { urls: [BASE], broken: [] },
      { urls: [BASE], broken: ['https://undefined'], unset: 'VITE_NEON_AUTH_URL' },
    ])
    expect(merged).toEqual({
      urls: [BASE],
      broken: ['https://undefined'],
      unset: 'VITE_NEON_AUTH_URL',
    })
  })

  it('are read quickly from a huge text', () => {
    const text = `${'https://a.neonauth.'.repeat(20_000)}${'NEON_AUTH_URL '.repeat(20_000)}`
    const start = performance.now()
    authUrlsIn(text, [])
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})

describe('a page without a usable auth URL', () => {
  it.each([
    [`new URL("https://undefined")`, 'https://undefined'],
    [`fetch("https://undefined/sign-in/email")`, 'https://undefined'],
    [`"url":"https:\\/\\/null\\/auth"`, 'https://null'],
    ['href="https://[object Object]"', 'https://[object Object]'],
  ])('has a broken URL: %s', (text, brokenUrl) => {
    expect(authUrlsIn(text, []).broken).toEqual([brokenUrl])
  })

  it.each(['https://undefined.example.com', 'https://null-island.com', 'typeof x === "undefined"'])(
    'has no broken URL in %s',
    (text) => {
      expect(authUrlsIn(text, [])).toEqual({ urls: [], broken: [] })
    },
  )

  it.each([
    'createAuthClient(process.env.NEXT_PUBLIC_NEON_AUTH_URL)',
    '{BASE_URL:"/",MODE:"production"}.VITE_NEON_AUTH_URL)',
    'VITE_NEON_AUTH_URL:""',
    'VITE_NEON_AUTH_URL:"undefined"',
    'VITE_NEON_AUTH_URL:"https://undefined"',
  ])('shows that a variable was unset at build time: %s', (text) => {
    expect(authUrlsIn(text, [])).toMatchObject({
      urls: [],
      unset: expect.stringMatching(/NEON_AUTH_URL$/),
    })
  })

  it.each([
    'throw new Error("NEON_AUTH_BASE_URL is not set")',
    '<p>Copy <code>VITE_NEON_AUTH_URL</code> to .env</p>',
    'process.env.NEON_AUTH_BASE_URL',
  ])('shows no unset variable if one is only mentioned, or read on a server: %s', (text) => {
    expect(authUrlsIn(text, []).unset).toBeUndefined()
  })
})
