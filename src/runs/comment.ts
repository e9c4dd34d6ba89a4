import type { Target } from '../action/intent.ts'
import {
  type CommentRecord,
  type FoundComment,
  findComment,
  isOlder,
  writeComment,
} from '../github/comment.ts'
import type { Report } from '../report/report.ts'
import { summaryOf } from '../report/summary.ts'
import { aside, noToken } from './aside.ts'
import type { Run } from './context.ts'
import type { Domains } from './domains.ts'

const runOf = ({ env }: Run): Pick<CommentRecord, 'run' | 'attempt'> => ({
  run: Number(env['GITHUB_RUN_ID']) || 0,
  attempt: Number(env['GITHUB_RUN_ATTEMPT']) || 0,
})

/**
 * The domains that earlier commits' deployments left behind: of environments that the head commit has
 * by now been deployed to elsewhere. A run that is older than the record knows nothing newer.
 */
export const formerDomains = (
  { deployed }: Domains,
  found: FoundComment | undefined,
  run: Run,
): readonly string[] => {
  if (!found || isOlder(runOf(run), found.record)) return []
  return Object.entries(found.record.deployed).flatMap(([environment, origin]) =>
    deployed[environment] !== undefined && deployed[environment] !== origin ? [origin] : [],
  )
}

/** The comment that earlier runs keep on the pull request; with it, the domains they recorded. */
export const commentOf = async (
  { prNumber }: Target,
  run: Run,
): Promise<FoundComment | undefined> => {
  const { github, inputs, neon } = run
  if (!inputs.comment || prNumber === undefined || !github) return undefined
  return aside('The comment could not be read', run, () =>
    findComment(github, prNumber, neon.projectId),
  )
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
  { found, domains }: { found: FoundComment | undefined; domains: Domains },
  run: Run,
): Promise<void> => {
  const { github, inputs, neon, log } = run
  if (!inputs.comment || prNumber === undefined) return
  if (!github) {
    noToken('comment', run)
    return
  }
  const deployed = { ...found?.record.deployed, ...domains.deployed }
  const record: CommentRecord = { ...runOf(run), deployed }
  if (!found && !NEWS.includes(report.action)) return
  if (found && isOlder(record, found.record)) {
    log.info('A newer run has written the comment; it is left as it is.')
    return
  }
  const { projectId } = neon
  const markdown = `${summaryOf(report, [])}${consoleLink(report, projectId)}`
  const write = () => writeComment(github, { number: prNumber, projectId, markdown, record, found })
  await aside('The comment could not be written', run, write)
}
