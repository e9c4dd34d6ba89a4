import { branchFindings } from './branch-findings.ts'
import { domainFindings } from './domain-findings.ts'
import { type Diagnosis, type Finding, ordered, verdictOf } from './finding.ts'
import type { Observations } from './observations.ts'
import { previewFindings } from './preview-findings.ts'
import { settingsFindings } from './settings-findings.ts'

/** Returns what the observations mean for people who want to sign in. Pure. */
export const diagnose = (seen: Observations): Finding[] =>
  ordered([
    ...branchFindings(seen),
    ...domainFindings(seen),
    ...previewFindings(seen),
    ...settingsFindings(seen),
  ])

/** Returns the findings with their verdict. Pure. */
export const diagnosisOf = (seen: Observations): Diagnosis => {
  const findings = diagnose(seen)
  return { findings, verdict: verdictOf(findings) }
}
