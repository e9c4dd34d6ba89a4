import type { Concern, Diagnosis, Finding, Verdict } from './finding.ts'

/** The icon of each severity. */
export const ICONS: Record<Finding['severity'], string> = {
  broken: '❌',
  unknown: '❔',
  risk: '⚠️',
  ok: '✅',
}

const VERDICTS: Record<Verdict, string> = {
  healthy: 'Every check ran, and none found anything broken.',
  problems_found: 'Something that sign-in needs is broken.',
  could_not_tell: 'Nothing broken was found, but not everything could be checked.',
}

/** Returns the verdict as a sentence. */
export const verdictSentence = ({ verdict }: Diagnosis): string => VERDICTS[verdict]

/** Returns a finding as lines of text: its title, the likely cause, and the fix. */
export const findingLines = (finding: Finding): string[] => [
  `${ICONS[finding.severity]} ${finding.title}.`,
  ...(finding.severity === 'ok'
    ? []
    : [`   Likely cause: ${finding.cause}.`, `   Fix: ${finding.fix}.`]),
]

/** Returns a finding as an error message. */
export const errorText = ({ title, cause, fix }: Concern): string =>
  `${title}.\nLikely cause: ${cause}\nFix: ${fix}`

/** Returns the findings that fail the step. */
export const brokenFindings = ({ findings }: Diagnosis): Concern[] =>
  findings.filter((finding): finding is Concern => finding.severity === 'broken')
