import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startDeadline } from '../../src/core/deadline.ts'
import { Problem } from '../../src/core/problem.ts'
import { createGitHub } from '../../src/github/client.ts'
import { createOwnComments, type OwnComments } from '../../src/github/find-own-comments.ts'
import { writeComment } from '../../src/github/write-comment.ts'
import { createHttp } from '../../src/network/http.ts'
import { createJournal } from '../../src/report/journal.ts'
import type { RunContext } from '../../src/runs/context.ts'
import { withFailureComment } from '../../src/runs/pull-request-comment.ts'
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

const contextOf = (branch: { id: string; name: string }, number: number) => {
  const say = () => {}
  const log = { debug: say, info: say, notice: say, warning: say }
  const deadline = startDeadline(30, new AbortController().signal)
  const github = createGitHub('ghs_local', REPOSITORY, deadline, createHttp(deadline, log).once)
  const journal = createJournal()
  journal.branch = { ...branch, isDefault: false, isProtected: false }
  const env = { GITHUB_RUN_ID: `${number}`, GITHUB_RUN_ATTEMPT: '1' }
  const inputs = { comment: true, dryRun: false }
  const ownComments = github && createOwnComments(github, 'p1')
  return {
    env,
    inputs,
    log,
    ownComments,
    journal,
    neon: { projectId: 'p1' },
  } as unknown as RunContext
}

const failOn = async (branch: { id: string; name: string }, number: number): Promise<void> => {
  const run = contextOf(branch, number)
  const work = () => Promise.reject(new Problem({ what: `Run ${number} failed.`, fix: 'wait' }))
  await expect(withFailureComment({ prNumber: 2 }, run, work)).rejects.toThrow(`Run ${number}`)
}

describe('the comment of a run that failed', () => {
  it('belongs to its branch, so that a run on another branch does not overwrite it', async () => {
    await failOn(WEB, 1)
    await failOn(API, 2)
    await failOn(WEB, 3)
    expect(local.comments.map(({ body }) => /Run \d/.exec(body)?.[0])).toEqual(['Run 3', 'Run 2'])
    const own = await contextOf(WEB, 4).ownComments?.list(2)
    expect(own?.map(({ record }) => record.branch)).toEqual([WEB, API])
  })

  it('keeps the deployments that earlier runs recorded, so that a later run removes them', async () => {
    const deployed = [{ environment: 'Preview', origin: 'https://pr-2.example.com', sha: 'abc' }]
    const recordAfter = () => ({ run: 1, attempt: 1, branch: WEB, deployed })
    const update = {
      number: 2,
      subject: WEB,
      markdown: 'Enabled',
      recordAfter,
      createIfMissing: true,
    }
    await writeComment(contextOf(WEB, 1).ownComments as OwnComments, update)
    await failOn(WEB, 2)
    const own = await contextOf(WEB, 3).ownComments?.list(2)
    expect(own?.map(({ record }) => record)).toEqual([{ ...recordAfter(), run: 2 }])
  })
})
