import { describe, expect, it } from 'vitest'
import { startStepHere } from '../in-process.ts'
import { BOT } from '../local-github.ts'
import { countSequentialResponses } from '../local-neon/request-log.ts'
import { HEAD_SHA, payload } from '../payloads.ts'
import { BRANCH, PREVIEW } from '../preview.ts'
import { useServices, writesOf } from '../services.ts'

const services = useServices({ start: startStepHere })
const { run } = services
/** The head commit after a push. */
const NEXT = '1'.repeat(40)
const pushed = { pull: { headSha: NEXT } }

/** Returns the environment of a workflow run. */
const asRun = (run: number, attempt = 1) => ({
  env: { GITHUB_RUN_ID: `${run}`, GITHUB_RUN_ATTEMPT: `${attempt}` },
})

describe('discover_domains', () => {
  const DISCOVER = { discover_domains: 'true' }

  it('trusts the URL of every deployment of the head commit that ever succeeded, except production', async () => {
    const { github } = services
    github.deploy(HEAD_SHA, 'Preview', ['success'], 'https://web.shop.example')
    github.deploy(HEAD_SHA, 'Preview', ['pending', 'success'], 'https://admin.shop.example/path')
    github.deploy(HEAD_SHA, 'Docs', ['success', 'inactive'], 'https://docs.shop.example')
    github.deploy(HEAD_SHA, 'Broken', ['failure'], 'https://broken.shop.example')
    github.deploy(HEAD_SHA, 'Production', ['success'], 'https://shop.example', true)
    github.deploy('0'.repeat(40), 'Preview', ['success'], 'https://other.shop.example')
    const { exitCode, outputs, log } = await run('opened', DISCOVER)
    expect(exitCode, log).toBe(0)
    expect(JSON.parse(outputs.trusted_domains ?? '')).toEqual([
      'https://docs.shop.example',
      'https://admin.shop.example',
      'https://web.shop.example',
    ])
  })

  it('reads every page of deployments', async () => {
    const { github } = services
    for (let index = 0; index < 130; index++) {
      // GitHub lists the newest first, so all deployments of the oldest environment are on the second page.
      const environment = `e${Math.floor((index + 20) / 50)}`
      github.deploy(HEAD_SHA, environment, ['success'], `https://${environment}.shop.example`)
    }
    const { outputs } = await run('opened', { ...DISCOVER, verify: 'false' })
    expect(JSON.parse(outputs.trusted_domains ?? '')).toHaveLength(3)
    expect(github.requests.filter((request) => request.endsWith('/deployments'))).toHaveLength(3)
  })

  it('does not fail the run without deployments or without the permission', async () => {
    const nothing = await run('opened', DISCOVER)
    expect(nothing.exitCode).toBe(0)
    services.github.forbid('deployments: read')
    const refused = await run('opened', DISCOVER)
    expect(refused.exitCode).toBe(0)
    expect(refused.annotations.warning[0]).toMatch(/403.*permissions: deployments: read/)
  })

  it('warns about the host of a single build, and about a URL that cannot be trusted', async () => {
    const { github } = services
    github.deploy(HEAD_SHA, 'Preview', ['success'], 'https://shop-a1b2c3d4e-acme.vercel.app')
    github.deploy(HEAD_SHA, 'Plain', ['success'], 'http://shop.example')
    const { annotations, outputs } = await run('opened', { ...DISCOVER, verify: 'false' })
    expect(annotations.warning.join('\n')).toMatch(/one build.*-git-/)
    expect(annotations.warning.join('\n')).toMatch(/http:\/\/shop\.example is not trusted/)
    expect(outputs.trusted_domains).toBe('["https://shop-a1b2c3d4e-acme.vercel.app"]')
  })

  it('removes only domains of earlier commits of the same pull request', async () => {
    const { github, neon } = services
    await neon.enableAuth(BRANCH, { domains: ['https://shop.example'] })
    const inputs = { ...DISCOVER, comment: 'true' }
    github.deploy(HEAD_SHA, 'Preview', ['success'], 'https://one.shop.example')
    await run('opened', inputs, asRun(1))
    github.deploy(NEXT, 'Preview', ['success'], 'https://two.shop.example')
    const { outputs } = await run('synchronize', inputs, { ...pushed, ...asRun(2) })
    expect(outputs).toMatchObject({
      domains_added: '["https://two.shop.example"]',
      domains_removed: '["https://one.shop.example"]',
    })
    expect(neon.branch(BRANCH).trustedDomains).toEqual([
      'https://shop.example',
      'https://two.shop.example',
    ])
  })
})

describe('the record of an earlier run', () => {
  const inputs = { discover_domains: 'true', comment: 'true', verify: 'false' }

  it('is not undone by a rerun of an older workflow run', async () => {
    const { github, neon } = services
    github.deploy(NEXT, 'Preview', ['success'], 'https://two.shop.example')
    await run('synchronize', inputs, { ...pushed, ...asRun(2) })
    github.deploy(HEAD_SHA, 'Preview', ['success'], 'https://one.shop.example')
    await run('opened', inputs, asRun(1, 2))
    expect(neon.branch(BRANCH).trustedDomains).toContain('https://two.shop.example')
  })

  it('is kept for an environment that this commit is not deployed to yet', async () => {
    const { github, neon } = services
    github.deploy(HEAD_SHA, 'Preview', ['success'], 'https://web.shop.example')
    await run('opened', inputs, asRun(1))
    github.deploy(NEXT, 'Preview', ['pending'], 'https://web.shop.example')
    github.deploy(NEXT, 'Docs', ['success'], 'https://docs.shop.example')
    await run('synchronize', inputs, { ...pushed, ...asRun(2) })
    expect(neon.branch(BRANCH).trustedDomains).toEqual([
      'https://web.shop.example',
      'https://docs.shop.example',
    ])
  })

  it('is not read from a comment that only quotes it', async () => {
    const { github, neon } = services
    const victim = 'https://pr-3.shop.example'
    await neon.enableAuth(BRANCH, { domains: [victim] })
    const record = Buffer.from(
      JSON.stringify({
        run: 1,
        attempt: 1,
        deployed: [{ environment: 'Preview', origin: victim, sha: HEAD_SHA }],
      }),
    ).toString('base64url')
    github.addComment(2, BOT, `> <!-- neon-auth-preview ${neon.projectId} ${record} -->`)
    await run('closed', { ...inputs, on_close: 'untrust' }, asRun(2))
    expect(neon.branch(BRANCH).trustedDomains).toEqual([victim])
  })
})

describe('deployment_status', () => {
  const SHA =
    (payload('deployment_status') as { deployment?: { sha: string } }).deployment?.sha ?? ''
  /** Runs GitHub's own payload of the event, changed to this state and URL. */
  const runDeploymentStatus = (state: string, url?: string) => {
    const original = payload('deployment_status') as Record<string, Record<string, unknown>>
    return run(
      '',
      { timeout: '20' },
      {
        event: ['deployment_status'],
        payload: {
          ...original,
          deployment: { ...original['deployment'], ref: SHA, environment: 'Preview' },
          deployment_status: {
            ...original['deployment_status'],
            environment: 'Preview',
            state,
            target_url: 'https://github.com/Codertocat/Hello-World/actions/runs/1',
            ...(url && { environment_url: url }),
          },
        },
      },
    )
  }

  it("enables auth on success for the commit's pull request and trusts the deployment's URL", async () => {
    services.github.setPull(2, { headSha: SHA })
    const { exitCode, outputs, log } = await runDeploymentStatus('success', `${PREVIEW}/`)
    expect(exitCode, log).toBe(0)
    expect(outputs).toMatchObject({
      action_taken: 'enabled',
      branch_name: BRANCH,
      trusted_domains: `["${PREVIEW}"]`,
    })
  })

  it('trusts nothing for a deployment without its own URL, and never github.com', async () => {
    services.github.setPull(2, { headSha: SHA })
    const { annotations, exitCode, outputs } = await runDeploymentStatus('success', '')
    expect(exitCode).toBe(0)
    expect(annotations.warning[0]).toMatch(/reports no environment_url/)
    expect(outputs.trusted_domains).toBe('[]')
  })

  it.each(['failure', 'pending', 'error'])('causes no change for %s', async (state) => {
    const { outputs } = await runDeploymentStatus(state)
    expect(outputs).toMatchObject({
      action_taken: 'skipped',
      skipped_reason: 'deployment_not_successful',
    })
    expect(services.neon.requests).toEqual([])
  })

  it('is skipped, with the reason, for a commit without a pull request or with a closed one', async () => {
    expect((await runDeploymentStatus('success')).outputs.skipped_reason).toBe(
      'pull_request_not_found',
    )
    services.github.setPull(2, { headSha: SHA, state: 'closed' })
    expect((await runDeploymentStatus('success')).outputs.skipped_reason).toBe(
      'pull_request_closed',
    )
    expect(writesOf(services)).toEqual([])
  })

  it('never guesses the pull request of a commit that two open ones share', async () => {
    services.github.setPull(2, { headSha: SHA })
    services.github.setPull(3, { headSha: SHA })
    const { annotations } = await runDeploymentStatus('success')
    expect(annotations.error[0]).toMatch(/several open pull requests: #2, #3[\s\S]*`pr_number`/)
  })
})

describe('comment', () => {
  const COMMENT = { trusted_domains: PREVIEW, comment: 'true' }
  const bodies = () =>
    services.github.comments.filter(({ author }) => author === BOT).map(({ body }) => body)

  it('is created once and then edited in place until the close, even on a later page', async () => {
    const { github } = services
    for (let index = 0; index < 150; index++) github.addComment(2, 'somebody', 'hello')
    await run('opened', COMMENT, asRun(1))
    await run('synchronize', COMMENT, asRun(2))
    expect(bodies()).toHaveLength(1)
    expect(bodies()[0]).toMatch(
      /Neon Auth ready[\s\S]*pr-2\.shop\.example[\s\S]*console\.neon\.tech/,
    )
    await run('closed', COMMENT, asRun(3))
    expect(bodies()).toHaveLength(1)
    expect(bodies()[0]).toMatch(/Neon Auth disabled[\s\S]*data is kept/)
  })

  it('says that a run failed and why, until a later run succeeds', async () => {
    await run('opened', COMMENT, asRun(1))
    const failed = await run('synchronize', { ...COMMENT, database: 'other' }, asRun(2))
    expect(failed.exitCode).toBe(1)
    expect(bodies()).toHaveLength(1)
    expect(bodies()[0]).toMatch(/Neon Auth failed[\s\S]*the input .*database.* is other[\s\S]*Fix:/)
    expect(bodies()[0]).not.toContain('Neon Auth ready')
    await run('synchronize', COMMENT, asRun(3))
    expect(bodies()).toHaveLength(1)
    expect(bodies()[0]).toContain('Neon Auth ready')
  })

  it('is not written by a dry run that fails, or by a failed run that does not know its branch', async () => {
    const dry = { ...COMMENT, database: 'other', dry_run: 'true' }
    await run('opened', COMMENT, asRun(1))
    const before = bodies()
    expect((await run('synchronize', dry, asRun(2))).exitCode).toBe(1)
    expect(bodies()).toEqual(before)
    services.github.reset()
    services.github.setState(2, 'open')
    const guarded = { ...COMMENT, branch: 'production' }
    expect((await run('synchronize', guarded, asRun(3))).exitCode).toBe(1)
    expect(bodies()).toEqual([])
  })

  it('is created only once if GitHub fails before or after creating it', async () => {
    const { github } = services
    github.fail(/^POST .*\/comments$/, 'after')
    const { annotations } = await run('opened', COMMENT, asRun(1))
    expect(annotations.warning).toEqual([])
    expect(bodies()).toHaveLength(1)
    github.reset()
    github.setState(2, 'open')
    github.fail(/^POST .*\/comments$/, 'before')
    await run('synchronize', COMMENT, asRun(2))
    expect(bodies()).toHaveLength(1)
  })

  it('is not duplicated if comments cannot be read, and the run warns', async () => {
    const { github } = services
    await run('opened', COMMENT, asRun(1))
    github.fail(/^GET .*\/comments$/, 'before', 3)
    const { exitCode, annotations } = await run('synchronize', COMMENT, asRun(2))
    expect(exitCode).toBe(0)
    expect(annotations.warning[0]).toMatch(/comment could not be read: 502/)
    await run('closed', COMMENT, asRun(3))
    expect(bodies()).toHaveLength(1)
    expect(bodies()[0]).toContain('Neon Auth disabled')
  })

  it("is never somebody else's comment, even if it has the marker", async () => {
    const { github } = services
    await run('opened', COMMENT, asRun(1))
    const [marked = ''] = bodies()
    github.reset()
    github.setState(2, 'open')
    github.addComment(2, 'mallory', marked)
    await run('synchronize', COMMENT, asRun(2))
    expect(github.comments.map(({ author }) => author)).toEqual(['mallory', BOT])
    expect(github.comments[0]?.body).toBe(marked)
  })

  it('is not overwritten by a run that is older than the last writer', async () => {
    await run('opened', COMMENT, asRun(9))
    const [newest] = bodies()
    const { exitCode, log } = await run(
      'synchronize',
      { ...COMMENT, allow_localhost: 'false' },
      asRun(8),
    )
    expect(exitCode).toBe(0)
    expect(log).toContain('A newer run has written the comment')
    expect(bodies()).toEqual([newest])
  })

  it('stays if it is about another branch of the same pull request, even on close', async () => {
    const { neon } = services
    const { id } = await neon.createBranch({ name: 'web' })
    await run('opened', { ...COMMENT, branch: 'web' }, asRun(1))
    await run('opened', COMMENT, asRun(2))
    expect(bodies()).toHaveLength(2)
    await run('closed', { ...COMMENT, branch: 'web' }, asRun(3))
    expect(bodies()[0]).toContain('Neon Auth disabled')
    expect(bodies()[1]).toContain('Enabled Neon Auth')
    await neon.deleteBranch(id)
    await run('closed', { ...COMMENT, branch: 'web' }, asRun(4))
    expect(bodies()[0]).toContain('was already off')
    expect(bodies()[1]).toContain('Enabled Neon Auth')
  })

  it('is not written by a dry run, even if the branch is gone', async () => {
    const { neon } = services
    await run('opened', COMMENT, asRun(1))
    const before = bodies()
    await run('synchronize', { ...COMMENT, dry_run: 'true' }, asRun(2))
    await run('closed', { ...COMMENT, dry_run: 'true' }, asRun(3))
    await neon.deleteBranch(neon.branch(BRANCH).id)
    const { outputs } = await run('closed', { ...COMMENT, dry_run: 'true' }, asRun(4))
    expect(outputs.action_taken).toBe('already_gone')
    expect(bodies()).toEqual(before)
    await run('closed', COMMENT, asRun(5))
    expect(bodies()[0]).toContain('was already off')
  })

  it('causes a warning that names no permission if the conversation is locked', async () => {
    services.github.lock(2)
    const { exitCode, annotations } = await run('opened', COMMENT, asRun(1))
    expect(exitCode).toBe(0)
    expect(annotations.warning[0]).toMatch(/locked.*unlock the conversation/)
    expect(annotations.warning.join()).not.toContain('permissions:')
  })

  it('causes a warning that names the missing permission, and the run continues', async () => {
    services.github.forbid('pull-requests: write')
    const { exitCode, annotations } = await run('opened', COMMENT, asRun(1))
    expect(exitCode).toBe(0)
    expect(annotations.warning.every((text) => text.includes('pull-requests: write'))).toBe(true)
    expect(annotations.warning.length).toBeGreaterThan(0)
  })
})

describe('sweep', () => {
  const sweep = (inputs = {}) =>
    run('', { mode: 'sweep', timeout: '60', ...inputs }, { event: ['schedule'], payload: {} })

  /** Branches without annotations. */
  const NAMES = [
    'preview/pr-11-fix',
    'pr-12',
    'preview/pr-13',
    'preview/done',
    'preview/alive',
    'preview/strange',
    'staging',
    'preview/develop',
    'pr-11-load-test',
    'pr-20240115123456',
  ]

  /** Creates branches whose auth is on, some of closed pull requests. Returns a function that deletes them. */
  const createBranches = async () => {
    const { neon, github } = services
    const ids: string[] = []
    const create = async (name: string, more: object = {}) => {
      const { id } = await neon.createBranch({ name, ...more })
      await neon.enableAuth(id)
      ids.push(id)
    }
    github.setPull(11, { state: 'closed', headRef: 'fix' })
    github.setPull(18, { state: 'closed', headRef: 'develop', headKept: true })
    github.setPull(12, { state: 'open' })
    github.setPull(14, { state: 'closed', headRef: 'done' })
    github.setPull(15, { state: 'open', headRef: 'alive' })
    github.setPull(16, { state: 'closed', headRef: 'alive' })
    github.setPull(17, { state: 'closed', headRef: 'strange', headRepo: 'stranger/x' })
    for (const name of NAMES) await create(name)
    await create('pr-11', { protected: true })
    await create('theirs', {
      annotations: { 'github-pr-number': '11', 'github-commit-repo': 'other/repo' },
    })
    await create('ours', {
      annotations: { 'github-pr-number': '11', 'github-commit-repo': 'Codertocat/Hello-World' },
    })
    neon.clearRequests()
    return async () => {
      for (const id of ids) {
        neon.updateBranch(id, { protected: false })
        await neon.deleteBranch(id)
      }
    }
  }
  const disabledBranches = () =>
    [...NAMES, 'pr-11', 'theirs', 'ours'].filter(
      (name) => services.neon.branch(name).auth === 'off',
    )

  it('closes exactly the branches that only closed pull requests can own, except protected and long-lived ones', async () => {
    const clean = await createBranches()
    const { exitCode, outputs, log } = await sweep()
    expect(exitCode, log).toBe(0)
    expect(outputs).toMatchObject({ action_taken: 'swept', changed: 'true' })
    expect(disabledBranches()).toEqual(['preview/pr-11-fix', 'preview/done', 'ours'])
    services.neon.clearRequests()
    expect((await sweep()).outputs.changed).toBe('false')
    expect(writesOf(services)).toEqual([])
    await clean()
  })

  it('removes the domains of the input with `on_close: untrust`, and lists them', async () => {
    const { neon } = services
    await neon.enableAuth(BRANCH, { domains: [PREVIEW, 'https://other.example'] })
    services.github.setState(2, 'closed')
    const { outputs, log } = await sweep({ on_close: 'untrust', trusted_domains: PREVIEW })
    expect(outputs, log).toMatchObject({
      changed: 'true',
      domains_removed: JSON.stringify([PREVIEW]),
    })
    expect(neon.branch(BRANCH).trustedDomains).toEqual(['https://other.example'])
  })

  it('only lists the branches with dry_run', async () => {
    const clean = await createBranches()
    const { outputs, log } = await sweep({ dry_run: 'true', delete_data: 'true' })
    expect(outputs).toMatchObject({ action_taken: 'planned', changed: 'false' })
    expect(log).toContain('Would close preview/done: the pull request of done is closed.')
    expect(disabledBranches()).toEqual([])
    await clean()
  })

  it('continues after a branch that fails, and then fails with a list', async () => {
    const clean = await createBranches()
    services.neon.faults.add({
      match: { operationId: 'disableNeonAuth' },
      fault: { kind: 'status', status: 403, body: { code: '', message: 'no' } },
    })
    const { exitCode, annotations, outputs } = await sweep()
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(/1 of 3 branches could not be swept:\n- /)
    expect(disabledBranches()).toHaveLength(2)
    expect(outputs.changed).toBe('true')
    await clean()
  })

  it('closes nothing if it cannot read the states of the pull requests', async () => {
    const clean = await createBranches()
    services.github.forbid('pull-requests: read')
    const { exitCode, annotations } = await sweep()
    expect(exitCode).toBe(1)
    expect(annotations.error[0]).toMatch(/nothing was swept[\s\S]*pull-requests: read/)
    expect(disabledBranches()).toEqual([])
    await clean()
  })

  it('reads a hundred pull requests at a time', async () => {
    const { neon, github } = services
    const ids: string[] = []
    for (let number = 100; number < 350; number++) {
      ids.push((await neon.createBranch({ name: `preview/pr-${number}` })).id)
      github.setPull(number, { state: 'open' })
    }
    neon.clearRequests()
    const { exitCode } = await sweep()
    expect(exitCode).toBe(0)
    expect(github.requests.filter((request) => request.endsWith('/graphql'))).toHaveLength(3)
    expect(countSequentialResponses(neon.requests)).toBeLessThanOrEqual(4)
    for (const id of ids) await neon.deleteBranch(id)
  })
})
