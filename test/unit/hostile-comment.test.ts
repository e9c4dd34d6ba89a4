import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GitHub } from '../../src/github/api.ts'
import { type CommentRecord, findComment, writeComment } from '../../src/github/comments.ts'
import { hostileText } from '../hostile/payloads.ts'
import { rendered } from '../hostile/rendered.ts'

const BOT = 'github-actions'

interface Stored {
  id: number
  body: string
  user: { login: string } | null
}

/** GitHub, as far as comments go: what it is told to hold, and what is written to it. */
const githubWith = (stored: Stored[]): GitHub => {
  const octokit = {
    paginate: async () => stored,
    graphql: async () => ({ viewer: { login: BOT } }),
    rest: {
      issues: {
        createComment: async ({ body }: { body: string }) =>
          void stored.push({ id: stored.length + 1, body, user: { login: `${BOT}[bot]` } }),
        updateComment: async ({ body, comment_id }: { body: string; comment_id: number }) => {
          const comment = stored.find(({ id }) => id === comment_id)
          if (comment) comment.body = body
        },
      },
    },
  }
  return {
    repository: 'a/b',
    call: (_, question) => question(octokit as never, { owner: 'a', repo: 'b' } as never),
  }
}

const texts = hostileText()
const records: fc.Arbitrary<CommentRecord> = fc.record({
  run: fc.nat(),
  attempt: fc.nat(),
  deployed: fc.array(fc.record({ environment: texts, origin: texts, sha: texts }), {
    maxLength: 4,
  }),
})

const PROJECT = 'quiet-lake-12345678'

describe("the comment's record", () => {
  it('comes back as it was, whatever environments and domains are called, and nothing of it shows', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (record) => {
        const stored: Stored[] = []
        const github = githubWith(stored)
        const comment = {
          number: 2,
          projectId: PROJECT,
          markdown: 'told',
          record,
          found: undefined,
        }
        await writeComment(github, comment)
        expect((await findComment(github, 2, PROJECT))?.record).toEqual(record)
        const body = stored[0]?.body ?? ''
        expect(body.split('-->')).toHaveLength(2)
        const { foreign, pings, text } = rendered(body.slice(body.indexOf('\n') + 1))
        expect({ foreign, pings, text: text.trim() }).toEqual({
          foreign: [],
          pings: [],
          text: 'told',
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
        '{"deployed":[null,7,{"environment":"a"},{"environment":"a","origin":7,"sha":"b"}]}',
        '{"run":{},"deployed":"abc"}',
      )
      .map(marker),
    fc.constant(`> ${marker('{"run":1}')}`),
    fc.constant(`\ufeff${marker('{"run":1}')}`),
    fc.constant(`${marker('{"run":1}').replace('-->', '')}`),
  )

  it('is never broken by what comments hold, and never taken from anybody else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(bodies, fc.constantFrom('octocat', 'GitHub-Actions', `${BOT}s`, null)), {
          maxLength: 6,
        }),
        async (others) => {
          const stored = others.map(([body, login], id) => ({
            id,
            body,
            user: login === null ? null : { login },
          }))
          expect(await findComment(githubWith(stored), 2, PROJECT)).toBeUndefined()
        },
      ),
      { numRuns: 500 },
    )
  })

  it('is made of its own kinds, whatever its own comment says', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const found = await findComment(
          githubWith([{ id: 1, body, user: { login: `${BOT}[bot]` } }]),
          2,
          PROJECT,
        )
        if (!found) return
        expect(typeof found.record.run).toBe('number')
        expect(typeof found.record.attempt).toBe('number')
        for (const { environment, origin, sha } of found.record.deployed)
          expect([typeof environment, typeof origin, typeof sha]).toEqual(Array(3).fill('string'))
      }),
      { numRuns: 500 },
    )
  })

  it('a body is cut to what GitHub takes, marker first', async () => {
    const stored: Stored[] = []
    const record = { run: 1, attempt: 1, deployed: [] }
    const comment = {
      number: 2,
      projectId: PROJECT,
      markdown: 'x'.repeat(200_000),
      record,
      found: undefined,
    }
    await writeComment(githubWith(stored), comment)
    expect(stored[0]?.body.length).toBeLessThanOrEqual(65_536)
    expect((await findComment(githubWith(stored), 2, PROJECT))?.record).toEqual(record)
  })
})
