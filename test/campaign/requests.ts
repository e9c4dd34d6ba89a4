import type { FaultMatch } from '../local-neon/faults.ts'
import type { LoggedRequest } from '../local-neon/request-log.ts'
import { BRANCH, type World } from '../scenarios.ts'

/**
 * One request of a run, named so that it is found again in another run of the same step: reads run
 * side by side, so its place in the whole list says little, its place among its own kind all.
 */
export interface RequestName {
  /** The API's name of the operation, or method and path at the auth service. */
  readonly what: string
  /** The branch it is about, where that is not the pull request's. */
  readonly branch?: string
  /** 1 for the first of its kind. */
  readonly nth: number
}

/** `addBranchNeonAuthTrustedDomain#1`, `getNeonAuth@production#2`. */
export const textOf = ({ what, branch, nth }: RequestName): string =>
  `${what}${branch === undefined ? '' : `@${branch}`}#${nth}`

/**
 * Whether a run makes this request only if it is slow: it reads the branch again before a write if
 * what it read is more than 5 s old. A run that is quick enough does not, and has nothing to get over.
 */
export const isOnlyMadeLate = ({ what }: RequestName): boolean => what === 'getProjectBranch'

const branchIn = ({ neon }: World, path: string): string | undefined => {
  const id = /\/branches\/(br-[^/]+)/.exec(path)?.[1]
  if (id === undefined) return undefined
  const { name } = neon.branch(id)
  return name === BRANCH ? undefined : name
}

/** What a request is, without its place. */
export const kindOf = (
  world: World,
  { plane, operationId, method, path }: LoggedRequest,
): Omit<RequestName, 'nth'> => {
  if (plane === 'sql') return { what: 'POST /sql' }
  if (plane === 'data') return { what: `${method} ${path.replace(/^.*\/auth\//, '/')}` }
  const branch = branchIn(world, path)
  return { what: operationId ?? `${method} ${path}`, ...(branch !== undefined && { branch }) }
}

/** The requests of the log so far, each with its name. */
export const namedRequests = (
  world: World,
): { readonly name: RequestName; readonly request: LoggedRequest }[] => {
  const seen = new Map<string, number>()
  return world.neon.requests.map((request) => {
    const kind = kindOf(world, request)
    const key = textOf({ ...kind, nth: 0 })
    const nth = (seen.get(key) ?? 0) + 1
    seen.set(key, nth)
    return { name: { ...kind, nth }, request }
  })
}

/** What makes Local Neon pick out requests of this kind. */
export const matchOf = ({ neon }: World, { what, branch = BRANCH }: RequestName): FaultMatch => {
  const [method = '', path] = what.split(' ')
  if (path !== undefined) return { method, path: new RegExp(`${RegExp.escape(path)}$`) }
  if (what === 'listProjectBranches' || what === 'getConnectionURI') return { operationId: what }
  return { operationId: what, path: new RegExp(`/${neon.branch(branch).id}(/|$)`) }
}

/** The statement of a request that carries SQL; empty for any other. */
export const statementOf = ({ plane, requestBody }: LoggedRequest): string =>
  plane === 'sql' ? String(Object(requestBody).query) : ''

/** Whether a request can change something by having its effect. */
export const isWrite = (request: LoggedRequest): boolean => {
  const { plane, method, path } = request
  if (plane === 'sql') return !/^\s*SELECT\b/i.test(statementOf(request))
  return method !== 'GET' && !/\/auth\/sign-(in\/email|out)$/.test(path)
}
