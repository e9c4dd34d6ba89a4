import { accountJson, type LocalAccount } from './accounts.ts'
import { type Answer, type Call, NOT_FOUND, page, unprocessable } from './answers.ts'
import type { LocalComment, State } from './state.ts'

const LONGEST_BODY = 65_536

/** Formats a time as GitHub does, without milliseconds. */
const isoTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, -5)}Z`

const commentJson = ({ id, account, app, body, updatedAt }: LocalComment) => ({
  id,
  body,
  updated_at: isoTime(updatedAt),
  user: account && accountJson(account),
  performed_via_github_app: app === null ? null : { slug: app },
})

const appOf = ({ login, type }: LocalAccount): string | null =>
  type === 'Bot' ? login.replace('[bot]', '') : null

/** Adds a comment to the state and returns it. */
export const storeComment = (
  state: State,
  number: number,
  account: LocalAccount | null,
  body: string,
  app: string | null = account ? appOf(account) : null,
): LocalComment => {
  const author = account?.login ?? 'ghost'
  const updatedAt = Date.now()
  const comment = { id: state.nextComment++, number, author, account, app, body, updatedAt }
  state.comments.push(comment)
  return comment
}

/** Returns GitHub's response to a comment that it rejects, or `undefined` if it accepts the comment. */
const rejectionOf = (state: State, number: number, body: unknown): Answer | undefined => {
  if (state.locked.has(number)) {
    const message = 'Unable to create comment because issue is locked.'
    return { status: 403, body: { message } }
  }
  if (typeof body !== 'string' || body === '') return unprocessable('Body cannot be blank')
  return [...body].length > LONGEST_BODY
    ? unprocessable(`Body is too long (maximum is ${LONGEST_BODY} characters)`)
    : undefined
}

const bodyOf = ({ body }: Call): unknown => (JSON.parse(body || '{}') as { body?: unknown }).body

/**
 * `GET /issues/{number}/comments`, oldest first. With `since`, only those that changed at that time or later
 * (https://docs.github.com/en/rest/issues/comments#list-issue-comments).
 */
export const listComments = (state: State, [number]: readonly string[], call: Call): Answer => {
  const since = Date.parse(call.url.searchParams.get('since') ?? '') || 0
  const listed = state.comments.filter(
    (one) => one.number === Number(number) && one.updatedAt >= since,
  )
  return page(listed.map(commentJson), call, state)
}

/** `POST /issues/{number}/comments`. */
export const createComment = (state: State, [number]: readonly string[], call: Call): Answer => {
  const body = bodyOf(call)
  const rejection = rejectionOf(state, Number(number), body)
  if (rejection) return rejection
  const comment = storeComment(state, Number(number), state.viewer, String(body))
  return { status: 201, body: commentJson(comment) }
}

const find = ({ comments }: State, id: string | undefined): LocalComment | undefined =>
  comments.find((one) => one.id === Number(id))

/** `PATCH /issues/comments/{id}`. */
export const updateComment = (state: State, [id]: readonly string[], call: Call): Answer => {
  const comment = find(state, id)
  if (!comment) return NOT_FOUND
  const body = bodyOf(call)
  const rejection = rejectionOf(state, comment.number, body)
  if (rejection) return rejection
  comment.body = String(body)
  comment.updatedAt = Date.now()
  return { body: commentJson(comment) }
}

/** `DELETE /issues/comments/{id}`. */
export const deleteComment = (state: State, [id]: readonly string[]): Answer => {
  const comment = find(state, id)
  if (!comment) return NOT_FOUND
  state.comments.splice(state.comments.indexOf(comment), 1)
  return { status: 204 }
}
