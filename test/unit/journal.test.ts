import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/auth/plan.ts'
import { startDeadline } from '../../src/core/deadline.ts'
import { Problem } from '../../src/core/problem.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import { reconcileLostWrite, repeatLostRead } from '../../src/network/lost-writes.ts'
import { describeFailedRun } from '../../src/report/failure.ts'
import { createJournal, recordApplied } from '../../src/report/journal.ts'
import { trackChange } from '../../src/runs/track-change.ts'
import { fakeDeadline, SILENT_LOG } from '../fakes.ts'

const trust = (domain: string): Change => ({ change: 'trust_domain', domain })
const change = trust('https://a.example')
const aborted = startDeadline(1, new AbortController().signal).abortError('waiting')

const lost = new LostResponseError({ method: 'POST', path: '/auth' }, 'reset')
const context = { deadline: fakeDeadline({ sleep: async () => {} }), log: SILENT_LOG }
/** Loses the first response of a write. The second is a refusal. */
const refuseAfterLost = () =>
  reconcileLostWrite(
    (attempt) => Promise.reject(attempt === 0 ? lost : new Error('refused')),
    undefined,
    context,
  )

describe('a change in flight', () => {
  it('is listed while its request is in progress, and not after it', async () => {
    const journal = createJournal()
    const result = await trackChange(journal, change, async () => [...journal.inFlight])
    expect(result).toEqual([change])
    expect(journal.inFlight.size).toBe(0)
  })

  it.each([
    ['is not listed if its request failed', new Error('refused'), 0],
    ['stays listed if the run ends, because it may have been applied', aborted, 1],
  ])('%s', async (_, error, size) => {
    const journal = createJournal()
    const work = () => Promise.reject(error)
    await expect(trackChange(journal, change, work)).rejects.toBe(error)
    expect(journal.inFlight.size).toBe(size)
  })
})

describe('reconcile lost responses by reading: a change that is refused after a lost response', () => {
  it('stays listed until it succeeds', async () => {
    const journal = createJournal()
    const failure = trackChange(journal, { ...change }, refuseAfterLost)
    await expect(failure).rejects.toThrow('refused')
    expect([...journal.inFlight]).toEqual([change])
    await trackChange(journal, change, async () => {})
    expect(journal.inFlight.size).toBe(0)
  })

  it('stays listed although another change succeeds in the meantime', async () => {
    const journal = createJournal()
    const other = Promise.withResolvers<void>()
    const failure = trackChange(journal, change, refuseAfterLost)
    const working = trackChange(journal, trust('https://b.example'), () => other.promise)
    await expect(failure).rejects.toThrow('refused')
    other.resolve()
    await working
    expect([...journal.inFlight]).toEqual([change])
  })

  it('stays listed without the change that it is a part of', async () => {
    const journal = createJournal()
    const enabling = trackChange(journal, { change: 'enable_auth' }, () =>
      trackChange(journal, change, refuseAfterLost),
    )
    await expect(enabling).rejects.toThrow('refused')
    expect([...journal.inFlight]).toEqual([change])
  })

  it.each([
    ['is no longer listed once the same field is set', { disable_sign_up: true }, 0],
    ['stays listed if another field is set', { enabled: true }, 1],
  ])('%s', async (_, set, size) => {
    const journal = createJournal()
    const setting = { change: 'update_email_and_password' } as const
    const opening: Change = { ...setting, set: { disable_sign_up: false } }
    await expect(trackChange(journal, opening, refuseAfterLost)).rejects.toThrow('refused')
    await trackChange(journal, { ...setting, set }, async () => {})
    expect(journal.inFlight.size).toBe(size)
  })

  it('stays listed if the same field of another plugin is set', async () => {
    const journal = createJournal()
    const set = { enabled: true }
    const enabling: Change = { change: 'update_plugin', plugin: 'organization', set }
    await expect(trackChange(journal, enabling, refuseAfterLost)).rejects.toThrow('refused')
    const other: Change = { change: 'update_plugin', plugin: 'magic_link', set }
    await trackChange(journal, other, async () => {})
    expect([...journal.inFlight]).toEqual([enabling])
  })

  it('is not listed if only a read was lost', async () => {
    const journal = createJournal()
    const read = () => repeatLostRead(() => Promise.reject(lost), context)
    await expect(trackChange(journal, change, read)).rejects.toBe(lost)
    expect(journal.inFlight.size).toBe(0)
  })

  it('stays listed if its refusal is the cause of the error', async () => {
    const journal = createJournal()
    const work = () =>
      refuseAfterLost().catch((cause) => Promise.reject(new Error('failed', { cause })))
    await expect(trackChange(journal, change, work)).rejects.toThrow('failed')
    expect(journal.inFlight.size).toBe(1)
  })
})

describe('an applied change', () => {
  it('is listed once, in order, even if it is recorded twice', () => {
    const journal = createJournal()
    const domains = ['https://a.example', 'https://b.example', 'https://a.example']
    for (const domain of domains) recordApplied(journal, trust(domain))
    expect(journal.applied).toEqual(domains.slice(0, 2).map(trust))
  })
})

describe('the error of a failed run', () => {
  const refused = new Problem({ what: 'Neon refused.' })

  it('is only the reason if the run changed nothing', () => {
    expect(describeFailedRun(refused, createJournal())).toBe('Neon refused.')
  })

  it('says that nothing was changed if the run was stopped', () => {
    expect(describeFailedRun(aborted, createJournal())).toMatch(/\nNothing was changed in Neon\.$/)
  })

  it('lists what was changed', () => {
    const journal = createJournal()
    recordApplied(journal, change)
    const changed = /^Neon refused\.\nChanged before the run stopped:\n.*a\.example/
    expect(describeFailedRun(refused, journal)).toMatch(changed)
    journal.inFlight.add(trust('https://b.example'))
    expect(describeFailedRun(refused, journal)).toMatch(changed)
    expect(describeFailedRun(refused, journal)).toMatch(/may or may not .*applied:\n.*b\.example/)
  })

  it('lists a change that may have been applied, even if no other was', () => {
    const journal = createJournal()
    journal.inFlight.add(change)
    expect(describeFailedRun(refused, journal)).toMatch(
      /^Neon refused\.\nIn progress when the run stopped; may or may not have been applied:\n.*a\.example/,
    )
  })
})
