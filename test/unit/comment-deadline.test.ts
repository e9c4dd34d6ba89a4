import { describe, expect, it } from 'vitest'
import { RunAborted, startDeadline } from '../../src/core/deadline.ts'
import type { GitHub } from '../../src/github/client.ts'
import { openOwnComments } from '../../src/github/endpoints/find-own-comments.ts'
import { NO_DOMAINS } from '../../src/runs/collect-domains.ts'
import type { RunContext } from '../../src/runs/context.ts'
import { updateComment } from '../../src/runs/pull-request-comment.ts'
import { BRANCH, collectingLog } from '../fakes.ts'

/** Writes the comment of a run that is aborted while it waits for GitHub. Returns the warnings. */
const writeComment = async (seconds: number, stop: AbortSignal): Promise<string[]> => {
  const { log, warnings } = collectingLog()
  const deadline = startDeadline(seconds, stop)
  const call = () => Promise.reject(deadline.abortError('waiting for GitHub'))
  const github = { repository: 'o/r', isApp: true, call } as unknown as GitHub
  const run = {
    env: {},
    inputs: { comment: true, dryRun: false },
    neon: { projectId: 'p1' },
    ownComments: openOwnComments(github, 'p1'),
    log,
  } as unknown as RunContext
  const report = { action: 'enabled', branch: BRANCH, changes: [] } as const
  await updateComment(report, { prNumber: 2 }, NO_DOMAINS, run)
  return warnings
}

describe('writing the comment of a run that has done its work', () => {
  it('only warns if the run times out', async () => {
    expect(await writeComment(1, new AbortController().signal)).toEqual([
      expect.stringMatching(/^The comment could not be written: The run timed out after 1 seconds/),
    ])
  })

  it('stops if the run is canceled', async () => {
    await expect(writeComment(30, AbortSignal.abort('SIGINT'))).rejects.toBeInstanceOf(RunAborted)
  })
})
