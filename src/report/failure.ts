import { pastSentence, sentence } from '../auth/plan.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { bulletList } from '../core/text.ts'
import type { ChangeJournal } from './journal.ts'
import { code, foldedFacts, prose } from './markdown.ts'
import { changesList, section, warningsSection } from './summary.ts'

const BEFORE = 'Changed before the run stopped'
const IN_FLIGHT = 'In progress when the run stopped; may or may not have been applied'

const account = (title: string, sentences: readonly string[]): string[] =>
  sentences.length > 0 ? [`${title}:`, bulletList(sentences)] : []

/** Returns the message of any error for the person who reads it. Never throws. */
export const describeFailure = (error: unknown): string =>
  error instanceof Problem
    ? error.message
    : `Unexpected error in this action: ${messageOf(error)}\nFix: re-run the job with debug logging, and report a bug with the log`

/** Returns what a run that stopped half-way has changed at Neon, for the end of its error. Pure. */
export const describePartialChanges = ({ applied, inFlight }: ChangeJournal): string =>
  applied.length + inFlight.size === 0
    ? 'Nothing was changed at Neon.'
    : [
        ...account(BEFORE, applied.map(pastSentence)),
        ...account(IN_FLIGHT, [...inFlight].map(sentence)),
      ].join('\n')

/** Returns a line of an error with its label, such as "Fix:", in bold. */
const messageLine = (line: string): string => {
  const [, label, text] = /^(Likely cause|Fix): (.*)$/.exec(line) ?? []
  return label === undefined ? prose(line, 2000) : `**${label}:** ${prose(text ?? '', 2000)}`
}

/** Returns the job summary of a run that failed: the whole message, and what it had changed. Pure. */
export const failureSummary = (
  message: string,
  { branch, applied, inFlight }: ChangeJournal,
  warnings: readonly string[],
  footer: string,
): string =>
  [
    `### ❌ Neon Auth failed${branch ? ` on ${code(branch.name)}` : ''}`,
    ...message.split('\n').map(messageLine),
    ...section(BEFORE, changesList(applied, pastSentence)),
    ...section(IN_FLIGHT, changesList([...inFlight], sentence)),
    ...warningsSection(warnings),
    footer,
    ...(branch
      ? [foldedFacts('Details', [['Branch', `${code(branch.name)} ${code(branch.id)}`]])]
      : []),
  ].join('\n\n')
