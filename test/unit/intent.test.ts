import { describe, expect, it } from 'vitest'
import { readInputs } from '../../src/action/inputs.ts'
import type { Intent } from '../../src/action/intent.ts'
import { Problem } from '../../src/core/problem.ts'
import { eventOf, type InputTexts, intentOf } from '../event.ts'
import { type PullRequestFields, payload, payloadWhere, REPOSITORY } from '../payloads.ts'

/** Returns what a run would do for GitHub's example of an event. */
const intentFor = async (
  [name, action, pull]: [string, string?, PullRequestFields?],
  inputs: InputTexts = {},
  env: NodeJS.ProcessEnv = {},
): Promise<Intent> => {
  const runner = {
    GITHUB_EVENT_NAME: name,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_ACTOR: 'Codertocat',
    ...env,
  }
  return intentOf(eventOf(payload(name, action, pull), runner), inputs, env)
}

const NO_KEY = { api_key: '' }

describe('the mode `auto`', () => {
  it.each(['opened', 'reopened', 'synchronize', 'labeled', 'ready_for_review'])(
    'enables for %s',
    async (action) => {
      const intent = await intentFor(['pull_request', action])
      expect(intent).toMatchObject({
        kind: 'enable',
        target: { prNumber: 2, pullRequest: { headRef: 'changes', isSameRepository: true } },
      })
    },
  )

  it('closes for `closed`, and treats pull_request_target like pull_request', async () => {
    expect(await intentFor(['pull_request', 'closed'])).toMatchObject({ kind: 'close' })
    const target = { GITHUB_EVENT_NAME: 'pull_request_target' }
    expect(await intentFor(['pull_request', 'closed'], {}, target)).toMatchObject({
      kind: 'close',
    })
    expect(await intentFor(['pull_request', 'opened'], {}, target)).toMatchObject({
      kind: 'enable',
    })
  })

  it('fails for workflow_dispatch and schedule, and asks for `mode`', async () => {
    await expect(intentFor(['workflow_dispatch'])).rejects.toThrow(
      /mode.*workflow_dispatch[\s\S]*set `mode` \(enable, disable, status, doctor, sweep\).*inputs\.pr_number/,
    )
    const scheduled = intentOf(eventOf({}, { GITHUB_EVENT_NAME: 'schedule' }))
    await expect(scheduled).rejects.toThrow(/needs only `mode: sweep`/)
  })

  it('never resurrect a closed pull request: skips enabling if the event says it is closed', async () => {
    const labeled = await intentFor(['pull_request', 'labeled', { state: 'closed' }])
    expect(labeled).toMatchObject({ kind: 'skip', reason: 'pull_request_closed' })
    const forced = await intentFor(['pull_request', 'closed'], { mode: 'enable' })
    expect(forced).toMatchObject({ kind: 'skip', reason: 'pull_request_closed' })
  })

  it("ignores the event's pull request if `pr_number` names another one", async () => {
    const other = await intentFor(['pull_request', 'opened'], { pr_number: '9' })
    expect(other).toMatchObject({ target: { prNumber: 9 } })
    expect(other).not.toHaveProperty('target.pullRequest')
  })

  it('enables auth for the pull request of `pr_number` even if the one of the event is closed', async () => {
    const inputs = { mode: 'enable', pr_number: '9' }
    expect(await intentFor(['pull_request', 'closed'], inputs)).toMatchObject({
      kind: 'enable',
      target: { prNumber: 9 },
    })
  })

  it('does nothing with `on_close: keep` if it closes, with or without a key', async () => {
    for (const inputs of [NO_KEY, {}])
      expect(await intentFor(['pull_request', 'closed'], { ...inputs, on_close: 'keep' })).toEqual({
        kind: 'keep',
      })
    expect(await intentFor(['pull_request', 'opened'], { on_close: 'keep' })).toMatchObject({
      kind: 'enable',
    })
  })
})

describe('an explicit `mode`', () => {
  it('needs `branch` or `pr_number` if the event has no pull request', async () => {
    await expect(intentFor(['push'], { mode: 'enable' })).rejects.toThrow(
      /neither `branch` nor `pr_number`/,
    )
    expect(await intentFor(['push'], { mode: 'enable', pr_number: '7' })).toMatchObject({
      kind: 'enable',
      target: { prNumber: 7 },
    })
    expect(await intentFor(['push'], { mode: 'disable', branch: 'staging' })).toMatchObject({
      kind: 'close',
      target: { branch: 'staging' },
    })
    expect(await intentFor(['push'], { mode: 'status', branch: 'main' })).toMatchObject({
      kind: 'status',
    })
  })
})

const fork = { headRepo: 'stranger/Hello-World' }

describe('a missing API key', () => {
  const DEPENDABOT = { GITHUB_ACTOR: 'dependabot[bot]' }
  const EVENTS: [string, string][] = [
    ['pull_request', 'opened'],
    ['pull_request', 'closed'],
    ['pull_request_review', 'submitted'],
    ['pull_request_review_comment', 'created'],
    ['pull_request_review_thread', 'resolved'],
  ]
  const modeFor = (name: string) => (name === 'pull_request' ? {} : { mode: 'enable' })

  it.each(EVENTS)('skips a run for a fork and says why: %s %s', async (name, action) => {
    const inputs = { ...NO_KEY, ...modeFor(name) }
    for (const pull of [fork, { headRepo: null }]) {
      expect(await intentFor([name, action, pull], inputs)).toMatchObject({
        kind: 'skip',
        reason: 'fork_without_secrets',
        why: expect.stringContaining('GitHub gives forks no secrets, so there is no Neon API key'),
      })
      await expect(
        intentFor([name, action, pull], { ...inputs, missing_key: 'fail' }),
      ).rejects.toThrow(/no Neon API key[\s\S]*comes from a fork/)
    }
  })

  it.each(EVENTS)('skips a run by Dependabot: %s %s', async (name, action) => {
    const inputs = { ...NO_KEY, ...modeFor(name) }
    expect(await intentFor([name, action], inputs, DEPENDABOT)).toMatchObject({
      kind: 'skip',
      reason: 'dependabot_without_secrets',
    })
    await expect(
      intentFor([name, action], { ...inputs, missing_key: 'fail' }, DEPENDABOT),
    ).rejects.toThrow(/no Neon API key[\s\S]*Dependabot secrets only/)
  })

  it("fails a run that a person started for Dependabot's pull request, because it has the secrets for Actions", async () => {
    const pull = { author: 'dependabot[bot]' }
    await expect(intentFor(['pull_request', 'closed', pull], NO_KEY)).rejects.toThrow(
      /no Neon API key[\s\S]*somebody else started this run, so it reads the secrets for Actions/,
    )
  })

  it('is not blamed on GitHub under pull_request_target, where forks get secrets', async () => {
    const skip = await intentFor(['pull_request', 'opened', fork], NO_KEY, {
      GITHUB_EVENT_NAME: 'pull_request_target',
    })
    expect(skip).toMatchObject({ reason: 'fork_without_secrets' })
    expect(skip).not.toMatchObject({ why: expect.stringContaining('gives forks no secrets') })
  })

  it('is explained for a called workflow, without mentioning Dependabot', async () => {
    const failing = intentFor(['pull_request', 'opened'], NO_KEY)
    await expect(failing).rejects.toThrow(/`secrets: inherit`/)
    await expect(failing).rejects.not.toThrow(/Dependabot/)
    await expect(failing).rejects.toBeInstanceOf(Problem)
  })

  it('fails every other run and says where to get a key', async () => {
    await expect(intentFor(['pull_request', 'opened'], NO_KEY)).rejects.toThrow(
      /secrets\.NEON_API_KEY/,
    )
    await expect(intentFor(['push'], { ...NO_KEY, mode: 'enable', branch: 'x' })).rejects.toThrow(
      /no Neon API key/,
    )
  })
})

describe('an API key', () => {
  it('lets a run for a fork continue', async () => {
    expect(await intentFor(['pull_request', 'opened', fork])).toMatchObject({
      kind: 'enable',
      target: { pullRequest: { isSameRepository: false } },
    })
  })

  it('is read from the environment if the input is empty, like the project', async () => {
    const env = { NEON_API_KEY: ' napi_env\n', NEON_PROJECT_ID: ' env-project\n' }
    expect(
      await intentFor(['pull_request', 'opened'], { api_key: '', project_id: '' }, env),
    ).toMatchObject({
      apiKey: 'napi_env',
      projectId: 'env-project',
    })
    await expect(intentFor(['pull_request', 'opened'], { project_id: '' })).rejects.toThrow(
      /no Neon project/,
    )
  })
})

const pullRequestCount = (example: Record<string, unknown>): number =>
  (example['workflow_run'] as { pull_requests: unknown[] }).pull_requests.length

describe('events that only mention their pull request', () => {
  const targetOf = async (name: string, example: object, inputs: InputTexts = {}) => {
    const runner = { GITHUB_EVENT_NAME: name, GITHUB_REPOSITORY: REPOSITORY }
    const intent = await intentOf(eventOf(example, runner), { mode: 'enable', ...inputs })
    return 'target' in intent ? intent.target : intent
  }
  const commentOnPull = (name: string, action: string) => {
    const example = payload(name, action)
    const issue = example['issue'] as object
    return { ...example, issue: { ...issue, number: 7, pull_request: { url: 'https://x' } } }
  }

  it.each<[string, object, number]>([
    ['issue_comment', commentOnPull('issue_comment', 'created'), 7],
    ['issues', payload('issues', 'milestoned'), 2],
    ['check_suite', payload('check_suite', 'completed'), 2],
    ['check_run', payload('check_run', 'completed'), 2],
    ['workflow_run', payloadWhere('workflow_run', (example) => pullRequestCount(example) === 1), 2],
    ['merge_group', payload('merge_group', 'checks_requested'), 104],
  ])('%s belongs to the pull request that it names', async (name, example, number) => {
    expect(await targetOf(name, example)).toEqual({ prNumber: number })
    expect(await targetOf(name, example, { pr_number: '12' })).toEqual({ prNumber: 12 })
    await expect(targetOf(name, example, { mode: 'auto' })).rejects.toThrow(
      `set \`mode\` (enable, disable, status, doctor, sweep). The event already identifies pull request #${number}`,
    )
  })

  const withSecondPull = (name: string, change: (pull: { number: number }) => object) => {
    const example = payload(name, 'completed')
    const run = example[name] as { pull_requests: { number: number }[] }
    const pulls = run.pull_requests.flatMap((pull) => [change(pull), pull])
    return { ...example, [name]: { ...run, pull_requests: pulls } }
  }

  it.each<[string, string, object, RegExp]>([
    [
      'issue_comment',
      'of a plain issue',
      payload('issue_comment', 'created'),
      /about #1, which is an issue[\s\S]*`if: github\.event\.issue\.pull_request`/,
    ],
    [
      'workflow_run',
      'of a fork',
      payloadWhere('workflow_run', (example) => pullRequestCount(example) === 0),
      /For a fork, `github\.event\.workflow_run\.pull_requests` is always empty[\s\S]*`pr_number`[\s\S]*--search \$\{\{ github\.event\.workflow_run\.head_sha \}\}`/,
    ],
    ['check_suite', 'of a push', payload('check_suite', 'requested'), /is always empty/],
    ['check_run', 'without a list', { check_run: {} }, /names no pull request/],
    [
      'check_run',
      'of an unknown repository',
      { check_run: { pull_requests: [{ number: 9, base: { repo: {} } }] } },
      /names no pull request of this repository/,
    ],
    [
      'check_suite',
      'of a commit with two pull requests',
      withSecondPull('check_suite', (pull) => ({ ...pull, number: 9 })),
      /names several pull requests: #9, #2\.[\s\S]*set `pr_number`/,
    ],
    ['merge_group', 'without a ref', { merge_group: {} }, /started by merge_group/],
    ['push', 'of a branch', payload('push'), /`branch: preview\/\$\{\{ github\.ref_name \}\}`/],
    ['workflow_dispatch', 'by hand', payload('workflow_dispatch'), /inputs\.pr_number/],
    ['schedule', 'without a payload', {}, /`mode: sweep`/],
    ['constructor', 'of no known kind', {}, /`pr_number`$/],
  ])('%s %s: the error says what to pass', async (name, _, example, message) => {
    await expect(targetOf(name, example)).rejects.toThrow(message)
    expect(await targetOf(name, example, { branch: 'x' })).toEqual({ branch: 'x' })
  })

  it('do not count repeated pull requests or those of another repository', async () => {
    const url = 'https://api.github.com/repos/upstream/Hello-World/pulls/9'
    const elsewhere = (pull: object) => ({ ...pull, number: 9, url, base: { repo: { id: 1 } } })
    expect(await targetOf('check_run', withSecondPull('check_run', elsewhere))).toEqual({
      prNumber: 2,
    })
    expect(
      await targetOf(
        'check_run',
        withSecondPull('check_run', (pull) => pull),
      ),
    ).toEqual({ prNumber: 2 })
  })

  it("find the pull request by the repository's ID after a rename", async () => {
    const pull = { number: 9, url: 'https://api.github.com/repos/old/name/pulls/9' }
    const renamed = {
      repository: { id: 1 },
      check_run: { pull_requests: [{ ...pull, base: { repo: { id: 1 } } }] },
    }
    expect(await targetOf('check_run', renamed)).toEqual({ prNumber: 9 })
  })

  it.each([0, -7, 1.5, '7', null])(
    'name no pull request with the number %j, which is not a positive integer',
    async (number) => {
      await expect(targetOf('issue_comment', { issue: { number } })).rejects.toThrow(
        /names no pull request/,
      )
      const listed = withSecondPull('check_run', (pull) => ({ ...pull, number }))
      expect(await targetOf('check_run', listed)).toEqual({ prNumber: 2 })
    },
  )

  it.each([
    ['refs/heads/gh-readonly-queue/release/1.x/pr-7-929f8209d40f77f4abc622a499c93a83babdbe64', 7],
    ['gh-readonly-queue/main/pr-7-929f8209d40f77f4abc622a499c93a83babdbe64', 7],
  ])("name the pull request in the merge queue's ref: %s", async (head_ref, prNumber) => {
    expect(await targetOf('merge_group', { merge_group: { head_ref } })).toEqual({ prNumber })
  })

  it.each(['refs/heads/pr-7-929f8209d40f77f4abc622a499c93a83babdbe64', 'main', 7, null])(
    'name no pull request in a ref that only resembles one of a merge queue: %j',
    async (head_ref) => {
      await expect(targetOf('merge_group', { merge_group: { head_ref } })).rejects.toThrow(
        /names no pull request/,
      )
    },
  )
})

describe('the head of a pull request whose git branch is gone', () => {
  it("is unknown, because Gitea and Forgejo put the pull request's ref in its place", async () => {
    const gone = await intentFor(['pull_request', 'closed', { headRef: 'refs/pull/2/head' }])
    expect(gone).toMatchObject({ target: { pullRequest: { number: 2, isSameRepository: true } } })
    expect(gone).not.toHaveProperty('target.pullRequest.headRef')
  })
})

describe('the inputs', () => {
  const read = async (inputs: InputTexts) => readInputs((name) => inputs[name] ?? '', {})

  it('are reported all at once if they are invalid, each by name', async () => {
    const bad = {
      mode: 'on',
      verify: 'yes',
      timeout: '-1',
      allow_shared_wildcards: 'maybe',
      api_host: 'http://neon',
    }
    const failure = await read(bad).catch((error: Error) => error.message)
    expect(failure).toMatch(/^5 inputs cannot be used/)
    for (const name of Object.keys(bad)) expect(failure).toContain(`\`${name}\``)
    expect(failure).toContain('auto, enable, disable, status')
  })

  it.each([
    'http://console.neon.tech/api/v2',
    'https://user:pw@neon.example',
    'ftp://x',
    'neon',
    'https://x.example/?a',
    'https://x.example/api/v2?',
    'https://x.example/api/v2#',
  ])('refuse api_host %s, because the action sends the key there', async (api_host) => {
    await expect(read({ api_host })).rejects.toThrow(/api_host/)
  })

  it('have defaults, and valid values are read', async () => {
    expect(
      await read({ trusted_domains: 'A.example\nb.example/', allow_localhost: 'FALSE' }),
    ).toMatchObject({
      mode: 'auto',
      timeout: 180,
      verify: true,
      allowLocalhost: false,
      trustedDomains: 'A.example\nb.example/',
      allowSharedWildcards: false,
      apiHost: 'https://console.neon.tech/api/v2',
    })
    expect(await read({ api_host: 'http://127.0.0.1:4444/api/v2/' })).toMatchObject({
      apiHost: 'http://127.0.0.1:4444/api/v2',
    })
  })

  it.each<[InputTexts, object]>([
    [{ pr_number: '0' }, { prNumber: undefined }],
    [{ pr_number: '00' }, { prNumber: undefined }],
    [{ pr_number: '10' }, { prNumber: 10 }],
    [{ pr_number: '07' }, { prNumber: 7 }],
    [{ timeout: '1' }, { timeout: 1 }],
    [{ timeout: '21600' }, { timeout: 21_600 }],
    [{ api_host: 'https://neon.example/api//' }, { apiHost: 'https://neon.example/api' }],
    [{ deployment_environments: 'Wow!' }, { deploymentEnvironments: ['Wow!'] }],
    [
      { vercel_bypass: 'secret-1', github_token: 'ghs_1', database: 'shop', settings: 'a: 1' },
      { vercelBypass: 'secret-1', githubToken: 'ghs_1', database: 'shop', settings: 'a: 1' },
    ],
    [
      { vercel_bypass: '', github_token: '', database: '', settings: '' },
      {
        vercelBypass: undefined,
        githubToken: undefined,
        database: undefined,
        settings: undefined,
      },
    ],
    [{ e2e_session: 'True' }, { e2eSession: true }],
    [{ e2e_session: 'FALSE' }, { e2eSession: undefined }],
    [{ e2e_session: 'false@shop.example' }, { e2eSession: 'false@shop.example' }],
    [{ e2e_session: 'ada@true' }, { e2eSession: 'ada@true' }],
  ])('read %j as %j', async (inputs, expected) => {
    const values: object = await read(inputs)
    for (const [name, value] of Object.entries(expected))
      expect(values[name as keyof typeof values]).toEqual(value)
  })

  it.each<[InputTexts]>([
    [{ verify: 'untrue' }],
    [{ verify: 'true!' }],
    [{ verify: 'nofalse' }],
    [{ verify: 'falsey' }],
    [{ e2e_session: 'untrue' }],
    [{ e2e_session: 'truely' }],
    [{ e2e_session: 'nofalse' }],
    [{ e2e_session: 'falsey' }],
    [{ e2e_session: 'Ada ada@shop.example' }],
    [{ e2e_session: 'ada@shop.example, eve@shop.example' }],
    [{ timeout: '0' }],
    [{ timeout: '21601' }],
    [{ vercel_bypass: 'two words' }],
    [{ deployment_environments: 'Preview\n! ' }],
  ])('refuse %j', async (inputs) => {
    const [name] = Object.keys(inputs)
    await expect(read(inputs)).rejects.toThrow(`Cannot use \`${name}\`: `)
  })

  it.each(['-1', '1.5', 'seven', '#7', '2147483648'])('refuse pr_number %j', async (pr_number) => {
    await expect(read({ pr_number })).rejects.toThrow(/`pr_number`/)
  })

  it.each([
    ['api_key', 'NEON_API_KEY', 'napi key'],
    ['project_id', 'NEON_PROJECT_ID', 'a/b'],
  ])('name %s or %s, whichever has the invalid value', async (name, variable, value) => {
    const readWith = async (inputs: InputTexts) =>
      readInputs((input) => inputs[input] ?? '', { [variable]: value })
    await expect(readWith({})).rejects.toThrow(`Cannot use \`${variable}\`: `)
    await expect(readWith({ [name]: value })).rejects.toThrow(`Cannot use \`${name}\`: `)
  })

  it.each(['../users/me', 'cool-sun-1/../../users/me', 'cool-sun-1?a'])(
    'refuse an ID that could change the path of a request: %s',
    async (project_id) => {
      await expect(read({ project_id })).rejects.toThrow(/not a Neon ID/)
    },
  )
})
