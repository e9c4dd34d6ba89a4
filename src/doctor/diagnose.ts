import { branchFindings } from './branch-findings.ts'
import { domainFindings } from './domain-findings.ts'
import { type Diagnosis, sortFindings, verdictOf } from './finding.ts'
import type { Observations } from './observations.ts'
import { previewFindings } from './preview-findings.ts'
import { settingsFindings } from './settings-findings.ts'

/** Returns what the observations mean for people who want to sign in. Pure. */
export const diagnose = (observations: Observations): Diagnosis => {
  const findings = sortFindings([
    ...branchFindings(observations),
    ...domainFindings(observations),
    ...previewFindings(observations),
    ...settingsFindings(observations),
  ])
  return { findings, verdict: verdictOf(findings) }
}
