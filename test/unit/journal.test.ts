import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/auth/plan.ts'
import { startDeadline } from '../../src/core/deadline.ts'
import { LostResponseError } from '../../src/network/errors.ts'
import { reconcileLostWrite } from '../../src/network/lost-writes.ts'
import { createJournal, recordApplied } from '../../src/report/journal.ts'
import { trackChange } from '../../src/runs/track-change.ts'
import { fakeDeadline, SILENT_LOG } from '../fakes.ts'

const trust = (domain: string): Change => ({ change: 'trust_domain', domain })
const change = trust('https://a.example')
const aborted = startDeadline(1, new AbortController().signal).abortError('waiting')

const request = { method: 'POST', path: '/auth' }
const refusal = new Error('refused')
/** Ends a write with {@link refusal} on its second attempt. */
const refuseAfterLost = () =>
  reconcileLostWrite(
    (attempt) => Promise.reject(attempt === 0 ? new LostResponseError(request, 'reset') : refusal),
    undefined,
    { deadline: fakeDeadline({ sleep: async () => {} }), log: SILENT_LOG },
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
  it('stays listed, until a repeat of it ends', async () => {
    const journal = createJournal()
    const failure = trackChange(journal, { ...change }, refuseAfterLost)
    await expect(failure).rejects.toBe(refusal)
    expect([...journal.inFlight]).toEqual([change])
    await trackChange(journal, change, async () => {})
    expect(journal.inFlight.size).toBe(0)
  })

  it('stays listed if that refusal is the cause of the error', async () => {
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
