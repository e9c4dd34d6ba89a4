import { accountJson } from './accounts.ts'
import { type Answer, type Call, NOT_FOUND, refused } from './answers.ts'
import { createComment, deleteComment, listComments, updateComment } from './comments.ts'
import { getDeployment, listDeployments, listStatuses } from './deployments.ts'
import { graphql } from './graphql.ts'
import { getIssue, getPull, listPulls, pullsOfCommit } from './pulls.ts'
import { getBranch, getRepository } from './repositories.ts'
import type { Permission, State } from './state.ts'

type Handler = (state: State, captured: readonly string[], call: Call) => Answer

/** `GET /user`: the token's own account. GitHub shows it only to user tokens, not to an app's installation token. */
const getUser: Handler = ({ viewer }) =>
  viewer.type === 'Bot' ? refused('metadata: read') : { body: accountJson(viewer) }

const READ = 'pull-requests: read'
const WRITE = 'pull-requests: write'

const shortPath = (path: string): string => path.replace(/^\/repos\/[^/]+\/[^/]+/, '/repo')

/** The method, path, permission, and handler of each route. `/repo` is short for `/repos/{owner}/{repo}`. */
const ROUTES: readonly [string, RegExp, Permission | 'none', Handler][] = [
  ['GET', /^\/user$/, 'none', getUser],
  // GraphQL reports a missing permission in its own way.
  ['POST', /\/graphql$/, 'none', graphql],
  ['GET', /^\/repo$/, 'metadata: read', getRepository],
  ['GET', /^\/repo\/branches\/(.+)$/, 'contents: read', getBranch],
  ['GET', /^\/repo\/pulls$/, READ, listPulls],
  ['GET', /^\/repo\/pulls\/(\d+)$/, READ, getPull],
  ['GET', /^\/repo\/issues\/(\d+)$/, READ, getIssue],
  ['GET', /^\/repo\/commits\/(\w+)\/pulls$/, READ, pullsOfCommit],
  ['GET', /^\/repo\/deployments$/, 'deployments: read', listDeployments],
  ['GET', /^\/repo\/deployments\/(\d+)$/, 'deployments: read', getDeployment],
  ['GET', /^\/repo\/deployments\/(\d+)\/statuses$/, 'deployments: read', listStatuses],
  ['GET', /^\/repo\/issues\/(\d+)\/comments$/, READ, listComments],
  ['POST', /^\/repo\/issues\/(\d+)\/comments$/, WRITE, createComment],
  ['PATCH', /^\/repo\/issues\/comments\/(\d+)$/, WRITE, updateComment],
  ['DELETE', /^\/repo\/issues\/comments\/(\d+)$/, WRITE, deleteComment],
]

/** Returns whether a request has a route. */
export const isServed = (method: string, path: string): boolean =>
  ROUTES.some(([of, pattern]) => of === method && pattern.test(shortPath(path)))

const lacks = ({ forbidden }: State, permission: Permission | 'none'): boolean =>
  permission !== 'none' &&
  (forbidden.has(permission) || (permission === WRITE && forbidden.has(READ)))

/** Returns the response to a request that no fault changes. */
export const answerTo = (state: State, call: Call): Answer => {
  const path = shortPath(call.path)
  for (const [method, pattern, permission, handler] of ROUTES) {
    const match = pattern.exec(path)
    if (call.method !== method || !match) continue
    return lacks(state, permission) ? refused(permission) : handler(state, match.slice(1), call)
  }
  return NOT_FOUND
}
