import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { messageOf } from '../../src/core/problem.ts'
import { maskWith } from '../../src/core/secrets.ts'
import { createJournal } from '../../src/report/journal.ts'
import {
  exportEnvironment,
  failureOutputs,
  OutputProblem,
  toOutputs,
  writeOutputs,
} from '../../src/report/outputs.ts'
import type { Report } from '../../src/report/report.ts'

const branch = { id: 'br-7', name: 'preview/pr-7', isDefault: false, isProtected: false }
const BASE_URL = 'https://ep-7.neonauth.test/neondb/auth'
const PREVIEW = 'https://pr-7.example.com'
const KEYS = {
  pub_client_key: 'pck_1',
  secret_server_key: 'ssk_outputs_1',
  schema_name: 'neon_auth',
}

const NO_CHANGES = {
  changed: 'false',
  domains_added: '[]',
  domains_removed: '[]',
  users: '{}',
  plan: '[]',
}

const full: Report = {
  action: 'enabled',
  branch,
  changes: [
    { change: 'trust_domain', domain: PREVIEW },
    { change: 'untrust_domains', domains: ['https://old.example.com'] },
    { change: 'create_user', email: 'a@example.com', id: 'user-1' },
  ],
  auth: {
    integration: {
      auth_provider: 'better_auth',
      auth_provider_project_id: 'ap-1',
      db_name: 'neondb',
    } as never,
    baseUrl: BASE_URL,
    jwksUrl: `${BASE_URL}/.well-known/jwks.json`,
    oauthProviders: ['google'],
    ownOauthProviders: [],
  },
  trustedDomains: [PREVIEW],
  created: KEYS as never,
  session: { user: 'e2e@example.com', storageState: '/tmp/state.json' },
  diagnosis: { verdict: 'healthy', findings: [] },
}

describe('the outputs of a run', () => {
  it('contain everything that the report knows', () => {
    expect(toOutputs(full)).toEqual({
      action_taken: 'enabled',
      changed: 'true',
      branch_id: 'br-7',
      branch_name: 'preview/pr-7',
      base_url: BASE_URL,
      jwks_url: `${BASE_URL}/.well-known/jwks.json`,
      issuer: 'https://ep-7.neonauth.test',
      database: 'neondb',
      auth_provider: 'better_auth',
      auth_provider_project_id: 'ap-1',
      ...KEYS,
      trusted_domains: JSON.stringify([PREVIEW]),
      domains_added: JSON.stringify([PREVIEW]),
      domains_removed: '["https://old.example.com"]',
      users: '{"a@example.com":"user-1"}',
      plan: expect.stringContaining(`Trust ${PREVIEW}.`),
      callback_urls: JSON.stringify({ google: `${BASE_URL}/callback/google` }),
      storage_state: '/tmp/state.json',
      session_user: 'e2e@example.com',
      verdict: 'healthy',
      findings: '[]',
    })
  })

  it('list the changes, each with its sentence', () => {
    const sentences = [
      `Trust ${PREVIEW}.`,
      'Stop trusting https://old.example.com.',
      'Create the user a@example.com, unless it already exists.',
    ]
    expect(JSON.parse(toOutputs(full).plan ?? '')).toEqual(
      full.changes.map((change, index) => ({ ...change, sentence: sentences[index] })),
    )
  })

  it('include the domains that a sweep removes', () => {
    const made = { change: 'untrust_domains', domains: ['https://old.example.com'] } as const
    const sweep = {
      change: 'sweep_branch',
      branch: branch.name,
      branch_id: branch.id,
      made,
    } as const
    const { domains_added, domains_removed } = toOutputs({ action: 'swept', changes: [sweep] })
    expect([domains_added, domains_removed]).toEqual(['[]', '["https://old.example.com"]'])
  })

  it('list the IDs of created users if Neon returned them', () => {
    const changes = [
      { change: 'create_user', email: 'a@example.com', id: 'user-1' },
      { change: 'create_user', email: 'b@example.com' },
      { change: 'delete_user', email: 'c@example.com', id: 'user-3' },
    ] as const
    expect(toOutputs({ ...full, changes }).users).toBe('{"a@example.com":"user-1"}')
  })

  it('are omitted if they are empty, except JSON', () => {
    expect(toOutputs({ action: 'kept', changes: [] })).toEqual({
      ...NO_CHANGES,
      action_taken: 'kept',
      trusted_domains: '[]',
      callback_urls: '{}',
    })
  })

  it('list what a run changed before it was skipped', () => {
    const skipped = { reason: 'pull_request_closed', why: 'it is closed' } as const
    const changes = [{ change: 'trust_domain', domain: PREVIEW }] as const
    expect(toOutputs({ action: 'skipped', changes, skipped })).toMatchObject({
      changed: 'true',
      domains_added: JSON.stringify([PREVIEW]),
    })
  })

  it('name the reason if the run was skipped', () => {
    const skipped = { reason: 'pull_request_closed', why: 'it is closed' } as const
    const outputs = toOutputs({ action: 'skipped', changes: [], skipped })
    expect(outputs.skipped_reason).toBe('pull_request_closed')
    expect(outputs.changed).toBe('false')
  })

  it('report no change after a dry run, which only lists its plan', () => {
    const outputs = toOutputs({ ...full, action: 'planned' })
    expect(outputs).toMatchObject({ changed: 'false', domains_added: '[]', domains_removed: '[]' })
    expect(JSON.parse(outputs.plan ?? '')).toHaveLength(3)
  })

  it("include a failed run's changes so far, and the keys, which Neon returns only once", () => {
    expect(failureOutputs(createJournal())).toEqual(NO_CHANGES)
    const journal = { ...createJournal(), branch, applied: [...full.changes] }
    expect(failureOutputs({ ...journal, created: KEYS as never })).toMatchObject({
      changed: 'true',
      branch_id: 'br-7',
      domains_added: JSON.stringify([PREVIEW]),
      ...KEYS,
    })
  })
})

const BASE_URL_VARIABLES = ['NEON_AUTH_BASE_URL', 'VITE_NEON_AUTH_URL', 'NEXT_PUBLIC_NEON_AUTH_URL']

// `core.exportVariable` also sets these variables in this process. Stubbing them makes Vitest restore them.
beforeEach(() => {
  for (const name of [...BASE_URL_VARIABLES, 'NEON_AUTH_JWKS_URL']) vi.stubEnv(name, undefined)
})

/** Returns the path of a file that does not exist yet, in a folder that is deleted after the test. */
const temporaryPath = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'outputs-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'file')
}

/** Creates the file that a variable of the runner names, and returns a function that reads it. */
const runnerFile = (variable: string): (() => string) => {
  const path = temporaryPath()
  writeFileSync(path, '')
  vi.stubEnv(variable, path)
  return () => readFileSync(path, 'utf8')
}

describe('the files of the runner', () => {
  it('get the outputs', () => {
    const read = runnerFile('GITHUB_OUTPUT')
    writeOutputs({ base_url: BASE_URL })
    expect(read()).toMatch(new RegExp(`^base_url<<(\\S+)\\s+${BASE_URL}\\s+\\1\\s*$`))
  })

  it("get the URLs under the names that Neon's tools read", () => {
    const read = runnerFile('GITHUB_ENV')
    exportEnvironment(full)
    for (const name of BASE_URL_VARIABLES)
      expect(read()).toMatch(new RegExp(`^${name}<<\\S+\\s+${BASE_URL}$`, 'm'))
    expect(read()).toMatch(/^NEON_AUTH_JWKS_URL<<\S+\s+\S+jwks\.json$/m)
  })

  it('get no URL if auth is off', () => {
    const read = runnerFile('GITHUB_ENV')
    exportEnvironment({ action: 'disabled', changes: [] })
    expect(read()).toBe('')
  })

  it.each<[string, () => void]>([
    ['GITHUB_OUTPUT', () => writeOutputs({ base_url: BASE_URL })],
    ['GITHUB_ENV', () => exportEnvironment(full)],
  ])(
    'fail loudly, explain fully: if %s cannot be written, the error contains the values',
    (variable, write) => {
      const path = temporaryPath()
      mkdirSync(path)
      vi.stubEnv(variable, path)
      expect(write).toThrow(OutputProblem)
      expect(write).toThrow(new RegExp(`EISDIR[\\s\\S]*${variable}[\\s\\S]*: ${BASE_URL}`))
    },
  )
})

describe('keep secrets secret: writing outputs', () => {
  it('masks the secret key in the log and in the error if the outputs cannot be written', () => {
    const masked: string[] = []
    maskWith((secret) => masked.push(secret))
    vi.stubEnv('GITHUB_OUTPUT', join(import.meta.dirname, 'missing', 'output'))
    let message = ''
    try {
      writeOutputs({ secret_server_key: 'ssk_once_only' })
    } catch (error) {
      message = messageOf(error)
    }
    expect(masked).toEqual(['ssk_once_only'])
    expect(message).toContain('secret_server_key: ***')
    expect(message).not.toContain('ssk_once_only')
  })
})
