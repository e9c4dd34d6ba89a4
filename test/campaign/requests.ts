import type { FaultMatch } from '../local-neon/faults.ts'
import type { LoggedRequest } from '../local-neon/request-log.ts'
import { BRANCH } from '../preview.ts'
import type { Services } from '../scenarios.ts'

/**
 * The name of a request, which identifies it in another run of the same step too. Reads run in parallel, so
 * only the position among requests of the same kind is stable.
 */
export interface RequestName {
  /** The API's name of the operation, or, outside the management API, method and path. */
  readonly what: string
  /** The branch it is about, if that is not the pull request's branch. */
  readonly branch?: string
  /** 1 for the first of its kind. */
  readonly nth: number
}

/** Returns the name as text: `addBranchNeonAuthTrustedDomain#1`, `getNeonAuth@production#2`. */
export const textOf = ({ what, branch, nth }: RequestName): string =>
  `${what}${branch === undefined ? '' : `@${branch}`}#${nth}`

/**
 * Returns whether only a slow run sends this request. A run reads the branch again before a write if the
 * last read is more than 5 s old. A fast run does not, so there is no fault to survive.
 */
export const isSentOnlyBySlowRuns = ({ what }: RequestName): boolean => what === 'getProjectBranch'

const branchIn = ({ neon }: Services, path: string): string | undefined => {
  const id = /\/branches\/(br-[^/]+)/.exec(path)?.[1]
  if (id === undefined) return undefined
  const { name } = neon.branch(id)
  return name === BRANCH ? undefined : name
}

/** Returns the kind of a request: its name without the position. */
export const kindOf = (
  services: Services,
  { plane, operationId, method, path }: LoggedRequest,
): Omit<RequestName, 'nth'> => {
  if (plane === 'sql') return { what: 'POST /sql' }
  if (plane === 'data') return { what: `${method} ${path.replace(/^.*\/auth\//, '/')}` }
  const branch = branchIn(services, path)
  return { what: operationId ?? `${method} ${path}`, ...(branch !== undefined && { branch }) }
}

/** Returns the requests in the log, each with its name. */
export const namedRequests = (
  services: Services,
): { readonly name: RequestName; readonly request: LoggedRequest }[] => {
  const seen = new Map<string, number>()
  return services.neon.requests.map((request) => {
    const kind = kindOf(services, request)
    const key = textOf({ ...kind, nth: 0 })
    const nth = (seen.get(key) ?? 0) + 1
    seen.set(key, nth)
    return { name: { ...kind, nth }, request }
  })
}

/** Returns how a fault of Local Neon matches the requests of this kind. */
export const matchOf = ({ neon }: Services, { what, branch = BRANCH }: RequestName): FaultMatch => {
  const [method = '', path] = what.split(' ')
  if (path !== undefined) return { method, path: new RegExp(`${RegExp.escape(path)}$`) }
  if (what === 'listProjectBranches' || what === 'getConnectionURI') return { operationId: what }
  return { operationId: what, path: new RegExp(`/${neon.branch(branch).id}(/|$)`) }
}

/** Returns the SQL statement of a request, or `''` for a request without SQL. */
export const statementOf = ({ plane, requestBody }: LoggedRequest): string =>
  plane === 'sql' ? String(Object(requestBody).query) : ''

/** Returns whether a request can change something. Sessions do not count. */
export const isWrite = (request: LoggedRequest): boolean => {
  const { plane, method, path } = request
  if (plane === 'sql') return !/^\s*SELECT\b/i.test(statementOf(request))
  return method !== 'GET' && !/\/auth\/sign-(in\/email|out)$/.test(path)
}
