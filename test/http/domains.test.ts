import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { REPOSITORY } from '../payloads.ts'
import {
  branch,
  CLOSED,
  integration,
  listing,
  mockAuthOn,
  mockBranch,
  mockBranchList,
  neon,
  OPENED,
  runAction,
  useNock,
  writes,
} from './harness.ts'
import { mockGitHub, TOKEN } from './mock-github.ts'

useNock()

const PREVIEW = 'https://pr-2.preview.example.com'
const LIVE = 'https://live.example.com'

const pullFrom = (ref: string) => ({
  pull_request: {
    number: 2,
    state: 'open',
    head: { ref, sha: 'a'.repeat(40), repo: { id: 1 } },
    base: { repo: { id: 1 } },
  },
})

const deploymentStatus = (environment_url: string, state = 'success') => ({
  deployment: { sha: 'a'.repeat(40), environment: 'Preview' },
  deployment_status: { state, environment: 'Preview', environment_url },
})

describe('a run that enables auth, with invalid or risky `trusted_domains`', () => {
  it('fails before the first write and names every error', async () => {
    mockBranchList(branch())
    const { failure } = await runAction(OPENED, {
      trusted_domains: `https://*.vercel.app, ${PREVIEW}, https://pr-.example.com, https://vercel.app`,
    })
    expect(failure).toContain('3 entries of the input `trusted_domains` cannot be used')
    for (const part of [
      'every site under vercel.app',
      'github.event.number',
      'belongs to everyone',
    ])
      expect(failure).toContain(part)
    expect(writes()).toEqual([])
  })

  it('shortens a list of thousands of errors', async () => {
    mockBranchList(branch())
    const bad = Array.from({ length: 5000 }, (_, index) => `@${index}`).join(',')
    const { failure } = await runAction(OPENED, { trusted_domains: bad })
    expect(failure).toMatch(/^5000 entries[\s\S]*and 4950 more/)
  })

  it.each(['https://', '\n', ',', 'undefined'])('fails in a dry run too: %j', async (text) => {
    mockBranchList(branch())
    const { failure } = await runAction(OPENED, { trusted_domains: text, dry_run: 'true' })
    expect(failure).toContain('The input `trusted_domains`: ')
    expect(writes()).toEqual([])
  })

  it('is skipped if the pull request is closed', async () => {
    mockBranchList(branch())
    mockGitHub({ 2: { state: 'closed' } })
    const { report } = await runAction(OPENED, { ...TOKEN, trusted_domains: 'https://' })
    expect(report).toMatchObject({ action: 'skipped', skipped: { reason: 'pull_request_closed' } })
  })

  it('says in the log that an empty value trusts nothing', async () => {
    mockBranch()
    mockAuthOn()
    const { report, log } = await runAction(OPENED)
    expect(report?.action).toBe('unchanged')
    expect(log).toContain('No domain to trust')
    expect(log).not.toContain('warning: `trusted_domains`')
  })

  it('warns if a domain has a path', async () => {
    mockBranch()
    mockAuthOn(PREVIEW)
    const { log } = await runAction(OPENED, { trusted_domains: `${PREVIEW}/changes` })
    expect(log).toMatch(/warning: `trusted_domains`: "https:.*\/changes": only the origin counts/)
  })

  it('fails if the head ref decides the host', async () => {
    const ref = 'evil.example/x'
    const trusted_domains = `https://${ref}.preview.example.com`
    mockBranchList(branch())
    const { failure } = await runAction(OPENED, { trusted_domains }, pullFrom(ref))
    expect(failure).toContain('the git branch name contains')
    expect(writes()).toEqual([])
  })

  it('accepts a shared wildcard only with allow_shared_wildcards, and warns even if nothing changes', async () => {
    const wildcard = 'https://shop-*-acme.vercel.app'
    mockBranchList(branch())
    mockAuthOn(wildcard)
    const accepted = await runAction(OPENED, {
      trusted_domains: wildcard,
      allow_shared_wildcards: 'true',
    })
    expect(accepted.report?.action).toBe('unchanged')
    expect(accepted.log).toMatch(/warning: `trusted_domains`: .*anyone can register a name/)
    const refused = await runAction(OPENED, { trusted_domains: wildcard })
    expect(refused.failure).toContain('`allow_shared_wildcards: true`')
  })
})

describe('`trusted_domains` is not validated', () => {
  const INCOMPLETE = { trusted_domains: 'https://' }

  it('by a close that disables auth', async () => {
    mockBranch()
    neon('get', '/auth', [200, integration()])
    neon('delete', '/auth', [200])
    expect((await runAction(CLOSED, INCOMPLETE)).report?.action).toBe('disabled')
  })

  it('by a close with `on_close: keep`', async () => {
    expect((await runAction(CLOSED, { ...INCOMPLETE, on_close: 'keep' })).report?.action).toBe(
      'kept',
    )
  })

  it('by a close whose branch is gone', async () => {
    neon('get', '/branches', listing())
    const { report } = await runAction(CLOSED, { ...INCOMPLETE, on_close: 'untrust' })
    expect(report?.action).toBe('already_gone')
  })

  it('by a run with `mode: status`', async () => {
    mockBranch()
    mockAuthOn()
    expect((await runAction(OPENED, { ...INCOMPLETE, mode: 'status' })).report?.action).toBe(
      'status',
    )
  })

  it('by a run for a fork without a key', async () => {
    const fork = { head: { ref: 'changes', repo: { id: 2 } }, base: { repo: { id: 1 } } }
    const more = { pull_request: { number: 2, state: 'open', ...fork } }
    const { report } = await runAction(OPENED, { ...INCOMPLETE, api_key: '' }, more)
    expect(report).toMatchObject({ action: 'skipped', skipped: { reason: 'fork_without_secrets' } })
  })

  it('by a run for a pending deployment', async () => {
    const { report } = await runAction(
      ['deployment_status'],
      INCOMPLETE,
      deploymentStatus(PREVIEW, 'pending'),
    )
    expect(report).toMatchObject({
      action: 'skipped',
      skipped: { reason: 'deployment_not_successful' },
    })
  })

  it('by a sweep without `on_close: untrust`', async () => {
    neon('get', '/branches', listing())
    const { report } = await runAction(['push'], { ...INCOMPLETE, ...TOKEN, mode: 'sweep' })
    expect(report?.action).toBe('swept')
  })
})

describe('`trusted_domains` is validated before the first write', () => {
  const INCOMPLETE = {
    trusted_domains: 'https://, https://pr-null.example.com',
    on_close: 'untrust',
  }

  it('by a close with `on_close: untrust`', async () => {
    mockBranch()
    const { failure } = await runAction(CLOSED, INCOMPLETE)
    expect(failure).toContain('2 entries of the input `trusted_domains` cannot be used')
    expect(writes()).toEqual([])
  })

  it('by a sweep with `on_close: untrust`', async () => {
    mockBranch()
    nock('https://api.github.com')
      .post('/graphql')
      .reply(200, {
        data: { repository: { n2: { number: 2, state: 'CLOSED', headRefName: 'changes' } } },
      })
    const { failure } = await runAction(['push'], { ...INCOMPLETE, ...TOKEN, mode: 'sweep' })
    expect(failure).toContain('2 entries of the input `trusted_domains` cannot be used')
    expect(writes()).toEqual([])
  })
})

describe('prune_domains', () => {
  it.each([
    ['', 'no domain'],
    [`${PREVIEW},`, 'an entry of `trusted_domains` is empty'],
    [`${PREVIEW}\n\n${PREVIEW}`, 'an entry of `trusted_domains` is empty'],
  ])('removes nothing if the input may lack a domain: %j', async (trusted_domains, reason) => {
    mockBranch()
    mockAuthOn(PREVIEW, LIVE)
    const { report, log } = await runAction(OPENED, { trusted_domains, prune_domains: 'true' })
    expect(report?.action).toBe('unchanged')
    expect(log).toMatch(new RegExp(`warning: .prune_domains. removed nothing.*${reason}`))
    expect(writes()).toEqual([])
  })

  it('removes the other domains if every entry is valid', async () => {
    mockBranch()
    mockAuthOn(PREVIEW, LIVE)
    neon('delete', '/auth/domains', [200])
    mockAuthOn(PREVIEW)
    const { report } = await runAction(OPENED, { trusted_domains: PREVIEW, prune_domains: 'true' })
    expect(report?.action).toBe('updated')
    expect(writes()).toEqual([
      `DELETE /auth/domains {"auth_provider":"better_auth","domains":[{"domain":"${LIVE}"}]}`,
    ])
  })
})

describe('a run for a deployment', () => {
  it.each([
    ['https://railway.com/project/1', "platform's console"],
    ['https://ghes.corp.example/acme/shop', "platform's console"],
    ['http://localhost:3000', 'the machine that ran the deploy'],
    ['https://storage.googleapis.com/acme/pr-2/', 'belongs to everyone'],
    ['https://https://pr-2.example.com', 'two schemes'],
  ])('ignores the URL %s with a warning', async (url, reason) => {
    mockBranch()
    mockAuthOn(PREVIEW)
    nock('https://api.github.com')
      .get(`/repos/${REPOSITORY}/pulls/2`)
      .reply(200, { state: 'open', head: { ref: 'changes' } })
    const { report, log } = await runAction(
      ['deployment_status'],
      { ...TOKEN, pr_number: '2', trusted_domains: PREVIEW },
      deploymentStatus(url),
      { GITHUB_SERVER_URL: 'https://ghes.corp.example' },
    )
    expect(report?.action).toBe('unchanged')
    expect(log).toMatch(new RegExp(`warning: The deployment's URL .* is not trusted: .*${reason}`))
  })
})
