import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { REPOSITORY } from './payloads.ts'

type Permission =
  | 'metadata: read'
  | 'contents: read'
  | 'pull-requests: read'
  | 'pull-requests: write'
  | 'deployments: read'

interface Pull {
  state: 'open' | 'closed'
  headRef: string
  headSha: string
  /** `null`: a deleted fork. */
  headRepo: string | null
  /** Whether the git branch is still there; by default it goes when the pull request closes. */
  headKept?: boolean
}

interface Deployed {
  id: number
  sha: string
  environment: string
  production: boolean
  statuses: { state: string; environment_url: string }[]
}

/** A comment on a pull request. */
export interface LocalComment {
  readonly id: number
  readonly number: number
  readonly author: string
  body: string
}

/** The part of GitHub's API that the action asks, on loopback, with a state that tests arrange. */
export interface LocalGitHub {
  /** What GITHUB_API_URL is to say. */
  readonly apiUrl: string
  /** Set the state of a pull request; one that was never set is open. */
  setState(number: number, state: 'open' | 'closed'): void
  setPull(number: number, pull: Partial<Pull>): void
  /** Records a deployment of `sha` to `environment`, with the statuses it went through, oldest first. */
  deploy(
    sha: string,
    environment: string,
    states: readonly string[],
    url: string,
    production?: boolean,
  ): void
  addComment(number: number, author: string, body: string): void
  readonly comments: readonly LocalComment[]
  /** Takes a permission away from the token. */
  forbid(permission: Permission): void
  /** Gives it back. */
  permit(permission: Permission): void
  /** Answers 502 to requests (`POST /repos/…`) that match, `times` times, before their effect or after it. */
  fail(request: RegExp, when: 'before' | 'after', times?: number): void
  /** The requests so far: `GET /repos/…`. */
  readonly requests: readonly string[]
  /** Forgets everything but its address. */
  reset(): void
  close(): Promise<void>
}

/** Who the token belongs to. */
export const BOT = 'github-actions[bot]'

const PAGE = 100
const DEFAULT_BRANCH = 'master'

interface State {
  pulls: Map<number, Pull>
  deployments: Deployed[]
  comments: LocalComment[]
  forbidden: Set<string>
  failing: { request: RegExp; when: 'before' | 'after'; times: number } | undefined
  requests: string[]
}

const fresh = (): State => ({
  pulls: new Map(),
  deployments: [],
  comments: [],
  forbidden: new Set(),
  failing: undefined,
  requests: [],
})

const pullOf = (state: State, number: number): Pull =>
  state.pulls.get(number) ?? {
    state: 'open',
    headRef: 'changes',
    headSha: 'ec26c3e57ca3a959ca5aad62de7213c562f8c821',
    headRepo: REPOSITORY,
  }

const repository = (name: string | null) =>
  name === null ? null : { id: name === REPOSITORY ? 1 : 2, full_name: name }

const pullJson = (number: number, { state, headRef, headSha, headRepo }: Pull) => ({
  number,
  state,
  user: { login: 'Codertocat' },
  head: { ref: headRef, sha: headSha, repo: repository(headRepo) },
  base: { ref: 'master', repo: repository(REPOSITORY) },
})

interface Answer {
  readonly status?: number
  readonly body: unknown
  /** More pages follow. */
  readonly next?: boolean
}

const paged = <T>(items: readonly T[], query: URLSearchParams): Answer => {
  const page = Number(query.get('page') ?? 1)
  const size = Math.min(Number(query.get('per_page') ?? 30), PAGE)
  const body = items.slice((page - 1) * size, page * size)
  return { body, next: items.length > page * size }
}

const graphql = (
  state: State,
  { query, variables }: { query: string; variables: Record<string, string> },
): Answer => {
  if (query.includes('viewer'))
    return { body: { data: { viewer: { login: BOT.replace('[bot]', '') } } } }
  const fields: Record<string, unknown> = {}
  const errors: unknown[] = []
  const graph = (pull: Pull) => (pull.state === 'open' ? 'OPEN' : 'MERGED')
  if (state.forbidden.has('pull-requests: read')) {
    const message = 'Resource not accessible by integration'
    return { body: { data: { repository: {} }, errors: [{ type: 'FORBIDDEN', message }] } }
  }
  for (const [, alias = '', number] of query.matchAll(/(n\d+): pullRequest\(number: (\d+)\)/g)) {
    const pull = state.pulls.get(Number(number))
    fields[alias] = pull
      ? { number: Number(number), state: graph(pull), headRefName: pull.headRef }
      : null
    if (!pull) errors.push({ type: 'NOT_FOUND', path: ['repository', alias] })
  }
  for (const [, alias = '', name = ''] of query.matchAll(
    /([or]\d+): pullRequests\(headRefName: \$(r\d+)/g,
  )) {
    const nodes = [...state.pulls]
      .filter(([, { headRef }]) => headRef === variables[name])
      .filter(([, pull]) => !alias.startsWith('o') || pull.state === 'open')
      .map(([number, pull]) => ({
        number,
        state: graph(pull),
        isCrossRepository: pull.headRepo !== REPOSITORY,
        headRef: pull.state === 'open' || pull.headKept ? { name: pull.headRef } : null,
      }))
    fields[alias] = { nodes }
  }
  return { body: { data: { repository: fields }, ...(errors.length > 0 && { errors }) } }
}

/** The pull requests that `GET /pulls` lists. Their base is always the default branch. */
const listedPulls = (state: State, query: URLSearchParams): Answer => {
  const { head, base, state: wanted = 'open' } = Object.fromEntries(query)
  const found = [...state.pulls]
    .filter(([, pull]) => wanted === 'all' || pull.state === wanted)
    .filter(
      ([, { headRef, headRepo }]) => !head || `${headRepo?.split('/')[0]}:${headRef}` === head,
    )
    .filter(() => !base || base === DEFAULT_BRANCH)
  return paged(
    found.map(([number, pull]) => pullJson(number, pull)),
    query,
  )
}

/** A git branch lives as long as an open pull request has it, or one that kept it. */
const gitBranch = (state: State, name: string): Answer => {
  const lives =
    name === DEFAULT_BRANCH ||
    [...state.pulls.values()].some(
      (pull) => pull.headRef === name && (pull.state === 'open' || pull.headKept),
    )
  return lives
    ? { body: { name, protected: name === DEFAULT_BRANCH } }
    : { status: 404, body: { message: 'Branch not found' } }
}

type Route = [
  method: string,
  path: RegExp,
  permission: Permission,
  answer: (state: State, at: string[], query: URLSearchParams, body: never) => Answer,
]

const ROUTES: Route[] = [
  [
    'GET',
    /^\/repos\/([^/]+\/[^/]+)$/,
    'metadata: read',
    (_, [name]) =>
      name === REPOSITORY
        ? { body: { id: 1, full_name: REPOSITORY, default_branch: DEFAULT_BRANCH } }
        : { status: 404, body: { message: 'Not Found' } },
  ],
  [
    'GET',
    /^\/repos\/[^/]+\/[^/]+\/pulls$/,
    'pull-requests: read',
    (state, _, query) => listedPulls(state, query),
  ],
  [
    'GET',
    /\/branches\/(.+)$/,
    'contents: read',
    (state, [name = '']) => gitBranch(state, decodeURIComponent(name)),
  ],
  [
    'GET',
    /\/pulls\/(\d+)$/,
    'pull-requests: read',
    (state, [number]) => ({ body: pullJson(Number(number), pullOf(state, Number(number))) }),
  ],
  [
    'GET',
    /^\/repos\/[^/]+\/[^/]+\/pulls$/,
    'pull-requests: read',
    (state, _, query) =>
      paged(
        [...state.pulls]
          .filter(([, pull]) => pull.state === (query.get('state') ?? 'open'))
          .map(([number, pull]) => pullJson(number, pull)),
        query,
      ),
  ],
  [
    'GET',
    /\/commits\/(\w+)\/pulls$/,
    'pull-requests: read',
    (state, [sha]) => ({
      body: [...state.pulls]
        // GitHub does not know a fork's commits.
        .filter(([, pull]) => pull.headSha === sha && pull.headRepo === REPOSITORY)
        .map(([number, pull]) => pullJson(number, pull)),
    }),
  ],
  [
    'GET',
    /\/deployments$/,
    'deployments: read',
    (state, _, query) =>
      paged(
        state.deployments
          .filter(
            ({ sha, environment }) =>
              sha === query.get('sha') || environment === query.get('environment'),
          )
          .toReversed()
          .map(({ id, sha, environment, production }) => ({
            id,
            sha,
            ref: sha,
            environment,
            production_environment: production,
            created_at: new Date(id * 1000).toISOString(),
          })),
        query,
      ),
  ],
  [
    'GET',
    /\/deployments\/(\d+)\/statuses$/,
    'deployments: read',
    (state, [id], query) =>
      paged(
        (state.deployments.find((one) => one.id === Number(id))?.statuses ?? []).toReversed(),
        query,
      ),
  ],
  [
    'GET',
    /\/issues\/(\d+)\/comments$/,
    'pull-requests: write',
    (state, [number], query) =>
      paged(
        state.comments
          .filter((one) => one.number === Number(number))
          .map(({ id, author, body }) => ({ id, body, user: { login: author } })),
        query,
      ),
  ],
  [
    'POST',
    /\/issues\/(\d+)\/comments$/,
    'pull-requests: write',
    (state, [number], _, body: { body: string }) => {
      const comment = {
        id: state.comments.length + 1,
        number: Number(number),
        author: BOT,
        body: body.body,
      }
      state.comments.push(comment)
      return { status: 201, body: comment }
    },
  ],
  [
    'PATCH',
    /\/issues\/comments\/(\d+)$/,
    'pull-requests: write',
    (state, [id], _, body: { body: string }) => {
      const comment = state.comments.find((one) => one.id === Number(id))
      if (comment) comment.body = body.body
      return { status: comment ? 200 : 404, body: comment ?? { message: 'Not Found' } }
    },
  ],
  ['POST', /\/graphql$/, 'pull-requests: read', (state, _at, _query, body) => graphql(state, body)],
]

const REFUSED: Answer = { status: 403, body: { message: 'Resource not accessible by integration' } }

const answerTo = (state: State, request: IncomingMessage, url: URL, body: string): Answer => {
  if (request.headers.authorization !== 'token ghs_local') return REFUSED
  for (const [method, path, permission, answer] of ROUTES) {
    const match = path.exec(url.pathname)
    if (request.method !== method || !match) continue
    if (state.forbidden.has(permission) && !url.pathname.endsWith('/graphql')) return REFUSED
    return answer(state, match.slice(1), url.searchParams, (body ? JSON.parse(body) : {}) as never)
  }
  return { status: 404, body: { message: 'Not Found' } }
}

const BAD_GATEWAY: Answer = { status: 502, body: { message: 'Bad Gateway' } }

const answerOrFail = (state: State, request: IncomingMessage, url: URL, body: string): Answer => {
  const { failing } = state
  if (!failing?.request.test(`${request.method} ${url.pathname}`) || failing.times === 0) {
    return answerTo(state, request, url, body)
  }
  failing.times -= 1
  if (failing.when === 'after') answerTo(state, request, url, body)
  return BAD_GATEWAY
}

const send = (response: ServerResponse, url: URL, { status = 200, body, next }: Answer): void => {
  const more = new URL(url)
  more.searchParams.set('page', String(Number(url.searchParams.get('page') ?? 1) + 1))
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(next && { link: `<${more}>; rel="next"` }),
  })
  response.end(JSON.stringify(body))
}

/** Starts it on a free port. */
export const startLocalGitHub = async (): Promise<LocalGitHub> => {
  let state = fresh()
  let apiUrl = ''
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      const url = new URL(request.url ?? '', apiUrl)
      state.requests.push(`${request.method} ${url.pathname}`)
      send(response, url, answerOrFail(state, request, url, body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    apiUrl,
    setState: (number, to) => void state.pulls.set(number, { ...pullOf(state, number), state: to }),
    setPull: (number, pull) => void state.pulls.set(number, { ...pullOf(state, number), ...pull }),
    deploy: (sha, environment, states, url, production = false) => {
      const statuses = states.map((one) => ({ state: one, environment_url: url }))
      state.deployments.push({
        id: state.deployments.length + 1,
        sha,
        environment,
        production,
        statuses,
      })
    },
    addComment: (number, author, body) =>
      void state.comments.push({ id: state.comments.length + 1, number, author, body }),
    get comments() {
      return state.comments
    },
    fail: (request, when, times = 1) => {
      state.failing = { request, when, times }
    },
    forbid: (permission) => void state.forbidden.add(permission),
    permit: (permission) => void state.forbidden.delete(permission),
    get requests() {
      return state.requests
    },
    reset: () => {
      state = fresh()
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
