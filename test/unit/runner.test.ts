import { beforeEach, describe, expect, it, vi } from 'vitest'
import { readEvent } from '../../src/action/event.ts'
import { readRunnerInput, registerSecretInputs } from '../../src/action/inputs.ts'
import { fail, runnerLog } from '../../src/action/runner-log.ts'
import { keepWarnings } from '../../src/core/log.ts'
import { registerSecret } from '../../src/core/secrets.ts'
import { classifyHead } from '../../src/github/pull-request.ts'
import { eventOf, intentOf } from '../event.ts'

describe('reading an event', () => {
  it('accepts a missing payload', () => {
    expect(readEvent({})).toEqual({ name: '', repository: '', actor: '' })
  })

  it.each(['{', 'null', '7', '"closed"', '[]'])('fails if the payload is %s', (text) => {
    expect(() => eventOf(text)).toThrow(/Could not read the event payload from GITHUB_EVENT_PATH/)
  })

  it('fails if the payload file is missing', () => {
    expect(() => readEvent({ GITHUB_EVENT_PATH: '/nowhere/at/all' })).toThrow(/ENOENT/)
  })

  it.each([
    ['no number', { pull_request: {} }],
    ['a fraction as its number', { pull_request: { number: 1.5 } }],
    ['the number 0', { pull_request: { number: 0 } }],
    ['a string as its number', { pull_request: { number: '7' } }],
    ['an array as its pull request', { number: 7, pull_request: [] }],
    ['a number without a pull request', { number: 7 }],
  ])('reads no pull request from a payload with %s', (_, payload) => {
    expect(eventOf(payload).pullRequest).toBeUndefined()
  })

  it('assumes that a pull request is open and from an unknown repository by default', () => {
    expect(eventOf({ number: 7, pull_request: {} }).pullRequest).toEqual({
      number: 7,
      isSameRepository: false,
      isFork: false,
      state: 'open',
    })
  })

  it.each([
    [{ action: 'closed', pull_request: { number: 7, state: 'open' } }, 'closed'],
    [{ action: 'labeled', pull_request: { number: 7, state: 'closed' } }, 'closed'],
    [{ action: 'opened', pull_request: { number: 7, state: 'open' } }, 'open'],
  ])('reads the state of %j as %s', (payload, state) => {
    expect(eventOf(payload).pullRequest?.state).toBe(state)
  })

  it.each([
    ['the environment', { repository: { full_name: 'a/b' } }, { GITHUB_REPOSITORY: 'c/d' }, 'c/d'],
    ['the payload', { repository: { full_name: 'a/b' } }, {}, 'a/b'],
    [
      'the payload if the variable is empty',
      { repository: { full_name: 'a/b' } },
      { GITHUB_REPOSITORY: '' },
      'a/b',
    ],
  ])('reads the repository from %s', (_, payload, env, repository) => {
    expect(eventOf(payload, env).repository).toBe(repository)
  })

  it.each([
    [{ deployment: { sha: 'a' } }],
    [{ deployment_status: { state: 'success' } }],
    [{ deployment: {}, deployment_status: { state: 'success' } }],
    [{ deployment: { sha: 'a' }, deployment_status: {} }],
  ])('reads no deployment from %j', (payload) => {
    expect(eventOf(payload).deployment).toBeUndefined()
  })

  it("prefers the status's environment over the deployment's", () => {
    const status = (environment?: string) => ({
      deployment: { sha: 'a', environment: 'Old' },
      deployment_status: { state: 'success', ...(environment && { environment }) },
    })
    expect(eventOf(status('New')).deployment).toEqual({
      state: 'success',
      sha: 'a',
      environment: 'New',
      isFlaggedProduction: false,
    })
    expect(eventOf(status()).deployment?.environment).toBe('Old')
  })
})

describe('act only on branches you own: whether the head is in this repository', () => {
  const base = { id: 1, full_name: 'Acme/Shop' }

  it.each([
    [
      "the payload's base",
      { number: 7, head: { repo: base }, base: { repo: { id: 1 } } },
      { id: 2 },
    ],
    ["the payload's repository, if it has no base", { number: 7, head: { repo: base } }, { id: 1 }],
    [
      'the name in the environment, if the payload has neither',
      { number: 7, head: { repo: base } },
      undefined,
    ],
  ])('is decided by comparing the head with %s', (_, pull_request, repository) => {
    const env = { GITHUB_REPOSITORY: repository ? 'old/name' : 'acme/shop' }
    expect(eventOf({ pull_request, repository }, env).pullRequest?.isSameRepository).toBe(true)
  })

  it.each([
    ['deleted', null, base, false, true],
    ['not in the payload', undefined, base, false, false],
    ['in the payload without a name or ID', {}, base, false, false],
    ['in the payload, but the base is not', base, undefined, false, false],
    [
      'the same as the base by ID, but renamed in the meantime',
      { id: 1, full_name: 'acme/store' },
      base,
      true,
      false,
    ],
    [
      'different from the base by ID, but with the same name',
      { id: 2, full_name: 'Acme/Shop' },
      base,
      false,
      true,
    ],
    ['the same as the base by name', { full_name: 'acme/SHOP' }, base, true, false],
    ['different from the base by name', { full_name: 'stranger/shop' }, base, false, true],
    [
      'known only by ID, and the base only by name',
      { id: 1 },
      { full_name: 'Acme/Shop' },
      false,
      true,
    ],
    ['known only by name, and the base only by ID', { full_name: 'a/b' }, { id: 1 }, false, true],
    ['known only by ID, and the base not at all', { id: 1 }, {}, false, true],
  ])('is decided if the head is %s', (_, head, baseRepo, isSameRepository, isFork) => {
    expect(classifyHead(head, baseRepo)).toEqual({ isSameRepository, isFork })
  })
})

describe('an error names the missing input', () => {
  it('`mode`', async () => {
    await expect(intentOf(readEvent({}))).rejects.toThrow(/started by no known event[\s\S]*`mode`/)
    await expect(intentOf(eventOf({}, { GITHUB_EVENT_NAME: 'deployment_status' }))).rejects.toThrow(
      /With `mode: auto`[\s\S]*started by deployment_status/,
    )
  })

  it('`project_id`', async () => {
    const event = eventOf({ pull_request: { number: 7, state: 'open' } })
    await expect(intentOf(event, { project_id: '' })).rejects.toThrow(/no Neon project[\s\S]*vars/)
  })

  it('`branch`', async () => {
    await expect(intentOf(readEvent({}), { mode: 'enable' })).rejects.toThrow(
      /started by no known event[\s\S]*`branch`/,
    )
  })

  it('unless the run is a sweep or the inputs name its target', async () => {
    const noEvent = readEvent({})
    expect(await intentOf(noEvent, { mode: 'sweep' })).toEqual({
      kind: 'sweep',
      apiKey: 'napi_x',
      projectId: 'cool-sun-1',
    })
    expect(await intentOf(noEvent, { mode: 'enable', branch: 'x' })).toMatchObject({
      target: { branch: 'x' },
    })
    expect(await intentOf(noEvent, { mode: 'disable', pr_number: '7' })).toMatchObject({
      kind: 'close',
      target: { prNumber: 7 },
    })
  })
})

it('a run closes or reports on a closed pull request, but does not enable auth for it', async () => {
  const event = eventOf({ pull_request: { number: 7, state: 'closed' } })
  expect(await intentOf(event, { mode: 'disable' })).toMatchObject({ kind: 'close' })
  expect(await intentOf(event, { mode: 'status' })).toMatchObject({ kind: 'status' })
  expect(await intentOf(event, { mode: 'enable' })).toMatchObject({
    kind: 'skip',
    reason: 'pull_request_closed',
  })
})

describe('a deployment event', () => {
  const deployed = (deployment: object = {}, status: object = {}) =>
    eventOf(
      {
        repository: { full_name: 'a/b', default_branch: 'trunk' },
        deployment: { sha: 'a', environment: 'Preview', ref: 'feat', ...deployment },
        deployment_status: {
          state: 'success',
          environment_url: 'https://x.example',
          ...status,
        },
      },
      { GITHUB_EVENT_NAME: 'deployment_status' },
    )
  const url = { deployment: { url: 'https://x.example' } }

  it.each(['auto', 'enable'])(
    'determines the pull request and the URL with mode: %s',
    async (mode) => {
      expect(await intentOf(deployed(), { mode })).toMatchObject({ kind: 'enable', target: url })
      expect(await intentOf(deployed({ ref: 'refs/pull/7/merge' }), { mode })).toMatchObject({
        target: { ...url, prNumber: 7 },
      })
      expect(await intentOf(deployed(), { mode, pr_number: '8' })).toMatchObject({
        target: { ...url, prNumber: 8 },
      })
    },
  )

  it.each<[string, object, object, Record<string, string>, string]>([
    ['that is pending', {}, { state: 'pending' }, {}, 'deployment_not_successful'],
    ['to production', { environment: 'shop (live)' }, {}, {}, 'production_deployment'],
    ['flagged as production', { production_environment: true }, {}, {}, 'production_deployment'],
    [
      'to an excluded environment',
      {},
      {},
      { deployment_environments: 'Docs\n!Preview' },
      'excluded_environment',
    ],
    ['of the default branch', { ref: 'trunk' }, {}, {}, 'not_a_preview'],
  ])(
    '%s is skipped, but `mode: enable` with `pr_number` or `branch` only ignores its URL',
    async (_, deployment, status, inputs, reason) => {
      const event = deployed(deployment, status)
      for (const mode of ['auto', 'enable'])
        expect(await intentOf(event, { ...inputs, mode })).toMatchObject({ kind: 'skip', reason })
      expect(await intentOf(event, { ...inputs, pr_number: '7' })).toMatchObject({ reason })
      const withNumber = await intentOf(event, { ...inputs, mode: 'enable', pr_number: '7' })
      expect(withNumber).toMatchObject({ kind: 'enable', target: { prNumber: 7 } })
      expect(withNumber).not.toHaveProperty('target.deployment')
      const withBranch = await intentOf(event, { ...inputs, mode: 'enable', branch: 'staging' })
      expect(withBranch).toMatchObject({ kind: 'enable', target: { branch: 'staging' } })
      expect(withBranch).not.toHaveProperty('target.deployment')
    },
  )

  it('to production counts if `deployment_environments` names it', async () => {
    const inputs = { deployment_environments: 'production' }
    const event = deployed({ environment: 'Production', production_environment: true })
    expect(await intentOf(event, inputs)).toMatchObject({ kind: 'enable', target: url })
  })

  it.each(['disable', 'status', 'doctor'])(
    'only identifies the pull request with mode: %s, whatever its state',
    async (mode) => {
      for (const state of ['success', 'failure']) {
        const event = deployed({ ref: 'refs/pull/7/merge' }, { state })
        expect(await intentOf(event, { mode })).toHaveProperty('target', { prNumber: 7 })
      }
      expect(await intentOf(deployed(), { mode })).toHaveProperty('target', {})
      const explicit = await intentOf(deployed(), { mode, pr_number: '8' })
      expect(explicit).toHaveProperty('target', { prNumber: 8 })
    },
  )
})

describe('keep secrets secret: the log', () => {
  let written: string[] = []
  beforeEach(() => {
    written = []
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
  })

  it('masks a secret, but never a blank one, which would garble every line', () => {
    for (const text of ['', ' ', '\n\t']) registerSecret(text)
    expect(written).toEqual([])
    registerSecret('napi_secret')
    expect(written.join('')).toBe('::add-mask::napi_secret\n')
  })

  it.each([
    ['input', 'key-of-input', 'key-of-input'],
    ['environment, if the input is empty', '', 'key-of-env'],
  ])('masks the inputs that are secrets, with the key from the %s', (_, api_key, key) => {
    const inputs: Record<string, string> = {
      api_key,
      vercel_bypass: 'secret-of-vercel',
      github_token: 'ghs_secret',
      branch: 'preview/pr-7',
    }
    registerSecretInputs((name) => inputs[name] ?? '', { NEON_API_KEY: ' key-of-env\n' })
    const masked = ['secret-of-vercel', 'ghs_secret', key].map((text) => `::add-mask::${text}`)
    expect(written.join('').trim().split('\n').sort()).toEqual(masked.sort())
  })

  it.each(['debug', 'info', 'notice', 'warning'] as const)(
    'cannot be used to forge a workflow command through %s',
    (level) => {
      runnerLog[level]('fine\n::set-output name=a::b\n##[error]c')
      const lines = written.join('').split('\n')
      expect(lines.some((line) => line.startsWith('::set-output'))).toBe(false)
      expect(written.join('')).not.toContain('##[error]')
      expect(written.join('')).toContain('fine')
    },
  )

  it('cannot be used to forge a workflow command through an error', () => {
    fail('no\n##[command]x')
    expect(written.join('')).not.toContain('##[command]')
    expect(written.join('')).toContain('::error::no')
    process.exitCode = 0
  })

  it('prints a repeated warning once and keeps it for the summary', () => {
    const { log, warnings } = keepWarnings(runnerLog)
    for (const text of ['a', 'b', 'a']) log.warning(text)
    log.info('c')
    expect(warnings).toEqual(['a', 'b'])
    expect(written.join('').match(/::warning::a/g)).toHaveLength(1)
  })
})

describe('inputs from the runner', () => {
  it('are trimmed, except trusted_domains, where whitespace reveals an empty value', () => {
    vi.stubEnv('INPUT_BRANCH', ' preview/pr-7\n')
    vi.stubEnv('INPUT_TRUSTED_DOMAINS', '\n')
    expect(readRunnerInput('branch')).toBe('preview/pr-7')
    expect(readRunnerInput('trusted_domains')).toBe('\n')
  })
})
