import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createGitHub } from '../../src/github/client.ts'
import { explainRefusal, type RefusalReason } from '../../src/github/errors.ts'
import { fakeDeadline } from '../fakes.ts'

/** Returns an error as Octokit throws it for a REST response. */
const refused = (status: number, message: string, headers: object = {}) =>
  Object.assign(new Error('HttpError'), {
    status,
    request: { url: 'https://api.github.com/repos/acme/shop' },
    response: { status, headers, data: { message } },
  })

/** Returns an error as Octokit throws it for the errors of a GraphQL response. */
const graphql = (...errors: object[]) =>
  Object.assign(new Error('Request failed'), { errors, headers: {} })

const explain = (error: unknown) => explainRefusal(error, 'pull-requests: write')

const NOW = Date.parse('2026-11-23T10:00:00.500Z')

describe("GitHub's refusal of a request", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }))
  afterEach(() => void vi.useRealTimers())

  it.each<[string, unknown, RefusalReason, string]>([
    ['a lost connection', Object.assign(new Error('reset'), { status: 500 }), 'lost', 'reset'],
    ['an error without a status', new Error('aborted'), 'lost', 'aborted'],
    [
      'a response without a field',
      new TypeError('x is undefined'),
      'lost',
      "its response does not match GitHub's documentation",
    ],
    ['an internal error', refused(500, 'Oops'), 'lost', '500, Oops'],
    ['a bad gateway', refused(502, ''), 'lost', '502, HttpError'],
    ['an invalid request', refused(422, 'Invalid'), 'other', '422, Invalid'],
    [
      'a bad token',
      refused(401, 'Bad credentials'),
      'bad-token',
      '401, Bad credentials; the token',
    ],
    [
      'a missing permission, next to a used-up rate limit',
      refused(403, 'Resource not accessible by integration', { 'x-ratelimit-remaining': '0' }),
      'permission',
      '403, Resource not accessible by integration; add `permissions: pull-requests: write`',
    ],
    [
      'an IP allow list',
      refused(403, 'has an IP allow list enabled'),
      'ip-allow-list',
      '403, has an IP',
    ],
    ['SAML', refused(403, 'Resource protected by SAML'), 'single-sign-on', '403, Resource'],
    [
      'a locked conversation',
      refused(403, 'Issue is locked'),
      'locked',
      '403, Issue is locked; unlock',
    ],
    ['a blocked user', refused(403, 'User is blocked'), 'other', '403, User is blocked'],
    [
      'an unknown resource',
      refused(404, 'Not Found'),
      'not-found',
      '404, Not Found; it does not exist',
    ],
    ['a resource that GitHub names', refused(404, 'No commit'), 'not-found', '404, No commit'],
    [
      'a server without GraphQL',
      Object.assign(refused(404, 'Not Found'), { request: { url: 'https://git.example/graphql' } }),
      'no-graphql',
      '404, Not Found; this server has no GraphQL API',
    ],
    [
      'errors of GraphQL',
      graphql({ message: 'a' }, { type: 'FORBIDDEN', message: 'b' }),
      'lost',
      'a; b',
    ],
    ['an error of GraphQL that is not an object', graphql([7]), 'lost', 'undefined'],
  ])('is explained: %s', (_, error, reason, message) => {
    const refusal = explain(error)
    expect(refusal).toMatchObject({ reason, message: expect.stringContaining(message) })
    expect(refusal).not.toHaveProperty('waitMs')
    expect(refusal.message.startsWith(message)).toBe(true)
  })

  it("explains that a fork's token cannot write, but only if the request writes", () => {
    const error = refused(403, 'Resource not accessible by integration')
    expect(explainRefusal(error, 'pull-requests: write').message).toMatch(
      /to the job; on a fork's pull request, the token can only read$/,
    )
    expect(explainRefusal(error, 'pull-requests: read').message).toMatch(/to the job$/)
  })

  it.each<[string, unknown]>([
    ['429', refused(429, 'Too many requests')],
    ['the used-up limit', refused(403, 'Forbidden', { 'x-ratelimit-remaining': '0' })],
    ['Retry-After', refused(403, 'Forbidden', { 'retry-after': '60' })],
    ['its message', refused(403, 'You have exceeded a secondary rate limit')],
    ['a GraphQL error', graphql({ type: 'OTHER' }, { type: 'RATE_LIMITED', message: 'x' })],
  ])('is recognized as a rate limit by %s', (_, error) => {
    expect(explain(error)).toMatchObject({
      reason: 'rate-limit',
      waitMs: 60_000,
      message: expect.stringMatching(/; the token's rate limit resets at 2026-11-23T10:01:00Z$/),
    })
  })

  it.each([
    [403, 'You have exceeded a secondary rate limit', 'rate-limit'],
    [400, 'This rate limit does not exist', 'other'],
    [422, 'Invalid', 'other'],
  ])('counts as a rate limit only with status 403 or 429: %i %s', (status, message, reason) => {
    expect(explain(refused(status, message, { 'retry-after': '7' }))).toMatchObject({ reason })
  })

  const inSeconds = (seconds: number) => String((NOW - 500) / 1000 + seconds)

  it.each<[string, object, number]>([
    ['as long as Retry-After says', { 'retry-after': '7' }, 7_000],
    ['at least a second', { 'retry-after': '0' }, 1_000],
    ['a minute if nothing says more', {}, 60_000],
    [
      'a minute if the limit is not used up',
      { 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': inSeconds(3000) },
      60_000,
    ],
    [
      'a minute if the reset is not a number',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'soon' },
      60_000,
    ],
    [
      'until the limit is reset',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(3000) },
      2_999_500,
    ],
    [
      'as long as Retry-After says, before the reset',
      { 'retry-after': '7', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(3000) },
      7_000,
    ],
  ])('makes the run wait %s', (_, headers, waitMs) => {
    expect(explain(refused(429, 'Too many requests', headers))).toMatchObject({ waitMs })
  })
})

describe('a rate limit', () => {
  it.each([
    [45, 'waited for', [45_000], 'read'],
    [46, 'reported', [], expect.stringContaining('rate limit')],
  ])('that ends in %i seconds, in a run with 60 seconds left, is %s', async (...row) => {
    const [seconds, , waits, outcome] = row
    const slept: number[] = []
    const deadline = fakeDeadline({ sleep: async (ms) => void slept.push(ms) })
    const headers = { 'retry-after': String(seconds) }
    let status = 429
    const github = createGitHub('ghs_local', 'acme/shop', deadline, async () => {
      const response = { status, headers, text: '{"message":"Too many requests"}' }
      status = 200
      return response
    })
    const reading = github?.read('metadata: read', '', () => 'read')
    expect(await reading?.catch((error: Error) => error.message)).toEqual(outcome)
    expect(slept).toEqual(waits)
  })
})
