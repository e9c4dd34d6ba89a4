import { type Answer, type Call, emptyAnswer, jsonAnswer } from './answer.ts'
import type { BranchRecord, Integration, Project } from './project.ts'

/** The path of the signing keys if they are not below the base URL: /<endpoint id>/.well-known/… */
const rootKeysPath = /^\/(ep-[a-z0-9-]+)\/\.well-known\/jwks\.json$/

/** The paths of auth services: /<endpoint id>/<database>/auth/… */
const authPath = /^\/(ep-[a-z0-9-]+)\/([^/]+)\/auth(\/.*)?$/

/** Returns whether a path belongs to an auth service of any branch. */
export function isAuthPath(path: string): boolean {
  return authPath.test(path) || rootKeysPath.test(path)
}

/** Answers as the auth service of the branch that the path names. */
export async function answerAuth(project: Project, call: Call): Promise<Answer> {
  if (call.method === 'OPTIONS') return withCors(call, emptyAnswer(204))
  const path = servedPath(project, call.path)
  const found = authPath.exec(path ?? '')
  const branch = branchOfEndpoint(project, found?.[1])
  const { auth } = branch ?? { auth: null }
  if (auth === null || auth.database !== decodeURIComponent(found?.[2] ?? '')) {
    return withCors(call, jsonAnswer(404, { message: 'Neon Auth is not enabled here' }))
  }
  const special = await firstAnswer(project, auth)
  if (special !== undefined) return withCors(call, special)
  const request = toRequest(project, { ...call, path: path ?? call.path })
  const response = await auth.service(request, call.remoteAddress)
  return withCors(call, await toAnswer(response))
}

/**
 * Returns the path to serve, or `undefined` if nothing is served there. For the signing keys at the root of the host,
 * it is their path below the base URL.
 */
function servedPath({ branches, behavior }: Project, path: string): string | undefined {
  const endpoint = rootKeysPath.exec(path)?.[1]
  if (behavior.jwksPlace === 'root' && path.endsWith('/auth/.well-known/jwks.json')) {
    return undefined
  }
  if (endpoint === undefined) return path
  if (behavior.jwksPlace !== 'root') return undefined
  const auth = [...branches.values()].find(({ endpointId }) => endpointId === endpoint)?.auth
  return auth ? `/${endpoint}/${auth.database}/auth/.well-known/jwks.json` : undefined
}

/** Returns what a newly created service answers to its first request, or `undefined` for a normal answer. May wait. */
async function firstAnswer(project: Project, auth: Integration): Promise<Answer | undefined> {
  const { behavior, clock } = project
  const isFirst = auth.firstAskedAt === undefined
  auth.firstAskedAt ??= clock.now()
  if (behavior.firstAnswer === 'late') {
    const awakeAt = auth.firstAskedAt + 5000
    await clock.sleep(Math.max(0, awakeAt - clock.now()))
  }
  if (!isFirst) return undefined
  if (behavior.firstAnswer === 'unavailable') {
    return jsonAnswer(503, { message: 'Service Unavailable' })
  }
  return behavior.firstAnswer === 'reset' ? { ...emptyAnswer(200), isReset: true } : undefined
}

function branchOfEndpoint(project: Project, endpointId: string | undefined) {
  return [...project.branches.values()].find(
    (branch: BranchRecord) => branch.endpointId === endpointId,
  )
}

function toRequest(project: Project, call: Call): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(call.headers)) {
    // `Request` refuses headers that belong to the connection.
    if (value === undefined || name === 'connection' || name === 'transfer-encoding') continue
    headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const search = call.query.size > 0 ? `?${call.query}` : ''
  const hasBody = call.method !== 'GET' && call.method !== 'HEAD' && call.body.length > 0
  return new Request(`${project.origin}${call.path}${search}`, {
    method: call.method,
    headers,
    ...(hasBody && { body: new Uint8Array(call.body) }),
  })
}

async function toAnswer(response: Response): Promise<Answer> {
  const headers: Answer['headers'] = Object.fromEntries(response.headers)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  return { status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) }
}

/** Adds CORS headers. Those of Neon's auth service allow every origin, so CORS says nothing about trust. */
function withCors(call: Call, answer: Answer): Answer {
  const { origin } = call.headers
  if (origin === undefined) return answer
  return {
    ...answer,
    headers: {
      ...answer.headers,
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers':
        call.headers['access-control-request-headers'] ?? 'content-type, authorization',
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
      vary: 'origin',
    },
  }
}
