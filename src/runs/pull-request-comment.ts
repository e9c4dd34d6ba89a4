import type { Target } from '../action/intent.ts'
import {
  type CommentRecord,
  type FoundComment,
  findComment,
  isOlder,
  writeComment,
} from '../github/comments.ts'
import { type CurrentDeployments, recordedDomains } from '../preview/former-domains.ts'
import type { Report } from '../report/report.ts'
import { summaryOf } from '../report/summary.ts'
import { bestEffort, warnNoToken } from './best-effort.ts'
import type { RunContext } from './context.ts'
import type { Domains } from './wanted-domains.ts'

const runOf = ({ env }: RunContext): Pick<CommentRecord, 'run' | 'attempt'> => ({
  run: Number(env['GITHUB_RUN_ID']) || 0,
  attempt: Number(env['GITHUB_RUN_ATTEMPT']) || 0,
})

/** What this run knows of the pull request's deployments, for its own record. */
export const currentDeployments = (
  { deployed, unsettled, isComplete }: Domains,
  run: RunContext,
): CurrentDeployments => ({ ...runOf(run), deployed, unsettled, isComplete })

/** What is known of the comment that earlier runs keep, and of the domains that they recorded in it. */
export interface Earlier {
  /** Whether GitHub told: where it did not, there may be one. */
  readonly isKnown: boolean
  readonly found?: FoundComment | undefined
}

/** The comment that earlier runs keep on the pull request. What GitHub refuses is one warning. */
export const commentOf = async ({ prNumber }: Target, run: RunContext): Promise<Earlier> => {
  const { github, inputs, neon } = run
  const unknown: Earlier = { isKnown: false }
  if (!inputs.comment || prNumber === undefined || !github) return unknown
  const read = async (): Promise<Earlier> => ({
    isKnown: true,
    found: await findComment(github, prNumber, neon.projectId),
  })
  return (await bestEffort('The comment could not be read', run, read)) ?? unknown
}

const consoleLink = ({ branch }: Report, projectId: string): string =>
  branch
    ? `\n\n[Open the branch in the Neon Console](https://console.neon.tech/app/projects/${projectId}/branches/${branch.id})`
    : ''

/** Outcomes that are worth a comment where there is none yet. */
const NEWS = ['enabled', 'updated', 'unchanged', 'disabled', 'untrusted']

/**
 * Keeps the pull request's one comment up to date (`comment: true`). A run that is older than the
 * one that wrote last leaves it alone. Best effort: what GitHub refuses is one warning.
 */
export const comment = async (
  report: Report,
  { prNumber }: Target,
  { earlier, domains }: { earlier: Earlier; domains: Domains },
  run: RunContext,
): Promise<void> => {
  const { github, inputs, neon, log } = run
  if (!inputs.comment || prNumber === undefined) return
  if (!github) {
    warnNoToken('comment', run)
    return
  }
  // Where it could not be read, another one beside it would tell for ever how things once stood.
  const { isKnown, found } = earlier
  if (!isKnown) return
  const current = currentDeployments(domains, run)
  const deployed = recordedDomains(found?.record, current, report.auth && report.trustedDomains)
  const record: CommentRecord = { ...runOf(run), deployed }
  if (!found && !NEWS.includes(report.action)) return
  if (found && isOlder(record, found.record)) {
    log.info('A newer run has written the comment; it is left as it is.')
    return
  }
  const { projectId } = neon
  const markdown = `${summaryOf(report, [])}${consoleLink(report, projectId)}`
  const write = () => writeComment(github, { number: prNumber, projectId, markdown, record, found })
  await bestEffort('The comment could not be written', run, write)
}
