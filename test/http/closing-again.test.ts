import { describe, expect, it } from 'vitest'
import { CLOSED, PREVIEW, runAction, useNock } from './harness.ts'
import { TOKEN } from './mock-github.ts'
import {
  enableAuth,
  mockRemote,
  type RemoteBranch,
  type RemoteState,
  remoteBranch,
} from './mock-remote.ts'

useNock(1 / 2000)

const DELETE_DATA = { ...TOKEN, delete_data: 'true' }

const remoteWith = (state: 'open' | 'closed', more: Partial<RemoteBranch> = {}): RemoteState => ({
  branches: [remoteBranch(more)],
  pulls: { 2: { state, ref: 'changes' } },
  isGitHubForbidden: false,
})

describe('check again right before you remove: a late close of a reopened pull request', () => {
  it.each([
    ['disable', DELETE_DATA],
    ['untrust', { ...TOKEN, on_close: 'untrust', trusted_domains: PREVIEW }],
  ])(
    'does not trust the event on a branch that other pull requests may share (%s)',
    async (_, inputs) => {
      const reopened = remoteWith('open', { name: 'preview/changes' })
      mockRemote(reopened)
      const { report } = await runAction(CLOSED, inputs)
      expect(report?.skipped?.reason).toBe('pull_request_reopened')
      expect(reopened.branches[0]).toMatchObject({
        isOn: true,
        domains: [PREVIEW],
      })
    },
  )

  it('skips such a branch even if there is nothing to remove', async () => {
    mockRemote(remoteWith('open', { name: 'preview/changes', domains: [] }))
    const { report } = await runAction(CLOSED, { ...TOKEN, on_close: 'untrust' })
    expect(report?.skipped?.reason).toBe('pull_request_reopened')
  })

  it('trusts the event on a branch that only this pull request can own', async () => {
    mockRemote(remoteWith('open'))
    expect((await runAction(CLOSED, DELETE_DATA)).report?.action).toBe('disabled')
  })

  it('asks GitHub again if the event is not a close', async () => {
    const remote = remoteWith('closed')
    mockRemote(remote, {
      after: (index) => {
        if (index === 0) remote.pulls[2] = { state: 'open', ref: 'changes' }
      },
    })
    const byNumber = { ...DELETE_DATA, mode: 'disable', pr_number: '2' }
    const { report } = await runAction(['push'], byNumber)
    expect(report?.skipped?.reason).toBe('pull_request_reopened')
    expect(remote.branches[0]?.isOn).toBe(true)
  })

  it('does not trust the event on a branch that was recreated during the run', async () => {
    const remote = remoteWith('closed')
    mockRemote(remote, {
      before: (index) => {
        if (index !== 1) return
        remote.branches = [remoteBranch({ id: 'br-new-sun-1234', generation: 2 })]
        remote.pulls[2] = { state: 'open', ref: 'changes' }
      },
    })
    const { report } = await runAction(CLOSED, DELETE_DATA)
    expect(report?.skipped?.reason).toBe('pull_request_reopened')
    expect(remote.branches[0]?.isOn).toBe(true)
  })
})

describe('check again right before you remove: a close that last read auth before a wait', () => {
  it('does not delete the data of auth that another run enabled in the meantime', async () => {
    const remote = remoteWith('closed')
    let isFirst = true
    mockRemote(remote, {
      isBusy: ({ path }) => {
        if (!path.endsWith('/branches/br-cool-sun-1234') || !isFirst) return false
        isFirst = false
        return true
      },
      after: (index) => {
        if (index === 3) enableAuth(remote.branches[0] as RemoteBranch)
      },
    })
    const { failure } = await runAction(CLOSED, DELETE_DATA)
    expect(failure).toMatch(/The run stopped: .* was disabled and enabled again/)
    expect(remote.branches[0]?.isOn).toBe(true)
  })
})
