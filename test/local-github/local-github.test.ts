import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LocalGitHub, startLocalGitHub } from '../local-github.ts'
import { REPOSITORY } from '../payloads.ts'
import { rateLimited, secondaryRateLimited } from './faults.ts'
import { REPOSITORY_ID } from './state.ts'

let github: LocalGitHub

beforeAll(async () => {
  github = await startLocalGitHub()
})
beforeEach(() => github.reset())
afterAll(() => github.close())

const call = (path: string, init: RequestInit = {}) =>
  fetch(new URL(path, github.apiUrl), {
    ...init,
    headers: { authorization: 'token ghs_local' },
  })

const read = async (path: string): Promise<Record<string, unknown>> =>
  (await (await call(path)).json()) as Record<string, unknown>

const list = async (path: string): Promise<Record<string, unknown>[]> =>
  (await (await call(path)).json()) as Record<string, unknown>[]

const REPOSITORY_PATH = `/repos/${REPOSITORY}`

describe('pages', () => {
  it('have absolute links, up to the last page', async () => {
    for (let index = 0; index < 250; index++) github.addComment(2, 'somebody', `${index}`)
    const first = await call(`${REPOSITORY_PATH}/issues/2/comments?per_page=100`)
    const next = `${github.apiUrl}/repositories/${REPOSITORY_ID}/issues/2/comments?per_page=100&page=2`
    expect(first.headers.get('link')).toContain(`<${next}>; rel="next"`)
    expect(await list(next)).toHaveLength(100)
    const last = await call(next.replace('page=2', 'page=3'))
    expect(last.headers.get('link')).not.toContain('rel="next"')
    expect(await last.json()).toHaveLength(50)
  })
})

describe('repositories', () => {
  it('redirect former names to their ID, with the query', async () => {
    github.setRepository({ formerNames: ['old/name'] })
    const response = await call('/repos/old/name/pulls?state=all', { redirect: 'manual' })
    expect(response.status).toBe(301)
    expect(response.headers.get('location')).toBe(
      `${github.apiUrl}/repositories/${REPOSITORY_ID}/pulls?state=all`,
    )
    const write = await call('/repos/old/name/issues/2/comments', {
      method: 'POST',
      body: '{}',
      redirect: 'manual',
    })
    expect(write.status).toBe(307)
    expect(await read('/repos/old/name')).toMatchObject({
      id: REPOSITORY_ID,
      full_name: REPOSITORY,
      default_branch: 'master',
    })
  })

  it('include others only if a test adds them, and show only their metadata', async () => {
    expect((await call('/repos/strange/name')).status).toBe(404)
    github.addRepository({ fullName: 'strange/name', id: 7 })
    expect(await read('/repos/Strange/Name')).toMatchObject({ id: 7 })
    expect((await call('/repos/strange/name/pulls')).status).toBe(404)
  })

  it('contain the default branch, the heads of open pull requests, and the branches that a test sets', async () => {
    github.setPull(3, { headRef: 'feat/login' })
    github.setPull(4, { headRef: 'forked', headRepo: 'stranger/x' })
    github.setBranch('release', { protected: true })
    expect(await read(`${REPOSITORY_PATH}/branches/feat%2Flogin`)).toMatchObject({
      name: 'feat/login',
      protected: false,
    })
    expect(await read(`${REPOSITORY_PATH}/branches/release`)).toMatchObject({ protected: true })
    expect((await call(`${REPOSITORY_PATH}/branches/master`)).status).toBe(200)
    expect((await call(`${REPOSITORY_PATH}/branches/forked`)).status).toBe(404)
    github.forbid('contents: read')
    expect((await call(`${REPOSITORY_PATH}/branches/master`)).status).toBe(403)
  })
})

describe('pull requests', () => {
  it('can be listed by state, head, and base, newest first', async () => {
    github.setPull(3, { headRef: 'develop', state: 'closed', mergedAt: '2026-01-01T00:00:00Z' })
    github.setPull(4, { headRef: 'develop' })
    github.setPull(5, { headRef: 'develop', headRepo: 'stranger/x' })
    github.setPull(6, { headRef: 'fix', baseRef: 'develop' })
    const numbers = async (query: string) =>
      (await list(`${REPOSITORY_PATH}/pulls?${query}`)).map(({ number }) => number)
    expect(await numbers('')).toEqual([6, 5, 4])
    expect(await numbers('state=all&head=codertocat:develop')).toEqual([4, 3])
    expect(await numbers('head=Codertocat:Develop')).toEqual([])
    expect(await numbers('base=develop')).toEqual([6])
    expect(await list(`${REPOSITORY_PATH}/pulls?state=closed`)).toMatchObject([
      { number: 3, merged_at: '2026-01-01T00:00:00Z' },
    ])
  })

  it('are found by a commit that they contain, but only in this repository', async () => {
    const sha = 'a'.repeat(40)
    github.setPull(3, { headSha: sha })
    github.setPull(4, { commits: [sha] })
    github.setPull(5, { headSha: sha, headRepo: 'stranger/x' })
    const pulls = await list(`${REPOSITORY_PATH}/commits/${sha}/pulls`)
    expect(pulls.map(({ number }) => number)).toEqual([3, 4])
  })

  it('do not include issues', async () => {
    github.addIssue(12)
    expect((await call(`${REPOSITORY_PATH}/pulls/12`)).status).toBe(404)
    expect(await read(`${REPOSITORY_PATH}/issues/12`)).not.toHaveProperty('pull_request')
  })
})

describe('deployments', () => {
  it('have a creator, a ref, and statuses, newest first', async () => {
    const ref = 'refs/pull/2/merge'
    const id = github.addDeployment({ sha: 'a', ref, environment: 'Preview', creator: 'ann' })
    github.addStatus(id, 'success', 'https://one.shop.example')
    github.addStatus(id, 'inactive')
    expect(await list(`${REPOSITORY_PATH}/deployments?ref=${ref}`)).toMatchObject([
      { id, ref, environment: 'Preview', creator: { login: 'ann', type: 'User' } },
    ])
    expect(await list(`${REPOSITORY_PATH}/deployments?sha=b`)).toEqual([])
    expect(await list(`${REPOSITORY_PATH}/deployments/${id}/statuses`)).toMatchObject([
      { state: 'inactive', environment_url: '' },
      { state: 'success', environment_url: 'https://one.shop.example' },
    ])
  })
})

describe('comments', () => {
  const write = (method: string, path: string, body: string) =>
    call(`${REPOSITORY_PATH}${path}`, { method, body: JSON.stringify({ body }) })

  it('name the account that wrote them', async () => {
    github.addComment(2, 'github-actions', 'a person')
    github.addComment(2, null, 'a ghost')
    await write('POST', '/issues/2/comments', 'the bot')
    expect(await list(`${REPOSITORY_PATH}/issues/2/comments`)).toMatchObject([
      { user: { login: 'github-actions', type: 'User' }, performed_via_github_app: null },
      { user: null },
      {
        user: { login: 'github-actions[bot]', type: 'Bot', id: 41_898_282 },
        performed_via_github_app: { slug: 'github-actions' },
      },
    ])
  })

  it('can be listed by the time of their last change', async () => {
    const id = github.addComment(2, 'somebody', 'old')
    github.addComment(2, 'somebody', 'older')
    github.ageComments()
    await write('PATCH', `/issues/comments/${id}`, 'edited')
    const since = new Date(Date.now() - 60_000).toISOString()
    expect(await list(`${REPOSITORY_PATH}/issues/2/comments?since=${since}`)).toMatchObject([
      { id },
    ])
  })

  it('are rejected if they are too long or the conversation is locked', async () => {
    expect((await write('POST', '/issues/2/comments', 'x'.repeat(65_537))).status).toBe(422)
    github.lock(2)
    const refused = await write('POST', '/issues/2/comments', 'x')
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ message: expect.stringContaining('locked') })
  })
})

describe('a permission', () => {
  it('to write requires the permission to read', async () => {
    github.forbid('pull-requests: read')
    expect(
      (await call(`${REPOSITORY_PATH}/issues/2/comments`, { method: 'POST', body: '{}' })).status,
    ).toBe(403)
    github.permit('pull-requests: read')
    expect((await call(`${REPOSITORY_PATH}/pulls/2`)).status).toBe(200)
  })
})

describe('a fault or hook of a test', () => {
  it('hits the matching requests after those to skip', async () => {
    github.fault(/\/pulls\/2$/, secondaryRateLimited(7), { skip: 1, times: 1 })
    const statuses: number[] = []
    for (let index = 0; index < 3; index++)
      statuses.push((await call(`${REPOSITORY_PATH}/pulls/2`)).status)
    expect(statuses).toEqual([200, 429, 200])
    github.fault(/\/pulls/, rateLimited(60))
    expect((await call(`${REPOSITORY_PATH}/pulls/2`)).headers.get('x-ratelimit-remaining')).toBe(
      '0',
    )
  })

  it('counts a request against the next fault if the first skips it', async () => {
    github.fault(/\/pulls/, secondaryRateLimited(7), { skip: 1 })
    github.fault(/\/pulls\/2$/, rateLimited(60), { times: 1 })
    expect((await call(`${REPOSITORY_PATH}/pulls/2`)).status).toBe(403)
    expect((await call(`${REPOSITORY_PATH}/pulls/2`)).status).toBe(429)
  })

  it('can reset the connection before or after the effect, or hang', async () => {
    const create = () =>
      call(`${REPOSITORY_PATH}/issues/2/comments`, { method: 'POST', body: '{"body":"x"}' })
    github.fault(/^POST/, 'reset', { times: 1 })
    await expect(create()).rejects.toThrow()
    expect(github.comments).toEqual([])
    github.fault(/^POST/, 'reset-after', { times: 1 })
    await expect(create()).rejects.toThrow()
    expect(github.comments).toHaveLength(1)
    github.fault(/^GET/, 'hang')
    await expect(call(REPOSITORY_PATH, { signal: AbortSignal.timeout(50) })).rejects.toThrow()
  })

  it('can change the state right before and right after a request', async () => {
    const states: unknown[] = []
    const stop = github.onRequest(/^GET .*\/pulls\/2$/, {
      before: () => github.setState(2, 'closed'),
      after: () => github.setState(2, 'open'),
    })
    states.push((await read(`${REPOSITORY_PATH}/pulls/2`))['state'])
    stop()
    states.push((await read(`${REPOSITORY_PATH}/pulls/2`))['state'])
    expect(states).toEqual(['closed', 'open'])
  })
})
