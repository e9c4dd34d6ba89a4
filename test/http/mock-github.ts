import nock from 'nock'
import { REPOSITORY } from '../payloads.ts'

/** A pull request at GitHub. */
export interface PullState {
  state: 'open' | 'closed'
  ref?: string
  base?: string
  merged?: boolean
  fork?: boolean
}

/** The state of GitHub. A test may change it at any time. */
export interface GitHubState {
  pulls: Record<number, PullState>
  defaultBranch: string
  /** The git branches that exist, and whether each is protected. */
  gitBranches: Record<string, boolean>
  /** Matches the paths that get a 403. */
  refusedPaths?: RegExp
  /** The requests so far, without their query: `GET /pulls/2`. */
  readonly requests: string[]
}

/** The repository of the run, as GitHub's REST API shows it in a pull request. */
export const THIS_REPOSITORY = { id: 1, full_name: REPOSITORY }

const repository = (fork = false) => (fork ? { id: 9, full_name: 'stranger/x' } : THIS_REPOSITORY)

const toRestPull = (number: number, { state, ref, base, merged, fork }: PullState) => ({
  number,
  state,
  merged_at: merged ? '2026-11-20T10:00:00Z' : null,
  head: {
    ref: ref ?? 'changes',
    sha: 'ec26c3e57ca3a959ca5aad62de7213c562f8c821',
    repo: repository(fork),
  },
  base: { ref: base ?? 'master', repo: repository() },
})

const replyTo = (gitHub: GitHubState, url: URL): readonly [number, unknown] => {
  const path = decodeURIComponent(url.pathname.replace(`/repos/${REPOSITORY}`, ''))
  gitHub.requests.push(`GET ${path || '/'}`)
  if (gitHub.refusedPaths?.test(path || '/'))
    return [403, { message: 'Resource not accessible by integration' }]
  if (path.startsWith('/repos/')) return [404, { message: 'Not Found' }]
  if (path === '') return [200, { ...repository(), default_branch: gitHub.defaultBranch }]
  const [, kind, name = ''] = /^\/(pulls|branches)(?:\/(.+))?$/.exec(path) ?? []
  if (kind === 'branches') {
    const isProtected = gitHub.gitBranches[name]
    if (isProtected === undefined) return [404, { message: 'Branch not found' }]
    return [200, { name, protected: isProtected }]
  }
  if (name === '') {
    const [head, base, state] = ['head', 'base', 'state'].map((key) => url.searchParams.get(key))
    const pulls = Object.entries(gitHub.pulls)
      .map(([number, pull]) => toRestPull(Number(number), pull))
      .filter((pull) => state === 'all' || pull.state === state)
      .filter((pull) => !head || pull.head.ref === head.split(':').slice(1).join(':'))
      .filter((pull) => !base || pull.base.ref === base)
    return [200, pulls]
  }
  const pull = gitHub.pulls[Number(name)]
  return pull ? [200, toRestPull(Number(name), pull)] : [404, { message: 'Not Found' }]
}

/** Mocks every read of repositories, pull requests, and git branches. Returns the state, to change it. */
export const mockGitHub = (pulls: GitHubState['pulls'] = { 2: { state: 'open' } }): GitHubState => {
  const gitHub: GitHubState = {
    pulls,
    defaultBranch: 'master',
    gitBranches: { master: true },
    requests: [],
  }
  nock('https://api.github.com')
    .persist()
    .get(/^\/repos\/[^/]+\/[^/?]+(\/(pulls|branches)(\/.+)?)?(\?.*)?$/)
    .optionally()
    .reply((request: Request) => {
      const [status, body] = replyTo(gitHub, new URL(request.url))
      return [status, JSON.stringify(body), { 'content-type': 'application/json' }] as const
    })
  return gitHub
}

/** The input that lets a run call GitHub. */
export const TOKEN = { github_token: 'ghs_token' }
