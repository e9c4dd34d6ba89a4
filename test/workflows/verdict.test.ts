import { expect, it } from 'vitest'
import type { ActRun } from './act.ts'
import { parseLog } from './act-log.ts'
import { jobsOf } from './jobs.ts'
import { problemsOf } from './verdict.ts'

const WORKFLOW = `
jobs:
  auth:
    outputs: { url: "\${{ steps.auth.outputs.base_url }}" }
    steps:
      - uses: OWNER/neon-auth-preview-action@v1
        id: auth
      - run: echo
      - run: echo
        if: always()
`

const line = (more: object): string => JSON.stringify({ jobID: 'auth', matrix: {}, ...more })
const step = (id: string, more: object): string => line({ stepID: [id], stage: 'Main', ...more })

const GOOD = [
  step('auth', { stepResult: 'success', msg: 'done' }),
  step('auth', { command: 'set-output', name: 'action_taken', arg: 'updated' }),
  step('1', { stepResult: 'success' }),
  step('2', { stepResult: 'success' }),
  line({ jobResult: 'success' }),
]

const problems = (lines: readonly string[], expected = {}): string[] => {
  const run: ActRun = { exitCode: 0, ...parseLog(lines.join('\n')) }
  const jobs = jobsOf(WORKFLOW)
  return problemsOf(jobs, run, { auth: { actions: ['updated'], ...expected } }, ['hush'])
}

const FAILED = [
  step('auth', { stepResult: 'failure' }),
  step('2', { stepResult: 'success' }),
  line({ jobResult: 'failure' }),
]

it('the verdict finds no problem in a run that went as expected', () => {
  expect(problems(GOOD)).toEqual([])
  expect(problems(FAILED, { actions: [], failed: ['auth'] })).toEqual([])
})

it.each([
  ['a job that failed', FAILED, {}, 'auth: should end in success'],
  ['a step that was skipped', GOOD.filter((_, index) => index !== 2), {}, 'step 1'],
  ['a step that ran', GOOD, { skipped: ['1'] }, 'step 1 should be skipped'],
  ['another action_taken', GOOD, { actions: ['enabled'] }, 'was updated'],
  ['a job that does not exist', GOOD, undefined, 'there is no job other'],
  ['a secret in the log', [...GOOD, line({ msg: 'hush' })], {}, 'contains the secret'],
  [
    'a secret in a summary',
    [...GOOD, line({ command: 'summary', content: 'hush' })],
    {},
    'contains the secret',
  ],
  [
    'a job output that GitHub would drop',
    [...GOOD, step('auth', { command: 'set-output', name: 'base_url', arg: 'https://hush' })],
    {},
    'would drop the output url',
  ],
])('the verdict finds %s', (_, lines, expected, fault) => {
  const found = expected
    ? problems(lines, expected)
    : problemsOf(jobsOf(WORKFLOW), { exitCode: 0, ...parseLog('') }, { other: {} }, [])
  expect(found.join('\n')).toContain(fault)
})
