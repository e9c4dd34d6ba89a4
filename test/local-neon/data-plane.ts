import { type Answer, type Call, emptyAnswer, jsonAnswer } from './answer.ts'
import type { BranchRecord, Project } from './project.ts'

/** The auth service's part of a path: /<endpoint id>/<database>/auth/… */
const authPath = /^\/(ep-[a-z0-9-]+)\/([^/]+)\/auth(\/.*)?$/

/** Whether a path is of some branch's auth service. */
export function isAuthPath(path: string): boolean {
  return authPath.test(path)
}

/** Answers as the auth service of the branch that the path names. */
export async function answerAuth(project: Project, call: Call): Promise<Answer> {
  if (call.method === 'OPTIONS') return withCors(call, emptyAnswer(204))
  const found = authPath.exec(call.path)
  const branch = branchOfEndpoint(project, found?.[1])
  const { auth } = branch ?? { auth: null }
  if (auth === null || auth.database !== decodeURIComponent(found?.[2] ?? '')) {
    return withCors(call, jsonAnswer(404, { message: 'Neon Auth is not enabled here' }))
  }
  const response = await auth.service(toRequest(project, call), call.remoteAddress)
  return withCors(call, await toAnswer(response))
}

function branchOfEndpoint(project: Project, endpointId: string | undefined) {
  return [...project.branches.values()].find(
    (branch: BranchRecord) => branch.endpointId === endpointId,
  )
}

function toRequest(project: Project, call: Call): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(call.headers)) {
    // What belongs to the connection, not to the request, would be refused.
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

/** Neon's auth service reflects whatever origin asks: CORS is no sign of trust. */
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
