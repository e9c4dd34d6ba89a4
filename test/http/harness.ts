import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nock from 'nock'
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import type { InputName } from '../../src/action/inputs.ts'
import { messageOf } from '../../src/core/problem.ts'
import { type ChangeJournal, createJournal } from '../../src/report/journal.ts'
import type { Report } from '../../src/report/report.ts'
import { run } from '../../src/run.ts'
import { type PullRequestFields, payload, REPOSITORY } from '../payloads.ts'
import { shortenWaits } from '../shorten-waits.ts'
import { shareTlsContext } from './shared-tls.ts'

const API = 'https://console.neon.tech'
/** The ID of the branch that {@link branch} returns by default. */
export const BRANCH_ID = 'br-cool-sun-1234'
/** The URL of the preview of pull request 2. */
export const PREVIEW = 'https://pr-2.example.com'
const AUTH_HOST = 'https://ep-cool-sun.neonauth.test'
export const BASE_URL = `${AUTH_HOST}/neondb/auth`
const BRANCHES = '/api/v2/projects/p1/branches'
const AUTH = `${BRANCHES}/${BRANCH_ID}/auth`

/**
 * The requests that reached a mock of `neon` or `service`, in order: `POST /auth/domains {"domain":…}`. Omits
 * those whose connection was reset.
 */
export let requests: string[] = []
let unmatched: string[] = []
/** The requests that sent the API key to the wrong host, or no key to the API. */
let misplacedKeys: string[] = []
/** The folder for the event's payload. */
let folder = ''

/** Fails the test at its end, because it sent a request that nothing mocks. */
export const recordUnmatched = ({ method, url }: Pick<Request, 'method' | 'url'>): void => {
  // nock answers such a request with a 501, which a test could mistake for Neon's.
  unmatched.push(`${method} ${url}`)
}

/**
 * Blocks the network, shortens waits, and fails each test that sends an unmocked request or leaves a required
 * mock unused. `share` is the part of each wait that really passes. Call it once per file.
 */
export const useNock = (share?: number): void => {
  shortenWaits(share)
  shareTlsContext()
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'http-'))
    if (!nock.isActive()) nock.activate()
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
    // The next test file of this process may start servers.
    nock.restore()
  })
  beforeEach(() => {
    requests = []
    unmatched = []
    misplacedKeys = []
    nock.disableNetConnect()
    nock.emitter.on('no match', recordUnmatched)
    mockBranchReads()
    mockControlRefusal()
    vi.spyOn(Math, 'random').mockReturnValue(0)
    vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  })
  afterEach(() => {
    const pending = nock.pendingMocks()
    nock.abortPendingRequests()
    nock.cleanAll()
    nock.emitter.off('no match', recordUnmatched)
    nock.enableNetConnect()
    expect(unmatched).toEqual([])
    expect(misplacedKeys).toEqual([])
    expect(pending).toEqual([])
  })
}

const shortPath = (path: string): string =>
  path.replace(AUTH, '/auth').replace(BRANCHES, '/branches').replace('/neondb/auth', '')

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
export type Reply = [status: number, body?: unknown, headers?: Record<string, string>] | 'reset'

/** Fails the test at its end unless the API, and no other host, got the key. */
const recordMisplacedKey = (host: string, { headers, method, url }: Request): void => {
  const isAsExpected =
    host === API
      ? headers.get('authorization') === 'Bearer napi_secret'
      : !JSON.stringify([...headers]).includes('napi_secret')
  if (!isAsExpected) misplacedKeys.push(`${method} ${url}`)
}

/** Returns whether an origin is the untrusted one that verification uses as a control. */
const isControl = (origin: string | null): boolean => origin?.endsWith('.invalid') ?? false

/** Makes a mock of sign-out ignore the untrusted origin, which has its own mock. */
const withoutControl = (path: string): nock.Options =>
  path.endsWith('/sign-out')
    ? { reqheaders: { origin: (origin: string | null) => !isControl(origin) } }
    : {}

let acceptsEveryOrigin = false

/** Makes the auth service accept even the untrusted origin. */
export const mockAcceptingEveryOrigin = (): void => {
  acceptsEveryOrigin = true
}

/** Makes the auth service refuse the untrusted origin, any number of times. */
const mockControlRefusal = (): void => {
  acceptsEveryOrigin = false
  nock(AUTH_HOST, { reqheaders: { origin: isControl } })
    .persist()
    .post('/neondb/auth/sign-out')
    .optionally()
    .reply(() =>
      acceptsEveryOrigin ? [200, {}] : [403, { code: 'INVALID_ORIGIN', message: 'Invalid origin' }],
    )
}

const mockReplies = (
  host: string,
  method: Method,
  path: string,
  replies: Reply[],
  always = false,
): void => {
  for (const reply of replies) {
    const interceptor = nock(host, withoutControl(path)).persist(always)[method](path)
    if (path.endsWith('/branches')) interceptor.query(true)
    if (reply === 'reset') {
      interceptor.replyWithError(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))
      continue
    }
    const [status, body = '', headers = {}] = reply
    interceptor.reply(async (request: Request) => {
      recordMisplacedKey(host, request)
      const requestBody = await request.text()
      requests.push(`${method.toUpperCase()} ${shortPath(path)} ${requestBody}`.trim())
      // A function changes something while the request is in progress. The reply is then an error.
      if (typeof body === 'function') {
        body()
        return [status, JSON.stringify(error('not now')), headers] as const
      }
      return [status, typeof body === 'string' ? body : JSON.stringify(body), headers] as const
    })
  }
}

const longPath = (path: string): string =>
  path
    .replace(/^\/auth/, AUTH)
    .replace(/^\/branches\/(databases|endpoints)/, `${BRANCHES}/${BRANCH_ID}/$1`)
    .replace(/^\/branches$/, BRANCHES)

/** Mocks the Neon API: one reply per request, in order. `path` is short, as in {@link requests}, or complete. */
export const neon = (method: Method, path: string, ...replies: Reply[]): void =>
  mockReplies(API, method, longPath(path), replies)

/** Mocks the Neon API with the same reply for every request from now on. */
export const neonAlways = (method: Method, path: string, reply: Reply): void =>
  mockReplies(API, method, longPath(path), [reply], true)

/** Mocks the list of branches for any number of requests, including none. */
export const mockBranchList = (...branches: unknown[]): void => {
  nock(API)
    .persist()
    .get(BRANCHES)
    .query(true)
    .optionally()
    .reply(200, listing(...branches)[1] as object)
}

/** Mocks one read of the list of branches, which contains only this branch. See {@link branch}. */
export const mockBranch = (more?: Record<string, unknown>): void =>
  neon('get', '/branches', listing(branch(more)))

/** Mocks the auth service: one reply per request, in order. */
export const service = (method: Method, path: string, ...replies: Reply[]): void =>
  mockReplies(AUTH_HOST, method, `/neondb/auth${path}`, replies)

/** Mocks the auth service with the same reply for every request from now on. */
export const serviceAlways = (method: Method, path: string, reply: Reply): void =>
  mockReplies(AUTH_HOST, method, `/neondb/auth${path}`, [reply], true)

/** Mocks one read of pull request 2 at GitHub: its state, or an error. `more` has its other fields. */
export const github = (
  state: 'open' | 'closed' | 403 | 502,
  more: object = { head: { ref: 'changes', repo: { id: 1 } }, base: { repo: { id: 1 } } },
): void => {
  const refused = { message: 'Resource not accessible by integration' }
  const isError = typeof state === 'number'
  nock('https://api.github.com')
    .get(`/repos/${REPOSITORY}/pulls/2`)
    .reply(isError ? state : 200, isError ? refused : { state, ...more })
}

/** The branches of this test, as reads by ID return them. */
const branches = new Map<string, object>()

/** How often each branch was read by its ID. */
export const branchReads = new Map<string, number>()

/** Returns a branch as Neon lists it, an hour old. From now on it can also be read by its ID. */
export const branch = (more: Record<string, unknown> = {}) => {
  const listed = {
    id: BRANCH_ID,
    name: 'preview/pr-2',
    default: false,
    protected: false,
    current_state: 'ready',
    created_at: new Date(Date.now() - 3_600_000).toISOString(),
    ...more,
  }
  branches.set(listed.id, listed)
  return listed
}

/** Changes a branch in reads by ID from now on, but not in the list. `undefined` deletes it. */
export const changeBranch = (more: object | undefined, id = BRANCH_ID): void => {
  if (more === undefined) branches.delete(id)
  else branches.set(id, { ...branches.get(id), ...more })
}

const mockBranchReads = (): void => {
  branches.clear()
  branchReads.clear()
  nock(API)
    .persist()
    .get(/^\/api\/v2\/projects\/p1\/branches\/[\w-]+$/)
    .optionally()
    .reply((request: Request) => {
      const id = new URL(request.url).pathname.split('/').at(-1) ?? ''
      branchReads.set(id, (branchReads.get(id) ?? 0) + 1)
      const branch = branches.get(id)
      return [branch ? 200 : 404, branch ? { branch } : error('branch not found')] as const
    })
}

/** Returns the reply to a request for the list of branches. */
export const listing = (...branches: unknown[]): [number, unknown] => [
  200,
  { branches, annotations: {}, pagination: {} },
]

/** Returns the response body of `GET /auth` if auth is on. */
export const integration = (more: Record<string, unknown> = {}) => ({
  auth_provider: 'better_auth',
  auth_provider_project_id: 'ap-1',
  branch_id: BRANCH_ID,
  db_name: 'neondb',
  created_at: '2026-11-23T10:00:00Z',
  owned_by: 'neon',
  jwks_url: `${BASE_URL}/.well-known/jwks.json`,
  base_url: BASE_URL,
  ...more,
})

/** Returns the response body of the request that enables auth. */
export const created = (more: Record<string, unknown> = {}) => ({
  auth_provider: 'better_auth',
  auth_provider_project_id: 'ap-1',
  pub_client_key: '',
  secret_server_key: '',
  jwks_url: `${BASE_URL}/.well-known/jwks.json`,
  schema_name: 'neon_auth',
  table_name: 'users_sync',
  base_url: BASE_URL,
  ...more,
})

/** Returns the body of an error from Neon. */
export const error = (message: string, code = '') => ({ request_id: 'req-77', code, message })

/** Returns the reply to a request for the trusted domains. */
export const domains = (...names: string[]): [number, unknown] => [
  200,
  { domains: names.map((domain) => ({ domain, auth_provider: 'better_auth' })) },
]

/** Mocks one read of the settings. */
export const mockSettings = (plugins: object = {}, webhook: object = { enabled: false }): void => {
  neon('get', '/auth/plugins', [200, plugins])
  neon('get', '/auth/webhooks', [200, webhook])
}

/** Mocks one read of a branch whose auth is on. */
export const mockAuthOn = (...names: string[]): void => {
  neon('get', '/auth', [200, integration()])
  neon('get', '/auth/domains', domains(...names))
  mockSettings()
}

/** Mocks one read of a branch whose auth is off. */
export const mockAuthOff = (): void => {
  const off = error('Neon Auth is not enabled for this branch')
  neon('get', '/auth', [404, off])
  neon('get', '/auth/domains', [404, off])
  neon('get', '/auth/plugins', [404, off])
  neon('get', '/auth/webhooks', [404, off])
}

/** Mocks an auth service that responds, has a key, and accepts the origin of each of `probes` probes. */
export const mockHealthyService = (probes = 0): void => {
  service('get', '/ok', [200, { ok: true }])
  service('get', '/.well-known/jwks.json', [200, { keys: [{ kid: '1' }] }])
  for (let probe = 0; probe < probes; probe++)
    service('post', '/sign-out', [200, { success: true }])
}

export interface RunResult {
  readonly report?: Report
  /** The error message, or `''` if the run succeeded. */
  readonly failure: string
  readonly log: string
  readonly journal: ChangeJournal
}

let stop = new AbortController()

/** Cancels the run in progress, as GitHub does with SIGTERM. */
export const cancelRun = (): void => stop.abort('SIGTERM')

/**
 * Runs the action in this process for an event. `inputs` override working defaults. `more` overrides fields
 * of the payload that `PullRequestFields` does not have. `env` overrides the environment.
 */
export const runAction = async (
  event: [name: string, action?: string, pull?: PullRequestFields],
  inputs: Partial<Record<InputName, string>> = {},
  more: object = {},
  env: Record<string, string> = {},
): Promise<RunResult> => {
  const path = join(folder, 'event.json')
  writeFileSync(path, JSON.stringify({ ...payload(...event), ...more }))
  const inputValues: Partial<Record<InputName, string>> = {
    api_key: 'napi_secret',
    project_id: 'p1',
    verify: 'false',
    timeout: '20',
    ...inputs,
  }
  stop = new AbortController()
  const lines: string[] = []
  const addLine = (text: string) => void lines.push(text)
  const context = {
    env: {
      GITHUB_EVENT_NAME: event[0],
      GITHUB_EVENT_PATH: path,
      GITHUB_REPOSITORY: REPOSITORY,
      ...env,
    },
    readInput: (name: InputName) => inputValues[name] ?? '',
    log: {
      debug: addLine,
      info: addLine,
      notice: addLine,
      warning: (text: string) => addLine(`warning: ${text}`),
    },
    stop: stop.signal,
    journal: createJournal(),
  }
  try {
    const { report } = await run(context)
    return { report, failure: '', log: lines.join('\n'), journal: context.journal }
  } catch (thrown) {
    return { failure: messageOf(thrown), log: lines.join('\n'), journal: context.journal }
  }
}

export const OPENED: [string, string] = ['pull_request', 'opened']
export const CLOSED: [string, string] = ['pull_request', 'closed']

/** Returns the {@link requests} that write: all except reads and probes of an origin. */
export const writes = (): string[] =>
  requests.filter((request) => !request.startsWith('GET') && !request.includes('/sign-out'))
