import { describe, expect, it } from 'vitest'
import {
  branch,
  CLOSED,
  changeBranch,
  domains,
  error,
  integration,
  listing,
  mockAuthOff,
  mockBranch,
  mockSettings,
  neon,
  neonAlways,
  requests,
  runAction,
  useNock,
  writes,
} from './harness.ts'
import { mockComment } from './mock-comment.ts'
import { mockGitHub, TOKEN } from './mock-github.ts'

useNock()

const mockReadOn = () => neon('get', '/auth', [200, integration()])
const mockReadOff = (status = 404) =>
  neon('get', '/auth', [status, error('Neon Auth is not enabled for this branch')])

describe('closing', () => {
  it('disables auth and keeps the data', async () => {
    mockBranch()
    mockReadOn()
    neon('delete', '/auth', [200])
    const { report } = await runAction(CLOSED)
    expect(report).toMatchObject({ action: 'disabled', trustedDomains: [] })
    expect(requests).toEqual(['GET /branches', 'GET /auth', 'DELETE /auth {"delete_data":false}'])
    expect(report?.note).toMatch(/Neon refuses to enable auth over that schema.*on_orphan_schema/)
  })

  it.each([
    ['recreate', /deletes that data for good/],
    ['restore', /\(experimental\) enables auth and brings that data back/],
  ])(
    'says what happens if the pull request is reopened with `on_orphan_schema: %s`',
    async (value, expected) => {
      mockBranch()
      mockReadOn()
      neon('delete', '/auth', [200])
      const { report, log } = await runAction(CLOSED, { on_orphan_schema: value })
      expect(report?.note).toMatch(expected)
      expect(log).toMatch(expected)
    },
  )

  it('delete only what was named: deletes the data with `delete_data`', async () => {
    mockBranch()
    mockReadOn()
    neon('delete', '/auth', [200])
    const { report, log } = await runAction(CLOSED, { delete_data: 'true' })
    expect(report?.note).toBe(
      'If the pull request is reopened, auth is enabled without the deleted users.',
    )
    expect(log).not.toContain('warning')
    expect(writes()).toEqual(['DELETE /auth {"delete_data":true}'])
  })

  it('closes the branch of an open pull request if the workflow asks for it', async () => {
    mockGitHub({ 2: { state: 'open' } })
    mockBranch()
    mockReadOn()
    neon('delete', '/auth', [200])
    const { report } = await runAction(['push'], { ...TOKEN, mode: 'disable', pr_number: '2' })
    expect(report?.action).toBe('disabled')
  })

  it('sends no request with `on_close: keep`', async () => {
    const { report } = await runAction(CLOSED, { on_close: 'keep' })
    expect(report).toEqual({ action: 'kept', changes: [] })
    expect(requests).toEqual([])
  })

  it('plans the change with `dry_run`', async () => {
    mockBranch()
    mockReadOn()
    const { report } = await runAction(CLOSED, { dry_run: 'true' })
    expect(report).toMatchObject({ action: 'planned', changes: [{ change: 'disable_auth' }] })
    expect(writes()).toEqual([])
  })

  it.each([{ default: true }, { protected: true }])(
    'protect production: refuses a branch with %j',
    async (flags) => {
      mockBranch(flags)
      const { failure } = await runAction(CLOSED, { delete_data: 'true' })
      expect(failure).toMatch(/Nothing was changed/)
      expect(requests).toEqual(['GET /branches'])
    },
  )
})

describe('gone is done: closing', () => {
  it('succeeds if the branch is missing', async () => {
    neon('get', '/branches', listing())
    const { report, log } = await runAction(CLOSED)
    expect(report).toMatchObject({ action: 'already_gone', changes: [] })
    expect(log).not.toContain('warning')
  })

  it('warns if the branch may have another name, in which case its auth stays on', async () => {
    mockBranch({ name: 'preview-pr-2' })
    const { report, log } = await runAction(CLOSED)
    expect(report?.action).toBe('already_gone')
    expect(log).toMatch(/warning: .*another name, its auth may still be on[\s\S]*preview-pr-2/)
  })

  it('looks for a branch again if it was deleted while the run closed it', async () => {
    neon('get', '/branches', listing(branch()), listing())
    changeBranch(undefined)
    mockReadOn()
    expect((await runAction(CLOSED)).report?.action).toBe('already_gone')
  })

  it('gives up if Neon lists a branch but never finds it', async () => {
    mockGitHub({ 2: { state: 'closed' } })
    neon('get', '/branches', listing(branch()), listing(branch()), listing(branch()))
    changeBranch(undefined)
    neonAlways('get', '/auth', [200, integration()])
    const { failure } = await runAction(CLOSED, TOKEN)
    expect(failure).toMatch(/preview\/pr-2 .* was deleted while this run was in progress/)
    expect(requests.filter((request) => request === 'GET /branches')).toHaveLength(3)
    expect(writes()).toEqual([])
  })

  it.each([404, 410])('succeeds if auth is off (%i)', async (status) => {
    mockBranch()
    mockReadOff(status)
    const { report } = await runAction(CLOSED)
    expect(report).toMatchObject({ action: 'already_gone', trustedDomains: [] })
    expect(report?.note).toMatch(
      /^If an earlier close kept the data.*reopened.*fails with instructions/,
    )
    expect(writes()).toEqual([])
  })

  it('succeeds if auth is off on a branch that became the default branch', async () => {
    mockBranch()
    changeBranch({ default: true })
    mockReadOff()
    expect((await runAction(CLOSED)).report?.action).toBe('already_gone')
  })

  it('unknown is not none: fails if auth cannot be read', async () => {
    mockBranch()
    neon('get', '/auth', [403, error('not for you')])
    expect((await runAction(CLOSED)).failure).toMatch(/403[\s\S]*not for you/)
    expect(writes()).toEqual([])
  })

  it('says with `delete_data` that data from an earlier close may remain', async () => {
    mockBranch()
    mockReadOff()
    const { report, log } = await runAction(CLOSED, { delete_data: 'true' })
    // Only a run that enables auth warns about a missing token.
    expect(log).not.toContain('warning: There is no `github_token`')
    expect(report?.note).toContain('DROP SCHEMA neon_auth CASCADE')
    expect(writes()).toEqual([])
  })

  it.each([404, 410])(
    'succeeds if another run disables auth first (the DELETE gets %i)',
    async (status) => {
      mockBranch()
      mockReadOn()
      neon('delete', '/auth', [status, error('gone')])
      mockReadOff()
      const { report } = await runAction(CLOSED)
      expect(report).toMatchObject({ action: 'already_gone', changes: [] })
    },
  )

  it('fails if the DELETE finds no auth but a read still shows auth as on', async () => {
    mockBranch()
    mockReadOn()
    neon('delete', '/auth', [404, error('not found')])
    mockReadOn()
    const { failure } = await runAction(CLOSED, { delete_data: 'true' })
    expect(failure).toMatch(/Neon contradicts itself[\s\S]*Fix: /)
  })
})

describe('reconcile lost responses by reading: the DELETE', () => {
  const DISABLE = { change: 'disable_auth', deleteData: false }

  it('is not repeated if auth is then off', async () => {
    mockBranch()
    mockReadOn()
    neon('delete', '/auth', 'reset')
    mockReadOff()
    expect((await runAction(CLOSED)).report?.action).toBe('disabled')
  })

  it("is reported as this run's change if the second attempt finds auth off", async () => {
    mockGitHub({ 2: { state: 'closed' } })
    mockBranch()
    mockReadOn()
    neon('delete', '/auth', 'reset', [404, error('gone')])
    mockReadOn()
    mockReadOn()
    mockReadOff()
    expect((await runAction(CLOSED, TOKEN)).report).toMatchObject({
      action: 'disabled',
      changes: [{ change: 'disable_auth' }],
    })
  })

  it('is repeated if auth is still on', async () => {
    mockGitHub({ 2: { state: 'closed' } })
    mockBranch()
    mockReadOn()
    neon('delete', '/auth', [502, 'bad gateway'], [200])
    mockReadOn()
    mockReadOn()
    expect((await runAction(CLOSED, TOKEN)).report?.action).toBe('disabled')
    expect(writes()).toHaveLength(2)
  })

  it('counts as applied, without a second attempt, if auth is off by then', async () => {
    mockGitHub({ 2: { state: 'closed' } })
    mockBranch()
    mockReadOn()
    neon('delete', '/auth', 'reset')
    mockReadOn()
    mockReadOff()
    expect((await runAction(CLOSED, TOKEN)).report).toMatchObject({
      action: 'disabled',
      changes: [{ change: 'disable_auth' }],
    })
  })

  /** Mocks a close whose first request is lost, and whose second one finds auth off. */
  const mockSecondAttempt = () => {
    mockGitHub({ 2: { state: 'closed' } })
    mockBranch()
    mockReadOn()
    neon('delete', '/auth', 'reset', [404, error('not enabled')])
  }

  it('is reported if another run enables auth again right after a second attempt', async () => {
    mockSecondAttempt()
    mockReadOn()
    mockReadOn()
    neon('get', '/auth', [200, integration({ created_at: '2026-11-26T12:00:00Z' })])
    const { failure, journal } = await runAction(CLOSED, TOKEN)
    expect(failure).toMatch(
      /was disabled and enabled again.*\nThis run's own request may have disabled it/,
    )
    expect([...journal.inFlight]).toEqual([DISABLE])
  })

  it('is named in the error if Neon then contradicts itself', async () => {
    mockSecondAttempt()
    for (let read = 0; read < 3; read++) mockReadOn()
    const { failure, journal } = await runAction(CLOSED, TOKEN)
    expect(failure).toMatch(
      /contradicts itself.*\nThis run's own request may have disabled it: the response was lost/,
    )
    expect([...journal.inFlight]).toEqual([DISABLE])
  })

  it('is reported, without a second attempt, if another run has enabled auth again', async () => {
    mockGitHub({ 2: { state: 'closed' } })
    mockBranch()
    mockReadOn()
    neon('delete', '/auth', 'reset')
    mockReadOn()
    neon('get', '/auth', [200, integration({ created_at: '2026-11-26T12:00:00Z' })])
    const { failure, journal } = await runAction(CLOSED, TOKEN)
    expect(failure).toMatch(
      /^The run stopped: Neon Auth on branch .* was disabled and enabled again.*\nThis run's own request may have disabled it/,
    )
    expect(journal.applied).toEqual([])
    expect([...journal.inFlight]).toEqual([DISABLE])
  })

  it('is listed as in progress if nothing shows what a second attempt found', async () => {
    mockSecondAttempt()
    mockReadOn()
    mockReadOn()
    neon('get', '/auth', [403, error('not allowed')])
    const { failure, journal } = await runAction(CLOSED, TOKEN)
    expect(failure).toContain('not allowed')
    expect([...journal.inFlight]).toEqual([DISABLE])
  })

  it('is not listed as in progress if Neon contradicts itself about the only attempt', async () => {
    mockBranch()
    mockReadOn()
    neon('delete', '/auth', [404, error('not enabled')])
    mockReadOn()
    const { failure, journal } = await runAction(CLOSED)
    expect(failure).toContain('contradicts itself')
    expect(journal.inFlight.size).toBe(0)
  })

  it('is not sent again if another run disables auth while Neon is busy', async () => {
    mockGitHub({ 2: { state: 'closed' } })
    mockBranch()
    mockReadOn()
    neon('delete', '/auth', [423, error('busy')])
    mockReadOff()
    expect((await runAction(CLOSED, TOKEN)).report).toMatchObject({
      action: 'already_gone',
      changes: [],
    })
  })

  it('fails the run with instructions if no response ever arrives', async () => {
    mockGitHub({ 2: { state: 'closed' } })
    mockBranch()
    mockReadOn()
    for (let attempt = 0; attempt < 5; attempt++) {
      neon('delete', '/auth', 'reset')
      mockReadOn()
      if (attempt > 0) mockReadOn()
    }
    expect((await runAction(CLOSED, TOKEN)).failure).toMatch(
      /Disable Neon Auth[\s\S]*DELETE \/\S+ failed: [\s\S]*picks up where this one stopped/,
    )
  })
})

describe('on_close untrust', () => {
  const shared = { on_close: 'untrust', trusted_domains: 'https://pr-2.example.com' }

  it("removes only this pull request's domains", async () => {
    mockBranch()
    mockReadOn()
    neon(
      'get',
      '/auth/domains',
      domains('https://PR-2.example.com/', 'https://pr-3.example.com'),
      domains('https://pr-3.example.com'),
    )
    neon('delete', '/auth/domains', [200])
    mockReadOn()
    const { report, log } = await runAction(CLOSED, shared)
    expect(report).not.toHaveProperty('note')
    expect(log.split('\n')).not.toContain('')
    expect(report).toMatchObject({
      action: 'untrusted',
      trustedDomains: ['https://pr-3.example.com'],
    })
    expect(writes()).toEqual([
      'DELETE /auth/domains {"auth_provider":"better_auth","domains":[{"domain":"https://PR-2.example.com/"}]}',
    ])
  })

  it('gone is done: succeeds if auth is disabled in the meantime', async () => {
    mockBranch()
    mockReadOn()
    neon('get', '/auth/domains', domains('https://pr-2.example.com'), [404, error('off')])
    neon('delete', '/auth/domains', [404, error('off')])
    mockReadOff()
    mockReadOff()
    expect((await runAction(CLOSED, shared)).report).toMatchObject({
      action: 'already_gone',
      note: 'Auth was already off.',
    })
  })

  it('verify what was promised: fails if Neon still lists the domains after ten seconds', async () => {
    mockBranch()
    neonAlways('get', '/auth', [200, integration()])
    neonAlways('get', '/auth/domains', domains('https://pr-2.example.com'))
    neon('delete', '/auth/domains', [200])
    const started = performance.now()
    expect((await runAction(CLOSED, shared)).failure).toMatch(/still lists them/)
    expect(performance.now() - started).toBeGreaterThan(9_500)
    expect(writes()).toHaveLength(1)
  })

  it('waits if Neon is slow to show the removal', async () => {
    mockBranch()
    for (let read = 0; read < 4; read++) mockReadOn()
    const before = domains('https://pr-2.example.com')
    neon('get', '/auth/domains', before, before, before, domains())
    neon('delete', '/auth/domains', [200])
    const { report } = await runAction(CLOSED, shared)
    expect(report).toMatchObject({ action: 'untrusted', trustedDomains: [] })
    expect(writes()).toHaveLength(1)
  })

  it('writes nothing in a second run, and warns that delete_data has no effect', async () => {
    mockBranch()
    mockReadOn()
    neon('get', '/auth/domains', domains('https://pr-3.example.com'))
    const { report, log } = await runAction(CLOSED, { ...shared, delete_data: 'true' })
    expect(report).toMatchObject({ action: 'untrusted', changes: [] })
    expect(log).toMatch(/warning: `delete_data` has no effect/)
    expect(writes()).toEqual([])
  })
})

describe('on_close untrust without a domain', () => {
  it('removes no domain and says why', async () => {
    mockBranch()
    mockReadOn()
    neon('get', '/auth/domains', domains('https://pr-3.example.com'))
    const { report, log } = await runAction(CLOSED, { on_close: 'untrust' })
    expect(report).toMatchObject({ action: 'untrusted', changes: [] })
    expect(report?.note).toMatch(/^No domain was removed.*`trusted_domains`/)
    expect(log).not.toContain('warning: `delete_data`')
  })
})

describe('status', () => {
  it('changes nothing, even on the default branch', async () => {
    mockBranch({ default: true, name: 'main' })
    mockReadOn()
    neon('get', '/auth/domains', domains('https://a.example'))
    mockSettings({ oauth_providers: [{ id: 'github', type: 'standard' }] })
    const { report } = await runAction(['push'], { mode: 'status', branch: 'main' })
    expect(report).toMatchObject({ action: 'status', trustedDomains: ['https://a.example'] })
    expect(writes()).toEqual([])
  })

  it('says that auth is off', async () => {
    mockBranch()
    mockAuthOff()
    const { report } = await runAction(['push'], { mode: 'status', branch: 'preview/pr-2' })
    expect(report).toMatchObject({
      action: 'status',
      changes: [],
      note: 'Neon Auth is off on this branch.',
    })
    expect(report).not.toHaveProperty('auth')
  })

  it('says that Neon returns no URLs', async () => {
    mockBranch()
    neon('get', '/auth', [200, integration({ base_url: undefined })])
    neon('get', '/auth/domains', domains())
    mockSettings()
    const { report } = await runAction(['push'], { mode: 'status', branch: 'preview/pr-2' })
    expect(report).toMatchObject({
      action: 'status',
      branch: { name: 'preview/pr-2' },
      note: 'Neon Auth is on, but Neon returns no URLs for it.',
    })
  })

  it('does not wait for a missing branch', async () => {
    neon('get', '/branches', listing(), listing(branch({ name: 'mian' })))
    const { failure } = await runAction(['push'], { mode: 'status', branch: 'main' })
    expect(failure).toMatch(/no branch for this run\.[\s\S]*mian/)
  })
})

describe('the comment of a close', () => {
  const deployed = [{ environment: 'Preview', origin: 'https://pr-2.example.com', sha: 'abc' }]
  const recorded = { id: 'br-cool-sun-1234', name: 'preview/pr-2' }

  it.each<[string, () => void]>([
    [
      'disables',
      () => {
        mockBranch()
        mockReadOn()
        neon('delete', '/auth', [200])
      },
    ],
    ['finds no branch', () => neon('get', '/branches', listing())],
  ])('keeps the deployments that it records if the run %s', async (_, mock) => {
    mock()
    const writtenRecord = mockComment({ run: 0, attempt: 0, branch: recorded, deployed })
    const { failure, log } = await runAction(CLOSED, { ...TOKEN, comment: 'true' })
    expect(failure).toBe('')
    expect(log).not.toContain('warning')
    expect(writtenRecord()).toMatchObject({ branch: recorded, deployed })
  })
})
