import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runnerFiles } from '../hostile/files.ts'
import { fileCommandValues, maskedBy, runnerCommands } from '../hostile/runner-commands.ts'
import { startTape, type Tape } from '../hostile/tape.ts'
import type { FaultRule } from '../local-neon/faults.ts'
import { closeServer, listen } from '../loopback.ts'
import { BRANCH, PREVIEW } from '../preview.ts'
import type { Step } from '../runner.ts'
import { useServices } from '../services.ts'
import { withoutMasks } from '../without-masks.ts'

const KEY = 'napi_Very+Secret/Key=0123456789'
const TOKEN = 'ghs_local'
const QUOTED = 'first part of a secret "second part" of it, third\\part of it'
/** The variables that the settings use from the job's environment. */
const SECRETS = {
  SMTP_PASSWORD: 'smtp!<p&ss>"w\u00f6rd"|`$`',
  GH_SECRET: QUOTED,
  E2E_PASSWORD: 'correct horse/battery+staple=',
  HOOK_TOKEN: 'hook-t0ken-in-a-url',
}

const services = useServices({ apiKey: KEY })
let neonTape: Tape
let githubTape: Tape
beforeAll(async () => {
  neonTape = await startTape(services.neon.origin)
  githubTape = await startTape(services.github.apiUrl)
})
afterAll(async () => {
  await Promise.all([neonTape.close(), githubTape.close()])
})

const SETTINGS = `
name: Shop
email_provider: { type: standard, host: smtp.shop.example, port: 587, username: shop, password: "\${SMTP_PASSWORD}", sender_email: shop@shop.example, sender_name: Shop }
oauth_providers:
  github: { client_id: gh-id, client_secret: "\${GH_SECRET}" }
webhook: { enabled: true, webhook_url: "https://hooks.shop.example/\${HOOK_TOKEN}/x", enabled_events: [user.created] }
users:
  - { email: ada@shop.example, roles: [admin], password: "\${E2E_PASSWORD}" }
`

/** Returns the forms in which a secret may appear: whole or by line, each unchanged or encoded. */
const formsOf = (secret: string): string[] => {
  const encodings = (text: string): string[] => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    Buffer.from(text).toString('base64').replace(/=+$/, ''),
    Buffer.from(text).toString('base64url'),
    text.replace(/[^\p{L}\p{N} .,/-]/gu, (character) => `&#${character.codePointAt(0)};`),
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  ]
  return [...new Set([secret, ...secret.split('\n')].flatMap(encodings))]
}

const expectNoSecrets = (text: string, secrets: readonly string[]): void => {
  for (const form of secrets.flatMap(formsOf))
    expect(text.includes(form), `${form} in\n${text}`).toBe(false)
}

interface Scenario {
  readonly name: string
  readonly action: string
  readonly inputs?: Step['inputs']
  readonly more?: Partial<Step>
  readonly exitCode: 0 | 1
  readonly arrange?: () => unknown
}

const EVERYTHING = {
  settings: SETTINGS,
  trusted_domains: PREVIEW,
  comment: 'true',
  export_env: 'true',
}
const enableAuth = () => services.neon.enableAuth(BRANCH)
/** Returns a function that makes every request of an operation fail. */
const failing =
  (fault: FaultRule['fault'], operationId = 'createNeonAuth') =>
  () =>
    services.neon.faults.add({ match: { operationId }, times: 99, fault })
/** Returns a response that repeats every secret, as a careless server might. */
const echo = (status: number): FaultRule['fault'] => {
  const secrets = [KEY, ...Object.values(SECRETS)].join(' , ')
  return {
    kind: 'status',
    status,
    body: { code: '', message: `refused: ${secrets}`, request_id: 'r' },
  }
}
const REFUSALS = [400, 401, 403, 404, 409, 423, 429, 500, 503] as const

const SCENARIOS: readonly Scenario[] = [
  { name: 'a fresh open with everything', action: 'opened', inputs: EVERYTHING, exitCode: 0 },
  {
    name: 'inherited auth',
    action: 'synchronize',
    inputs: { ...EVERYTHING, isolate: 'true' },
    exitCode: 0,
    arrange: enableAuth,
  },
  { name: 'a dry run', action: 'opened', inputs: { ...EVERYTHING, dry_run: 'true' }, exitCode: 0 },
  {
    name: 'a close',
    action: 'closed',
    inputs: { comment: 'true' },
    exitCode: 0,
    arrange: enableAuth,
  },
  {
    name: 'a close that deletes data',
    action: 'closed',
    inputs: { delete_data: 'true', comment: 'true' },
    exitCode: 0,
    arrange: enableAuth,
  },
  {
    name: 'a leftover schema dropped over SQL',
    action: 'reopened',
    inputs: { on_orphan_schema: 'recreate' },
    exitCode: 0,
    arrange: async () => {
      await enableAuth()
      await services.neon.disableAuth(BRANCH)
    },
  },
  {
    name: 'a sweep',
    action: '',
    inputs: { mode: 'sweep' },
    more: { event: ['schedule'], payload: {} },
    exitCode: 0,
    arrange: async () => {
      await enableAuth()
      services.github.setPull(2, { state: 'closed' })
    },
  },
  {
    name: 'a status',
    action: 'opened',
    inputs: { mode: 'status' },
    exitCode: 0,
    arrange: enableAuth,
  },
  {
    name: 'a skip, because the pull request is closed',
    action: 'opened',
    inputs: EVERYTHING,
    exitCode: 0,
    arrange: () => services.github.setState(2, 'closed'),
  },
  {
    name: 'invalid inputs, including a token',
    action: 'opened',
    inputs: { ...EVERYTHING, verify: 'perhaps', github_token: `${TOKEN} ` },
    exitCode: 1,
  },
  {
    name: 'invalid settings',
    action: 'opened',
    inputs: {
      settings: `${SETTINGS}  - { email: "\${SMTP_PASSWORD}", password: "\${HOOK_TOKEN}", roles: "\${GH_SECRET}" }\n"\${E2E_PASSWORD}": "\${E2E_PASSWORD}"`,
    },
    exitCode: 1,
  },
  {
    name: 'settings that are not YAML and contain a literal secret',
    action: 'opened',
    inputs: { settings: `name: [\n  password: ${SECRETS.E2E_PASSWORD}` },
    exitCode: 1,
  },
  ...REFUSALS.map(
    (status): Scenario => ({
      name: `a ${status} that repeats every secret`,
      action: 'opened',
      inputs: { ...EVERYTHING, timeout: '3' },
      exitCode: 1,
      arrange: failing(echo(status), 'updateNeonAuthWebhookConfig'),
    }),
  ),
  {
    name: 'a mail server that repeats the password',
    action: 'opened',
    inputs: { ...EVERYTHING, settings: `${SETTINGS}test_email: qa@shop.example\n` },
    exitCode: 1,
    arrange: () =>
      services.neon.faults.add({
        match: { path: /email_provider\/test$/ },
        fault: {
          kind: 'json',
          body: {
            success: false,
            error_message: `535 no: ${SECRETS.SMTP_PASSWORD} ${'x'.repeat(440)} ${SECRETS.SMTP_PASSWORD}`,
          },
        },
      }),
  },
  {
    name: 'lost responses',
    action: 'opened',
    inputs: { ...EVERYTHING, timeout: '4' },
    exitCode: 1,
    arrange: failing('reset-before'),
  },
  {
    name: 'a response that never arrives',
    action: 'opened',
    inputs: { ...EVERYTHING, timeout: '2' },
    exitCode: 1,
    arrange: failing('hang', 'listProjectBranches'),
  },
  {
    name: 'a response of the wrong shape',
    action: 'opened',
    inputs: EVERYTHING,
    exitCode: 1,
    arrange: failing(
      { kind: 'json', body: { branches: [{ id: KEY, name: SECRETS.E2E_PASSWORD }] } },
      'listProjectBranches',
    ),
  },
]

describe('keep secrets secret: however a run ends, secrets appear only masked, debug logs included', () => {
  it.each(SCENARIOS)('$name', async ({ action, inputs, more, exitCode, arrange }) => {
    await arrange?.()
    neonTape.exchanges.length = 0
    githubTape.exchanges.length = 0
    const files = runnerFiles()
    const debug = { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true', ACTIONS_RUNNER_DEBUG: 'true' }
    const env = { GITHUB_API_URL: githubTape.origin, ...debug, ...SECRETS, ...files.env }
    const allInputs = { api_host: `${neonTape.origin}/api/v2`, github_token: TOKEN, ...inputs }
    const result = await services.run(action, allInputs, { ...more, env })
    expect(result.exitCode, result.log).toBe(exitCode)
    expect(result.log).not.toContain('Unexpected error')

    expect(result.log.split('\n')[0]).toBe(`::add-mask::${KEY}`)
    const shown = withoutMasks(result.log)
    const bodies = services.github.comments.map(({ body }) => `${body}\n${decodedRecord(body)}`)
    const written = [shown, files.readAll(), ...bodies].join('\n')
    const uris = neonTape.exchanges
      .flatMap(({ got }) => /"uri":"([^"]+)"/.exec(got)?.[1] ?? [])
      .flatMap((uri) => [uri, new URL(uri).password])
    expectNoSecrets(written, [KEY, TOKEN, ...Object.values(SECRETS), ...uris])

    // Every line of a value that was sent to Neon is masked.
    const masked = maskedBy(runnerCommands(result.log))
    for (const secret of Object.values(SECRETS)) {
      if (
        !neonTape.exchanges.some(({ sent }) => sent.includes(JSON.stringify(secret).slice(1, -1)))
      )
        continue
      for (const line of secret.split('\n')) expect(masked).toContain(line)
    }

    // Each credential is sent only to the service that it belongs to.
    for (const { url, headers, sent } of neonTape.exchanges) {
      const isApi = url.startsWith('/api/v2/')
      expect(headers['authorization']).toBe(isApi ? `Bearer ${KEY}` : undefined)
      const { authorization: _, ...others } = headers
      expect(JSON.stringify([url, others, sent])).not.toContain(KEY)
      expect(JSON.stringify([url, headers, sent])).not.toContain(TOKEN)
    }
    for (const { url, headers, sent } of githubTape.exchanges) {
      expect(headers['authorization']).toBe(`token ${TOKEN}`)
      const { authorization: _, ...others } = headers
      const request = JSON.stringify([url, others, sent])
      for (const secret of [KEY, TOKEN, ...Object.values(SECRETS)])
        expect(request).not.toContain(secret)
    }
    for (const [name] of fileCommandValues(files.read('GITHUB_OUTPUT')))
      expect(name).toMatch(/^[a-z_]+$/)
    files.remove()
  })

  const decodedRecord = (body: string): string =>
    Buffer.from(/^<!-- \S+ \S+ ([\w-]*) -->/.exec(body)?.[1] ?? '', 'base64url').toString()

  it('in the report of a bug in the action, whose stack is in the debug log', async () => {
    const files = runnerFiles()
    // No part of the action expects `Date.parse` to throw.
    const broken = `data:text/javascript,${encodeURIComponent(
      `Date.parse = () => { throw new RangeError('broken by ${KEY} and ' + process.env.SMTP_PASSWORD) }`,
    )}`
    const env = { NODE_OPTIONS: `--import=${broken}`, RUNNER_DEBUG: '1', ...SECRETS, ...files.env }
    const { exitCode, log } = await services.run('opened', EVERYTHING, { env })
    expect(exitCode, log).toBe(1)
    expect(log).toContain('::error::Unexpected error in this action: broken by ***')
    expect(log.match(/^::debug::RangeError/gm)).toHaveLength(1)
    const written = [withoutMasks(log), files.readAll()].join('\n')
    expectNoSecrets(written, [KEY, TOKEN, ...Object.values(SECRETS)])
    files.remove()
  })

  it('and no request to Neon or the auth service follows a redirect', async () => {
    const received: string[] = []
    const trap = createServer((request, response) => {
      received.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`)
      response.end('{}')
    })
    const location = `${await listen(trap)}/`
    for (const path of [/\/branches$/, /\/auth$/, /\/domains$/, /sign-up/, /sign-out/, /\/ok$/]) {
      services.neon.faults.clear()
      services.neon.clearRequests()
      services.neon.faults.add({
        match: { path },
        times: 99,
        fault: { kind: 'status', status: 307, headers: { location } },
      })
      await services.run(
        'opened',
        { ...EVERYTHING, comment: 'false', timeout: '3' },
        { env: SECRETS },
      )
      const redirected = services.neon.requests.filter(({ status }) => status === 307)
      expect(redirected.length, `${path}`).toBeGreaterThan(0)
      expect(received).toEqual([])
    }
    await closeServer(trap)
  })
})
