import { describe, expect, it } from 'vitest'
import type { GitHub } from '../../src/github/client.ts'
import { commentBody } from '../../src/github/comment-marker.ts'
import { openOwnComments } from '../../src/github/endpoints/find-own-comments.ts'

const ME = { login: 'ada', id: 7 }
const NEXT = '<https://api.github.com/x?page=2>; rel="next"'

interface Page {
  readonly ids: readonly number[]
  readonly date?: string
  readonly link?: string
}

/** Lists the comments of a pull request twice. GitHub answers with the next of `pages` each time. */
const listTwice = async (...pages: Page[]) => {
  const queries: { since?: string }[] = []
  const listComments = async (query: { since?: string }) => {
    queries.push(query)
    const { ids, date, link } = pages[queries.length - 1] ?? { ids: [] }
    const body = commentBody('p1', { run: 1, attempt: 1, deployed: [] }, '')
    return { data: ids.map((id) => ({ id, body, user: ME })), headers: { date, link } }
  }
  const graphql = async () => ({ viewer: { login: ME.login, databaseId: ME.id } })
  const octokit = { graphql, rest: { issues: { listComments } } }
  const call = (_: string, send: (client: object, options: object) => unknown) => send(octokit, {})
  const own = openOwnComments({ isApp: false, call } as unknown as GitHub, 'p1')
  const first = (await own.list(2)).map(({ id }) => id)
  const second = (await own.list(2)).map(({ id }) => id)
  return { first, second, since: queries.map((query) => query.since) }
}

describe('listing own comments a second time', () => {
  it('reads only what changed since a minute before the first listing', async () => {
    const { first, second, since } = await listTwice(
      { ids: [1], date: 'Mon, 23 Nov 2026 10:00:00 GMT', link: NEXT },
      { ids: [2], date: 'Mon, 23 Nov 2026 10:05:00 GMT' },
      { ids: [3, 2], date: 'Mon, 23 Nov 2026 10:06:00 GMT' },
    )
    expect({ first, second }).toEqual({ first: [1, 2], second: [1, 2, 3] })
    expect(since).toEqual([undefined, undefined, '2026-11-23T09:59:00Z'])
  })

  it.each([undefined, 'soon'])(
    'reads everything again, and drops deleted comments, if GitHub sends no valid date: %s',
    async (date) => {
      const page = date === undefined ? {} : { date }
      expect(await listTwice({ ids: [1, 2], ...page }, { ids: [2], ...page })).toEqual({
        first: [1, 2],
        second: [2],
        since: [undefined, undefined],
      })
    },
  )
})
