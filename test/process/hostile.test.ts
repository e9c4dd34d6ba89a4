import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { InputName } from '../../src/action/inputs.ts'
import { OUTPUT_NAMES } from '../../src/report/output-names.ts'
import { runnerFiles } from '../hostile/files.ts'
import { PACKED } from '../hostile/payloads.ts'
import { render } from '../hostile/rendered.ts'
import { fileCommandValues, runnerCommands } from '../hostile/runner-commands.ts'
import { closeServer, listen } from '../loopback.ts'
import { HEAD_SHA } from '../payloads.ts'
import { BRANCH, PASSWORD, PREVIEW } from '../preview.ts'
import type { Step } from '../runner.ts'
import { useServices } from '../services.ts'

const services = useServices()
const EXPORTED = [
  'NEON_AUTH_BASE_URL',
  'NEON_AUTH_JWKS_URL',
  'NEXT_PUBLIC_NEON_AUTH_URL',
  'VITE_NEON_AUTH_URL',
]

type Overrides = Parameters<typeof services.run>[2]

/** A secret written directly in the settings instead of in a variable. It is masked too. */
const INLINE_SECRET = 'a-secret-in-the-settings'

/** Runs a step and checks that text from outside stays text in everything it writes. */
const runChecked = async (
  action: string,
  inputs: Step['inputs'] = {},
  overrides: Overrides = {},
) => {
  const files = runnerFiles()
  const env = { ...overrides?.env, ...files.env }
  const result = await services.run(
    action,
    { export_env: 'true', timeout: '10', ...inputs },
    { ...overrides, env },
  )
  const commands = runnerCommands(result.log)
  for (const { name } of commands)
    expect(['add-mask', 'debug', 'error', 'notice', 'warning']).toContain(name)
  for (const { name, data } of commands) {
    if (name === 'add-mask')
      expect([
        'napi_local',
        'ghs_local',
        INLINE_SECRET,
        ...Object.values(overrides?.env ?? {}),
      ]).toContain(data)
    else expect(data).not.toMatch(/^(forged|z$|e$)/)
  }
  expect(result.log.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
  expect(result.log).not.toContain('Unexpected error')
  const outputs = new Map(fileCommandValues(files.read('GITHUB_OUTPUT')))
  for (const name of outputs.keys()) expect(OUTPUT_NAMES).toContain(name)
  for (const name of ['base_url', 'jwks_url'])
    if (outputs.has(name)) expect(outputs.get(name)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\S+$/)
  for (const [name] of fileCommandValues(files.read('GITHUB_ENV'))) expect(EXPORTED).toContain(name)
  expect(files.read('GITHUB_STATE') + files.read('GITHUB_PATH')).toBe('')
  const summary = files.read('GITHUB_STEP_SUMMARY')
  const trusted = JSON.parse(outputs.get('trusted_domains') ?? '[]') as string[]
  const { foreign, pings } = render(summary, trusted)
  expect({ foreign, pings }).toEqual({ foreign: [], pings: [] })
  files.remove()
  return { ...result, outputs, summary, commands }
}

describe.each(PACKED)('keep secrets secret: text from outside stays text: %j', (text) => {
  it('in names and URLs, in a run that succeeds', async () => {
    const { neon, github } = services
    const branch = await neon.createBranch({ name: `preview/${text}` })
    await neon.enableAuth(branch.id, { domains: [`https://x.example/${text}`] })
    github.deploy(HEAD_SHA, text, ['success'], 'https://one.shop.example')
    github.deploy(HEAD_SHA, `${text} too`, ['success'], `https://u:p@h/${text}`)
    github.deploy(HEAD_SHA, 'third', ['success'], text)
    const settings = JSON.stringify({
      name: text.slice(0, 200).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' '),
      oauth_providers: { github: { client_id: 'an-id', client_secret: INLINE_SECRET } },
    })
    const { exitCode, log, outputs } = await runChecked(
      'opened',
      {
        branch: branch.id,
        discover_domains: 'true',
        comment: 'true',
        settings,
      },
      { env: { RUNNER_DEBUG: '1' } },
    )
    expect(exitCode, log).toBe(0)
    expect(outputs.get('action_taken')).toBe('updated')
    expect(outputs.get('branch_name')).toBe(`preview/${text}`.replace(/\r\n?/g, '\n'))
    expect(JSON.parse(outputs.get('plan') ?? '')).not.toEqual([])
    expect(JSON.parse(outputs.get('trusted_domains') ?? '')).toContain(`https://x.example/${text}`)
    const [comment, ...others] = github.comments
    expect(others).toEqual([])
    const body = comment?.body ?? ''
    expect(body.split('-->')).toHaveLength(2)
    const { foreign, pings } = render(body.slice(body.indexOf('\n') + 1), [
      'https://one.shop.example',
    ])
    // Besides the preview's, the only link is our own.
    expect(
      foreign.map((tag) =>
        tag.replace(
          /href="https:\/\/console\.neon\.tech\/app\/projects\/[\w-]+\/branches\/[\w-]+"/,
          'ours',
        ),
      ),
    ).toEqual(['<a ours>', '</a>'])
    expect(pings).toEqual([])
    await neon.deleteBranch(branch.id)
  })

  it("in Neon's message, code, and request ID, wherever they are printed", async () => {
    const body = { code: text, message: text, request_id: text }
    for (const operationId of ['listProjectBranches', 'getNeonAuth', 'createNeonAuth']) {
      services.neon.faults.clear()
      services.neon.faults.add({
        match: { operationId },
        times: 9,
        fault: { kind: 'status', status: 400, body },
      })
      const { exitCode, commands } = await runChecked('opened')
      expect(exitCode).toBe(1)
      expect(commands.filter(({ name }) => name === 'error')).toHaveLength(1)
    }
  })

  it('in the messages of the auth service and of GitHub', async () => {
    const { neon } = services
    const github = createServer((_, response) => {
      response.writeHead(403, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ message: text }))
    })
    const apiUrl = await listen(github)
    neon.faults.add({
      match: { path: /sign-up/ },
      fault: { kind: 'status', status: 400, body: { code: text, message: text } },
    })
    const settings = 'users: [{ email: ada@shop.example, password: "${PASSWORD}" }]'
    const { exitCode, log } = await runChecked(
      'opened',
      { settings, trusted_domains: PREVIEW, comment: 'true', discover_domains: 'true' },
      {
        env: { GITHUB_API_URL: apiUrl, PASSWORD },
      },
    )
    expect(exitCode, log).toBe(1)
    expect(log).toMatch(/Could not sign up/)
    await closeServer(github)
  })

  it('in head refs, authors, and inputs', async () => {
    const unknown = await runChecked(
      'opened',
      { timeout: '1' },
      { pull: { number: 404, headRef: text, author: text } },
    )
    expect(unknown.exitCode).toBe(1)
    const names: InputName[] = [
      'mode',
      'trusted_domains',
      'api_host',
      'project_id',
      'pr_number',
      'timeout',
      'on_close',
    ]
    const refused = await runChecked(
      'opened',
      Object.fromEntries(names.map((name) => [name, text])),
    )
    expect(refused.exitCode).toBe(1)
    expect((await runChecked('opened', { database: text })).exitCode).toBe(1)
    expect((await runChecked('opened', { settings: `"${text}": [` })).exitCode).toBe(1)
    const closed = await runChecked('closed', { branch: text })
    expect(closed.outputs.get('action_taken')).toBe('already_gone')
  })

  it('in the state, the environment, and the URL of a deployment', async () => {
    services.github.setPull(2, { headSha: HEAD_SHA })
    const deployment = { sha: HEAD_SHA, environment: text }
    const event = ['deployment_status'] as [string]
    const unsuccessful = {
      deployment,
      deployment_status: { state: text, environment: text, environment_url: text },
    }
    const skipped = await runChecked('', {}, { event, payload: unsuccessful })
    expect(skipped.outputs.get('skipped_reason')).toBe('deployment_not_successful')
    const successful = {
      deployment,
      deployment_status: { ...unsuccessful.deployment_status, state: 'success' },
    }
    const { exitCode, log, outputs } = await runChecked('', {}, { event, payload: successful })
    expect(exitCode, log).toBe(0)
    expect(outputs.get('action_taken')).toBe('enabled')
    expect(services.neon.branch(BRANCH).trustedDomains).toEqual([])
  })
})
