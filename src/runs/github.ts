import type { Target } from '../action/intent.ts'
import { RunOver } from '../deadline.ts'
import { parseDomain, shownUrl } from '../domains/domains.ts'
import { stableAlias } from '../domains/per-build.ts'
import {
  type CommentRecord,
  type FoundComment,
  findComment,
  isOlder,
  writeComment,
} from '../github/comment.ts'
import { environmentUrls } from '../github/deployments.ts'
import { messageOf } from '../problem.ts'
import type { Report } from '../report/report.ts'
import { summaryOf } from '../report/summary.ts'
import { oneLine } from '../text.ts'
import type { Run } from './context.ts'

/** Runs a side feature: what GitHub refuses it is a warning, never a failure of the run. */
const aside = async <T>(
  what: string,
  { log }: Run,
  work: () => Promise<T>,
): Promise<T | undefined> => {
  try {
    return await work()
  } catch (error) {
    // Whatever it is, a thin answer included: only the end of the whole run is not this one's.
    if (error instanceof RunOver) throw error
    const thin = error instanceof TypeError
    log.warning(`${what}: ${thin ? "GitHub's answer is not what it documents" : messageOf(error)}`)
    return undefined
  }
}

const noToken = (input: string, { log }: Run): void =>
  log.warning(`\`${input}\` needs \`github_token\`, which is empty.`)

/** The origin of a URL that a platform told; one that cannot be trusted is a warning. */
const originToTrust = async (url: string, { log }: Run): Promise<string | undefined> => {
  try {
    return await parseDomain(url)
  } catch (error) {
    log.warning(`The deployment's URL ${shownUrl(url)} is not trusted: ${messageOf(error)}`)
    return undefined
  }
}

const discover = async (sha: string | undefined, run: Run): Promise<Record<string, string>> => {
  const { github, inputs, log } = run
  if (!inputs.discoverDomains) return {}
  if (!github) {
    noToken('discover_domains', run)
    return {}
  }
  if (sha === undefined) {
    log.info('No head commit is known, so no deployments are looked for.')
    return {}
  }
  const what = 'The deployments of the head commit could not be read'
  const found = (await aside(what, run, () => environmentUrls(github, sha))) ?? []
  if (found.length === 0) log.info('No successful deployment of the head commit yet.')
  const deployed: Record<string, string> = {}
  for (const { environment, url } of found) {
    log.info(`Deployed to ${oneLine(environment, 80)}: ${shownUrl(url)}`)
    const origin = await originToTrust(url, run)
    if (origin !== undefined) deployed[environment] = origin
  }
  return deployed
}

/** The domains of a pull request. */
export interface Domains {
  /** All that this run is to trust. */
  readonly trusted: readonly string[]
  /** Environment → origin, for what the head commit was deployed to. */
  readonly deployed: Readonly<Record<string, string>>
}

/**
 * Every domain that this run is to trust: the input's, the URL of the deployment that started it,
 * and, with `discover_domains`, the environment URLs of the pull request's head commit.
 */
export const domainsOf = async (target: Target, run: Run): Promise<Domains> => {
  const { inputs, log } = run
  const deployed = await discover(target.pullRequest?.headSha, run)
  const started = target.deploymentUrl ? await originToTrust(target.deploymentUrl, run) : undefined
  const trusted = [
    ...new Set([
      ...inputs.trustedDomains,
      ...(started ? [started] : []),
      ...Object.values(deployed),
    ]),
  ]
  for (const domain of trusted) {
    const alias = stableAlias(domain)
    if (alias)
      log.warning(`${domain} is the host of one build; trust the stable alias instead (${alias}).`)
  }
  return { trusted, deployed }
}

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
