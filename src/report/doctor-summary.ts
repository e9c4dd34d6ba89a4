import type { Concern, Diagnosis, Finding } from '../doctor/finding.ts'
import { brokenFindings, errorText, ICONS, verdictSentence } from '../doctor/finding-text.ts'
import { bullets, prose } from './markdown.ts'
import type { Report } from './report.ts'

/** Returns the doctor's `broken` findings as error messages, which fail the step. Pure. */
export const diagnosisErrors = ({ diagnosis }: Report): string[] =>
  diagnosis ? brokenFindings(diagnosis).map(errorText) : []

const concernBlock = ({ severity, title, cause, fix }: Concern): string =>
  [
    `${ICONS[severity]} **${prose(title)}**`,
    `**Likely cause:** ${prose(cause)}`,
    `**Fix:** ${prose(fix)}`,
  ].join('<br>\n')

const isConcern = (finding: Finding): finding is Concern => finding.severity !== 'ok'

/** Returns a diagnosis as Markdown: the verdict, each concern with its cause and fix, and what works. Pure. */
export const diagnosisSections = (diagnosis: Diagnosis): string[] => {
  const concerns = diagnosis.findings.filter(isConcern)
  const passed = diagnosis.findings.filter((finding) => !isConcern(finding))
  const checked = bullets(passed.map(({ title }) => prose(title)))
  return [
    prose(verdictSentence(diagnosis)),
    ...concerns.map(concernBlock),
    ...(checked ? ['#### Checked', checked] : []),
  ]
}
