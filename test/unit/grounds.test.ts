import { describe, expect, it, vi } from 'vitest'
import { createGrounds, markRead } from '../../src/auth/grounds.ts'
import type { Deadline } from '../../src/core/deadline.ts'

const setUp = () => {
  const deadline = { pauses: 0 } as { -readonly [K in keyof Deadline]: Deadline[K] }
  const read = vi.fn(async () => {})
  return { deadline, read }
}

describe('check again right before you remove: the one mechanism', () => {
  it('reads before a removal, and again before its repeat', async () => {
    const { deadline, read } = setUp()
    const grounds = createGrounds(read, deadline)
    await grounds.beforeWrite('removal')
    await grounds.beforeWrite('removal')
    expect(read).toHaveBeenCalledTimes(2)
  })

  it('accepts a read in the round just before', async () => {
    const { deadline, read } = setUp()
    const grounds = createGrounds(read, deadline)
    await grounds.confirm()
    await grounds.beforeWrite('removal')
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('reads once for many writes that remove nothing', async () => {
    const { deadline, read } = setUp()
    const grounds = createGrounds(read, deadline)
    for (let write = 0; write < 5; write++) await grounds.beforeWrite('write')
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('reads before a removal that follows another write', async () => {
    const { deadline, read } = setUp()
    const grounds = createGrounds(read, deadline)
    await grounds.beforeWrite('write')
    await grounds.beforeWrite('removal')
    expect(read).toHaveBeenCalledTimes(2)
  })

  it('reads again after every wait', async () => {
    const { deadline, read } = setUp()
    const grounds = createGrounds(read, deadline)
    await grounds.beforeWrite('write')
    deadline.pauses += 1
    await grounds.beforeWrite('write')
    expect(read).toHaveBeenCalledTimes(2)
  })

  it('reads again if the last read is more than five seconds old', async () => {
    const { deadline, read } = setUp()
    const grounds = createGrounds(read, deadline)
    await grounds.beforeWrite('write')
    const now = performance.now()
    vi.spyOn(performance, 'now').mockReturnValue(now + 5_001)
    await grounds.beforeWrite('write')
    expect(read).toHaveBeenCalledTimes(2)
  })

  it("trusts the caller's read for a write, but not for a removal", async () => {
    const { deadline, read } = setUp()
    const grounds = createGrounds(read, deadline, { since: markRead(deadline) })
    await grounds.beforeWrite('write')
    expect(read).not.toHaveBeenCalled()
    await grounds.beforeWrite('removal')
    expect(read).toHaveBeenCalledTimes(1)
  })

  it("does not trust the caller's read after a wait", async () => {
    const { deadline, read } = setUp()
    const since = markRead(deadline)
    deadline.pauses += 1
    await createGrounds(read, deadline, { since }).beforeWrite('write')
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('reads again if it had to wait during the read', async () => {
    const { deadline, read } = setUp()
    read.mockImplementationOnce(async () => {
      deadline.pauses += 1
    })
    await createGrounds(read, deadline).beforeWrite('removal')
    expect(read).toHaveBeenCalledTimes(2)
  })

  it('writes nothing if the reason no longer holds', async () => {
    const { deadline, read } = setUp()
    read.mockRejectedValue(new Error('reopened'))
    await expect(createGrounds(read, deadline).beforeWrite('removal')).rejects.toThrow('reopened')
  })
})
