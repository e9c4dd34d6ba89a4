import { describe, expect, it } from 'vitest'
import { startStepHere } from '../in-process.ts'
import { BRANCH, PREVIEW } from '../preview.ts'
import { useServices, writesOf } from '../services.ts'

const services = useServices({ start: startStepHere })
const { run, start } = services
const MANUAL = { event: ['workflow_dispatch'] as [string] }

describe('protect production: the default branch and protected branches', () => {
  it.each([
    ['enable', 'true'],
    ['disable', 'true'],
    ['disable', 'false'],
  ])('mode %s refuses the default branch (delete_data: %s)', async (mode, delete_data) => {
    const { exitCode, annotations } = await run('', { mode, branch: 'main', delete_data }, MANUAL)
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(
      /main .* is the project's default branch[\s\S]*allow_protected: true/,
    )
    expect(writesOf(services)).toEqual([])
  })

  it('a protected branch is refused on open and on close unless allow_protected is true', async () => {
    services.neon.updateBranch(BRANCH, { protected: true })
    for (const action of ['opened', 'closed']) {
      const { exitCode } = await run(action, { delete_data: 'true', on_orphan_schema: 'recreate' })
      expect(exitCode).toBe(1)
    }
    expect(writesOf(services)).toEqual([])
    const allowed = await run('opened', { allow_protected: 'true' })
    expect(allowed.outputs.action_taken).toBe('enabled')
    const closed = await run('closed', { allow_protected: 'true' })
    expect(closed.outputs.action_taken).toBe('disabled')
  })

  it("a fork's pull request never reaches the branch of another pull request with the same ref", async () => {
    const { neon } = services
    await neon.deleteBranch(neon.branch(BRANCH).id)
    const victim = await neon.createBranch({ name: 'preview/changes' })
    await neon.enableAuth(victim.id)
    const pull = { headRepo: 'stranger/Hello-World' }
    const closed = await run('closed', {}, { pull, eventName: 'pull_request_target' })
    expect(closed.outputs.action_taken).toBe('already_gone')
    expect(neon.branch(victim.id).auth).toBe('on')
    services.github.setState(2, 'closed')
    const own = await run('closed')
    expect(own.outputs.action_taken).toBe('disabled')
    await neon.deleteBranch(victim.id)
    await neon.createBranch({ name: BRANCH })
  })
})

describe('forks, Dependabot, and missing keys', () => {
  const NO_KEY = { api_key: '' }

  it.each([
    ['a fork', { headRepo: 'stranger/Hello-World' }, 'fork_without_secrets'],
    ['a deleted fork', { headRepo: null }, 'fork_without_secrets'],
    ['Dependabot', {}, 'dependabot_without_secrets'],
  ])('%s without a key is skipped with a notice in the log', async (author, pull, reason) => {
    const env = { GITHUB_ACTOR: author === 'Dependabot' ? 'dependabot[bot]' : 'Codertocat' }
    const { exitCode, outputs, annotations, summary } = await run('opened', NO_KEY, { pull, env })
    expect(exitCode).toBe(0)
    expect(outputs).toMatchObject({
      action_taken: 'skipped',
      skipped_reason: reason,
      changed: 'false',
    })
    expect(annotations.notice[0]).toMatch(/skipped/)
    expect(summary).toContain('skipped')
    expect(services.neon.requests).toEqual([])
  })

  it("a fork without a key fails with missing_key: fail, and the repository's own pull request always fails without one", async () => {
    const pull = { headRepo: 'stranger/Hello-World' }
    expect((await run('opened', { ...NO_KEY, missing_key: 'fail' }, { pull })).exitCode).toBe(1)
    const { exitCode, annotations } = await run('opened', NO_KEY)
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toContain('secrets.NEON_API_KEY')
  })

  it('a run with a wrong key fails and says so', async () => {
    const { exitCode, annotations } = await run('opened', { api_key: 'napi_wrong' })
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(
      /Could not look for[\s\S]*401[\s\S]*request ID[\s\S]*create a new key/,
    )
  })

  it('a run reads the key and the project from the environment', async () => {
    const { neon } = services
    const env = {
      NEON_API_KEY: neon.apiKey,
      NEON_PROJECT_ID: neon.projectId,
    }
    const { exitCode } = await run('opened', { api_key: '', project_id: '' }, { env })
    expect(exitCode).toBe(0)
  })
})

describe('never resurrect a closed pull request: late and waiting runs', () => {
  it('a late run for a closed pull request is skipped', async () => {
    services.github.setState(2, 'closed')
    const { exitCode, outputs } = await run('synchronize', { trusted_domains: PREVIEW })
    expect(exitCode).toBe(0)
    expect(outputs).toMatchObject({
      action_taken: 'skipped',
      skipped_reason: 'pull_request_closed',
    })
    expect(services.neon.branch(BRANCH).auth).toBe('off')
  })

  it('a run that waits for its branch finds it once it is created', async () => {
    const { neon } = services
    await neon.deleteBranch(neon.branch(BRANCH).id)
    const listed = neon.nextRequest(({ operationId }) => operationId === 'listProjectBranches')
    const { finished } = start('opened')
    await listed
    await neon.createBranch({ name: BRANCH })
    expect((await finished).outputs).toMatchObject({ action_taken: 'enabled', branch_name: BRANCH })
  })

  it('a run whose pull request closes while it waits for its branch stops', async () => {
    const { neon, github } = services
    await neon.deleteBranch(neon.branch(BRANCH).id)
    const listed = neon.nextRequest(
      ({ operationId }) =>
        operationId === 'listProjectBranches' &&
        neon.requests.filter((request) => request.operationId === operationId).length > 1,
    )
    const { finished } = start('opened')
    await listed
    github.setState(2, 'closed')
    await neon.createBranch({ name: BRANCH })
    expect((await finished).outputs.skipped_reason).toBe('pull_request_closed')
    expect(neon.branch(BRANCH).auth).toBe('off')
  })
})

describe('races', () => {
  it('two simultaneous runs leave auth on, and both output the URL', async () => {
    const runs = await Promise.all([
      run('opened', { trusted_domains: PREVIEW }),
      run('synchronize', { trusted_domains: 'https://alias.shop.example' }),
    ])
    for (const { outputs, log } of runs) {
      expect(outputs.base_url, log).toBe(services.neon.branch(BRANCH).baseUrl)
    }
    expect(new Set(services.neon.branch(BRANCH).trustedDomains)).toEqual(
      new Set([PREVIEW, 'https://alias.shop.example']),
    )
  })

  it('a close during an enabling run leaves auth off, and that run explains its failure', async () => {
    const { neon } = services
    await neon.enableAuth(BRANCH)
    const { promise: until, resolve: release } = Promise.withResolvers<void>()
    neon.faults.add({
      match: { operationId: 'addBranchNeonAuthTrustedDomain' },
      fault: { kind: 'hold', until },
    })
    const held = neon.nextRequest(
      ({ operationId }) => operationId === 'addBranchNeonAuthTrustedDomain',
    )
    const { finished } = start('opened', { trusted_domains: PREVIEW })
    await held
    await run('closed')
    release()
    const { exitCode, annotations } = await finished
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(/was disabled on .* while this run was in progress/)
    expect(neon.branch(BRANCH).auth).toBe('off')
  })

  it('a run repeats a write that a parallel writer has overwritten', async () => {
    const { neon } = services
    neon.faults.add({
      match: { operationId: 'addBranchNeonAuthTrustedDomain' },
      fault: 'lost-update',
    })
    const { exitCode } = await run('opened', { trusted_domains: PREVIEW })
    expect(exitCode).toBe(0)
    expect(neon.branch(BRANCH).trustedDomains).toEqual([PREVIEW])
  })
})
