import { describe, expect, it, vi } from 'vitest'
import { confirmBranch, createPreconditions, markRead } from '../../src/auth/preconditions.ts'
import type { Deadline } from '../../src/core/deadline.ts'
import { messageOf } from '../../src/core/problem.ts'
import type { NeonClient } from '../../src/neon/client.ts'
import { BRANCH } from '../fakes.ts'

const setUp = () => {
  const deadline = { pauses: 0 } as { -readonly [K in keyof Deadline]: Deadline[K] }
  const read = vi.fn(async (_isFirstWrite: boolean) => {})
  return { deadline, read, preconditions: createPreconditions(read, deadline) }
}

describe('check again right before you remove: the check before a write', () => {
  it.each([
    ['before a removal, and again before its repeat', ['removal', 'removal'], 2],
    ['once for many writes that remove nothing', ['write', 'write', 'write', 'write', 'write'], 1],
    ['before a removal that follows another write', ['write', 'removal'], 2],
  ] as const)('reads %s', async (_, writes, reads) => {
    const { read, preconditions } = setUp()
    for (const write of writes) await preconditions.beforeWrite(write)
    expect(read).toHaveBeenCalledTimes(reads)
  })

  it('calls the read with `true` until the first write', async () => {
    const { read, preconditions } = setUp()
    await preconditions.confirm()
    for (const kind of ['removal', 'write', 'removal', 'removal'] as const)
      await preconditions.beforeWrite(kind)
    expect(read.mock.calls).toEqual([[true], [false], [false]])
  })

  it('accepts a read that happened just before', async () => {
    const { read, preconditions } = setUp()
    await preconditions.confirm()
    await preconditions.beforeWrite('removal')
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('reads again after every wait', async () => {
    const { deadline, read, preconditions } = setUp()
    await preconditions.beforeWrite('write')
    deadline.pauses += 1
    await preconditions.beforeWrite('write')
    expect(read).toHaveBeenCalledTimes(2)
  })

  it.each([
    [4_999, 1],
    [5_000, 2],
  ])('reads again once the last read is five seconds old (after %i ms)', async (ms, reads) => {
    const { read, preconditions } = setUp()
    const clock = vi.spyOn(performance, 'now').mockReturnValue(9_000)
    await preconditions.beforeWrite('write')
    clock.mockReturnValue(9_000 + ms)
    await preconditions.beforeWrite('write')
    expect(read).toHaveBeenCalledTimes(reads)
  })

  it("trusts the caller's read for a write, but not for a removal", async () => {
    const { deadline, read } = setUp()
    const preconditions = createPreconditions(read, deadline, { since: markRead(deadline) })
    await preconditions.beforeWrite('write')
    expect(read).not.toHaveBeenCalled()
    await preconditions.beforeWrite('removal')
    expect(read).toHaveBeenCalledTimes(1)
  })

  it.each([
    [undefined, 1],
    [true, 0],
  ])(
    "trusts the caller's read for the first removal only if the caller sets `mayRemove` (%s)",
    async (mayRemove, reads) => {
      const { deadline, read } = setUp()
      const known = { since: markRead(deadline), ...(mayRemove && { mayRemove }) }
      await createPreconditions(read, deadline, known).beforeWrite('removal')
      expect(read).toHaveBeenCalledTimes(reads)
    },
  )

  it("does not trust the caller's read after a wait", async () => {
    const { deadline, read } = setUp()
    const since = markRead(deadline)
    deadline.pauses += 1
    await createPreconditions(read, deadline, { since }).beforeWrite('write')
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('reads again after a wait during the read', async () => {
    const { deadline, read, preconditions } = setUp()
    read.mockImplementationOnce(async () => {
      deadline.pauses += 1
    })
    await preconditions.beforeWrite('removal')
    expect(read).toHaveBeenCalledTimes(2)
  })

  it('reads at most three times, even with a wait during every read', async () => {
    const { deadline, read, preconditions } = setUp()
    read.mockImplementation(async () => {
      deadline.pauses += 1
    })
    await preconditions.beforeWrite('removal')
    expect(read).toHaveBeenCalledTimes(3)
  })

  it('fails if a precondition no longer holds', async () => {
    const { read, preconditions } = setUp()
    read.mockRejectedValue(new Error('reopened'))
    await expect(preconditions.beforeWrite('removal')).rejects.toThrow('reopened')
  })

  it('reads again after a failed read, even if an earlier read is recent', async () => {
    const { deadline, read } = setUp()
    const known = { since: markRead(deadline), mayRemove: true }
    const preconditions = createPreconditions(read, deadline, known)
    read.mockRejectedValue(new Error('protected'))
    await expect(preconditions.confirm()).rejects.toThrow('protected')
    for (const kind of ['write', 'removal'] as const)
      await expect(preconditions.beforeWrite(kind)).rejects.toThrow('protected')
    expect(read).toHaveBeenCalledTimes(3)
  })

  it('names a branch that was deleted in the meantime', async () => {
    const neon = { getBranch: async () => undefined } as unknown as NeonClient
    await expect(confirmBranch(neon, BRANCH, false)).rejects.toThrow(
      /preview\/pr-2 \(br-1\) was deleted[\s\S]*Fix: /,
    )
  })

  it.each([
    ['default', "the project's default branch"],
    ['protected', 'a protected branch'],
  ])('says that the branch became %s during the run', async (field, kind) => {
    const getBranch = async () => ({ id: BRANCH.id, name: BRANCH.name, [field]: true })
    const neon = { getBranch } as unknown as NeonClient
    const failure = await confirmBranch(neon, BRANCH, false).catch(messageOf)
    expect(failure).toContain(`The run stopped: ${BRANCH.name} (${BRANCH.id}) is ${kind}.`)
    expect(failure).toMatch(/Likely cause: .* while this run was in progress/)
    expect(failure).not.toContain('names production')
  })
})
