import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { TOKEN } from './github-world.ts'
import { act, CLOSED, useNock } from './harness.ts'
import {
  answerFrom as answer,
  type Script,
  turnOn,
  type World,
  type WorldBranch,
} from './neon-world.ts'

useNock(1 / 2000)

const answerFrom = (world: World, script?: Script) => {
  nock.cleanAll()
  return answer(world, script)
}

const DELETE_DATA = { ...TOKEN, delete_data: 'true' }

const branch = (more: Partial<WorldBranch> = {}): WorldBranch => ({
  id: 'br-cool-sun-1234',
  name: 'preview/pr-2',
  isDefault: false,
  isProtected: false,
  generation: 1,
  isOn: true,
  hasSchema: true,
  domains: ['https://pr-2.example.com'],
  ...more,
})

const world = (state: 'open' | 'closed', more: Partial<WorldBranch> = {}): World => ({
  branches: [branch(more)],
  pulls: { 2: { state, ref: 'changes' } },
  isGitHubForbidden: false,
})

describe('check again right before you remove: a late close of a reopened pull request', () => {
  it.each([
    ['disable', DELETE_DATA],
    ['untrust', { ...TOKEN, on_close: 'untrust', trusted_domains: 'https://pr-2.example.com' }],
  ])('does not trust the event on a branch that others share (%s)', async (_, inputs) => {
    const reopened = world('open', { name: 'preview/changes' })
    answerFrom(reopened)
    const { report } = await act(CLOSED, inputs)
    expect(report?.skipped?.reason).toBe('pull_request_reopened')
    expect(reopened.branches[0]).toMatchObject({
      isOn: true,
      domains: ['https://pr-2.example.com'],
    })
  })

  it('trusts the event on a branch that only this pull request can own', async () => {
    answerFrom(world('open'))
    expect((await act(CLOSED, DELETE_DATA)).report?.action).toBe('disabled')
  })

  it('does not trust the event on a branch that was recreated during the run', async () => {
    const changing = world('closed')
    answerFrom(changing, {
      before: (index) => {
        if (index !== 1) return
        changing.branches = [branch({ id: 'br-new-sun-1234', generation: 2 })]
        changing.pulls[2] = { state: 'open', ref: 'changes' }
      },
    })
    const { report } = await act(CLOSED, DELETE_DATA)
    expect(report?.skipped?.reason).toBe('pull_request_reopened')
    expect(changing.branches[0]?.isOn).toBe(true)
  })
})

describe('check again right before you remove: auth that was last read before a wait', () => {
  it('does not delete the data of auth that another run enabled in the meantime', async () => {
    const changing = world('closed')
    let isFirst = true
    answerFrom(changing, {
      isBusy: ({ path }) => {
        if (!path.endsWith('/branches/br-cool-sun-1234') || !isFirst) return false
        isFirst = false
        return true
      },
      after: (index) => {
        if (index === 3) turnOn(changing.branches[0] as WorldBranch)
      },
    })
    const { failure } = await act(CLOSED, DELETE_DATA)
    expect(failure).toMatch(/Nothing was deleted: .* was disabled and enabled again/)
    expect(changing.branches[0]?.isOn).toBe(true)
  })
})
