import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messageOf } from '../../src/core/problem.ts'
import { bulletList, nonEmptyString, oneLine, sanitizeLine } from '../../src/core/text.ts'
import { NeonApiError, toProblem, UnexpectedResponseError } from '../../src/neon/errors.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import { bullets, code, escapeMarkdown } from '../../src/report/markdown.ts'

describe('keep secrets secret: text from outside stays text', () => {
  it('cannot start a workflow command, in either of its forms', () => {
    const pieces = [':', '#', '[', ' ', 'a', '\t', '\u00a0', '::set-output name=x::y', '##[error]']
    const hostile = fc.string({ unit: fc.constantFrom(...pieces) })
    fc.assert(
      fc.property(hostile, (text) => {
        const line = sanitizeLine(text)
        expect(line.trimStart().startsWith('::')).toBe(false)
        expect(line).not.toContain('##[')
      }),
      { numRuns: 1000 },
    )
  })

  it('becomes one line without control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u)
      }),
    )
    expect(oneLine('a\r\n\n  b\u001b[31m')).toBe('a b\\u001b[31m')
  })

  it('is shortened only if it is longer than the limit', () => {
    expect(oneLine('x'.repeat(600))).toBe(`${'x'.repeat(500)}…`)
    expect(oneLine('x'.repeat(500))).toBe('x'.repeat(500))
  })

  it('is never cut off inside a character', () => {
    expect(oneLine(`${'x'.repeat(499)}😀 and more`)).toBe(`${'x'.repeat(499)}…`)
    expect(oneLine(`${'x'.repeat(498)}😀 and more`)).toBe(`${'x'.repeat(498)}😀…`)
  })

  it('counts as absent if it is empty or not a string', () => {
    expect(['a', '', 7, null, ['a']].map(nonEmptyString)).toEqual(['a', ...Array(4)])
  })

  it('keeps colons that cannot start a workflow command', () => {
    for (const line of ['a::b', ' :a', 'std::vec::Vec']) expect(sanitizeLine(line)).toBe(line)
  })

  it('is neither Markdown nor HTML in the summary', () => {
    const text = '<img src=x onerror=1>|`a`*b*_c_[d](http://e)#1 @me &lt; ~~f~~ \\'
    expect(escapeMarkdown(text)).not.toMatch(/[<>|`*_[\]()@~\\!:]/)
    expect(code('a|b')).toBe('<code>a&#124;b</code>')
  })

  it('is shortened if it is a list of many items', () => {
    expect(
      bullets(Array.from({ length: 130 }, String))
        .split('\n')
        .at(-1),
    ).toBe('- … and 30 more')
    expect(bulletList(['a', 'b', 'c'], 2)).toBe('- a\n- b\n- … and 1 more')
    expect(bulletList(['a', 'b'], 2)).toBe('- a\n- b')
  })
})

describe('fail loudly, explain fully: an error explains itself', () => {
  const request = { method: 'POST', path: '/projects/p/branches/b/auth' }

  it.each([
    [401, /create a new key/],
    [403, /another project/],
    [404, /branch was deleted.*key was made for this project/],
    [423, /`timeout`/],
    [429, /700 a minute/],
    [302, /`api_host`/],
    [503, /neonstatus/],
    [418, /Neon's message/],
  ])(
    '%i names what was tried, the status, the message, the request ID, and the fix',
    (status, fix) => {
      const error = new NeonApiError(request, {
        status,
        message: 'no\n::error::x',
        code: 'SOME_CODE',
        requestId: 'req-1',
      })
      const message = messageOf(toProblem(error, 'Could not do it.'))
      expect(message).toMatch(/^Could not do it\./)
      expect(message).toContain(`Neon answered ${status} (SOME_CODE) to POST ${request.path}`)
      expect(message).toContain(': "no ::error::x" [request ID req-1]')
      expect(message).toMatch(fix)
      expect(message).not.toMatch(/^::/m)
    },
  )

  it.each([
    ['a missing project', '/projects/p/branches', 'project not found', /`project_id`/],
    ['a key without access', request.path, 'you do not have access', /use a key made for this/],
  ])('a 404 explains %s', (_, path, text, fix) => {
    const error = new NeonApiError({ method: 'GET', path }, { status: 404, message: text })
    expect(messageOf(toProblem(error, 'Could not do it.'))).toMatch(fix)
  })

  it("blames the proxy for a proxy's page, not the key", () => {
    const error = new NeonApiError(request, {
      status: 403,
      message: '<html>Blocked</html>',
      isForeign: true,
    })
    const message = messageOf(toProblem(error, 'Could not do it.'))
    expect(message).toMatch(/\nThe server answered 403 .*\nLikely cause: .*proxy or firewall/)
    expect(message).not.toMatch(/\bkey\b/)
  })

  it('does not point to a message that Neon did not send', () => {
    const error = new NeonApiError(request, { status: 418, message: '' })
    expect(messageOf(toProblem(error, 'Could not do it.'))).toMatch(
      /418 to .* with no message.*\nFix: run the job again\. .*request ID/,
    )
  })

  it.each([
    ['of the API', request.path, /`api_host`/],
    ['to a statement', '/sql', /endpoint has changed.*\n.*HTTPS_PROXY/],
  ])('explains a response %s that is not as documented', (_, path, explanation) => {
    const error = new UnexpectedResponseError({ method: 'POST', path }, 'it is not JSON')
    expect(messageOf(toProblem(error, 'Could not do it.'))).toMatch(explanation)
  })

  it('says that a request without a response may or may not have been applied', () => {
    const error = new LostResponseError(request, 'ECONNRESET')
    expect(messageOf(toProblem(error, 'Could not do it.'))).toMatch(
      /ECONNRESET[\s\S]*the request may or may not have been applied[\s\S]*HTTPS_PROXY/,
    )
  })
})
