import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Deadline } from '../../src/core/deadline.ts'
import { createGitHub, GitHubError } from '../../src/github/client.ts'
import { fetchPullRequest } from '../../src/github/endpoints/pull-requests.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import type { HttpRequest, HttpResponse } from '../../src/network/messages.ts'
import { fakeDeadline } from '../fakes.ts'

const API = 'https://git.example/api/v3'
const PULL = { state: 'open' }

type Reply = readonly [status: number, body?: unknown, headers?: Record<string, string>] | Error

const toResponse = ([status, body = PULL, headers = {}]: Exclude<Reply, Error>): HttpResponse => ({
  status,
  headers,
  text: typeof body === 'string' ? body : JSON.stringify(body),
})

/** Creates a GitHub client that receives these replies in order, and then the last one again. */
const open = (replies: readonly Reply[], token = 'ghs_local', deadline: Partial<Deadline> = {}) => {
  const requests: HttpRequest[] = []
  const waits: number[] = []
  const sleep = async (ms: number): Promise<void> => void waits.push(ms)
  const github = createGitHub(
    token,
    'acme/shop',
    fakeDeadline({ sleep, ...deadline }),
    async (request) => {
      requests.push(request)
      const reply = replies[Math.min(requests.length, replies.length) - 1] ?? [200]
      if (reply instanceof Error) throw reply
      return toResponse(reply)
    },
  )
  if (!github) throw new Error('no GitHub')
  return { github, requests, waits }
}

/** Reads pull request 2. Returns it, or the error, and what was sent. */
const readPull = async (...parameters: Parameters<typeof open>) => {
  const { github, requests, waits } = open(...parameters)
  const outcome: unknown = await fetchPullRequest(github, 2).catch((error: unknown) => error)
  const message = outcome instanceof GitHubError ? outcome.message : ''
  return { outcome, message, requests, waits, urls: requests.map(({ url }) => url) }
}

beforeEach(() => void vi.stubEnv('GITHUB_API_URL', API))

const LOST = new LostResponseError({ method: 'GET', path: '/' }, 'ECONNRESET')
const FAULT = { why: 'the proxy is not supported', fix: 'change HTTPS_PROXY', isPermanent: true }
const UNSUPPORTED = new LostResponseError(LOST.request, 'refused', undefined, FAULT)

describe('a request to GitHub', () => {
  it.each([
    ['ghs_local', 'token ghs_local'],
    ['a.b', 'token a.b'],
    ['a.b.c', 'bearer a.b.c'],
  ])('sends the token %s as "%s"', async (token, authorization) => {
    const { requests } = await readPull([[200]], token)
    expect(requests[0]).toMatchObject({
      method: 'GET',
      url: `${API}/repos/acme/shop/pulls/2`,
      path: '/api/v3/repos/acme/shop/pulls/2',
      headers: { accept: 'application/vnd.github+json', authorization },
    })
  })

  it.each([
    [80_000, 10_000],
    [20_000, 5_000],
    [2_000, 1_000],
  ])('in a run with %i ms left has a time limit of %i ms', async (remaining, maxAttemptMs) => {
    const { requests } = await readPull([[200]], 'x', { remaining: () => remaining })
    expect(requests[0]).toMatchObject({ maxAttemptMs })
  })

  it.each<[string, number[], Reply]>([
    ['500', [500, 1000], [500]],
    ['503', [500, 1000], [503]],
    ['a lost connection', [500, 1000], LOST],
    ['499', [], [499]],
    ['404', [], [404]],
    ['a network fault that only a change of the setup can fix', [], UNSUPPORTED],
    ['a response without a state', [], [200, {}]],
  ])(
    'that fails with %s is sent again after these waits, in ms: %j',
    async (_, expected, reply) => {
      const { outcome, waits, requests } = await readPull([reply])
      expect(outcome).toBeInstanceOf(GitHubError)
      expect(waits).toEqual(expected)
      expect(requests).toHaveLength(expected.length + 1)
    },
  )

  it.each([
    [500, []],
    [501, [500]],
    [1001, [500, 1000]],
  ])('is repeated only if more time is left than the wait: %i ms', async (remaining, expected) => {
    const { waits } = await readPull([[500]], 'x', { remaining: () => remaining })
    expect(waits).toEqual(expected)
  })

  it('is repeated after a failure as often as usual, however often GitHub limits the rate', async () => {
    const limited: Reply = [429, {}, { 'retry-after': '1' }]
    const { waits } = await readPull([limited, limited, limited, [500]])
    expect(waits).toEqual([1000, 1000, 1000, 500, 1000])
  })

  it.each([
    [undefined, 3],
    [{ attempts: 1 }, 1],
  ])(
    'with the options %j is sent until this many responses are lost: %i',
    async (options, sent) => {
      const { github, requests } = open([LOST])
      const creating = github.call(
        'pull-requests: write',
        (octokit, parameters) =>
          octokit.rest.issues.createComment({ ...parameters, issue_number: 2, body: 'x' }),
        ...(options ? [options] : []),
      )
      await expect(creating).rejects.toMatchObject({ isLost: true, status: 599 })
      expect(requests).toHaveLength(sent)
      expect(requests[0]).toMatchObject({ method: 'POST', body: '{"body":"x"}' })
    },
  )
})

const to = (location: string, status = 301): Reply => [status, '', { location }]

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('with status %i is followed', async (status) => {
    const { outcome, urls, requests } = await readPull([
      to('/repositories/1/pulls/2', status),
      [200],
    ])
    expect(outcome).toMatchObject({ number: 2, state: 'open' })
    expect(urls[1]).toBe('https://git.example/repositories/1/pulls/2')
    expect(requests[1]).toMatchObject({ path: '/repositories/1/pulls/2' })
  })

  it.each([200, 201, 300, 304, 309, 404])(
    'is not assumed for status %i, even with a location',
    async (status) => {
      const { requests } = await readPull([[status, PULL, { location: '/elsewhere' }]])
      expect(requests).toHaveLength(1)
    },
  )

  it('is an error without a location', async () => {
    const { message, requests } = await readPull([[301, { message: 'Moved' }]])
    expect(message).toBe('301, Moved')
    expect(requests).toHaveLength(1)
  })

  it('is followed up to five times', async () => {
    const moved = [1, 2, 3, 4, 5].map((number) => to(`/${number}`))
    expect((await readPull([...moved, [200]])).outcome).toMatchObject({ number: 2 })
    const { message, requests } = await readPull(moved)
    expect(message).toContain('it redirects more than 5 times')
    expect(requests).toHaveLength(6)
  })
})

describe('keep secrets secret: a redirect', () => {
  it.each([
    ['https://evil.example/x', 'it redirects to https://evil.example, and the token is sent to'],
    ['http://git.example/x', 'it redirects to http://git.example, and'],
    ['https://[', 'it redirects to an invalid URL'],
  ])('to %s is not followed', async (location, expected) => {
    const { message, requests } = await readPull([to(location)])
    expect(message).toContain(expected)
    expect(requests).toHaveLength(1)
  })
})

describe('the error for a refused request', () => {
  it.each<[string, unknown, string]>([
    ["quotes GitHub's message", { message: 'Invalid' }, '422, Invalid'],
    ['quotes a body that is not JSON', 'go away', '422, go away'],
    ['quotes a body without a message', { detail: 7 }, '422, Unknown error: {"detail":7}'],
  ])('%s', async (_, body, message) => {
    expect((await readPull([[422, body]])).message).toBe(message)
  })
})

describe('unknown is not none: a pull request', () => {
  it.each<[unknown]>([
    [null],
    [7],
    [''],
    ['<html>'],
    ['state'],
    [[]],
    [{}],
    [{ state: 'merged' }],
    [{ state: 7 }],
  ])(
    'is neither open nor closed if the response is %j, and the request is not repeated',
    async (body) => {
      const { message, requests } = await readPull([[200, body]])
      expect(message).toBe('its response names no state')
      expect(requests).toHaveLength(1)
    },
  )

  it('needs nothing but a state', async () => {
    for (const state of ['open', 'closed'])
      expect((await readPull([[200, { state }]])).outcome).toMatchObject({ number: 2, state })
  })
})
