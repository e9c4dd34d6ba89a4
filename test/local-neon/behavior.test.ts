import { expect, test, vi } from 'vitest'
import type { Findings } from '../live/findings.ts'
import { PROBES } from '../live/probes.ts'
import { createService } from '../live/service.ts'
import { createWorkspace, deleteBranches } from '../live/workspace.ts'
import {
  ASSUMED_BEHAVIOR,
  QUESTION_NAMES,
  QUESTIONS,
  type QuestionName,
  withBehavior,
} from './behavior.ts'
import { virtualClock } from './clock.ts'
import { startLocalNeon } from './local-neon.ts'

/** Questions that a probe cannot answer from outside, or not quickly. */
const UNDECIDED: readonly QuestionName[] = [
  'archivedBranch',
  'unreadyBranch',
  'copiedEndpoint',
  'sharedLinks',
]

// The virtual clock keeps measurements right on a busy machine, but the tests still take long there.
vi.setConfig({ testTimeout: 180_000 })

const cells = QUESTION_NAMES.flatMap((name) =>
  Object.keys(QUESTIONS[name].answers).map((answer) => [name, answer] as const),
)

/** Returns what a question's probe finds out about a service with this behavior. */
const examine = async (behavior: object, question: QuestionName): Promise<Findings> => {
  // Probes measure how long a service takes to answer. The virtual clock ignores how busy this machine is.
  const clock = virtualClock()
  const local = await startLocalNeon({ behavior: withBehavior(behavior), clock })
  const { apiHost, apiKey, projectId } = local
  const { signal } = new AbortController()
  const service = createService({ apiHost, apiKey, projectId, clock, signal })
  const workspace = createWorkspace(service, 'test')
  const probe = PROBES.find(({ questions }) => questions.includes(question))
  const findings = await probe?.run(workspace)
  expect(await deleteBranches(service, workspace.takeCreated())).toEqual([])
  expect(local.contractBreaches).toEqual([])
  await local.close()
  return findings ?? {}
}

test.each(
  cells.filter(([name, answer]) => !UNDECIDED.includes(name) && answer !== QUESTIONS[name].assumed),
)(
  'the probe for the question %s sees the answer %s, and the assumed answers to all others',
  async (name, answer) => {
    const findings = Object.entries(await examine({ [name]: answer }, name))
    const decided = findings.filter(([, found]) => found !== undefined)
    const expected = decided.map(([each]) => [each, { ...ASSUMED_BEHAVIOR, [name]: answer }[each]])
    expect(decided).toContainEqual([name, answer])
    expect(decided).toEqual(expected)
  },
)

test.each(PROBES.map(({ name, questions }) => [name, questions[0]] as const))(
  'the probe "%s" sees the assumed answers',
  async (_, question) => {
    const findings = await examine({}, question as QuestionName)
    const decided = Object.entries(findings).filter(([, found]) => found !== undefined)
    expect(decided.length).toBeGreaterThan(0)
    for (const [name, found] of decided)
      expect([name, found]).toEqual([name, ASSUMED_BEHAVIOR[name as QuestionName]])
  },
)

test('an unknown question or answer in a behavior is rejected by name', () => {
  expect(() => withBehavior({ engine: 'other' } as never)).toThrow(
    'engine has no answer other: choose one of 1.7, 1.4.18',
  )
  expect(() => withBehavior({ toString: 'x' } as never)).toThrow('there is no question toString')
})
