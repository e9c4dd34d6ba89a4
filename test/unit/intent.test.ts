import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readEvent } from '../../src/action/event.ts'
import { type InputName, readInputs } from '../../src/action/inputs.ts'
import { decideIntent, type Intent } from '../../src/action/intent.ts'
import { type Bend, payload, REPOSITORY } from '../payloads.ts'

const folder = mkdtempSync(join(tmpdir(), 'event-'))

type Given = Partial<Record<InputName, string>>
const KEYS: Given = { api_key: 'napi_x', project_id: 'cool-sun-1' }

const intentOf = async (
  [name, action, bend]: [string, string?, Bend?],
  inputs: Given = {},
  env: NodeJS.ProcessEnv = {},
): Promise<Intent> => {
  const path = join(folder, 'event.json')
  writeFileSync(path, JSON.stringify(payload(name, action, bend)))
  const event = readEvent({
    GITHUB_EVENT_NAME: name.replace(/^pull_request$/, env['AS'] ?? 'pull_request'),
    GITHUB_EVENT_PATH: path,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_ACTOR: 'Codertocat',
    ...env,
  })
  const given = { ...KEYS, ...inputs }
  return decideIntent(event, await readInputs((input) => given[input] ?? '', env))
}

const NO_KEY = { api_key: '' }

describe('events: what `auto` means', () => {
  it.each(['opened', 'reopened', 'synchronize', 'labeled', 'ready_for_review'])(
    '%s enables',
    async (action) => {
      const intent = await intentOf(['pull_request', action])
      expect(intent).toMatchObject({
        kind: 'enable',
        target: { prNumber: 2, pullRequest: { headRef: 'changes', sameRepository: true } },
      })
    },
  )

  it('closed closes, under pull_request_target too', async () => {
    expect(await intentOf(['pull_request', 'closed'])).toMatchObject({ kind: 'close' })
    const target = { AS: 'pull_request_target' }
    expect(await intentOf(['pull_request', 'closed'], {}, target)).toMatchObject({ kind: 'close' })
    expect(await intentOf(['pull_request', 'opened'], {}, target)).toMatchObject({ kind: 'enable' })
  })

  it('any other event needs a mode', async () => {
    await expect(intentOf(['workflow_dispatch'])).rejects.toThrow(
      /mode.*workflow_dispatch[\s\S]*set `mode`/,
    )
    await expect(intentOf(['push'], { mode: 'enable' })).rejects.toThrow(
      /neither `branch` nor `pr_number`/,
    )
    expect(await intentOf(['push'], { mode: 'enable', pr_number: '7' })).toMatchObject({
      kind: 'enable',
      target: { prNumber: 7 },
    })
    expect(await intentOf(['push'], { mode: 'disable', branch: 'staging' })).toMatchObject({
      kind: 'close',
      target: { branch: 'staging' },
    })
    expect(await intentOf(['push'], { mode: 'status', branch: 'main' })).toMatchObject({
      kind: 'status',
    })
  })

  it('never resurrects: an enabling run for a pull request that the event says is closed is skipped', async () => {
    const late = await intentOf(['pull_request', 'labeled', { state: 'closed' }])
    expect(late).toMatchObject({ kind: 'skip', reason: 'pull_request_closed' })
    const byHand = await intentOf(['pull_request', 'closed'], { mode: 'enable' })
    expect(byHand).toMatchObject({ kind: 'skip', reason: 'pull_request_closed' })
  })

  it("takes another number's pull request from GitHub, not from the event", async () => {
    const other = await intentOf(['pull_request', 'opened'], { pr_number: '9' })
    expect(other).toMatchObject({ target: { prNumber: 9 } })
    expect(other).not.toHaveProperty('target.pullRequest')
  })

  it('keep does nothing, key or no key', async () => {
    expect(await intentOf(['pull_request', 'closed'], { ...NO_KEY, on_close: 'keep' })).toEqual({
      kind: 'keep',
    })
  })
})

describe('missing key', () => {
  const fork = { headRepo: 'stranger/Hello-World' }

  it.each([
    ['a fork', fork, 'fork_without_secrets'],
    ['a fork that was deleted', { headRepo: null }, 'fork_without_secrets'],
    ['Dependabot', { author: 'dependabot[bot]' }, 'dependabot_without_secrets'],
  ])('%s is skipped with its reason', async (_, bend, reason) => {
    expect(await intentOf(['pull_request', 'opened', bend], NO_KEY)).toMatchObject({
      kind: 'skip',
      reason,
    })
    expect(await intentOf(['pull_request', 'closed', bend], NO_KEY)).toMatchObject({
      kind: 'skip',
      reason,
    })
    await expect(
      intentOf(['pull_request', 'opened', bend], { ...NO_KEY, missing_key: 'fail' }),
    ).rejects.toThrow(/no Neon API key/)
  })

  it("is Dependabot's too when Dependabot started the run on somebody's pull request", async () => {
    const actor = { GITHUB_ACTOR: 'dependabot[bot]' }
    expect(await intentOf(['pull_request', 'synchronize'], NO_KEY, actor)).toMatchObject({
      reason: 'dependabot_without_secrets',
    })
  })

  it('fails on every other event, and says where keys come from', async () => {
    await expect(intentOf(['pull_request', 'opened'], NO_KEY)).rejects.toThrow(
      /secrets\.NEON_API_KEY/,
    )
    await expect(intentOf(['push'], { ...NO_KEY, mode: 'enable', branch: 'x' })).rejects.toThrow(
      /no Neon API key/,
    )
  })

  it('acts where a fork has a key', async () => {
    expect(await intentOf(['pull_request', 'opened', fork])).toMatchObject({
      kind: 'enable',
      target: { pullRequest: { sameRepository: false } },
    })
  })

  it('falls back to the environment', async () => {
    const env = { NEON_API_KEY: ' napi_env\n', NEON_PROJECT_ID: 'env-project' }
    expect(
      await intentOf(['pull_request', 'opened'], { api_key: '', project_id: '' }, env),
    ).toMatchObject({
      apiKey: 'napi_env',
      projectId: 'env-project',
    })
    await expect(intentOf(['pull_request', 'opened'], { project_id: '' })).rejects.toThrow(
      /no Neon project/,
    )
  })
})

describe('bad inputs', () => {
  const inputs = (given: Given) => readInputs((name) => given[name] ?? '', {})

  it('are told all at once, each with its name and what is allowed', async () => {
    const bad = {
      mode: 'on',
      verify: 'yes',
      timeout: '-1',
      allow_shared_wildcards: 'maybe',
      api_host: 'http://neon',
    }
    const failure = await inputs(bad).catch((error: Error) => error.message)
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
  ])('api_host %s is refused: the key is sent there', async (api_host) => {
    await expect(inputs({ api_host })).rejects.toThrow(/api_host/)
  })

  it('reads what is right, with the defaults of action.yml', async () => {
    expect(
      await inputs({ trusted_domains: 'A.example\nb.example/', allow_localhost: 'FALSE' }),
    ).toMatchObject({
      mode: 'auto',
      timeout: 180,
      verify: true,
      allowLocalhost: false,
      trustedDomains: 'A.example\nb.example/',
      allowSharedWildcards: false,
      apiHost: 'https://console.neon.tech/api/v2',
    })
    expect(await inputs({ api_host: 'http://127.0.0.1:4444/api/v2/' })).toMatchObject({
      apiHost: 'http://127.0.0.1:4444/api/v2',
    })
  })

  it('an id that could leave its place in a path is refused', async () => {
    await expect(inputs({ project_id: '../users/me' })).rejects.toThrow(/no Neon id/)
  })
})
