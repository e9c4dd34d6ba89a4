import { beforeEach, describe, expect, it, vi } from 'vitest'
import { startVerification } from '../../src/auth/verify.ts'
import { RunAborted } from '../../src/core/deadline.ts'
import { messageOf } from '../../src/core/problem.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import type { HttpRequest, HttpResponse } from '../../src/network/messages.ts'
import { collectingLog, fakeDeadline } from '../fakes.ts'

const BASE = 'https://auth.test/db/auth'
const JWKS = `${BASE}/.well-known/jwks.json`
const PREVIEW = 'https://pr-7.example.com'

const response = (status: number, body: unknown = {}): HttpResponse => ({
  status,
  headers: {},
  text: typeof body === 'string' ? body : JSON.stringify(body),
})
const OK = response(200)
const KEYS = response(200, { keys: [{ kid: '1' }] })
const REFUSED = response(403, { code: 'INVALID_ORIGIN' })

type Responses = (HttpResponse | Error)[]

/** Returns whether a request asks about the control: an origin that no branch trusts. */
const isControl = ({ headers }: HttpRequest): boolean =>
  /^https:\/\/[\da-f-]{36}\.invalid$/.test(headers?.['origin'] ?? '')

/** Verifies on a fake clock. The auth service gives these responses, and then repeats the last one of each kind. */
const runVerify = async (
  responses: { ok?: Responses; jwks?: Responses; signOut?: Responses; untrusted?: Responses },
  { seconds = 60, domains = [PREVIEW] }: { seconds?: number; domains?: string[] } = {},
) => {
  let now = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const end = now + seconds * 1000
  const requests: HttpRequest[] = []
  const { log, lines, warnings } = collectingLog()
  const script: Record<string, Responses> = {
    '/ok': responses.ok ?? [OK],
    '/.well-known/jwks.json': responses.jwks ?? [KEYS],
    '/sign-out': responses.signOut ?? [OK],
    untrusted: responses.untrusted ?? [REFUSED],
  }
  const once = async (request: HttpRequest): Promise<HttpResponse> => {
    requests.push(request)
    const path = isControl(request) ? 'untrusted' : request.url.slice(BASE.length)
    const remaining = script[path] ?? []
    const next = remaining.length > 1 ? remaining.shift() : remaining[0]
    if (!next || next instanceof Error)
      throw next ?? new Error(`unexpected request: ${request.url}`)
    return next
  }
  const deadline = fakeDeadline({
    seconds,
    remaining: () => end - now,
    sleep: async (ms) => {
      if (ms >= end - now) throw new RunAborted({ what: 'a wait that verification must not begin' })
      now += ms
    },
  })
  const http = {
    firstSent: Promise.resolve(),
    once,
    retrying: () => Promise.reject(new Error('verification must not retry on its own')),
  }
  const { proof, failure } = await startVerification({
    baseUrl: BASE,
    jwksUrl: JWKS,
    domains,
    http,
    deadline,
    log,
  })().then(
    (proof) => ({ proof, failure: '' }),
    (error: unknown) => ({ proof: undefined, failure: messageOf(error) }),
  )
  return { requests, warnings, lines, proof, failure, took: now - 1000 }
}

const countRequests = (requests: HttpRequest[], path: string): number =>
  requests.filter((request) => request.url.endsWith(path) && !isControl(request)).length

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(1)
})

describe('verify what was promised: the check', () => {
  it('proves a response, a key, and an accepted origin with four requests and no wait', async () => {
    const { requests, proof, warnings, lines, failure, took } = await runVerify({})
    expect({ proof, failure, warnings, lines, took }).toEqual({
      proof: { isServing: true, domains: [PREVIEW] },
      failure: '',
      warnings: [],
      lines: [],
      took: 0,
    })
    expect(requests.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
      `GET ${BASE}/.well-known/jwks.json`,
      `GET ${BASE}/ok`,
      `POST ${BASE}/sign-out`,
      `POST ${BASE}/sign-out`,
    ])
    expect(requests.filter(isControl)).toHaveLength(1)
  })

  it('quotes the last response if the run ends during a retry', async () => {
    const { failure } = await runVerify({
      signOut: [response(500), REFUSED, new RunAborted({ what: 'The end.' })],
    })
    expect(failure).toBe(
      `The end.\nLast failure: POST ${BASE}/sign-out: it answers 403 INVALID_ORIGIN`,
    )
  })

  it.each([200, 204, 299])('counts a response with status %i as accepted', async (status) => {
    const accepted = await runVerify({ ok: [response(status)], signOut: [response(status)] })
    expect(accepted).toMatchObject({ failure: '', warnings: [], took: 0 })
  })

  it.each([199, 300, 302])(
    'does not count a response with status %i as accepted',
    async (status) => {
      const { warnings, failure } = await runVerify({
        ok: [response(status)],
        jwks: [{ ...KEYS, status }],
        signOut: [response(status)],
      })
      expect(failure).toBe('')
      expect(warnings).toHaveLength(3)
    },
  )

  it('sends the origin as a browser would, with a meaningless cookie and without the API key', async () => {
    const { requests } = await runVerify({}, { domains: ['https://*.shop.example.com'] })
    const request = requests.find((sent) => sent.url.endsWith('/sign-out') && !isControl(sent))
    expect(request?.headers).toEqual({
      origin: 'https://neon-auth-sample.shop.example.com',
      cookie: 'neon-auth-preview-action=none',
      'content-type': 'application/json',
      'sec-fetch-mode': 'cors',
    })
    expect(request?.body).toBe('{}')
    for (const { headers } of requests)
      expect(Object.keys(headers ?? {})).not.toContain('authorization')
  })

  it('checks every domain', async () => {
    const domains = [PREVIEW, 'https://pr-8.example.com']
    const { requests } = await runVerify({}, { domains })
    const origins = requests
      .filter((request) => !isControl(request))
      .flatMap(({ headers }) => headers?.['origin'] ?? [])
    expect(origins).toEqual(domains)
  })
})

describe('verify what was promised: until the deadline, the check', () => {
  it('retries a refused origin until it is trusted', async () => {
    const { requests, lines, failure } = await runVerify({
      signOut: [REFUSED, REFUSED, REFUSED, OK],
    })
    expect(failure).toBe('')
    expect(countRequests(requests, '/sign-out')).toBe(4)
    expect(lines).toEqual([expect.stringContaining('403 INVALID_ORIGIN')])
  })

  it('retries an origin that stays refused, then fails', async () => {
    const { failure, warnings, took } = await runVerify({ signOut: [REFUSED] }, { seconds: 60 })
    expect(failure).toMatch(
      /could not verify that https:\/\/pr-7\.example\.com is trusted\.\nPOST .*403 INVALID_ORIGIN[\s\S]*does not match this origin[\s\S]*verify: false/,
    )
    expect(warnings).toEqual([])
    // Inconclusive responses are retried only for a while, but a refusal until the deadline.
    expect(took).toBeGreaterThan(40_000)
  })

  it.each([
    ['no keys', { keys: [] }],
    ['keys that are not a list', { keys: 'none' }],
    ['nothing', {}],
    ['something else', '<html>'],
  ])('retries a JWKS with %s, then fails', async (_, body) => {
    const { failure } = await runVerify({ jwks: [response(200, body)] })
    expect(failure).toMatch(/that the JWKS has keys\.\nGET .*it has no keys/)
  })

  it('retries a JWKS without keys until it has one', async () => {
    expect(await runVerify({ jwks: [response(200, { keys: [] }), KEYS] })).toMatchObject({
      failure: '',
      warnings: [],
    })
  })

  it('retries a service that cannot be reached, then fails', async () => {
    const lost = new LostResponseError({ method: 'GET', path: '/ok' }, 'ECONNREFUSED')
    const { failure } = await runVerify({ ok: [lost] })
    expect(failure).toMatch(
      /the auth service answers[\s\S]*ECONNREFUSED[\s\S]*cannot reach its host/,
    )
    expect(await runVerify({ ok: [lost, OK] })).toMatchObject({ failure: '', warnings: [] })
  })

  it('names a known fault of the network', async () => {
    const fault = {
      why: 'the proxy is not supported',
      fix: 'change HTTPS_PROXY',
      isPermanent: true,
    }
    const request = { method: 'GET', path: '/ok' }
    const { failure } = await runVerify({
      ok: [new LostResponseError(request, 'refused', undefined, fault)],
    })
    expect(failure).toMatch(/the proxy is not supported[\s\S]*change HTTPS_PROXY/)
  })

  it('does not retry after a bug', async () => {
    const { failure, requests } = await runVerify({ ok: [new TypeError('a bug')] })
    expect(failure).toBe('a bug')
    expect(countRequests(requests, '/ok')).toBe(1)
  })
})

describe('verify what was promised: a response that proves nothing is a warning', () => {
  it.each([
    [
      'another 403',
      response(403, { code: 'FORBIDDEN', message: 'go away' }),
      '403 FORBIDDEN go away',
    ],
    ['a code without its 403', response(400, { code: 'INVALID_ORIGIN' }), '400 INVALID_ORIGIN'],
    ['too many requests', response(429), '429'],
    ['a code that is not a string', response(500, { code: 7, message: 'boom' }), '500 boom'],
  ])('if it is %s', async (_, signOut, summary) => {
    const { failure, warnings, took } = await runVerify({ signOut: [signOut] })
    expect(failure).toBe('')
    expect(warnings).toEqual([
      `Could not verify that ${PREVIEW} is trusted: POST ${BASE}/sign-out answered ${summary}, which proves nothing.`,
    ])
    // A suspended compute needs a moment to start, but not all the time of the run.
    expect(took).toBeGreaterThan(5000)
    expect(took).toBeLessThanOrEqual(15_000)
  })

  it('but not if a retry is accepted', async () => {
    expect(await runVerify({ ok: [response(503), OK] })).toMatchObject({
      failure: '',
      warnings: [],
    })
  })

  it('and is not retried if little time is left', async () => {
    const { proof, failure, warnings, took } = await runVerify(
      { ok: [response(503)] },
      { seconds: 0.3 },
    )
    expect(failure).toBe('')
    expect(proof).toEqual({ isServing: false, domains: [PREVIEW] })
    expect(warnings).toHaveLength(1)
    expect(took).toBe(0)
  })
})

describe('verify what was promised: an accepted origin is proof only if an untrusted one is refused', () => {
  const INCONCLUSIVE = [
    [
      'accepts every origin',
      [OK],
      /accepts it, but it accepts https:\/\/[\da-f-]+\.invalid too, which/,
    ],
    ['answers with a page', [response(200, '<html>')], /but it accepts https/],
    [
      'rate-limits the control request',
      [response(429)],
      /it answered 429.* for an origin that nobody can have trusted/,
    ],
    [
      'does not have the path',
      [response(404, '<html>')],
      /it answered 404.* for an origin that nobody can have trusted/,
    ],
    ['fails', [response(502)], /it answered 502.* for an origin that nobody can have trusted/],
    ['redirects', [response(302)], /it answered 302.* for an origin that nobody can have trusted/],
  ] as const

  it.each(INCONCLUSIVE)('warns about a service that %s', async (_, untrusted, message) => {
    const { proof, failure, warnings, took } = await runVerify({ untrusted: [...untrusted] })
    expect(failure).toBe('')
    expect(proof).toEqual({ isServing: true, domains: [] })
    // An accepted origin stays accepted, so only other responses are worth a retry.
    expect(took > 0).toBe(untrusted[0].status !== 200)
    expect(warnings).toEqual([
      expect.stringMatching(/^Could not verify that https:\/\/pr-7\.example\.com/),
    ])
    expect(warnings[0]).toMatch(message)
    expect(took).toBeLessThanOrEqual(15_000)
  })

  it('names all domains in one warning', async () => {
    const domains = [PREVIEW, 'https://pr-8.example.com']
    const { warnings } = await runVerify({ untrusted: [OK] }, { domains })
    expect(warnings).toEqual([
      expect.stringContaining(
        `${domains.join(', ')} are trusted: the auth service accepts them, but it accepts https://`,
      ),
    ])
  })

  it('has one warning for a domain that is neither accepted nor refused', async () => {
    const { proof, warnings } = await runVerify({ untrusted: [OK], signOut: [response(503)] })
    expect(proof).toEqual({ isServing: true, domains: [] })
    expect(warnings).toEqual([expect.stringContaining('/sign-out answered 503')])
  })

  it('retries a request whose response is lost', async () => {
    const lost = new LostResponseError({ method: 'POST', path: '/sign-out' }, 'ECONNRESET')
    expect(await runVerify({ untrusted: [lost, REFUSED] })).toMatchObject({ warnings: [] })
    const { failure, warnings } = await runVerify({ untrusted: [lost] })
    expect(failure).toBe('')
    expect(warnings).toEqual([expect.stringMatching(/got no response: ECONNRESET/)])
  })

  it('still fails for a domain that is refused', async () => {
    const { failure } = await runVerify({ untrusted: [OK], signOut: [REFUSED] })
    expect(failure).toContain('the run could not verify that https://pr-7.example.com is trusted')
  })

  it('checks no origin if there are no domains', async () => {
    const { requests, proof, warnings } = await runVerify({ untrusted: [OK] }, { domains: [] })
    expect(proof).toEqual({ isServing: true, domains: [] })
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'GET'])
    expect(warnings).toEqual([])
  })
})

describe('verify what was promised: recognizes a refused origin', () => {
  it.each([
    ['with a code', { code: 'INVALID_ORIGIN' }],
    ["in Better Auth's words", { message: 'Invalid origin' }],
    ["in Neon's words", { message: 'invalid domain' }],
    ["with Neon's word as a code", { code: 'INVALID_DOMAIN', message: 'no' }],
  ])('%s', async (_, body) => {
    const { requests, failure } = await runVerify({ signOut: [response(403, body), OK] })
    expect(failure).toBe('')
    expect(countRequests(requests, '/sign-out')).toBe(2)
    const refused = await runVerify({ signOut: [response(403, body)] })
    expect(refused.failure).toContain('could not verify')
  })
})
