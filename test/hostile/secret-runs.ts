import { afterAll, beforeAll, expect } from 'vitest'
import { PREVIEW } from '../preview.ts'
import type { Step } from '../runner.ts'
import { type TestServices, useServices } from '../services.ts'
import { withoutMasks } from '../without-masks.ts'
import { runnerFiles } from './files.ts'
import { fileCommandValues, maskedBy, runnerCommands } from './runner-commands.ts'
import { startTape, type Tape } from './tape.ts'

// Runs of the bundle with secrets in every place that may hold one.

/** The API key of the runs. */
export const KEY = 'napi_Very+Secret/Key=0123456789'
/** The GitHub token of the runs. */
export const TOKEN = 'ghs_local'
const QUOTED = 'first part of a secret "second part" of it, third\\part of it'
/** The variables that the settings use from the job's environment. */
export const SECRETS = {
  SMTP_PASSWORD: 'smtp!<p&ss>"w\u00f6rd"|`$`',
  GH_SECRET: QUOTED,
  E2E_PASSWORD: 'correct horse/battery+staple=',
  HOOK_TOKEN: 'hook-t0ken-in-a-url',
}

/** Settings that use all of {@link SECRETS}. */
export const SETTINGS = `
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

/** Checks that a text contains none of the secrets in any form. */
export const expectNoSecrets = (text: string, secrets: readonly string[]): void => {
  for (const form of secrets.flatMap(formsOf))
    expect(text.includes(form), `${form} in\n${text}`).toBe(false)
}

/** Inputs that use every secret. */
export const EVERYTHING = {
  settings: SETTINGS,
  trusted_domains: PREVIEW,
  comment: 'true',
  export_env: 'true',
}

/** A run, and how it ends. */
export interface SecretScenario {
  readonly name: string
  readonly action: string
  readonly inputs?: Step['inputs']
  readonly more?: Partial<Step>
  readonly exitCode: 0 | 1
  readonly arrange?: (services: TestServices) => unknown
}

const decodedRecord = (body: string): string =>
  Buffer.from(/^<!-- \S+ \S+ ([\w-]*) -->/.exec(body)?.[1] ?? '', 'base64url').toString()

/** Checks that each credential was sent only to the service that it belongs to. */
const expectOwnCredentials = (neonTape: Tape, githubTape: Tape): void => {
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
}

/** The services of a file's tests, and a function that runs a scenario and checks where its secrets went. */
interface SecretRuns {
  readonly services: TestServices
  readonly expectOnlyMasked: (scenario: SecretScenario) => Promise<void>
}

/** Starts services that record every request. Call it once per file. */
export const useSecretRuns = (): SecretRuns => {
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
  const expectOnlyMasked = async ({ action, inputs, more, exitCode, arrange }: SecretScenario) => {
    await arrange?.(services)
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

    expectOwnCredentials(neonTape, githubTape)
    for (const [name] of fileCommandValues(files.read('GITHUB_OUTPUT')))
      expect(name).toMatch(/^[a-z_]+$/)
    files.remove()
  }
  return { services, expectOnlyMasked }
}
