import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startDeadline } from '../../src/core/deadline.ts'
import { createGitHub, type GitHub, GitHubError } from '../../src/github/client.ts'
import type { CommentRecord } from '../../src/github/comment-record.ts'
import { openOwnComments } from '../../src/github/endpoints/find-own-comments.ts'
import { type CommentUpdate, writeComment } from '../../src/github/endpoints/write-comment.ts'
import { createHttp } from '../../src/network/http.ts'
import { SILENT_LOG } from '../fakes.ts'
import { BOT, type LocalGitHub, startLocalGitHub } from '../local-github.ts'
import { REPOSITORY } from '../payloads.ts'
import { shortenWaits } from '../shorten-waits.ts'

shortenWaits()

let local: LocalGitHub

beforeAll(async () => {
  local = await startLocalGitHub()
  // Octokit's toolkit reads the variable once, when it is loaded.
  process.env['GITHUB_API_URL'] = local.apiUrl
})
beforeEach(() => local.reset())
afterAll(() => local.close())

const openGitHub = (): GitHub => {
  const deadline = startDeadline(30, new AbortController().signal)
  const github = createGitHub(
    'ghs_local',
    REPOSITORY,
    deadline,
    createHttp(deadline, SILENT_LOG).once,
  )
  if (!github) throw new Error('createGitHub returned no client')
  return github
}

const WEB = { id: 'br-web', name: 'preview/pr-2-web' }
const API = { id: 'br-api', name: 'preview/pr-2-api' }

const updateOf = (run: number, branch = WEB, more: Partial<CommentUpdate> = {}): CommentUpdate => ({
  number: 2,
  subject: branch,
  markdown: `run ${run}`,
  recordAfter: (earlier): CommentRecord => ({
    run,
    attempt: 1,
    branch,
    deployed: earlier?.deployed ?? [],
  }),
  createIfMissing: true,
  ...more,
})

const openComments = () => openOwnComments(openGitHub(), 'p1')
const write = (update: CommentUpdate, comments = openComments()) => writeComment(comments, update)
const texts = () => local.comments.map(({ body }) => body.slice(body.indexOf('\n') + 1))
const requestsWith = (method: string, path: string) =>
  local.requests.filter((request) => request.startsWith(method) && request.endsWith(path))
const creations = () => requestsWith('POST', '/comments')

describe('a comment', () => {
  it('is created once and then edited in place', async () => {
    expect(await write(updateOf(1))).toBe('written')
    expect(await write(updateOf(2))).toBe('written')
    expect(texts()).toEqual(['run 2'])
    expect(creations()).toHaveLength(1)
  })

  it('is not created with `createIfMissing: false`', async () => {
    expect(await write(updateOf(1, WEB, { createIfMissing: false }))).toBe('none')
    expect(local.comments).toEqual([])
  })

  it('of one branch is never overwritten by a run on another', async () => {
    await write(updateOf(1, WEB))
    await write(updateOf(2, API))
    await write(updateOf(3, WEB))
    expect(texts()).toEqual(['run 3', 'run 2'])
  })

  it('keeps the text of a newer run if an older run writes later', async () => {
    await write(updateOf(9))
    expect(await write(updateOf(8))).toBe('newer')
    expect(texts()).toEqual(['run 9'])
  })

  it.each(['before', 'after'] as const)(
    'is not duplicated if the connection is lost %s its creation takes effect',
    async (when) => {
      local.fail(/^POST .*\/comments$/, when)
      await write(updateOf(1))
      expect(texts()).toEqual(['run 1'])
      // If the request took effect, the comment is found and not created again.
      expect(creations()).toHaveLength(when === 'after' ? 1 : 2)
    },
  )

  it('reconcile lost responses by reading: is sent only once if GitHub refuses it', async () => {
    const body = { message: 'Resource not accessible by integration' }
    local.fault(/^POST .*\/comments$/, { status: 403, body })
    await expect(write(updateOf(1))).rejects.toThrow(/Resource not accessible by integration/)
    expect(creations()).toHaveLength(1)
  })

  it.each([
    ['an empty object', {}],
    ['an HTML page', '<html>A proxy that answers for GitHub</html>'],
  ])(
    'unknown is not none: is created again if the response to its creation is %s',
    async (_, body) => {
      local.fault(/^POST .*\/comments$/, { body }, { times: 1 })
      expect(await write(updateOf(1))).toBe('written')
      expect(texts()).toEqual(['run 1'])
    },
  )

  it('unknown is not none: does not count as written if GitHub does not store it', async () => {
    local.fault(/^POST .*\/comments$/, { body: {} })
    await expect(write(updateOf(1))).rejects.toThrow(/its response names no comment/)
    local.clearFaults()
    await write(updateOf(1))
    local.fault(/^PATCH .*\/comments\/\d+$/, { body: {} })
    await expect(write(updateOf(2))).rejects.toThrow(/its response names no comment/)
  })

  it('is sent only once if GitHub refuses to edit it', async () => {
    await write(updateOf(1))
    local.fault(/^PATCH /, { status: 403, body: { message: 'Forbidden' } })
    await expect(write(updateOf(2))).rejects.toThrow('403, Forbidden')
    expect(local.requests.filter((request) => request.startsWith('PATCH'))).toHaveLength(1)
  })

  it('is written even if GitHub does not list it yet', async () => {
    local.fault(/^GET .*\/comments/, { body: [] })
    expect(await write(updateOf(1))).toBe('written')
    expect(texts()).toEqual(['run 1'])
  })

  it('is never too long for GitHub', async () => {
    const deployed = Array.from({ length: 3000 }, (_, index) => ({
      environment: `Preview ${index}`,
      origin: `https://app-${index}.shop.example`,
      sha: 'a'.repeat(40),
    }))
    const long = updateOf(1, WEB, {
      markdown: Array.from({ length: 5000 }, () => '- Trust a domain.').join('\n'),
      recordAfter: () => ({ run: 1, attempt: 1, branch: WEB, deployed }),
    })
    await write(long)
    await write(long)
    expect(local.comments).toHaveLength(1)
    const [comment] = await openComments().list(2)
    expect(comment?.record.deployed.at(-1)).toEqual(deployed.at(-1))
  })
})

describe('two first runs at the same time', () => {
  /** Writes `own`, but lets another run create its comment right before. */
  const writeAfterRace = async (other: CommentUpdate, own: CommentUpdate) => {
    let isFirst = true
    local.onRequest(/^POST .*\/comments$/, {
      before: async () => {
        if (!isFirst) return
        isFirst = false
        await write(other)
      },
    })
    return write(own)
  }

  it('end with one comment, the oldest, with the text of the newer run', async () => {
    expect(await writeAfterRace(updateOf(1), updateOf(2))).toBe('written')
    expect(texts()).toEqual(['run 2'])
    expect(local.comments[0]?.id).toBe(1)
  })

  it('end the same way if the older run is slower', async () => {
    expect(await writeAfterRace(updateOf(2), updateOf(1))).toBe('newer')
    expect(texts()).toEqual(['run 2'])
  })

  it.each([
    [1, 2, 'written'],
    [2, 1, 'newer'],
  ] as const)(
    'reconcile lost responses by reading: end with the newer text if run %i writes while the request of run %i is lost',
    async (other, own, result) => {
      local.fault(/^POST .*\/comments$/, 'reset', { times: 1 })
      let isFirst = true
      local.onRequest(/^GET .*\/comments/, {
        before: async () => {
          if (!isFirst || creations().length === 0) return
          isFirst = false
          await write(updateOf(other))
        },
      })
      expect(await write(updateOf(own))).toBe(result)
      expect(texts()).toEqual(['run 2'])
      expect(creations()).toHaveLength(2)
    },
  )

  it('keep both comments if they are on two branches', async () => {
    await writeAfterRace(updateOf(1, API), updateOf(2, WEB))
    expect(texts()).toEqual(['run 1', 'run 2'])
  })

  it('may leave a duplicate, which a later run must delete to succeed', async () => {
    await write(updateOf(1))
    const [{ body = '' } = {}] = local.comments
    local.addComment(2, BOT, body)
    local.fault(/^DELETE /, { status: 403, body: { message: 'Forbidden' } }, { times: 1 })
    await expect(write(updateOf(2))).rejects.toThrow('403, Forbidden')
    local.addComment(2, 'mallory', body)
    await write(updateOf(3))
    expect(local.comments.map(({ author }) => author)).toEqual([BOT, 'mallory'])
    expect(texts()).toEqual(['run 3', 'run 1'])
  })

  it('cause no error if another run has just deleted the duplicate', async () => {
    await write(updateOf(1))
    const [{ body = '' } = {}] = local.comments
    local.addComment(2, BOT, body)
    local.fault(/^DELETE /, { status: 404, body: { message: 'Not Found' } })
    expect(await write(updateOf(2))).toBe('written')
  })
})

describe("a comment that is not the action's own", () => {
  it.each([
    ["a person whose name resembles the bot's", 'github-actions'],
    ['another app', 'other-app[bot]'],
    ['a deleted account', null],
  ])('is ignored and not edited if it is from %s', async (_, author) => {
    await write(updateOf(9))
    const [{ body = '' } = {}] = local.comments
    local.reset()
    local.addComment(2, author, body)
    await write(updateOf(1))
    expect(texts()).toEqual(['run 9', 'run 1'])
  })
})

describe('a server without GraphQL', () => {
  const refuseGraphql = () =>
    local.fault(/graphql/, { status: 404, body: { message: 'Not Found' } })

  it('keeps one comment, found by the account that REST returns', async () => {
    refuseGraphql()
    local.setViewer({ login: 'gitea-actions', id: -2, type: 'Bot' })
    local.fault(/GET \/user/, { body: { login: 'gitea-actions', id: -2 } })
    await write(updateOf(1))
    await write(updateOf(2))
    expect(texts()).toEqual(['run 2'])
  })

  it('gets no comment if REST returns no account, because no later run could update it', async () => {
    refuseGraphql()
    await expect(write(updateOf(1))).rejects.toThrow(/no GraphQL API \(Gitea and Forgejo/)
    expect(local.comments).toEqual([])
  })
})

describe('unknown is not none: a response that GitHub does not document', () => {
  it.each<[string, RegExp, object | null, string]>([
    ['an account without a login', /graphql/, { data: { viewer: {} } }, 'names no account'],
    ['no account', /graphql/, { data: {} }, "does not match GitHub's documentation"],
    ['null instead of a comment', /^GET .*\/comments/, [null], 'is not a list of comments'],
  ])('causes a `GitHubError`: %s', async (_, request, body, message) => {
    local.fault(request, { body })
    const writing = write(updateOf(1))
    await expect(writing).rejects.toBeInstanceOf(GitHubError)
    await expect(writing).rejects.toThrow(message)
    expect(local.comments).toEqual([])
  })
})

describe('the comments of a run', () => {
  const reads = () => local.requests.filter((request) => /^GET .*\/comments/.test(request))

  it('are read completely once, and later reads fetch only what was written since', async () => {
    for (let index = 0; index < 250; index++) local.addComment(2, 'somebody', `${index}`)
    local.ageComments()
    const comments = openComments()
    await comments.list(2)
    expect(reads()).toHaveLength(3)
    expect(await write(updateOf(1), comments)).toBe('written')
    // The run reads once right before it creates its comment, and once after.
    expect(reads()).toHaveLength(5)
    expect(requestsWith('POST', '/graphql')).toHaveLength(1)
  })

  it('show what another run has written or edited since', async () => {
    await write(updateOf(1))
    local.ageComments()
    const comments = openComments()
    await comments.list(2)
    await write(updateOf(9))
    await write(updateOf(9, API))
    expect(await write(updateOf(8), comments)).toBe('newer')
    expect((await comments.list(2)).map(({ record }) => record.branch)).toEqual([WEB, API])
  })

  it('stay in order if another run has edited only the older one since', async () => {
    await write(updateOf(1, WEB))
    await write(updateOf(2, API))
    local.ageComments()
    const comments = openComments()
    await comments.list(2)
    await write(updateOf(9, WEB))
    expect((await comments.list(2)).map(({ record }) => record.run)).toEqual([9, 2])
  })

  it('are read again if the comment to edit was deleted since', async () => {
    await write(updateOf(1))
    const comments = openComments()
    const [{ id } = { id: 0 }] = await comments.list(2)
    local.removeComment(id)
    expect(await write(updateOf(2), comments)).toBe('written')
    expect(texts()).toEqual(['run 2'])
  })
})
