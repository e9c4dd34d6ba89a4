import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Deadline, RunAborted, startDeadline } from '../../src/core/deadline.ts'
import type { Log } from '../../src/core/log.ts'
import { createGitHub, type GitHub, GitHubError } from '../../src/github/client.ts'
import { readAllPages } from '../../src/github/read-pages.ts'
import { fetchPullRequest } from '../../src/github/read-pull-requests.ts'
import { createHttp } from '../../src/network/http.ts'
import type { Answer } from '../local-github/answers.ts'
import { rateLimited, secondaryRateLimited } from '../local-github/faults.ts'
import { type LocalGitHub, startLocalGitHub } from '../local-github.ts'
import { REPOSITORY } from '../payloads.ts'
import { shortenWaits } from '../shorten-waits.ts'

shortenWaits()

let local: LocalGitHub
let elsewhere: LocalGitHub

beforeAll(async () => {
  local = await startLocalGitHub()
  elsewhere = await startLocalGitHub()
  // Octokit's toolkit reads the variable once, when it is loaded.
  process.env['GITHUB_API_URL'] = local.apiUrl
})
beforeEach(() => {
  local.reset()
  elsewhere.reset()
})
afterAll(() => Promise.all([local.close(), elsewhere.close()]))

const silent = (): void => {}
const log: Log = { debug: silent, info: silent, notice: silent, warning: silent }

const open = (seconds = 30, stop = new AbortController().signal): GitHub =>
  openUntil(startDeadline(seconds, stop))

const openUntil = (deadline: Deadline, send = createHttp(deadline, log).once): GitHub => {
  const github = createGitHub('ghs_local', REPOSITORY, deadline, send)
  if (!github) throw new Error('the local GitHub is not running')
  return github
}

const comments = (github: GitHub) =>
  readAllPages(github, 'pull-requests: write', (octokit, asking) =>
    octokit.rest.issues.listComments({ ...asking, issue_number: 2 }),
  )

const pull = (github: GitHub) =>
  github.call('pull-requests: read', (octokit, asking) =>
    octokit.rest.pulls.get({ ...asking, pull_number: 2 }),
  )

const refusalOf = async (work: Promise<unknown>): Promise<GitHubError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof GitHubError) return error
  throw new Error(`Not refused: ${error}`)
}

const fill = (count: number): void => {
  for (let index = 0; index < count; index++) local.addComment(2, 'somebody', `${index}`)
}

describe('a list', () => {
  it('is read page by page, in order', async () => {
    fill(250)
    const bodies = (await comments(open())).map(({ body }) => body)
    expect(bodies).toEqual(Array.from({ length: 250 }, (_, index) => `${index}`))
    expect(local.requests).toHaveLength(3)
  })

  it.each<[string, Answer]>([
    ['a conflict', { status: 409, body: { message: 'Git Repository is empty.' } }],
    ['an object', { body: {} }],
    ['no body', { body: '' }],
    ['no content', { status: 204 }],
  ])('does not count as empty if the response is %s', async (_, answer) => {
    local.fault(/comments/, answer)
    const { message } = await refusalOf(comments(open()))
    expect(message).toMatch(/409, Git Repository is empty|not a list/)
    expect(local.requests).toHaveLength(1)
  })

  it('is an error if a later page fails', async () => {
    fill(150)
    local.fault(/page=2/, { status: 409, body: { message: 'Conflict' } })
    expect((await refusalOf(comments(open()))).status).toBe(409)
  })

  it('is an error if it does not end after 50 pages', async () => {
    const link = `<${local.apiUrl}/repos/${REPOSITORY}/issues/2/comments?page=7>; rel="next"`
    local.fault(/comments/, { headers: { link }, body: [] })
    const { message } = await refusalOf(comments(open()))
    expect(message).toBe('its list does not end after 50 pages')
    expect(local.requests).toHaveLength(50)
  })

  it('is an error if it continues on another host, which never gets the token', async () => {
    const link = `<${elsewhere.apiUrl}/comments?page=2>; rel="next"`
    local.fault(/comments/, { headers: { link }, body: [] })
    const { message } = await refusalOf(comments(open()))
    expect(message).toContain(`its next page is at ${elsewhere.apiUrl}`)
    expect(elsewhere.requests).toEqual([])
  })

  it('stops at the deadline between pages', async () => {
    fill(150)
    local.fault(/page=2/, 'hang')
    const reading = comments(open(0.3))
    await expect(reading).rejects.toBeInstanceOf(RunAborted)
    await expect(reading).rejects.toThrow('while waiting for GitHub')
  })

  it('stops at once if the run is canceled', async () => {
    fill(150)
    const stop = new AbortController()
    local.fault(/page=2/, 'hang')
    local.onRequest(/page=2/, { before: () => stop.abort('SIGINT') })
    await expect(comments(open(30, stop.signal))).rejects.toThrow('canceled (SIGINT)')
  })
})

const WAYS: [string, (github: GitHub) => Promise<unknown>][] = [
  ['with Octokit', pull],
  ['without Octokit', (github) => fetchPullRequest(github, 2)],
]

describe.each(WAYS)('a response, %s,', (_, pull) => {
  it('is an error if it is too large, and the request is not repeated', async () => {
    local.fault(/pulls/, { body: ' '.repeat(33 * 1024 * 1024) })
    const { message } = await refusalOf(pull(open()))
    expect(message).toContain('larger than 32 MB')
    expect(local.requests).toHaveLength(1)
  })

  it('is not awaited until the deadline, so that the run can continue without it', async () => {
    local.fault(/pulls/, 'hang')
    const { message } = await refusalOf(pull(open(6)))
    expect(message).toMatch(/no response within \d s/)
    expect(local.requests).toHaveLength(3)
  })

  it('is a timeout, not an empty response, if it stops halfway', async () => {
    local.fault(/pulls/, { headers: { 'content-length': '99' }, body: '{"state":' })
    await expect(pull(open(0.3))).rejects.toBeInstanceOf(RunAborted)
  })

  it.each<[string, 'reset' | Answer]>([
    ['a lost connection', 'reset'],
    ['502', { status: 502, body: { message: 'Bad Gateway' } }],
    ['500', { status: 500, body: { message: 'Oops' } }],
  ])('is requested again after %s', async (_, fault) => {
    local.fault(/pulls/, fault, { times: 2 })
    expect(await pull(open())).toMatchObject({})
    expect(local.requests).toHaveLength(3)
  })

  it("names the status of GitHub's error, including 500", async () => {
    local.fault(/pulls/, { status: 500, body: { message: 'Oops' } })
    expect(await refusalOf(pull(open()))).toMatchObject({ message: '500, Oops', isLost: true })
  })
})

const answer = (status: number, message: string, headers = {}): Answer => ({
  status,
  headers,
  body: { message, documentation_url: 'https://docs.github.com/rest' },
})

describe("an error for a refusal quotes GitHub's message", () => {
  it.each<[string, Answer, RegExp]>([
    [
      'a missing permission',
      answer(403, 'Resource not accessible by integration', { 'x-ratelimit-remaining': '0' }),
      /^403, Resource not accessible by integration; add `permissions: pull-requests: write`/,
    ],
    [
      'a hidden resource',
      answer(404, 'Not Found'),
      /^404, Not Found; .*cannot see it.*permissions:/,
    ],
  ])('and names the permission: %s', async (_, fault, expected) => {
    local.fault(/comments/, fault)
    expect((await refusalOf(comments(open()))).message).toMatch(expected)
    expect(local.requests).toHaveLength(1)
  })

  it.each<[string, Answer, RegExp]>([
    [
      'bad-token',
      answer(401, 'Bad credentials'),
      /^401, Bad credentials; the token in `github_token` is not valid, or has expired/,
    ],
    [
      'ip-allow-list',
      answer(
        403,
        'Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled',
      ),
      /IP allow list does not include this runner/,
    ],
    [
      'single-sign-on',
      answer(403, 'Resource protected by organization SAML enforcement.'),
      /authorize the token/,
    ],
    [
      'locked',
      answer(403, 'Unable to create comment because issue is locked.'),
      /unlock the conversation/,
    ],
    ['not-found', answer(404, 'Branch not found'), /^404, Branch not found$/],
    [
      'other',
      answer(403, 'Repository was archived so is read-only.'),
      /^403, Repository was archived/,
    ],
    ['other', answer(451, 'Repository access blocked'), /^451, Repository access blocked$/],
  ])('and names no permission: %s', async (reason, fault, expected) => {
    local.fault(/comments/, fault)
    const refused = await refusalOf(comments(open()))
    expect(refused.message).toMatch(expected)
    expect(refused.message).not.toContain('permissions:')
    expect(refused.reason).toBe(reason)
  })

  it('names servers without GraphQL', async () => {
    local.fault(/graphql/, answer(404, 'Not Found'))
    const question = open().call('pull-requests: read', (octokit, { request }) =>
      octokit.graphql('query { viewer { login } }', { request }),
    )
    expect((await refusalOf(question)).message).toMatch(/no GraphQL API \(Gitea and Forgejo/)
  })
})

describe('a rate limit', () => {
  it.each([
    ['that ends soon', /pulls/, secondaryRateLimited(2)],
    ['that resets soon', /pulls/, rateLimited(2)],
    [
      'of GraphQL',
      /graphql/,
      {
        body: { errors: [{ type: 'RATE_LIMITED', message: 'Slow down' }] },
        headers: { 'retry-after': '2' },
      },
    ],
  ])('%s delays the request', async (_, request, limit) => {
    local.fault(request, limit, { times: 1 })
    const github = open()
    await pull(github)
    await github.call('pull-requests: read', (octokit, { request }) =>
      octokit.graphql('query { viewer { login } }', { request }),
    )
    expect(local.requests).toHaveLength(3)
  })

  it('delays even a request that must not be repeated, because it had no effect', async () => {
    local.fault(/^POST/, secondaryRateLimited(2), { times: 1 })
    await open().call(
      'pull-requests: write',
      (octokit, asking) =>
        octokit.rest.issues.createComment({ ...asking, issue_number: 2, body: 'x' }),
      { attempts: 1 },
    )
    expect(local.comments).toHaveLength(1)
  })

  it.each(WAYS)('delays the next request %s', async (_, pull) => {
    local.fault(/pulls/, rateLimited(2), { times: 1 })
    await pull(open())
    expect(local.requests).toHaveLength(2)
  })

  it.each([
    ['that outlasts the run', rateLimited(3600)],
    ['that would leave no time for the run', secondaryRateLimited(28)],
    [
      'without a time, for the minute that GitHub recommends',
      answer(403, 'You have exceeded a secondary rate limit.'),
    ],
  ])('%s is reported with its end', async (_, limit) => {
    local.fault(/pulls/, limit)
    const refused = await refusalOf(pull(open()))
    expect(refused.message).toMatch(/rate limit is used up until \d{4}-\d\d-\d\dT[\d:]+Z$/)
    expect(refused).toMatchObject({ reason: 'rate-limit', isLost: false })
    expect(local.requests).toHaveLength(1)
  })
})

describe.each(WAYS)('a run that ends while a request is repeated, %s,', (_, pull) => {
  /** Requests a pull request, with a failure first, and ends the run during the second request. */
  const endAfter = async (failure: 'reset' | Answer): Promise<string> => {
    const deadline = startDeadline(30, new AbortController().signal)
    local.fault(/pulls/, failure, { times: 1 })
    local.fault(/pulls/, 'hang')
    local.onRequest(/pulls/, {
      before: () => local.requests.length === 2 && deadline.cancelPending(),
    })
    const error: unknown = await pull(openUntil(deadline)).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RunAborted)
    expect(local.requests).toHaveLength(2)
    return (error as Error).message
  }

  it.each<[string, 'reset' | Answer, RegExp]>([
    [
      'a rate limit',
      secondaryRateLimited(1),
      /\nLast failure: 429, You have exceeded a secondary rate limit\..*; the token's rate limit is used up until .+Z\nFix: /,
    ],
    [
      'an internal error',
      { status: 502, body: { message: 'Bad Gateway' } },
      /\nLast failure: 502, Bad Gateway\nFix: /,
    ],
    ['a lost connection', 'reset', /\nLast failure: .*(other side closed|ECONNRESET).*\nFix: /],
  ])('quotes the last failure: %s', async (_, failure, expected) => {
    const message = await endAfter(failure)
    expect(message).toMatch(/^The run timed out after 30 seconds while waiting for GitHub\./)
    expect(message).toMatch(expected)
  })

  it('quotes it during the wait', async () => {
    local.fault(/pulls/, secondaryRateLimited(20))
    const stop = new AbortController()
    const deadline = startDeadline(30, stop.signal)
    const { once } = createHttp(deadline, log)
    const github = openUntil(deadline, async (request) => {
      const response = await once(request)
      // The wait of 20 seconds takes half a second here.
      setTimeout(() => stop.abort('SIGINT'), 100)
      return response
    })
    await expect(pull(github)).rejects.toThrow(
      /canceled \(SIGINT\) while waiting to retry a request to GitHub\.\nLast failure: 429, You have /,
    )
  })

  it('quotes no failure of an earlier request', async () => {
    local.fault(/pulls/, secondaryRateLimited(1), { times: 1 })
    const stop = new AbortController()
    const github = open(30, stop.signal)
    await pull(github)
    local.fault(/pulls/, 'hang')
    local.onRequest(/pulls/, { before: () => stop.abort('SIGINT') })
    const error: unknown = await pull(github).catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('canceled (SIGINT) while waiting for GitHub.\nFix: ')
  })
})
