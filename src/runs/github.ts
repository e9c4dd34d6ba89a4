import type { Target } from '../action/intent.ts'
import { parseDomain } from '../domains/domains.ts'
import { stableAlias } from '../domains/per-build.ts'
import { GitHubRefused } from '../github/api.ts'
import { type FoundComment, findComment, isOlder, writeComment } from '../github/comment.ts'
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
    if (!(error instanceof GitHubRefused)) throw error
    log.warning(`${what}: ${error.message}`)
    return undefined
  }
}

const noToken = (input: string, { log }: Run): void =>
  log.warning(`\`${input}\` needs \`github_token\`, which is empty.`)

/** Origins of URLs that a platform told; one that cannot be trusted is a warning. */
const origins = async (urls: readonly string[], { log }: Run): Promise<string[]> => {
  const found: string[] = []
  for (const url of urls) {
    try {
      found.push(await parseDomain(url))
    } catch (error) {
      log.warning(`The deployment's URL ${oneLine(url, 200)} is not trusted: ${messageOf(error)}`)
    }
  }
  return found
}

const deploymentUrls = async (sha: string | undefined, run: Run): Promise<string[]> => {
  const { github, inputs, log } = run
  if (!inputs.discoverDomains) return []
  if (!github) {
    noToken('discover_domains', run)
    return []
  }
  if (sha === undefined) {
    log.info('No head commit is known, so no deployments are looked for.')
    return []
  }
  const what = 'The deployments of the head commit could not be read'
  const found = (await aside(what, run, () => environmentUrls(github, sha))) ?? []
  for (const { environment, url } of found) {
    log.info(`Deployed to ${oneLine(environment, 80)}: ${oneLine(url, 200)}`)
  }
  if (found.length === 0) log.info('No successful deployment of the head commit yet.')
  return found.map(({ url }) => url)
}

/** The domains of a pull request. */
export interface Domains {
  /** All that this run is to trust. */
  readonly trusted: readonly string[]
  /** Those of them that the head commit's deployments told. */
  readonly discovered: readonly string[]
}

/**
 * Every domain that this run is to trust: the input's, the URL of the deployment that started it,
 * and, with `discover_domains`, the environment URLs of the pull request's head commit.
 */
export const domainsOf = async (target: Target, run: Run): Promise<Domains> => {
  const { inputs, log } = run
  const found = await origins(await deploymentUrls(target.pullRequest?.headSha, run), run)
  const started = await origins(target.deploymentUrl ? [target.deploymentUrl] : [], run)
  const trusted = [...new Set([...inputs.trustedDomains, ...started, ...found])]
  for (const domain of trusted) {
    const alias = stableAlias(domain)
    if (alias)
      log.warning(`${domain} is the host of one build; trust the stable alias instead (${alias}).`)
  }
  return { trusted, discovered: found }
}

/**
 * The domains that the deployments of earlier commits left behind: recorded by an earlier run of the
 * same pull request, and not told any more by a run that knows all of the head commit's.
 */
export const formerDomains = (
  { discovered }: Domains,
  found: FoundComment | undefined,
): readonly string[] => (discovered.length > 0 ? (found?.record.domains ?? []) : [])

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
  const { github, inputs, neon, env, log } = run
  if (!inputs.comment || prNumber === undefined) return
  if (!github) {
    noToken('comment', run)
    return
  }
  const record = {
    run: Number(env['GITHUB_RUN_ID']) || 0,
    attempt: Number(env['GITHUB_RUN_ATTEMPT']) || 0,
    // A run before the deploy knows of none, which is no reason to forget the ones before.
    domains: domains.discovered.length > 0 ? domains.discovered : (found?.record.domains ?? []),
  }
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
