import nock from 'nock'
import { REPOSITORY } from '../payloads.ts'
import { BASE_URL, BRANCH_ID, PREVIEW, recordUnmatched } from './harness.ts'

/** A branch and its auth. */
export interface RemoteBranch {
  id: string
  name: string
  isDefault: boolean
  isProtected: boolean
  /** Increases whenever auth is enabled, because auth then starts with no users. */
  generation: number
  isOn: boolean
  hasSchema: boolean
  domains: string[]
  /** Default: `true`. */
  hasWebhook?: boolean
  refusesLocalhost?: boolean
  annotation?: Record<string, string>
}

/** A Neon project and a GitHub repository that can change during a run. */
export interface RemoteState {
  branches: RemoteBranch[]
  pulls: Record<number, { state: 'open' | 'closed'; ref: string }>
  /** GitHub refuses every request: REST with a 403, GraphQL with a FORBIDDEN error. */
  isGitHubForbidden: boolean
}

/** Returns the branch of pull request 2, with auth on and its own domain. */
export const remoteBranch = (more: Partial<RemoteBranch> = {}): RemoteBranch => ({
  id: BRANCH_ID,
  name: 'preview/pr-2',
  isDefault: false,
  isProtected: false,
  generation: 1,
  isOn: true,
  hasSchema: true,
  domains: [PREVIEW],
  ...more,
})

/** A request, and how many came before it. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly index: number
}

/** Hooks into the requests of a run. */
export interface Hooks {
  /** Runs just before the request with this index is answered. */
  readonly before?: (index: number) => void
  /** Runs just after the response to the request with this index was created. */
  readonly after?: (index: number) => void
  /** Returns whether this write gets a 423 and has no effect. */
  readonly isLocked?: (request: SeenRequest) => boolean
  /** Returns whether this request gets a 429 from Neon. */
  readonly isBusy?: (request: SeenRequest) => boolean
  /** Called before each `GET /auth` of a branch. */
  readonly onRead?: (branch: RemoteBranch) => void
  /** Called before each write that gets neither a 423 nor a 429, even if Neon then refuses it. */
  readonly onWrite?: (request: SeenRequest, branch: RemoteBranch) => void
}

type Reply = readonly [status: number, body: unknown]

const NEON = /^\/api\/v2\/projects\/p1\/branches(?:\/([\w-]+))?(\/auth.*)?$/
const notFound = (message: string): Reply => [404, { code: '', message }]
const OFF = notFound('Neon Auth is not enabled for this branch')

const showBranch = ({ id, name, isDefault, isProtected }: RemoteBranch) => ({
  id,
  name,
  default: isDefault,
  protected: isProtected,
  current_state: 'ready',
  created_at: '2026-11-01T10:00:00Z',
})

const showAuth = ({ id, generation }: RemoteBranch) => ({
  auth_provider: 'better_auth',
  auth_provider_project_id: `ap-${generation}`,
  branch_id: id,
  db_name: 'neondb',
  created_at: `2026-11-01T10:00:0${generation % 10}Z`,
  owned_by: 'neon',
  base_url: BASE_URL,
  jwks_url: `${BASE_URL}/.well-known/jwks.json`,
})

const listDomains = (branch: RemoteBranch) => ({
  domains: branch.domains.map((domain) => ({ domain, auth_provider: 'better_auth' })),
})

/** Enables auth on a branch, as another run would. */
export const enableAuth = (branch: RemoteBranch): void => {
  branch.isOn = true
  branch.hasSchema = true
  branch.generation += 1
  branch.domains = []
}

/** Fails the test, because the mock does not know the request. */
const unknownRequest = ({ method, path }: SeenRequest): Reply => {
  recordUnmatched({ method, url: path })
  return [501, { message: 'not mocked' }]
}

const changeSetting = (
  branch: RemoteBranch,
  request: SeenRequest,
  path: string,
  data: {
    domain: string
    domains: { domain: string }[]
    allow_localhost: boolean
    enabled: boolean
  },
): Reply => {
  switch (`${request.method} ${path}`) {
    case 'POST /auth/domains':
      branch.domains.push(data.domain)
      return [201, '']
    case 'DELETE /auth/domains': {
      const removed = data.domains.map((entry) => entry.domain)
      branch.domains = branch.domains.filter((domain) => !removed.includes(domain))
      return [200, '']
    }
    case 'PATCH /auth/allow_localhost':
      branch.refusesLocalhost = !data.allow_localhost
      return [200, '']
    case 'PUT /auth/webhooks':
      branch.hasWebhook = data.enabled
      return [200, '']
    default:
      return unknownRequest(request)
  }
}

const writeAuth = (
  branch: RemoteBranch,
  request: SeenRequest,
  path: string,
  body: string,
): Reply => {
  const { method } = request
  const data = body === '' ? {} : JSON.parse(body)
  if (path === '/auth' && method === 'POST') {
    if (branch.isOn) return [409, { code: '', message: 'Neon Auth is already enabled' }]
    if (branch.hasSchema)
      return [409, { code: '', message: 'The `neon_auth` schema already exists' }]
    enableAuth(branch)
    return [201, { ...showAuth(branch), pub_client_key: '', secret_server_key: '' }]
  }
  if (path === '/auth' && method === 'DELETE') {
    if (!branch.isOn && !data.delete_data) return OFF
    branch.isOn = false
    branch.hasSchema &&= !data.delete_data
    return [200, '']
  }
  return branch.isOn ? changeSetting(branch, request, path, data) : OFF
}

const readAuth = (branch: RemoteBranch, request: SeenRequest, path: string): Reply => {
  if (!branch.isOn) return OFF
  if (path === '/auth') return [200, showAuth(branch)]
  if (path === '/auth/domains') return [200, listDomains(branch)]
  if (path === '/auth/webhooks')
    return [200, { enabled: branch.hasWebhook ?? true, webhook_url: 'https://hook.example' }]
  if (path === '/auth/allow_localhost') return [200, { allow_localhost: !branch.refusesLocalhost }]
  return path === '/auth/plugins' ? [200, {}] : unknownRequest(request)
}

const listBranches = ({ branches }: RemoteState): Reply => {
  const annotations = branches.flatMap(({ id, annotation }) =>
    annotation ? [[id, { object: { type: 'branch', id }, value: annotation }]] : [],
  )
  const body = {
    branches: branches.map(showBranch),
    annotations: Object.fromEntries(annotations),
    pagination: {},
  }
  return [200, body]
}

const neonReply = (
  remote: RemoteState,
  request: SeenRequest,
  body: string,
  hooks: Hooks,
): Reply => {
  if (hooks.isBusy?.(request)) return [429, { code: '', message: 'too many requests' }]
  const [match, id, path] = NEON.exec(request.path) ?? []
  if (match === undefined) return unknownRequest(request)
  if (id === undefined) return listBranches(remote)
  const branch = remote.branches.find((candidate) => candidate.id === id)
  if (!branch) return notFound('branch not found')
  if (path === undefined) return [200, { branch: showBranch(branch) }]
  if (request.method === 'GET') {
    if (path === '/auth') hooks.onRead?.(branch)
    return readAuth(branch, request, path)
  }
  if (hooks.isLocked?.(request)) return [423, { code: '', message: 'project is locked' }]
  hooks.onWrite?.(request, branch)
  return writeAuth(branch, request, path, body)
}

const githubReply = (remote: RemoteState, request: SeenRequest, url: URL): Reply => {
  if (remote.isGitHubForbidden) return [403, { message: 'Resource not accessible by integration' }]
  const toRestPull = (number: number) => {
    const pull = remote.pulls[number]
    return {
      number,
      state: pull?.state,
      merged_at: null,
      head: { ref: pull?.ref, repo: { id: 1, full_name: REPOSITORY } },
      base: { ref: 'master', repo: { id: 1, full_name: REPOSITORY } },
    }
  }
  const path = request.path.replace(`/repos/${REPOSITORY}`, '')
  const number = Number(/^\/pulls\/(\d+)$/.exec(path)?.[1])
  if (number)
    return number in remote.pulls ? [200, toRestPull(number)] : [404, { message: 'Not Found' }]
  if (path.startsWith('/branches/')) return [404, { message: 'Branch not found' }]
  if (path === '') return [200, { full_name: REPOSITORY, default_branch: 'master' }]
  if (path !== '/pulls') return unknownRequest(request)
  const head = url.searchParams.get('head')?.split(':')[1]
  const numbers = Object.keys(remote.pulls).map(Number)
  const found = numbers.filter((candidate) => head && remote.pulls[candidate]?.ref === head)
  return [200, found.map(toRestPull)]
}

const graphqlReply = (remote: RemoteState, body: string): Reply => {
  if (remote.isGitHubForbidden) {
    const errors = [{ type: 'FORBIDDEN', message: 'not accessible' }]
    return [200, { data: { repository: null }, errors }]
  }
  const { query } = JSON.parse(body) as { query: string }
  const fields = [...query.matchAll(/(n(\d+)): pullRequest/g)].map(([, alias, number]) => {
    const pull = remote.pulls[Number(number)]
    const state = pull?.state === 'open' ? 'OPEN' : 'CLOSED'
    return [alias, pull ? { number: Number(number), state, headRefName: pull.ref } : null]
  })
  return [200, { data: { repository: Object.fromEntries(fields) } }]
}

/**
 * Mocks every request to Neon and GitHub with responses from `remote`, in place of all earlier mocks. Fails the
 * test if it sends a request that this mock does not know. Returns the live array of requests, which grows as
 * the run sends more.
 */
export const mockRemote = (remote: RemoteState, hooks: Hooks = {}): SeenRequest[] => {
  nock.cleanAll()
  const log: SeenRequest[] = []
  const replyTo = async (request: Request): Promise<Reply> => {
    const url = new URL(request.url)
    const body = await request.text()
    const seen = { method: request.method, path: url.pathname, index: log.length }
    log.push(seen)
    hooks.before?.(seen.index)
    const reply = url.pathname.startsWith('/api/v2')
      ? neonReply(remote, seen, body, hooks)
      : url.pathname === '/graphql'
        ? graphqlReply(remote, body)
        : githubReply(remote, seen, url)
    hooks.after?.(seen.index)
    return [reply[0], typeof reply[1] === 'string' ? reply[1] : JSON.stringify(reply[1])]
  }
  const headers = { 'content-type': 'application/json' }
  for (const host of ['https://console.neon.tech', 'https://api.github.com']) {
    for (const method of ['get', 'post', 'delete', 'patch', 'put'] as const) {
      nock(host)
        .persist()
        [method](/.*/)
        .optionally()
        .reply(async (request: Request) => {
          const [status, body] = await replyTo(request)
          return [status, body as string, headers] as const
        })
    }
  }
  return log
}
