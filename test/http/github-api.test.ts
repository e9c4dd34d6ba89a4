import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Deadline, RunAborted, startDeadline } from '../../src/core/deadline.ts'
import { createGitHub, type GitHub, GitHubError } from '../../src/github/client.ts'
import { fetchPullRequest } from '../../src/github/endpoints/pull-requests.ts'
import { readDefaultBranch, resolveRepository } from '../../src/github/endpoints/repositories.ts'
import { readAllPages } from '../../src/github/read-pages.ts'
import { createHttp } from '../../src/network/http.ts'
import { SILENT_LOG } from '../fakes.ts'
import type { Answer } from '../local-github/answers.ts'
import { rateLimited, secondaryRateLimited } from '../local-github/faults.ts'
import { type LocalGitHub, startLocalGitHub } from '../local-github.ts'
import { REPOSITORY } from '../payloads.ts'
import { shortenWaits } from '../shorten-waits.ts'

// Some tests cancel a run during a wait, so waits must not be too short.
shortenWaits(1 / 40)

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

const openFor = (seconds = 30, stop = new AbortController().signal): GitHub =>
  openUntil(startDeadline(seconds, stop))

const openUntil = (deadline: Deadline, send = createHttp(deadline, SILENT_LOG).once): GitHub => {
  const github = createGitHub('ghs_local', REPOSITORY, deadline, send)
  if (!github) throw new Error('createGitHub returned no client')
  return github
}

const COMMENTS = {
  permission: 'pull-requests: write',
  entries: 'comments',
  isEntry: (comment: object | null) => comment !== null,
} as const

const listComments = (github: GitHub) =>
  readAllPages(github, COMMENTS, (octokit, parameters) =>
    octokit.rest.issues.listComments({ ...parameters, issue_number: 2 }),
  )

const getPull = (github: GitHub) =>
  github.call('pull-requests: read', (octokit, parameters) =>
    octokit.rest.pulls.get({ ...parameters, pull_number: 2 }),
  )

/** Returns the `GitHubError` that `work` rejects with. Throws if it does not. */
const refusalOf = async (work: Promise<unknown>): Promise<GitHubError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof GitHubError) return error
  throw new Error(`Not refused: ${error}`)
}

const addComments = (count: number): void => {
  for (let index = 0; index < count; index++) local.addComment(2, 'somebody', `${index}`)
}

describe('a list', () => {
  it('is read page by page, in order', async () => {
    addComments(250)
    const bodies = (await listComments(openFor())).map(({ body }) => body)
    expect(bodies).toEqual(Array.from({ length: 250 }, (_, index) => `${index}`))
    expect(local.requests).toHaveLength(3)
  })

  it.each<[string, Answer]>([
    ['a conflict', { status: 409, body: { message: 'Git Repository is empty.' } }],
    ['an object', { body: {} }],
    ['a list without its entries', { body: [null] }],
    ['no body', { body: '' }],
    ['no content', { status: 204 }],
  ])('is an error, not an empty list, if the response is %s', async (_, answer) => {
    local.fault(/comments/, answer)
    const { message } = await refusalOf(listComments(openFor()))
    expect(message).toMatch(/409, Git Repository is empty|not a list/)
    expect(local.requests).toHaveLength(1)
  })

  it('is an error if a later page fails', async () => {
    addComments(150)
    local.fault(/page=2/, { status: 409, body: { message: 'Conflict' } })
    expect((await refusalOf(listComments(openFor()))).status).toBe(409)
  })

  it('is an error if it does not end after 50 pages', async () => {
    const link = `<${local.apiUrl}/repos/${REPOSITORY}/issues/2/comments?page=7>; rel="next"`
    local.fault(/comments/, { headers: { link }, body: [] })
    const { message } = await refusalOf(listComments(openFor()))
    expect(message).toBe('its list does not end after 50 pages')
    expect(local.requests).toHaveLength(50)
  })

  it('keep secrets secret: is read from one host, even if a link names another, which gets no token', async () => {
    addComments(101)
    const link = `<${elsewhere.apiUrl}/comments?page=2>; rel="next"`
    local.fault(/comments/, { headers: { link }, body: [{}] }, { times: 1 })
    expect(await listComments(openFor())).toHaveLength(2)
    expect(local.requests).toHaveLength(2)
    expect(elsewhere.requests).toEqual([])
  })

  it('is not read any further if the deadline passes during a page', async () => {
    addComments(150)
    local.fault(/page=2/, 'hang')
    const reading = listComments(openFor(0.3))
    await expect(reading).rejects.toBeInstanceOf(RunAborted)
    await expect(reading).rejects.toThrow('while waiting for GitHub')
  })

  it('is not read any further if the run is canceled', async () => {
    addComments(150)
    const stop = new AbortController()
    local.fault(/page=2/, 'hang')
    local.onRequest(/page=2/, { before: () => stop.abort('SIGINT') })
    await expect(listComments(openFor(30, stop.signal))).rejects.toThrow('canceled (SIGINT)')
  })
})

describe('unknown is not none: a repository', () => {
  it.each([{}, null, { full_name: 7, default_branch: 7 }])(
    'is unknown if the response is %j, and the request is not repeated',
    async (body) => {
      local.fault(/^GET \/repos\/[^/]+\/[^/]+$/, { body })
      expect(await resolveRepository(openFor(), 'acme/older')).toEqual({
        unresolved: expect.stringMatching(
          /names no repository|does not match GitHub's documentation/,
        ),
      })
      await expect(readDefaultBranch(openFor())).rejects.toBeInstanceOf(GitHubError)
      expect(local.requests).toHaveLength(2)
    },
  )
})

const READERS: [string, (github: GitHub) => Promise<unknown>][] = [
  ['with Octokit', getPull],
  ['without Octokit', (github) => fetchPullRequest(github, 2)],
]

describe.each(READERS)('a response read %s', (_, getPull) => {
  it('is an error if it is too large, and the request is not repeated', async () => {
    local.fault(/pulls/, { body: ' '.repeat(33 * 1024 * 1024) })
    const { message } = await refusalOf(getPull(openFor()))
    expect(message).toContain('larger than 32 MB')
    expect(local.requests).toHaveLength(1)
  })

  it('is given up before the deadline, so the run can continue without it', async () => {
    local.fault(/pulls/, 'hang')
    const { message } = await refusalOf(getPull(openFor(6)))
    expect(message).toMatch(/no response within \d s/)
    expect(local.requests).toHaveLength(3)
  })

  it('is a timeout, not an empty response, if it stops halfway', async () => {
    local.fault(/pulls/, { headers: { 'content-length': '99' }, body: '{"state":' })
    await expect(getPull(openFor(0.3))).rejects.toBeInstanceOf(RunAborted)
  })

  it.each<[string, 'reset' | Answer]>([
    ['a lost connection', 'reset'],
    ['502', { status: 502, body: { message: 'Bad Gateway' } }],
    ['500', { status: 500, body: { message: 'Oops' } }],
  ])('is requested again after %s', async (_, fault) => {
    local.fault(/pulls/, fault, { times: 2 })
    expect(JSON.stringify(await getPull(openFor()))).toContain('"number":2')
    expect(local.requests).toHaveLength(3)
  })

  it('is an error that names the status, even 500', async () => {
    local.fault(/pulls/, { status: 500, body: { message: 'Oops' } })
    expect(await refusalOf(getPull(openFor()))).toMatchObject({
      message: '500, Oops',
      isLost: true,
    })
  })
})

const errorOf = (status: number, message: string, headers = {}): Answer => ({
  status,
  headers,
  body: { message, documentation_url: 'https://docs.github.com/rest' },
})

describe("an error for a refusal quotes GitHub's message", () => {
  it.each<[string, Answer, RegExp]>([
    [
      'a missing permission',
      errorOf(403, 'Resource not accessible by integration', { 'x-ratelimit-remaining': '0' }),
      /^403, Resource not accessible by integration; add `permissions: pull-requests: write`/,
    ],
    [
      'a hidden resource',
      errorOf(404, 'Not Found'),
      /^404, Not Found; .*cannot see it.*permissions:/,
    ],
  ])('and names the permission: %s', async (_, fault, expected) => {
    local.fault(/comments/, fault)
    expect((await refusalOf(listComments(openFor()))).message).toMatch(expected)
    expect(local.requests).toHaveLength(1)
  })

  it.each<[string, Answer, RegExp]>([
    [
      'bad-token',
      errorOf(401, 'Bad credentials'),
      /^401, Bad credentials; the token in `github_token` is not valid, or has expired/,
    ],
    [
      'ip-allow-list',
      errorOf(
        403,
        'Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled',
      ),
      /IP allow list does not include this runner/,
    ],
    [
      'single-sign-on',
      errorOf(403, 'Resource protected by organization SAML enforcement.'),
      /authorize the token/,
    ],
    [
      'locked',
      errorOf(403, 'Unable to create comment because issue is locked.'),
      /unlock the conversation/,
    ],
    ['not-found', errorOf(404, 'Branch not found'), /^404, Branch not found$/],
    [
      'other',
      errorOf(403, 'Repository was archived so is read-only.'),
      /^403, Repository was archived/,
    ],
    ['other', errorOf(451, 'Repository access blocked'), /^451, Repository access blocked$/],
  ])('without naming a permission: %s', async (reason, fault, expected) => {
    local.fault(/comments/, fault)
    const refusal = await refusalOf(listComments(openFor()))
    expect(refusal.message).toMatch(expected)
    expect(refusal.message).toContain((fault.body as { message: string }).message)
    expect(refusal.message).not.toContain('permissions:')
    expect(refusal.reason).toBe(reason)
  })

  it('and explains servers without GraphQL', async () => {
    local.fault(/graphql/, errorOf(404, 'Not Found'))
    const query = openFor().call('pull-requests: read', (octokit, { request }) =>
      octokit.graphql('query { viewer { login } }', { request }),
    )
    expect((await refusalOf(query)).message).toMatch(
      /^404, Not Found; .*no GraphQL API \(Gitea and Forgejo/,
    )
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
    const github = openFor()
    await getPull(github)
    await github.call('pull-requests: read', (octokit, { request }) =>
      octokit.graphql('query { viewer { login } }', { request }),
    )
    expect(local.requests).toHaveLength(3)
  })

  it('delays even a request that must never be sent twice, because a refused one has no effect', async () => {
    local.fault(/^POST/, secondaryRateLimited(2), { times: 1 })
    await openFor().call(
      'pull-requests: write',
      (octokit, parameters) =>
        octokit.rest.issues.createComment({ ...parameters, issue_number: 2, body: 'x' }),
      { attempts: 1 },
    )
    expect(local.comments).toHaveLength(1)
  })

  it.each(READERS)('delays a request %s', async (_, getPull) => {
    local.fault(/pulls/, rateLimited(2), { times: 1 })
    await getPull(openFor())
    expect(local.requests).toHaveLength(2)
  })

  it.each([
    ['that outlasts the run', rateLimited(3600)],
    ['that would leave no time for the run', secondaryRateLimited(28)],
    [
      'without a time, for the minute that GitHub recommends',
      errorOf(403, 'You have exceeded a secondary rate limit.'),
    ],
  ])('%s is reported with the time of its end', async (_, limit) => {
    local.fault(/pulls/, limit)
    const refusal = await refusalOf(getPull(openFor()))
    expect(refusal.message).toMatch(/rate limit resets at \d{4}-\d\d-\d\dT[\d:]+Z$/)
    expect(refusal).toMatchObject({ reason: 'rate-limit', isLost: false })
    expect(local.requests).toHaveLength(1)
  })
})

describe.each(READERS)('a run that ends while it repeats a request %s', (_, getPull) => {
  /** Reads a pull request, fails once, and ends the run during the repeat. Returns the error's message. */
  const messageAfter = async (failure: 'reset' | Answer): Promise<string> => {
    const deadline = startDeadline(30, new AbortController().signal)
    local.fault(/pulls/, failure, { times: 1 })
    local.fault(/pulls/, 'hang')
    local.onRequest(/pulls/, {
      before: () => local.requests.length === 2 && deadline.cancelPending(),
    })
    const error: unknown = await getPull(openUntil(deadline)).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RunAborted)
    expect(local.requests).toHaveLength(2)
    return (error as Error).message
  }

  it.each<[string, 'reset' | Answer, RegExp]>([
    [
      'a rate limit',
      secondaryRateLimited(1),
      /\nLast failure: 429, You have exceeded a secondary rate limit\..*; the token's rate limit resets at .+Z\nFix: /,
    ],
    [
      'an internal error',
      { status: 502, body: { message: 'Bad Gateway' } },
      /\nLast failure: 502, Bad Gateway\nFix: /,
    ],
    ['a lost connection', 'reset', /\nLast failure: .*(other side closed|ECONNRESET).*\nFix: /],
  ])('quotes the last failure: %s', async (_, failure, expected) => {
    const message = await messageAfter(failure)
    expect(message).toMatch(/^The run timed out after 30 seconds while waiting for GitHub\./)
    expect(message).toMatch(expected)
  })

  it('quotes the last failure if it is canceled during the wait', async () => {
    local.fault(/pulls/, secondaryRateLimited(20))
    const stop = new AbortController()
    const deadline = startDeadline(30, stop.signal)
    const { once } = createHttp(deadline, SILENT_LOG)
    const github = openUntil(deadline, async (request) => {
      const response = await once(request)
      // The wait of 20 seconds takes half a second here.
      setTimeout(() => stop.abort('SIGINT'), 100)
      return response
    })
    await expect(getPull(github)).rejects.toThrow(
      /canceled \(SIGINT\) while waiting to retry a request to GitHub\.\nLast failure: 429, You have /,
    )
  })

  it('quotes no failure of an earlier request', async () => {
    local.fault(/pulls/, secondaryRateLimited(1), { times: 1 })
    const stop = new AbortController()
    const github = openFor(30, stop.signal)
    await getPull(github)
    local.fault(/pulls/, 'hang')
    local.onRequest(/pulls/, { before: () => stop.abort('SIGINT') })
    const error: unknown = await getPull(github).catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('canceled (SIGINT) while waiting for GitHub.\nFix: ')
  })
})
