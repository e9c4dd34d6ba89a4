import { type GitHub, GitHubRefused } from './api.ts'

const PERMISSION = 'pull-requests: write'
/** GitHub takes 65,536 characters. */
const LONGEST_BODY = 65_000

/** What a run leaves in its comment for the next one. */
export interface CommentRecord {
  /** GITHUB_RUN_ID and GITHUB_RUN_ATTEMPT of the run that wrote it. */
  readonly run: number
  readonly attempt: number
  /** Where the pull request was deployed to, and with which head commit. */
  readonly deployed: readonly {
    readonly environment: string
    readonly origin: string
    readonly sha: string
  }[]
}

/** The comment of an earlier run. */
export interface FoundComment {
  readonly id: number
  readonly record: CommentRecord
}

const EMPTY: CommentRecord = { run: 0, attempt: 0, deployed: [] }

// Base64: a domain may hold `--`, which ends an HTML comment.
const markerOf = (projectId: string, record: CommentRecord): string =>
  `<!-- neon-auth-preview ${projectId} ${Buffer.from(JSON.stringify(record)).toString('base64url')} -->`

const toDeployed = (entry: unknown): CommentRecord['deployed'] => {
  const { environment, origin, sha } = (entry ?? {}) as Record<string, unknown>
  return typeof environment === 'string' && typeof origin === 'string' && typeof sha === 'string'
    ? [{ environment, origin, sha }]
    : []
}

const recordOf = (text: string): CommentRecord => {
  try {
    const { run, attempt, deployed } = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    const entries: unknown[] = Array.isArray(deployed) ? deployed : []
    return {
      run: Number(run) || 0,
      attempt: Number(attempt) || 0,
      deployed: entries.flatMap(toDeployed),
    }
  } catch {
    return EMPTY
  }
}

// BranchPath the very start only: a comment that quotes another one is not that one.
const readMarker = (body: string, projectId: string): CommentRecord | undefined => {
  const [, project, record] = /^<!-- neon-auth-preview (\S+) ([\w-]*) -->/.exec(body) ?? []
  return project === projectId ? recordOf(record ?? '') : undefined
}

/** Who writes with this token. GraphQL tells it for GITHUB_TOKEN too, REST does not. */
const viewer = (github: GitHub): Promise<string> =>
  github.call(PERMISSION, async (octokit, { request }) => {
    const answer = await octokit.graphql<{ viewer: { login: string } }>(
      'query { viewer { login } }',
      {
        request,
      },
    )
    return answer.viewer.login.replace(/\[bot\]$/, '')
  })

/**
 * The comment of this pull request and Neon project, over all pages: by its invisible marker *and*
 * its author, as anybody can write a marker. Throws `GitHubRefused`.
 */
export const findComment = async (
  github: GitHub,
  number: number,
  projectId: string,
): Promise<FoundComment | undefined> => {
  const comments = await github.call(PERMISSION, (octokit, asking) =>
    octokit.paginate(octokit.rest.issues.listComments, {
      ...asking,
      issue_number: number,
      per_page: 100,
    }),
  )
  const marked = comments.flatMap(({ id, body = '', user }) => {
    const record = readMarker(body, projectId)
    return record ? [{ id, record, author: user?.login?.replace(/\[bot\]$/, '') }] : []
  })
  if (marked.length === 0) return undefined
  const login = await viewer(github)
  return marked.find(({ author }) => author === login)
}

/** Whether `a` is of an earlier run, or an earlier attempt of the same, than `b`. */
export const isOlder = (
  a: Pick<CommentRecord, 'run' | 'attempt'>,
  b: Pick<CommentRecord, 'run' | 'attempt'>,
): boolean => a.run < b.run || (a.run === b.run && a.attempt < b.attempt)

/** What a comment is written with. */
export interface Writing {
  readonly number: number
  readonly projectId: string
  readonly markdown: string
  readonly record: CommentRecord
  readonly found: FoundComment | undefined
}

/**
 * Writes the comment, in place where there is one. One whose making was not answered is looked for
 * before it is made again: there is to be one. Throws `GitHubRefused`.
 */
export const writeComment = async (
  github: GitHub,
  { number, projectId, markdown, record, found }: Writing,
): Promise<void> => {
  const body = `${markerOf(projectId, record)}\n${markdown}`.slice(0, LONGEST_BODY)
  if (found) {
    await github.call(PERMISSION, (octokit, asking) =>
      octokit.rest.issues.updateComment({ ...asking, comment_id: found.id, body }),
    )
    return
  }
  const create = () =>
    github.call(
      PERMISSION,
      (octokit, asking) =>
        octokit.rest.issues.createComment({ ...asking, issue_number: number, body }),
      { attempts: 1 },
    )
  try {
    await create()
  } catch (error) {
    if (!(error instanceof GitHubRefused && error.isLost)) throw error
    if (!(await findComment(github, number, projectId))) await create()
  }
}
