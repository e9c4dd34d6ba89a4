import { accountJson, accountOf } from './accounts.ts'
import { type Answer, type Call, NOT_FOUND, page } from './answers.ts'
import { repositoryJson } from './repositories.ts'
import { isOwn, type LocalPull, pullOf, type State } from './state.ts'

const AUTHOR = 'Codertocat'

const headRepository = (state: State, pull: LocalPull) => {
  if (pull.headRepo === null) return null
  if (isOwn(state, pull)) return repositoryJson(state.repository)
  const other = state.others.get(pull.headRepo.toLowerCase())
  return repositoryJson(
    other ?? { id: 2, fullName: pull.headRepo, defaultBranch: 'main', formerNames: [] },
  )
}

const pullJson = (state: State, number: number, pull: LocalPull) => {
  const head = headRepository(state, pull)
  const base = pull.baseRef ?? state.repository.defaultBranch
  const [owner] = (pull.headRepo ?? 'ghost/gone').split('/')
  return {
    number,
    state: pull.state,
    user: accountJson(accountOf(pull.author ?? AUTHOR)),
    merged_at: pull.mergedAt ?? null,
    head: { label: `${owner}:${pull.headRef}`, ref: pull.headRef, sha: pull.headSha, repo: head },
    base: { label: `${AUTHOR}:${base}`, ref: base, repo: repositoryJson(state.repository) },
  }
}

/** `GET /pulls/{number}`. */
export const getPull = (state: State, [number]: readonly string[]): Answer =>
  state.issues.has(Number(number))
    ? NOT_FOUND
    : { body: pullJson(state, Number(number), pullOf(state, Number(number))) }

/** `GET /issues/{number}`, which includes pull requests. */
export const getIssue = (state: State, [text]: readonly string[]): Answer => {
  const number = Number(text)
  const isPull = !state.issues.has(number)
  const locked = state.locked.has(number)
  return { body: { number, state: 'open', locked, ...(isPull && { pull_request: {} }) } }
}

const newestFirst = (state: State): [number, LocalPull][] =>
  [...state.pulls].toSorted(([a], [b]) => b - a)

/** `GET /pulls?state=&head=owner:ref&base=&sort=created&direction=`, newest first by default. */
export const listPulls = (state: State, _: readonly string[], call: Call): Answer => {
  const { searchParams: query } = call.url
  const wanted = query.get('state') ?? 'open'
  const [head, base] = [query.get('head'), query.get('base')]
  const found = newestFirst(state)
    .filter(([, pull]) => wanted === 'all' || pull.state === wanted)
    .map(([number, pull]) => pullJson(state, number, pull))
    // GitHub ignores a head without an owner.
    .filter((pull) => !head?.includes(':') || isSameHead(pull.head.label, head))
    .filter((pull) => base === null || pull.base.ref === base)
  return page(query.get('direction') === 'asc' ? found.toReversed() : found, call, state)
}

// Logins are case-insensitive; git branches are not.
const isSameHead = (label: string, head: string): boolean => {
  const [owner = '', ref] = [label.slice(0, label.indexOf(':')), label.slice(label.indexOf(':'))]
  const at = head.indexOf(':')
  return owner.toLowerCase() === head.slice(0, at).toLowerCase() && ref === head.slice(at)
}

/** `GET /commits/{sha}/pulls`: the pull requests that contain a commit, except those from forks. */
export const pullsOfCommit = (state: State, [sha = '']: readonly string[], call: Call): Answer =>
  page(
    [...state.pulls]
      .filter(([, pull]) => pull.headSha === sha || pull.commits?.includes(sha))
      .filter(([, pull]) => isOwn(state, pull))
      .map(([number, pull]) => pullJson(state, number, pull)),
    call,
    state,
  )
