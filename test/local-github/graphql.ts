import type { Answer, Call } from './answers.ts'
import { isOwn, type LocalPull, type State } from './state.ts'

interface GraphqlRequest {
  readonly query: string
  readonly variables?: Readonly<Record<string, string>>
}

const stateOf = ({ state, mergedAt }: LocalPull): string => {
  if (state === 'open') return 'OPEN'
  return mergedAt ? 'MERGED' : 'CLOSED'
}

const byNumber = (state: State, query: string): [fields: object, errors: object[]] => {
  const fields: Record<string, unknown> = {}
  const errors: object[] = []
  for (const [, alias = '', text] of query.matchAll(/(n\d+): pullRequest\(number: (\d+)\)/g)) {
    const number = Number(text)
    const pull = state.pulls.get(number)
    fields[alias] = pull ? { number, state: stateOf(pull), headRefName: pull.headRef } : null
    if (!pull) errors.push({ type: 'NOT_FOUND', path: ['repository', alias] })
  }
  return [fields, errors]
}

const byHead = (state: State, { query, variables }: GraphqlRequest): object => {
  const fields: Record<string, unknown> = {}
  const selections = /([or]\d+): pullRequests\(headRefName: \$(r\d+)/g
  for (const [, alias = '', name = ''] of query.matchAll(selections)) {
    const nodes = [...state.pulls]
      .filter(([, { headRef }]) => headRef === variables?.[name])
      .filter(([, pull]) => !alias.startsWith('o') || pull.state === 'open')
      .map(([number, pull]) => ({
        number,
        state: stateOf(pull),
        isCrossRepository: !isOwn(state, pull),
        headRef: pull.state === 'open' || pull.headKept ? { name: pull.headRef } : null,
      }))
    fields[alias] = { nodes }
  }
  return fields
}

/** `POST /graphql`: the owner of the token, or pull requests by number and by head branch. */
export const graphql = (state: State, _: readonly string[], { body }: Call): Answer => {
  const request = JSON.parse(body) as GraphqlRequest
  if (request.query.includes('viewer')) {
    const { login, id } = state.viewer
    return { body: { data: { viewer: { login, databaseId: id } } } }
  }
  if (state.forbidden.has('pull-requests: read')) {
    const message = 'Resource not accessible by integration'
    return { body: { data: { repository: {} }, errors: [{ type: 'FORBIDDEN', message }] } }
  }
  const [fields, errors] = byNumber(state, request.query)
  const repository = { ...fields, ...byHead(state, request) }
  return { body: { data: { repository }, ...(errors.length > 0 && { errors }) } }
}
