import { describe, expect, it } from 'vitest'
import { hasNextPage } from '../../src/github/next-page.ts'

const NEXT = 'https://api.github.com/repositories/1/pulls?page=2'

describe('the next page of a list', () => {
  it.each([
    `<${NEXT}>; rel="next"`,
    `<${NEXT}>; rel=next`,
    `<${NEXT}>;rel="next"`,
    `<${NEXT}>; REL = "NEXT"`,
    `<${NEXT}>; rel="last  next"`,
    `<${NEXT}>; title="a"; rel="next", <${NEXT}0>; rel="last"`,
    `<${NEXT}>; rel="first", <${NEXT}>; rel="next"`,
    '</repositories/1/pulls?page=2>; rel="next"',
    '<https://[>; rel="next"',
  ])('exists with the `Link` header %s', (link) => {
    expect(hasNextPage(link)).toBe(true)
  })

  it.each([
    undefined,
    '',
    'next',
    `<${NEXT}>`,
    `<${NEXT}>; rel="prev"`,
    `<${NEXT}>; rel="nextpage"`,
    `<${NEXT}>; rel="prev"; title="next"`,
    `<${NEXT}>; rel="", next`,
  ])('does not exist with the `Link` header %j', (link) => {
    expect(hasNextPage(link)).toBe(false)
  })
})
