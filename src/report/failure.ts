import { pastSentence, sentence } from '../auth/plan.ts'
import { RunAborted } from '../core/deadline.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { bulletList } from '../core/text.ts'
import type { ChangeJournal } from './journal.ts'
import { code, foldedFacts, prose } from './markdown.ts'
import { changesList, section, warningsSection } from './summary.ts'

const APPLIED_TITLE = 'Changed before the run stopped'
const IN_FLIGHT_TITLE = 'In progress when the run stopped; may or may not have been applied'

const titledList = (title: string, sentences: readonly string[]): string[] =>
  sentences.length > 0 ? [`${title}:`, bulletList(sentences)] : []

/** Returns the message to show for any error. An unexpected one asks for a bug report. Never throws. */
export const describeFailure = (error: unknown): string =>
  error instanceof Problem
    ? error.message
    : `Unexpected error in this action: ${messageOf(error)}\nFix: re-run the job with debug logging, and report a bug with the log`

/** Returns what a failed run changed, as the last lines of its error. Pure. */
export const describePartialChanges = ({ applied, inFlight }: ChangeJournal): string =>
  applied.length + inFlight.size === 0
    ? 'Nothing was changed in Neon.'
    : [
        ...titledList(APPLIED_TITLE, applied.map(pastSentence)),
        ...titledList(IN_FLIGHT_TITLE, [...inFlight].map(sentence)),
      ].join('\n')

/**
 * Returns the error of a failed run: why it failed, and what it changed or may have changed. If the run timed out or was
 * canceled, the error says so even if nothing was changed. Pure.
 */
export const describeFailedRun = (error: unknown, journal: ChangeJournal): string => {
  const { applied, inFlight } = journal
  const listsChanges = applied.length + inFlight.size > 0 || error instanceof RunAborted
  const message = describeFailure(error)
  return listsChanges ? `${message}\n${describePartialChanges(journal)}` : message
}

/** Returns the warning of a successful run about changes whose responses were lost. Empty if there are none. Pure. */
export const describeLostChanges = ({ inFlight }: ChangeJournal): string =>
  titledList(
    'The responses to these changes were lost, so they may or may not have been applied',
    [...inFlight].map(sentence),
  ).join('\n')

/** Returns a line of an error as Markdown, with a label such as "Fix:" in bold. */
const formatLine = (line: string): string => {
  const [, label, text] = /^(Likely cause|Fix): (.*)$/.exec(line) ?? []
  return label === undefined ? prose(line, 2000) : `**${label}:** ${prose(text ?? '', 2000)}`
}

/** Returns the job summary of a failed run: the whole message, and what the run changed. Pure. */
export const failureSummary = (
  message: string,
  { branch, applied, inFlight }: ChangeJournal,
  warnings: readonly string[],
  footer: string,
): string =>
  [
    `### ❌ Neon Auth failed${branch ? ` on ${code(branch.name)}` : ''}`,
    ...message.split('\n').map(formatLine),
    ...section(APPLIED_TITLE, changesList(applied, pastSentence)),
    ...section(IN_FLIGHT_TITLE, changesList([...inFlight], sentence)),
    ...warningsSection(warnings),
    footer,
    ...(branch
      ? [foldedFacts('Details', [['Branch', `${code(branch.name)} ${code(branch.id)}`]])]
      : []),
  ].join('\n\n')
