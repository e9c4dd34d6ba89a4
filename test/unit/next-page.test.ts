import { describe, expect, it } from 'vitest'
import { UnusableResponseError } from '../../src/github/errors.ts'
import { checkPage, nextPage } from '../../src/github/next-page.ts'

const API = 'https://api.github.com'
const NEXT = `${API}/repositories/1/pulls?page=2`
const next = (link?: string) => nextPage(link, API)

describe('the next page of a list', () => {
  it.each([
    `<${NEXT}>; rel="next"`,
    `<${NEXT}>; rel=next`,
    `<${NEXT}>;rel="next"`,
    `<${NEXT}>; REL = "NEXT"`,
    `<${NEXT}>; rel="last  next"`,
    `<${NEXT}>; title="a"; rel="next", <${API}/last>; rel="last"`,
    `<${API}/first>; rel="first", <${NEXT}>; rel="next"`,
    '</repositories/1/pulls?page=2>; rel="next"',
  ])('is named by %s', (link) => {
    expect(next(link)).toBe(NEXT)
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
  ])('does not exist if the header is %j', (link) => {
    expect(next(link)).toBeUndefined()
  })

  it.each(['https://evil.example/?page=2', 'http://api.github.com/?page=2'])(
    'keep secrets secret: is refused at %s, where the token must not go',
    (target) => {
      expect(() => next(`<${target}>; rel="next"`)).toThrow(UnusableResponseError)
      expect(() => next(`<${target}>; rel="next"`)).toThrow(/the token is sent to \S+ only/)
    },
  )

  it('is refused if it is not a URL', () => {
    expect(() => next('<https://[>; rel="next"')).toThrow(UnusableResponseError)
  })
})

describe('unknown is not none: a page', () => {
  it('is refused if it is not a list', () => {
    const page = { data: [], headers: {} }
    expect(checkPage(page)).toBe(page)
    expect(() => checkPage({ ...page, data: { message: 'ok' } as never })).toThrow(/is not a list/)
  })
})
