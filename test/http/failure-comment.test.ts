import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PullRequestClosed, PullRequestReopened } from '../../src/auth/context.ts'
import { startDeadline } from '../../src/core/deadline.ts'
import { Problem } from '../../src/core/problem.ts'
import { createGitHub } from '../../src/github/client.ts'
import type { CommentRecord } from '../../src/github/comment-record.ts'
import { type OwnComments, openOwnComments } from '../../src/github/endpoints/find-own-comments.ts'
import { writeComment } from '../../src/github/endpoints/write-comment.ts'
import { createHttp } from '../../src/network/http.ts'
import { createJournal } from '../../src/report/journal.ts'
import type { Report } from '../../src/report/report.ts'
import { NO_DOMAINS } from '../../src/runs/collect-domains.ts'
import type { RunContext } from '../../src/runs/context.ts'
import {
  readEarlierComments,
  recordFor,
  updateComment,
  withFailureComment,
} from '../../src/runs/pull-request-comment.ts'
import { type LocalGitHub, startLocalGitHub } from '../local-github.ts'
import { REPOSITORY } from '../payloads.ts'

let local: LocalGitHub

beforeAll(async () => {
  local = await startLocalGitHub()
  process.env['GITHUB_API_URL'] = local.apiUrl
})
beforeEach(() => local.reset())
afterAll(() => local.close())

const WEB = { id: 'br-web', name: 'preview/pr-2-web' }
const API = { id: 'br-api', name: 'preview/pr-2-api' }

/** The log of the latest context. */
let logged: string[] = []

/** Returns the context of the run with this number. `more` changes its inputs. */
const contextOf = (
  branch: { id: string; name: string } | undefined,
  number: number,
  more: object = {},
) => {
  const lines: string[] = []
  logged = lines
  const addLine = (text: string) => void lines.push(text)
  const log = { debug: addLine, info: addLine, notice: addLine, warning: addLine }
  const deadline = startDeadline(30, new AbortController().signal)
  const github = createGitHub('ghs_local', REPOSITORY, deadline, createHttp(deadline, log).once)
  const journal = createJournal()
  if (branch) journal.branch = { ...branch, isDefault: false, isProtected: false }
  const env = { GITHUB_RUN_ID: `${number}`, GITHUB_RUN_ATTEMPT: '1' }
  const inputs = { comment: true, dryRun: false, ...more }
  const ownComments = github && openOwnComments(github, 'p1')
  return {
    env,
    inputs,
    log,
    ownComments,
    journal,
    neon: { projectId: 'p1' },
  } as unknown as RunContext
}

const failWith = async (error: Error, run: RunContext, target: object = { prNumber: 2 }) => {
  const work = () => Promise.reject(error)
  await expect(withFailureComment(target, run, work)).rejects.toBe(error)
}

/** Returns the records in the comments of the pull request. */
const records = async () =>
  (await contextOf(WEB, 99).ownComments?.list(2))?.map(({ record }) => record)

/** As run 1, writes a comment that records these deployments. Returns its record. */
const writeRecord = async (deployed: CommentRecord['deployed']): Promise<CommentRecord> => {
  const record = { run: 1, attempt: 1, branch: WEB, deployed }
  await writeComment(contextOf(WEB, 1).ownComments as OwnComments, {
    number: 2,
    subject: WEB,
    markdown: 'Enabled',
    recordAfter: () => record,
    createIfMissing: true,
  })
  return record
}

const failOn = (branch: { id: string; name: string } | undefined, number: number) =>
  failWith(new Problem({ what: `Run ${number} failed.`, fix: 'wait' }), contextOf(branch, number))

const reportOf = (action: Report['action'], more: Partial<Report> = {}): Report => ({
  action,
  branch: { ...WEB, isDefault: false, isProtected: false },
  changes: [],
  ...more,
})

/** Writes the comment of the run with this number. Returns all comments on the pull request. */
const commentOn = async (
  number: number,
  report: Report,
  inputs: object = {},
  target: object = { prNumber: 2 },
): Promise<string[]> => {
  const run = contextOf(WEB, number, inputs)
  await updateComment(report, target, NO_DOMAINS, run)
  return local.comments.map(({ body }) => body)
}

const UNCOMMENTED: [string, object, object][] = [
  ['`comment` is off', { comment: false }, { prNumber: 2 }],
  ['it is a dry run', { dryRun: true }, { prNumber: 2 }],
  ['there is no pull request', {}, {}],
]

describe('the comment of a run that failed', () => {
  it('belongs to its branch, so that a run on another branch does not overwrite it', async () => {
    await failOn(WEB, 1)
    await failOn(API, 2)
    await failOn(WEB, 3)
    expect(local.comments.map(({ body }) => /Run \d/.exec(body)?.[0])).toEqual(['Run 3', 'Run 2'])
    expect(await records()).toMatchObject([
      { branch: WEB, deployed: [] },
      { branch: API, deployed: [] },
    ])
  })

  it('keeps the deployments that earlier runs recorded, so that a later run can remove them', async () => {
    const deployed = [{ environment: 'Preview', origin: 'https://pr-2.example.com', sha: 'abc' }]
    const record = await writeRecord(deployed)
    await failOn(WEB, 2)
    expect(await records()).toEqual([{ ...record, run: 2 }])
  })

  it.each([
    ['the pull request was closed in the meantime', new PullRequestClosed()],
    ['the pull request was reopened in the meantime', new PullRequestReopened()],
    ['the run timed out', startDeadline(1, new AbortController().signal).abortError('waiting')],
  ])('is not written if %s', async (_, error) => {
    await failWith(error, contextOf(WEB, 1))
    expect(local.requests).toEqual([])
  })

  it.each(UNCOMMENTED)('is not written if %s', async (_, inputs, target) => {
    await failWith(new Error('no'), contextOf(WEB, 1, inputs), target)
    expect(local.requests).toEqual([])
  })

  it('is not created without a branch, but replaces an earlier comment', async () => {
    await failOn(undefined, 1)
    expect(local.comments).toEqual([])
    await failOn(WEB, 2)
    await failOn(undefined, 3)
    expect(local.comments.map(({ body }) => /Run \d/.exec(body)?.[0])).toEqual(['Run 3'])
    expect(await records()).toMatchObject([{ run: 3, attempt: 1, branch: WEB }])
  })

  it('links the branch in the Neon Console if the branch is known', async () => {
    await failOn(WEB, 1)
    expect(local.comments[0]?.body).toContain('console.neon.tech/app/projects/p1/branches/br-web')
    expect(local.comments[0]?.body).not.toContain('Warnings')
  })
})

describe('the comment of a run', () => {
  it.each(['enabled', 'updated', 'unchanged', 'disabled', 'untrusted'] as const)(
    'is created if the result is %s',
    async (action) => {
      const bodies = await commentOn(1, reportOf(action))
      expect(bodies).toHaveLength(1)
      expect(bodies.join()).not.toContain('Warnings')
    },
  )

  it.each(['kept', 'already_gone', 'skipped', 'swept', 'status'] as const)(
    'is updated but not created if the result is %s',
    async (action) => {
      expect(await commentOn(1, reportOf(action))).toEqual([])
      await commentOn(2, reportOf('enabled'))
      await commentOn(3, reportOf(action))
      expect((await records())?.map(({ run }) => run)).toEqual([3])
    },
  )

  it('is created for a diagnosis, even a healthy one', async () => {
    const diagnosis = { verdict: 'healthy', findings: [] } as const
    expect(await commentOn(1, reportOf('status', { diagnosis }))).toHaveLength(1)
  })

  it.each(UNCOMMENTED)('is not written if %s', async (_, inputs, target) => {
    expect(await commentOn(1, reportOf('enabled'), inputs, target)).toEqual([])
    expect(logged).toEqual([])
  })

  it('is left to a newer run, with a line in the log', async () => {
    await commentOn(2, reportOf('enabled'))
    expect(logged).toEqual([])
    await commentOn(1, reportOf('disabled'))
    expect(logged).toEqual([expect.stringMatching(/^A newer run has written the comment/)])
  })

  it('is not written without a token, and the log says so', async () => {
    const run = { ...contextOf(WEB, 1), ownComments: undefined } as unknown as RunContext
    await updateComment(reportOf('enabled'), { prNumber: 2 }, NO_DOMAINS, run)
    expect(logged).toEqual(['`comment` needs `github_token`, which is empty.'])
    expect(local.requests).toEqual([])
  })

  it('unknown is not none: is not created if earlier comments cannot be read', async () => {
    local.fault(/^GET .*\/comments/, { status: 403, body: { message: 'no' } })
    expect(await commentOn(1, reportOf('enabled'))).toEqual([])
    expect(logged).toEqual([expect.stringMatching(/^The comment could not be written: /)])
    expect(local.requests.filter((request) => /^POST .*\/comments$/.test(request))).toEqual([])
  })

  it('records the run, and the next run reads it', async () => {
    const branch = { ...WEB, isDefault: false, isProtected: false }
    await commentOn(7, reportOf('enabled'))
    const earlier = await readEarlierComments({ prNumber: 2 }, contextOf(WEB, 8))
    expect(recordFor(earlier, branch)).toEqual({ run: 7, attempt: 1, branch: WEB, deployed: [] })
    expect(recordFor([], branch)).toBeUndefined()
  })

  it('is created for a diagnosis without a branch', async () => {
    const diagnosis = { verdict: 'could_not_tell', findings: [] } as const
    const { branch: _, ...report } = reportOf('status', { diagnosis })
    expect(await commentOn(1, report)).toHaveLength(1)
  })

  it('drops the record of a deployment whose domain the branch no longer trusts', async () => {
    const deployed = ['a', 'b'].map((name) => ({
      environment: name,
      origin: `https://${name}.example`,
      sha: 'abc',
    }))
    await writeRecord(deployed)
    const auth = { baseUrl: 'https://x.example/a', jwksUrl: 'https://x.example/j' }
    const lists = { oauthProviders: [], ownOauthProviders: [], integration: {} as never }
    const trustedDomains = ['https://b.example']
    await commentOn(2, reportOf('unchanged', { auth: { ...auth, ...lists }, trustedDomains }))
    expect((await records())?.[0]?.deployed).toEqual(deployed.slice(1))
  })

  it('is written with every recorded deployment if only the first read of earlier comments fails', async () => {
    const deployed = [{ environment: 'Preview', origin: 'https://pr-2.example.com', sha: 'abc' }]
    await writeRecord(deployed)
    const run = contextOf(WEB, 2)
    local.fault(/^GET .*\/comments/, { status: 403, body: { message: 'no' } })
    expect(await readEarlierComments({ prNumber: 2 }, run)).toEqual([])
    expect(logged).toEqual([expect.stringMatching(/^The comment could not be read: /)])
    local.clearFaults()
    await updateComment(reportOf('disabled'), { prNumber: 2 }, NO_DOMAINS, run)
    expect(await records()).toMatchObject([{ run: 2, deployed }])
  })

  it('is not read if `comment` is off', async () => {
    const run = contextOf(WEB, 1, { comment: false })
    expect(await readEarlierComments({ prNumber: 2 }, run)).toEqual([])
    expect(local.requests).toEqual([])
  })
})
