import nock from 'nock'
import { REPOSITORY } from '../payloads.ts'
import { BASE_URL } from './harness.ts'

/** A branch and its auth. */
export interface RemoteBranch {
  id: string
  name: string
  isDefault: boolean
  isProtected: boolean
  /** Increases whenever auth is enabled, because its users are then different. */
  generation: number
  isOn: boolean
  hasSchema: boolean
  domains: string[]
  hasWebhook?: boolean
  refusesLocalhost?: boolean
  annotation?: Record<string, string>
}

/** A Neon project and a GitHub repository that can change during a run. */
export interface RemoteState {
  branches: RemoteBranch[]
  pulls: Record<number, { state: 'open' | 'closed'; ref: string }>
  /** GitHub answers every request with 403. */
  isGitHubForbidden: boolean
}

/** A request, and the state when it was answered. */
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
  /** Whether this write gets a 423 and has no effect. */
  readonly isLocked?: (seen: SeenRequest) => boolean
  /** Whether Neon answers this request with 429. */
  readonly isBusy?: (seen: SeenRequest) => boolean
  /** Called for every read of a branch's auth. */
  readonly onRead?: (branch: RemoteBranch) => void
  /** Called for every write that takes effect. */
  readonly onWrite?: (seen: SeenRequest, branch: RemoteBranch) => void
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

const entries = (branch: RemoteBranch) => ({
  domains: branch.domains.map((domain) => ({ domain, auth_provider: 'better_auth' })),
})

/** Enables auth on a branch, as a run does. */
export const enableAuth = (branch: RemoteBranch): void => {
  branch.isOn = true
  branch.hasSchema = true
  branch.generation += 1
  branch.domains = []
}

const writeAuth = (branch: RemoteBranch, method: string, rest: string, body: string): Reply => {
  const data = body === '' ? {} : JSON.parse(body)
  if (rest === '/auth' && method === 'POST') {
    if (branch.isOn) return [409, { code: '', message: 'Neon Auth is already enabled' }]
    if (branch.hasSchema)
      return [409, { code: '', message: 'The `neon_auth` schema already exists' }]
    enableAuth(branch)
    return [201, { ...showAuth(branch), pub_client_key: '', secret_server_key: '' }]
  }
  if (rest === '/auth' && method === 'DELETE') {
    if (!branch.isOn && !data.delete_data) return OFF
    branch.isOn = false
    branch.hasSchema &&= !data.delete_data
    return [200, '']
  }
  if (!branch.isOn) return OFF
  if (rest === '/auth/webhooks') branch.hasWebhook = data.enabled
  if (rest === '/auth/allow_localhost') branch.refusesLocalhost = !data.allow_localhost
  if (rest === '/auth/domains' && method === 'POST') branch.domains.push(data.domain)
  if (rest === '/auth/domains' && method === 'DELETE') {
    const gone = data.domains.map((entry: { domain: string }) => entry.domain)
    branch.domains = branch.domains.filter((domain) => !gone.includes(domain))
  }
  return [method === 'POST' ? 201 : 200, '']
}

const readAuth = (branch: RemoteBranch, rest: string): Reply => {
  if (!branch.isOn) return OFF
  if (rest === '/auth') return [200, showAuth(branch)]
  if (rest === '/auth/domains') return [200, entries(branch)]
  if (rest === '/auth/webhooks')
    return [200, { enabled: true, webhook_url: 'https://hook.example' }]
  if (rest === '/auth/allow_localhost') return [200, { allow_localhost: !branch.refusesLocalhost }]
  return [200, {}]
}

const neonReply = (remote: RemoteState, seen: SeenRequest, body: string, script: Hooks): Reply => {
  if (script.isBusy?.(seen)) return [429, { code: '', message: 'too many requests' }]
  const [, id, rest] = NEON.exec(seen.path) ?? []
  if (id === undefined) {
    const annotated = remote.branches.filter(({ annotation }) => annotation)
    const annotations = annotated.map((one) => [
      one.id,
      { object: { type: 'branch', id: one.id }, value: one.annotation },
    ])
    return [
      200,
      {
        branches: remote.branches.map(showBranch),
        annotations: Object.fromEntries(annotations),
        pagination: {},
      },
    ]
  }
  const branch = remote.branches.find((one) => one.id === id)
  if (!branch) return notFound('branch not found')
  if (rest === undefined) return [200, { branch: showBranch(branch) }]
  if (seen.method === 'GET') {
    if (rest === '/auth') script.onRead?.(branch)
    return readAuth(branch, rest)
  }
  if (script.isLocked?.(seen)) return [423, { code: '', message: 'project is locked' }]
  script.onWrite?.(seen, branch)
  return writeAuth(branch, seen.method, rest, body)
}

const githubReply = (remote: RemoteState, { path }: SeenRequest, url: URL): Reply => {
  if (remote.isGitHubForbidden) return [403, { message: 'Resource not accessible by integration' }]
  const show = (number: number) => {
    const pull = remote.pulls[number]
    return {
      number,
      state: pull?.state,
      merged_at: null,
      head: { ref: pull?.ref, repo: { id: 1, full_name: REPOSITORY } },
      base: { ref: 'master', repo: { id: 1, full_name: REPOSITORY } },
    }
  }
  const number = Number(/\/pulls\/(\d+)$/.exec(path)?.[1])
  if (number) return [200, show(number)]
  if (/\/branches\//.test(path)) return [404, { message: 'Branch not found' }]
  if (!path.endsWith('/pulls')) return [200, { full_name: REPOSITORY, default_branch: 'master' }]
  const head = url.searchParams.get('head')?.split(':')[1]
  const numbers = Object.keys(remote.pulls).map(Number)
  return [200, head ? numbers.filter((one) => remote.pulls[one]?.ref === head).map(show) : []]
}

const graphqlReply = (remote: RemoteState, body: string): Reply => {
  if (remote.isGitHubForbidden) {
    const errors = [{ type: 'FORBIDDEN', message: 'not accessible' }]
    return [200, { data: { repository: null }, errors }]
  }
  const { query } = JSON.parse(body) as { query: string }
  const fields = [...query.matchAll(/(n(\d+)): pullRequest/g)].map(([, alias, number]) => {
    const pull = remote.pulls[Number(number)]
    const state = pull?.state === 'open' ? 'OPEN' : 'MERGED'
    return [alias, pull ? { number: Number(number), state, headRefName: pull.ref } : null]
  })
  return [200, { data: { repository: Object.fromEntries(fields) } }]
}

/** Answers every request to Neon and GitHub from `remote`, in order of arrival. */
export const mockRemote = (remote: RemoteState, script: Hooks = {}): SeenRequest[] => {
  const log: SeenRequest[] = []
  const answer = async (request: Request): Promise<Reply> => {
    const url = new URL(request.url)
    const body = await request.text()
    const seen = { method: request.method, path: url.pathname, index: log.length }
    log.push(seen)
    script.before?.(seen.index)
    const reply = url.pathname.startsWith('/api/v2')
      ? neonReply(remote, seen, body, script)
      : url.pathname === '/graphql'
        ? graphqlReply(remote, body)
        : githubReply(remote, seen, url)
    script.after?.(seen.index)
    return [reply[0], typeof reply[1] === 'string' ? reply[1] : JSON.stringify(reply[1])]
  }
  const headers = { 'content-type': 'application/json' }
  for (const host of ['https://console.neon.tech', 'https://api.github.com']) {
    for (const method of ['get', 'post', 'delete', 'patch', 'put'] as const) {
      const scope = nock(host).persist()
      scope[method](/.*/)
        .optionally()
        .reply(async (request: Request) => {
          const [status, body] = await answer(request)
          return [status, body as string, headers] as const
        })
    }
  }
  return log
}
