import { expect, test } from 'vitest'
import { PROBES } from '../live/probes.ts'
import { createService } from '../live/service.ts'
import { createSite, deleteBranches, type Findings } from '../live/site.ts'
import { type LocalNeon, startLocalNeon } from './local-neon.ts'
import { ASSUMED, QUESTION_NAMES, QUESTIONS, type QuestionName, withReadings } from './readings.ts'

/** Questions that a probe cannot decide from outside, or not in a short time. */
const UNDECIDED: readonly QuestionName[] = [
  'archivedBranch',
  'unreadyBranch',
  'copiedEndpoint',
  'sharedLinks',
]

const cells = QUESTION_NAMES.flatMap((name) =>
  Object.keys(QUESTIONS[name].answers).map((answer) => [name, answer] as const),
)

const startOfService = PROBES.find(({ questions }) => questions.includes('firstAnswer'))

/** How long a second takes, in ms. Longer if the start of the auth service is timed, which a busy machine delays. */
const secondMsFor = (question: QuestionName): number =>
  startOfService?.questions.includes(question) ? 1500 : 250

const startWith = (question: QuestionName, readings: object): Promise<LocalNeon> =>
  startLocalNeon({
    readings: withReadings(readings),
    secondMs: secondMsFor(question),
    projectId: 'readings',
  })

/** What the probe that answers a question finds out. */
const examine = async (local: LocalNeon, question: QuestionName): Promise<Findings> => {
  const { apiHost, apiKey, projectId } = local
  const { signal } = new AbortController()
  const service = createService({
    apiHost,
    apiKey,
    projectId,
    secondMs: secondMsFor(question),
    signal,
  })
  const site = createSite(service, 'test')
  const probe = PROBES.find(({ questions }) => questions.includes(question))
  const findings = await probe?.run(site)
  expect(await deleteBranches(service, site.takeCreated())).toEqual([])
  expect(local.contractBreaches).toEqual([])
  return findings ?? {}
}

// The probes measure how long a response takes, which a busy machine can delay.
const AGAIN = { retry: 3 }

test.each(
  cells.filter(([name, answer]) => !UNDECIDED.includes(name) && answer !== QUESTIONS[name].assumed),
)('%s: %s is what can be seen, and all else is as assumed', AGAIN, async (name, answer) => {
  const local = await startWith(name, { [name]: answer })
  const findings = Object.entries(await examine(local, name))
  const decided = findings.filter(([, found]) => found !== undefined)
  const expected = decided.map(([each]) => [each, { ...ASSUMED, [name]: answer }[each]])
  expect(decided).toContainEqual([name, answer])
  expect(decided).toEqual(expected)
  await local.close()
})

test.each(PROBES.map(({ name, questions }) => [name, questions[0]] as const))(
  'the assumed answers are what the probe of %s sees',
  AGAIN,
  async (_, question) => {
    const local = await startWith(question as QuestionName, {})
    const findings = await examine(local, question as QuestionName)
    const decided = Object.entries(findings).filter(([, found]) => found !== undefined)
    expect(decided.length).toBeGreaterThan(0)
    for (const [name, found] of decided)
      expect([name, found]).toEqual([name, ASSUMED[name as QuestionName]])
    await local.close()
  },
)

test('a question or an answer that does not exist is refused by name', () => {
  expect(() => withReadings({ engine: 'other' } as never)).toThrow(
    'engine has no answer other: choose one of 1.7, 1.4.18',
  )
  expect(() => withReadings({ toString: 'x' } as never)).toThrow('there is no question toString')
})
