import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { QUESTIONS, type Question } from '../test/local-neon/behavior.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

const answersOf = ({ answers, assumed }: Question): string =>
  Object.entries(answers)
    .map(([name, text]) => `\`${name}\`: ${name === assumed ? `**${text}**` : text}`)
    .join('<br>')

const table = (): string =>
  [
    '| Question | Answers | Evidence | What you could notice |',
    '| --- | --- | --- | --- |',
    ...Object.entries(QUESTIONS).map(
      ([name, question]: [string, Question]) =>
        `| ${[`${question.asks}<br>\`${name}\``, answersOf(question), question.evidence, question.notice].map(cell).join(' | ')} |`,
    ),
  ].join('\n')

/** Returns docs/neon.md with its table of questions filled from `behavior.ts`. Pure. */
export const withQuestions = (page: string): string =>
  page.replace(
    /<!-- questions -->[\s\S]*<!-- \/questions -->/,
    () => `<!-- questions -->\n${table()}\n<!-- /questions -->`,
  )

if (import.meta.main) {
  const path = resolve(import.meta.dirname, '../docs/neon.md')
  writeFileSync(path, withQuestions(readFileSync(path, 'utf8')))
}
