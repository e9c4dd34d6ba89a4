import { expect, test } from 'vitest'
import { withQuestions } from '../../scripts/neon-questions.ts'
import { QUESTIONS } from '../local-neon/behavior.ts'
import { read } from './project.ts'

const page = read('docs/neon.md')

test('docs/neon.md lists the questions as `npm run docs` writes them', () => {
  expect(page).toBe(withQuestions(page))
  for (const { asks } of Object.values(QUESTIONS)) expect(page).toContain(asks)
})

test('an outdated table in docs/neon.md is reported', () => {
  const stale = page.replace('`trustDelay`', '`trustLag`')
  expect(stale).not.toBe(page)
  expect(stale).not.toBe(withQuestions(stale))
})

test('every known failure belongs to an answer to one of the questions', () => {
  const answers = Object.entries(QUESTIONS).flatMap(([name, question]) =>
    Object.keys(question.answers).map((answer) => `${name}=${answer}`),
  )
  const failures = JSON.parse(read('test/readings/known-failures.json')) as string[]
  expect(failures.filter((failure) => !answers.includes(failure))).toEqual([])
})
