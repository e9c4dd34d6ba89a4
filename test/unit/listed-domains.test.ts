import { describe, expect, it } from 'vitest'
import { coverageOf } from '../../src/doctor/listed-domains.ts'

describe('the list of trusted domains', () => {
  const ORIGIN = 'https://pr-7.preview.example.com'

  it.each([
    [ORIGIN, 'exactly'],
    ['https://*.preview.example.com', 'by_wildcard'],
    ['https://*.review.example.com', 'not'],
    ['https://*xpreview.example.com', 'not'],
    ['https://preview.example.com', 'not'],
  ])('with the entry %s, covers an origin: %s', (domain, coverage) => {
    expect(coverageOf(ORIGIN, [domain], true)).toBe(coverage)
  })

  it.each([`${ORIGIN}/`, `${ORIGIN}/app`, ORIGIN.toUpperCase(), `${ORIGIN}:443`])(
    'shows that an origin is listed in another spelling: %s',
    (domain) => {
      expect(coverageOf(ORIGIN, [domain], false)).toEqual({ misspelled: domain })
    },
  )

  it('covers localhost if localhost is allowed', () => {
    expect(coverageOf('http://localhost:3000', [], true)).toBe('as_localhost')
    expect(coverageOf('http://localhost:3000', [], false)).toBe('not')
  })
})
