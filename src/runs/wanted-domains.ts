import type { Target } from '../action/intent.ts'
import { messageOf } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'
import { parseDomain, shownUrl } from '../domains/origin.ts'
import { stableAlias } from '../domains/per-build.ts'
import { environmentUrls } from '../github/deployments.ts'
import { bestEffort, warnNoToken } from './best-effort.ts'
import type { RunContext } from './context.ts'

/** The origin of a URL that a platform told; one that cannot be trusted is a warning. */
const originToTrust = async (url: string, { log }: RunContext): Promise<string | undefined> => {
  try {
    return await parseDomain(url)
  } catch (error) {
    log.warning(`The deployment's URL ${shownUrl(url)} is not trusted: ${messageOf(error)}`)
    return undefined
  }
}

const discover = async (
  sha: string | undefined,
  run: RunContext,
): Promise<Record<string, string>> => {
  const { github, inputs, log } = run
  if (!inputs.discoverDomains) return {}
  if (!github) {
    warnNoToken('discover_domains', run)
    return {}
  }
  if (sha === undefined) {
    log.info('No head commit is known, so no deployments are looked for.')
    return {}
  }
  const what = 'The deployments of the head commit could not be read'
  const found = (await bestEffort(what, run, () => environmentUrls(github, sha))) ?? []
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
export const domainsOf = async (target: Target, run: RunContext): Promise<Domains> => {
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
