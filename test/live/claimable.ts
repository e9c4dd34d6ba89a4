import { realClock } from '../local-neon/clock.ts'
import { answerEach, byStatus, type Findings, isOn, readable } from './findings.ts'
import { askAuthService, enableAgain, signOut } from './probes-auth.ts'
import { answersOf, type LiveReport } from './report.ts'
import {
  at,
  createService,
  publishable,
  type RawReply,
  type Reply,
  type Service,
  textAt,
} from './service.ts'
import { type AuthUrls, enabling, type WorkspaceBranch, waitForUrls } from './workspace.ts'

/** How to reach Claimable Neon: https://neon.com/docs/reference/claimable-neon */
export interface ClaimableOptions {
  readonly origin: string
  /** Aborts the examination, except for the requests that create and delete the project. */
  readonly signal: AbortSignal
}

/** A temporary project without an owner. */
interface AnonymousProject {
  readonly id: string
  readonly branchId: string
  readonly expiresAt: string
  /** The token that replaces an API key. Secret. */
  readonly token: string
}

const requestLimitMs = 60_000
const deletions = 3

async function request(url: string, init: RequestInit): Promise<RawReply> {
  const started = performance.now()
  const response = await fetch(url, {
    ...init,
    redirect: 'error',
    signal: AbortSignal.timeout(requestLimitMs),
  })
  const body: unknown = await response.json().catch(() => undefined)
  const { status, headers } = response
  return { status, body, headers, ms: Math.round(performance.now() - started) }
}

function refused(what: string, reply: RawReply): Error {
  const said = [textAt(reply, 'error', 'code'), textAt(reply, 'error', 'message')].join(' ')
  return new Error(`could not ${what}: ${reply.status} ${said}`)
}

/**
 * Creates a project. Cannot be aborted, because a project with an unknown ID cannot be deleted. Throws if Neon
 * refuses. If it refuses only the token, the project stays until it expires.
 */
async function createProject(origin: string): Promise<AnonymousProject> {
  const registered = await request(`${origin}/v1/agent/identity`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'anonymous',
      capabilities: ['postgres', 'auth'],
      source: 'neon-auth-preview-action',
    }),
  })
  if (registered.status >= 300) throw refused('create a temporary project', registered)
  const exchanged = await request(`${origin}/v1/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: textAt(registered, 'identity_assertion'),
      resource: `${origin}/`,
    }),
  })
  if (exchanged.status >= 300) throw refused('get a token for the temporary project', exchanged)
  return {
    id: textAt(registered, 'project', 'id'),
    branchId: textAt(registered, 'project', 'branch_id'),
    expiresAt: textAt(registered, 'project', 'expires_at'),
    token: textAt(exchanged, 'access_token'),
  }
}

/** Deletes a project. Returns what is left behind: nothing, unless every attempt fails. */
async function deleteProject(origin: string, project: AnonymousProject): Promise<string[]> {
  const { id, token, expiresAt } = project
  for (let attempt = 0; attempt < deletions; attempt += 1) {
    const reply = await request(`${origin}/v1/projects/${encodeURIComponent(id)}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    }).catch(() => undefined)
    if (reply && (reply.status < 300 || reply.status === 404)) return []
  }
  return [`the temporary project, which Neon deletes on its own (${expiresAt})`]
}

/** Returns Neon's own response. Claimable Neon is a proxy and wraps Neon's errors. */
function unwrapped(reply: Reply): Reply {
  const status = at(reply, 'error', 'upstream_status')
  if (typeof status !== 'number') return reply
  const message = textAt(reply, 'error', 'message')
  const code = textAt(reply, 'error', 'details', 'code')
  return { ...reply, status, body: { code, message } }
}

/** Enables auth if it is off, and then once more. Returns what the responses reveal, and the URLs of auth. */
async function askApi(service: Service, branch: WorkspaceBranch): Promise<Findings & AuthUrls> {
  const read = await branch.auth('GET')
  const created = isOn(read) ? undefined : readable(await branch.auth('POST', '', enabling))
  const urls = await waitForUrls(service, branch)
  const again = await branch.auth('POST', '', enabling)
  const findings = await answerEach({
    enableStatus: () => created && byStatus(created, { 200: '200', 201: '201' }),
    authUrls: () => (textAt(created ?? readable(read), 'base_url') === '' ? 'late' : 'at-once'),
    jwksPlace: () => (urls.jwksUrl.startsWith(urls.baseUrl) ? 'below-base' : 'root'),
    enableAgain: () => enableAgain(again),
  })
  return { ...urls, ...findings }
}

async function probeProject(service: Service, { branchId }: AnonymousProject): Promise<Findings> {
  const path = `/branches/${branchId}/auth`
  const branch: WorkspaceBranch = {
    id: branchId,
    auth: async (method, rest = '', body) =>
      unwrapped(await service.api(method, `${path}${rest}`, body)),
  }
  const { baseUrl, jwksUrl, ...ofApi } = await askApi(service, branch)
  const ofService = await askAuthService(service, baseUrl)
  await service.auth('GET', jwksUrl)
  // Localhost should be trusted by default. The evidence shows whether it is.
  await signOut(service, baseUrl, 'http://localhost:3000')
  return { ...ofApi, ...ofService }
}

/**
 * Answers the questions that need no account, on a temporary anonymous project. Deletes the project at the
 * end, and reports it if that fails. Get a person's consent before you call this. Throws if `signal` is
 * already aborted or the project cannot be created.
 */
export async function examineClaimable(options: ClaimableOptions): Promise<LiveReport> {
  const { origin, signal } = options
  signal.throwIfAborted()
  const project = await createProject(origin)
  const { id, token } = project
  const apiHost = `${origin}/v1`
  const service = createService({ apiHost, apiKey: token, projectId: id, clock: realClock, signal })
  const failures: string[] = []
  let findings: Findings = {}
  try {
    findings = await probeProject(service, project)
  } catch (error) {
    failures.push(String(publishable(String(error))))
  }
  const leftBehind = await deleteProject(origin, project)
  const answers = answersOf(findings, [])
  const evidence = { 'temporary project': service.takeSeen() }
  const examined = new Date().toISOString()
  return { examined, answers, lifecycle: [], failures, leftBehind, evidence }
}
