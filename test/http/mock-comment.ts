import nock from 'nock'
import { commentBody, parseCommentRecord } from '../../src/github/comment-marker.ts'
import type { CommentRecord } from '../../src/github/comment-record.ts'

/**
 * Mocks the comment that an earlier run wrote on pull request 2, with its record. Returns a function that
 * returns the record in the latest update.
 */
export const mockComment = (record: CommentRecord): (() => CommentRecord | undefined) => {
  const viewer = { login: 'github-actions[bot]' }
  const body = commentBody('p1', record, 'Enabled')
  let written = ''
  const api = nock('https://api.github.com').persist()
  api.post('/graphql').reply(200, { data: { viewer } })
  api.get(/issues.2.comments/).reply(200, [{ id: 7, body, user: { ...viewer, type: 'Bot' } }])
  api.patch(/issues.comments.7$/).reply(async (request: Request) => {
    written = JSON.parse(await request.text()).body
    return [200, { id: 7 }] as const
  })
  return () => parseCommentRecord(written, 'p1')
}
