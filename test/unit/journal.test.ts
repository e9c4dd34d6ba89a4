import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/auth/plan.ts'
import { startDeadline } from '../../src/core/deadline.ts'
import { createJournal, recordApplied } from '../../src/report/journal.ts'
import { trackChange } from '../../src/runs/track-change.ts'

const trust = (domain: string): Change => ({ change: 'trust_domain', domain })
const change = trust('https://a.example')
const aborted = startDeadline(1, new AbortController().signal).abortError('waiting')

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

describe('an applied change', () => {
  it('is listed once, in order, even if it is recorded twice', () => {
    const journal = createJournal()
    const domains = ['https://a.example', 'https://b.example', 'https://a.example']
    for (const domain of domains) recordApplied(journal, trust(domain))
    expect(journal.applied).toEqual(domains.slice(0, 2).map(trust))
  })
})
