import type { Diagnosis, Finding, Trouble } from '../doctor/finding.ts'
import { brokenOnes, errorText, ICONS, verdictSentence } from '../doctor/finding-text.ts'
import { bullets, prose } from './markdown.ts'
import type { Report } from './report.ts'

/** Returns the errors that fail the step: what the doctor found broken. Pure. */
export const problemsOf = ({ diagnosis }: Pick<Report, 'diagnosis'>): string[] =>
  diagnosis ? brokenOnes(diagnosis).map(errorText) : []

const troubleBlock = ({ severity, title, cause, fix }: Trouble): string =>
  [
    `${ICONS[severity]} **${prose(title)}**`,
    `**Likely cause:** ${prose(cause)}`,
    `**Fix:** ${prose(fix)}`,
  ].join('<br>\n')

const isTrouble = (finding: Finding): finding is Trouble => finding.severity !== 'ok'

/** Returns a diagnosis as Markdown: the verdict, what is wrong with cause and fix, and what works. Pure. */
export const diagnosisSections = (diagnosis: Diagnosis): string[] => {
  const troubles = diagnosis.findings.filter(isTrouble)
  const fine = diagnosis.findings.filter((finding) => !isTrouble(finding))
  const checked = bullets(fine.map(({ title }) => prose(title)))
  return [
    prose(verdictSentence(diagnosis)),
    ...troubles.map(troubleBlock),
    ...(checked ? ['#### Checked', checked] : []),
  ]
}
