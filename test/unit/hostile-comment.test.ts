import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GitHub } from '../../src/github/client.ts'
import { commentBody, parseCommentRecord } from '../../src/github/comment-marker.ts'
import type { CommentRecord } from '../../src/github/comment-record.ts'
import { openOwnComments } from '../../src/github/endpoints/find-own-comments.ts'
import { hostileText } from '../hostile/payloads.ts'
import { render } from '../hostile/rendered.ts'
import { BOT_ACCOUNT, type LocalAccount } from '../local-github/accounts.ts'

interface StoredComment {
  id: number
  body: string
  user: Partial<LocalAccount> | null
}

/** Returns a GitHub with these comments and the bot's token. */
const githubWith = (stored: StoredComment[]): GitHub => {
  const { login, id } = BOT_ACCOUNT
  const octokit = {
    graphql: async () => ({ viewer: { login, databaseId: id } }),
    rest: { issues: { listComments: async () => ({ data: stored, headers: {} }) } },
  }
  return {
    repository: 'a/b',
    isApp: true,
    call: (_, work) => work(octokit as never, { owner: 'a', repo: 'b' } as never),
    read: () => Promise.reject(new Error('unexpected read')),
  }
}

const texts = hostileText()
const names = texts.filter((text) => text !== '' && text.length <= 300)
const records: fc.Arbitrary<CommentRecord> = fc.record({
  run: fc.nat(),
  attempt: fc.nat(),
  branch: fc.record({ id: fc.constant('br-1'), name: names }),
  deployed: fc.uniqueArray(
    fc.record({
      environment: names,
      origin: fc.webUrl().map((url) => new URL(url).origin),
      sha: fc.constantFrom('a'.repeat(40), 'b'.repeat(64)),
    }),
    { maxLength: 4, selector: ({ environment, origin }) => `${environment} ${origin}` },
  ),
})

const PROJECT = 'quiet-lake-12345678'
const ownComment = async (stored: StoredComment[]) =>
  (await openOwnComments(githubWith(stored), PROJECT).list(2))[0]

describe("the comment's record", () => {
  it('survives a round trip with any environment names and stays invisible', () => {
    fc.assert(
      fc.property(records, (record) => {
        const body = commentBody(PROJECT, record, 'The text')
        expect(parseCommentRecord(body, PROJECT)).toEqual(record)
        expect(body.split('-->')).toHaveLength(2)
        const { text, ...links } = render(body.slice(body.indexOf('\n') + 1))
        expect({ ...links, text: text.trim() }).toEqual({
          foreign: [],
          pings: [],
          text: 'The text',
        })
      }),
      { numRuns: 500 },
    )
  })

  const marker = (text: string): string =>
    `<!-- neon-auth-preview ${PROJECT} ${Buffer.from(text).toString('base64url')} -->`
  const bodies = fc.oneof(
    texts,
    texts.map(marker),
    fc.json().map(marker),
    fc
      .constantFrom(
        'null',
        '[]',
        '{"deployed":null}',
        '{"deployed":7}',
        '{"run":{},"deployed":"abc"}',
      )
      .map(marker),
    fc.constant(`> ${marker('{"run":1}')}`),
    fc.constant(`\ufeff${marker('{"run":1}')}`),
    fc.constant(`${marker('{"run":1}').replace('-->', '')}`),
  )

  const strangers = fc.constantFrom<Partial<LocalAccount> | null>(
    { login: 'octocat', id: 1, type: 'User' },
    { login: 'github-actions', id: 2, type: 'User' },
    { login: 'GitHub-Actions', id: BOT_ACCOUNT.id, type: 'User' },
    { login: 'github-actions[bot]', id: 3, type: 'Bot' },
    { login: 'github-actionss[bot]' },
    null,
  )

  it('is never read from a comment by another author, whatever its text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(bodies, strangers), { maxLength: 6 }), async (others) => {
        expect(
          await ownComment(others.map(([body, user], id) => ({ id, body, user }))),
        ).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  it('contains only valid entries, whatever the text of the comment', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const record = (await ownComment([{ id: 1, body, user: BOT_ACCOUNT }]))?.record
        if (!record) return
        expect(Number.isSafeInteger(record.run) && Number.isSafeInteger(record.attempt)).toBe(true)
        for (const { environment, origin, sha } of record.deployed)
          expect([typeof environment, typeof sha, new URL(origin).origin]).toEqual([
            'string',
            'string',
            origin,
          ])
      }),
      { numRuns: 500 },
    )
  })
})
