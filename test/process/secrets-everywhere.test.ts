import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { runnerFiles } from '../hostile/files.ts'
import {
  EVERYTHING,
  expectNoSecrets,
  KEY,
  SECRETS,
  SETTINGS,
  type SecretScenario,
  TOKEN,
  useSecretRuns,
} from '../hostile/secret-runs.ts'
import { closeServer, listen } from '../loopback.ts'
import { BRANCH } from '../preview.ts'
import type { TestServices } from '../services.ts'
import { withoutMasks } from '../without-masks.ts'

const { services, expectOnlyMasked } = useSecretRuns()

const enableAuth = ({ neon }: TestServices) => neon.enableAuth(BRANCH)

const SCENARIOS: readonly SecretScenario[] = [
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
    arrange: async (services) => {
      await enableAuth(services)
      await services.neon.disableAuth(BRANCH)
    },
  },
  {
    name: 'a sweep',
    action: '',
    inputs: { mode: 'sweep' },
    more: { event: ['schedule'], payload: {} },
    exitCode: 0,
    arrange: async (services) => {
      await enableAuth(services)
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
    arrange: ({ github }) => github.setState(2, 'closed'),
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
]

describe('keep secrets secret: however a run ends, secrets appear only masked, debug logs included', () => {
  it.each(SCENARIOS)('$name', expectOnlyMasked)

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
